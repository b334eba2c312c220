/** Our charts, by the names that the commands know them by. */
import type { AnyStateMachine } from 'xstate';
import { gatewayAbstraction, gatewayMachine, shardAbstraction, shardMachine } from '../../../machines/index.js';
import type { AbstractionOf } from '../../exploring/graph.js';

export type ChartName = 'shard' | 'gateway';

/** Each with its abstraction. */
export const CHARTS = {
  shard: { machine: shardMachine, abstraction: shardAbstraction },
  gateway: { machine: gatewayMachine, abstraction: gatewayAbstraction },
} as unknown as Readonly<
  Record<ChartName, { readonly machine: AnyStateMachine; readonly abstraction: AbstractionOf<AnyStateMachine> }>
>;

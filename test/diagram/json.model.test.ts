import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import {
  type Abstraction,
  gated,
  gatewayAbstraction,
  gatewayMachine,
  shardAbstraction,
  shardMachine,
} from '../../machines/index.js';
import { chartFromJson, json } from '../../src/diagram/index.js';
import { explore } from '../../src/testing.js';

type AnyAbstraction = Abstraction<never, never, never>;
const CHARTS = [
  ['shard', shardMachine as AnyStateMachine, shardAbstraction as AnyAbstraction],
  ['Gateway', gatewayMachine as AnyStateMachine, gatewayAbstraction as AnyAbstraction],
] as const;

/** All that a chart can do: its states and the timers that run there, and each transition with its rows and what is to be done. */
function behaviourOf(machine: AnyStateMachine, { roots, ...abstraction }: AnyAbstraction): string[] {
  const first = Object.fromEntries(Object.entries(roots).slice(0, 1)); // the others differ in numbers alone
  const { nodes, edges } = explore(machine, { ...abstraction, roots: first } as never);
  return [
    ...[...nodes.values()].map(({ key, armed }) => `${key}: ${[...armed]}`),
    ...edges.map(({ from, label, to, rows, instructions }) =>
      JSON.stringify([from.key, label, to.key, rows, instructions]),
    ),
  ];
}

describe.each(CHARTS)('the %s chart as JSON', (_, machine, abstraction) => {
  it('has the same states and transitions, and does the same, once it is provided with the implementations', () => {
    const ours = behaviourOf(machine, abstraction);
    const revived = behaviourOf(gated(chartFromJson(json(machine), machine) as never), abstraction);
    expect(revived.length).toBe(ours.length);
    expect(revived.filter((line, i) => line !== ours[i]).slice(0, 3)).toEqual([]);
  });
});

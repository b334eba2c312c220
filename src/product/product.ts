/**
 * The product of the two charts: the shard against the Gateway, joined by two queues with at most so many messages in
 * flight. Every interleaving is explored, with faults, refusals and orders; one dispatch is coloured and followed.
 * docs/product.md says what is left out.
 */

import { gatewayMachine } from '../../machines/gateway/chart.js';
import type { GatewaySettings } from '../../machines/gateway/vocabulary.js';
import {
  demandGiven,
  isChart,
  isPlainObject,
  isTrueOrFalse,
  listOf,
  oneOf,
  type Rule,
  wholeNumber,
} from '../../machines/kit/shape.js';
import { shardMachine } from '../../machines/shard/chart.js';
import { type PolicyOptions, policyFrom } from '../../machines/shard/policy.js';
import { demandMoves } from '../exploring/demands.js';
import { SLICE_NAMES, type SliceName } from './aside.js';
import { type Broken, Exploration, type Findings, type Limits } from './exploration.js';
import type { Charts } from './joint.js';
import { PROPERTY_NAMES } from './properties.js';
import { playMoves, type ReplayedMoves } from './replay.js';
import { policyOf } from './slices.js';

export { SLICE_NAMES, type SliceName } from './aside.js';
export type { Broken as ProductCounterexample } from './exploration.js';
export { PROPERTIES, type Property } from './properties.js';
export type { ReplayedMove, ReplayedMoves } from './replay.js';
export { mermaidDiagram, textDiagram } from './sequence-diagram.js';
export { SLICES } from './slices.js';

/** The charts, ours unless told. A variant has the events and effects of ours. */
export interface ProductCharts {
  readonly shard?: typeof shardMachine;
  readonly gateway?: typeof gatewayMachine;
  /** Laid over a policy that allows one resume in a row, so that fewer states differ in nothing but a count. */
  readonly policy?: PolicyOptions;
  readonly settings?: Partial<GatewaySettings>;
  /** A slice of its own: with more moves, which `SLICES` tells. */
  readonly slice?: SliceName;
  /** Which sequence the record of `detach` holds in the slice `handled`: the last one handled, unless told. */
  readonly record?: 'handled' | 'received';
}

/** What is to be explored. */
export interface ProductOptions extends ProductCharts, Limits {}

/** What was found, and how long it took. */
export interface ProductReport extends Findings {
  readonly seconds: number;
}

/** How far an exploration is. */
export interface ProductProgress {
  readonly states: number;
  readonly frontier: number;
  readonly phase: 'exploring' | 'judging';
}

const CHARTS: Readonly<Record<keyof ProductCharts, Rule>> = {
  shard: isChart,
  gateway: isChart,
  policy: isPlainObject,
  settings: isPlainObject,
  slice: oneOf(...SLICE_NAMES),
  record: oneOf('handled', 'received'),
};
const LIMITS: Readonly<Record<keyof Limits, Rule>> = {
  messages: wholeNumber('a whole number above 0', 1),
  faults: isTrueOrFalse,
  limit: wholeNumber('a number of states above 0', 1),
  properties: listOf(oneOf(...PROPERTY_NAMES)),
  first: isTrueOrFalse,
};

const PACE = 1 << 14;

/** Explores the product in one go. */
export function exploreProduct(options: ProductOptions = {}): ProductReport {
  const exploration = explorationOf(options);
  for (let step = exploration.next(); ; step = exploration.next()) if (step.done) return step.value;
}

/** Explores the product bit by bit, so that something can be shown meanwhile. */
export function explorationOf(options: ProductOptions = {}): Generator<ProductProgress, ProductReport> {
  demandGiven('', options, { fields: { ...CHARTS, ...LIMITS } });
  return exploring(options);
}

function* exploring(options: ProductOptions): Generator<ProductProgress, ProductReport> {
  const started = performance.now();
  const exploration = new Exploration(chartsOf(options), options);
  while (exploration.goesOn) {
    exploration.advance(PACE);
    yield { states: exploration.states, frontier: exploration.frontier, phase: 'exploring' };
  }
  yield { states: exploration.states, frontier: exploration.frontier, phase: 'judging' };
  exploration.judge();
  return { ...exploration.report(), seconds: (performance.now() - started) / 1000 };
}

/** Plays a counterexample on the two charts themselves, with every number as it is. Throws if a move cannot happen. */
export function replayMoves(broken: Pick<Broken, 'moves'>, charts: ProductCharts = {}): ReplayedMoves {
  demandGiven('the counterexample', broken, isPlainObject);
  demandMoves(broken.moves);
  demandGiven('', charts, { fields: { ...CHARTS, ...LIMITS } });
  return playMoves(broken.moves, chartsOf(charts));
}

/** The charts of the product, set up for it: a replay buffer of two, read one by one. */
function chartsOf({ shard, gateway, policy, settings, slice, record }: ProductCharts): Charts {
  return {
    shard: shard ?? shardMachine,
    gateway: gateway ?? gatewayMachine,
    shardInput: { policy: policyFrom({ resumeBudget: 1, ...policyOf(slice), ...policy }) },
    gatewayInput: { settings: { replayBuffer: 2, replayBatch: 1, ...settings } },
    ...(slice === undefined ? {} : { slice }),
    ...(record === undefined ? {} : { record }),
  };
}

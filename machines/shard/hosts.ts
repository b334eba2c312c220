/** Hosts of the shard chart, whoever wrote them: what they have to do, and what tells them. */

import { closest } from '../kit/closest.js';
import type { Instruction } from '../kit/pure.js';
import type { ShardEffects } from './vocabulary.js';

/** What carries out the effects of the shard chart: each a function. */
export type ShardHost = { readonly [K in keyof ShardEffects]: (params: ShardEffects[K]) => void };

/** The same for the chart as a pure function, whose timers are instructions too. Delays are in ms. */
export interface PureShardHost extends ShardHost {
  readonly arm: (params: { readonly timer: string; readonly delay: number }) => void;
  readonly disarm: (params: { readonly timer: string }) => void;
}

const EFFECTS: Readonly<Record<keyof ShardEffects, true>> = {
  locateGateway: true,
  cancelLocate: true,
  openSocket: true,
  sendHeartbeat: true,
  requestPermit: true,
  cancelPermit: true,
  sendIdentify: true,
  sendResume: true,
  closeSocket: true,
  dropSocket: true,
  pauseSocket: true,
  resumeSocket: true,
  report: true,
};

/** The effects of the shard chart, by name. */
export const SHARD_EFFECTS = /* @__PURE__ */ Object.keys(EFFECTS) as readonly (keyof ShardEffects)[];

const PURE: readonly (keyof PureShardHost)[] = [...SHARD_EFFECTS, 'arm', 'disarm'];

/**
 * The effects of a host as `shardMachine.provide` takes them: `{ actions: actionsOf(host) }`.
 * Throws a `TypeError` for an effect that the host lacks, or that the chart does not know.
 */
export function actionsOf(host: ShardHost): {
  [K in keyof ShardEffects]: (_: unknown, params: ShardEffects[K]) => void;
} {
  demandHost(host, SHARD_EFFECTS);
  const actions = SHARD_EFFECTS.map((name) => [
    name,
    (_: unknown, params: never) => (host[name] as (params: never) => void)(params),
  ]);
  return Object.fromEntries(actions);
}

/**
 * Has a host carry out what a step of `pure(shardMachine)` tells it, in that order.
 * Throws a `TypeError` at once for a host that lacks an effect, or `arm` or `disarm`, or has one that the chart does not know.
 */
export function carryingOut(host: PureShardHost): (instructions: readonly Instruction[]) => void {
  demandHost(host, PURE);
  const told = host as unknown as Record<string, (params: unknown) => void>;
  return (instructions) => {
    for (const { type, params } of instructions) told[type]?.(params);
  };
}

/** A host may have other things than functions, and what it inherits besides. */
function demandHost(host: object, effects: readonly string[]): void {
  const has = host as Readonly<Record<string, unknown>>;
  if (typeof host !== 'object' || host === null)
    throw new TypeError('the host is no object: it must have a function for each effect of the chart');
  const missing = effects.filter((name) => typeof has[name] !== 'function');
  const unknown = Object.keys(host).filter((name) => typeof has[name] === 'function' && !effects.includes(name));
  const meant = unknown.map((name) => [name, closest(name, missing)]).find(([, meant]) => meant !== undefined);
  if (meant !== undefined) throw new TypeError(`the chart has no effect ${meant[0]}: write ${meant[1]}`);
  if (missing.length > 0)
    throw new TypeError(
      `the host lacks ${missing.join(', ')}: give each as a function, or as () => {} if it has nothing to do`,
    );
  if (unknown.length > 0)
    throw new TypeError(`the chart has no effect ${unknown.join(', ')}; it has ${effects.join(', ')}`);
}

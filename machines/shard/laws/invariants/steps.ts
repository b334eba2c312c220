/** How a step of the shard is read: what it does, and the shapes of what must hold for it. */
import type { Invariant, NodeView } from '../../../kit/invariants.js';
import type { ShardContext, ShardEffects, ShardEvent } from '../../vocabulary.js';
import type { ShardEdge, ShardSeen } from '../observer.js';

/** A state of the explored shard chart. */
export type ShardNode = NodeView<ShardContext, ShardEvent>;

/** An invariant of the shard. */
export type ShardInvariant = Invariant<ShardContext, ShardEvent, ShardSeen>;

/** The parameters of every effect of a name, in order. */
export function effects<K extends keyof ShardEffects>({ instructions }: ShardEdge, name: K): ShardEffects[K][] {
  return instructions.filter(({ type }) => type === name).map(({ params }) => params as unknown as ShardEffects[K]);
}

/** Whether a step does any of this. */
export function has({ instructions }: ShardEdge, ...names: (keyof ShardEffects)[]): boolean {
  return instructions.some(({ type }) => (names as string[]).includes(type));
}

/** Whether a step sends anything. */
export function sends(move: ShardEdge): boolean {
  return has(move, 'sendHeartbeat', 'sendIdentify', 'sendResume');
}

/** The timers that a step arms or disarms. */
export function timers({ instructions }: ShardEdge, what: 'arm' | 'disarm'): string[] {
  return instructions.filter(({ type }) => type === what).map(({ params }) => (params as { timer: string }).timer);
}

/** What breaks an invariant, unless it holds. */
export const unless = (holds: boolean, broken: string): string | null => (holds ? null : broken);

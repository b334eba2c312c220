/** A state of the product: the two charts, what is on its way between them, and what happened to one dispatch. */
import type { gatewayMachine } from '../../machines/gateway/chart.js';
import type { shardMachine } from '../../machines/shard/chart.js';
import { handledOf, withHandled } from './aside.js';
import { type ChartState, type ChartStates, type GatewayFacts, rankIn, type ShardFacts } from './charts.js';
import type { Queue } from './queues.js';

/** The shard's socket: none, asked for, accepted or refused without the shard knowing it, open, closed by us, over. */
export const SOCKETS = ['none', 'asked', 'answered', 'open', 'closing', 'over'] as const;
/** Where the shard's socket is. */
export type SocketState = (typeof SOCKETS)[number];

/** A question of the shard to its host. */
export const QUESTIONS = ['none', 'locate', 'permit'] as const;
/** What was asked, if anything. */
export type Question = (typeof QUESTIONS)[number];

export type ShardState = ChartState<typeof shardMachine, ShardFacts>;
export type GatewayState = ChartState<typeof gatewayMachine, GatewayFacts>;

/** A state of the product. */
export interface JointState {
  readonly shard: ShardState;
  readonly gateway: GatewayState;
  /** To the Gateway, and to the client; the first comes first. */
  readonly up: Queue;
  readonly down: Queue;
  readonly socket: SocketState;
  /** Whether the Gateway's connection is the shard's newest. */
  readonly isSeated: boolean;
  readonly question: Question;
  /** A question given up whose answer is still on its way, and whether another was asked since. */
  readonly late: Question;
  readonly isLateFollowed: boolean;
  /** The sequence of the coloured dispatch; 0 before it is sent and when nothing more can happen to it. */
  readonly colour: number;
  readonly isDelivered: boolean;
  /** What a slice remembers beside all that; 0 without one. */
  readonly aside: number;
}

/** A state that is being made. */
export type Draft = { -readonly [K in keyof JointState]: JointState[K] };

/** Makes a draft the same as a state. By hand: this is done millions of times. */
export function copy(state: JointState, draft: Draft): void {
  draft.shard = state.shard;
  draft.gateway = state.gateway;
  draft.up = state.up;
  draft.down = state.down;
  draft.socket = state.socket;
  draft.isSeated = state.isSeated;
  draft.question = state.question;
  draft.late = state.late;
  draft.isLateFollowed = state.isLateFollowed;
  draft.colour = state.colour;
  draft.isDelivered = state.isDelivered;
  draft.aside = state.aside;
}

/** Whether what the shard sends reaches anybody. */
export const isHeard = (state: JointState): boolean => state.isSeated && state.gateway.facts.isConnected;

/** Whether what the Gateway sends reaches anybody. */
export const isRead = ({ isSeated, socket }: JointState): boolean =>
  isSeated && socket !== 'none' && socket !== 'asked' && socket !== 'over';

/** Whether both sides know the same session. */
export const isShared = ({ shard, gateway }: JointState): boolean =>
  shard.facts.sessionId !== null && shard.facts.sessionId === gateway.facts.sessionId;

/** Whether the client can still come to know of the Gateway's session: it does already, or READY is on its way. */
export function isKnown(state: JointState): boolean {
  if (state.gateway.facts.sessionId === null) return false;
  return isShared(state) || state.down.bringsReady || state.up.bringsResume;
}

/** The Gateway's session is another, or none: nothing of the last one counts any more. */
export function disown(draft: Draft): void {
  draft.up = draft.up.disowned;
  draft.down = draft.down.disowned;
  draft.colour = 0;
  draft.isDelivered = false;
}

/** Once nobody can get it, or it was delivered and nothing holds it any more, a dispatch is like all others. */
export function forgetColour(draft: Draft): void {
  if (draft.colour !== 0 && !isKnown(draft)) disown(draft);
  if (draft.isDelivered && !draft.gateway.facts.isColoured && !draft.down.isColoured) {
    draft.colour = 0;
    draft.isDelivered = false;
  }
  if (draft.colour === 0 && draft.down.isColoured) draft.down = draft.down.uncoloured;
}

/** The same state with sequences replaced by their ranks and sessions named by who knows them. */
export function normalise(
  draft: Draft,
  shards: ChartStates<typeof shardMachine, ShardFacts>,
  gateways: ChartStates<typeof gatewayMachine, GatewayFacts>,
): void {
  const shared = isShared(draft);
  if (!isKnown(draft)) draft.gateway = gateways.rename(draft.gateway, { mask: 0, shared: false, plain: true });
  const mask = maskOf(draft, shared);
  draft.shard = shards.rename(draft.shard, { mask, shared, plain: false });
  draft.gateway = gateways.rename(draft.gateway, { mask, shared: true, plain: draft.colour === 0 });
  if (isDense(mask)) return;
  const rank = (sequence: number) => rankIn(mask, sequence);
  draft.up = draft.up.renumbered(mask, rank);
  draft.down = draft.down.renumbered(mask, rank);
  if (draft.colour !== 0) draft.colour = rankIn(mask, draft.colour);
  if (handledOf(draft.aside) !== 0) draft.aside = withHandled(draft.aside, rank(handledOf(draft.aside)));
}

function maskOf({ shard, gateway, up, down, colour, aside }: Draft, shared: boolean): number {
  let mask = gateway.facts.mask | (colour === 0 ? 0 : 1 << colour) | up.mask | down.mask;
  if (shared) mask |= (1 << shard.facts.sequence) | (1 << handledOf(aside));
  return mask & ~1;
}

/** Whether the sequences are 1, 2, 3 and so on, so that each is its own rank. */
const isDense = (mask: number): boolean => (mask & (mask + 2)) === 0;

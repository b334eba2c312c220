/** Counterexamples on the two real charts: every number as it is, nothing renamed, nothing remembered. */
import { stateName } from '../../machines/kit/state-names.js';
import { type Charts, Joint } from './joint.js';
import type { Draft, JointState } from './joint-state.js';
import { ageOf, CURRENT, codeOf, isColoured, kindOf, numberOf } from './messages.js';
import type { Move } from './moves.js';
import type { Property } from './properties.js';
import { movesOf } from './slices.js';

/** One move of a replay, and what came of it. */
export interface ReplayedMove {
  readonly move: string;
  readonly kind: Move['kind'];
  /** Whose chart heard of it; null for what happened between them. */
  readonly to: Move['to'];
  /** What was delivered, if something was. */
  readonly message: string | null;
  /** What either side then sent; what reached nobody is marked. */
  readonly sent: readonly string[];
  /** The states of both charts, by name. */
  readonly shard: string;
  readonly gateway: string;
  readonly broken: Property | null;
}

/** A run of the two charts. */
export interface ReplayedMoves {
  readonly steps: readonly ReplayedMove[];
  /** The first property that was broken on the way, if one that can be seen on the way was. */
  readonly broken: Property | null;
}

/** Makes the moves of a run, one after another. Throws if one of them cannot happen. */
export function playMoves(moves: readonly string[], charts: Charts): ReplayedMoves {
  const joint = new Joint(charts, true);
  const steps: ReplayedMove[] = [];
  let state = joint.begin();
  for (const name of moves) {
    const step = replayMove(joint, state, name, steps.length + 1);
    state = step.state;
    steps.push(step.seen);
  }
  return { steps, broken: steps.find(({ broken }) => broken !== null)?.broken ?? null };
}

function replayMove(
  joint: Joint,
  state: JointState,
  name: string,
  at: number,
): { state: JointState; seen: ReplayedMove } {
  const move = movesOf(joint.charts.slice).find((one) => one.name === name);
  if (move === undefined) throw new RangeError(`There is no move "${name}".`);
  const sent: string[] = [];
  joint.witness = (by, message, isHeard) => {
    const sender = by === 'shard' ? 'the shard' : 'the Gateway';
    sent.push(`${sender} sends ${messageText(message)}${isHeard ? '' : ', to nobody'}`);
  };
  joint.forget();
  const draft: Draft = { ...state };
  if (!move.may(state) || !move.run(joint, draft)) throw new RangeError(`Move ${at}, "${name}", cannot happen there.`);
  const next = joint.finished(draft);
  const seen: ReplayedMove = {
    move: name,
    kind: move.kind,
    to: move.to,
    message: deliveredBy(move, state),
    sent,
    shard: shortName(next.shard.snapshot.value),
    gateway: shortName(next.gateway.snapshot.value),
    broken: joint.outcome.broken,
  };
  return { state: next, seen };
}

/** A state's name without what goes without saying. */
const shortName = (value: unknown): string =>
  stateName(value)
    .replace(/^(running\.)?connection\./, '')
    .replace(' + stay.welcome', '')
    .replace(' + answers.complete', '');

function deliveredBy({ kind, to }: Move, { up, down }: JointState): string | null {
  if (kind !== 'delivery') return null;
  const message = (to === 'shard' ? down : up).head;
  return `${messageText(message)}${ageOf(message) === CURRENT ? '' : ' (of a connection given up)'}`;
}

const TITLES: Partial<Record<ReturnType<typeof kindOf>, string>> = {
  heartbeat: 'Heartbeat',
  identify: 'Identify',
  lost: 'the loss of TCP',
  opened: 'the end of the handshake',
  refused: 'a refusal',
  hello: 'Hello',
  heartbeatAck: 'Heartbeat ACK',
  heartbeatRequested: 'a Heartbeat request',
  reconnectRequested: 'Reconnect',
};

/** A message in words. */
function messageText(message: number): string {
  const kind = kindOf(message);
  switch (kind) {
    case 'resume':
      return `Resume (after ${numberOf(message)})`;
    case 'ready':
      return `READY (${numberOf(message)})`;
    case 'resumed':
      return `RESUMED (${numberOf(message)})`;
    case 'dispatch':
      return `${isColoured(message) ? 'the coloured dispatch' : 'a dispatch'} (${numberOf(message)})`;
    case 'close':
      return `close (${codeOf(message)})`;
    case 'malformed':
      return numberOf(message) === 1 ? 'bytes that corrupt the stream' : 'something malformed';
    case 'invalidSession':
      return `Invalid Session (${numberOf(message) === 1})`;
    default:
      return TITLES[kind] ?? kind;
  }
}

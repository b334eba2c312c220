/**
 * What the product leaves out as too much for one exploration, a part at a time: each slice is the whole product with some
 * moves more, and explored by itself.
 */
import type { PolicyOptions } from '../../machines/shard/policy.js';
import { handledOf, MUTE_RESUMES, NO_ACKS, NO_RESUMES, type SliceName, TAKEN, withHandled } from './aside.js';
import { COLOURED_NAME } from './charts.js';
import type { Joint } from './joint.js';
import { type Draft, isKnown, isRead, isShared, type JointState } from './joint-state.js';
import { bitsOf } from './messages.js';
import {
  gatewayMove,
  headIs,
  isNoticed,
  lateAnswers,
  MOVES,
  type Move,
  newNumber,
  refused,
  shardMove,
  unauthorized,
} from './moves.js';
import type { Property } from './properties.js';

interface SliceRow {
  readonly says: string;
  readonly moves: readonly Move[];
  /** Laid over that of the product. */
  readonly policy?: PolicyOptions;
  /** What the Gateway breaks here, so that nothing is asked of the client. */
  readonly excuses?: readonly Property[];
}

/** Something that happens on the wire, and to neither chart alone. */
function wireMove(
  kind: Move['kind'],
  name: string,
  may: (state: JointState) => boolean,
  run: (draft: Draft, joint: Joint) => void,
  good: Move['good'] = null,
): Move {
  const running = (joint: Joint, draft: Draft) => {
    run(draft, joint);
    return true;
  };
  return { name, kind, to: null, by: 'wire', good, may, run: running };
}

const sends = (joint: Joint, draft: Draft, message: number) => {
  joint.witness?.('gateway', message, true);
  draft.down = draft.down.plus(message);
};

const mayRepeat = (state: JointState) => isNoticed.may(state) && isShared(state) && state.gateway.facts.isLive;

const repeated = wireMove(
  'fault',
  'the last dispatch is sent again',
  (state) => mayRepeat(state) && state.gateway.facts.sequence !== state.colour,
  (draft, joint) => sends(joint, draft, bitsOf('dispatch', { sequence: draft.gateway.facts.sequence })),
);
const repeatedColour = wireMove(
  'fault',
  'the coloured dispatch is sent again',
  (state) => mayRepeat(state) && state.colour !== 0,
  (draft, joint) => sends(joint, draft, bitsOf('dispatch', { sequence: draft.colour, coloured: true })),
);
/** One that a client which goes back with it would take a delivered one for new after. */
const repeatedEarlier = wireMove(
  'fault',
  'the dispatch before the coloured one is sent again',
  (state) => mayRepeat(state) && state.colour > 1,
  (draft, joint) => sends(joint, draft, bitsOf('dispatch', { sequence: draft.colour - 1 })),
);
const invented = wireMove(
  'fault',
  'a sequence is invented',
  (state) => isNoticed.may(state) && isShared(state) && state.gateway.facts.isLive,
  (draft, joint) => sends(joint, draft, bitsOf('dispatch', { sequence: draft.gateway.facts.sequence + 1 })),
);

/** Begins when it is about to show, and stands from then on. */
const standing = (name: string, bit: number, message: 'heartbeat' | 'resume', others = 0): Move =>
  wireMove(
    'fault',
    name,
    (state) => (state.aside & (bit | others)) === 0 && isRead(state) && headIs(state, message),
    (draft) => {
      draft.aside |= bit;
    },
  );

const closeWith = (code: number): Move =>
  gatewayMove('fault', `closeWith (${code})`, () => ({ type: 'closeWith', code }), { may: (state) => isRead(state) });

const taken: Move = (() => {
  const move = gatewayMove('fault', 'another client resumes the session', () => ({ type: 'release' }), {
    may: (state) => isKnown(state) && isShared(state),
  });
  const run = (joint: Joint, draft: Draft) => {
    const isHandled = move.run(joint, draft);
    if (isHandled) draft.aside |= TAKEN;
    return isHandled;
  };
  return { ...move, run };
})();

/** The session comes to this connection as a resume is about to name it, with a dispatch that the client has missed. */
const givenBack: Move = (() => {
  const adopting = gatewayMove('fault', 'the session comes back, to be resumed', () => ({ type: 'release' }));
  const [adopts, resumes] = [newNumber(), newNumber()];
  const run = (joint: Joint, draft: Draft) => {
    const { sessionId, sequence } = draft.shard.facts;
    const id = sessionId ?? '';
    const missed = { sequence: sequence + 1, name: COLOURED_NAME, data: null };
    const session = { id, sequence: sequence + 1, floor: sequence, buffer: [[missed]] };
    if (!joint.tellGateway(draft, adopts, () => ({ type: 'adopt', session }))) return false;
    draft.up = draft.up.rest;
    draft.colour = sequence + 1;
    return joint.tellGateway(draft, resumes, ({ context: { connection } }) => ({
      type: 'received.resume',
      connection,
      sessionId: id,
      sequence,
      tokenMatches: true,
    }));
  };
  const may = (state: JointState) =>
    (state.aside & TAKEN) !== 0 && state.gateway.facts.sessionId === null && isRead(state) && headIs(state, 'resume');
  return { ...adopting, by: 'wire', may, run };
})();

/** What the consumer has got and not handled yet: all before the coloured dispatch, then that, then the rest. */
const handles = wireMove(
  'answer',
  'the consumer handles what it has got',
  (state) => isShared(state) && handledOf(state.aside) < state.shard.facts.sequence,
  (draft) => {
    const { sequence } = draft.shard.facts;
    const handled = handledOf(draft.aside);
    const isNext = handled < draft.colour && draft.colour < sequence;
    draft.aside = withHandled(draft.aside, isNext ? draft.colour : sequence);
  },
  'now',
);

/** Another process takes over from the record of `detach`: what was received and not handled has to come again. */
const takenOver: Move = {
  ...shardMove('order', 'another process goes on from the record', () => ({ type: 'start' })),
  by: 'wire',
  may: ({ shard, aside }) => shard.facts.isIdle && shard.facts.sessionId !== null && handledOf(aside) > 0,
  run: (joint, draft) => {
    const handled = handledOf(draft.aside);
    if (handled < draft.colour) draft.isDelivered = false;
    joint.beginAgain(draft, joint.charts.record === 'received' ? draft.shard.facts.sequence : handled);
    return true;
  },
};

// biome-ignore format: a table
export const SLICES = {
  repeats:  { says: 'the Gateway sends dispatches again', moves: [repeated, repeatedColour, repeatedEarlier] },
  invents:  { says: 'the Gateway invents sequences', moves: [invented], excuses: ['lost', 'faultOfClient'] },
  standing: { says: 'no ACKs, and resumes refused or never answered, on every connection from some moment on', moves: [standing('from now on no ACKs', NO_ACKS, 'heartbeat'), standing('from now on resumes are refused', NO_RESUMES, 'resume', MUTE_RESUMES), standing('from now on resumes are not answered', MUTE_RESUMES, 'resume', NO_RESUMES)] },
  codes:    { says: 'the Gateway closes with 1000, 4001 and 4008 as well, and two resumes in a row are allowed', moves: [1000, 4001, 4008].map(closeWith), policy: { resumeBudget: 2 } },
  refusals: { says: 'locator and permits refuse when nobody asks any more', moves: [...lateAnswers('locate', 'locateFailed (unauthorized), too late', unauthorized), ...lateAnswers('permit', 'permitRefused (for good), too late', refused)] },
  handled:  { says: 'dispatches are handled after they were received, and another process goes on from the record of detach', moves: [handles, takenOver] },
  taken:    { says: 'another client resumes the session, and may give it back', moves: [taken, givenBack] },
} as const satisfies Record<SliceName, SliceRow>;

const rowOf = (slice: SliceName | undefined): SliceRow | undefined => (slice === undefined ? undefined : SLICES[slice]);

/** The moves of the product, or of a slice of it. */
export const movesOf = (slice?: SliceName): readonly Move[] => [...MOVES, ...(rowOf(slice)?.moves ?? [])];

/** What is laid over the policy of the product. */
export const policyOf = (slice?: SliceName): PolicyOptions => rowOf(slice)?.policy ?? {};

/** What a slice does not ask, as its Gateway itself breaks it. */
export const excusedIn = (slice?: SliceName): readonly Property[] => rowOf(slice)?.excuses ?? [];

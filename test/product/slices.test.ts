import { describe, expect, it } from 'vitest';
import { handledOf, LIMITED, NO_ACKS, SLICE_NAMES, type SliceName, TAKEN } from '../../src/product/aside.js';
import { type Charts, Joint } from '../../src/product/joint.js';
import type { Draft, JointState } from '../../src/product/joint-state.js';
import { MOVES } from '../../src/product/moves.js';
import { PROPERTY_NAMES } from '../../src/product/properties.js';
import { excusedIn, movesOf, policyOf, SLICES } from '../../src/product/slices.js';
import { CHARTS, TO_READY } from '../support/product-run.js';

/** A run in a slice; gives the state, and what the last move broke. */
function runIn(slice: SliceName, moves: readonly string[], charts: Partial<Charts> = {}) {
  const joint = new Joint({ ...CHARTS, ...charts, slice });
  let state: JointState = joint.begin();
  for (const name of moves) {
    const move = movesOf(slice).find((each) => each.name === name);
    const draft: Draft = { ...state };
    joint.forget();
    if (!move?.may(state) || !move.run(joint, draft)) throw new Error(`"${name}" cannot happen`);
    state = joint.finished(draft);
  }
  return { state, broken: joint.outcome.broken };
}

/** Away without a close frame, and back to the Resume that is on its way. */
const BACK = [
  'the network fails',
  'to the shard',
  'to the Gateway',
  'timer.reconnect of the shard',
  'the socket is accepted',
  'to the shard',
  'timer.hello of the Gateway',
  'to the shard',
] as const;

describe('the slices', () => {
  it('are the product with some moves more, each by a name of its own', () => {
    expect(movesOf()).toEqual(MOVES);
    const names = new Set(MOVES.map(({ name }) => name));
    for (const slice of SLICE_NAMES) {
      const more = movesOf(slice).slice(MOVES.length);
      expect(more.length).toBeGreaterThan(0);
      expect(more.filter(({ name }) => names.has(name))).toEqual([]);
      for (const name of excusedIn(slice)) expect(PROPERTY_NAMES).toContain(name);
    }
    expect(policyOf('codes')).toEqual(SLICES.codes.policy);
    expect([policyOf(), excusedIn()]).toEqual([{}, []]);
  });
});

describe('a Gateway that repeats', () => {
  it('sends the coloured dispatch again, which is delivered once', () => {
    const once = [...TO_READY, 'dispatch, the coloured one', 'to the shard'];
    expect(runIn('repeats', once).state.isDelivered).toBe(true);
    const { state, broken } = runIn('repeats', [...once, 'the coloured dispatch is sent again', 'to the shard']);
    expect([state.isDelivered, broken]).toEqual([true, null]);
  });
});

describe('a Gateway that invents', () => {
  it('has a sequence taken that it never gave, and closes the resume with 4007', () => {
    const { state } = runIn('invents', [...TO_READY, 'a sequence is invented', 'to the shard', ...BACK]);
    expect(state.shard.facts.sequence).toBeGreaterThan(state.gateway.facts.sequence);
    const moves = [...TO_READY, 'a sequence is invented', 'to the shard', ...BACK, 'to the Gateway', 'to the shard'];
    expect(runIn('invents', moves).state.shard.facts.sessionId).toBeNull();
  });
});

describe('faults that stand', () => {
  const withoutAcks = [...TO_READY, 'timer.firstHeartbeat of the shard', 'from now on no ACKs', 'to the Gateway'];

  it('leave out ACKs on this connection and the next', () => {
    expect(runIn('standing', withoutAcks).state.down.length).toBe(0);
    const { state } = runIn('standing', [...withoutAcks, ...BACK, 'to the Gateway', 'timer.replay of the Gateway']);
    expect(state.aside & NO_ACKS).toBe(NO_ACKS);
  });

  it('refuse a resume of a session that lives', () => {
    const resuming = [...TO_READY, ...BACK, 'from now on resumes are refused', 'to the Gateway', 'to the shard'];
    expect(runIn('standing', resuming).state.shard.facts.sessionId).toBeNull();
  });

  it('leave a resume without an answer', () => {
    const { state } = runIn('standing', [
      ...TO_READY,
      ...BACK,
      'from now on resumes are not answered',
      'to the Gateway',
    ]);
    expect([state.down.length, state.gateway.armed.has('replay')]).toEqual([0, false]);
  });
});

describe('codes that allow one resume', () => {
  const answered = [...TO_READY, ...BACK, 'closeWith (4001)', 'to the shard'];

  it('are noted where they answer a resume, and not before', () => {
    const charts = { shardInput: CHARTS.shardInput };
    expect(runIn('codes', answered, charts).state.shard.facts.sessionId).not.toBeNull();
    expect(runIn('codes', answered, charts).state.aside & LIMITED).toBe(LIMITED);
    expect(runIn('codes', [...TO_READY, 'closeWith (4001)', 'to the shard']).state.aside).toBe(0);
  });
});

describe('a refusal that comes late', () => {
  it('moves nothing', () => {
    const moves = ['start', 'reconnect', 'locateFailed (unauthorized), too late, after the next was asked'];
    const { state, broken } = runIn('refusals', moves);
    expect([state.question, broken]).toEqual(['locate', null]);
  });
});

describe('what is handled after it was received', () => {
  const received = [...TO_READY, 'dispatch, the coloured one', 'to the shard'];
  const detached = ['detach', 'to the Gateway', 'to the shard'];
  const again = 'another process goes on from the record';

  it('is counted from READY on', () => {
    expect(handledOf(runIn('handled', received).state.aside)).toBe(1);
    expect(handledOf(runIn('handled', [...received, 'the consumer handles what it has got']).state.aside)).toBe(2);
  });

  it('does not come again after a detach, and what was not handled does', () => {
    const { state } = runIn('handled', [...received, ...detached, again]);
    expect([state.shard.facts.sequence, state.isDelivered]).toEqual([1, false]);
    const handled = [...received, 'the consumer handles what it has got', ...detached, again];
    expect(runIn('handled', handled).state.shard.facts.sequence).toBe(2);
  });

  it('is lost where the record holds what was received', () => {
    expect(runIn('handled', [...received, ...detached, again], { record: 'received' }).broken).toBe('lost');
  });
});

describe('another client', () => {
  const taken = [...TO_READY, 'the network fails', 'to the Gateway', 'another client resumes the session'];
  const back = ['to the shard', ...BACK.slice(3)];

  it('takes the session away, so that ours is told to begin anew', () => {
    const { state } = runIn('taken', [...taken, ...back]);
    expect(state.aside & TAKEN).toBe(TAKEN);
    expect(
      runIn('taken', [...taken, ...back, 'to the Gateway', 'to the shard']).state.shard.facts.sessionId,
    ).toBeNull();
  });

  it('gives it back, with a dispatch that ours has missed', () => {
    const { state } = runIn('taken', [...taken, ...back, 'the session comes back, to be resumed']);
    expect([state.aside, state.colour > 0, state.gateway.facts.backlog]).toEqual([0, true, 1]);
  });
});

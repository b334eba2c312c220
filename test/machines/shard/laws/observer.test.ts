import { describe, expect, it } from 'vitest';
import {
  BACKOFF_CODES,
  FATAL_CODES,
  RESUMED_ONCE_CODES,
  SESSION_LOST_CODES,
} from '../../../../machines/protocol/laws/close-codes.js';
import {
  endsPause,
  hear,
  isAnswer,
  isDue,
  isLive,
  isPeersWord,
  isRunning,
  leavesForRoom,
  mayPause,
  type ShardSeen,
} from '../../../../machines/shard/laws/observer.js';
import { policyFrom } from '../../../../machines/shard/policy.js';
import type { ShardContext } from '../../../../machines/shard/vocabulary.js';
import { does } from '../../../support/hand-steps.js';
import {
  CONTEXT,
  closed,
  EVENT,
  MAIN_URL,
  RESUME_URL,
  SESSION,
  type ShardStep,
  shardBench,
} from '../../../support/shard-steps.js';

const bench = shardBench();

/** What changes with each step of a run, one step after the other. */
function changes(seen: Partial<ShardSeen>, ...steps: readonly ShardStep[]): Partial<ShardSeen>[] {
  let before = bench.known(seen);
  return steps.map((step) => {
    const after = bench.see({ ...step, seen: before });
    const changed = Object.entries(after).filter(([fact, value]) => value !== before[fact as keyof ShardSeen]);
    before = after;
    return Object.fromEntries(changed);
  });
}

const anyTraffic: Partial<ShardContext> = { policy: policyFrom({ zombieTest: 'anyTraffic' }) };
const none: Partial<ShardSeen> = { run: 'running' };
const greeting: Partial<ShardSeen> = { ...none, socket: 'greeting' };
const open: Partial<ShardSeen> = { ...none, socket: 'open', beat: 'acked' };
const live: Partial<ShardSeen> = { ...open, stage: 'live' };
const closing: Partial<ShardSeen> = { ...none, socket: 'closing' };
const fresh = { socket: 'none', stage: 'none', beat: 'none' } as const;

const heartbeat = does('sendHeartbeat', { sequence: null });
const close = does('closeSocket', { code: 4900 });
const drop = does('dropSocket', { connection: 3 });
const due = { type: 'timer.heartbeat' } as const;

describe('the observer of a shard', () => {
  it('knows nothing but that the shard is stopped', () => {
    expect(bench.known()).toEqual({
      run: 'stopped',
      question: null,
      permitted: false,
      socket: 'none',
      host: 'main',
      stage: 'none',
      held: 'no',
      beat: 'none',
      unanswered: 0,
      paused: false,
      away: 'no',
    });
  });

  it('follows a shard from start to a session that has held', () => {
    expect(
      changes(
        {},
        { event: EVENT.start, does: [does('locateGateway', { request: 7 })] },
        { event: EVENT.located, does: [does('openSocket', { connection: 3, url: MAIN_URL })] },
        { event: EVENT.opened },
        { event: EVENT.hello, does: [does('requestPermit', { request: 8 })] },
        { event: { type: 'timer.firstHeartbeat' }, does: [heartbeat] },
        { event: EVENT.heartbeatAck },
        { event: EVENT.permitGranted, does: [does('sendIdentify')] },
        { event: EVENT.ready },
        { event: { type: 'timer.settle' } },
        { event: due, does: [heartbeat] },
        { event: EVENT.heartbeatAck },
      ),
    ).toEqual([
      { run: 'running', question: 'locate' },
      { question: null, socket: 'opening' },
      { socket: 'greeting' },
      { socket: 'open', beat: 'jitter', question: 'permit' },
      { beat: 'awaiting', unanswered: 1 },
      { beat: 'acked', unanswered: 0 },
      { question: null, stage: 'identifying' },
      { stage: 'live' },
      { held: 'unproven' },
      { beat: 'awaiting', unanswered: 1 },
      { beat: 'acked', unanswered: 0, held: 'yes' },
    ]);
  });

  it('follows a session that is resumed at its own URL', () => {
    const context = { session: SESSION, sequence: 42 };
    expect(
      changes(
        none,
        { context, event: { type: 'timer.reconnect' }, does: [does('openSocket', { connection: 3, url: RESUME_URL })] },
        { context, event: EVENT.opened },
        { context, event: EVENT.hello, does: [does('sendResume', { sessionId: 's1', sequence: 42 })] },
        { context, event: EVENT.dispatch },
        { context, event: EVENT.resumed },
      ),
    ).toEqual([
      { socket: 'opening', host: 'session' },
      { socket: 'greeting' },
      { socket: 'open', beat: 'jitter', stage: 'resuming' },
      {},
      { stage: 'live' },
    ]);
  });

  it('keeps a permit until Identify is sent', () => {
    const queued = { ...open, question: 'permit' } as const;
    expect(
      changes(queued, { event: EVENT.permitGranted }, { event: EVENT.hello, does: [does('sendIdentify')] }),
    ).toEqual([
      { question: null, permitted: true },
      { permitted: false, stage: 'identifying' },
    ]);
  });

  it('forgets all of a connection that is closed by us, and then the connection', () => {
    const seen = { ...live, held: 'yes', paused: true, unanswered: 1 } as const;
    expect(
      changes(
        seen,
        { event: EVENT.reconnectRequested, does: [does('resumeSocket'), close] },
        { event: closed(4900), does: [drop] },
      ),
    ).toEqual([
      { socket: 'closing', stage: 'none', held: 'no', beat: 'none', unanswered: 0, paused: false },
      { socket: 'none' },
    ]);
  });

  it('forgets all of a connection that the peer closes once it is dropped', () => {
    expect(changes(live, { event: closed(1006) })).toEqual([{ socket: 'over' }]);
    expect(changes(live, { event: closed(1006), does: [drop] })).toEqual([fresh]);
  });

  it('takes a question for closed when it is answered, or cancelled by its own kind', () => {
    const locating = { ...none, question: 'locate' } as const;
    const queued = { ...open, question: 'permit' } as const;
    expect(changes(locating, { event: EVENT.locateFailed })).toEqual([{ question: null }]);
    expect(changes(locating, { event: EVENT.stop, does: [does('cancelLocate')] })).toEqual([
      { run: 'stopped', question: null },
    ]);
    expect(changes(locating, { event: EVENT.restart, does: [does('cancelPermit')] })).toEqual([{}]);
    expect(changes(queued, { event: EVENT.permitDelayed, does: [does('cancelPermit'), close] })).toEqual([
      { question: null, socket: 'closing', beat: 'none' },
    ]);
    expect(changes(queued, { event: EVENT.reconnectRequested, does: [does('cancelPermit'), close] })).toEqual([
      { question: null, socket: 'closing', beat: 'none' },
    ]);
    expect(changes(queued, { event: EVENT.malformed, does: [does('cancelLocate')] })).toEqual([{}]);
  });

  it('pauses and reads on, and excuses an ACK that is awaited meanwhile', () => {
    const pause = { event: EVENT.backlogFull, does: [does('pauseSocket')] };
    const readOn = { event: EVENT.backlogDrained, does: [does('resumeSocket')] };
    expect(changes(live, pause, readOn)).toEqual([{ paused: true }, { paused: false }]);
    expect(changes({ ...live, beat: 'awaiting', unanswered: 1 }, pause, readOn)).toEqual([
      { paused: true, beat: 'excused' },
      { paused: false },
    ]);
  });
});

describe('a shard that a dispatch finds without room', () => {
  const context = { session: SESSION, sequence: 42 };
  const left = { ...closing, away: 'full' } as const;
  const awayOf = (seen: Partial<ShardSeen>, event: ShardStep['event']) =>
    bench.see({ seen: { ...none, ...seen }, context, event }).away;

  it('leaves while dispatches are handed on, if there is a session', () => {
    const overflow = { event: EVENT.backlogOverflowed, context, does: [close] };
    for (const stage of ['live', 'resuming'] as const) {
      expect(changes({ ...live, stage }, overflow)).toMatchObject([{ socket: 'closing', stage: 'none', away: 'full' }]);
      expect(leavesForRoom(bench.known({ stage }), { ...CONTEXT, session: null })).toBe(false);
    }
    expect(bench.see({ seen: { ...live, stage: 'identifying' }, ...overflow, does: [] }).away).toBe('no');
  });

  it('is away until there is room, or for long enough, or there is an order', () => {
    for (const away of ['full', 'rested', 'drained'] as const) {
      for (const event of [EVENT.restart, EVENT.stop, EVENT.detach, { type: 'timer.room' }] as const)
        expect(awayOf({ away }, event)).toBe('no');
      expect(awayOf({ away }, EVENT.dispatch)).toBe(away);
    }
    expect(awayOf({ away: 'full' }, { type: 'timer.reconnect' })).toBe('rested');
    expect(awayOf({ away: 'rested' }, EVENT.backlogDrained)).toBe('no');
    expect(awayOf({ away: 'full' }, EVENT.backlogDrained)).toBe('drained');
    expect(awayOf(left, EVENT.backlogDrained)).toBe('no');
    for (const away of ['drained', 'no'] as const) expect(awayOf({ away }, { type: 'timer.reconnect' })).toBe('no');
  });

  it('is still away when its close was answered, unless with a code that ends it', () => {
    expect(awayOf(left, closed(4900))).toBe('full');
    expect(awayOf(left, closed(4009))).toBe('full');
    expect(awayOf(left, closed(4004))).toBe('no');
  });
});

describe('how the shard ends', () => {
  const stop = { event: EVENT.stop };
  const detach = { event: EVENT.detach };

  it.each<[string, Partial<ShardSeen>, ShardStep, ShardSeen['run']]>([
    ['stopped where nothing is open', none, stop, 'stopped'],
    ['stopped after a detach where nothing is open', none, detach, 'stopped'],
    ['stopping while a connection is closed', live, { ...stop, does: [close] }, 'stopping'],
    ['stopping while a question is open', { ...none, question: 'locate' }, stop, 'stopping'],
    [
      'stopped once the connection is dropped',
      { ...closing, run: 'stopping' },
      { event: closed(4900), does: [drop] },
      'stopped',
    ],
    ['stopped as before by a second stop', {}, stop, 'stopped'],
    ['failed as before by a stop', { run: 'failed' }, stop, 'failed'],
    ['failed by a refused token', { ...none, question: 'locate' }, { event: EVENT.unauthorized }, 'failed'],
    ['running without a URL', { ...none, question: 'locate' }, { event: EVENT.locateFailed }, 'running'],
    [
      'failing by a final refusal',
      { ...open, question: 'permit' },
      { event: EVENT.permitRefused, does: [close] },
      'failing',
    ],
    [
      'running with a permit that comes later',
      { ...open, question: 'permit' },
      { event: EVENT.permitDelayed, does: [close] },
      'running',
    ],
    [
      'failed once that connection is dropped',
      { ...closing, run: 'failing' },
      { event: closed(1000), does: [drop] },
      'failed',
    ],
    ['stopping by a stop while it fails', { ...closing, run: 'failing' }, stop, 'stopping'],
    ['failed by a fatal code', live, { event: closed(4004), does: [drop] }, 'failed'],
    ['failed by a fatal code that crosses our close', closing, { event: closed(4014), does: [drop] }, 'failed'],
    ['running after any other code', live, { event: closed(4009), does: [drop] }, 'running'],
    [
      'stopped by a fatal code while it stops',
      { ...closing, run: 'stopping' },
      { event: closed(4004), does: [drop] },
      'stopped',
    ],
    ['running by a start after a failure', { run: 'failed' }, { event: EVENT.start }, 'running'],
  ])('is %s', (_, seen, step, run) => {
    expect(bench.see({ ...step, seen }).run).toBe(run);
  });
});

describe('heartbeats', () => {
  const at = (beat: ShardSeen['beat'], unanswered = 0): Partial<ShardSeen> => ({ ...live, beat, unanswered });

  it('are due at once, when acknowledged, and go unanswered until an ACK', () => {
    expect(
      changes(at('jitter'), { event: { type: 'timer.firstHeartbeat' } }, { event: EVENT.malformed, does: [heartbeat] }),
    ).toEqual([{ beat: 'due' }, { beat: 'awaiting', unanswered: 1 }]);
    expect(changes(at('acked'), { event: due, does: [heartbeat] })).toEqual([{ beat: 'awaiting', unanswered: 1 }]);
  });

  it('that are asked for answer nothing and are not counted', () => {
    expect(changes(at('awaiting', 1), { event: EVENT.heartbeatRequested, does: [heartbeat] })).toEqual([{}]);
    expect(changes(at('acked'), { event: EVENT.heartbeatRequested, does: [heartbeat] })).toEqual([{}]);
  });

  it('go on where an ACK is missing, excused or not', () => {
    const lap = { event: due, does: [heartbeat] };
    expect(changes(at('excused', 1), lap, lap, lap)).toEqual([
      { beat: 'catching', unanswered: 2 },
      { beat: 'overdue', unanswered: 3 },
      {},
    ]);
    expect(changes(at('awaiting', 1), lap)).toEqual([{ beat: 'overdue', unanswered: 2 }]);
    expect(changes(at('awaiting', 1), { event: due })).toEqual([{ beat: 'dueLate' }]);
  });

  it.each<[ShardSeen['beat'], Partial<ShardSeen>]>([
    ['awaiting', { beat: 'acked', unanswered: 0 }],
    ['excused', { beat: 'acked', unanswered: 0 }],
    ['catching', { beat: 'acked', unanswered: 0 }],
    ['overdue', { beat: 'awaiting', unanswered: 1 }],
    ['alive', { beat: 'awaiting', unanswered: 1 }],
    ['jitter', {}],
    ['acked', {}],
  ])('are answered by an ACK while %s', (beat, changed) => {
    const unanswered = Object.keys(changed).length === 0 ? 0 : 2;
    expect(changes(at(beat, unanswered), { event: EVENT.heartbeatAck })).toEqual([changed]);
  });

  it.each<[ShardSeen['beat'], Partial<ShardSeen>]>([
    ['awaiting', { beat: 'acked', unanswered: 0 }],
    ['excused', { beat: 'acked', unanswered: 0 }],
    ['catching', { beat: 'acked', unanswered: 0 }],
    ['overdue', { beat: 'alive', unanswered: 0 }],
    ['alive', {}],
    ['jitter', {}],
    ['acked', {}],
  ])('are answered by any message while %s, if the policy says so', (beat, changed) => {
    const unanswered = Object.keys(changed).length === 0 ? 0 : 1;
    expect(changes(at(beat, unanswered), { context: anyTraffic, event: EVENT.dispatch })).toEqual([changed]);
    expect(changes(at(beat, unanswered), { event: EVENT.dispatch })).toEqual([{}]);
  });

  it.each([
    EVENT.hello,
    EVENT.ready,
    EVENT.resumed,
    EVENT.dispatch,
    EVENT.dispatched,
    EVENT.unknownOpcode,
    EVENT.malformed,
    EVENT.heartbeatRequested,
  ])('take $type for a message that may be a sign of life', (event) => {
    expect(changes(at('awaiting', 1), { context: anyTraffic, event })).toEqual([{ beat: 'acked', unanswered: 0 }]);
  });

  it.each([EVENT.reconnectRequested, EVENT.invalidated, EVENT.undecodable, EVENT.backlogFull, EVENT.stop])(
    'take $type for none',
    (event) => {
      expect(bench.see({ seen: at('awaiting', 1), context: anyTraffic, event }).beat).toBe('awaiting');
    },
  );

  it.each(['timer.silence', 'timer.overdue'] as const)('are given up on %s, unless something came', (type) => {
    expect(changes(at('overdue', 1), { event: { type } })).toEqual([{ beat: 'dead' }]);
    expect(changes(at('alive'), { event: { type } })).toEqual([{ beat: 'awaiting', unanswered: 1 }]);
    expect(changes(at('alive'), { event: due, does: [heartbeat] })).toEqual([{ beat: 'awaiting', unanswered: 1 }]);
  });
});

describe('hear', () => {
  it('takes Hello, READY and RESUMED where they are awaited only', () => {
    const heard = (seen: Partial<ShardSeen>, event: Parameters<typeof hear>[1]) =>
      hear(bench.known(seen), event, CONTEXT);
    expect(heard(greeting, EVENT.hello)).toEqual({ socket: 'open', beat: 'jitter' });
    expect(heard(live, EVENT.hello)).toEqual({});
    expect(heard({ ...open, stage: 'identifying' }, EVENT.ready)).toEqual({ stage: 'live' });
    expect(heard({ ...open, stage: 'resuming' }, EVENT.ready)).toEqual({ stage: 'live' });
    expect(heard(live, EVENT.ready)).toEqual({});
    expect(heard(open, EVENT.ready)).toEqual({});
    expect(heard({ ...open, stage: 'resuming' }, EVENT.resumed)).toEqual({ stage: 'live' });
    expect(heard({ ...open, stage: 'identifying' }, EVENT.resumed)).toEqual({});
  });

  it('knows of READY that it is a sign of life as well', () => {
    const seen = bench.known({ ...open, stage: 'identifying', beat: 'awaiting', unanswered: 1 });
    expect(hear(seen, EVENT.ready, { ...CONTEXT, ...anyTraffic })).toEqual({
      stage: 'live',
      beat: 'acked',
      unanswered: 0,
    });
  });
});

describe('a session that has lasted', () => {
  const lasted = (beat: ShardSeen['beat'], unanswered: number) =>
    ({ ...live, held: 'unproven', beat, unanswered }) as const;

  it.each<[ShardSeen['beat'], number, Partial<ShardSeen>]>([
    ['awaiting', 1, { beat: 'acked', unanswered: 0, held: 'yes' }],
    ['excused', 1, { beat: 'acked', unanswered: 0, held: 'yes' }],
    ['catching', 2, { beat: 'acked', unanswered: 0, held: 'yes' }],
    ['overdue', 3, { beat: 'awaiting', unanswered: 1, held: 'yes' }],
    ['alive', 0, { beat: 'awaiting', unanswered: 1, held: 'yes' }],
    ['acked', 0, {}],
    ['jitter', 0, {}],
  ])('has held with an ACK while %s, if that answers anything', (beat, unanswered, changed) => {
    expect(changes(lasted(beat, unanswered), { event: EVENT.heartbeatAck })).toEqual([changed]);
  });

  it('has held with any message only if the policy says so', () => {
    expect(changes(lasted('awaiting', 1), { event: EVENT.dispatch })).toEqual([{}]);
    expect(changes(lasted('awaiting', 1), { context: anyTraffic, event: EVENT.dispatch })).toEqual([
      { beat: 'acked', unanswered: 0, held: 'yes' },
    ]);
    expect(changes(lasted('acked', 0), { context: anyTraffic, event: EVENT.dispatch })).toEqual([{}]);
  });

  it('has not held before it has lasted, whatever comes', () => {
    expect(changes({ ...live, beat: 'awaiting', unanswered: 1 }, { event: EVENT.heartbeatAck })).toEqual([
      { beat: 'acked', unanswered: 0 },
    ]);
  });

  it('has not held by the end of a burst', () => {
    expect(changes(lasted('alive', 0), { event: { type: 'timer.silence' } })).toEqual([
      { beat: 'awaiting', unanswered: 1 },
    ]);
  });
});

describe('the codes of closes', () => {
  it('are those of the documentation, and as we read it', () => {
    expect(FATAL_CODES).toEqual([4004, 4010, 4011, 4012, 4013, 4014]);
    expect(SESSION_LOST_CODES).toEqual([4003, 4005, 4006, 4007, 4009]);
    expect(RESUMED_ONCE_CODES).toEqual([1000, 4001]);
    expect(BACKOFF_CODES).toEqual([1002, 1003, 1004, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 4005]);
  });
});

describe('what is known of a shard', () => {
  const known = (facts: Partial<ShardSeen>) => bench.known(facts);

  it('is whether READY may come: to Identify and to Resume', () => {
    const stages = ['none', 'identifying', 'resuming', 'live'] as const;
    expect(stages.filter((stage) => isAnswer(known({ stage })))).toEqual(['identifying', 'resuming']);
  });

  it('is whether a heartbeat has to go out now', () => {
    const beats = ['none', 'jitter', 'due', 'awaiting', 'excused', 'dueAgain', 'catching', 'acked', 'dueLate'] as const;
    expect(beats.filter((beat) => isDue(known({ beat })))).toEqual(['due', 'dueAgain', 'dueLate']);
    expect((['overdue', 'alive', 'dead'] as const).some((beat) => isDue(known({ beat })))).toBe(false);
  });

  it('holds something to stop until it has stopped or failed', () => {
    const runs = ['stopped', 'running', 'stopping', 'failing', 'failed'] as const;
    expect(runs.filter((run) => isRunning(known({ run })))).toEqual(['running', 'stopping', 'failing']);
  });

  it('is a live connection from the handshake until either side closes', () => {
    const sockets = ['none', 'opening', 'greeting', 'open', 'closing', 'over'] as const;
    expect(sockets.filter((socket) => isLive(known({ socket })))).toEqual(['opening', 'greeting', 'open']);
  });

  it.each<[ShardSeen['beat'], boolean]>([
    ['jitter', true],
    ['awaiting', true],
    ['excused', true],
    ['acked', true],
    ['catching', false],
    ['overdue', false],
    ['alive', false],
  ])('lets reading be paused with a heartbeat that is %s: %s', (beat, allowed) => {
    expect(mayPause(known({ ...live, beat }))).toBe(allowed);
    expect(mayPause(known({ ...live, beat, stage: 'resuming' }))).toBe(allowed);
    expect(mayPause(known({ ...live, beat, stage: 'identifying' }))).toBe(false);
    expect(mayPause(known({ ...live, beat, stage: 'none' }))).toBe(false);
    expect(mayPause(known({ ...live, beat, paused: true }))).toBe(false);
  });

  it('ends a pause with room in the buffer and with every heartbeat that is due, and with nothing else', () => {
    const ends = (['backlogDrained', 'timer.heartbeat', 'timer.firstHeartbeat'] as const).map((type) => ({ type }));
    const others = [EVENT.dispatch, EVENT.stop, EVENT.heartbeatAck, { type: 'timer.resumed' } as const];
    const paused = known({ ...live, paused: true });
    expect(ends.map((event) => endsPause(paused, event))).toEqual([true, true, true]);
    expect(ends.map((event) => endsPause(known(live), event))).toEqual([false, false, false]);
    expect(others.map((event) => endsPause(paused, event))).toEqual([false, false, false, false]);
  });

  it.each<[string, Partial<ShardSeen>, number]>([
    ['a close of a live connection', live, 1000],
    ['a close of a live connection with our own code', live, 4900],
    ['a failed handshake', { ...none, socket: 'opening' }, 1006],
    ['a close that crosses ours', closing, 4004],
    ['a lost connection that crosses our close', closing, 1006],
    ['a close that crosses ours while the shard stops', { ...closing, run: 'stopping' }, 4004],
  ])('takes %s for the word of the peer', (_, seen, code) => {
    expect(isPeersWord(known(seen), code, CONTEXT.policy)).toBe(true);
  });

  it.each<[string, Partial<ShardSeen>, number]>([
    ['1000 in answer to our close', closing, 1000],
    ['our code in answer to our close', closing, 4900],
    ['any code while the shard fails', { ...closing, run: 'failing' }, 4004],
    ['a close without a connection', none, 4004],
  ])('does not take %s for the word of the peer', (_, seen, code) => {
    expect(isPeersWord(known(seen), code, CONTEXT.policy)).toBe(false);
  });

  it('takes the close code of the policy for ours', () => {
    expect(isPeersWord(known(closing), 3024, policyFrom({ closeCode: 3024 }))).toBe(false);
    expect(isPeersWord(known(closing), 4900, policyFrom({ closeCode: 3024 }))).toBe(true);
  });
});

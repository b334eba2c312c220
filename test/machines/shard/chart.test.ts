/** The shard chart by hand, an event after the other. What holds for every state is in shard.model.test.ts. */
import { describe, expect, it } from 'vitest';
import { type Instruction, pure } from '../../../machines/kit/pure.js';
import { stateName } from '../../../machines/kit/state-names.js';
import { shardMachine } from '../../../machines/shard/chart.js';
import { type PolicyOptions, policyFrom } from '../../../machines/shard/policy.js';
import {
  type ShardContext,
  type ShardEvent,
  type ShardInput,
  SPANS,
  type Timer,
} from '../../../machines/shard/vocabulary.js';
import { closed, EVENT, MAIN_URL, RESUME_URL, SESSION } from '../../support/shard-steps.js';

const { initial, step } = pure(shardMachine);

/** A shard that knows the Gateway's URL; events answer the question that is open. */
class Shard {
  #snapshot;

  constructor(options: PolicyOptions = {}, input: ShardInput = {}) {
    this.#snapshot = initial({ policy: policyFrom(options), gatewayUrl: MAIN_URL, ...input }).snapshot;
  }

  /** Takes events, and says what the last of them asks for. */
  take(...events: readonly ShardEvent[]): readonly Instruction[] {
    let asked: readonly Instruction[] = [];
    for (const event of events) {
      const { connection, request } = this.context;
      const current = {
        ...event,
        ...('connection' in event && { connection }),
        ...('request' in event && { request }),
      };
      ({ snapshot: this.#snapshot, instructions: asked } = step(this.#snapshot, current as ShardEvent));
    }
    return asked;
  }

  get context(): ShardContext {
    return this.#snapshot.context;
  }

  get state(): string {
    return stateName(this.#snapshot.value);
  }

  /** How long the next wait may take, in ms. */
  get wait() {
    return SPANS.reconnect(this.context);
  }
}

const after = (events: readonly ShardEvent[], options?: PolicyOptions, input?: ShardInput) => {
  const shard = new Shard(options, input);
  shard.take(...events);
  return shard;
};

const timer = (name: Timer): ShardEvent => ({ type: `timer.${name}` });
const reasons = (asked: readonly Instruction[]) =>
  asked.flatMap(({ type, params }) => (type === 'report' ? [(params as { cause: { name: string } }).cause.name] : []));
/** What is asked for but the reasons: effects with the one parameter that matters, timers by their names. */
const effects = (asked: readonly Instruction[]) =>
  asked.flatMap(({ type, params }) => (type === 'report' ? [] : [[type, ...Object.values(params)]]));
const named = (asked: readonly Instruction[], name: string) => effects(asked).filter(([type]) => type === name);

const OPEN = [EVENT.start, EVENT.opened, EVENT.hello];
const LIVE = [...OPEN, EVENT.permitGranted, EVENT.ready];
const AGAIN = [closed(1006), timer('reconnect'), EVENT.opened, EVENT.hello];
const RESUMING = [...LIVE, ...AGAIN];
const REFUSED: ShardEvent = { type: 'closed', connection: 1, code: 1006, httpStatus: 429, retryAfter: 3_000 };
const numbered = (sequence: number | null): ShardEvent => ({ ...EVENT.dispatch, sequence });
const anyTraffic: PolicyOptions = { zombieTest: 'anyTraffic' };

describe('a session without a sequence', () => {
  const unnumbered = [...OPEN, EVENT.permitGranted, { ...EVENT.ready, sequence: null }];

  it('lives, and beats with null', () => {
    const shard = after(unnumbered);
    expect(shard.context).toMatchObject({ session: SESSION, sequence: null });
    expect(named(shard.take(timer('firstHeartbeat')), 'sendHeartbeat')).toEqual([['sendHeartbeat', null]]);
  });

  it.each<[string, readonly ShardEvent[], string[]]>([
    ['the end of a wait', [closed(1006), timer('reconnect')], ['waited', 'resumesSpent', 'gatewayKnown']],
    ['an ordered reconnect', [closed(1006), EVENT.restart], ['restarted', 'resumesSpent', 'gatewayKnown']],
    [
      'a start after a detach',
      [EVENT.detach, timer('close'), EVENT.start],
      ['started', 'resumesSpent', 'gatewayKnown'],
    ],
  ])('is kept until, and dropped before, the next connection: by %s', (_, events, names) => {
    const shard = after([...unnumbered, ...events.slice(0, -1)]);
    expect(shard.context.session).toEqual(SESSION);
    const asked = shard.take(...events.slice(-1));
    expect(reasons(asked)).toEqual(names);
    expect(named(asked, 'openSocket')).toEqual([['openSocket', 2, MAIN_URL]]);
    const greeted = shard.take(EVENT.opened, EVENT.hello);
    expect(effects(greeted).map(([type]) => type)).not.toContain('sendResume');
    expect(named(greeted, 'requestPermit')).toHaveLength(1);
  });

  it('has one with the first dispatch that tells it, 0 as well', () => {
    const shard = after([...unnumbered, numbered(null), numbered(0), ...AGAIN.slice(0, -1)]);
    expect(named(shard.take(EVENT.hello), 'sendResume')).toEqual([['sendResume', 's1', 0]]);
  });

  it('is not taken from a record', () => {
    const shard = after([EVENT.start, EVENT.opened], {}, { session: SESSION });
    expect(reasons(shard.take(EVENT.hello))).toEqual(['helloBeforeIdentify']);
  });
});

describe("policy.resumeAt: 'main'", () => {
  const resumeAt: PolicyOptions = { resumeAt: 'main' };

  it('resumes at the main URL, whatever READY said', () => {
    const shard = after([...LIVE, closed(1006)], resumeAt);
    expect(shard.context).toMatchObject({ session: { id: 's1', url: null }, sequence: 1, gatewayUrl: MAIN_URL });
    expect(named(shard.take(timer('reconnect')), 'openSocket')).toEqual([['openSocket', 2, MAIN_URL]]);
    expect(named(shard.take(EVENT.opened, EVENT.hello), 'sendResume')).toEqual([['sendResume', 's1', 1]]);
  });

  it('resumes a session of a record there, whatever the record said', () => {
    const shard = after([], resumeAt, { session: SESSION, sequence: 42 });
    expect(named(shard.take(EVENT.start), 'openSocket')).toEqual([['openSocket', 1, MAIN_URL]]);
    expect(named(shard.take(EVENT.opened, EVENT.hello), 'sendResume')).toEqual([['sendResume', 's1', 42]]);
  });

  it('asks for the main URL where it is not known', () => {
    const shard = after([], resumeAt, { gatewayUrl: null, session: SESSION, sequence: 42 });
    expect(named(shard.take(EVENT.start), 'locateGateway')).toHaveLength(1);
    expect(named(shard.take(EVENT.located), 'openSocket')).toEqual([['openSocket', 1, MAIN_URL]]);
  });

  it('is the only one that does: else a session is resumed at its own URL', () => {
    const shard = after([...LIVE, closed(1006)]);
    expect(named(shard.take(timer('reconnect')), 'openSocket')).toEqual([['openSocket', 2, RESUME_URL]]);
  });
});

describe('a dispatch that was there before, by its number', () => {
  it.each([0, 1, 6, 7])('changes nothing in a session: %i of 7', (sequence) => {
    const shard = after([...RESUMING, numbered(7), ...AGAIN, EVENT.resumed].slice(0, -1));
    shard.take({ ...EVENT.resumed, sequence: null });
    const { state, context } = shard;
    expect([state.includes('session.ready.settling'), context.resumes]).toEqual([true, 1]);
    const asked = shard.take(numbered(sequence));
    expect([reasons(asked), effects(asked)]).toEqual([['repeated'], []]);
    expect(shard.state).toBe(state);
    expect({ ...shard.context, cause: context.cause }).toEqual(context);
  });

  it('neither keeps a replay alive nor forgives its resume', () => {
    const shard = after([...RESUMING]);
    expect(effects(shard.take(numbered(1)))).toEqual([]);
    expect(shard.context).toMatchObject({ sequence: 1, resumes: 1 });
    expect(named(shard.take(numbered(2)), 'arm')).toEqual([['arm', 'resumed', 60_000]]);
    expect(shard.context).toMatchObject({ sequence: 2, resumes: 0 });
  });

  it('is not what is resumed from, nor what a heartbeat tells', () => {
    const shard = after([...LIVE, numbered(7), numbered(2)]);
    expect(named(shard.take(timer('firstHeartbeat')), 'sendHeartbeat')).toEqual([['sendHeartbeat', 7]]);
    expect(named(shard.take(...AGAIN), 'sendResume')).toEqual([['sendResume', 's1', 7]]);
    shard.take({ ...EVENT.resumed, sequence: 3 });
    expect(shard.context.sequence).toBe(7);
  });

  it('may well be new in the next session, which counts from its own READY', () => {
    const shard = after([...LIVE, numbered(7), EVENT.invalidated, timer('close'), timer('reconnect')]);
    shard.take(EVENT.opened, EVENT.hello, EVENT.permitGranted, EVENT.ready);
    expect(reasons(shard.take(numbered(2)))).toEqual([]);
    expect(shard.context.sequence).toBe(2);
  });
});

describe('a dispatch without a number', () => {
  it('is told of, and changes nothing else', () => {
    const shard = after([...RESUMING, numbered(7)]);
    const { state, context } = shard;
    const asked = shard.take(numbered(null));
    expect([reasons(asked), effects(asked)]).toEqual([['unnumbered'], []]);
    expect(shard.state).toBe(state);
    expect({ ...shard.context, cause: context.cause }).toEqual(context);
  });
});

describe('a resume', () => {
  it('is forgiven by the first dispatch after it, not by RESUMED', () => {
    const shard = after([...RESUMING, { ...EVENT.resumed, sequence: null }]);
    expect(shard.context.resumes).toBe(1);
    shard.take(numbered(2));
    expect(shard.context.resumes).toBe(0);
  });

  it('that READY answers is over: there is a new session, and no resume in vain', () => {
    const shard = after(RESUMING);
    const asked = shard.take({ ...EVENT.ready, session: { id: 's2', url: null } });
    expect(reasons(asked)).toEqual(['readyInstead']);
    expect(named(asked, 'disarm').map(([, name]) => name)).toEqual(['resumed', 'replay']);
    expect(shard.state).toContain('session.ready.settling');
    expect(shard.context).toMatchObject({ session: { id: 's2', url: null }, sequence: 1, resumes: 0 });
  });

  it('has one deadline for the whole of its replay, which no dispatch puts off', () => {
    const shard = after(RESUMING.slice(0, -1));
    expect(named(shard.take(EVENT.hello), 'arm')).toEqual([
      ['arm', 'resumed', 60_000],
      ['arm', 'replay', 300_000],
      ['arm', 'firstHeartbeat', 41_250],
    ]);
    expect(named(shard.take(EVENT.dispatched), 'arm')).toEqual([['arm', 'resumed', 60_000]]);
    const asked = shard.take(timer('replay'));
    expect(reasons(asked)).toEqual(['replayTimedOut']);
    expect(named(asked, 'closeSocket')).toEqual([['closeSocket', 4900]]);
    expect(shard.context.session).toEqual(SESSION);
  });

  it.each([4001, 1000])('is one too many after close code %i, also where that crosses our close', (code) => {
    const spent = (...events: readonly ShardEvent[]) => after([...RESUMING, ...events]).context.resumes;
    expect(spent(closed(code))).toBe(3);
    expect(spent(EVENT.reconnectRequested, closed(code))).toBe(3);
    expect(after([...LIVE, closed(code)]).context.resumes).toBe(0);
    expect(spent(closed(1006), timer('reconnect'), closed(code))).toBe(1); // not resumed on this connection
  });
});

describe('a missing ACK', () => {
  const AWAITING = [...LIVE, timer('firstHeartbeat')];
  const OVERDUE = [...AWAITING, timer('heartbeat')];
  const beat = (shard: Shard) => /heartbeat\.([\w.]+)/.exec(shard.state)?.[1];

  it('keeps no heartbeat back: the next goes out on its time', () => {
    const shard = after([...AWAITING, numbered(9)]);
    const asked = shard.take(timer('heartbeat'));
    expect(effects(asked)).toEqual([
      ['sendHeartbeat', 9],
      ['arm', 'heartbeat', 41_250],
      ['arm', 'overdue', 5_000],
      ['arm', 'silence', 250],
    ]);
    expect(reasons(asked)).toEqual(['ackMissing']);
    expect(beat(shard)).toBe('beating.overdue.listening');
  });

  it('keeps back none of those that follow, where the buffer takes longer than a lap', () => {
    const shard = after(OVERDUE);
    const asked = shard.take(timer('heartbeat'));
    expect(effects(asked)).toEqual([
      ['sendHeartbeat', 1],
      ['arm', 'heartbeat', 41_250],
    ]);
    expect(beat(shard)).toBe('beating.overdue.listening');
  });

  it.each([numbered(9), numbered(1), EVENT.hello, EVENT.malformed, EVENT.unknownOpcode, EVENT.heartbeatRequested])(
    'is missed no longer for what comes instead: $type',
    (event) => {
      const shard = after(OVERDUE);
      const asked = shard.take(event);
      expect([...named(asked, 'arm'), ...named(asked, 'disarm')]).toEqual([]);
      expect(beat(shard)).toBe('beating.overdue.listening');
    },
  );

  it.each(['silence', 'overdue'] as const)('makes a zombie once timer.%s has run out', (name) => {
    const asked = after(OVERDUE).take(timer(name));
    expect(reasons(asked)).toEqual(['zombied']);
    expect(named(asked, 'closeSocket')).toEqual([['closeSocket', 4900]]);
  });

  it('that comes late answers the heartbeat before: the one that is out is awaited', () => {
    const shard = after(OVERDUE);
    const asked = shard.take(EVENT.heartbeatAck);
    expect(reasons(asked)).toEqual(['acknowledgedLate']);
    expect(effects(asked)).toEqual([
      ['disarm', 'silence'],
      ['disarm', 'overdue'],
    ]);
    expect(beat(shard)).toBe('beating.awaitingAck');
    expect(reasons(shard.take(EVENT.heartbeatAck))).toEqual(['acknowledged']);
    expect(reasons(shard.take(timer('heartbeat')))).toEqual(['heartbeatDue']);
  });

  it('that comes late vouches for one heartbeat only', () => {
    const shard = after([...OVERDUE, EVENT.heartbeatAck]);
    expect(reasons(shard.take(timer('heartbeat')))).toEqual(['ackMissing']);
    expect(beat(shard)).toBe('beating.overdue.listening');
  });

  describe('where any message is a sign of life', () => {
    it('is made up for by a message, whose burst is read before the heartbeat that is out is awaited', () => {
      const shard = after(OVERDUE, anyTraffic);
      const asked = shard.take(numbered(9));
      expect(reasons(asked)).toEqual(['aliveByTraffic']);
      expect(effects(asked)).toEqual([
        ['disarm', 'silence'],
        ['arm', 'silence', 250],
      ]);
      expect(effects(shard.take(numbered(10)))).toEqual([]);
      const over = shard.take(timer('silence'));
      expect(reasons(over)).toEqual(['burstOver']);
      expect(effects(over)).toEqual([
        ['disarm', 'silence'],
        ['disarm', 'overdue'],
      ]);
      expect(beat(shard)).toBe('beating.awaitingAck');
    });

    it('is forgotten with the next lap', () => {
      const shard = after([...OVERDUE, numbered(9)], anyTraffic);
      const asked = shard.take(timer('heartbeat'));
      expect(reasons(asked)).toEqual(['heartbeatDue']);
      expect(named(asked, 'sendHeartbeat')).toEqual([['sendHeartbeat', 9]]);
      expect(beat(shard)).toBe('beating.awaitingAck');
    });
  });
});

describe('a session that has lasted', () => {
  const LASTED = [...RESUMING, { ...EVENT.resumed, sequence: null }, timer('firstHeartbeat'), timer('settle')];
  const counts = ({ context: { resumes, attempts } }: Shard) => [resumes, attempts];
  const isSettled = (shard: Shard) => shard.state.includes('session.ready.settled');

  it('counts as good no earlier than something answers', () => {
    const shard = after(LASTED);
    expect(shard.state).toContain('session.ready.unproven');
    expect(counts(shard)).toEqual([1, 2]);
    shard.take(closed(1006));
    expect(shard.wait).toEqual([1_000, 2_000]);
  });

  it('counts as good with the ACK of a heartbeat: resumes and attempts are forgiven', () => {
    const shard = after(LASTED);
    expect(reasons(shard.take(EVENT.heartbeatAck))).toEqual(['acknowledged', 'settled']);
    expect([isSettled(shard), counts(shard)]).toEqual([true, [0, 0]]);
    shard.take(closed(1006));
    expect(shard.wait).toEqual([0, 500]);
  });

  it.each<[string, readonly ShardEvent[], string[]]>([
    ['late', [timer('heartbeat')], ['acknowledgedLate', 'settled']],
    ['excused', [EVENT.backlogFull], ['acknowledged', 'settled']],
    ['excused, a lap later', [EVENT.backlogFull, timer('heartbeat')], ['acknowledged', 'settled']],
  ])('counts as good with an ACK that is %s', (_, events, names) => {
    const shard = after([...LASTED, ...events]);
    expect(reasons(shard.take(EVENT.heartbeatAck))).toEqual(names);
    expect(isSettled(shard)).toBe(true);
  });

  it('does not count as good with an ACK that answers no heartbeat of a lap', () => {
    const acked = [...LASTED.slice(0, -1), EVENT.heartbeatAck, timer('settle')];
    for (const events of [acked, [...acked, EVENT.heartbeatRequested]]) {
      const shard = after(events);
      shard.take(EVENT.heartbeatAck);
      expect([isSettled(shard), counts(shard)]).toEqual([false, [1, 2]]);
    }
    const jittering = after(LASTED.filter(({ type }) => type !== 'timer.firstHeartbeat'));
    jittering.take(EVENT.heartbeatAck);
    expect(isSettled(jittering)).toBe(false);
  });

  it('does not count as good by an ACK from before', () => {
    const shard = after([...LASTED.slice(0, -1), EVENT.heartbeatAck, timer('settle')]);
    expect(isSettled(shard)).toBe(false);
    shard.take(timer('heartbeat'), EVENT.heartbeatAck);
    expect(isSettled(shard)).toBe(true);
  });

  it('counts as good with any message only where that is a sign of life, and awaited', () => {
    const events = [numbered(9), numbered(1), EVENT.malformed, EVENT.heartbeatRequested];
    for (const event of events) {
      expect(isSettled(after([...LASTED, event]))).toBe(false);
      expect(isSettled(after([...LASTED, event], anyTraffic))).toBe(true);
    }
    const acked = [...LASTED.slice(0, -1), EVENT.heartbeatAck, timer('settle')];
    expect(isSettled(after([...acked, numbered(9)], anyTraffic))).toBe(false);
  });
});

describe('a dispatch that finds no room', () => {
  const LEFT = [...LIVE, numbered(8), numbered(9), { type: 'backlogOverflowed', sequence: 8 }] as const;
  const AWAY = [...LEFT, closed(4900)] as const;
  const connects = (instructions: readonly Instruction[]) => named(instructions, 'openSocket').length === 1;

  it('has the connection left with a code that keeps the session, from the last that found room', () => {
    const shard = after(LEFT.slice(0, -1));
    const asked = shard.take(LEFT.at(-1)!);
    expect(reasons(asked)).toEqual(['backlogOverflowed']);
    expect(named(asked, 'closeSocket')).toEqual([['closeSocket', 4900]]);
    expect([shard.state, shard.context.sequence]).toEqual(['running.connection.closing.makingRoom', 8]);
    shard.take(closed(4900), EVENT.backlogDrained, timer('reconnect'), EVENT.opened);
    expect(named(shard.take(EVENT.hello), 'sendResume')).toEqual([['sendResume', SESSION.id, 8]]);
  });

  it('never makes the sequence greater', () => {
    expect(after([...LIVE, numbered(8), { type: 'backlogOverflowed', sequence: 9 }]).context.sequence).toBe(8);
  });

  it('is no resume that failed', () => {
    const shard = after([...LIVE, numbered(8), ...AGAIN]);
    expect(shard.context.resumes).toBe(1);
    shard.take({ type: 'backlogOverflowed', sequence: 8 });
    expect([shard.context.resumes, shard.context.wait]).toEqual([0, { for: 'retry' }]);
  });

  it('changes nothing without a session, as nothing would bring it again', () => {
    const shard = after([...LIVE.slice(0, -1), { ...EVENT.ready, session: null }]);
    const { state } = shard;
    expect(reasons(shard.take({ type: 'backlogOverflowed', sequence: 1 }))).toEqual(['overflowedForGood']);
    expect(shard.state).toBe(state);
  });

  it.each<[string, readonly ShardEvent[], string]>([
    ['neither room nor the end of the wait', [], 'running.awaitingRoom.resting'],
    ['the end of the wait alone', [timer('reconnect')], 'running.awaitingRoom.full'],
    ['room alone', [EVENT.backlogDrained], 'running.awaitingRoom.drained'],
  ])('has the shard stay away with %s', (_, events, state) => {
    const shard = after([...AWAY, ...events]);
    expect([shard.state, connects(shard.take(EVENT.backlogFull))]).toEqual([state, false]);
  });

  it.each<[string, readonly ShardEvent[], string[]]>([
    ['room and the end of the wait', [EVENT.backlogDrained, timer('reconnect')], ['waited', 'resumeUrlKnown']],
    ['the end of the wait and room', [timer('reconnect'), EVENT.backlogDrained], ['backlogDrained', 'resumeUrlKnown']],
    ['the end of the wait and the deadline', [timer('reconnect'), timer('room')], ['roomTimedOut', 'resumeUrlKnown']],
    ['room and the deadline', [EVENT.backlogDrained, timer('room')], ['roomTimedOut', 'resumeUrlKnown']],
    ['the deadline alone', [timer('room')], ['roomTimedOut', 'resumeUrlKnown']],
    ['an order', [EVENT.restart], ['restarted', 'resumeUrlKnown']],
  ])('has it come back with %s', (_, events, names) => {
    const asked = after(AWAY).take(...events);
    expect([connects(asked), reasons(asked)]).toEqual([true, names]);
  });

  it('leads to the wait of any other close when there is room before the close is answered', () => {
    expect(after([...LEFT, EVENT.backlogDrained, closed(4900)]).state).toBe('running.waiting');
  });

  it('has the session identified anew only when the Gateway ends it', () => {
    const shard = after([...LEFT, closed(4009)]);
    expect([shard.state, shard.context.session]).toEqual(['running.awaitingRoom.resting', null]);
    expect(after([...LEFT, closed(4004)]).state).toBe('failed');
    expect(after([...LEFT, timer('close')]).context.session).toEqual(SESSION);
  });

  it('obeys orders meanwhile', () => {
    expect(after([...LEFT, EVENT.stop, closed(4900)])).toMatchObject({ state: 'stopped', context: { session: null } });
    expect(after([...LEFT, EVENT.detach, closed(4900)])).toMatchObject({
      state: 'stopped',
      context: { session: SESSION },
    });
    for (const order of [EVENT.restart, EVENT.renew]) {
      const shard = after([...LEFT, order]);
      expect(shard.context.session).toEqual(order === EVENT.renew ? null : SESSION);
      expect([shard.state, shard.wait]).toEqual(['running.connection.closing.reconnecting', [0, 0]]);
    }
  });
});

describe('op 7 before Hello', () => {
  it('keeps the resume URL, and the session', () => {
    const shard = after([...LIVE, ...AGAIN.slice(0, -1)]);
    const asked = shard.take(EVENT.reconnectRequested);
    expect(reasons(asked)).toEqual(['reconnectRequested']);
    expect(named(asked, 'closeSocket')).toEqual([['closeSocket', 4900]]);
    expect(shard.context.session).toEqual(SESSION);
    expect(named(shard.take(timer('close'), timer('reconnect')), 'openSocket')).toEqual([
      ['openSocket', 3, RESUME_URL],
    ]);
  });

  it('keeps the main URL', () => {
    const shard = after([EVENT.start, EVENT.opened, EVENT.reconnectRequested, timer('close')]);
    expect(named(shard.take(timer('reconnect')), 'openSocket')).toEqual([['openSocket', 2, MAIN_URL]]);
  });
});

describe('a close that crosses ours', () => {
  const CLOSING = [...LIVE, EVENT.invalidated];

  it('adds the wait that its code asks for', () => {
    expect(after([...CLOSING, closed(4008)]).context.wait).toEqual({ for: 'cooldown' });
    expect(after([...LIVE, EVENT.reconnectRequested, closed(4005)]).context.wait).toEqual({ for: 'backoff' });
    expect(after([...CLOSING, REFUSED]).context.wait).toEqual({ for: 'retryAfter', ms: 3_000 });
  });

  it('does not shorten the wait after Invalid Session, which may be longer than a back-off', () => {
    expect(after([...CLOSING, closed(4005)]).wait).toEqual([1_000, 5_000]);
    expect(after([...CLOSING, closed(1012)]).wait).toEqual([1_000, 5_000]);
  });

  it('leaves the wait where its code asks for none', () => {
    for (const code of [1000, 1006, 4000, 4009, 4900]) {
      expect(after([...CLOSING, closed(code)]).context.wait).toEqual({ for: 'invalidSession' });
    }
  });
});

describe('a replay that is not read', () => {
  it('is given its time again: not to read is not to be left without an answer', () => {
    const shard = after(RESUMING);
    expect(named(shard.take(EVENT.backlogFull), 'pauseSocket')).toHaveLength(1);
    const asked = shard.take(timer('resumed'));
    expect([reasons(asked), effects(asked)]).toEqual([['replayPaused'], [['arm', 'resumed', 60_000]]]);
    shard.take(EVENT.backlogDrained);
    expect(reasons(shard.take(timer('resumed')))).toEqual(['resumeTimedOut']);
  });
});

describe('on the way to the next connection', () => {
  it('no READY in time keeps the URL: it is asked again, not looked for', () => {
    const shard = after([...OPEN, EVENT.permitGranted, timer('ready'), timer('close')]);
    expect(named(shard.take(timer('reconnect')), 'openSocket')).toEqual([['openSocket', 2, MAIN_URL]]);
  });

  it('no permit in time is said, and waited on: nothing is closed', () => {
    const shard = after(OPEN);
    for (const _ of [1, 2]) {
      const asked = shard.take(timer('permit'));
      expect(reasons(asked)).toEqual(['stillQueued']);
      expect(effects(asked)).toEqual([
        ['disarm', 'permit'],
        ['arm', 'permit', 60_000],
      ]);
    }
    expect(shard.state).toContain('session.queuedForIdentify');
  });

  it('detach keeps the session, also where there is no connection', () => {
    for (const end of [[], [timer('reconnect')], [timer('reconnect'), closed(1006)]]) {
      const shard = after([...LIVE, closed(1006), ...end, EVENT.detach]);
      expect([shard.state, shard.context.session?.id, shard.context.sequence]).toEqual(['stopped', 's1', 1]);
    }
  });

  it('an order hurries, and forgives nothing', () => {
    const failed = [...LIVE, closed(1006), timer('reconnect'), closed(1006), timer('reconnect')];
    for (const events of [[EVENT.restart], [EVENT.opened, timer('hello'), EVENT.restart]]) {
      const shard = after([...failed, ...events]);
      expect(shard.context.attempts).toBe(3);
    }
  });
});

describe('a handshake that is refused for a time', () => {
  it('is tried again after that time, and a little more', () => {
    const shard = after([EVENT.start, REFUSED]);
    expect(shard.wait).toEqual([3_500, 4_000]);
    expect(shard.context.cause).toEqual({
      name: 'closedForResume',
      closeCode: 1006,
      httpStatus: 429,
      retryAfter: 3_000,
    });
  });
});

describe('no loop of failures goes on at its first speed', () => {
  const resumed = { ...EVENT.resumed, sequence: null };
  const greet = [EVENT.opened, EVENT.hello];
  /** READY or RESUMED, whichever is due; the other has no place there. */
  const begin = [...greet, EVENT.permitGranted, EVENT.ready, resumed];

  /** The waits of a shard that fails so again and again. */
  function waitsAfter(failure: readonly ShardEvent[]) {
    const shard = after([EVENT.start]);
    return Array.from({ length: 5 }, () => {
      shard.take(...failure);
      expect(shard.state).toBe('running.waiting');
      const wait = shard.wait;
      shard.take(timer('reconnect'));
      if (shard.state === 'running.locating') shard.take(EVENT.located);
      return wait;
    });
  }

  it.each<[string, readonly ShardEvent[]]>([
    ['a failed handshake', [closed(1006)]],
    ['no handshake', [timer('open')]],
    ['no Hello', [EVENT.opened, timer('hello'), timer('close')]],
    ['op 7 before Hello', [EVENT.opened, EVENT.reconnectRequested, timer('close')]],
    ['op 7 after READY', [...begin, EVENT.reconnectRequested, timer('close')]],
    ['Invalid Session', [...greet, EVENT.invalidated, timer('close')]],
    ['Invalid Session that may be resumed', [...begin, EVENT.resumable, timer('close')]],
    ['no READY', [...greet, EVENT.permitGranted, timer('ready'), timer('close')]],
    ['a lost connection', [...begin, closed(1006)]],
    ['a lost connection after dispatches', [...begin, EVENT.dispatched, closed(1006)]],
    ['a lost connection that has lasted', [...begin, timer('settle'), closed(1006)]],
    ['close code 4008', [...begin, closed(4008)]],
    ['close code 4009', [...begin, closed(4009)]],
    ['close code 4008 across ours', [...begin, EVENT.reconnectRequested, closed(4008)]],
    ['what cannot be understood', [...begin, EVENT.undecodable, timer('close')]],
    ['a zombie', [...begin, timer('firstHeartbeat'), timer('heartbeat'), timer('silence'), timer('close')]],
  ])('%s', (_, failure) => {
    for (const [failed, [least, most]] of waitsAfter(failure).entries()) {
      expect(least).toBeGreaterThanOrEqual(Math.min(500 * 2 ** failed, 30_000));
      expect(most).toBeGreaterThanOrEqual(Math.min(1_000 * 2 ** failed, 60_000));
    }
  });

  it.each<[string, number, readonly ShardEvent[]]>([
    ['a refused handshake', 3_000, [REFUSED]],
    ['no permit', 9_000, [...greet, EVENT.permitDelayed, timer('close')]],
  ])('%s, whose end was told', (_, told, failure) => {
    for (const [failed, wait] of waitsAfter(failure).entries()) {
      const grown = Math.min(1_000 * 2 ** failed, 60_000);
      expect(wait).toEqual([told + grown / 2, told + grown]);
    }
  });
});

/** Each rule on scenes written by hand: one life that keeps all of them, and for each rule the fault that breaks it alone. */
import { describe, expect, it } from 'vitest';
import { type Connection, type Entry, type Payload, RULES, type Scene, verdict } from '../../src/conformance/rules.js';

const TOKEN = 'the-token';
const MAIN = 'wss://gateway.discord.gg/?v=10&encoding=json';
const RESUME = 'wss://resume.discord.gg/?v=10&encoding=json';
const INTERVAL = 10_000;

/** What the client sent, and what it received. */
const out = (at: number, op: number, d: unknown = null): Entry => ({
  ...{ at, from: 'client', kind: 'message', payload: { op, d } },
});
const into = (at: number, payload: Payload | null): Entry => ({ at, from: 'gateway', kind: 'message', payload });
const closed = (at: number, from: 'client' | 'gateway', code: number): Entry => ({ at, from, kind: 'close', code });
const lost = (at: number): Entry => ({ at, from: 'gateway', kind: 'end' });

const hello = (at: number) => into(at, { op: 10, d: { heartbeat_interval: INTERVAL } });
const ack = (at: number) => into(at, { op: 11 });
const ready = (at: number, id = 'session-1', s = 1, url = 'wss://resume.discord.gg') =>
  into(at, { op: 0, t: 'READY', s, d: { session_id: id, resume_gateway_url: url } });
const resumed = (at: number, s: number) => into(at, { op: 0, t: 'RESUMED', s, d: {} });
const dispatch = (at: number, s: number) => into(at, { op: 0, t: 'MESSAGE_CREATE', s, d: {} });
const PROPERTIES = { os: 'linux', browser: 'lib', device: 'lib' };
const identify = (at: number, d: object = {}) => out(at, 2, { token: TOKEN, intents: 1, properties: PROPERTIES, ...d });
const resume = (at: number, seq: number, d: object = {}) =>
  out(at, 6, { token: TOKEN, session_id: 'session-1', seq, ...d });
const beat = (at: number, s: number | null) => out(at, 1, s);

const connection = (at: number, url: string, ...entries: Entry[]): Connection => ({ at, url, entries });
const scene = (connections: readonly Connection[], more: Partial<Scene> = {}): Scene => ({
  ...{ connections, starts: [0], renewals: [], token: TOKEN, mainUrl: 'wss://gateway.discord.gg/' },
  ...more,
});

/** A connection on which a session begins, and one on which it is resumed. */
const begun = (...then: Entry[]) => connection(0, MAIN, hello(10), identify(20), ready(30), ...then);
const again = (at: number, seq: number, ...then: Entry[]) =>
  connection(at, RESUME, hello(at + 10), resume(at + 20, seq), resumed(at + 30, seq + 1), ...then);
const fresh = (at: number, ...then: Entry[]) =>
  connection(at, MAIN, hello(at + 10), identify(at + 20), ready(at + 30, 'session-2'), ...then);

/** The rules that a scene breaks, by what they say. */
const broken = (of: Scene) => RULES.filter((rule) => rule.broken(of).length > 0).map(({ says }) => says);

/** For each rule, by what it says: scenes that keep it where it is at stake, and scenes that break it and no other. */
const CASES: Record<string, { kept: Record<string, Scene>; breaks: Record<string, Scene> }> = {
  'every connection names the version and the encoding': {
    kept: { 'with ETF': scene([connection(0, 'wss://gateway.discord.gg/?encoding=etf&v=10')]) },
    breaks: {
      'without a version': scene([connection(0, 'wss://gateway.discord.gg/?encoding=json')]),
      'of another version': scene([connection(0, 'wss://gateway.discord.gg/?v=9&encoding=json')]),
      'without an encoding': scene([connection(0, 'wss://gateway.discord.gg/?v=10')]),
    },
  },
  'nothing is sent before Hello': {
    kept: { 'a close alone': scene([connection(0, MAIN, closed(10, 'client', 4000))]) },
    breaks: {
      'an Identify before it': scene([connection(0, MAIN, identify(5), hello(10), ready(30))]),
      'an Identify without it': scene([connection(0, MAIN, identify(5))]),
      'an Identify after a Hello with less than half a second': scene([
        connection(0, MAIN, into(4, { op: 10, d: { heartbeat_interval: 499 } }), identify(5)),
      ]),
      'an Identify after a Hello without an interval': scene([
        connection(0, MAIN, into(4, { op: 10, d: {} }), identify(5)),
      ]),
    },
  },
  'at most one Identify or Resume is sent on a connection': {
    kept: { 'one on each': scene([begun(lost(40)), again(50, 1)]) },
    breaks: {
      'two Identifies': scene([begun(identify(40))]),
      'a Resume, then an Identify': scene([
        connection(0, MAIN, hello(10), identify(20), ready(30, 'session-1', 1, MAIN), lost(40)),
        connection(50, MAIN, hello(60), resume(70, 1), into(80, { op: 9, d: false }), identify(90), lost(2_000)),
      ]),
    },
  },
  'nothing but heartbeats is sent before Identify or Resume': {
    kept: { 'a heartbeat': scene([connection(0, MAIN, hello(10), beat(15, null), identify(20))]) },
    breaks: { 'a presence': scene([connection(0, MAIN, hello(10), out(15, 3, {}), identify(20))]) },
  },
  'Identify carries the token, the intents and the properties': {
    kept: { 'all of them': scene([begun()]) },
    breaks: {
      'another token': scene([connection(0, MAIN, hello(10), identify(20, { token: 'another' }))]),
      'no intents': scene([connection(0, MAIN, hello(10), identify(20, { intents: undefined }))]),
      'no device': scene([connection(0, MAIN, hello(10), identify(20, { properties: { os: 'a', browser: 'b' } }))]),
    },
  },
  'a session is resumed before it is given up': {
    kept: {
      'by order': scene([begun(closed(40, 'client', 4000), lost(41)), fresh(50)], { renewals: [40] }),
      'that the Gateway ended': scene([begun(into(35, { op: 9, d: false }), lost(40)), fresh(2_000)]),
      'that its close code ends': scene([begun(closed(40, 'gateway', 4009)), fresh(50)]),
      'that the client closed with 1000': scene([begun(closed(40, 'client', 1000), lost(41)), fresh(50)]),
      'that was tried to resume': scene([
        begun(lost(40)),
        connection(50, RESUME, hello(60), resume(70, 1), lost(80)),
        fresh(90),
      ]),
      'that was resumed, and brought nothing': scene([
        begun(lost(40)),
        again(50, 1, dispatch(90, 2), lost(95)),
        fresh(100),
      ]),
    },
    breaks: {
      'with heartbeats that know of none before Identify': scene([
        begun(dispatch(40, 5), lost(50)),
        connection(100, MAIN, hello(110), beat(120, null), identify(130)),
      ]),
      'a new session after a lost connection': scene([begun(lost(40)), fresh(50)]),
      'by an order from before it': scene([begun(lost(40)), fresh(50)], { renewals: [25] }),
      'a new session after a resume that had brought something': scene([
        begun(lost(40)),
        again(50, 1, dispatch(90, 3), lost(95)),
        fresh(100),
      ]),
    },
  },
  'Resume carries the token, the session of the last READY and the last sequence received in it': {
    kept: {
      'after dispatches': scene([begun(dispatch(35, 2), dispatch(36, 3), lost(40)), again(50, 3)]),
      'crossing the close that ended the session': scene(
        [begun(lost(40)), connection(50, RESUME, hello(55), closed(60, 'gateway', 4010), resume(70, 1))],
        { slack: 500 },
      ),
      'without what came while the client was leaving': scene(
        [begun(into(40, { op: 7 }), dispatch(900, 2), closed(1_900, 'client', 4000), lost(1_901)), again(2_000, 1)],
        { slack: 500 },
      ),
      'after the last that found room': scene([begun(dispatch(35, 2), dispatch(36, 3), lost(40)), again(50, 2)], {
        overflows: [{ connection: 0, sequence: 2 }],
      }),
    },
    breaks: {
      'what found no room is left out': scene([begun(dispatch(35, 2), dispatch(36, 3), lost(40)), again(50, 3)], {
        overflows: [{ connection: 0, sequence: 2 }],
      }),
      'another sequence': scene([begun(dispatch(35, 2), lost(40)), again(50, 1)]),
      'without what came before the client was told to leave': scene(
        [begun(dispatch(900, 2), into(1_500, { op: 7 }), closed(1_900, 'client', 4000), lost(1_901)), again(2_000, 1)],
        { slack: 500 },
      ),
      'another session': scene([
        begun(lost(40)),
        connection(50, RESUME, hello(60), resume(70, 1, { session_id: 'session-0' })),
      ]),
      'another token': scene([begun(lost(40)), connection(50, RESUME, hello(60), resume(70, 1, { token: 'x' }))]),
      'a session that was given up by order': scene(
        [begun(lost(40)), connection(50, MAIN, hello(60), lost(70)), connection(80, MAIN, hello(90), resume(95, 1))],
        { renewals: [45] },
      ),
      'a session that was ended': scene([
        begun(closed(40, 'gateway', 4009)),
        connection(50, MAIN, hello(60), resume(70, 1)),
      ]),
    },
  },
  'a session is first resumed at the URL that READY gave, and a new one begun at the main URL': {
    kept: {
      'resumed at the main URL after the other led to no Hello': scene([
        begun(lost(40)),
        connection(50, RESUME, lost(60)),
        connection(70, MAIN, hello(80), resume(90, 1)),
      ]),
    },
    breaks: {
      'resumed at the main URL': scene([begun(lost(40)), connection(50, MAIN, hello(60), resume(70, 1))]),
      'begun at the other': scene([
        begun(closed(40, 'gateway', 4009)),
        connection(50, RESUME, hello(60), identify(70)),
      ]),
    },
  },
  'a heartbeat carries the last sequence received, or null before the first': {
    kept: {
      'null, then the last': scene([
        connection(0, MAIN, hello(10), beat(15, null), identify(20), ready(30), dispatch(35, 7), beat(40, 7)),
      ]),
      'null where the session is given up after a resume in vain': scene([
        begun(lost(40)),
        connection(50, RESUME, hello(60), resume(70, 1), lost(80)),
        connection(90, MAIN, hello(100), beat(105, null), identify(110), beat(115, null)),
      ]),
      'null after a READY whose sequence is none': scene([
        connection(0, MAIN, hello(10), identify(20), ready(30, 'session-1', -1), beat(40, null)),
      ]),
    },
    breaks: {
      'an older one': scene([begun(dispatch(35, 7), beat(40, 1))]),
      'null after the first': scene([begun(beat(40, null))]),
      'a number before the first': scene([connection(0, MAIN, hello(10), beat(15, 0))]),
      'null before the session is resumed': scene([
        begun(lost(40)),
        connection(50, RESUME, hello(60), beat(65, null), resume(70, 1)),
      ]),
      'the sequence of the session before, after Identify': scene([
        begun(closed(40, 'gateway', 4009)),
        connection(50, MAIN, hello(60), identify(70), beat(75, 1)),
      ]),
      'another sequence of the session that is given up': scene([
        begun(lost(40)),
        connection(50, RESUME, hello(60), resume(70, 1), lost(80)),
        connection(90, MAIN, hello(100), beat(105, 7), identify(110)),
      ]),
    },
  },
  'no connection is kept without an ACK for longer than two intervals and a grace': {
    kept: {
      'with ACKs': scene([begun(ack(20_000), ack(40_000), dispatch(60_000, 2))]),
      'closed in time': scene([begun(closed(20_260, 'client', 4000), lost(30_000))]),
      'closed when what had come was read': scene([begun(...arriving(20_000, 25_010), closed(25_010, 'client', 4000))]),
      'watched no longer': scene([begun()], { until: 20_260 }),
      'ended before': scene([begun(lost(40))], { until: 90_000 }),
    },
    breaks: {
      'kept by dispatches alone': scene([begun(dispatch(20_000, 2), dispatch(20_261, 3))]),
      'closed too late': scene([begun(closed(20_261, 'client', 4000), lost(20_261))]),
      'closed an interval too late': scene([begun(closed(30_260, 'client', 4000), lost(30_260))]),
      'read for more than 5 s': scene([begun(...arriving(20_000, 25_011), closed(25_011, 'client', 4000))]),
      'kept in silence': scene([begun()], { until: 20_261 }),
    },
  },
  'a requested heartbeat is sent at once': {
    kept: {
      'within 5 ms': scene([begun(into(40, { op: 1 }), beat(45, 1))]),
      'not after the end': scene([begun(closed(40, 'client', 4000), into(41, { op: 1 }), lost(42))]),
    },
    breaks: {
      never: scene([begun(into(40, { op: 1 }))]),
      later: scene([begun(into(40, { op: 1 }), beat(46, 1))]),
    },
  },
  'op 7 is followed by a close that keeps the session': {
    kept: {
      'with 4000': scene([begun(into(40, { op: 7 }), closed(41, 'client', 4000), lost(42))]),
      'after the end': scene([begun(closed(39, 'client', 1000), into(40, { op: 7 }))]),
      'as the Gateway closes': scene([begun(into(40, { op: 7 }), closed(2_040, 'gateway', 4000))]),
      'with 1000 before there is a session': scene([
        connection(0, MAIN, hello(10), identify(20), into(25, { op: 7 }), closed(26, 'client', 1000), lost(27)),
      ]),
    },
    breaks: {
      'it stays': scene([begun(into(40, { op: 7 }))]),
      'with 1000': scene([begun(into(40, { op: 7 }), closed(41, 'client', 1000), lost(42))]),
      'with 1001': scene([begun(into(40, { op: 7 }), closed(41, 'client', 1001), lost(42))]),
      'until the Gateway closes': scene([begun(into(40, { op: 7 }), closed(2_041, 'gateway', 4000))]),
    },
  },
  'what corrupts the compressed stream is followed by a close that keeps the session': {
    kept: {
      'with 4000': scene([begun({ ...into(40, null), corrupt: true }, closed(41, 'client', 4000), lost(42))]),
      'after the end': scene([begun(closed(39, 'client', 1000), { ...into(40, null), corrupt: true }, lost(42))]),
    },
    breaks: {
      'it stays': scene([begun({ ...into(40, null), corrupt: true })]),
      'with 1000': scene([begun({ ...into(40, null), corrupt: true }, closed(41, 'client', 1000), lost(42))]),
    },
  },
  'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest': {
    kept: {
      'after a second': scene([
        begun(into(40, { op: 9, d: false }), closed(41, 'client', 4000), lost(42)),
        fresh(1_040),
      ]),
      'sooner by order': scene([begun(into(40, { op: 9, d: false }), lost(42)), fresh(60)], { starts: [0, 50] }),
    },
    breaks: {
      'it stays': scene([begun(into(40, { op: 9, d: false }))]),
      'the next too soon': scene([begun(into(40, { op: 9, d: false }), lost(42)), fresh(1_039)]),
    },
  },
  'after a code that forbids reconnecting there is no further connection without a start': {
    kept: { 'a start later': scene([begun(closed(40, 'gateway', 4004)), fresh(60)], { starts: [0, 50] }) },
    breaks: Object.fromEntries(
      [4004, 4010, 4011, 4012, 4013, 4014].map((code) => [
        `${code}`,
        scene([begun(closed(40, 'gateway', code)), fresh(60)]),
      ]),
    ),
  },
  'a connection begins after the one before it has ended': {
    kept: {
      'at the same time': scene([begun(lost(50)), again(50, 1)]),
      'overtaking the close, at the end of the Gateway': scene([begun(lost(149)), again(50, 1)], { slack: 500 }),
    },
    breaks: {
      'before the end': scene([begun(lost(60)), again(50, 1)]),
      'long before the end, at the end of the Gateway': scene([begun(lost(151)), again(50, 1)], { slack: 500 }),
      'no end': scene([begun(), again(50, 1)]),
      'a close of ours alone': scene([begun(closed(40, 'client', 4000)), again(50, 1)]),
    },
  },
  'nothing is sent after a close': {
    kept: { 'what arrives': scene([begun(closed(40, 'client', 4000), dispatch(41, 2), lost(42))]) },
    breaks: {
      'a heartbeat after ours': scene([begun(closed(40, 'client', 4000), beat(41, 1), lost(42))]),
      'a heartbeat after theirs': scene([begun(closed(40, 'gateway', 4000), beat(41, 1))]),
    },
  },
  'no more than 120 payloads are sent within 60 s on a connection': {
    kept: {
      '120 of them': scene([begun(...many(119, 40))]),
      'the next a minute after the first': scene([begun(...acks(60), ...many(119, 40), out(60_020, 3, {}))]),
    },
    breaks: {
      '121 of them': scene([begun(...many(120, 40))]),
      'the next sooner': scene([begun(...acks(60), ...many(119, 40), out(60_019, 3, {}))]),
    },
  },
  'no payload is larger than 4096 bytes': {
    kept: { 'of 4096': scene([begun(out(40, 3, 'x'.repeat(4_096 - '{"op":3,"d":""}'.length)))]) },
    breaks: {
      'of 4097': scene([begun(out(40, 3, 'x'.repeat(4_097 - '{"op":3,"d":""}'.length)))]),
      'of fewer characters': scene([begun(out(40, 3, 'é'.repeat(2_048)))]),
    },
  },
};

/** So many payloads from then on, 1 ms apart. */
function many(count: number, from: number): Entry[] {
  return Array.from({ length: count }, (_, i) => out(from + i, 3, {}));
}

/** Dispatches, 250 ms apart, that lie in the buffer from some time to another. */
function arriving(from: number, to: number): Entry[] {
  return Array.from({ length: Math.ceil((to - from) / 250) }, (_, i) => dispatch(from + i * 250, i + 2));
}

/** ACKs for so many seconds: they come first in what follows. */
function acks(seconds: number): Entry[] {
  return Array.from({ length: seconds / 10 }, (_, i) => ack((i + 1) * 10_000));
}

describe('the rules', () => {
  it('are each tried here', () => {
    expect(Object.keys(CASES).sort()).toEqual(RULES.map(({ says }) => says).sort());
  });

  it('are not exercised where nothing happened', () => {
    expect(RULES.filter((rule) => rule.exercised(scene([])))).toEqual([]);
  });

  it('are exercised by what they speak of alone', () => {
    const exercised = (...connections: Connection[]) =>
      RULES.filter((rule) => rule.exercised(scene(connections))).map(({ says }) => says);
    expect(exercised(connection(0, MAIN, lost(10)))).toEqual([
      'every connection names the version and the encoding',
      'nothing is sent before Hello',
      'nothing is sent after a close',
    ]);
    const added = (...connections: Connection[]) => {
      const before = exercised(begun());
      return exercised(...connections).filter((says) => !before.includes(says));
    };
    expect(added(begun(beat(5_000, 1), ack(5_010)))).toEqual([
      'a heartbeat carries the last sequence received, or null before the first',
    ]);
    expect(added(begun(dispatch(15_010, 2)))).toEqual([]);
    expect(added(begun(dispatch(15_011, 2)))).toEqual([
      'no connection is kept without an ACK for longer than two intervals and a grace',
    ]);
    const many = (count: number, gap: number) =>
      exercised(begun(...Array.from({ length: count }, (_, i) => out(40 + i * gap, 4))));
    const limit = 'no more than 120 payloads are sent within 60 s on a connection';
    expect([many(98, 600), many(99, 600), many(99, 620)].map((says) => says.includes(limit))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('are all kept by a life with a lost connection, a request and a stop', () => {
    const whole = scene(
      [
        begun(
          beat(5_000, 1),
          ack(5_010),
          into(6_000, { op: 1 }),
          beat(6_001, 1),
          ack(6_002),
          dispatch(7_000, 2),
          lost(8_000),
        ),
        again(9_000, 2, beat(10_000, 3), ack(10_010), closed(11_000, 'client', 1000), closed(11_010, 'gateway', 1000)),
      ],
      { renewals: [11_000] },
    );
    expect(verdict(whole)).toEqual([]);
  });
});

describe.each(Object.entries(CASES))('the rule that %s', (says, { kept, breaks }) => {
  it.each(Object.entries(kept))('is kept, as is every other: %s', (_, given) => {
    expect(verdict(given)).toEqual([]);
  });

  it.each(Object.entries(breaks))('is broken, and no other: %s', (_, given) => {
    expect(broken(given)).toEqual([says]);
    expect(RULES.find((rule) => rule.says === says)?.exercised(given)).toBe(true);
  });
});

describe('a verdict', () => {
  it('says the section, the rule and what breaks it', () => {
    expect(verdict(scene([connection(0, MAIN, hello(10), beat(15, 0))]))).toEqual([
      'gateway#sending-heartbeats: a heartbeat carries the last sequence received, or null before the first: client message at 15 {"op":1,"d":0} instead of null',
    ]);
  });

  it('says how long a connection was kept in vain, not when that was noticed first', () => {
    const beats = [5_000, 15_000, 25_000, 35_000, 45_000].map((at) => beat(at, 1));
    const says = (of: Scene) => verdict(of).map((text) => text.split(': ').at(-1));
    expect(says(scene([begun(...beats)]))).toEqual(['no ACK since 10, so far for 4.50 intervals (45.0 s)']);
    expect(says(scene([begun(...beats)], { until: 60_010 }))).toEqual([
      'no ACK since 10, so far for 6.00 intervals (60.0 s)',
    ]);
    expect(says(scene([begun(...beats, ack(46_010), beat(55_000, 1))]))).toEqual([
      'no ACK since 10, so far for 4.60 intervals (46.0 s)',
    ]);
  });

  it('leaves out the rules of time where time was skipped', () => {
    const late = scene([begun(dispatch(20_000, 2), dispatch(31_000, 3))]);
    expect(verdict(late)).toHaveLength(1);
    expect(verdict(late, { timed: false })).toEqual([]);
  });
});

describe('the session that the rules follow', () => {
  const resumes = (entries: readonly Entry[], seq: number, url = RESUME) =>
    broken(scene([connection(0, MAIN, ...entries, lost(100)), connection(110, url, hello(120), resume(130, seq))]));
  const start = [hello(10), identify(20), ready(30)];

  it.each<[string, readonly Entry[], number]>([
    ['counts no dispatch without a name', [...start, into(40, { op: 0, s: 9, d: {} })], 1],
    ['counts no dispatch without data', [...start, into(40, { op: 0, t: 'A', s: 9 })], 1],
    ['counts no sequence that is none', [...start, into(40, { op: 0, t: 'A', s: -1, d: {} })], 1],
    ['counts the highest sequence, in whatever order they come', [...start, dispatch(40, 9), dispatch(41, 3)], 9],
    ['counts no READY but the answer to an Identify', [...start, ready(40, 'session-9', 5)], 1],
    ['counts no RESUMED without a Resume', [...start, resumed(40, 8)], 1],
    ['outlives op 9 with true', [...start, into(40, { op: 9, d: true })], 1],
  ])('%s', (_, entries, seq) => {
    expect(resumes(entries, seq).filter((says) => says.startsWith('Resume'))).toEqual([]);
    expect(resumes(entries, seq + 1).filter((says) => says.startsWith('Resume'))).toHaveLength(1);
  });

  it('cannot be resumed without an id', () => {
    const nameless = into(30, { op: 0, t: 'READY', s: 1, d: { session_id: '' } });
    expect(broken(scene([connection(0, MAIN, hello(10), identify(20), nameless, lost(40)), fresh(50)]))).toEqual([]);
  });

  it('without a URL is resumed at any', () => {
    const placeless = into(30, { op: 0, t: 'READY', s: 1, d: { session_id: 'session-1' } });
    expect(resumes([hello(10), identify(20), placeless], 1, MAIN)).toEqual([]);
  });
});

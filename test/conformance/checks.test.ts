/** Each check on evidence with its fault, and without. */
import { describe, expect, it } from 'vitest';
import type { Check, Finding } from '../../src/conformance/case.js';
import * as checks from '../../src/conformance/checks.js';
import { Scenario } from './scenario.js';

const saysOf = (findings: readonly Finding[]) =>
  findings.map(({ grade, says, tolerated }) => `${tolerated === undefined ? grade : 'tolerated'}: ${says}`);
const live = () => new Scenario().live().message('1').deliver('1').after(1_000);
/** Live, then lost, then resumed, with a message after it and time for it to arrive. */
const resumed = () => live().drop().struck().after(500).back().message('2').deliver('2').after(4_000).order('over');
const renewed = () =>
  live().drop().struck().after(500).live('other').message('2').deliver('2').after(4_000).order('over');
const away = () => live().close('gateway', 4004).struck().after(10_000).order('over');

/** So many handshakes, with so many ms between. */
function handshakes(...waits: readonly number[]): Scenario {
  const scenario = new Scenario().live().struck();
  for (const ms of waits) scenario.after(ms).refused();
  return scenario;
}
function identifying(count: number, ms: number): Scenario {
  const scenario = new Scenario();
  for (let i = 0; i < count; i += 1) scenario.open().hello().identify().after(ms).drop();
  return scenario;
}
function beating(...waits: readonly number[]): Scenario {
  const scenario = new Scenario().live();
  for (const ms of waits) scenario.after(ms).beat();
  return scenario.after(1_000).order('over');
}
/** Connections whose first heartbeats come so long after Hello. */
function firstBeats(...waits: readonly number[]): Scenario {
  const scenario = new Scenario();
  for (const ms of waits) scenario.open().hello().after(ms).beat().after(100).beat().drop();
  return scenario;
}
const closed = (ms: number) => live().struck().after(ms).close('client', 4900);

/** Checks by their names, each with evidence in which it finds nothing, and with what it finds in other evidence. */
const ROWS: readonly (readonly [
  name: string,
  check: Check,
  good: readonly Scenario[],
  bad: readonly (readonly [Scenario, string])[],
])[] = [
  [
    'runsOn',
    checks.runsOn(),
    [live(), live().exit('ends with exit code 0', true)],
    [[live().exit('ends with exit code 1'), 'crash: the process ends with exit code 1']],
  ],
  ['runsOn, where it may end', checks.runsOn({ mayEnd: true }), [live().exit('ends with exit code 1')], []],
  [
    'identifiesAtMost',
    checks.identifiesAtMost(2),
    [new Scenario(), live(), identifying(2, 10), identifying(9, 30_001)],
    [
      [identifying(3, 10), 'budget: 3 identifies within a minute, where 2 would do'],
      [identifying(9, 20_000), 'budget: 3 identifies within a minute, where 2 would do'],
    ],
  ],
  [
    'socketsAtMost',
    checks.socketsAtMost(2),
    [new Scenario(), handshakes(10)],
    [[handshakes(10, 10), 'sockets: 3 connections within a minute, where 2 would do']],
  ],
  [
    'comesBack',
    checks.comesBack(1_000),
    [resumed(), renewed(), live().struck()],
    [
      [away(), 'stuck: no session is live 10 s after it happened'],
      [live().drop().struck().after(2_000).back(), 'stuck: it is back after 2 s, where 1 s would do'],
      [live().drop().struck().after(500).back().after(500).drop(), 'stuck: no session is live 1 s after it happened'],
      [live().drop().struck().after(500).open(), 'stuck: no session is live 0.5 s after it happened'],
    ],
  ],
  [
    'staysAway',
    checks.staysAway,
    [away(), live().struck()],
    [
      [resumed(), 'return: it connects again, 1 time'],
      [handshakes(10, 10), 'return: it connects again, 2 times'],
    ],
  ],
  [
    'staysOnConnection',
    checks.staysOnConnection(),
    [live().struck().message('2')],
    [[resumed(), 'letter: it gives up a connection that is good']],
  ],
  [
    'staysOnConnection, where that is taste',
    checks.staysOnConnection({ tolerated: 'why not' }),
    [live().struck()],
    [[resumed(), 'tolerated: it gives up a connection that is good']],
  ],
  [
    'resumes',
    checks.resumes,
    [resumed(), away()],
    [[renewed(), 'budget: it identifies, although its session could be resumed']],
  ],
  [
    'identifies',
    checks.identifies,
    [renewed(), away()],
    [[resumed(), 'tolerated: it tries to resume a session that has ended']],
  ],
  [
    'nothingLost',
    checks.nothingLost,
    [
      resumed(),
      live().message('2'), // it is still on its way
      live().message('2').after(100).drop().after(9_000).order('over'), // it went with its session
      live().message('2').after(100).drop().after(500).live('other').after(9_000).order('over'),
    ],
    [
      [live().message('2').after(9_000).order('over'), 'loss: 1 of 2 messages did not reach the user'],
      [
        live().message('2').after(100).drop().after(500).back().after(9_000).order('over'),
        'loss: 1 of 2 messages did not reach the user',
      ],
      [resumed().deliver('1'), 'double: 1 message reached the user more than once'],
    ],
  ],
  [
    'messagesFlow',
    checks.messagesFlow,
    [resumed(), live().struck()],
    [
      [
        live().drop().struck().after(500).back().after(10).message('2').after(4_000).order('over'),
        'loss: none of 1 message after it reached the user',
      ],
      [
        new Scenario().live().after(10).message('1').after(4_000).order('over'), // nothing happened: since the beginning
        'loss: none of 1 message after it reached the user',
      ],
    ],
  ],
  [
    'keepsSecrets',
    checks.keepsSecrets,
    [live().line('nothing to see')],
    [[live().line('token secret.token', 'stderr'), 'secret: the token is printed, in 1 line']],
  ],
  [
    'gapsGrow',
    checks.gapsGrow(),
    [handshakes(1, 1, 1), handshakes(500, 1_000, 2_000, 4_000, 8_000, 16_000), handshakes(...Array(9).fill(6_000))],
    [
      [
        handshakes(...Array(7).fill(1_000)),
        'sockets: the waits between 7 tries do not grow: 1 s, 1 s, 1 s, 1 s, 1 s, 1 s',
      ],
    ],
  ],
  [
    'heartbeatsInTime',
    checks.heartbeatsInTime,
    [beating(1_000, 3_000, 3_000), beating(2_900, 3_100, 3_400), new Scenario().open()],
    [
      [beating(1_000, 3_000, 6_000), 'letter: no heartbeat for more than 3.8 s'],
      [new Scenario().live().after(9_000).order('over'), 'letter: no heartbeat for more than 3.8 s'],
      [beating(1_000, 1_000, 1_000), 'letter: heartbeats come faster than every 3 s'],
    ],
  ],
  [
    'firstHeartbeatsAreSpread',
    checks.firstHeartbeatsAreSpread,
    [
      new Scenario(),
      firstBeats(0, 0, 0, 0, 0),
      firstBeats(1_000, 1_000, 1_000, 1_000, 1_000, 1_300),
      firstBeats(5, 2_900, 900, 1_700, 1_300, 600).open().hello(),
    ],
    [
      [
        firstBeats(0, 2, 0, 0, 0, 1),
        'letter: the first heartbeats of 6 connections all come at once: they are not spread at random',
      ],
      [
        firstBeats(1_500, 1_500, 1_510, 1_500, 1_799, 1_500, 1_500),
        'letter: the first heartbeats of 7 connections all come 1.5 s to 1.8 s after Hello: they are not spread at random',
      ],
    ],
  ],
  [
    'isLeft',
    checks.isLeft(3, 'stuck'),
    [closed(10_900)],
    [
      [closed(11_100), 'stuck: the connection is left after 11.1 s, where 11 s would do'],
      [closed(60_000), 'tolerated: the connection is left after 60 s, where 11 s would do'],
      [closed(83_000), 'stuck: the connection is left after 83 s, where 11 s would do'],
      [live().struck().after(60_000).order('over'), 'stuck: the connection is not left within 60 s'],
    ],
  ],
];

describe('a check', () => {
  it.each(ROWS)('finds nothing without its fault: %s', (_, check, good) => {
    for (const { evidence } of good) expect(check(evidence)).toEqual([]);
  });

  it.each(ROWS.filter(([, , , bad]) => bad.length > 0))('finds its fault: %s', (_, check, __, bad) => {
    for (const [{ evidence }, says] of bad) expect(saysOf(check(evidence))).toEqual([says]);
  });

  it('leaves a process that ended to another check', () => {
    expect(checks.comesBack()(live().drop().struck().exit('ends with exit code 1').evidence)).toEqual([]);
  });

  it('of all fires on its fault alone, where others look at something else', () => {
    const every = [checks.runsOn(), checks.noFlood, checks.keepsSecrets, checks.nothingLost, checks.comesBack()];
    const { evidence } = resumed().line('secret.token');
    expect(saysOf(every.flatMap((check) => check(evidence)))).toEqual(['secret: the token is printed, in 1 line']);
  });

  it('looks for the token in what is told over the control channel too', () => {
    const told = (what: 'failed' | 'record') =>
      live().item({ at: 0, kind: 'told', what, fields: { reason: 'secret.token was refused' } }).evidence;
    expect(saysOf(checks.keepsSecrets(told('failed')))).toEqual(['secret: the token is printed, in 1 line']);
    expect(checks.keepsSecrets(told('record'))).toEqual([]);
  });

  it('takes a requested heartbeat for no early one', () => {
    const { evidence } = beating(1_000).after(10).gateway({ op: 1 }).beat().after(2_000).beat();
    expect(checks.heartbeatsInTime(evidence)).toEqual([]);
  });

  it('takes one beat for the answer to a request, and not a second that was due just then', () => {
    const { evidence } = live()
      .after(1_000)
      .beat()
      .after(2_900)
      .gateway({ op: 1 })
      .after(1)
      .beat()
      .after(99)
      .beat()
      .after(3_000)
      .beat();
    expect(checks.heartbeatsInTime(evidence)).toEqual([]);
  });
});

describe('noFlood', () => {
  it('tells how many connections and identifies ended the case', () => {
    const { evidence } = identifying(3, 500);
    expect(checks.noFlood(evidence)).toEqual([]);
    evidence.flood = 'identifies';
    expect(saysOf(checks.noFlood(evidence))).toEqual([
      'budget: the case was ended after 3 connections and 3 identifies in 1.5 s',
    ]);
    evidence.flood = 'sockets';
    expect(checks.noFlood(evidence)[0]?.grade).toBe('sockets');
  });
});

describe('rulesHold', () => {
  it('finds nothing where a client does as documented', () => {
    expect(checks.rulesHold()(resumed().evidence)).toEqual([]);
  });

  it('finds a broken rule with its clause, by its grade, and how often', () => {
    const twice = live().identify().identify();
    expect(checks.rulesHold()(twice.evidence)).toEqual([
      {
        grade: 'letter',
        spec: 'gateway#identifying',
        says: expect.stringMatching(/^at most one Identify or Resume is sent on a connection: .+ \(and 1 time more\)$/),
      },
    ]);
    expect(checks.rulesHold()(renewed().evidence)[0]).toMatchObject({ grade: 'budget', spec: 'gateway#resuming' });
  });

  it('tolerates that a client does not wait after Invalid Session, and not that it stays', () => {
    const soon = live().gateway({ op: 9, d: true }).close('client', 4900).close('gateway', 4900).after(500).back();
    expect(checks.rulesHold()(soon.evidence)).toEqual([expect.objectContaining({ tolerated: expect.any(String) })]);
    for (const never of [live().gateway({ op: 9, d: true }), live().gateway({ op: 9, d: false }).resume()]) {
      expect(
        checks
          .rulesHold()(never.evidence)
          .filter(({ spec }) => spec === 'gateway#invalid-session'),
      ).toEqual([
        {
          grade: 'letter',
          spec: 'gateway#invalid-session',
          says: expect.stringMatching(/: the connection was kept$/),
        },
      ]);
    }
  });

  it('tolerates a Resume on the same connection after Invalid Session that allows one', () => {
    const found = checks.rulesHold()(live().gateway({ op: 9, d: true }).resume().resumed().evidence);
    expect(found.map(({ spec, tolerated }) => [spec, typeof tolerated])).toEqual([
      ['gateway#identifying', 'string'],
      ['gateway#invalid-session', 'string'],
    ]);
  });

  it('allows for how long the runner itself was held up', () => {
    const late = live().after(100).message('2').deliver('2').after(900).beat(2);
    expect(checks.rulesHold()(late.evidence)).toMatchObject([{ spec: 'gateway#sending-heartbeats' }]);
    late.evidence.lag = 600;
    expect(checks.rulesHold()(late.evidence)).toEqual([]);
  });

  it('tolerates that one heartbeat more is tried where an ACK is missing, and not two', () => {
    const silentFor = (ms: number) => checks.rulesHold()(live().after(ms).close('client', 4900).evidence);
    expect(silentFor(5_700)).toEqual([]);
    expect(silentFor(7_900)).toMatchObject([{ grade: 'stuck', tolerated: 'one heartbeat more may be tried' }]);
    const [finding] = silentFor(8_100);
    expect([finding?.grade, finding?.tolerated]).toEqual(['stuck', undefined]);
  });

  it('tells times as they stand in the timeline', () => {
    const began = 1_796_082_558_848.979;
    const twice = new Scenario().at(began).open().hello().identify().after(1_234.5).identify();
    expect(checks.rulesHold()(twice.evidence)[0]?.says).toMatch(/: client message at 1\.23 s \{/);
  });

  it('tolerates a limit in seconds that is within two of Discord’s intervals, and grades by whether messages come', () => {
    const silent = (ms: number) => live().after(ms).close('client', 4900);
    expect(checks.rulesHold()(silent(60_000).evidence)).toMatchObject([
      { tolerated: expect.stringContaining('41.25 s') },
    ]);
    expect(checks.rulesHold()(silent(20_000).evidence)[0]?.tolerated).toBeUndefined();
    expect(checks.rulesHold()(silent(84_000).evidence)[0]?.tolerated).toBeUndefined();
    const fed = live().after(6_000).message('2').deliver('2').after(40_000).close('client', 4900);
    expect(
      checks
        .rulesHold()(fed.evidence)
        .map(({ grade, tolerated }) => [grade, tolerated]),
    ).toEqual([['letter', undefined]]);
  });

  it('notes a habit where a case is about something else, and judges the rest all the same', () => {
    const early = new Scenario().open().identify().hello().ready().after(10).identify();
    const notes = (habits: 'judged' | 'noted') =>
      checks
        .rulesHold([], { habits })(early.evidence)
        .map(({ spec, tolerated }) => [spec, tolerated === undefined]);
    expect(notes('judged')).toEqual([
      ['gateway#hello-event', true],
      ['gateway#identifying', true],
    ]);
    expect(notes('noted')).toEqual([
      ['gateway#hello-event', false],
      ['gateway#identifying', true],
    ]);
  });

  it('leaves out what a case judges otherwise', () => {
    const says = 'at most one Identify or Resume is sent on a connection';
    expect(checks.rulesHold([says])(live().identify().evidence)).toEqual([]);
  });
});

describe('what heartbeats carry before the first event', () => {
  const beat = (d: number | null) =>
    new Scenario().open().hello().identify().at(3_000).beat(d).after(100).ready().at(6_000).beat(1).evidence;

  it('is null; 0 is no finding but where it is asked for, and any other number is one everywhere', () => {
    expect([checks.rulesHold()(beat(null)), checks.nothingBeforeFirst(beat(null))]).toEqual([[], []]);
    expect(checks.rulesHold()(beat(0))).toMatchObject([{ tolerated: expect.stringContaining('silent/ready') }]);
    expect(checks.nothingBeforeFirst(beat(0))).toMatchObject([
      { grade: 'letter', says: expect.stringContaining('carries 0') },
    ]);
    const [{ tolerated, grade } = { grade: '' }] = checks.rulesHold()(beat(7));
    expect([grade, tolerated]).toEqual(['letter', undefined]);
  });
});

describe('runsOnOnceReady', () => {
  it('tolerates an end before the first READY', () => {
    const ended = (scenario: Scenario) => checks.runsOnOnceReady(scenario.exit('ends with exit code 1').evidence);
    expect(ended(new Scenario().request())).toEqual([expect.objectContaining({ tolerated: expect.any(String) })]);
    expect(saysOf(ended(live()))).toEqual(['crash: the process ends with exit code 1']);
    expect(checks.runsOnOnceReady(live().evidence)).toEqual([]);
  });
});

describe('settledAfter', () => {
  it('holds once the newest session has been live for so long', () => {
    const settled = checks.settledAfter(1_000);
    const back = () => live().drop().struck().after(500).back();
    expect(settled(new Scenario().evidence)).toBe(false);
    expect(settled(live().struck().after(5_000).order('over').evidence)).toBe(false);
    expect(settled(back().evidence)).toBe(false);
    expect(settled(back().after(1_001).order('over').evidence)).toBe(true);
    expect(settled(back().after(1_001).drop().evidence)).toBe(false);
    expect(settled(back().after(900).drop().back().after(900).order('over').evidence)).toBe(false);
  });
});

describe('settledOrStays', () => {
  it('holds on the connection on which it was struck as well, after twice as long', () => {
    const settled = checks.settledOrStays(1_000);
    expect(settled(live().struck().after(2_000).order('over').evidence)).toBe(false);
    expect(settled(live().struck().after(2_001).order('over').evidence)).toBe(true);
    expect(settled(live().struck().drop().after(2_001).order('over').evidence)).toBe(false);
    expect(settled(live().drop().struck().after(500).back().after(1_001).order('over').evidence)).toBe(true);
  });
});

describe('isLive', () => {
  it('holds while the newest connection is open and has its session', () => {
    expect(checks.isLive(new Scenario().evidence)).toBe(false);
    expect(checks.isLive(new Scenario().open().hello().evidence)).toBe(false);
    expect(checks.isLive(live().evidence)).toBe(true);
    expect(checks.isLive(away().evidence)).toBe(false);
    expect(checks.isLive(resumed().evidence)).toBe(true);
  });
});

describe('liveAgain', () => {
  it('is when a session was live for the first time after it was struck', () => {
    expect(checks.liveAgain(live().struck().evidence)).toBeNull();
    expect(checks.liveAgain(resumed().evidence)).toBe(1_500);
  });
});

import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import { pure } from '../../../../machines/kit/pure.js';
import { CAUSES } from '../../../../machines/shard/causes.js';
import { shardMachine } from '../../../../machines/shard/chart.js';
import { shardAbstraction } from '../../../../machines/shard/laws/abstraction.js';
import { DEFAULT_POLICY, type PolicyOptions, policyFrom } from '../../../../machines/shard/policy.js';
import type { ShardEvent } from '../../../../machines/shard/vocabulary.js';
import { MAIN_URL, RESUME_URL, SESSION } from '../../../support/shard-steps.js';

const { initial, step } = pure(shardMachine);
const { key, label, alphabet, roots } = shardAbstraction;

/** A shard after events; the numbers of questions and connections are filled in. */
function after(
  events: readonly object[],
  policy: PolicyOptions = {},
  from = initial({ policy: policyFrom(policy) }).snapshot,
) {
  return events.reduce<SnapshotFrom<typeof shardMachine>>((at, each) => {
    const { connection, request } = at.context;
    return step(at, {
      ...each,
      ...('connection' in each && { connection }),
      ...('request' in each && { request }),
    } as ShardEvent).snapshot;
  }, from);
}

const connection = 0;
const request = 0;
const start = { type: 'start' };
const located = { type: 'located', request, url: MAIN_URL };
const opened = { type: 'opened', connection };
const hello = { type: 'hello', connection, interval: 41_250 };
const permitted = { type: 'permitGranted', request };
const ready = { type: 'ready', connection, sequence: 1, session: SESSION };
const lost = { type: 'closed', connection, code: 1006 };
const waited = { type: 'timer.reconnect' };
const identifying = [start, located, opened, hello, permitted];
const live = [...identifying, ready];
const resuming = [...live, lost, waited, opened, hello];

describe('the roots', () => {
  it('are the documented policy and the one that takes any message for a sign of life', () => {
    expect(roots).toEqual({
      documented: { policy: DEFAULT_POLICY },
      anyTraffic: { policy: { ...DEFAULT_POLICY, zombieTest: 'anyTraffic' } },
    });
  });
});

describe('the key', () => {
  it.each<[string, readonly object[]]>([
    ['stopped, Gateway unknown, no session', []],
    ['running.locating, Gateway unknown, no session', [start]],
    ['running.connection.reaching.opening, Gateway known, no session', [start, located]],
    [
      'running.connection.open(session.ready.settling + heartbeat.jittering + reading.flowing), Gateway known, session at its own URL, resumes: 0',
      live,
    ],
    ['running.waiting, Gateway known, session at its own URL, resumes: 1', [...resuming, lost]],
    ['running.waiting, Gateway known, session at the main URL, resumes: 0', [...live, lost, waited, lost]],
    [
      'running.waiting, Gateway unknown, session at the main URL, resumes: 0',
      [...live, lost, waited, lost, waited, lost],
    ],
    ['running.waiting, Gateway unknown, no session', [start, located, lost]],
  ])('is "%s"', (text, events) => {
    expect(key(after(events))).toBe(text);
  });

  it('knows whether there is a sequence, where a session is or may yet begin to count', () => {
    const unnumbered = [...identifying, { ...ready, sequence: null }];
    const open =
      'running.connection.open(session.ready.settling + heartbeat.jittering + reading.flowing), Gateway known';
    expect(key(after(unnumbered))).toBe(`${open}, session at its own URL, resumes: 0, no sequence`);
    expect(key(after([...unnumbered, lost]))).toMatch(/^running\.waiting, .*, no sequence$/);
    expect(key(after([...unnumbered, { type: 'dispatch', connection, sequence: 2 }]))).toBe(key(after(live)));
    expect(key(after([...identifying, { ...ready, session: null }]))).toBe(`${open}, no session`);
    expect(key(after([...identifying, { ...ready, session: null, sequence: null }]))).toBe(
      `${open}, no session, no sequence`,
    );
    expect(key(after(identifying))).not.toContain('sequence');
  });

  it('counts resumes up to the budget only', () => {
    const snapshot = after(live);
    const counted = (resumes: number) => key({ ...snapshot, context: { ...snapshot.context, resumes } });
    expect([2, 3, 4, 100].map((resumes) => counted(resumes).match(/resumes: \d+/)?.[0])).toEqual([
      'resumes: 2',
      'resumes: 3',
      'resumes: 3',
      'resumes: 3',
    ]);
  });

  it('knows nothing of what sets delays and payloads only', () => {
    const more = [
      { type: 'dispatch', connection, sequence: 7 },
      { type: 'unknownOpcode', connection, opcode: 99 },
    ];
    const quick = [...identifying.slice(0, 3), { ...hello, interval: 600 }, permitted, { ...ready, sequence: 9 }];
    expect(key(after([...live, ...more]))).toBe(key(after(live)));
    expect(key(after(quick))).toBe(key(after(live)));
  });
});

describe('the alphabet', () => {
  const kinds = (events: readonly object[]) => alphabet(after(events)).map(label);

  it('has every kind of event once, the codes that stand for the others first', () => {
    expect(kinds([])).toEqual([
      'start',
      'stop',
      'detach',
      'reconnect',
      'reconnect (fresh)',
      'located',
      'locateFailed (unauthorized)',
      'locateFailed (rateLimited)',
      'locateFailed (unavailable)',
      'locateFailed (unreachable)',
      'permitGranted',
      'permitRefused (until later)',
      'permitRefused (for good)',
      'opened',
      ...[1006, 4009, 4004].map((code) => `closed (${code})`),
      ...[1000, 1001, 1002, 1003, 1004, 1005, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015].map(
        (code) => `closed (${code})`,
      ),
      ...[4000, 4001, 4002, 4003, 4005, 4006, 4007, 4008, 4010, 4011, 4012, 4013, 4014, 4999].map(
        (code) => `closed (${code})`,
      ),
      'closed (HTTP 429)',
      'hello',
      'heartbeatAck',
      'heartbeatRequested',
      'reconnectRequested',
      'invalidSession (true)',
      'invalidSession (false)',
      'ready',
      'ready (no resume URL)',
      'ready (no session id)',
      'ready (no number)',
      'resumed',
      'dispatch',
      'dispatch (repeated)',
      'dispatch (no number)',
      'dispatched',
      'unknownOpcode',
      'malformed',
      'undecodable',
      'backlogFull',
      'backlogDrained',
      'backlogOverflowed',
      'timer.locate',
      'timer.open',
      'timer.hello',
      'timer.permit',
      'timer.ready',
      'timer.resumed',
      'timer.replay',
      'timer.settle',
      'timer.firstHeartbeat',
      'timer.heartbeat',
      'timer.silence',
      'timer.overdue',
      'timer.close',
      'timer.reconnect',
      'timer.room',
    ]);
  });

  it('has the same kinds in the same order in every state', () => {
    for (const events of [live, resuming, [...live, lost]]) expect(kinds(events)).toEqual(kinds([]));
  });

  it('is addressed to the questions that are open', () => {
    const snapshot = after([...live, lost, waited]);
    const { connection, request } = snapshot.context;
    expect([connection, request]).toEqual([2, 2]);
    for (const event of alphabet(snapshot)) {
      if ('connection' in event) expect(event.connection, label(event)).toBe(2);
      if ('request' in event) expect(event.request, label(event)).toBe(2);
    }
  });

  it('counts on from the last sequence, and gives each connection a session of its own', () => {
    const snapshot = after([...live, { type: 'dispatch', connection, sequence: 7 }]);
    const events = alphabet(snapshot);
    const sequences = (type: ShardEvent['type']) =>
      events.flatMap((event) => (event.type === type && 'sequence' in event ? [event.sequence] : []));
    expect((['resumed', 'dispatch', 'dispatched'] as const).map(sequences)).toEqual([[8], [8, 0, null], [9]]);
    expect(events.find(({ type }) => type === 'ready')).toMatchObject({
      session: { id: 'session-1', url: RESUME_URL },
    });
  });
});

describe('home', () => {
  const { isHome } = shardAbstraction;

  it('is a session that is live', () => {
    expect(isHome?.(after(live))).toBe(true);
    expect(isHome?.(after([...live, { type: 'timer.settle' }]))).toBe(true);
  });

  it.each([
    ['a stopped shard', []],
    ['a shard that identifies', identifying],
    ['a shard that resumes', resuming],
    ['a shard that waits', [...live, lost]],
  ])('is not %s', (_, events) => {
    expect(isHome?.(after(events))).toBe(false);
  });
});

describe('the lifecycle', () => {
  const lifecycle = shardAbstraction.projections?.['lifecycle'];

  it('leaves heartbeats and reading out of the key, and where the session is resumed', () => {
    expect(lifecycle?.key(after(live))).toBe('running.connection.open.session.ready.settling, session');
    expect(lifecycle?.key(after([...live, { type: 'timer.firstHeartbeat' }]))).toBe(lifecycle?.key(after(live)));
    expect(lifecycle?.key(after([...live, { type: 'backlogFull' }]))).toBe(lifecycle?.key(after(live)));
    expect(lifecycle?.key(after([...live, lost]))).toBe('running.waiting, session');
    expect(lifecycle?.key(after([]))).toBe('stopped, no session');
  });

  it('leaves out the events of heartbeats and reading, and all close codes but one for each recovery', () => {
    const left = alphabet(after([])).filter((event) => !lifecycle?.includes(event));
    const codes = left.flatMap((event) => (event.type === 'closed' ? [event.code] : []));
    expect(left.filter(({ type }) => type !== 'closed').map(({ type }) => type)).toEqual([
      'heartbeatAck',
      'heartbeatRequested',
      'backlogFull',
      'backlogDrained',
      'backlogOverflowed',
      'timer.firstHeartbeat',
      'timer.heartbeat',
      'timer.silence',
      'timer.overdue',
    ]);
    expect(codes).toContain(1000);
    expect(codes).toHaveLength(30);
    expect(codes.filter((code) => [1006, 4009, 4004].includes(code))).toEqual([1006]); // which tells when to come again
    expect(left.map(label)).toContain('closed (HTTP 429)');
  });
});

describe('the causes', () => {
  it('are those of the shard', () => {
    expect(shardAbstraction.causes).toBe(CAUSES);
  });
});

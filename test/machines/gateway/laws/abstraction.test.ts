import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import { GATEWAY_CAUSES } from '../../../../machines/gateway/causes.js';
import { gatewayMachine } from '../../../../machines/gateway/chart.js';
import { gatewayAbstraction } from '../../../../machines/gateway/laws/abstraction.js';
import type { GatewayEvent } from '../../../../machines/gateway/vocabulary.js';
import { pure } from '../../../../machines/kit/pure.js';
import { EVENT, identify, resume } from '../../../support/gateway-steps.js';

const { initial, step } = pure(gatewayMachine);
const { key, label, alphabet, roots } = gatewayAbstraction;
type Snapshot = SnapshotFrom<typeof gatewayMachine>;

/** A Gateway after events; the number of the connection is filled in. */
function after(
  events: readonly GatewayEvent[],
  from: Snapshot = initial(roots['documented'] ?? {}).snapshot,
): Snapshot {
  return events.reduce<Snapshot>((at, each) => {
    const { connection } = at.context;
    return step(at, 'connection' in each ? ({ ...each, connection } as GatewayEvent) : each).snapshot;
  }, from);
}

const connected = { type: 'connected', number: 1 } as const;
const again = { type: 'connected', number: 2 } as const;
const hello = { type: 'timer.hello' } as const;
const ready = { type: 'timer.ready' } as const;
const lost = { type: 'closed', connection: 1, code: 1006 } as const;
const open: readonly GatewayEvent[] = [connected, hello];
const live: readonly GatewayEvent[] = [...open, identify(), ready];
/** Back with three dispatches missed. */
const missed: readonly GatewayEvent[] = [...live, EVENT.dispatch, EVENT.dispatch, EVENT.dispatch, lost, again, hello];
const replaying: readonly GatewayEvent[] = [...missed, resume(1, 's2')];

describe('the roots', () => {
  it('are small parts of a replay, once with a missing heartbeat that ends the session', () => {
    expect(roots).toEqual({
      documented: { settings: { replayBatch: 2 } },
      timesOut: { settings: { replayBatch: 2, missedHeartbeatCode: 4009 } },
    });
  });
});

describe('the key', () => {
  it.each<[string, readonly GatewayEvent[]]>([
    ['listening.empty, no session', []],
    [
      'connection.open(session.greeting.due + heartbeat.unexpected + stay.welcome + answers.complete), no session',
      [connected],
    ],
    ['connection.open(session.live + heartbeat.expected + stay.welcome + answers.complete), session', live],
    [
      'connection.open(session.live + heartbeat.expected + stay.welcome + answers.complete), session with something to replay',
      [...live, EVENT.dispatch],
    ],
    ['listening.keeping, session with something to replay', [...live, EVENT.dispatch, lost]],
    [
      'connection.open(session.replaying.due + heartbeat.expected + stay.welcome + answers.complete), session with something to replay, 3 left of the replay',
      replaying,
    ],
  ])('is "%s"', (text, events) => {
    expect(key(after(events))).toBe(text);
  });

  it('counts what is left of a replay, and not what is kept for one', () => {
    expect(key(after([...replaying, { type: 'timer.replay' }]))).toContain('1 left of the replay');
    expect(key(after([...live, EVENT.dispatch, EVENT.dispatch]))).toBe(key(after([...live, EVENT.dispatch])));
  });
});

describe('the alphabet', () => {
  const kinds = (events: readonly GatewayEvent[]) => alphabet(after(events)).map(label);

  it('has every kind of event once', () => {
    expect(kinds(live)).toEqual([
      'connected',
      ...[1000, 1001, 1005, 1006, 4900].map((code) => `closed (${code})`),
      ...['accepted', '4004', '4010', '4011', '4012', '4013', '4014', 'op 9'].map(
        (name) => `received.identify (${name})`,
      ),
      'received.resume (s2, 1)',
      'received.resume (s2, 2)',
      'received.resume (s2, 0)',
      'received.resume (another session, 2)',
      'received.resume (4004)',
      'received.heartbeat',
      'received.command',
      'received.unknownOpcode',
      'received.undecodable',
      'received.tooLarge',
      'received.tooMany',
      'dispatch',
      'requestHeartbeat',
      'requestReconnect',
      'invalidateSession (true)',
      'invalidateSession (false)',
      ...[1000, 4000, 4004, 4009, 4999].map((code) => `closeWith (${code})`),
      'adopt (something to replay)',
      'adopt',
      'release',
      'fault.withholdHello',
      'fault.withholdReady',
      'fault.withholdResumed',
      'fault.swallowAcks',
      'fault.resumeThenDrop',
      'fault.ignoreClose',
      'fault.end',
      'fault.goSilent',
      'fault.stopReading',
      'fault.startReading',
      'fault.dropTcp',
      'fault.malformed',
      'fault.skipSequence',
      'timer.hello',
      'timer.ready',
      'timer.replay',
      'timer.heartbeat',
      'timer.leave',
      'timer.close',
      'timer.retention',
    ]);
  });

  it('resumes where something, all or too much is kept, and where nothing is', () => {
    const resumes = (events: readonly GatewayEvent[]) =>
      kinds(events).filter((kind) => kind.startsWith('received.resume'));
    expect(resumes(missed)).toEqual([
      'received.resume (s2, 4)',
      'received.resume (s2, 3)',
      'received.resume (s2, 5)',
      'received.resume (s2, 0)',
      'received.resume (another session, 5)',
      'received.resume (4004)',
    ]);
    expect(resumes([])).toEqual([
      'received.resume (no such session, 1)',
      'received.resume (no such session, 2)',
      'received.resume (no such session, 0)',
      'received.resume (another session, 2)',
      'received.resume (4004)',
    ]);
  });

  it('has dispatches only while few are left of a replay', () => {
    expect(kinds(replaying)).not.toContain('dispatch');
    expect(kinds([...replaying, { type: 'timer.replay' }])).toContain('dispatch');
  });

  it('is addressed to the connection that is open, and offers each a session of its own', () => {
    const snapshot = after(replaying);
    for (const event of alphabet(snapshot)) {
      if ('connection' in event) expect(event.connection, label(event)).toBe(2);
    }
    expect(alphabet(snapshot)[0]).toEqual({ type: 'connected', number: 3 });
    expect(alphabet(snapshot).find(({ type }) => type === 'received.identify')).toMatchObject({
      sessionId: 'session-2',
    });
  });

  it('calls an Identify that has several faults refused', () => {
    expect(label(identify({ tokenMatches: false, permitted: false }))).toBe('received.identify (refused)');
  });
});

describe('home', () => {
  it('is a session that is live', () => {
    const { isHome } = gatewayAbstraction;
    expect(isHome?.(after(live))).toBe(true);
    expect([[], [connected], open, replaying, [...live, lost]].map((events) => isHome?.(after(events)))).toEqual(
      Array(5).fill(false),
    );
  });
});

describe('the lifecycle', () => {
  const lifecycle = gatewayAbstraction.projections?.['lifecycle'];

  it('leaves what goes on beside the session out of the key, and what is to be replayed', () => {
    expect(lifecycle?.key(after(live))).toBe('connection.open.session.live, session');
    expect(
      lifecycle?.key(after([...live, EVENT.dispatch, EVENT.requestReconnect, { type: 'fault.swallowAcks' }])),
    ).toBe('connection.open.session.live, session');
    expect(lifecycle?.key(after([connected]))).toBe('connection.open.session.greeting.due, no session');
  });

  it('leaves out faults, and what others stand for', () => {
    const kinds = alphabet(after(live))
      .filter((event) => lifecycle?.includes(event))
      .map(label);
    expect(kinds).toEqual([
      'connected',
      'closed (1000)',
      'closed (1006)',
      'received.identify (accepted)',
      'received.identify (4004)',
      'received.resume (s2, 1)',
      'received.resume (s2, 2)',
      'received.resume (s2, 0)',
      'received.resume (another session, 2)',
      'received.resume (4004)',
      'dispatch',
      'invalidateSession (true)',
      'invalidateSession (false)',
      'closeWith (1000)',
      'closeWith (4000)',
      'closeWith (4009)',
      'adopt (something to replay)',
      'adopt',
      'release',
      'timer.hello',
      'timer.ready',
      'timer.replay',
      'timer.close',
      'timer.retention',
    ]);
  });
});

describe('the causes', () => {
  it('are those of the Gateway', () => {
    expect(gatewayAbstraction.causes).toBe(GATEWAY_CAUSES);
  });
});

import { describe, expect, it } from 'vitest';
import {
  CAUSES,
  type Cause,
  type CauseName,
  DEFAULT_POLICY,
  shardAbstraction,
  shardMachine,
  stateName,
} from '../../machines/index.js';
import { pure } from '../../machines/kit/pure.js';
import { explore } from '../../src/exploring/graph.js';
import { LocateError } from '../../src/ports/index.js';
import { HealthMeter, statusIn } from '../../src/shard/health.js';
import type { Health } from '../../src/shard/index.js';
import { type Check, testEach } from '../support/checks.js';
import { memoryWorld } from '../support/memory.js';

/** With traffic of any kind: that alone reaches every state of the chart. */
const { anyTraffic } = shardAbstraction.roots;
const { nodes } = explore(shardMachine, { ...shardAbstraction, roots: { anyTraffic } });
const snapshots = [...nodes.values()].map(({ snapshot }) => snapshot);
const statesThatAre = (status: string) =>
  new Set(snapshots.filter((snapshot) => statusIn(snapshot) === status).map(({ value }) => stateName(value)));

describe('the health of a shard', () => {
  it('is good in no state in which dispatches do not arrive, or the Gateway may be dead', () => {
    expect(statesThatAre('healthy').size).toBeGreaterThan(3);
    for (const state of statesThatAre('healthy')) {
      expect(state).toMatch(/session\.ready\.(settling|unproven|settled)/);
      expect(state).not.toMatch(/overdue|paused|excused|catchingUp/);
    }
    const ready = snapshots.filter(({ value }) =>
      /ready.*(jittering|awaitingAck|acked).*flowing/.test(stateName(value)),
    );
    expect(ready.length).toBeGreaterThan(3);
    for (const snapshot of ready) expect(statusIn(snapshot)).toBe('healthy');
  });

  it('is down where nothing runs or it ends', () => {
    const ending = snapshots.filter(({ value }) =>
      /^(stopped|failed)$|closing\.(stopping|failing)$/.test(stateName(value)),
    );
    expect(new Set(ending.map(({ value }) => stateName(value))).size).toBe(4);
    for (const snapshot of ending) expect(statusIn(snapshot)).toBe('down');
  });

  it('is down from the third try on, and in a long wait, wherever the shard is about to connect', () => {
    for (const snapshot of snapshots) {
      const status = statusIn(snapshot, 1);
      const later = statusIn(snapshot, 3);
      const isReady = stateName(snapshot.value).includes('session.ready');
      if (!isReady) expect(later).toBe('down');
      else expect(later).toBe(status);
    }
    const waiting = snapshots.find(({ value }) => stateName(value) === 'running.waiting');
    if (!waiting) throw new Error('no state waits');
    const told = (ms: number) => snapshotIn(waiting.value, { attempts: 0, wait: { for: 'retryAfter', ms } });
    expect(statusIn(told(60_000))).toBe('degraded');
    expect(statusIn(told(60_001))).toBe('down');
  });
});

const { snapshot: STOPPED } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });
type Snapshot = typeof STOPPED;

const FULL = { identifies: { left: 10, nextAt: null }, storm: null };
const meterAt = (now: number, snapshot = STOPPED) => new HealthMeter(snapshot, now, () => FULL, { health() {} });

/** The chart in a state, with some of its context. */
function snapshotIn(value: unknown, context: Partial<Snapshot['context']> = {}): Snapshot {
  return shardMachine.resolveState({ value: value as never, context: { ...STOPPED.context, attempts: 0, ...context } });
}

const open = (session: string, heartbeat: string, reading: string, attempts = 0) =>
  snapshotIn({ running: { connection: { open: { session, heartbeat, reading } } } }, { attempts });
const WAITING = { running: 'waiting' };
const waiting = (ms: number, attempts = 0) => snapshotIn(WAITING, { attempts, wait: { for: 'retryAfter', ms } });
const READY = { ready: 'settled' } as never;
const BEATING = { beating: 'acked' } as never;

const STATES: readonly Check[] = [
  ['stopped', () => statusIn(STOPPED), 'down'],
  ['failed', () => statusIn(snapshotIn('failed')), 'down'],
  ['ready', () => statusIn(open(READY, BEATING, 'flowing')), 'healthy'],
  ['ready, at the third try', () => statusIn(open(READY, BEATING, 'flowing', 3)), 'healthy'],
  ['paused', () => statusIn(open(READY, BEATING, 'paused')), 'degraded'],
  ['paused, at the third try', () => statusIn(open(READY, BEATING, 'paused', 3)), 'degraded'],
  ['identifying', () => statusIn(open('identifying', 'jittering', 'flowing', 2)), 'degraded'],
  ['identifying, at the third try', () => statusIn(open('identifying', 'jittering', 'flowing', 3)), 'down'],
  ['a wait', () => statusIn(waiting(59_000, 2)), 'degraded'],
  ['a wait, at the third try', () => statusIn(waiting(1, 3)), 'down'],
  ['a long wait', () => statusIn(waiting(60_001)), 'down'],
  ['closing to stop', () => statusIn(snapshotIn({ running: { connection: { closing: 'stopping' } } })), 'down'],
  [
    'a state after a long wait',
    () => statusIn(snapshotIn({ running: 'locating' }, { wait: { for: 'retryAfter', ms: 60_001 } })),
    'degraded',
  ],
];

/** A meter, and what it says of one step after the other. */
function follow(...steps: readonly [snapshot: Snapshot, causes: readonly CauseName[], now: number][]): unknown {
  const meter = meterAt(5);
  const brief = ({ status, since, cause: { name }, state }: HealthMeter['health']) =>
    `${status} ${since} ${name} ${state}`;
  const said = steps.map(([snapshot, names, now]) => {
    const health = meter.see(snapshot, names.map(causeOf), now);
    return health && brief(health);
  });
  return [...said, brief(meter.health)];
}
const causeOf = (name: CauseName): Cause => ({ name });

const WAITS = 'running.waiting';
const FLOWING = 'running.connection.open(session.ready.settled + heartbeat.beating.acked + reading.flowing)';
/** How many states were made up so far; what was seen once stays known. */
let unseen = 0;

/** Whether a cause alone is told again while the shard is as it was. */
function isReason(name: CauseName): boolean {
  const meter = meterAt(5, waiting(1));
  return meter.see(waiting(1), [{ name, reason: 'another than before' }], 10) !== null;
}

/** The causes that say why a shard is degraded or down; all others are steps on the way. */
// biome-ignore format: by groups
const REASONS: readonly CauseName[] = [
  'stopped', 'detached', 'restarted', 'renewed',
  'resumesSpent', 'unauthorized', 'locateFailed', 'locateTimedOut',
  'openTimedOut', 'helloTimedOut', 'readyTimedOut', 'readyInstead', 'resumeTimedOut', 'replayTimedOut',
  'stillQueued', 'permitDelayed', 'permitRefused',
  'ackMissing', 'ackExcused', 'zombied', 'backlogFull', 'backlogOverflowed',
  'reconnectRequested', 'sessionInterrupted', 'sessionInvalidated',
  'closedForResume', 'closedForIdentify', 'closedForGood', 'undecodable',
];

const METERS: readonly Check[] = [
  [
    'causes that say why a shard is not healthy are told again, and steps on the way are not',
    () => new Set((Object.keys(CAUSES) as CauseName[]).filter(isReason)),
    new Set(REASONS),
  ],
  ['a shard that has not started', () => follow(), ['down 5 stopped stopped']],
  [
    'a state that was never seen before by its name, and again',
    () => {
      unseen += 1;
      const { health } = meterAt(5, { ...STOPPED, value: { running: `unseen${unseen}` } as never });
      const again = meterAt(5, { ...STOPPED, value: { running: `unseen${unseen}` } as never }).health;
      return [health.state, again.state].map((state) => state === `running.unseen${unseen}`);
    },
    [true, true],
  ],
  [
    'its why and its clause',
    () => {
      const { why, clause } = meterAt(5).health;
      return [why, clause];
    },
    ['stop was ordered: the session ends', 'user'],
  ],
  [
    'what explains nothing is told where the status changes alone',
    () =>
      follow(
        [waiting(1), ['started', 'gatewayKnown'], 10],
        [waiting(1), ['opened'], 20],
        [open(READY, BEATING, 'flowing'), ['ready', 'stopped'], 30],
        [open(READY, BEATING, 'flowing'), ['zombied'], 40],
      ),
    [`degraded 10 started ${WAITS}`, null, `healthy 30 ready ${FLOWING}`, null, `healthy 30 ready ${FLOWING}`],
  ],
  [
    'the last cause that explains it is told, once, and the time stays while the status does',
    () =>
      follow(
        [waiting(1), ['zombied', 'closedForResume', 'opened'], 10],
        [waiting(2), ['closedForResume'], 20],
        [waiting(3), ['undecodable'], 30],
      ),
    [
      `degraded 10 closedForResume ${WAITS}`,
      null,
      `degraded 10 undecodable ${WAITS}`,
      `degraded 10 undecodable ${WAITS}`,
    ],
  ],
  [
    'what gets worse for no new reason keeps its reason',
    () => follow([waiting(1), ['zombied'], 10], [waiting(1, 3), ['waited'], 20], [waiting(1), ['waited'], 30]),
    [
      `degraded 10 zombied ${WAITS}`,
      `down 20 zombied ${WAITS}`,
      `degraded 30 waited ${WAITS}`,
      `degraded 30 waited ${WAITS}`,
    ],
  ],
  [
    'what ends by order has the order as its reason, whatever went wrong before',
    () => [
      follow([waiting(1), ['zombied'], 10], [snapshotIn('stopped'), ['stopped'], 20]),
      follow([waiting(1), ['zombied'], 10], [snapshotIn('stopped'), ['detached'], 20]),
    ],
    ['stopped', 'detached'].map((order) => [
      `degraded 10 zombied ${WAITS}`,
      `down 20 ${order} stopped`,
      `down 20 ${order} stopped`,
    ]),
  ],
  [
    'what is good and then down by what explains nothing has the first cause',
    () => follow([open(READY, BEATING, 'flowing'), ['ready'], 10], [snapshotIn('failed'), ['opened', 'waited'], 20]),
    [`healthy 10 ready ${FLOWING}`, 'down 20 opened failed', 'down 20 opened failed'],
  ],
  [
    'a cause with other facts is another',
    () => {
      const meter = meterAt(5);
      const see = (closeCode: number) => meter.see(waiting(1), [{ name: 'closedForResume', closeCode }], 10) !== null;
      return [see(4000), see(4000), see(1011)];
    },
    [true, false, true],
  ],
];

describe('the status of a state', () => testEach(STATES));
describe('a health meter', () => testEach(METERS));

/** What a shard said of its health: when, how, and why by the name of the cause. */
function healthOf(world: ReturnType<typeof memoryWorld>) {
  const said: Health[] = [];
  world.shard.on('health', (health) => said.push(health));
  return { said, brief: () => said.splice(0).map(({ status, cause }) => `${status}: ${cause.name}`) };
}

describe('shard.health()', () => {
  it('is down before the start, then degraded, then healthy, and says since when and why', async () => {
    const world = memoryWorld();
    const { said, brief } = healthOf(world);
    expect(world.shard.health()).toEqual({
      status: 'down',
      since: 0,
      why: CAUSES.stopped.says,
      clause: 'user',
      cause: { name: 'stopped' },
      state: 'stopped',
      retryAt: null,
      ...FULL,
    });
    await world.pass(1_000);
    void world.order.start();
    expect(world.shard.health()).toMatchObject({ status: 'degraded', since: 1_000, why: CAUSES.started.says });
    await world.until(() => world.shard.isReady);
    expect(world.shard.health()).toMatchObject({
      status: 'healthy',
      since: world.clock.now(),
      clause: 'gateway#ready-event',
      state: world.shard.state,
    });
    expect(said.at(-1)).toEqual(world.shard.health());
    expect(brief()).toEqual(['degraded: started', 'healthy: ready']);
  });

  it('tells a lost connection, a resume, a missed ACK and a zombie, each once, and no heartbeat that goes well', async () => {
    const world = memoryWorld();
    const { brief } = healthOf(world);
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await world.pass(100_000);
    expect(brief()).toEqual(['degraded: started', 'healthy: ready']);
    const since = world.clock.now();
    world.gateway.control.injectFault('dropTcp');
    await world.pass(10);
    expect(world.shard.health()).toMatchObject({
      status: 'degraded',
      since: expect.closeTo(since, -2),
      why: expect.stringContaining('1006'),
      clause: 'gateway#disconnecting',
    });
    await world.until(() => world.shard.isReady);
    expect(brief()).toEqual(['degraded: closedForResume', 'healthy: resumed']);
    await world.pass(60_000);
    world.gateway.control.injectFault('goSilent');
    await world.pass(100_000);
    expect(brief()).toEqual(['degraded: ackMissing', 'degraded: zombied', 'healthy: resumed']);
  });

  it('is down once three tries were in vain, keeps its beginning, and has the last reason', async () => {
    let isRight = false;
    const world = memoryWorld({
      locator: {
        locate: async () => {
          if (isRight) return { url: 'wss://gateway.discord.gg', shards: 1, sessionStartLimit: null, fetchedAt: 0 };
          throw new LocateError('unavailable', 'on purpose');
        },
      },
    });
    const { said } = healthOf(world);
    void world.order.start();
    await world.until(() => world.shard.health().status === 'down');
    const { since, cause } = world.shard.health();
    expect(cause.name).toBe('locateFailed');
    expect(said.map(({ status }) => status)).toEqual(['degraded', 'degraded', 'down']);
    expect(said.map(({ cause: { name } }) => name)).toEqual(['started', 'locateFailed', 'locateFailed']);
    await world.pass(30_000);
    expect(world.shard.health()).toMatchObject({ status: 'down', since });
    isRight = true;
    await world.until(() => world.shard.isReady);
    expect(world.shard.health().status).toBe('healthy');
  });

  it('is down when the shard has failed or was stopped, with the reason', async () => {
    const world = memoryWorld();
    world.shard.on('failed', () => {});
    void world.order.start();
    await world.until(() => world.shard.isReady);
    world.gateway.control.injectFault('closeWith', { code: 4004 });
    await world.pass(1_000);
    expect(world.shard.health()).toMatchObject({
      status: 'down',
      why: expect.stringContaining('4004 Authentication failed'),
      state: 'failed',
    });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    const stopped = world.order.stop();
    await world.pass(1_000);
    await stopped;
    expect(world.shard.health()).toMatchObject({ status: 'down', cause: { name: 'stopped' } });
  });

  it('says when the next try begins while it waits, as the transition does, and its state of now', async () => {
    const world = memoryWorld({ random: () => 0.5 });
    const waits: unknown[] = [];
    world.shard.on('transition', ({ to, wait }) => to === 'running.waiting' && waits.push(wait));
    void world.order.start();
    await world.until(() => world.shard.isReady);
    expect(world.shard.health()).toMatchObject({ retryAt: null, state: world.shard.state });
    world.gateway.control.injectFault('refuseResumeHost');
    world.gateway.control.dropTcp();
    await world.until(() => world.shard.state === 'running.waiting');
    const { retryAt } = world.shard.health();
    expect(waits).toEqual([750]); // of the first back-off, of which half is left to chance
    expect(retryAt).toBe(world.clock.now() + 750);
    expect(world.shard.health().state).toBe('running.waiting');
    await world.until(() => world.shard.isReady);
    expect(world.shard.health()).toMatchObject({ retryAt: null, state: world.shard.state });
  });

  it('does not count tries that led to a session', async () => {
    const world = memoryWorld();
    const said: string[] = [];
    world.shard.on('health', ({ status }) => said.push(status));
    void world.order.start();
    for (let i = 0; i < 5; i += 1) {
      await world.until(() => world.shard.isReady);
      world.gateway.control.dropTcp();
      await world.until(() => !world.shard.isReady);
    }
    await world.until(() => world.shard.isReady);
    expect(said).not.toContain('down');
    expect(said.filter((status) => status === 'healthy')).toHaveLength(6);
  });

  it('is down at the third try in vain', () => {
    const meter = meterAt(0);
    meter.see(snapshotIn(WAITING, { attempts: 2 }), [causeOf('closedForResume')], 1);
    expect(meter.health.status).toBe('degraded');
    meter.see(snapshotIn(WAITING, { attempts: 3 }), [causeOf('closedForResume')], 2);
    expect(meter.health.status).toBe('down');
  });

  it.each(['ready', 'readyInstead', 'resumed'] as const)('counts no try that led to %s', (name) => {
    const meter = meterAt(0);
    meter.see(snapshotIn(WAITING, { attempts: 5 }), [causeOf(name)], 1);
    meter.see(snapshotIn(WAITING, { attempts: 7 }), [causeOf('closedForResume')], 2);
    expect(meter.health.status).toBe('degraded');
  });

  it('forgives tries once a session came about, whatever came with it, and counts anew from the next forgiveness on', () => {
    const meter = meterAt(0);
    const waitingAfter = (attempts: number) => snapshotIn(WAITING, { attempts });
    meter.see(waitingAfter(5), [causeOf('ready'), causeOf('backlogFull')], 1);
    meter.see(waitingAfter(7), [causeOf('closedForResume')], 2);
    expect(meter.health.status).toBe('degraded');
    meter.see(waitingAfter(0), [causeOf('settled')], 3);
    meter.see(waitingAfter(3), [causeOf('closedForResume')], 4);
    expect(meter.health.status).toBe('down');
  });

  it('goes by the number that the wait itself was drawn with, and tells of none elsewhere', async () => {
    const draws = [0.125, 0.875, 0.5, 0.25];
    const world = memoryWorld({ random: () => draws.shift() ?? 0.75 });
    const waits: unknown[] = [];
    const without: boolean[] = [];
    world.shard.on('transition', (news) => {
      if (news.to === 'running.waiting') waits.push(news.wait);
      else without.push('wait' in news);
    });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    world.gateway.control.dropTcp();
    await world.until(() => world.shard.state === 'running.waiting');
    const { retryAt } = world.shard.health();
    expect(waits).toEqual([Number(retryAt) - world.clock.now()]);
    const due = Number(retryAt);
    await world.until(() => world.shard.state !== 'running.waiting');
    expect(Math.round(world.clock.now())).toBe(due);
    expect(new Set(without)).toEqual(new Set([false]));
  });
});

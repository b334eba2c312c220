/** How a shard is said to be: in which states, from which try on, since when and why. Expected values by hand. */
import { type Cause, type CauseName, DEFAULT_POLICY, shardMachine } from '../../machines/index.js';
import { pure } from '../../machines/pure.js';
import { HealthMeter, statusIn } from '../../src/shard/health.js';
import { type Check, judgeChecks } from './scripts.js';

const { snapshot: STOPPED } = pure(shardMachine).initial({ policy: DEFAULT_POLICY });
type Snapshot = typeof STOPPED;

/** The chart in a state, with some of its context. */
function snapshotIn(value: unknown, context: Partial<Snapshot['context']> = {}): Snapshot {
  return { ...STOPPED, value, context: { ...STOPPED.context, attempts: 0, ...context } } as never;
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
  ['a wait', () => statusIn(waiting(60_000, 2)), 'degraded'],
  ['a wait, at the third try', () => statusIn(waiting(1, 3)), 'down'],
  ['a long wait', () => statusIn(waiting(60_001)), 'down'],
  [
    'a state after a long wait',
    () => statusIn(snapshotIn({ running: 'locating' }, { wait: { for: 'retryAfter', ms: 60_001 } })),
    'degraded',
  ],
];

/** A meter, and what it says of one step after the other. */
function follow(...steps: readonly [snapshot: Snapshot, causes: readonly CauseName[], now: number][]): unknown {
  const meter = new HealthMeter(STOPPED, 5);
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
const METERS: readonly Check[] = [
  ['a shard that has not started', () => follow(), ['down 5 stopped stopped']],
  [
    'its why and its clause',
    () => {
      const { why, clause } = new HealthMeter(STOPPED, 5).health;
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
    'what is good and then down by what explains nothing has the first cause',
    () => follow([open(READY, BEATING, 'flowing'), ['ready'], 10], [snapshotIn('failed'), ['opened', 'waited'], 20]),
    [`healthy 10 ready ${FLOWING}`, 'down 20 opened failed', 'down 20 opened failed'],
  ],
  [
    'a cause with other facts is another',
    () => {
      const meter = new HealthMeter(STOPPED, 5);
      const see = (closeCode: number) => meter.see(waiting(1), [{ name: 'closedForResume', closeCode }], 10) !== null;
      return [see(4000), see(4000), see(1011)];
    },
    [true, false, true],
  ],
];

/** Says what is wrong with health, or null. */
export function judgeHealth(): Promise<string | null> {
  return judgeChecks([...STATES, ...METERS]);
}

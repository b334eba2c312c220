/** A shard whose event loop is blocked, or whose peer has gone: on real sockets and in real time, with short intervals. */
import { afterEach, describe, expect, it } from 'vitest';
import { ws } from '../../adapters/ws.js';
import { createShard, type Shard, type ShardNews } from '../../src/index.js';
import type { SocketPort } from '../../src/ports/index.js';
import { type Order, type SimulatorThread, startSimulatorThread } from '../support/simulator-thread.js';
import { atMost, paced, watchLateness } from '../support/slowness.js';

const INTERVAL = paced(700);
const GRACE = paced(250);
/** What timers, threads and loopback may add on an idle machine. */
const SLACK = paced(150);
const DISPATCHES = 4_096;
const FOUR_MEGABYTES: Order = { flood: { count: DISPATCHES, bytes: 1_000 } };

let simulator: SimulatorThread;
let shard: Shard;
let transitions: (ShardNews['transition'] & { readonly at: number })[];
let received: number[];

/** What a shard here is like. */
interface Habits {
  /** What every draw gives. */
  readonly chance?: number;
  /** Called once the n-th heartbeat is on its way and its timer runs. */
  readonly onBeat?: (n: number) => void;
  /** How long it listens for a missing ACK once nothing comes, and while something does, in ms. */
  readonly listens?: { readonly silence: number; readonly overdue?: number };
}

/** Where what has arrived takes as long to read as this machine takes, and the peer is late like everybody. */
const PATIENTLY = { silence: INTERVAL, overdue: atMost(10_000) };

/** Gives a shard that is ready. */
async function ready({ chance = 0, onBeat = () => {}, listens = { silence: GRACE } }: Habits): Promise<void> {
  simulator = await startSimulatorThread({
    heartbeatInterval: INTERVAL,
    recordDispatches: true,
    settings: { heartbeatGrace: paced(100), replayBuffer: 2 * DISPATCHES },
  });
  let beats = 0;
  const socket = tapped(ws(), (text) => {
    if (!text.startsWith('{"op":1,')) return;
    beats += 1;
    queueMicrotask(() => onBeat(beats));
  });
  shard = createShard({
    token: 'token',
    intents: ['GUILDS'],
    url: simulator.url,
    random: () => chance,
    socket,
    policy: { deadlines: listens },
  });
  transitions = [];
  received = [];
  shard.on('transition', (news) => transitions.push({ ...news, at: performance.now() }));
  shard.on('dispatch', ({ name, sequence }) => {
    if (name !== 'READY' && name !== 'RESUMED') received.push(Number(sequence));
  });
  await shard.start();
}

function tapped(port: SocketPort, sent: (text: string) => void): SocketPort {
  return {
    open(...args) {
      const socket = port.open(...args);
      const send = socket.send.bind(socket);
      socket.send = (data) => {
        send(data);
        sent(String(data));
      };
      return socket;
    },
  };
}

function block(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

const find = (cause: string) => transitions.find(({ cause: { name } }) => name === cause);
/** When the chart last moved for a cause. */
const lastly = (cause: string) => transitions.findLast(({ cause: { name } }) => name === cause)?.at ?? Number.NaN;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Waits for two more ACKs; then every dispatch has come, once and in order, and on one connection. */
async function goesOnAsIfNothingHadBeen(): Promise<void> {
  const before = transitions.length;
  const acks = () => transitions.slice(before).filter(({ cause: { name } }) => name === 'acknowledged').length;
  await until(() => acks() === 2 || find('zombied') !== undefined);
  const { connections, sessions } = await simulator.state();
  const elsewhere = transitions.filter(({ to }) => !to.includes('connection.open('));
  expect(elsewhere.map(({ cause }) => cause.name)).toEqual(['started', 'opened']);
  expect(connections.map(({ connection }) => connection)).toEqual([1]);
  expect(received).toEqual(sessions[0]?.dispatched);
}

afterEach(async () => {
  await shard?.stop();
  await simulator?.stop();
});

describe('a shard whose event loop is blocked for three intervals', () => {
  it('reads the ACK that lies in the buffer before it calls the peer dead', async () => {
    await ready({ listens: PATIENTLY, onBeat: (n) => n === 2 && block(3 * INTERVAL) });
    await until(() => find('heartbeatDue') !== undefined);
    await goesOnAsIfNothingHadBeen();
  });

  it('reads the 4 MB ahead of the ACK, each dispatch once and in order', async () => {
    await ready({
      listens: PATIENTLY,
      onBeat(n) {
        if (n === 2) simulator.do({ fault: 'stopReading' });
        if (n !== 3) return;
        simulator.do(FOUR_MEGABYTES, { fault: 'startReading' });
        block(3 * INTERVAL);
      },
    });
    await until(() => received.length > DISPATCHES);
    await goesOnAsIfNothingHadBeen();
  });

  it('reads them too if the ACK was overdue already', async () => {
    await ready({ listens: PATIENTLY, onBeat: (n) => n === 2 && simulator.do({ fault: 'stopReading' }) });
    await until(() => find('ackMissing') !== undefined);
    simulator.do(FOUR_MEGABYTES, { fault: 'startReading' });
    block(3 * INTERVAL);
    await goesOnAsIfNothingHadBeen();
    expect(received.length).toBeGreaterThan(DISPATCHES);
  });
});

// The longest wait of the policy is tested on simulated time, in life.test.ts.
describe('a shard whose peer hears nothing any more', () => {
  it.for(['goSilent', 'stopReading'] as const)(
    'notices %s within two intervals and the grace, and has resumed 1.5 s later',
    async (fault, { annotate }) => {
      const worstLateness = watchLateness();
      await ready({ chance: 0.5 });
      await until(() => find('heartbeatDue') !== undefined && lastly('acknowledged') > lastly('heartbeatDue'));
      simulator.do({ fault });
      const struck = performance.now();
      await until(() => find('resumed') !== undefined);
      const noticed = lastly('zombied');
      const [late, back] = [noticed - lastAck(), lastly('resumed') - noticed].map(Math.round);
      const slack = SLACK + 2 * worstLateness();
      await annotate(
        `noticed ${late} ms after the last ACK, resumed ${back} ms later, timers ${Math.round(slack)} ms late allowed`,
      );
      expect(noticed - lastAck()).toBeLessThanOrEqual(2 * INTERVAL + GRACE + slack);
      expect(noticed - struck).toBeLessThanOrEqual(2 * INTERVAL + GRACE + slack);
      expect(lastly('resumed') - noticed).toBeLessThanOrEqual(1_500 + slack);
      await simulator.state().then(({ sessions }) => expect(received).toEqual(sessions[0]?.dispatched));
    },
  );
});

/** The last ACK before the peer was given up. */
function lastAck(): number {
  const upTo = transitions.findIndex(({ cause: { name } }) => name === 'zombied');
  return transitions.slice(0, upTo).findLast(({ cause: { name } }) => name === 'acknowledged')?.at ?? Number.NaN;
}

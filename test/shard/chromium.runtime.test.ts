/** The browser entry in a real Chromium, against the simulator's server on loopback, in real time. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';
import { until } from '../support/leftovers.js';
import { atMost, paced, watchLateness } from '../support/slowness.js';

const INTERVAL = paced(700);
const GRACE = paced(250);
/** What timers, processes and loopback may add on an idle machine. */
const SLACK = paced(150);
const DISPATCHES = 4_096;
/** How long a page waits for what the browser may hold, beyond the grace: it cannot see that there is nothing. */
const READING = paced(300);
/** Where what has arrived takes as long to read as this machine takes, and the Gateway is late like everybody. */
const PATIENTLY = { silence: INTERVAL, overdue: atMost(10_000) };

/** What a page tells of its shard. */
interface Told {
  readonly isReady: boolean;
  /** Why the chart moved, and when. */
  readonly causes: readonly (readonly [name: string, at: number])[];
  /** The sequences of the dispatches, but for READY and RESUMED. */
  readonly received: readonly number[];
  /** How late its timers ran at worst, in ms. */
  readonly worstLateness: number;
  readonly traffic: { readonly bytes: number; readonly decompressedBytes: number };
}

const PAGE = `
  import * as fzstd from 'fzstd';
  import { fzstdInflate } from './adapters/fzstd.js';
  import { createShard } from './src/browser.js';

  const causes = [], received = [];
  let worstLateness = 0, due = performance.now() + 5;
  setInterval(() => {
    worstLateness = Math.max(worstLateness, performance.now() - due);
    due = performance.now() + 5;
  }, 5);
  let shard;
  const block = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); };

  /** Blocks the event loop for a while, once, when the chart has moved so often for that reason. */
  globalThis.start = async ({ url, random, blockedBy, times, ms, compress, withFzstd, listens }) => {
    const inflate = withFzstd ? fzstdInflate(fzstd) : undefined;
    shard = createShard({ token: 'token', intents: ['GUILDS'], url, random: () => random, compress, inflate,
      policy: { deadlines: listens } });
    shard.on('transition', ({ cause: { name } }) => {
      causes.push([name, performance.now()]);
      if (name === blockedBy && causes.filter(([other]) => other === name).length === times) block(ms);
    });
    shard.on('dispatch', ({ name, sequence }) => {
      if (name !== 'READY' && name !== 'RESUMED') received.push(sequence);
    });
    await shard.start();
  };
  globalThis.tell = () => ({ isReady: shard.isReady, causes, received, traffic: shard.traffic, worstLateness });
  globalThis.stop = () => shard?.stop();`;

declare function start(options: object): Promise<void>;
declare function tell(): Told;
declare function stop(): Promise<void>;

let simulator: Simulator;
let opened: OpenPage;

beforeAll(async () => {
  if (hasChromium) opened = await openPage({ script: PAGE });
});
afterAll(() => opened?.close());

beforeEach(async (context) => {
  needsChromium(context);
  simulator = await startSimulator({
    heartbeatInterval: INTERVAL,
    recordDispatches: true,
    settings: { heartbeatGrace: paced(100), replayBuffer: 2 * DISPATCHES },
  });
  await opened.page.reload({ waitUntil: 'load' });
});
afterEach(async () => {
  await opened?.page.evaluate(() => stop());
  await simulator?.close();
});

const ready = (options: object = {}) =>
  opened.page.evaluate((given) => start(given), {
    url: simulator.url,
    random: 0,
    listens: { silence: GRACE },
    ...options,
  });
const told = () => opened.page.evaluate(() => tell());
const count = ({ causes }: Told, name: string) => causes.filter(([cause]) => cause === name).length;
const lastly = ({ causes }: Told, name: string) => causes.findLast(([cause]) => cause === name)?.[1] ?? Number.NaN;
const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The page's shard has received whatever was sent to its session, once and in order. */
async function nothingIsLost(): Promise<Told> {
  const { dispatched } = simulator.sessions[0] ?? { dispatched: [] };
  await until(async () => (await told()).received.length >= dispatched.length);
  const now = await told();
  expect(now.received).toEqual(dispatched);
  return now;
}

describe('a shard in Chromium', () => {
  it('identifies, receives dispatches, and resumes after op 7 at the URL that READY names', async () => {
    await ready();
    simulator.control.dispatch('MESSAGE_CREATE', { content: 'first' });
    await nothingIsLost();
    simulator.control.requestReconnect();
    await until(() => simulator.control.state().connections.length === 0);
    simulator.control.dispatch('MESSAGE_CREATE', { content: 'missed' });
    await until(async () => count(await told(), 'resumed') === 1);
    await nothingIsLost();
    expect(simulator.sessions).toHaveLength(1);
    expect(simulator.log.of(2)[0]).toMatchObject({ kind: 'open', resumeHost: true });
  });

  it.for([
    ['zlib-stream', {}],
    ['zstd-stream', { withFzstd: true }],
    ['payload', {}],
  ] as const)(
    'reads a connection that is compressed by %s, and resumes where it is corrupt',
    async ([compress, more]) => {
      await ready({ compress, ...more });
      const dispatch = (n: number) =>
        simulator.control.dispatch('MESSAGE_CREATE', { n, content: 'é😀 '.repeat(n % 10 === 0 ? 20_000 : n) });
      for (let n = 1; n <= 50; n += 1) dispatch(n);
      simulator.control.injectFault('malformed', { kind: 'corruptCompression' });
      for (let n = 51; n <= 100; n += 1) dispatch(n);
      await until(async () => count(await told(), 'resumed') === 1);
      const now = await nothingIsLost();
      expect(now.received).toHaveLength(100 + 3); // of three guilds
      expect(count(now, 'undecodable')).toBe(1);
      expect(simulator.sessions).toHaveLength(1);
      expect(now.traffic.decompressedBytes).toBeGreaterThan(500_000);
    },
  );

  it('says what to do about zstd where there is none', async () => {
    await expect(ready({ compress: 'zstd-stream' })).rejects.toThrow(
      "compress is 'zstd-stream', which cannot be decompressed here: Node can from 22.15 on; elsewhere install fzstd",
    );
  });

  it.for(['goSilent', 'stopReading'] as const)(
    'notices %s within two intervals and the grace, and has resumed 1.5 s later',
    async (fault, { annotate }) => {
      await ready({ random: 0.5 });
      await until(async () => count(await told(), 'acknowledged') === 2);
      const latenessHere = watchLateness(); // of the Gateway, which is in this process
      simulator.control.injectFault(fault);
      await until(async () => count(await told(), 'resumed') === 1);
      const now = await nothingIsLost();
      const before = now.causes.slice(
        0,
        now.causes.findIndex(([name]) => name === 'zombied'),
      );
      const late = lastly(now, 'zombied') - lastly({ ...now, causes: before }, 'acknowledged');
      const back = lastly(now, 'resumed') - lastly(now, 'zombied');
      await annotate(`noticed ${Math.round(late)} ms after the last ACK, resumed ${Math.round(back)} ms later`);
      const slack = SLACK + 2 * (now.worstLateness + latenessHere());
      expect(late).toBeLessThanOrEqual(2 * INTERVAL + GRACE + READING + slack);
      expect(back).toBeLessThanOrEqual(1_500 + slack);
    },
  );

  it.for([
    ['before the ACK was due', 'heartbeatDue', 2],
    ['when the ACK was overdue', 'ackMissing', 1],
  ] as const)(
    'that is blocked for three intervals %s reads the 4 MB ahead of the ACK, once and in order',
    async ([, blockedBy, times]) => {
      await ready({ blockedBy, times, ms: 3 * INTERVAL, listens: PATIENTLY });
      await until(async () => count(await told(), 'acknowledged') === 2);
      simulator.control.injectFault('stopReading');
      await pass(blockedBy === 'ackMissing' ? 2.5 * INTERVAL : 1.5 * INTERVAL); // the page is blocked by now
      const content = 'x'.repeat(1_000);
      for (let n = 1; n <= DISPATCHES; n += 1) simulator.control.dispatch('MESSAGE_CREATE', { n, content });
      simulator.control.injectFault('startReading');
      await until(async () => count(await told(), 'acknowledged') >= 5);
      const now = await nothingIsLost();
      expect(now.received.length).toBeGreaterThan(DISPATCHES);
      expect(count(now, 'zombied')).toBe(0);
      expect(simulator.control.state().connections.map(({ connection }) => connection)).toEqual([1]);
    },
  );
});

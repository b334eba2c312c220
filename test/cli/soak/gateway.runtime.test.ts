import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SoakGatewayData, SoakOrder, SoakReport } from '../../../src/cli/soak/gateway.js';
import { createShard, memoryPermits, type Shard } from '../../../src/index.js';
import { builtCli, eventually } from '../../support/cli.js';

describe('the Gateway of a soak', () => {
  let cli: Awaited<ReturnType<typeof builtCli>>;
  beforeAll(async () => {
    cli = await builtCli();
  });
  afterAll(() => cli.remove());

  let gateway: Worker;
  let shard: Shard;
  let reports: SoakReport[];
  const order = (each: SoakOrder) => gateway.postMessage(each);
  /** The sequences that were reported of a session. */
  const sent = (session: string) =>
    reports.flatMap((report) => (report.type === 'sent' && report.session === session ? report.sequences : []));
  const received: { session: string; sequence: number }[] = [];

  beforeEach(async () => {
    reports = [];
    received.length = 0;
    const workerData: SoakGatewayData = { seed: 1, heartbeatInterval: 600, dispatchesPerSecond: 200 };
    gateway = new Worker(join(dirname(cli.bin), 'soak/gateway.js'), { workerData });
    gateway.on('message', (report: SoakReport) => reports.push(report));
    await eventually(() => reports.length > 0);
    const [first] = reports;
    if (first?.type !== 'listening') throw new Error(`it began with ${first?.type}`);
    shard = createShard({
      token: 'simulated',
      intents: ['GUILDS', 'GUILD_MESSAGES'],
      restUrl: first.restUrl,
      policy: { waits: { quick: [0, 20], backoff: { base: 20, factor: 2, cap: 80 }, invalidSession: [0, 40] } },
      permits: memoryPermits({ spacing: 0 }),
    });
    let session = '';
    shard.on('READY', ({ session_id }) => {
      session = session_id;
    });
    shard.on('dispatch', ({ name, sequence }) => {
      if (name !== 'READY' && name !== 'RESUMED') received.push({ session, sequence: Number(sequence) });
    });
    await shard.start();
  });
  afterEach(async () => {
    await shard.stop();
    const exited = once(gateway, 'exit');
    order({ type: 'end' });
    expect(await exited).toEqual([0]);
  });

  it('reports what each session was sent, once and in order, until it is to be quiet', async () => {
    await eventually(() => received.length > 20);
    order({ type: 'quiet' });
    await eventually(() => reports.at(-1)?.type === 'quiet');
    const { id = '' } = shard.session ?? {};
    const sequences = sent(id);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    await eventually(() => received.length >= sequences.length);
    expect(received).toEqual(sequences.map((sequence) => ({ session: id, sequence })));
    const count = reports.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reports.length).toBe(count);
  });

  it('makes the shard lose its connection, and reports the end of a session once', async () => {
    const { id = '' } = shard.session ?? {};
    order({ type: 'strike', loss: 'invalidated' });
    await eventually(() => shard.session !== null && shard.session.id !== id);
    await eventually(() => reports.some((report) => report.type === 'ended'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(reports.filter(({ type }) => type === 'ended')).toEqual([{ type: 'ended', session: id }]);
  });

  it('cuts replays where the loss asks for it, and lets the shard come back then', async () => {
    let lost = 0;
    shard.on('transition', ({ from, to }) => {
      if (from.includes('connection.open(') && !to.includes('connection.open(')) lost += 1;
    });
    let resumed = 0;
    shard.on('RESUMED', () => {
      resumed += 1;
    });
    order({ type: 'strike', loss: 'cutInReplay' });
    await eventually(() => resumed > 0 && shard.isReady);
    await eventually(() => lost >= 2); // the first cut, and one or two of replays or right after them
    expect(shard.isReady || resumed > 0).toBe(true);
  });
});

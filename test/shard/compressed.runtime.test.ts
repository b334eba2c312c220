/** Shards whose Gateway compresses what it sends, on Node's zlib on both sides and over a real socket. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Compression, createShard, type Shard, type ShardOptions } from '../../src/index.js';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { until } from '../support/leftovers.js';

const COMPRESSIONS: readonly Compression[] = ['zlib-stream', 'zstd-stream', 'payload'];

let simulator: Simulator | undefined;
let shard: Shard | undefined;
afterEach(async () => {
  await shard?.stop();
  await simulator?.close();
});

/** A shard that is ready, and the dispatches that it hands on from now on. */
async function ready(options: Partial<ShardOptions>, partBytes = 100) {
  const started = await startSimulator({ heartbeatInterval: 5_000, guilds: 2, recordDispatches: true, partBytes });
  simulator = started;
  const made = createShard({ token: 'token', intents: ['GUILDS'], url: started.url, random: () => 0, ...options });
  shard = made;
  const dispatches: { name: string; data: unknown; sequence: number | null }[] = [];
  const causes: string[] = [];
  made.on('dispatch', (dispatch) => dispatches.push(dispatch));
  made.on('transition', ({ cause }) => causes.push(cause.name));
  await made.start();
  return { simulator: started, shard: made, dispatches, causes };
}

describe.each(COMPRESSIONS)('with compress: %s a shard', (compress) => {
  it('receives everything, in order, and resumes with the same parameters', async () => {
    const { simulator, shard, dispatches, causes } = await ready({ compress });
    const send = (n: number) => simulator.control.dispatch('MESSAGE_CREATE', { n, content: 'é😀'.repeat(100 * n) });
    for (let n = 0; n < 20; n += 1) send(n);
    await until(() => dispatches.length === 23);
    simulator.control.requestReconnect();
    for (let n = 20; n < 30; n += 1) send(n);
    await until(() => causes.includes('resumed'));
    send(30);
    await until(() => dispatches.length === 35);
    expect(dispatches.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 35 }, (_, n) => n + 1));
    const contents = dispatches.filter(({ name }) => name === 'MESSAGE_CREATE').map(({ data }) => data);
    expect(contents).toEqual(Array.from({ length: 31 }, (_, n) => ({ n, content: 'é😀'.repeat(100 * n) })));
    expect(shard.traffic.messages).toBeGreaterThanOrEqual(35);
    // Before Node 22.15 the simulator does not compress zstd in earnest.
    if (compress !== 'zstd-stream') expect(shard.traffic.decompressedBytes).toBeGreaterThan(20 * shard.traffic.bytes);

    const paths = simulator.log.entries.filter(({ kind }) => kind === 'open').map(({ path }) => path);
    expect(paths).toHaveLength(2);
    const [first, second] = paths.map((path) => new URL(path ?? '', 'ws://x').search);
    expect(second).toBe(first);
    expect(first).toBe(compress === 'payload' ? '?v=10&encoding=json' : `?v=10&encoding=json&compress=${compress}`);
    const isIdentify = (payload: unknown) => (payload as { op?: number } | undefined)?.op === 2;
    const identify = simulator.log.entries.find(
      ({ direction, payload }) => direction === 'client' && isIdentify(payload),
    );
    expect(identify?.payload).toMatchObject(compress === 'payload' ? { d: { compress: true } } : { d: {} });
    expect(JSON.stringify(identify).includes('compress')).toBe(compress === 'payload');
  });

  it('leaves the connection when its data is corrupt, and resumes: nothing is lost', async () => {
    const { simulator, dispatches, causes } = await ready({ compress });
    simulator.control.dispatch('MESSAGE_CREATE', { n: 1 });
    simulator.control.injectFault('malformed', { kind: 'binary' });
    for (let n = 2; n < 10; n += 1) simulator.control.dispatch('MESSAGE_CREATE', { n });
    await until(() => causes.includes('resumed'));
    await until(() => dispatches.length === 13);
    const [session] = simulator.sessions;
    const got = dispatches.filter(({ name }) => name !== 'READY' && name !== 'RESUMED');
    expect(got.map(({ sequence }) => sequence)).toEqual(session?.dispatched);
    expect(simulator.sessions).toHaveLength(1);
  });
});

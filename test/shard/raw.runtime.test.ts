import { afterEach, describe, expect, it } from 'vitest';
import { createShard, type Shard } from '../../src/index.js';
import type { DispatchHead } from '../../src/shard/index.js';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { until } from '../support/leftovers.js';

describe('a raw listener on a real socket', () => {
  let simulator: Simulator | undefined;
  let shard: Shard | undefined;
  afterEach(async () => {
    await shard?.stop();
    await simulator?.close();
  });

  it.each([false, 'zlib-stream', 'payload'] as const)(
    'costs no parsing, and gets the bytes of the payload, with compress: %s',
    async (compress) => {
      simulator = await startSimulator({ heartbeatInterval: 5_000, guilds: 2 });
      shard = createShard({ token: 'token', intents: ['GUILDS'], url: simulator.url, compress });
      const got: { text: string; head: DispatchHead }[] = [];
      shard.on('raw', (message, head) => {
        expect(message).toBeInstanceOf(Uint8Array);
        got.push({ head, text: Buffer.from(message as Uint8Array).toString() });
      });
      await shard.start();
      await until(() => got.length === 3);
      const parse = JSON.parse;
      const parses: string[] = [];
      JSON.parse = (text, reviver) => {
        if (`${text}`.includes('MESSAGE_CREATE')) parses.push(text); // the simulator, beside it, reads a heartbeat
        return parse(text, reviver);
      };
      try {
        for (let n = 0; n < 50; n += 1) simulator.control.dispatch('MESSAGE_CREATE', { n, content: 'é😀'.repeat(n) });
        await until(() => got.length === 53);
      } finally {
        JSON.parse = parse;
      }
      expect(parses).toEqual([]);
      expect(got.slice(3)).toEqual(
        Array.from({ length: 50 }, (_, n) => ({
          head: {
            name: 'MESSAGE_CREATE',
            sequence: n + 4,
            replayed: false,
            session: expect.stringMatching(/^[\w-]+$/),
          },
          text: JSON.stringify({ t: 'MESSAGE_CREATE', s: n + 4, op: 0, d: { n, content: 'é😀'.repeat(n) } }),
        })),
      );
      expect(shard.session?.sequence).toBe(53);
    },
  );

  it('gets the ETF term where the connection speaks ETF', async () => {
    simulator = await startSimulator({ heartbeatInterval: 5_000, guilds: 1 });
    shard = createShard({ token: 'token', intents: ['GUILDS'], url: simulator.url, encoding: 'etf' });
    const versions: unknown[] = [];
    shard.on('raw', (message, { name }) => versions.push([name, message[0]]));
    await shard.start();
    await until(() => versions.length === 2);
    expect(versions).toEqual([
      ['READY', 131],
      ['GUILD_CREATE', 131],
    ]);
  });
});

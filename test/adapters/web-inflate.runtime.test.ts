/** What browsers have built in, in a real Chromium: the contract of the port, and streams larger than every buffer in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { webInflate } from '../../adapters/web-inflate.js';
import { inflateContract } from '../../src/contracts/index.js';
import { zlibCompressors } from '../../src/simulator/zlib-compression.js';
import { hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';

const COMPRESSIONS = ['zlib-stream', 'payload'] as const;

const PAGE = `
  import { webInflate } from './adapters/web-inflate.js';
  import { inflateContract } from './src/contracts/index.js';

  globalThis.claims = {};
  for (const compression of ${JSON.stringify(COMPRESSIONS)}) {
    const cases = inflateContract(() => ({ port: webInflate(), compression }));
    claims[compression] = Object.fromEntries(cases.map(({ name, run }) => [name, run]));
  }

  /** What comes of frames, as the length and a hash of each message. */
  globalThis.inflate = (compression, frames, maxBytes) =>
    new Promise((resolve) => {
      const told = [];
      const tell = (line) => void (told.push(line) === frames.length && resolve(told));
      const inflater = webInflate().open(compression, { maxBytes }, {
        inflated: (bytes) => tell(bytes.length + ' ' + bytes.reduce((sum, byte) => (sum * 31 + byte) | 0, 0)),
        failed: (problem) => resolve([...told, problem]),
      });
      for (const frame of frames) inflater.write(Uint8Array.from(atob(frame), (char) => char.charCodeAt(0)), true);
    });`;

declare const claims: Record<string, Record<string, () => Promise<void>>>;
declare function inflate(compression: string, frames: readonly string[], maxBytes: number): Promise<string[]>;

let opened: OpenPage;
beforeAll(async () => {
  if (hasChromium) opened = await openPage({ script: PAGE });
});
afterAll(() => opened?.close());
beforeEach(needsChromium);

describe.each(COMPRESSIONS)('DecompressionStream keeps the contract of the inflate port for %s', (compression) => {
  const names = inflateContract(() => ({ port: webInflate(), compression })).map(({ name }) => name);
  it.each(names)('%s', async (name) => {
    const run = opened.page.evaluate(([kind, claim]) => claims[kind]![claim]!(), [compression, name] as const);
    await expect(run).resolves.toBeUndefined();
  });
});

describe('DecompressionStream', () => {
  const told = (message: Buffer) => `${message.length} ${message.reduce((sum, byte) => (sum * 31 + byte) | 0, 0)}`;
  const framesOf = (compression: (typeof COMPRESSIONS)[number], messages: readonly Buffer[]) => {
    const compress = zlibCompressors(compression);
    return messages.map((message) => Buffer.from(compress(message)).toString('base64'));
  };

  it.each(COMPRESSIONS)('gives messages of up to 3 MB as they went in, one by one: %s', async (compression) => {
    const sizes = [60, 1_000, 3_000_000, 40, 50_000, 300_000, 10];
    const messages = sizes.map((size, n) => Buffer.from(`${n} é😀 gatechart `.repeat(size).slice(0, size)));
    const frames = framesOf(compression, messages);
    const heard = await opened.page.evaluate(([kind, all]) => inflate(kind, all, 1 << 24), [
      compression,
      frames,
    ] as const);
    expect(heard).toEqual(messages.map(told));
  });

  it.each(COMPRESSIONS)('ends a zip bomb of 64 MB within some slices: %s', async (compression) => {
    const frames = framesOf(compression, [Buffer.from('{}'), Buffer.alloc(1 << 26)]);
    const heard = await opened.page.evaluate(([kind, all]) => inflate(kind, all, 1 << 20), [
      compression,
      frames,
    ] as const);
    expect(heard).toEqual([told(Buffer.from('{}')), 'a message is larger than the 1048576 bytes that are allowed']);
  });
});

it('is not taken for a decompressor of zstd, nor where it is missing', () => {
  expect(webInflate().supports('zstd-stream')).toBe(false);
  const { DecompressionStream } = globalThis;
  Reflect.deleteProperty(globalThis, 'DecompressionStream');
  try {
    expect(webInflate().supports('zlib-stream')).toBe(false);
  } finally {
    Object.assign(globalThis, { DecompressionStream });
  }
});

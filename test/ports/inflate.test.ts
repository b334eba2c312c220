/** The inflate port, held to what it promises in each of its implementations that run here. */
import * as zlib from 'node:zlib';
import * as fzstd from 'fzstd';
import { describe, expect, it } from 'vitest';
import { fzstdInflate } from '../../adapters/fzstd.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { type ZlibSync, zlibSyncInflate } from '../../adapters/zlib-sync.js';
import { inflateContract } from '../../src/contracts/index.js';
import type { Compression, InflatePort } from '../../src/ports/inflate.js';
import { itKeeps } from '../support/claims.js';

/**
 * What `zlib-sync` 0.1.10 does, as far as it is used: here on Node's own zlib, from the beginning each time. The package
 * itself would have to be compiled.
 */
class StandIn {
  result: Buffer | string | null = null;
  err = 0;
  msg: string | null = null;
  #input = Buffer.alloc(0);
  #given = 0;

  push(data: Uint8Array): void {
    this.#input = Buffer.concat([this.#input, data]);
    try {
      const all = zlib.inflateSync(this.#input, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      this.result = all.subarray(this.#given);
      this.#given = all.length;
    } catch {
      Object.assign(this, { result: null, err: -3, msg: 'data error' });
    }
  }
}
const zlibSync: ZlibSync = { Inflate: StandIn, Z_SYNC_FLUSH: 2 };

const PORTS: readonly (readonly [name: string, port: () => InflatePort, compressions: readonly Compression[]])[] = [
  ['what Node has built in', zlibInflate, ['zlib-stream', 'payload']],
  ['zlib-sync', () => zlibSyncInflate(zlibSync), ['zlib-stream']],
  ['fzstd', () => fzstdInflate(fzstd), ['zstd-stream']],
];

describe.each(PORTS)('%s keeps the contract of the inflate port', (_, port, compressions) => {
  describe.each(compressions)('for %s', (compression) => {
    itKeeps(inflateContract(() => ({ port: port(), compression })));
  });
});

describe('a zip bomb', () => {
  // 128 times 1 MB of zeros: after a full flush, what follows refers to nothing before it.
  const flushed = zlib.deflateRawSync(Buffer.alloc(1 << 20), { finishFlush: zlib.constants.Z_FULL_FLUSH });
  const deflated = Buffer.concat([Buffer.from('789c', 'hex'), ...Array<Buffer>(128).fill(flushed)]);
  const BOMBS: Record<Compression, Uint8Array> = {
    'zlib-stream': deflated,
    payload: deflated,
    // 1024 blocks that each say 128 KB of the same byte (RFC 8878, 3.1.1.2.2)
    'zstd-stream': Buffer.from(`28b52ffd0038${'02001000'.repeat(1024)}`, 'hex'),
  };

  it.each(
    PORTS.flatMap(([name, port, compressions]) => compressions.map((compression) => ({ name, port, compression }))),
  )('ends with a failure in $name, $compression, before its memory is taken', ({ port, compression }) => {
    const told: string[] = [];
    const before = process.memoryUsage().rss;
    const inflater = port().open(
      compression,
      { maxBytes: 1 << 20 },
      { inflated: () => told.push('inflated'), failed: (problem) => told.push(problem) },
    );
    inflater.write(BOMBS[compression], true);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/larger than/);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 << 20);
  });
});

/** ETF against real Erlang, where there is one: terms of every kind from it, and ours through it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { decodeEtf, encodeEtf } from '../../../src/wire/etf/index.js';

const ESCRIPT = process.env.GATECHART_ESCRIPT ?? '/usr/bin/escript';
const TERMS = 100_000;
const OURS = 20_000;
const limits = { inflate: (data: Uint8Array, size: number) => inflateSync(data, { maxOutputLength: size + 1 }) };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatechart-etf-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('with real Erlang', () => {
  it(`reads ${TERMS.toLocaleString('en')} random terms as Erlang means them`, (context) => {
    needsErlang(context);
    const file = join(folder, 'terms');
    erlang('write', String(TERMS), '20150129', file);
    const blocks = blocksOf(readFileSync(file));
    expect(blocks.length).toBe(2 * TERMS);
    for (let index = 0; index < blocks.length; index += 2) {
      const read = decodeEtf(blocks[index] as Uint8Array, limits);
      const meant = String(blocks[index + 1]);
      if (canonical(read) !== canonical(JSON.parse(meant))) expect(read).toEqual(JSON.parse(meant));
    }
  });

  it(`writes ${OURS.toLocaleString('en')} random payloads that Erlang reads as JSON says them, and reads them back`, (context) => {
    needsErlang(context);
    const payloads = fc
      .sample(fc.json({ maxDepth: 4 }), { numRuns: OURS, seed: 20150129 })
      .map((text) => JSON.parse(text));
    const [file, out] = [join(folder, 'ours'), join(folder, 'theirs')];
    writeFileSync(file, Buffer.concat(payloads.flatMap((payload) => block(encodeEtf(payload)))));
    erlang('read', file, out);
    const blocks = blocksOf(readFileSync(out));
    expect(blocks.length).toBe(2 * OURS);
    for (const [index, payload] of payloads.entries()) {
      const meant = canonical(payload);
      expect(canonical(JSON.parse(String(blocks[2 * index])))).toBe(meant);
      expect(canonical(decodeEtf(blocks[2 * index + 1] as Uint8Array, limits))).toBe(meant);
    }
  });
});

function needsErlang(context: TestContext): void {
  if (existsSync(ESCRIPT)) return;
  const reason = `there is no Erlang at ${ESCRIPT}`;
  if (process.env.GATECHART_REQUIRE?.split(/[\s,]+/).includes('erlang')) throw new Error(reason);
  context.skip(reason);
}

function erlang(...args: string[]): void {
  execFileSync(ESCRIPT, [new URL('terms.escript', import.meta.url).pathname, ...args]);
}

function block(bytes: Uint8Array): Uint8Array[] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

function blocksOf(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32BE(at);
    blocks.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

/** As JSON with members in order; integers over 32 bits are strings, since which of them are is a matter of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (Number.isInteger(member) && Math.abs(member as number) > 0xffff_ffff) return String(BigInt(member as number));
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

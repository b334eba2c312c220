import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERYTHING, type Wanted } from '../../src/wire/decode.js';
import { encodeEtf } from '../../src/wire/etf/index.js';
import { decoding } from '../support/decoding.js';

const only = (...names: string[]): Wanted => ({ all: () => false, has: (name) => names.includes(name) });
const usual = (t: string, s: number, d: unknown) => JSON.stringify({ t, s, op: 0, d });
const utf8 = new TextEncoder();

/** What a decoder makes of text as text, and of its bytes; both the same. */
function decoded(text: string, wanted: Wanted) {
  const [ofText, ofBytes] = [text, utf8.encode(text)].map((message) => {
    const { decoder, heard } = decoding({ wanted });
    decoder.receive(message, false);
    return heard;
  });
  expect(ofBytes).toEqual(ofText);
  return ofText?.[0];
}

describe('dispatches that are not wanted', () => {
  it('are skipped, and keep their name and sequence', () => {
    const message = usual('TYPING_START', 7, { user_id: '1' });
    expect(decoded(message, only('MESSAGE_CREATE'))).toEqual({ type: 'skipped', name: 'TYPING_START', sequence: 7 });
    expect(decoded(message, only('TYPING_START'))).toEqual({
      type: 'dispatch',
      name: 'TYPING_START',
      sequence: 7,
      data: { user_id: '1' },
    });
  });

  it('are not parsed: that their data is no JSON goes unnoticed', () => {
    const broken = '{"t":"TYPING_START","s":7,"op":0,"d":{"user_id":}}';
    expect(decoded(broken, only())).toEqual({ type: 'skipped', name: 'TYPING_START', sequence: 7 });
    const malformed = { type: 'malformed', problem: 'not JSON' };
    expect(decoded(broken, only('TYPING_START'))).toEqual(malformed);
    expect(decoded(broken, EVERYTHING)).toEqual(malformed);
  });

  it('are skipped too where all has to be parsed to know them', () => {
    const skipped = { type: 'skipped', name: 'TYPING_START', sequence: 7 };
    expect(decoded('{"op":0,"d":{},"s":7,"t":"TYPING_START"}', only())).toEqual(skipped);
    expect(decoded(JSON.stringify({ t: 'TYPING_START', s: 7, op: 0, d: null }, null, 2), only())).toEqual(skipped);
    const { decoder, heard } = decoding({ encoding: 'etf', wanted: only() });
    decoder.receive(encodeEtf({ op: 0, s: 7, t: 'TYPING_START', d: { user_id: '1' } }), true);
    expect(heard).toEqual([skipped]);
  });

  it('are malformed as ever where they lack what every dispatch has', () => {
    for (const text of ['{"op":0,"s":"1","t":"A","d":{}}', '{"op":0,"s":1,"d":{}}', '{"op":0,"t":"A","s":1}']) {
      expect(decoded(text, only())).toEqual(decoded(text, EVERYTHING));
      expect(decoded(text, only())).toMatchObject({ type: 'malformed' });
    }
  });

  it.each(['READY', 'RESUMED'])('are never %s, which the shard itself reads', (name) => {
    expect(decoded(usual(name, 1, { session_id: 'a' }), only())).toMatchObject({
      type: 'dispatch',
      data: { session_id: 'a' },
    });
  });

  it.each([1, 7, 9, 10, 11, 99])('have nothing to do with other payloads, such as those of opcode %i', (op) => {
    const text = JSON.stringify({ t: null, s: null, op, d: { heartbeat_interval: 5 } });
    expect(decoded(text, only())).toEqual(decoded(text, EVERYTHING));
  });
});

describe('a filter', () => {
  const payload = fc.record({
    t: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('MESSAGE_CREATE', 'TYPING_START') }, fc.string()),
    s: fc.oneof({ weight: 9, arbitrary: fc.nat() }, fc.double({ noNaN: true })),
    op: fc.constant(0),
    d: fc.oneof({ weight: 9, arbitrary: fc.dictionary(fc.string(), fc.jsonValue()) }, fc.jsonValue()),
  });
  const order = fc.oneof(
    fc.constant(['t', 's', 'op', 'd']),
    fc.shuffledSubarray(['t', 's', 'op', 'd'], { minLength: 4 }),
  );

  it('changes nothing but whether there is data, in any order of keys', () => {
    fc.assert(
      fc.property(payload, order, fc.boolean(), (values, keys, isPretty) => {
        const sorted = Object.fromEntries(keys.map((key) => [key, values[key as keyof typeof values]]));
        const text = JSON.stringify(sorted, null, isPretty ? 1 : 0);
        const whole = decoded(text, EVERYTHING);
        expect(decoded(text, only(values.t))).toEqual(whole);
        const { name, sequence } = whole as { name: string; sequence: number };
        const skipped = { type: 'skipped', name, sequence };
        expect(decoded(text, only())).toEqual(whole?.type === 'dispatch' ? skipped : whole);
      }),
      { numRuns: 300 },
    );
  });

  it('makes no difference where more follows the data than a head can tell', () => {
    const text = '{"t":"MESSAGE_CREATE","s":1,"op":0,"d":{},"s":2,"x":{}}';
    expect(decoded(text, only('MESSAGE_CREATE'))).toEqual(decoded(text, EVERYTHING));
    expect(decoded(text, EVERYTHING)).toMatchObject({ sequence: 2 });
  });
});

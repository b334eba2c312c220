import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headOf } from '../../src/wire/head.js';

const HEAD = { name: 'MESSAGE_CREATE', sequence: 42 };
const bytes = (text: string) => new TextEncoder().encode(text);
const forms = (text: string) => [text, bytes(text), Buffer.from(text)];

/** Holds a head, if there is one, to what parsing the text gives, or what is before its data; 1 if there is a head. */
function agrees(message: string | Uint8Array, text: string): number {
  const head = headOf(message);
  if (head === null) return 0;
  const { dataAt } = head;
  const { t, s, op, d } = isJson(text) ? JSON.parse(text) : JSON.parse(`${text.slice(0, dataAt)}null}`);
  const data = isJson(text) ? JSON.parse(Buffer.from(message).subarray(dataAt, -1).toString()) : null;
  expect({ ...head, op, data }).toEqual({ name: t, sequence: s, op: 0, data: d, dataAt });
  return 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the head of a dispatch', () => {
  it('is read as Discord writes it, from text, bytes and buffers', () => {
    for (const message of forms('{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"content":"héllo 😀"}}')) {
      expect(headOf(message)).toMatchObject(HEAD);
    }
    for (const message of forms('{"t":"READY","s":0,"op":0,"d":{}}')) {
      expect(headOf(message)).toMatchObject({ name: 'READY', sequence: 0 });
    }
  });

  it('is read whatever the data holds', () => {
    const d = { t: 'OTHER', s: 1, op: 9, d: { op: 1 }, text: '"},"t":"OTHER"', deep: [[['}']]] };
    for (const message of forms(JSON.stringify({ t: 'MESSAGE_CREATE', s: 42, op: 0, d }))) {
      expect(headOf(message)).toMatchObject(HEAD);
    }
  });

  it.each([
    ['another order', '{"op":0,"s":42,"t":"MESSAGE_CREATE","d":{}}'],
    ['data first', '{"d":{},"t":"MESSAGE_CREATE","s":42,"op":0}'],
    ['a member after the data', '{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{},"t":"OTHER"}'],
    ['white space', '{"t": "MESSAGE_CREATE","s":42,"op":0,"d":{}}'],
    ['white space before', ' {"t":"MESSAGE_CREATE","s":42,"op":0,"d":{}}'],
    ['white space after', '{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{}}\n'],
    ['a byte order mark', '\ufeff{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{}}'],
    ['a member twice', '{"t":"OTHER","t":"MESSAGE_CREATE","s":42,"op":0,"d":{}}'],
    ['an escape', '{"t":"MESSAGE\\u005fCREATE","s":42,"op":0,"d":{}}'],
    ['a name in small letters', '{"t":"message","s":42,"op":0,"d":{}}'],
    ['no name', '{"t":"","s":42,"op":0,"d":{}}'],
    ['an exponent', '{"t":"MESSAGE_CREATE","s":4.2e1,"op":0,"d":{}}'],
    ['a leading zero', '{"t":"MESSAGE_CREATE","s":042,"op":0,"d":{}}'],
    ['a negative sequence', '{"t":"MESSAGE_CREATE","s":-42,"op":0,"d":{}}'],
    ['a sequence beyond all numbers', '{"t":"MESSAGE_CREATE","s":9007199254740993,"op":0,"d":{}}'],
    ['another opcode', '{"t":null,"s":null,"op":11,"d":null}'],
    ['an opcode of two digits', '{"t":"MESSAGE_CREATE","s":42,"op":01,"d":{}}'],
    ['an array as data', '{"t":"PRESENCES_REPLACE","s":42,"op":0,"d":[]}'],
    ['no data', '{"t":"MESSAGE_CREATE","s":42,"op":0}'],
    ['half of it', '{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"content":"'],
    ['a third of it', '{"t":"MESSAGE_CREATE","s":4'],
    ['nothing', ''],
  ])('is left to the parser with %s', (_, text) => {
    for (const message of forms(text)) expect(headOf(message)).toBeNull();
  });

  it('is what parsing gives, or nothing', () => {
    const envelope = fc.record({
      t: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('MESSAGE_CREATE', 'A', 'a', '', null) }, fc.string()),
      s: fc.oneof({ weight: 4, arbitrary: fc.nat() }, fc.double(), fc.constantFrom(null, 1e21, -1)),
      op: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat(12)),
      d: fc.oneof(
        fc.json().map((text) => JSON.parse(text)),
        fc.dictionary(fc.string(), fc.jsonValue()),
      ),
    });
    const usual = ['t', 's', 'op', 'd'];
    const order = fc.oneof(
      { weight: 3, arbitrary: fc.constant(usual) },
      fc.constantFrom(['op', 'd', 's', 't'], ['t', 'op', 's', 'd']),
    );
    const indent = fc.constantFrom(0, 0, 0, 1);
    let read = 0;
    fc.assert(
      fc.property(envelope, order, indent, (payload, keys, spaces) => {
        const sorted = Object.fromEntries(keys.map((key) => [key, payload[key as 'd']]));
        const text = JSON.stringify(sorted, null, spaces);
        for (const message of forms(text)) read += agrees(message, text);
      }),
      { numRuns: 500, seed: 20_261_121 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('is what parsing gives, or nothing, with any byte of it another, more or less', () => {
    const usual = '{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"content":"héllo","d":{}}}';
    const end = usual.indexOf('"d":') + '"d":'.length;
    // Not the unit 'binary' of fc.string, which takes half a second to make.
    const character = fc
      .nat(0x10ffff)
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point));
    const put = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'"{}[]:,0123456789optsdnul\\ .e+-'), maxLength: 3 }),
      fc.array(character, { maxLength: 2 }).map((characters) => characters.join('')),
    );
    fc.assert(
      fc.property(fc.nat(end - 1), fc.nat(2), put, (place, cut, other) => {
        const text = usual.slice(0, place) + other + usual.slice(Math.min(place + cut, end));
        for (const message of forms(text)) agrees(message, text);
      }),
      { numRuns: 400 },
    );
  });

  it('is what comes before data that is no JSON', () => {
    for (const message of forms('{"t":"A","s":1,"op":0,"d":{":{"content"}}')) {
      expect(agrees(message, '{"t":"A","s":1,"op":0,"d":{":{"content"}}')).toBe(1);
    }
  });

  it('is nothing wherever a message was cut off', () => {
    const whole = '{"t":"TYPING_START","s":7,"op":0,"d":{"user_id":"1","timestamp":1}}';
    for (let length = 0; length < whole.length; length += 1) {
      for (const message of forms(whole.slice(0, length))) expect(headOf(message)).toBeNull();
    }
  });

  it('says nothing of what the data holds', () => {
    expect(headOf('{"t":"TYPING_START","s":7,"op":0,"d":{no JSON}}')).toMatchObject({
      name: 'TYPING_START',
      sequence: 7,
    });
  });
});

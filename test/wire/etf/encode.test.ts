/** Writing ETF: the forms that Discord reads, and that it says what JSON says of the same payload. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEtf } from '../../../src/wire/etf/decode.js';
import { EtfWriter, encodeEtf } from '../../../src/wire/etf/encode.js';

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

describe('messages to the Gateway', () => {
  it.each([
    [{ op: 1, d: 251 }, '8374000000026d000000026f7061016d000000016461fb'],
    [{ op: 1, d: null }, '8374000000026d000000026f7061016d000000016473036e696c'],
  ])('have binaries as keys: %j', (payload, message) => {
    expect(hex(encodeEtf(payload))).toBe(message);
  });

  it('hold numbers in the shortest form', () => {
    const forms = { 0: '6100', 255: '61ff', 256: '6200000100', '-1': '62ffffffff', 4294967296: '6e05000000000001' };
    for (const [number, form] of Object.entries(forms)) expect(hex(encodeEtf(Number(number)))).toBe(`83${form}`);
    expect(hex(encodeEtf(1.5))).toBe('83463ff8000000000000');
    expect(hex(encodeEtf(-(2 ** 31) - 1))).toBe('836e040101000080');
    expect(hex(encodeEtf(175928847299117063n))).toBe('836e0800070002c15a067102');
  });

  it('say what JSON says of values that have no JSON', () => {
    const value = { left: undefined, out() {}, list: [undefined, Number.NaN, Symbol('x')], at: new Date(0) };
    expect(decodeEtf(encodeEtf(value))).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('are refused where JSON refuses them: with a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    expect(() => encodeEtf(cycle)).toThrow(/cycle/);
  });
});

describe('terms', () => {
  // biome-ignore format: aligned table
  it.each<[name: string, value: unknown, term: string]>([
    ['null',                           null,            '73 03 6e696c'],
    ['undefined',                      undefined,       '73 03 6e696c'],
    ['true',                           true,            '73 04 74727565'],
    ['false',                          false,           '73 05 66616c7365'],
    ['no text',                        '',              '6d 00000000'],
    ['text, counted in bytes',         'é€😀',          '6d 00000009 c3a9e282acf09f9880'],
    ['half of a pair of surrogates',   '\ud83d',        '6d 00000003 efbfbd'],
    ['zero',                           0,               '61 00'],
    ['negative zero',                  -0,              '61 00'],
    ['the largest integer of 32 bits', 2 ** 31 - 1,     '62 7fffffff'],
    ['one more',                       2 ** 31,         '6e 04 00 00000080'],
    ['the least integer of 32 bits',   -(2 ** 31),      '62 80000000'],
    ['a float',                        -0.5,            '46 bfe0000000000000'],
    ['what is not a number',           Number.NaN,      '73 03 6e696c'],
    ['infinity',                       Number.NEGATIVE_INFINITY, '73 03 6e696c'],
    ['a small bigint',                 255n,            '61 ff'],
    ['a negative bigint',              -256n,           '62 ffffff00'],
    ['a bigint over 32 bits',          -(2n ** 31n) - 1n, '6e 04 01 01000080'],
    ['an empty list',                  [],              '6a'],
    ['a list',                         [1, null],       '6c 00000002 6101 73036e696c 6a'],
    ['a list with a gap',              Array(1),        '6c 00000001 73036e696c 6a'],
    ['an empty object',                {},              '74 00000000'],
    ['an object, its keys in order',   { b: 1, a: {} }, '74 00000002 6d0000000162 6101 6d0000000161 7400000000'],
    ['a date',                         { at: new Date(0) }, `74 00000001 6d000000026174 6d00000018 ${hex(Buffer.from('1970-01-01T00:00:00.000Z'))}`],
  ])('%s', (_, value, term) => {
    expect(hex(encodeEtf(value))).toBe(`83${term.replaceAll(' ', '')}`);
  });

  it('of integers longer than 255 bytes have four bytes for their length', () => {
    const bytes = (length: number) => hex(encodeEtf(2n ** BigInt(8 * length) - 1n));
    expect(bytes(255)).toBe(`836eff00${'ff'.repeat(255)}`);
    expect(bytes(256)).toBe(`836f0000010000${'ff'.repeat(256)}`);
  });

  it('of members that JSON leaves out are left out, and counted as such', () => {
    const silent = { toJSON: () => undefined };
    const value = { a: undefined, b: () => {}, c: Symbol('c'), silent, d: 1, [Symbol('e')]: 1 };
    expect(hex(encodeEtf(value))).toBe('837400000001' + '6d0000000164' + '6101');
    expect(hex(encodeEtf([silent]))).toBe('836c0000000173036e696c6a');
  });

  it('are of what an object says of itself with toJSON, at any depth', () => {
    const lamp = { watts: 5, toJSON: () => ({ on: true }) };
    for (const value of [lamp, [lamp], { lamp }, { a: [{ lamp }] }]) {
      expect(decodeEtf(encodeEtf(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }
  });

  it('of a payload longer than any buffer are whole', () => {
    const long = { text: 'é'.repeat(10_000), list: Array.from({ length: 300 }, (_, i) => ({ i })) };
    expect(decodeEtf(encodeEtf(long))).toEqual(long);
  });
});

describe('depth', () => {
  const nested = (depth: number, wrap: (inner: unknown) => unknown) => {
    let value: unknown = 1;
    for (let left = depth; left > 0; left--) value = wrap(value);
    return value;
  };

  it.each([
    ['lists', (inner: unknown) => [inner]],
    ['objects', (inner: unknown) => ({ inner })],
  ])('is taken for a cycle over 1000 %s', (_, wrap) => {
    expect(() => encodeEtf(nested(1000, wrap))).not.toThrow();
    expect(() => encodeEtf(nested(1001, wrap))).toThrow(TypeError);
    expect(() => encodeEtf(nested(1001, wrap))).toThrow('The value is over 1000 deep, or has a cycle');
  });

  it('does not grow with terms beside one another', () => {
    expect(() => encodeEtf(Array.from({ length: 1001 }, () => [[{}]]))).not.toThrow();
  });
});

describe('a writer', () => {
  const written = (write: (writer: EtfWriter) => void) => {
    const writer = new EtfWriter();
    write(writer);
    return hex(writer.bytes());
  };

  it('begins with the version, and gives what was written so far', () => {
    const writer = new EtfWriter();
    expect(hex(writer.bytes())).toBe('83');
    const before = writer.bytes();
    writer.term([1]);
    expect(hex(writer.bytes())).toBe('836c0000000161016a');
    expect(hex(before)).toBe('83');
  });

  it('writes a map and a list piece by piece', () => {
    const message = written((writer) => {
      writer.mapHeader(1);
      writer.binary('op');
      writer.listHeader(2);
      writer.number(10);
      writer.integer(2n);
      writer.list([]);
    });
    expect(message).toBe(hex(encodeEtf({ op: [10, 2] })));
  });

  it('writes small integers as text, their number in two bytes', () => {
    expect(written((writer) => writer.smallIntegers([0, 7, 255]))).toBe('836b00030007ff');
    expect(written((writer) => writer.smallIntegers([]))).toBe('836b0000');
    const many = Array.from({ length: 65_535 }, (_, i) => i % 256);
    const writer = new EtfWriter();
    writer.smallIntegers(many);
    expect(hex(writer.bytes().subarray(0, 4))).toBe('836bffff');
    expect(String(decodeEtf(writer.bytes()))).toBe(String(many));
  });

  it('writes an atom of up to 255 characters', () => {
    expect(written((writer) => writer.atom(''))).toBe('837300');
    expect(written((writer) => writer.atom('a'.repeat(255)))).toBe(`8373ff${'61'.repeat(255)}`);
  });
});

describe('the same payload', () => {
  it('is the same in ETF as in JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const meant = JSON.parse(text);
        expect(decodeEtf(encodeEtf(meant))).toEqual(numbersAsEtf(meant));
      }),
      { numRuns: 700 },
    );
  });
});

/** Integers over 2^53 have lost digits in JSON; ETF gives them whole, as strings. */
function numbersAsEtf(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((member) => numbersAsEtf(member, 'id'));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, numbersAsEtf(member, name)]));
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) return value;
  const isId = key.endsWith('id') || key.endsWith('ids');
  const isText = Math.abs(value) > (isId ? 0xffff_ffff : Number.MAX_SAFE_INTEGER);
  return isText ? String(BigInt(value)) : value + 0;
}

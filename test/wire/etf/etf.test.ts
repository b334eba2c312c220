/** ETF by itself: the documented forms, the pitfalls, the limits, and what JSON says of the same payload. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEtf, EtfError, encodeEtf } from '../../../src/wire/etf/index.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const read = (term: string) => decodeEtf(bytes(`83 ${term}`));
const problem = (message: Uint8Array, limits = {}) => {
  try {
    decodeEtf(message, limits);
  } catch (error) {
    if (error instanceof EtfError) return error.message;
    throw error;
  }
  return null;
};

describe('messages of the Gateway', () => {
  it('are read: Hello with atoms as keys', () => {
    const hello =
      '837400000004730164740000000173126865617274626561745f696e74657276616c620000a12273026f70610a73017373036e696c73017473036e696c';
    expect(decodeEtf(bytes(hello))).toEqual({ d: { heartbeat_interval: 41_250 }, op: 10, s: null, t: null });
  });

  it('are read: a dispatch with mixed keys, a snowflake, an empty list, small integers and an atom as t', () => {
    const dispatch =
      '83740000000473016474000000046d0000000269646e0800070002c15a0671026d00000005726f6c65736a6d0000000573686172646b000200036d00000003626f7473047472756573026f7061007301736107730174770c4755494c445f435245415445';
    expect(decodeEtf(bytes(dispatch))).toEqual({
      op: 0,
      s: 7,
      t: 'GUILD_CREATE',
      d: { id: '175928847299117063', roles: [], shard: [0, 3], bot: true },
    });
  });
});

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
  it.each<[name: string, term: string, value: unknown]>([
    ['an old float',                    `63 ${hex(Buffer.from('3.14159265358979311600e+00'.padEnd(31, '\0')))}`, Math.PI],
    ['an atom in Latin-1',              '64 0003 e4f6fc',                              'äöü'],
    ['an atom in UTF-8',                '76 0002 c3a4',                                'ä'],
    ['a short atom in UTF-8',           '77 02 c3a4',                                  'ä'],
    ['nil',                             '73 03 6e696c',                                null],
    ['null',                            '64 0004 6e756c6c',                            null],
    ['false',                           '77 05 66616c7365',                            false],
    ['a small tuple',                   '68 02 61 01 6a',                              [1, []]],
    ['a large tuple',                   '69 00000001 61 07',                           [7]],
    ['an empty list, which is no null', '6a',                                          []],
    ['text as bytes',                   '6b 0003 000102',                              [0, 1, 2]],
    ['a list',                          '6c 00000002 61 01 61 02 6a',                  [1, 2]],
    ['text',                            '6d 00000007 68c3a96c6c6f21',                  'héllo!'],
    ['text with a byte order mark',     '6d 00000004 efbbbf61',                        '\ufeffa'],
    ['a large big integer',             '6f 00000002 00 0102',                         513],
    ['a negative big integer',          '6e 05 01 0000000001',                         -4_294_967_296],
    ['a number with leading zeros',     '6e 09 00 070000000000000000',                 7],
    ['a map with an integer as key',    '74 00000001 6e08 00 070002c15a067102 6a',     { '175928847299117063': [] }],
  ])('%s', (_, term, value) => {
    expect(read(term)).toEqual(value);
  });

  it('hold keys that are names of parts of every object as JSON does', () => {
    const read = decodeEtf(encodeEtf(JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')));
    expect(Object.keys(read as object)).toEqual(['__proto__', 'constructor']);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
    expect((read as { polluted?: true }).polluted).toBeUndefined();
  });
});

describe('integers of 64 bits', () => {
  const JANUARY_2015 = 4_194_304_000_000_000n; // 11.6 days after the epoch of snowflakes: below 2^53
  const NOW = 1_763_730_000_000n; // ms

  it('are strings from 2^53 on, as JSON cannot hold them', () => {
    expect(read('6e 07 00 ffffffffffff1f')).toBe(Number.MAX_SAFE_INTEGER);
    expect(read('6e 07 00 00000000000020')).toBe('9007199254740992');
    expect(decodeEtf(encodeEtf({ nonce: 2n ** 53n }))).toEqual({ nonce: '9007199254740992' });
  });

  it('are strings as ids, also those of January 2015', () => {
    for (const key of ['id', 'guild_id', 'sku_ids']) {
      expect(decodeEtf(encodeEtf({ [key]: JANUARY_2015 }))).toEqual({ [key]: String(JANUARY_2015) });
    }
    expect(decodeEtf(encodeEtf({ roles: [JANUARY_2015, 3n] }))).toEqual({ roles: [String(JANUARY_2015), 3] });
  });

  it('are numbers as times', () => {
    expect(decodeEtf(encodeEtf({ created_at: NOW, timestamps: { start: NOW } }))).toEqual({
      created_at: Number(NOW),
      timestamps: { start: Number(NOW) },
    });
  });

  it('stay numbers as small ids, such as those of message components', () => {
    expect(decodeEtf(encodeEtf({ id: 4_294_967_295 }))).toEqual({ id: 4_294_967_295 });
  });
});

describe('what is no term', () => {
  const nested = (depth: number) => bytes(`83 ${'6c00000001'.repeat(depth)} 6a ${'6a'.repeat(depth)}`);

  // biome-ignore format: aligned table
  it.each([
    ['nothing',                     '',                         'the message ends within a term, at byte 0'],
    ['another version',             '82 6a',                    'version 130 instead of 131, at byte 0'],
    ['a version alone',             '83',                       'the message ends within a term, at byte 1'],
    ['an unknown tag',              '83 01',                    'tag 1, which is unknown, at byte 1'],
    ['text that ends early',        '83 6d 00000005 6162',      'the message ends within a term, at byte 6'],
    ['a list of billions',          '83 6c ffffffff 61 01',     'the message ends within a term, at byte 8'],
    ['an improper list',            '83 6c 00000001 6101 6102', 'a list that does not end with an empty list, at byte 8'],
    ['bytes after the term',        '83 6a 6a',                 'bytes after the term, at byte 2'],
    ['a list as a key',             '83 74 00000001 6a 6a',     'a key with tag 106, which is no text, at byte 6'],
    ['an infinite float',           '83 46 7ff0000000000000',   'a float that is no finite number, at byte 1'],
    ['a float that is none',        `83 63 ${'61'.repeat(31)}`, 'a float that is no finite number, at byte 1'],
    ['an integer without end',      `83 6f 00000101 00 ${'01'.repeat(257)}`, 'an integer of 257 bytes, at byte 6'],
    ['a compressed term',           '83 50 00000001 789c4b04000062 0062', 'a compressed term, at byte 2'],
  ])('%s is refused', (_, message, says) => {
    expect(problem(bytes(message))).toBe(says);
  });

  it('is refused when too deep', () => {
    expect(problem(nested(999))).toBeNull();
    expect(problem(nested(1001))).toContain('terms over 1000 deep');
    expect(problem(nested(100_000))).toContain('terms over 1000 deep');
    expect(problem(nested(3), { maxDepth: 2 })).toContain('terms over 2 deep');
  });

  it('is refused when a compressed term is larger than allowed, before it is inflated', () => {
    const inflate = () => {
      throw new Error('not to be called');
    };
    const says = 'a compressed term of 2147483648 bytes, over the limit of 1000, at byte 2';
    expect(problem(bytes('83 50 80000000 789c'), { inflate, maxBytes: 1000 })).toBe(says);
  });

  it('never throws anything else, whatever bytes come', () => {
    const someTerm = fc.json({ maxDepth: 3 }).map((text) => encodeEtf(JSON.parse(text)));
    const broken = fc.tuple(someTerm, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat());
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.of(131, ...rest)),
      broken.map(([term, changes, end]) => {
        for (const [at, byte] of changes) term[at % term.length] = byte;
        return term.subarray(0, (end % (2 * term.length)) + 1);
      }),
    );
    fc.assert(
      fc.property(anything, (message) => problem(message) === null || true),
      { numRuns: 5_000 },
    );
  });
});

describe('the same payload', () => {
  it('is the same in ETF as in JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const meant = JSON.parse(text);
        expect(decodeEtf(encodeEtf(meant))).toEqual(numbersAsEtf(meant));
      }),
      { numRuns: 2_000 },
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

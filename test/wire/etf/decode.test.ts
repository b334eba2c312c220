/** Reading ETF: the documented forms, the pitfalls and the limits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEtf, EtfError, type EtfLimits } from '../../../src/wire/etf/decode.js';
import { encodeEtf } from '../../../src/wire/etf/encode.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
const read = (term: string) => decodeEtf(bytes(`83 ${term}`));
const problem = (message: Uint8Array, limits: EtfLimits = {}) => {
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
    ['a float',                         '46 3ff8000000000000',                         1.5],
    ['an old float without exponent',   `63 ${hex(Buffer.from('-2.5'.padEnd(31, '\0')))}`, -2.5],
    ['true',                            '73 04 74727565',                              true],
    ['an atom of another name',         '73 03 4e494c',                                'NIL'],
    ['an atom without a name',          '73 00',                                       ''],
    ['a small integer',                 '61 ff',                                       255],
    ['an integer',                      '62 7fffffff',                                 2_147_483_647],
    ['a negative integer',              '62 ffffffff',                                 -1],
    ['a big integer without bytes',     '6e 00 00',                                    0],
    ['a negative zero',                 '6e 01 01 00',                                 0],
    ['an empty tuple',                  '68 00',                                       []],
    ['no text',                         '6d 00000000',                                 ''],
    ['text of 24 bytes',                `6d 00000018 ${'61'.repeat(24)}`,              'a'.repeat(24)],
    ['text of 25 bytes',                `6d 00000019 ${'61'.repeat(23)}c3a4`,          `${'a'.repeat(23)}ä`],
    ['text that is no UTF-8',           '6d 00000003 61ff62',                          'a\ufffdb'],
    ['an empty map',                    '74 00000000',                                 {}],
    ['a map with a key twice',          '74 00000002 6d00000001 61 6101 6d00000001 61 6102', { a: 2 }],
    ['a map with all kinds of atoms as keys', '74 00000004 730161 6101 640001e4 6102 770163 6103 760002c3a5 6104', { a: 1, ä: 2, c: 3, å: 4 }],
    ['a map with small integers as keys', '74 00000002 6107 6101 62ffffffff 6102',      { 7: 1, '-1': 2 }],
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

describe('a message', () => {
  it('may be a part of a larger buffer', () => {
    const buffer = bytes('ff ff 83 62 0000a122 ff');
    expect(decodeEtf(buffer.subarray(2, 8))).toBe(41_250);
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

  it('are strings as ids from 2^32 on, also negative ones', () => {
    for (const [value, text] of [
      [2 ** 32, '4294967296'],
      [-(2 ** 32), '-4294967296'],
    ] as const) {
      expect(decodeEtf(encodeEtf({ id: value, at: value, list: [value] }))).toEqual({
        id: text,
        at: value,
        list: [text],
      });
    }
  });

  it('are strings where they stand in a tuple, and by the key where they stand in a map within a list', () => {
    expect(read('68 01 6e 05 00 0000000001')).toEqual(['4294967296']);
    expect(decodeEtf(encodeEtf([{ at: 2 ** 40, user_id: 2 ** 40 }]))).toEqual([
      { at: 1_099_511_627_776, user_id: '1099511627776' },
    ]);
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

  it.each([
    ['text', '6d00000004 7479'],
    ['an atom', '73 04 7479'],
    ['an integer', '62 0000'],
    ['a float', '46 3ff8'],
    ['a tuple', '68 02 6101'],
    ['a map', '74 00000002 6d0000000161 6101'],
    ['a list without its end', '6c 00000001 6101'],
    ['a big integer', '6e 08 00 0700'],
  ])('%s that ends early is refused', (_, term) => {
    expect(problem(bytes(`83 ${term}`))).toMatch(/^the message ends within a term, at byte \d+$/);
  });

  it('is an error with the problem and its place as fields', () => {
    const error = new EtfError('tag 1, which is unknown', 7);
    expect(error).toMatchObject({ name: 'EtfError', problem: 'tag 1, which is unknown', offset: 7 });
    expect(error.message).toBe('tag 1, which is unknown, at byte 7');
  });

  it('is an integer longer than 256 bytes, and none up to that', () => {
    const integer = (length: number) => `6f ${length.toString(16).padStart(8, '0')} 00 ${'ff'.repeat(length)}`;
    expect(read(integer(256))).toBe(String(2n ** 2048n - 1n));
    expect(problem(bytes(`83 ${integer(257)}`))).toBe('an integer of 257 bytes, at byte 6');
  });

  it('is an atom as a key where only binaries are taken, as by Discord', () => {
    const [atom, binary] = ['74 00000001 730161 6101', '74 00000001 6d0000000161 7301 61'];
    const says = 'a key with tag 115, which is no binary, at byte 6';
    expect(problem(bytes(`83 ${atom}`), { binaryKeys: true })).toBe(says);
    expect(problem(bytes(`83 ${atom}`), { binaryKeys: false })).toBeNull();
    expect(problem(bytes(`83 ${binary}`), { binaryKeys: true })).toBeNull();
  });

  it('is refused when too deep, of whatever kind the terms are', () => {
    for (const [inner, outer] of [
      ['6a', (term: string) => `74 00000001 6d0000000161 ${term}`],
      ['6a', (term: string) => `68 01 ${term}`],
    ] as const) {
      expect(problem(bytes(`83 ${outer(outer(inner))}`), { maxDepth: 2 })).toBeNull();
      expect(problem(bytes(`83 ${outer(outer(outer(inner)))}`), { maxDepth: 2 })).toContain('terms over 2 deep');
    }
  });

  it('is not refused for many terms beside one another', () => {
    expect(problem(bytes(`83 68 03 ${'6801 6a'.repeat(3)}`), { maxDepth: 2 })).toBeNull();
  });

  it('is refused when too deep', () => {
    expect(problem(nested(1000))).toBeNull();
    expect(problem(nested(1001))).toContain('terms over 1000 deep');
    expect(problem(nested(100_000))).toContain('terms over 1000 deep');
    expect(problem(nested(3), { maxDepth: 2 })).toContain('terms over 2 deep');
  });

  describe('when compressed', () => {
    /** A compressed term of two bytes, as it says. */
    const compressed = bytes('83 50 00000002 0102');
    const inflating = (term: string, given: unknown[] = []) => ({
      inflate: (data: Uint8Array, size: number) => {
        given.push([...data], size);
        return bytes(term);
      },
    });

    it('is read as what it is inflated to, of the size it says', () => {
      const given: unknown[] = [];
      expect(decodeEtf(compressed, inflating('61 07', given))).toBe(7);
      expect(given).toEqual([[1, 2], 2]);
    });

    it('may stand under a key, which makes it a snowflake or a time', () => {
      const message = (key: string) => bytes(`83 74 00000001 6d00000002 ${hex(Buffer.from(key))} 50 00000008 00`);
      const inflate = inflating('6e 05 00 0000000001');
      expect(decodeEtf(message('id'), inflate)).toEqual({ id: '4294967296' });
      expect(decodeEtf(message('at'), inflate)).toEqual({ at: 4_294_967_296 });
    });

    // biome-ignore format: aligned table
    it.each<[what: string, limits: EtfLimits, says: string]>([
      ['that cannot be inflated', { inflate() { throw new Error('no'); } }, 'a compressed term that cannot be inflated, at byte 2'],
      ['that is longer than it says', inflating('61 07 61'), 'a compressed term of another size than it says, at byte 2'],
      ['that is shorter than it says', inflating('6a'), 'a compressed term of another size than it says, at byte 2'],
      ['with bytes after the term', inflating('6a 6a'), 'within a compressed term: bytes after the term, at byte 1, at byte 2'],
      ['of more bytes than are allowed', { ...inflating('61 07'), maxBytes: 1 }, 'a compressed term of 2 bytes, over the limit of 1, at byte 2'],
      ['that goes too deep', { ...inflating('61 07'), maxDepth: 0 }, 'terms over 0 deep, at byte 8'],
    ])('%s is refused', (_, limits, says) => {
      expect(problem(compressed, limits)).toBe(says);
    });

    it('counts what is compressed within it against the same limit', () => {
      const inner = '50 00000002 00';
      const inflate = (data: Uint8Array) => bytes(data.length === 1 ? '61 07' : inner);
      const nested = bytes('83 50 00000006 0000');
      expect(decodeEtf(nested, { inflate, maxBytes: 8 })).toBe(7);
      expect(problem(nested, { inflate, maxBytes: 7 })).toContain('a compressed term of 2 bytes, over the limit of 1');
    });

    it('never inflates itself without an end', () => {
      const itself = '50 00000006 00';
      const limits = { inflate: () => bytes(itself), maxBytes: 1 << 30 };
      expect(problem(bytes(`83 ${itself}`), limits)).toContain('terms over 1000 deep');
    });
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
    const count = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anything, (message) => {
        count[problem(message) === null ? 'read' : 'refused'] += 1; // throws what is no EtfError
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(count.read, count.refused)).toBeGreaterThan(100);
  });
});

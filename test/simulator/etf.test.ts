/** Against bytes put together by hand from the tags of Erlang's external term format. */
import { describe, expect, it } from 'vitest';
import { discordEtf } from '../../src/simulator/etf.js';
import { decodeEtf } from '../../src/wire/etf/index.js';

const utf8 = new TextEncoder();
const hex = (text: string) => [...Buffer.from(text.replaceAll(/\s/g, ''), 'hex')];
const uint32 = (value: number) => [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
const atom = (name: string) => [115, name.length, ...utf8.encode(name)];
const binary = (text: string) => [109, ...uint32(utf8.encode(text).length), ...utf8.encode(text)];
const map = (pairs: number) => [116, ...uint32(pairs)];
const list = (count: number) => [108, ...uint32(count)];
const int = (value: number) => [97, value];
const NIL = [106];
const NULL = atom('nil');

/** A snowflake, as text and as an integer of eight bytes, the least significant first. */
const ID = '175928847299117063';
const ID_ETF = hex('6e 08 00 07 00 02 c1 5a 06 71 02');

const whole = (...terms: number[][]) => Uint8Array.from([131, ...terms.flat()]);

/** A payload whose `d` is `d`, and how it begins. */
const payload = (d: unknown) => discordEtf({ d });
const withD = (...terms: number[][]) => whole(map(1), atom('d'), ...terms);

describe('the envelope', () => {
  it('has atoms as keys in alphabetical order, and ends with t', () => {
    const hello = { t: null, s: null, op: 10, d: { heartbeat_interval: 41_250 } };
    expect(discordEtf(hello)).toEqual(
      Uint8Array.from(
        hex(
          `8374000000047301647400000001 73126865617274626561745f696e74657276616c620000a122 73026f70610a
           73017373036e696c 73017473036e696c`,
        ),
      ),
    );
  });

  it('has an event name as an atom', () => {
    expect(discordEtf({ t: 'RESUMED', s: 7, op: 0, d: {} })).toEqual(
      whole(map(4), atom('d'), map(0), atom('op'), int(0), atom('s'), int(7), atom('t'), atom('RESUMED')),
    );
  });

  it.each([
    ['a name that is not ASCII', 'É', binary('É')],
    ['a name that is too long for an atom', 'A'.repeat(256), binary('A'.repeat(256))],
    ['a number', 7, int(7)],
  ])('has %s in the place of an event name as it is', (_, t, term) => {
    expect(discordEtf({ t })).toEqual(whole(map(1), atom('t'), term));
  });

  it('leaves out what the payload leaves out', () => {
    expect(discordEtf({ op: 11 })).toEqual(whole(map(1), atom('op'), int(11)));
  });
});

describe('keys within d', () => {
  it('are atoms where their length is even, and binaries where it is odd', () => {
    expect(payload({ even: null, odd: true })).toEqual(withD(map(2), atom('even'), NULL, binary('odd'), atom('true')));
  });

  it.each([
    ['not ASCII', 'éé'],
    ['too long for an atom', 'k'.repeat(256)],
  ])('are binaries where they are %s', (_, key) => {
    expect(payload({ [key]: null })).toEqual(withD(map(1), binary(key), NULL));
  });

  it('are kept where they name parts of every object', () => {
    expect(payload(JSON.parse('{"__proto__":1}'))).toEqual(withD(map(1), binary('__proto__'), int(1)));
  });
});

describe('snowflakes', () => {
  it.each(['id', 'guild_id'])('are integers under %s', (key) => {
    expect(payload({ [key]: ID })).toEqual(withD(map(1), key === 'id' ? atom('id') : atom('guild_id'), ID_ETF));
  });

  it.each(['ids', 'guild_ids', 'roles', 'mention_roles', 'applied_tags'])('are integers in the list %s', (key) => {
    const name = key.length % 2 === 0 ? atom(key) : binary(key);
    expect(payload({ [key]: [ID, 'x'] })).toEqual(withD(map(1), name, list(2), ID_ETF, binary('x'), NIL));
  });

  it.each(['nonce', 'permissions', 'idle'])('stay text under %s', (key) => {
    const name = key.length % 2 === 0 ? atom(key) : binary(key);
    expect(payload({ [key]: ID })).toEqual(withD(map(1), name, binary(ID)));
  });

  it('stay text in lists of other things', () => {
    expect(payload({ x: [ID] })).toEqual(withD(map(1), binary('x'), list(1), binary(ID), NIL));
  });

  it.each([
    ['of 14 digits', '12345678901234'],
    ['of 20 digits', '12345678901234567890'],
    ['with a zero in front', '012345678901234567'],
    ['with a letter', '17592884729911706x'],
  ])('are no text %s, which stays text', (_, text) => {
    expect(payload({ id: text })).toEqual(withD(map(1), atom('id'), binary(text)));
  });
});

describe('lists', () => {
  it.each([
    ['none', [], NIL],
    ['bytes', [0, 255], hex('6b 0002 00 ff')],
    ['a number too large for a byte', [0, 256], [...list(2), ...int(0), ...hex('62 00000100'), ...NIL]],
    ['a negative number', [-1], [...list(1), ...hex('62 ffffffff'), ...NIL]],
    ['a fraction', [0.5], [...list(1), ...hex('46 3fe0000000000000'), ...NIL]],
    ['text', ['a'], [...list(1), ...binary('a'), ...NIL]],
    ['a list', [[1]], [...list(1), ...hex('6b 0001 01'), ...NIL]],
    ['a map', [{ id: ID }], [...list(1), ...map(1), ...atom('id'), ...ID_ETF, ...NIL]],
  ])('of %s', (_, values, term) => {
    expect(payload(values)).toEqual(withD(term));
  });

  it('of bytes look like text up to the length that such text can have', () => {
    const bytes = (count: number) => new Array<number>(count).fill(1);
    expect(payload(bytes(65_535)).subarray(9, 12)).toEqual(Uint8Array.from(hex('6b ffff')));
    expect(payload(bytes(65_536)).subarray(9, 14)).toEqual(Uint8Array.from(hex('6c 00010000')));
  });
});

it('is read back as the JSON that it was made from', () => {
  const d = { id: ID, roles: [ID], shard: [0, 3], nested: { user_id: ID, tags: [], text: 'é😀', nonce: ID }, n: -1.5 };
  const dispatch = { op: 0, s: 70_000, t: 'GUILD_CREATE', d };
  expect(decodeEtf(discordEtf(dispatch))).toEqual(dispatch);
});

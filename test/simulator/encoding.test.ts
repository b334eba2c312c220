import { describe, expect, it } from 'vitest';
import { ENCODINGS } from '../../src/simulator/encoding.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

const HELLO = '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}';
/** Hello as Discord writes it: its keys are atoms. */
const HELLO_ETF =
  '837400000004730164740000000173126865617274626561745f696e74657276616c620000a12273026f70610a73017373036e696c73017473036e696c';

describe('json', () => {
  const { write, translate, read } = ENCODINGS.json;

  it('writes a payload with its keys in order', () => {
    expect(write(JSON.parse(HELLO))).toBe(HELLO);
  });

  it('leaves malformed frames, and what a client sends, as they are', () => {
    expect([HELLO, '{"op":0,"d":', ''].map(translate)).toEqual([HELLO, '{"op":0,"d":', '']);
    expect(['{"op":1,"d":null}', '{', ''].map(read)).toEqual(['{"op":1,"d":null}', '{', '']);
  });

  it('reads JSON in a binary message, as some clients send it, and no bytes that are not UTF-8', () => {
    expect(read(new TextEncoder().encode('{"op":1,"d":"\ufeffé"}'))).toBe('{"op":1,"d":"\ufeffé"}');
    expect(read(Uint8Array.of(0x7b, 0xff))).toBeNull();
  });
});

describe('etf', () => {
  const { write, translate, read } = ENCODINGS.etf;

  it('writes a payload as Discord does', () => {
    expect(write(JSON.parse(HELLO))).toEqual(bytes(HELLO_ETF));
  });

  it('translates a malformed payload', () => {
    expect(translate(HELLO)).toEqual(bytes(HELLO_ETF));
  });

  it.each(['{"op":0,"d":', '', 'null', '42', '"op"', '[1,2,3]'])('leaves what is no payload as text: %o', (text) => {
    expect(translate(text)).toBe(text);
  });

  it('leaves a malformed payload as text that is nested deeper than it can be written', () => {
    const deep = `{"op":0,"d":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(translate(deep)).toBe(deep);
  });

  it.each([
    ['8374000000026d000000026f7061016d000000016461fb', '{"op":1,"d":251}'],
    ['8374000000026d000000026f7061016d000000016473036e696c', '{"op":1,"d":null}'],
    ['8361fb', '251'],
  ])('reads what a client sends: %s', (hex, json) => {
    expect(read(bytes(hex))).toBe(json);
  });

  it.each([
    ['a map with atoms as keys', HELLO_ETF],
    ['a term that is cut off', '8374000000026d000000026f70'],
    ['bytes after the term', '8361fb61'],
    ['another version of the format', '8261fb'],
    ['a compressed term', '8350000000020001'],
    ['an empty message', ''],
  ])('cannot read %s', (_, hex) => {
    expect(read(bytes(hex))).toBeNull();
  });

  it('cannot read a text message', () => {
    expect(read('{"op":1,"d":null}')).toBeNull();
  });
});

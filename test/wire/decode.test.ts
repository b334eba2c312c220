/** What messages mean, in JSON and ETF, as the decoder of a plain connection understands them. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import { OPCODES, Opcode, type ReceivedOpcode } from '../../machines/protocol/opcodes.js';
import { decodeJson, EVERYTHING } from '../../src/wire/decode.js';
import { type Check, testEach } from '../support/checks.js';
import { decoding } from '../support/decoding.js';

/** Messages, and what they mean. */
const MEANINGS: readonly (readonly [data: string | Uint8Array, isBinary: boolean, means: unknown])[] = [
  ['{"op":11}', false, { type: 'heartbeatAck' }],
  [new TextEncoder().encode('{"op":11}'), false, { type: 'heartbeatAck' }],
  ['{"op":11}', true, 'a binary message on a connection without compression'],
  ['{"op":', false, 'not JSON'],
  ['7', false, 'not an object'],
  ['null', false, 'not an object'],
  ['[]', false, 'not an object'],
  ['{"op":"11"}', false, 'op is not an integer'],
  ['{"op":1.5}', false, 'op is not an integer'],
  ['{}', false, 'op is not an integer'],
  ['{"op":12}', false, { type: 'unknownOpcode', opcode: 12 }],
  ['{"op":9,"d":true}', false, { type: 'invalidSession', resumable: true }],
  ['{"op":9,"d":"true"}', false, { type: 'invalidSession', resumable: false }],
  ['{"op":9}', false, { type: 'invalidSession', resumable: false }],
  ['{"op":10}', false, { type: 'hello' }],
  ['{"op":10,"d":null}', false, { type: 'hello' }],
  ['{"op":10,"d":{"heartbeat_interval":7}}', false, { type: 'hello', interval: 7 }],
  ['{"op":0,"s":0,"t":"A","d":null}', false, { type: 'dispatch', name: 'A', sequence: 0, data: null }],
  ['{"op":0,"s":-1,"t":"A","d":{}}', false, 'a dispatch whose sequence (s) is not a whole number'],
  ['{"op":0,"s":1.5,"t":"A","d":{}}', false, 'a dispatch whose sequence (s) is not a whole number'],
  ['{"op":0,"s":"1","t":"A","d":{}}', false, 'a dispatch whose sequence (s) is not a whole number'],
  ['{"op":0,"s":9007199254740992,"t":"A","d":{}}', false, 'a dispatch whose sequence (s) is not a whole number'],
  ['{"op":0,"t":"A","d":{}}', false, { type: 'dispatch', name: 'A', sequence: null, data: {} }],
  ['{"op":0,"s":null,"t":"A","d":{}}', false, { type: 'dispatch', name: 'A', sequence: null, data: {} }],
  ['{"op":0,"s":1,"t":"","d":{}}', false, 'a dispatch without a name (t)'],
  ['{"op":0,"s":1,"t":7,"d":{}}', false, 'a dispatch without a name (t)'],
  ['{"op":0,"s":1,"t":"A"}', false, 'a dispatch without data (d)'],
  ...['transition', 'notice', 'error', 'A b', 'A\\n', '__proto__', 'constructor', 'É', 'A'.repeat(65)].map(
    (name): readonly [string, boolean, string] => [
      `{"op":0,"s":1,"t":"${name}","d":{}}`,
      false,
      'a dispatch whose name (t) is not 1 to 64 capitals, digits and _',
    ],
  ),
];

describe('a message in JSON', () => {
  it.each(MEANINGS)('%s (binary: %s) means %j', (data, isBinary, means) => {
    const { heard, decoder } = decoding();
    decoder.receive(data, isBinary);
    expect(heard).toEqual([typeof means === 'string' ? { type: 'malformed', problem: means } : means]);
  });
});

describe('an opcode', () => {
  it.each(Object.entries(OPCODES))('%i is known exactly if the Gateway sends it', (op, { direction }) => {
    const { type } = decodeJson(`{"op":${op},"s":1,"t":"A","d":{}}`, EVERYTHING);
    expect(type === 'unknownOpcode').toBe(direction === 'send');
  });

  it('that is received and has no case does not compile', () => {
    expectTypeOf<ReceivedOpcode>().toEqualTypeOf<0 | 1 | 7 | 9 | 10 | 11>();
    const withoutHello = (op?: ReceivedOpcode) => {
      switch (op) {
        case Opcode.Dispatch:
        case Opcode.Heartbeat:
        case Opcode.HeartbeatAck:
        case Opcode.Reconnect:
        case Opcode.InvalidSession:
          return true;
        default:
          // @ts-expect-error Hello is left: `understand` in src/wire/decode.ts ends the same way
          return op satisfies undefined;
      }
    };
    expect(withoutHello()).toBeUndefined();
  });
});

/** The texts that are parsed meanwhile. */
function parsedBy(run: () => void): string[] {
  const texts: string[] = [];
  const { parse } = JSON;
  JSON.parse = (text: string) => {
    texts.push(text);
    return parse(text);
  };
  try {
    run();
    return texts;
  } finally {
    JSON.parse = parse;
  }
}

describe('a dispatch in JSON', () => {
  const text = '{"t":"A","s":1,"op":0,"d":{"x":[1]}}';
  const forms = [text, new TextEncoder().encode(text)];

  it('is parsed once and without its head, as text and as bytes, where some dispatches are wanted', () => {
    const wanted = { all: () => false, has: (name: string) => name === 'A' };
    for (const message of forms) expect(parsedBy(() => decodeJson(message, wanted))).toEqual(['{"x":[1]}']);
  });

  it('is parsed once and as a whole where all dispatches are wanted', () => {
    for (const message of forms) expect(parsedBy(() => decodeJson(message, EVERYTHING))).toEqual([text]);
  });

  it('is wanted by EVERYTHING, whatever its name', () => {
    expect([EVERYTHING.all(), EVERYTHING.has('A')]).toEqual([true, true]);
  });
});

const HELLO_ETF = Uint8Array.from([131, 116, 0, 0, 0, 1, 119, 2, 111, 112, 97, 11]);
const heardOf = (data: string | Uint8Array, isBinary: boolean) => {
  const { heard, decoder } = decoding({ encoding: 'etf' });
  decoder.receive(data, isBinary);
  return heard;
};
const TEXT_IN_ETF = { type: 'malformed', problem: 'a text message on a connection with encoding=etf' };

const TERMS: readonly Check[] = [
  ['a term', () => heardOf(HELLO_ETF, true), [{ type: 'heartbeatAck' }]],
  ['a term as text', () => heardOf(HELLO_ETF, false), [TEXT_IN_ETF]],
  ['text', () => heardOf('{"op":11}', false), [TEXT_IN_ETF]],
  [
    'no term',
    () => heardOf(new Uint8Array(), true),
    [{ type: 'malformed', problem: 'not ETF: the message ends within a term, at byte 0' }],
  ],
];

describe('a message in ETF', () => testEach(TERMS));

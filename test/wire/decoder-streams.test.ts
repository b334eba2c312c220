import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import * as fzstd from 'fzstd';
import { describe, expect, it } from 'vitest';
import { fzstdInflate } from '../../adapters/fzstd.js';
import { zlibInflate } from '../../adapters/zlib.js';
import { firstInflate } from '../../src/ports/first-inflate.js';
import type { Compression, InflatePort } from '../../src/ports/index.js';
import { zlibCompressors } from '../../src/simulator/zlib-compression.js';
import { EVERYTHING, type Incoming } from '../../src/wire/decode.js';
import { type DecoderOptions, decoderFor } from '../../src/wire/decoder.js';
import { decoding as anyDecoding } from '../support/decoding.js';
import { ZSTD_MESSAGES } from '../support/zstd-stream.js';
import frames from './fixtures/zstd-stream.json' with { type: 'json' };

const inflate = firstInflate([zlibInflate, () => fzstdInflate(fzstd)]);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const bytes = (message: Uint8Array | undefined) => message ?? new Uint8Array();
const ZSTD_FRAMES = frames.map((frame) => Buffer.from(frame, 'base64'));

/** A decoder that can decompress everything. */
const decoding = (options: Partial<DecoderOptions> = {}) => anyDecoding({ inflate, ...options });

const HELLO: Incoming = { type: 'hello', interval: 41250 };
const ACK: Incoming = { type: 'heartbeatAck' };
const MESSAGE: Incoming = { type: 'dispatch', name: 'MESSAGE_CREATE', sequence: 2, data: { content: 'héllo 😀' } };

const PLAIN = [
  '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}',
  '{"t":null,"s":null,"op":11,"d":null}',
  '{"t":"MESSAGE_CREATE","s":2,"op":0,"d":{"content":"héllo 😀"}}',
];
const size = (parts: readonly (string | Uint8Array)[]) => parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);

const STREAMS: Record<'zlib-stream' | 'zstd-stream', readonly Uint8Array[]> = {
  'zlib-stream': [
    '789caa562a51b2ca2bcdc9d1512a8631f20b94ac0c0d74945294acaa953252138b4a9252134be233f34a528bca127394ac4c0c8d4c0d6a6b01000000ffff',
    'aac6a5d710ac1724500b000000ffff',
    '02ab51f2750d0e7674778d770e72750c715502ab37822886d9939c0f343e0fa438e3f0ca9c9c7c850ff3673428d5d602000000ffff',
  ].map(hex),
  'zstd-stream': [
    '28b52ffd0058e001007b2274223a6e756c6c2c2273223a6e756c6c2c226f70223a31302c2264223a7b226865617274626561745f696e74657276616c223a34313235307d7d',
    '74000030316e756c6c7d02004090bf2820',
    'c401009402224d4553534147455f4352454154452232636f6e74656e74223a2268c3a96c6c6f20f09f9880227d7d04006b106063ae37dc9e560101',
  ].map(hex),
};
const PAYLOAD = hex(
  '789cab562a51b2ca2bcdc9d1512a8631f20b94ac0c0d74945294acaa953252138b4a9252134be233f34a528bca127394ac4c0c8d4c0d6a6b01438e135c',
);

describe('a decoder', () => {
  it('hands on each message before receive returns', () => {
    const { heard, decoder } = decoding();
    decoder.receive('{"op":11}', false);
    expect(heard).toEqual([ACK]);
    decoder.receive(new TextEncoder().encode('{"op":7}'), false);
    expect(heard.at(-1)).toEqual({ type: 'reconnectRequested' });
  });

  it('hands on nothing after its end', () => {
    const { heard, traffic, decoder } = decoding();
    decoder.end();
    decoder.receive('{"op":11}', false);
    expect(heard).toEqual([]);
    expect(traffic.frames).toBe(0);
  });

  it('counts what it received', () => {
    const { traffic, decoder } = decoding();
    decoder.receive('{"op":11}', false);
    decoder.receive(Buffer.from('{"op":7}'), false);
    expect(traffic).toEqual({ frames: 2, bytes: 17, messages: 2, decompressedBytes: 17 });
  });

  it('calls malformed what is wrong with a message that was not compressed, and goes on', () => {
    const { heard, decoder } = decoding();
    decoder.receive('{"op":', false);
    decoder.receive(hex('789c'), true);
    decoder.receive('{"op":11}', false);
    expect(heard).toEqual([
      { type: 'malformed', problem: 'not JSON' },
      { type: 'malformed', problem: 'a binary message on a connection without compression' },
      ACK,
    ]);
  });
});

describe.each(['zlib-stream', 'zstd-stream'] as const)('%s', (compress) => {
  const frames = STREAMS[compress];

  it('is one stream for all messages, each handed on before receive returns', () => {
    const { heard, traffic, decoder } = decoding({ compress });
    for (const [n, frame] of frames.entries()) {
      decoder.receive(frame, true);
      expect(heard).toHaveLength(n + 1);
    }
    expect(heard).toEqual([HELLO, ACK, MESSAGE]);
    expect(traffic).toEqual({ frames: 3, bytes: size(frames), messages: 3, decompressedBytes: size(PLAIN) });
  });

  it('is undecodable from its second message on', () => {
    const { heard, decoder } = decoding({ compress });
    decoder.receive(bytes(frames[1]), true);
    expect(heard).toEqual([
      { type: 'undecodable', problem: expect.stringMatching(/^it cannot be decompressed: ./) as string },
    ]);
  });

  it('is undecodable once, and nothing after it is handed on', () => {
    const { heard, decoder } = decoding({ compress });
    decoder.receive(bytes(frames[0]), true);
    decoder.receive(hex('ffffffffffff0000ffff'), true);
    for (const frame of frames) decoder.receive(frame, true);
    decoder.receive('{"op":11}', false);
    expect(heard.map(({ type }) => type)).toEqual(['hello', 'undecodable']);
  });

  it('leaves plain messages as they are', () => {
    const { heard, decoder } = decoding({ compress });
    decoder.receive(bytes(frames[0]), true);
    decoder.receive('{"op":11}', false);
    decoder.receive('{', false);
    decoder.receive(bytes(frames[1]), true);
    expect(heard).toEqual([HELLO, ACK, { type: 'malformed', problem: 'not JSON' }, ACK]);
  });
});

describe('zlib-stream', () => {
  const frames = STREAMS['zlib-stream'];

  it('goes on until the marker, wherever a message is cut, within the marker too', () => {
    for (const cut of bytes(frames[0]).keys()) {
      const { heard, traffic, decoder } = decoding({ compress: 'zlib-stream' });
      decoder.receive(bytes(frames[0]).subarray(0, cut), true);
      expect(heard).toEqual([]);
      decoder.receive(bytes(frames[0]).subarray(cut), true);
      decoder.receive(bytes(frames[1]), true);
      expect(heard).toEqual([HELLO, ACK]);
      expect(traffic).toMatchObject({ frames: 3, messages: 2 });
    }
  });

  it('takes no end of one message and beginning of the next for a marker', () => {
    const { heard, decoder } = decoding({ compress: 'zlib-stream' });
    decoder.receive(bytes(frames[0]), true);
    const [first, ...rest] = bytes(frames[1]);
    decoder.receive(Uint8Array.of(first ?? 0), true);
    expect(heard).toEqual([HELLO]);
    decoder.receive(Uint8Array.from(rest), true);
    expect(heard).toEqual([HELLO, ACK]);
  });

  it('does not take two messages at once, as the documentation knows none: undecodable, not half lost', () => {
    const { heard, decoder } = decoding({ compress: 'zlib-stream' });
    decoder.receive(Buffer.concat(frames.slice(0, 2)), true);
    expect(heard).toEqual([{ type: 'undecodable', problem: 'not JSON' }]);
  });
});

describe('payload compression', () => {
  it('takes each compressed message by itself, and plain ones between them', () => {
    const { heard, traffic, decoder } = decoding({ compress: 'payload' });
    for (const _ of [1, 2]) decoder.receive(PAYLOAD, true);
    decoder.receive('{"op":11}', false);
    decoder.receive(PAYLOAD, true);
    expect(heard).toEqual([HELLO, HELLO, ACK, HELLO]);
    expect(traffic).toEqual({ frames: 4, bytes: 3 * PAYLOAD.length + 9, messages: 4, decompressedBytes: 3 * 60 + 9 });
  });

  it('is undecodable where a stream is cut short', () => {
    const { heard, decoder } = decoding({ compress: 'payload' });
    decoder.receive(PAYLOAD.subarray(0, -1), true);
    expect(heard.map(({ type }) => type)).toEqual(['undecodable']);
  });
});

describe('what decompresses and still makes no sense', () => {
  const compressed = (data: string | Uint8Array) => deflateSync(data);

  it.each([
    ['that is not JSON', '{"op":11'],
    ['of two messages', '{"op":11}{"op":11}'],
    ['that is empty', ''],
    ['that is not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
  ])('is undecodable: a message %s', (_, content) => {
    const { heard, decoder } = decoding({ compress: 'payload' });
    decoder.receive(compressed(content), true);
    decoder.receive(PAYLOAD, true);
    expect(heard).toEqual([{ type: 'undecodable', problem: 'not JSON' }]);
  });

  it('is malformed and nothing more if it is JSON of another shape', () => {
    const { heard, decoder } = decoding({ compress: 'payload' });
    decoder.receive(compressed('[]'), true);
    decoder.receive(PAYLOAD, true);
    expect(heard).toEqual([{ type: 'malformed', problem: 'not an object' }, HELLO]);
  });
});

describe('maxPayload', () => {
  const content = `{"op":11,"d":"${'a'.repeat(2_000)}"}`;

  it('bounds a message after decompression', () => {
    for (const [maxPayload, type] of [
      [content.length, 'heartbeatAck'],
      [content.length - 1, 'undecodable'],
    ] as const) {
      const { heard, decoder } = decoding({ compress: 'payload', maxPayload });
      decoder.receive(deflateSync(content), true);
      expect(heard.map((incoming) => incoming.type)).toEqual([type]);
    }
  });

  it('bounds a message that never ends', () => {
    const { heard, decoder } = decoding({ compress: 'zlib-stream', maxPayload: 1_000 });
    const endless = zlibCompressors('zlib-stream')(randomBytes(2_000)).subarray(0, -4);
    for (let at = 0; at < endless.length; at += 100) decoder.receive(endless.subarray(at, at + 100), true);
    expect(heard).toEqual([{ type: 'undecodable', problem: expect.stringMatching(/1000 bytes/) as string }]);
  });
});

/** A port whose inflaters give each message when they are told to. */
function slowInflate() {
  const pending: (() => void)[] = [];
  let closed = 0;
  const port: InflatePort = {
    supports: () => true,
    open: (_compression, _options, { inflated }) => ({
      write(data, isEnd) {
        if (isEnd) pending.push(() => inflated(data));
      },
      close() {
        closed += 1;
      },
    }),
  };
  return { port, give: () => pending.shift()?.(), closed: () => closed };
}

describe('where decompression takes time', () => {
  const ack = Buffer.from('{"op":11}');

  it('plain messages wait for the compressed ones before them', () => {
    const { port, give } = slowInflate();
    const { heard, decoder } = decoding({ compress: 'payload', inflate: port });
    decoder.receive('{"op":7}', false);
    decoder.receive(ack, true);
    decoder.receive('{"op":7}', false);
    decoder.receive('{"op":1}', false);
    decoder.receive(ack, true);
    decoder.receive('{"op":7}', false);
    const heardTypes = () => heard.map(({ type }) => type);
    expect(heardTypes()).toEqual(['reconnectRequested']);
    give();
    expect(heardTypes().slice(1)).toEqual(['heartbeatAck', 'reconnectRequested', 'heartbeatRequested']);
    give();
    expect(heardTypes().slice(4)).toEqual(['heartbeatAck', 'reconnectRequested']);
  });

  it('what is left is let go at the end', () => {
    const { port, give, closed } = slowInflate();
    const { heard, decoder } = decoding({ compress: 'payload', inflate: port });
    decoder.receive(ack, true);
    decoder.receive('{"op":7}', false);
    decoder.end();
    give();
    expect(heard).toEqual([]);
    expect(closed()).toBe(1);
  });

  it('an end that the sink brings about is heeded at once', () => {
    const { port, give } = slowInflate();
    let heard = 0;
    const traffic = { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };
    const decoder = decoderFor(
      { encoding: 'json', compress: 'payload', maxPayload: 100, inflate: port, traffic, wanted: EVERYTHING },
      () => {
        heard += 1;
        decoder.end();
      },
    );
    decoder.receive(ack, true);
    decoder.receive('{"op":7}', false);
    give();
    expect(heard).toBe(1);
  });

  it('no more than maxPayload may wait', () => {
    const { port, give } = slowInflate();
    const { heard, decoder } = decoding({ compress: 'payload', inflate: port, maxPayload: 27 });
    for (const _ of [1, 2, 3]) decoder.receive(ack, true);
    give();
    decoder.receive(ack, true);
    expect(heard).toHaveLength(1);
    decoder.receive(ack, true);
    expect(heard.map(({ type }) => type)).toEqual(['heartbeatAck', 'undecodable']);
  });
});

/** Messages of a connection, compressed in earnest: small ones, unicode, and some beyond every buffer in between. */
const contents = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
    { weight: 2, arbitrary: fc.nat(200_000).map((length) => 'gatechart '.repeat(length / 10)) },
    { weight: 1, arbitrary: fc.nat(100_000).map((length) => randomBytes(length).toString('base64')) },
  ),
  { minLength: 1, maxLength: 8 },
);
const plain = (content: string, n: number) => JSON.stringify({ t: 'A', s: n, op: 0, d: content });
const meant = (content: string, n: number) => ({ type: 'dispatch', name: 'A', sequence: n, data: content });

/** The messages of a connection, compressed. */
function streamOf(compression: Compression, given: readonly string[]): Uint8Array[] {
  const compress = zlibCompressors(compression);
  return given.map((content, n) => compress(Buffer.from(plain(content, n))));
}

/** The places where messages end, and others; in order. */
function cutsOf(stream: readonly Uint8Array[], others: readonly number[]): number[] {
  const ends: number[] = [0];
  for (const { length } of stream) ends.push((ends.at(-1) ?? 0) + length);
  const whole = ends.at(-1) ?? 0;
  return [...new Set([...ends, ...others.map((place) => place % whole)])].sort((a, b) => a - b);
}

describe('real streams', () => {
  it('of zlib come out as they went in, whatever pieces they come in', () => {
    fc.assert(
      fc.property(contents, fc.array(fc.nat(), { maxLength: 20 }), (given, others) => {
        const stream = streamOf('zlib-stream', given);
        const cuts = cutsOf(stream, others);
        const { heard, traffic, decoder } = decoding({ compress: 'zlib-stream' });
        const whole = Buffer.concat(stream);
        for (const [n, from] of cuts.slice(0, -1).entries()) decoder.receive(whole.subarray(from, cuts[n + 1]), true);
        expect(heard).toEqual(given.map(meant));
        expect(traffic).toMatchObject({ frames: cuts.length - 1, bytes: whole.length, messages: given.length });
      }),
      { numRuns: 40 },
    );
  });

  it('of payload compression come out as they went in', () => {
    fc.assert(
      fc.property(contents, (given) => {
        const { heard, decoder } = decoding({ compress: 'payload' });
        for (const frame of streamOf('payload', given)) decoder.receive(frame, true);
        expect(heard).toEqual(given.map(meant));
      }),
      { numRuns: 15 },
    );
  });

  it('of zstd come out as they went in', () => {
    const { heard, decoder } = decoding({ compress: 'zstd-stream' });
    for (const frame of ZSTD_FRAMES) decoder.receive(frame, true);
    expect(heard).toEqual(ZSTD_MESSAGES.map((message) => meant(JSON.parse(message).d, JSON.parse(message).s)));
  });

  it.each(['zlib-stream', 'payload', 'zstd-stream'] as const)(
    'of %s with wrong bytes in them give messages or end undecodable, and never fall silent or throw',
    (compress) => {
      const damage = fc.array(fc.record({ at: fc.nat(), flip: fc.integer({ min: 1, max: 255 }) }), {
        minLength: 1,
        maxLength: 5,
      });
      const streams =
        compress === 'zstd-stream'
          ? fc.constant(ZSTD_FRAMES.slice(0, 5))
          : contents.map((given) => streamOf(compress, given));
      const came = { messages: 0, undecodable: 0 };
      fc.assert(
        fc.property(streams, damage, (stream, changes) => {
          const whole = Buffer.concat(stream);
          for (const { at, flip } of changes) whole[at % whole.length] = (whole[at % whole.length] ?? 0) ^ flip;
          const { heard, decoder } = decoding({ compress });
          const cuts = cutsOf(stream, []);
          for (const [n, from] of cuts.slice(0, -1).entries()) decoder.receive(whole.subarray(from, cuts[n + 1]), true);
          const end = heard.findIndex(({ type }) => type === 'undecodable');
          came[end === -1 ? 'messages' : 'undecodable'] += 1;
          if (end !== -1) expect(heard).toHaveLength(end + 1);
          // A marker that was damaged lets a message go on into the next; the last of them may still go on.
          else expect(stream.length - heard.length).toBeLessThanOrEqual(compress === 'zlib-stream' ? 1 : 0);
        }),
        { numRuns: 30 },
      );
      expect(came.undecodable).toBeGreaterThan(came.messages > 0 ? 0 : 29);
    },
  );
});

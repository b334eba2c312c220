/** A decoder whose inflater is a stub that gives back what it is given, when it is told to. Expected lines by hand. */

import { describe, expect, it } from 'vitest';
import type { InflateCallbacks, InflatePort } from '../../src/ports/index.js';
import { EVERYTHING } from '../../src/wire/decode.js';
import { type DecoderOptions, decoderFor } from '../../src/wire/decoder.js';
import { decoding } from '../support/decoding.js';

class Bench {
  readonly lines: string[] = [];
  readonly #written: Uint8Array[] = [];
  #callbacks: InflateCallbacks | null = null;
  #message = '';
  /** The message at which the end comes. */
  endsAt = 0;
  readonly #subject;

  constructor(options: Partial<DecoderOptions> = {}) {
    const inflate: InflatePort = {
      supports: () => true,
      open: (compression, { maxBytes }, callbacks) => {
        this.lines.push(`open ${compression} ${maxBytes}`);
        this.#callbacks = callbacks;
        return {
          write: (data, isEnd) => {
            this.lines.push(`write ${data.length}${isEnd ? ' end' : ''}`);
            this.#message += Buffer.from(data).toString();
            if (isEnd) this.#written.push(Buffer.from(this.#message));
            if (isEnd) this.#message = '';
          },
          close: () => this.lines.push('close'),
        };
      },
    };
    this.#subject = decoding({ inflate, ...options });
    this.#subject.heard.push = (incoming) => {
      const { type, problem, name } = incoming as { type: string; problem?: string; name?: string };
      this.lines.push([type, problem ?? name].filter((word) => word !== undefined).join(' '));
      this.endsAt -= 1;
      if (this.endsAt === 0) this.end();
      return 0;
    };
  }

  text = (data: string) => this.#subject.decoder.receive(data, false);
  binary = (data: string | Uint8Array | readonly number[]) => this.#subject.decoder.receive(Buffer.from(data), true);
  /** Text as its bytes. */
  bytes = (data: string | readonly number[]) => this.#subject.decoder.receive(Buffer.from(data), false);
  /** The inflater gives the first message that it has. */
  give = () => this.#callbacks?.inflated(this.#written.shift() ?? new Uint8Array());
  fail = () => this.#callbacks?.failed('corrupt');
  end = () => this.#subject.decoder.end();
  isBusy = () => this.#subject.decoder.isBusy;
  traffic = () => this.lines.push(Object.values(this.#subject.traffic).join(' '));
}

const ACK = '{"op":11}';
const RECONNECT = '{"op":7}';
const FLUSHED = Buffer.from([0, 0, 0xff, 0xff]);

describe('a decoder', () => {
  it('what is plain is heard at once and counted', () => {
    const b = new Bench();
    b.text(ACK);
    b.text('{');
    b.binary(ACK);
    b.traffic();
    b.end();
    b.text(ACK);
    b.traffic();

    expect(b.lines).toEqual([
      'heartbeatAck',
      'malformed not JSON',
      'malformed a binary message on a connection without compression',
      '3 19 2 10',
      '3 19 2 10',
    ]);
  });

  it('text is UTF-8, and may hold a character that stands for what is not', () => {
    const b = new Bench();
    b.bytes('{"op":0,"s":1,"t":"A","d":"\ufffd"}');
    b.bytes([0x22, 0xff, 0x22]);

    expect(b.lines).toEqual(['dispatch A', 'malformed not JSON']);
  });

  it('what is compressed is counted as it came and as it is', () => {
    const b = new Bench({ compress: 'payload', maxPayload: 50 });
    b.binary(ACK);
    b.traffic();
    b.give();
    b.traffic();
    b.end();

    expect(b.lines).toEqual(['open payload 50', 'write 9 end', '1 9 0 0', 'heartbeatAck', '1 9 1 9', 'close']);
  });

  it('what is plain waits for what is compressed before it', () => {
    const b = new Bench({ compress: 'zstd-stream', maxPayload: 50 });
    b.text(RECONNECT);
    b.binary(ACK);
    b.text(RECONNECT);
    b.text('{"op":1}');
    b.binary(ACK);
    b.text(RECONNECT);
    b.lines.push(b.isBusy() ? 'now' : 'nothing waits');
    b.give();
    b.lines.push('and now');
    b.give();
    expect(b.isBusy()).toBe(false);
    b.text(RECONNECT);

    expect(b.lines).toEqual([
      'reconnectRequested',
      'open zstd-stream 50',
      'write 9 end',
      'write 9 end',
      'now',
      'heartbeatAck',
      'reconnectRequested',
      'heartbeatRequested',
      'and now',
      'heartbeatAck',
      'reconnectRequested',
      'reconnectRequested',
    ]);
  });

  it('so much may wait and no more, however often', () => {
    const b = new Bench({ compress: 'payload', maxPayload: 18 });
    for (const _ of [1, 2, 3]) {
      b.binary(ACK);
      b.text(ACK);
      b.give();
    }
    b.binary(ACK);
    b.binary(ACK);
    b.binary('1');
    b.give();
    b.binary(ACK);
    b.traffic();

    expect(b.lines).toEqual([
      'open payload 18',
      ...Array(3).fill(['write 9 end', 'heartbeatAck', 'heartbeatAck']).flat(),
      'write 9 end',
      'write 9 end',
      'close',
      'undecodable more than the 18 bytes that are allowed wait to be decompressed',
      '9 73 6 54',
    ]);
  });

  it('what cannot be decompressed is the end', () => {
    const b = new Bench({ compress: 'payload' });
    b.binary(ACK);
    b.text(ACK);
    b.fail();
    b.fail();
    b.give();
    b.binary(ACK);

    expect(b.lines).toEqual([
      'open payload 1048576',
      'write 9 end',
      'close',
      'undecodable it cannot be decompressed: corrupt',
    ]);
  });

  it('what is no JSON once decompressed is the end', () => {
    const b = new Bench({ compress: 'payload' });
    b.binary('{');
    b.binary(ACK);
    b.give();
    b.give();

    expect(b.lines).toEqual(['open payload 1048576', 'write 1 end', 'write 9 end', 'close', 'undecodable not JSON']);
  });

  it('what is JSON of another shape is not', () => {
    const b = new Bench({ compress: 'payload' });
    b.binary('7');
    b.give();
    b.binary(ACK);
    b.give();

    expect(b.lines).toEqual([
      'open payload 1048576',
      'write 1 end',
      'malformed not an object',
      'write 9 end',
      'heartbeatAck',
    ]);
  });

  it('a zlib-stream has messages where the marker is, and one is not made of two others', () => {
    const b = new Bench({ compress: 'zlib-stream', maxPayload: 40 });
    b.binary('abcdef');
    b.binary(FLUSHED);
    b.binary('');
    b.binary(FLUSHED.subarray(1));
    b.binary([0, 0, 0xff]);
    b.binary([0xff]);
    b.binary([0xff, 0, 0, 0xff, 0xff]);
    b.binary([0, 0, 0xff, 0xff, 0]);
    b.binary('x'.repeat(40));

    expect(b.lines).toEqual([
      'open zlib-stream 40',
      'write 6',
      'write 4 end',
      'write 0',
      'write 3',
      'write 3',
      'write 1 end',
      'write 5 end',
      'write 5',
      'close',
      'undecodable more than the 40 bytes that are allowed wait to be decompressed',
    ]);
  });

  it('what waits behind a compressed message is bounded, uncompressed or tiny', () => {
    const plain = new Bench({ compress: 'payload', maxPayload: 40 });
    plain.binary('x'.repeat(20));
    plain.text('x'.repeat(20));
    plain.text('x');
    expect(plain.lines.at(-1)).toBe('undecodable more than the 40 bytes that are allowed wait to be decompressed');

    const tiny = new Bench({ compress: 'payload', maxPayload: 1_000_000 });
    for (let n = 0; n < 100_001; n += 1) tiny.binary('x');
    expect(tiny.lines.at(-1)).toBe('write 1 end');
    tiny.binary('x');
    expect(tiny.lines.at(-1)).toBe('undecodable more than 100000 messages wait to be decompressed');
  });

  it('a message in parts is bounded as a whole', () => {
    const b = new Bench({ compress: 'zlib-stream', maxPayload: 20 });
    b.binary('x'.repeat(10));
    b.binary('x'.repeat(10));
    b.binary('x');

    expect(b.lines).toEqual([
      'open zlib-stream 20',
      'write 10',
      'write 10',
      'close',
      'undecodable more than the 20 bytes that are allowed wait to be decompressed',
    ]);
  });

  it('what is heard may bring the end about', () => {
    const b = new Bench({ compress: 'payload' });
    b.binary(ACK);
    b.text(ACK);
    b.text(ACK);
    b.endsAt = 2;
    b.give();

    expect(b.lines).toEqual(['open payload 1048576', 'write 9 end', 'heartbeatAck', 'heartbeatAck', 'close']);
  });

  it('who ends in the middle hears no more', () => {
    const b = new Bench({ compress: 'payload' });
    b.binary(ACK);
    b.text(ACK);
    b.end();
    b.give();
    b.fail();

    expect(b.lines).toEqual(['open payload 1048576', 'write 9 end', 'close']);
  });

  it('hands on with each message its text or bytes, decompressed', () => {
    const got: [type: string, message: unknown][] = [];
    let inflated: InflateCallbacks['inflated'] = () => {};
    const inflate: InflatePort = {
      supports: () => true,
      open: (_, __, callbacks) => {
        inflated = callbacks.inflated;
        return { write: () => inflated(Buffer.from(ACK)), close: () => {} };
      },
    };
    const traffic = { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };
    const options = {
      encoding: 'json',
      compress: 'payload',
      maxPayload: 100,
      inflate,
      traffic,
      wanted: EVERYTHING,
    } as const;
    const decoder = decoderFor(options, ({ type }, message) => got.push([type, message]));
    decoder.receive(RECONNECT, false);
    decoder.receive(Buffer.from([1, 2, 3]), true);
    expect(got).toEqual([
      ['reconnectRequested', RECONNECT],
      ['heartbeatAck', Buffer.from(ACK)],
    ]);
  });
});

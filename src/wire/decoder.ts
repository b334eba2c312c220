/**
 * Turns the WebSocket messages of one connection into messages of the Gateway ("Encoding and Compression").
 *
 * Where messages are compressed in one stream, a single wrong byte leaves nothing of what follows that could be trusted:
 * the sink hears `undecodable` and nothing after it. Without compression the next message is whole again, and what is
 * wrong with one is `malformed`.
 */
import type { GatewayEncoding } from '../../machines/client.js';
import type { Compression, InflatePort, Inflater } from '../ports/inflate.js';
import { decodeJson, decodeTerm, type Incoming, type Wanted } from './decode.js';

/** Decodes what one connection receives, in order. None of its methods throws. */
export interface Decoder {
  /**
   * Takes a WebSocket message, text as a string or its UTF-8 bytes, which are not written to any more. The sink hears of
   * what it completes before this returns, or later where the platform can only decompress so.
   */
  receive(data: string | Uint8Array, isBinary: boolean): void;
  /** Whether the sink has yet to hear of a message that is complete: the platform decompresses it. */
  readonly isBusy: boolean;
  /** Lets go of everything; the sink hears nothing any more. */
  end(): void;
}

/** What was received. Bytes of text are those of its UTF-8; where the platform hands text over as a string, its length. */
export interface Traffic {
  /** WebSocket messages. */
  readonly frames: number;
  /** Their bytes, as they came. */
  readonly bytes: number;
  /** Messages of the Gateway. */
  readonly messages: number;
  /** Their bytes, decompressed. */
  readonly decompressedBytes: number;
}

/** A tally that decoders keep. */
export type TrafficTally = { -readonly [K in keyof Traffic]: Traffic[K] };

/** What a connection speaks. */
export interface DecoderOptions {
  readonly encoding: GatewayEncoding;
  readonly compress: Compression | false;
  /** The largest message, compressed or not, and the most that may wait to be decompressed; in bytes. */
  readonly maxPayload: number;
  /** Has to support the compression, if there is one. */
  readonly inflate: InflatePort;
  readonly traffic: TrafficTally;
  readonly wanted: Wanted;
}

/** Hears of each message, and gets it as it came, decompressed: its bytes are another's again when this returns. */
export type Sink = (incoming: Incoming, message?: string | Uint8Array) => void;

/** How a whole message is understood, by encoding. */
const ENCODINGS: Readonly<Record<GatewayEncoding, EncodingRow>> = {
  json: {
    isBinary: false,
    otherwise: 'a binary message on a connection without compression',
    decode: decodeJson,
  },
  etf: {
    isBinary: true,
    otherwise: 'a text message on a connection with encoding=etf',
    decode: (data, wanted) => decodeTerm(data as Uint8Array, wanted),
  },
};

interface EncodingRow {
  /** What kind of WebSocket message carries it, uncompressed, and what is wrong with one of the other kind. */
  readonly isBinary: boolean;
  readonly otherwise: string;
  /** Says `undecodable` of what breaks the encoding's own rules. */
  decode(data: string | Uint8Array, wanted: Wanted): Incoming;
}

/** A decoder for one connection. */
export function decoderFor(options: DecoderOptions, sink: Sink): Decoder {
  return new ConnectionDecoder(options, sink);
}

class ConnectionDecoder implements Decoder {
  readonly #options: DecoderOptions;
  readonly #encoding: EncodingRow;
  readonly #sink: Sink;
  #isOver = false;
  /** Made for the first compressed message. */
  #inflater: Inflater | null = null;
  /** The last four bytes of the message under way, and its size so far. */
  #tail = NOTHING;
  #size = 0;
  /** What the sink has yet to hear of: sizes of messages that the inflater has, and plain messages after them. */
  #next: number | string | Uint8Array | undefined;
  readonly #later: (number | string | Uint8Array)[] = [];
  #waitingBytes = 0;

  constructor(options: DecoderOptions, sink: Sink) {
    this.#options = options;
    this.#encoding = ENCODINGS[options.encoding];
    this.#sink = sink;
  }

  receive(data: string | Uint8Array, isBinary: boolean): void {
    if (this.#isOver) return;
    const { traffic, compress } = this.#options;
    traffic.frames += 1;
    traffic.bytes += data.length;
    if (isBinary && compress !== false) this.#inflate(data as Uint8Array, compress);
    else if (isBinary !== this.#encoding.isBinary) this.#sink({ type: 'malformed', problem: this.#encoding.otherwise });
    else if (this.#next === undefined) this.#understand(data);
    else if (!this.#isTooMuch(data.length)) this.#wait(data, data.length);
  }

  get isBusy(): boolean {
    return this.#next !== undefined;
  }

  end(): void {
    this.#isOver = true;
    this.#inflater?.close();
    this.#next = undefined;
  }

  #inflate(data: Uint8Array, compression: Compression): void {
    this.#inflater ??= this.#open(compression);
    this.#size += data.length;
    let isEnd = true;
    if (compression === 'zlib-stream') {
      for (let at = Math.max(0, data.length - 4); at < data.length; at += 1) {
        this.#tail = (this.#tail << 8) | (data[at] ?? 0);
      }
      isEnd = this.#tail === MARKER;
    }
    if (this.#isTooMuch(this.#size)) return;
    if (isEnd) {
      this.#wait(this.#size, this.#size);
      this.#tail = NOTHING;
      this.#size = 0;
    }
    this.#inflater.write(data, isEnd);
  }

  #open(compression: Compression): Inflater {
    const { inflate, maxPayload } = this.#options;
    return inflate.open(
      compression,
      { maxBytes: maxPayload },
      {
        inflated: (bytes) => this.#inflated(bytes),
        failed: (problem) => this.#fail(`it cannot be decompressed: ${problem}`),
      },
    );
  }

  /** Fails if so much more may not wait. */
  #isTooMuch(bytes: number): boolean {
    const { maxPayload } = this.#options;
    if (this.#waitingBytes + bytes > maxPayload) {
      this.#fail(`more than the ${maxPayload} bytes that are allowed wait to be decompressed`);
    } else if (this.#later.length >= MOST_WAITING) {
      this.#fail(`more than ${MOST_WAITING} messages wait to be decompressed`);
    }
    return this.#isOver;
  }

  #wait(what: number | string | Uint8Array, bytes: number): void {
    if (this.#next === undefined) this.#next = what;
    else this.#later.push(what);
    this.#waitingBytes += bytes;
  }

  /** The next is dealt with, and had so many bytes. */
  #proceed(bytes: number): void {
    this.#next = this.#later.length === 0 ? undefined : this.#later.shift();
    this.#waitingBytes -= bytes;
  }

  #inflated(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const compressed = this.#next;
    if (typeof compressed !== 'number') {
      this.#fail('more was decompressed than came');
      return;
    }
    this.#proceed(compressed);
    this.#count(bytes);
    const incoming = this.#encoding.decode(bytes, this.#options.wanted);
    if (incoming.type === 'undecodable') {
      this.#fail(incoming.problem);
      return;
    }
    this.#sink(incoming, bytes);
    while (this.#next !== undefined && typeof this.#next !== 'number') {
      const plain = this.#next;
      this.#proceed(plain.length);
      this.#understand(plain);
    }
  }

  /** A message that came as it is: what is wrong with it says nothing of the next. */
  #understand(data: string | Uint8Array): void {
    this.#count(data);
    const incoming = this.#encoding.decode(data, this.#options.wanted);
    this.#sink(incoming.type === 'undecodable' ? { ...incoming, type: 'malformed' } : incoming, data);
  }

  #count(message: string | Uint8Array): void {
    const { traffic } = this.#options;
    traffic.messages += 1;
    traffic.decompressedBytes += message.length;
  }

  #fail(problem: string): void {
    if (this.#isOver) return;
    this.end();
    this.#sink({ type: 'undecodable', problem });
  }
}

/** However small they are: each takes memory besides its bytes. */
const MOST_WAITING = 100_000;

/** What the data of a message in a zlib-stream ends with: the empty block of a flush (Z_SYNC_FLUSH). As 32 bits. */
const MARKER = 0x0000ffff;
/** No bytes yet: no part of the marker could follow it and make it whole. */
const NOTHING = -1;

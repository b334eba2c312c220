/** One WebSocket with what reads it, until it is given up: then nothing of it gets in any more. */
import type { CommandOpcode } from '../../machines/client.js';
import { spanOf } from '../guard/guarded.js';
import { isCount, type Outage, outageOf } from '../locating/outages.js';
import { LONGEST_WAITS } from '../locating/waits.js';
import type { ClockPort, InflatePort, Socket, SocketEnd, SocketPort, WireParameters } from '../ports/index.js';
import { codeOf } from '../redact/errors.js';
import { tooLarge } from '../wire/bytes.js';
import type { Incoming, Wanted } from '../wire/decode.js';
import { type Decoder, decoderFor, type TrafficTally } from '../wire/decoder.js';
import type { RawMessage } from './audience.js';
import { guardedInflate } from './guarded-ports.js';
import type { Taps } from './tap.js';
import type { Warnings } from './warnings.js';

/** What a connection needs to know and to use. */
export interface ConnectionSettings {
  /** What it speaks. */
  readonly wire: WireParameters;
  /** Bytes. */
  readonly maxPayload: number;
  /** Defaults to the one of this package. */
  readonly decoderFor?: typeof decoderFor;
  readonly socket: SocketPort;
  readonly inflate: InflatePort;
  readonly clock: ClockPort;
}

/** How a connection ended, as it may be told. */
export interface Ending extends Outage {
  readonly code: number;
  readonly reason?: string;
  /** When another try makes sense, in ms. */
  readonly retryAfter?: number;
}

/** Whose connection it is. */
export interface ConnectionOwner {
  opened(connection: Connection): void;
  /** A message of the Gateway; of a dispatch also as it came. */
  received(connection: Connection, incoming: Incoming, message: RawMessage): void;
  /** What came could not be read, and nothing after it is. */
  unreadable(connection: Connection): void;
  closed(connection: Connection, ending: Ending): void;
}

/** No more waits to be sent; an honest minute has at most 120 payloads of 4096 bytes. */
const MOST_UNREAD_BYTES = 1 << 20;

/** After so long it is seen again whether all is decompressed. */
const DECOMPRESSING_MS = 10;

/** The longest close reason of RFC 6455, in bytes. */
const LONGEST_CLOSE_REASON = 123;

/** How a connection ends without a close frame (RFC 6455, 7.1.5). */
const NO_CLOSE_FRAME: SocketEnd = { code: 1006, reason: '', wasClean: false };

/** A connection, from the opening of its socket until `drop`. */
export class Connection {
  readonly number: number;
  readonly #settings: ConnectionSettings;
  readonly #owner: ConnectionOwner;
  readonly #warnings: Warnings;
  readonly #tap: Taps | null;
  readonly #decoder: Decoder;
  #socket: Socket | null = null;
  #heartbeatSentAt: number | null = null;
  #isPaused = false;
  #hasOpened = false;
  #isGivenUp = false;

  constructor(
    number: number,
    settings: ConnectionSettings,
    { owner, warnings, tap, traffic, wanted }: ConnectionContext,
  ) {
    this.number = number;
    this.#settings = settings;
    this.#owner = owner;
    this.#warnings = warnings;
    this.#tap = tap;
    const { wire, maxPayload } = settings;
    const { encoding, compress } = wire;
    const inflate = guardedInflate(settings.inflate, (error) => {
      if (!this.#isGivenUp) this.#unreadable(error);
    });
    this.#decoder = (settings.decoderFor ?? decoderFor)(
      { encoding, compress, maxPayload, inflate, traffic, wanted },
      (incoming, message = '') => owner.received(this, incoming, message),
    );
  }

  /** Opens the socket, once. */
  open(url: () => string): void {
    const { socket, maxPayload, clock } = this.#settings;
    try {
      this.#socket = socket.open(
        url(),
        { maxPayload },
        {
          opened: () => this.#opened(),
          message: (data, isBinary) => this.#message(data, isBinary),
          closed: (end) => this.#closed(end),
        },
      );
    } catch (error) {
      this.#warnings.warn('the socket could not be opened', error);
      clock.setTimeout(() => this.#closed(NO_CLOSE_FRAME), 0);
    }
  }

  /** Whether the socket passes on what is sent: false once either side has begun to close. */
  get isOpen(): boolean {
    const socket = this.#socket ?? null; // a port may give anything
    return socket !== null && this.#warnings.guard('isOpen', () => socket.isOpen !== false, false);
  }

  /** Whether reading can be paused. */
  get canPause(): boolean {
    return this.#warnings.guard('pause', () => this.#socket?.pause !== undefined, false);
  }

  /** Bytes that the socket has accepted and not yet handed to the network. */
  get bufferedAmount(): number {
    return this.#warnings.guard('bufferedAmount', () => this.#socket?.bufferedAmount ?? 0, 0);
  }

  /** Sends a payload, encoded as `message`; whether an open socket took it. */
  send(op: CommandOpcode, data: unknown, message: string | Uint8Array): boolean {
    if (!this.isOpen || this.#isUnread()) return false;
    this.#tap?.sent(this.number, op, message, data);
    return this.#warnings.attempt('send', () => this.#socket?.send(message));
  }

  close(code: number): void {
    this.#warnings.attempt('close', () => this.#socket?.close(code));
  }

  /** Gives the connection up. */
  drop(): void {
    this.#isGivenUp = true;
    this.#decoder.end();
    this.#warnings.attempt('drop a socket', () => this.#socket?.drop());
  }

  pause(): void {
    this.#isPaused = true;
    this.#warnings.attempt('pause', () => this.#socket?.pause?.());
  }

  /** Not before the step of the chart is over: a socket may pass on at once what it held back. */
  resume(): void {
    this.#isPaused = false;
    queueMicrotask(() => {
      if (!this.#isGivenUp && !this.#isPaused) this.#warnings.attempt('resume', () => this.#socket?.resume?.());
    });
  }

  /** A heartbeat is about to be sent: the latency counts from the first that has no ACK. */
  beginLatency(): void {
    this.#heartbeatSentAt ??= this.#settings.clock.now();
  }

  /** The time since then, in ms, once for each ACK; null if no heartbeat waits for one. */
  takeLatency(): number | null {
    const sentAt = this.#heartbeatSentAt;
    this.#heartbeatSentAt = null;
    return sentAt === null ? null : this.#settings.clock.now() - sentAt;
  }

  /** Calls back once all that has arrived is read and understood; at once where nothing holds anything back. */
  whenReadOut(then: () => void): void {
    const look = () => {
      if (this.#isGivenUp) return;
      if (this.#decoder.isBusy) this.#settings.clock.setTimeout(look, DECOMPRESSING_MS);
      else then();
    };
    const socket = this.#socket;
    const ask = this.#warnings.guard('whenEmpty', () => socket?.whenEmpty?.bind(socket), undefined);
    if (ask === undefined || !this.#warnings.attempt('whenEmpty', () => ask(look))) look();
  }

  #opened(): void {
    if (this.#isGivenUp) return;
    this.#hasOpened = true;
    this.#warnings.outageIsOver();
    this.#owner.opened(this);
  }

  /** What cannot be read, whoever is to blame, ends the connection: the session is resumed, and nothing is lost. */
  #message(data: string | Uint8Array, isBinary: boolean): void {
    if (this.#isGivenUp) return;
    try {
      if (typeof data !== 'string' && !ArrayBuffer.isView(data))
        throw new TypeError('neither a string nor a Uint8Array');
      this.#tap?.arrived(data);
      this.#decoder.receive(data, isBinary);
    } catch (error) {
      this.#unreadable(error);
    }
  }

  #unreadable(error: unknown): void {
    this.#warnings.warn('a message could not be read', error);
    this.#decoder.end();
    if (!this.#isGivenUp) this.#owner.unreadable(this);
  }

  /** Ends a connection whose peer does not read, while what it asks us to send piles up; whether it is one. */
  #isUnread(): boolean {
    if (!(this.bufferedAmount > MOST_UNREAD_BYTES)) return false;
    this.#warnings.warn(`the Gateway reads nothing: over ${MOST_UNREAD_BYTES} bytes wait to be sent`);
    this.#warnings.attempt('drop a socket', () => this.#socket?.drop());
    this.#closed(NO_CLOSE_FRAME);
    return true;
  }

  #closed(end: SocketEnd): void {
    if (this.#isGivenUp) return;
    const ending = this.#warnings.guard('closed', () => this.#endingOf(end), { code: NO_CLOSE_FRAME.code });
    // Our own side found it; a 1009 of the Gateway's comes without an error.
    if (ending.code === 1009 && this.#warnings.guard('closed', () => end.error !== undefined, false))
      this.#warnings.warn(tooLarge(this.#settings.maxPayload));
    if (!this.#hasOpened) this.#warnings.outage('the Gateway cannot be reached', ending);
    this.#owner.closed(this, ending);
  }

  /** Of an error only the system's code: its message may hold a URL. */
  #endingOf({ code, reason, httpStatus, retryAfter, error }: { readonly [K in keyof SocketEnd]?: unknown }): Ending {
    const wait = spanOf(retryAfter);
    const outage = outageOf({ systemCode: codeOf(error), httpStatus });
    const why = typeof reason === 'string' && reason !== '' ? reason : codeOf(error);
    return {
      code: isCount(code) ? code : NO_CLOSE_FRAME.code,
      ...(why === undefined ? {} : { reason: this.#warnings.shown(why, LONGEST_CLOSE_REASON) }),
      ...(wait === undefined ? {} : { retryAfter: this.#warnings.bounded('the Gateway', wait, LONGEST_WAITS.locate) }),
      ...outage,
    };
  }
}

/** What connections of one host share. */
export interface ConnectionContext {
  readonly owner: ConnectionOwner;
  readonly warnings: Warnings;
  /** Null where no tap watches the wire. */
  readonly tap: Taps | null;
  /** What is received is added to it. */
  readonly traffic: TrafficTally;
  readonly wanted: Wanted;
}

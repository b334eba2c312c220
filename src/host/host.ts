/**
 * Carries out what the shard chart asks for, on real sockets and timers, and tells it what came of it.
 *
 * It decides nothing about the protocol. Three rules of its own: nothing it calls may throw into the chart; nothing
 * from a socket that was given up gets in; and while the chart is `streaming`, dispatches are handed on directly and
 * the chart is told once per burst, always before it hears anything else.
 */

import type {
  CommandOpcode,
  Commands,
  Frame,
  GatewayUrlOptions,
  IdentifyData,
  Policy,
  Session,
  ShardEffects,
  ShardEvent,
  ShardHost,
} from '../../machines/client.js';
import { gatewayUrl, LIMITS, Opcode, parseGatewayUrl, trustedResumeUrl } from '../../machines/client.js';
import { discreet } from '../../machines/shard/session-data.js';
import { attempted, guarded, spanOf } from '../guard/guarded.js';
import { BudgetedPermits } from '../limits/budgeted-permits.js';
import type { IdentifiesLeft } from '../limits/identify-bucket.js';
import { isCount, locateFailure, type Outage, outageOf, UNREACHABLE, whatWillNotPass } from '../locating/outages.js';
import { LONGEST_WAITS } from '../locating/waits.js';
import type {
  ClockPort,
  GatewayInfo,
  InflatePort,
  LocatorPort,
  Permit,
  PermitPort,
  SessionStartLimit,
  Socket,
  SocketEnd,
  SocketPort,
  WireParameters,
} from '../ports/index.js';
import { codeOf } from '../redact/errors.js';
import { LONGEST, learnSession, type Redactor } from '../redact/redact.js';
import { withBareUrls } from '../redact/urls.js';
import { printable } from '../telling/printable.js';
import type { Recorder } from '../trace/recorder.js';
import { tooLarge } from '../wire/bytes.js';
import type { Incoming, Wanted } from '../wire/decode.js';
import { type Decoder, decoderFor, type Traffic, type TrafficTally } from '../wire/decoder.js';
import { encode } from '../wire/encode.js';
import { guardedInflate } from './guarded-ports.js';

/** What a host needs to know and to use. */
export interface HostSettings {
  readonly token: string;
  /** The rest of Identify. */
  readonly identify: Omit<IdentifyData, 'token'> & { readonly shard: [id: number, count: number] };
  readonly policy: Policy;
  /** What the connection speaks. */
  readonly wire: WireParameters;
  /** The main URL as far as it is known beforehand: a resume URL is trusted by it, until the locator knows better. */
  readonly home: string;
  /** Permits `ws` beyond loopback. */
  readonly allowInsecure: boolean;
  /** Hosts besides Discord's and the Gateway's own that a session may be resumed at. */
  readonly allowHosts: readonly string[];
  /** Bytes. */
  readonly maxPayload: number;
  /** Ours unless told. */
  readonly decoderFor?: typeof decoderFor;
  readonly socket: SocketPort;
  readonly inflate: InflatePort;
  readonly locator: LocatorPort;
  readonly permits: PermitPort;
  readonly clock: ClockPort;
  /** Tell the chart of every dispatch by itself, for an inspector to show. */
  readonly everyDispatch: boolean;
  /** Knows the token, and learns what else is a secret. */
  readonly secrets: Redactor;
}

/** What a dispatch says of itself besides its data. */
export interface DispatchHead {
  readonly name: string;
  /** Null where the Gateway gave it none. */
  readonly sequence: number | null;
  /** Missed while disconnected, and sent again before RESUMED. */
  readonly replayed: boolean;
}

/** A dispatch, as it came. */
export interface Dispatch extends DispatchHead {
  readonly data: unknown;
}

/** A message as it came, decompressed: JSON as text or the bytes of it, ETF as bytes. */
export type RawMessage = string | Uint8Array;

/** Who hears from the host. */
export interface HostListener {
  /** The chart: every event goes in here. */
  tell(event: ShardEvent): void;
  /** Which dispatches are to be parsed; asked for each. */
  readonly wanted: Wanted;
  /** A dispatch, and the message it came in, whose bytes are another's again when this returns. */
  dispatch(dispatch: Dispatch, message: RawMessage): void;
  /** The same for one that nobody wants. */
  skipped(head: DispatchHead, message: RawMessage): void;
  /** The time between a heartbeat and its ACK, in ms. */
  latency(ms: number): void;
  located(info: GatewayInfo): void;
  /** Something that is worth knowing and changes nothing: an adapter that threw, a resume URL not to be trusted. */
  warn(problem: string, error?: unknown): void;
}

/** Writes down what crosses the wire. */
export type WireRecorder = Pick<Recorder, 'arrived' | 'received' | 'sent'>;

/** What the host knows of the chart after each of its steps. */
export interface ChartView {
  readonly streaming: boolean;
  readonly replaying: boolean;
  /** The highest in the session; null before the first. */
  readonly sequence: number | null;
}

type IncomingDispatch = Incoming & { readonly type: 'dispatch' | 'skipped' };

/** The connection that the chart holds, and what is known of it. */
interface Connection {
  readonly number: number;
  readonly decoder: Decoder;
  socket: Socket | null;
  heartbeatSentAt: number | null;
  isPaused: boolean;
  hasOpened: boolean;
}

/** While dispatches keep coming, the chart is told of them after so many readings of the sockets. */
const MOST_READINGS = 16;

/** No more waits to be sent; an honest minute has at most 120 payloads of 4096 bytes. */
const MOST_UNREAD_BYTES = 1 << 20;

/** After so long it is seen again whether all is decompressed. */
const DECOMPRESSING_MS = 10;

/** No session skips so many dispatches: what leaps further was not counted by Discord. */
const MOST_SKIPPED = 2 ** 32;

/** Longer reasons of ports are cut, in characters. */
const LONGEST_REASON = 1000;

function ignore(): void {}

/** How a connection ends without a close frame (RFC 6455, 7.1.5). */
const NO_CLOSE_FRAME: SocketEnd = { code: 1006, reason: '', wasClean: false };

/** What begins a session, or ends a replay: the chart hears of each by itself. */
const BEGINNINGS: ReadonlySet<string> = new Set(['READY', 'RESUMED']);

const isReady = ({ streaming, replaying }: ChartView): boolean => streaming && !replaying;

/** One host for one chart; the chart's effects are methods. */
export class Host implements ShardHost {
  readonly #settings: HostSettings;
  readonly #listener: HostListener;
  readonly #recorder: WireRecorder | undefined;
  #view: ChartView = { streaming: false, replaying: false, sequence: null };
  #connection: Connection | null = null;
  #question: AbortController | null = null;
  readonly #permits: BudgetedPermits;
  #permit: (Permit & { granted: true }) | null = null;
  /** The Gateway's own URL, by which others are trusted or not. */
  #home: string;
  /** The last outage that was told. */
  #outage: string | null = null;
  /** Dispatches handed on and not yet told to the chart. */
  #untold: { connection: number; sequence: number; count: number } | null = null;
  readonly #traffic: TrafficTally = { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };

  constructor(settings: HostSettings, listener: HostListener, recorder?: WireRecorder) {
    this.#settings = settings;
    this.#listener = listener;
    this.#recorder = recorder;
    this.#home = settings.home;
    this.#permits = new BudgetedPermits(settings.permits, settings.clock, settings.identify.shard[1]);
  }

  get effects(): ShardHost {
    return this;
  }

  /** To be called after each step of the chart. */
  see(view: ChartView): void {
    this.#view = view;
    if (view.streaming && !view.replaying) this.#permits.endOrder();
  }

  /** To be called before a step in which a person orders the chart to connect: the Identify that follows is not refused. */
  takeOrder(): void {
    this.#permits.takeOrder();
  }

  /** How many identifies this shard has left. */
  get identifies(): IdentifiesLeft {
    return this.#permits.identifies;
  }

  /** The last dispatches as one event, if the chart has not heard of them: to be told before anything else. */
  takeUntold(): (Frame & { type: 'dispatched' }) | null {
    const untold = this.#untold;
    this.#untold = null;
    return untold && { type: 'dispatched', ...untold };
  }

  /** The last sequence handed on that the chart has not heard of; null if it knows all. */
  get untoldSequence(): number | null {
    return this.#untold?.sequence ?? null;
  }

  /** Sends a payload, encoded as `message`; whether an open connection took it. */
  send<Op extends CommandOpcode>(op: Op, data: Commands[Op], message: string | Uint8Array): boolean {
    const connection = this.#connection;
    if (connection === null || !this.isOpen || this.#isUnread(connection)) return false;
    this.#recorder?.sent(connection.number, op, message, data);
    return this.#try('send', () => connection.socket?.send(message));
  }

  /** Ends a connection whose peer does not read, while what it asks us to send piles up; whether it is one. */
  #isUnread(connection: Connection): boolean {
    if (!(this.bufferedAmount > MOST_UNREAD_BYTES)) return false;
    this.#listener.warn(`the Gateway reads nothing: over ${MOST_UNREAD_BYTES} bytes wait to be sent`);
    this.#try('drop a socket', () => connection.socket?.drop());
    this.#closed(connection, NO_CLOSE_FRAME);
    return true;
  }

  /** Whether the socket passes on what is sent: false once either side has begun to close. */
  get isOpen(): boolean {
    const socket = this.#connection?.socket ?? null;
    return socket !== null && this.#guard('isOpen', () => socket.isOpen !== false, false);
  }

  /** What was received on all connections so far. */
  get traffic(): Traffic {
    return { ...this.#traffic };
  }

  /** Whether reading from the socket can be paused. */
  get canPause(): boolean {
    return this.#guard('pause', () => this.#connection?.socket?.pause !== undefined, false);
  }

  /** Bytes that the socket has accepted and not yet handed to the network. */
  get bufferedAmount(): number {
    return this.#guard('bufferedAmount', () => this.#connection?.socket?.bufferedAmount ?? 0, 0);
  }

  /** Calls back once all that has arrived is read and told; at once where nothing holds anything back. */
  whenReadOut(then: () => void): void {
    const connection = this.#connection;
    if (connection === null) return;
    const { decoder, socket } = connection;
    const look = () => {
      if (this.#connection !== connection) return;
      if (decoder.isBusy) this.#settings.clock.setTimeout(look, DECOMPRESSING_MS);
      else then();
    };
    const ask = this.#guard('whenEmpty', () => socket?.whenEmpty?.bind(socket), undefined);
    if (ask === undefined || !this.#try('whenEmpty', () => ask(look))) look();
  }

  /** Ends everything at once: nothing is left open or pending, and nothing is told any more. */
  dispose(): void {
    this.#cancelQuestion();
    this.dropSocket();
    this.#untold = null;
  }

  // Questions

  locateGateway({ request }: ShardEffects['locateGateway']): void {
    void this.#locate(request, this.#ask());
  }

  cancelLocate(): void {
    this.#cancelQuestion();
  }

  requestPermit({ request }: ShardEffects['requestPermit']): void {
    void this.#requestPermit(request, this.#ask());
  }

  cancelPermit(): void {
    this.#cancelQuestion();
  }

  async #locate(request: number, signal: AbortSignal): Promise<void> {
    try {
      const info = await this.#settings.locator.locate({ signal });
      if (signal.aborted) return;
      const url = parseGatewayUrl(info.url, { allowInsecure: this.#settings.allowInsecure }).href;
      this.#home = url;
      this.#settings.secrets.publish(url);
      const { sessionStartLimit: limit } = info;
      if (limit) this.#try('take in the session start limit', () => this.#permits.update(this.#believable(limit)));
      if (info.shards !== null || limit) this.#listener.located(bareInfo(info)); // a fixed URL was asked of nobody
      this.#listener.tell({ type: 'located', request, url: withBareUrls(url) });
    } catch (error) {
      if (signal.aborted) return;
      const known = guarded(() => locateFailure(error), ignore, null);
      if (known === null) this.#listener.warn('the Gateway URL could not be had', error);
      const { reason, retryAfter: wait, outage } = known ?? UNREACHABLE;
      if (outage.httpStatus !== 401) this.#warnOfOutage('Get Gateway Bot cannot be asked', outage); // that is about the token
      const isUnnamed = outage.httpStatus === undefined && outage.systemCode === undefined;
      if (known?.reason === 'unreachable' && isUnnamed) this.#warnOnce('the Gateway URL could not be had', error);
      this.#listener.tell({
        type: 'locateFailed',
        request,
        reason,
        ...(wait === undefined ? {} : { retryAfter: this.#waitTold('Get Gateway Bot', wait, LONGEST_WAITS.locate) }),
        ...outage,
      });
    }
  }

  async #requestPermit(request: number, signal: AbortSignal): Promise<void> {
    const [shardId, shardCount] = this.#settings.identify.shard;
    try {
      const permit = await this.#permits.request({ shardId, shardCount, signal });
      if (!permit.granted) {
        const reason = this.#shown(String(permit.reason));
        const wait = permit.retryAfter === null ? null : (spanOf(permit.retryAfter) ?? LIMITS.identifies.windowMs);
        const retryAfter = wait && this.#waitTold('the permit port', wait, LONGEST_WAITS.identify);
        if (!signal.aborted) this.#listener.tell({ type: 'permitRefused', request, reason, retryAfter });
        return;
      }
      this.#permit = permit;
      if (!signal.aborted) this.#listener.tell({ type: 'permitGranted', request });
      this.#settle(permit, 'unused'); // unless Identify went out with it
    } catch (error) {
      if (signal.aborted) return;
      this.#listener.warn('the permit to identify could not be had', error);
      const retryAfter = LIMITS.identifies.windowMs;
      this.#listener.tell({ type: 'permitRefused', request, reason: 'the permit port failed', retryAfter });
    }
  }

  #believable(limit: SessionStartLimit): SessionStartLimit {
    return {
      ...limit,
      resetAfter: this.#waitTold('the session start limit', limit.resetAfter, LONGEST_WAITS.identify),
    };
  }

  /** A wait that we are told, within what makes sense. */
  #waitTold(by: string, ms: number, most: number): number {
    if (!(ms > most)) return ms;
    const [told, obeyed] = [ms, most].map((each) => Math.ceil(each / 1000));
    this.#listener.warn(`${by} says to wait ${told} s: it is asked again after ${obeyed} s`);
    return most;
  }

  #settle(permit: Permit & { granted: true }, use: 'used' | 'unused'): void {
    if (this.#permit !== permit) return;
    this.#permit = null;
    this.#try('settle a permit', () => permit.settle(use));
  }

  #ask(): AbortSignal {
    this.#question = new AbortController();
    return this.#question.signal;
  }

  #cancelQuestion(): void {
    this.#question?.abort();
    this.#question = null;
  }

  // Connection

  openSocket({ connection: number, url }: ShardEffects['openSocket']): void {
    const { wire, maxPayload } = this.#settings;
    const { encoding, compress } = wire;
    const inflate = guardedInflate(this.#settings.inflate, (error) => {
      if (this.#connection === connection) this.#unreadable(connection, error);
    });
    const decoder = (this.#settings.decoderFor ?? decoderFor)(
      { encoding, compress, maxPayload, inflate, traffic: this.#traffic, wanted: this.#listener.wanted },
      (incoming, message = '') => this.#receive(connection, incoming, message),
    );
    const connection: Connection = {
      number,
      decoder,
      socket: null,
      heartbeatSentAt: null,
      isPaused: false,
      hasOpened: false,
    };
    this.#connection = connection;
    try {
      connection.socket = this.#settings.socket.open(
        gatewayUrl(url === withBareUrls(this.#home) ? this.#home : url, queryOf(wire)),
        { maxPayload },
        {
          opened: () => {
            if (this.#connection !== connection) return;
            connection.hasOpened = true;
            this.#outage = null;
            this.#listener.tell({ type: 'opened', connection: number });
          },
          message: (data, isBinary) => this.#message(connection, data, isBinary),
          closed: (end) => this.#closed(connection, end),
        },
      );
    } catch (error) {
      this.#listener.warn('the socket could not be opened', error);
      this.#settings.clock.setTimeout(() => this.#closed(connection, NO_CLOSE_FRAME), 0);
    }
  }

  /** What cannot be read, whoever is to blame, ends the connection: the session is resumed, and nothing is lost. */
  #message(connection: Connection, data: string | Uint8Array, isBinary: boolean): void {
    if (this.#connection !== connection) return;
    try {
      if (typeof data !== 'string' && !ArrayBuffer.isView(data))
        throw new TypeError('neither a string nor a Uint8Array');
      this.#recorder?.arrived(data);
      connection.decoder.receive(data, isBinary);
    } catch (error) {
      this.#unreadable(connection, error);
    }
  }

  /** What will not pass by itself is told once, and again when something else was in between. */
  #warnOfOutage(what: string, outage: Outage): void {
    const says = whatWillNotPass(outage);
    const told = says && `${what}: ${says}`;
    if (told !== null && told !== this.#outage) this.#listener.warn(told);
    this.#outage = told ?? this.#outage;
  }

  /** An error that neither a code nor a status stands for: what it says is all that is known. */
  #warnOnce(problem: string, error: unknown): void {
    const told = `${problem}: ${(error as Error).message}`;
    if (told !== this.#outage) this.#listener.warn(problem, error);
    this.#outage = told;
  }

  #unreadable(connection: Connection, error: unknown): void {
    this.#listener.warn('a message could not be read', error);
    connection.decoder.end();
    if (this.#connection !== connection) return;
    this.#listener.tell({ type: 'undecodable', connection: connection.number, problem: 'it could not be read' });
  }

  #closed(connection: Connection, end: SocketEnd): void {
    if (this.#connection !== connection) return;
    const ending = this.#guard('closed', () => this.#ending(end), { code: NO_CLOSE_FRAME.code });
    // Our own side found it; a 1009 of the Gateway's comes without an error.
    if (ending.code === 1009 && this.#guard('closed', () => end.error !== undefined, false))
      this.#warnOfSize(tooLarge(this.#settings.maxPayload));
    if (!connection.hasOpened) this.#warnOfOutage('the Gateway cannot be reached', ending);
    this.#listener.tell({ type: 'closed', connection: connection.number, ...ending });
  }

  closeSocket({ code }: ShardEffects['closeSocket']): void {
    this.#try('close', () => this.#connection?.socket?.close(code));
  }

  dropSocket(): void {
    const connection = this.#connection;
    this.#connection = null;
    connection?.decoder.end();
    this.#try('drop a socket', () => connection?.socket?.drop());
  }

  pauseSocket(): void {
    const connection = this.#connection;
    if (connection === null) return;
    connection.isPaused = true;
    this.#try('pause', () => connection.socket?.pause?.());
  }

  /** Not before the step is over: a socket may hand on at once what it held back. */
  resumeSocket(): void {
    const connection = this.#connection;
    if (connection === null) return;
    connection.isPaused = false;
    queueMicrotask(() => {
      if (this.#connection === connection && !connection.isPaused)
        this.#try('resume', () => connection.socket?.resume?.());
    });
  }

  #say<Op extends CommandOpcode>(op: Op, data: Commands[Op]): boolean {
    const encoded = () => encode(op, data, this.#settings.wire.encoding);
    const message = guarded(
      encoded,
      (error) => this.#listener.warn(`the payload of opcode ${op} cannot be encoded`, error),
      null,
    );
    return message !== null && this.send(op, data, message);
  }

  sendHeartbeat({ sequence }: ShardEffects['sendHeartbeat']): void {
    if (this.#connection) this.#connection.heartbeatSentAt ??= this.#settings.clock.now();
    this.#say(Opcode.Heartbeat, sequence);
  }

  sendIdentify(): void {
    const { token, identify } = this.#settings;
    const isSent = this.#say(Opcode.Identify, { token, ...identify } as IdentifyData);
    if (isSent && this.#permit) this.#settle(this.#permit, 'used');
  }

  sendResume({ sessionId, sequence }: ShardEffects['sendResume']): void {
    this.#say(Opcode.Resume, { token: this.#settings.token, session_id: sessionId, seq: sequence });
  }

  /** Heard where the steps of the chart are. */
  report(): void {}

  #guard<T>(what: string, run: () => T, otherwise: T): T {
    return guarded(run, (error) => this.#adapterThrew(what, error), otherwise);
  }

  /** Whether an adapter did it. */
  #try(what: string, run: () => unknown): boolean {
    return attempted(run, (error) => this.#adapterThrew(what, error));
  }

  #adapterThrew(what: string, error: unknown): void {
    this.#listener.warn(`an adapter threw: ${what}`, error);
  }

  /** A text from outside, as it goes into causes, errors and logs. */
  #shown(text: string, longest = LONGEST_REASON): string {
    return printable(this.#settings.secrets.text(text).slice(0, longest));
  }

  // Messages

  #receive(connection: Connection, incoming: Incoming, message: RawMessage): void {
    if (incoming.type === 'dispatch' && incoming.name === 'READY') learnSession(this.#settings.secrets, incoming.data);
    const { type } = incoming;
    if (type === 'dispatch' || type === 'skipped') {
      this.#receiveDispatch(connection.number, incoming, message);
      return;
    }
    this.#recorder?.received(connection.number, incoming);
    if (type === 'hello') this.#listener.tell(this.#hello(connection.number, incoming.interval));
    else {
      if (type === 'heartbeatAck') this.#measure(connection);
      if (type === 'undecodable') this.#warnOfSize(incoming.problem);
      // An inflater may have said it.
      const said = type === 'undecodable' ? { ...incoming, problem: this.#shown(incoming.problem) } : incoming;
      this.#listener.tell({ connection: connection.number, ...said });
    }
  }

  #warnOfSize(problem: string): void {
    const known = tooLarge(this.#settings.maxPayload);
    if (problem.endsWith(known)) this.#listener.warn(known);
  }

  #receiveDispatch(connection: number, incoming: IncomingDispatch, message: RawMessage): void {
    const { name, sequence } = incoming;
    const { streaming, replaying } = this.#view;
    const latest = this.untoldSequence ?? this.#view.sequence;
    const leaps = sequence !== null && sequence - (name === 'READY' ? 0 : (latest ?? 0)) > MOST_SKIPPED;
    const isNew = sequence !== null && (latest === null || sequence > latest);
    if (streaming && isNew && !leaps && !BEGINNINGS.has(name) && !this.#settings.everyDispatch) {
      this.#recorder?.received(connection, incoming);
      this.#note(connection, sequence);
      this.#handOn(incoming, message, replaying);
      return;
    }
    this.#tellUntold(); // so that a trace counts with each step what the step is about
    this.#recorder?.received(connection, incoming);
    if (name === 'READY') this.#ready(connection, leaps ? { ...incoming, sequence: null } : incoming, message);
    else if (name === 'RESUMED') {
      this.#listener.tell({ type: 'resumed', connection, sequence: leaps ? null : sequence });
      if (replaying && !this.#view.replaying) this.#handOn(incoming, message, false);
    } else if (leaps) {
      this.#listener.tell({ type: 'malformed', connection, problem: 'a dispatch whose sequence (s) leaps' });
    } else {
      this.#listener.tell({ type: 'dispatch', connection, sequence, ...(isNew ? {} : { name }) });
      if (streaming && (isNew || sequence === null)) this.#handOn(incoming, message, replaying);
    }
  }

  /** READY answers Identify, or Resume in its stead: what follows it is of a new session either way. */
  #ready(connection: number, incoming: IncomingDispatch, message: RawMessage): void {
    const session = this.#sessionOf(incoming.type === 'dispatch' ? incoming.data : undefined);
    if (session === undefined) {
      this.#listener.tell({ type: 'malformed', connection, problem: 'READY without an object' });
      return;
    }
    const wasReady = isReady(this.#view);
    this.#listener.tell({ type: 'ready', connection, sequence: incoming.sequence, session });
    if (wasReady || !isReady(this.#view)) return;
    this.#settings.secrets.hold(session);
    this.#handOn(incoming, message, false);
  }

  #handOn(incoming: IncomingDispatch, message: RawMessage, replayed: boolean): void {
    const { name, sequence } = incoming;
    if (incoming.type === 'skipped') this.#listener.skipped({ name, sequence, replayed }, message);
    else this.#listener.dispatch({ name, data: incoming.data, sequence, replayed }, message);
  }

  /** Keeps in mind that a dispatch was handed on; the chart hears of it when no more come, or before anything else. */
  #note(connection: number, sequence: number): void {
    if (this.#untold) {
      this.#untold.sequence = sequence;
      this.#untold.count += 1;
      return;
    }
    this.#untold = { connection, sequence, count: 1 };
    if (this.#settings.clock.whenRead) this.#tellWhenRead(0, MOST_READINGS);
    else queueMicrotask(() => this.#tellUntold());
  }

  /** Tells the chart once a reading of the sockets brought no more dispatches, or after so many. */
  #tellWhenRead(known: number, readings: number): void {
    this.#settings.clock.whenRead?.(() => {
      const count = this.#untold?.count ?? 0;
      if (count === known || readings === 0) this.#tellUntold();
      else this.#tellWhenRead(count, readings - 1);
    });
  }

  #tellUntold(): void {
    const untold = this.takeUntold();
    if (untold) this.#listener.tell(untold);
  }

  /** Hello, if its interval is a number that a timer can keep and that leaves room for other payloads. */
  #hello(connection: number, interval: unknown): Frame {
    const [least, most] = this.#settings.policy.heartbeatInterval;
    return typeof interval === 'number' && interval >= least && interval <= most
      ? { type: 'hello', connection, interval }
      : { type: 'malformed', connection, problem: `a Hello whose interval is not within ${least} to ${most} ms` };
  }

  /** The session of READY: null if it cannot be resumed, undefined if `d` is no object at all. */
  #sessionOf(data: unknown): Session | null | undefined {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
    const { session_id: id, resume_gateway_url: url } = data as { session_id?: unknown; resume_gateway_url?: unknown };
    if (typeof id !== 'string' || id === '') {
      this.#listener.warn('READY came without a session id: this session cannot be resumed');
      return null;
    }
    if (id.length > LONGEST.session) {
      const problem = `READY came with a session id of over ${LONGEST.session} characters`;
      this.#listener.warn(`${problem}: this session cannot be resumed`);
      return null;
    }
    const { allowHosts } = this.#settings;
    const isUrl = typeof url === 'string' && url.length <= LONGEST['resume url'];
    const trusted = isUrl ? trustedResumeUrl(url, { gatewayUrl: this.#home, allowHosts }) : null;
    if (trusted === null && this.#settings.policy.resumeAt === 'session') {
      this.#listener.warn(
        'READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      );
    }
    return discreet({ id, url: trusted }); // the event lies in the actor's mailbox while listeners run
  }

  #measure(connection: Connection): void {
    if (connection.heartbeatSentAt === null) return;
    this.#listener.latency(this.#settings.clock.now() - connection.heartbeatSentAt);
    connection.heartbeatSentAt = null;
  }

  /** The longest close reason of RFC 6455 is 123 bytes; ours goes into logs. Of an error only the system's code: its message may hold a URL. */
  #ending({ code, reason, httpStatus, retryAfter, error }: { readonly [K in keyof SocketEnd]?: unknown }) {
    const wait = spanOf(retryAfter);
    const outage = outageOf({ systemCode: codeOf(error), httpStatus });
    const told = typeof reason === 'string' && reason !== '' ? reason : codeOf(error);
    return {
      code: isCount(code) ? code : NO_CLOSE_FRAME.code,
      ...(told === undefined ? {} : { reason: this.#shown(told, 123) }),
      ...(wait === undefined ? {} : { retryAfter: this.#waitTold('the Gateway', wait, LONGEST_WAITS.locate) }),
      ...outage,
    };
  }
}

/** Without what else the URL may hold, such as a password. */
function bareInfo(info: GatewayInfo): GatewayInfo {
  const url = withBareUrls(info.url);
  return url === info.url ? info : { ...info, url };
}

/** The query of a Gateway URL. Payload compression is not in it, but in Identify. */
export function queryOf({ version, encoding, compress }: WireParameters): GatewayUrlOptions {
  return { version, encoding, compress: compress === false || compress === 'payload' ? undefined : compress };
}

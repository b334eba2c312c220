/** One connection of one client: the Gateway chart on the clock, its effects turned into messages, messages into its events. */
import { type Actor, createActor } from 'xstate';
import { gatewayMachine } from '../../machines/gateway/chart.js';
import type { GatewayEffects, GatewayEvent, GatewaySession, IdentifyFacts } from '../../machines/gateway/vocabulary.js';
import { stateName } from '../../machines/kit/state-names.js';
import { COMPRESSIONS, type GatewayCompression, type GatewayEncoding } from '../../machines/protocol/url.js';
import type { ClockPort } from '../ports/index.js';
import { type Compressors, createWrapper, LEAST_PAYLOAD, type Wrapper } from './compression.js';
import { ENCODINGS, type Encoding } from './encoding.js';
import type { Place } from './faults.js';
import type { LogEntry, WritableLog } from './log.js';
import { isMalformedKind, MALFORMED } from './malformed.js';
import type { GatewayOptions, GatewayProfile } from './options.js';
import * as payloads from './payloads.js';
import { type IdentifyMessage, type Received, receive } from './receive.js';

/** The wire under a connection, whatever it is made of. Nothing of it throws. */
export interface Transport {
  send(data: string | Uint8Array): void;
  /** Our close frame; `closed` follows when it is answered. */
  close(code: number): void;
  /** The answer to the client's close frame. */
  answerClose(code: number): void;
  /** Ends TCP; nothing follows. */
  drop(): void;
  /** Stops reading from TCP, and goes on. */
  pause(): void;
  resume(): void;
  /** For a wire that answers close frames by itself: whether it is not to, from now on. */
  ignoreClose?(ignored: boolean): void;
}

/** What a client asks for when it connects. */
export interface ConnectionRequest {
  /** Path and query, as the client wrote them. */
  readonly path: string;
  /** Of the query: version, encoding and transport compression. */
  readonly version: string | null;
  readonly encoding: GatewayEncoding;
  readonly compression: GatewayCompression | null;
  /** Whether the client came to the host that READY names for resumes. */
  readonly resumeHost: boolean;
  /** What READY is to name for resumes. */
  readonly resumeUrl: string;
}

/** Reads the URL that a client connects to; null if the Gateway cannot serve it. */
export function requestFrom(url: URL, resumeHost: boolean, resumeUrl: string): ConnectionRequest | null {
  const { pathname, search, searchParams } = url;
  const compression = searchParams.get('compress');
  const encoding = searchParams.get('encoding') ?? 'json';
  if (!isEncoding(encoding)) return null;
  if (compression !== null && !isCompression(compression)) return null;
  return { path: `${pathname}${search}`, version: searchParams.get('v'), encoding, compression, resumeHost, resumeUrl };
}

const isEncoding = (name: string): name is GatewayEncoding => Object.hasOwn(ENCODINGS, name);
const isCompression = (name: string): name is GatewayCompression => (COMPRESSIONS as readonly string[]).includes(name);

/** What a connection runs with. */
export interface ConnectionSetup {
  readonly clock: ClockPort;
  readonly log: WritableLog;
  /** As it was when the client connected: what is configured later is for later connections. */
  readonly profile: GatewayProfile;
  readonly compressors: Compressors;
  readonly inspect: GatewayOptions['inspect'];
  /** The chart, writing its steps to a trace where one is asked for. */
  recorded(chart: typeof gatewayMachine): typeof gatewayMachine;
}

/**
 * What a connection asks of its Gateway and notifies it of: all that concerns more than one connection. The Gateway
 * answers; what follows for the client the connection does itself.
 */
export interface GatewayServices {
  /** Judges an Identify. `sessionId` is for the session that it may begin. */
  identify(message: IdentifyMessage, version: string | null): IdentifyFacts & { readonly sessionId: string };
  /** Whether the token of a Resume is right. If so its session, which may be on another connection, comes over. */
  resume(connection: Connection, token: unknown, sessionId: string): boolean;
  startSession(connection: Connection, sessionId: string, message: IdentifyMessage): SessionStart;
  /** Whether a session was begun with `compress` in its Identify. */
  isCompressed(sessionId: string): boolean;
  command(effect: GatewayEffects['answerCommand']): readonly payloads.NewDispatch[];
  /** After every step, with the places that the connection has reached in it, and the session before it. */
  moved(connection: Connection, reached: readonly Place[], before: GatewaySession | null): void;
  reported(connection: Connection, effect: GatewayEffects['report']): void;
}

/** What the client of a new session is sent. */
export interface SessionStart {
  /** The `d` of READY. */
  readonly ready: unknown;
  /** What comes after READY. */
  readonly dispatches: readonly payloads.NewDispatch[];
}

type Effects = { readonly [K in keyof GatewayEffects]: (params: GatewayEffects[K]) => void };

const utf8 = new TextEncoder();

/** One connection of one client, and the session it leaves behind. */
export class Connection {
  /** Where the session region is; null without a connection, and while it closes. */
  place: Place | null = null;
  /** The session that is live here or waits to be resumed. */
  session: GatewaySession | null = null;
  readonly #actor: Actor<typeof gatewayMachine>;
  /** When the client's payloads of the last minute arrived. */
  #arrivals: number[] = [];
  #transport: Transport | null;
  #identify: IdentifyMessage = { token: null, intents: 0, shard: null, compress: false };
  /** What was wrong with what the client sent last, where a field was. */
  #problem: string | undefined;
  #begun = false;
  #over = false;
  readonly #encoding: Encoding;
  readonly #stream: Wrapper | null;
  readonly #payload: Wrapper;

  constructor(
    readonly number: number,
    readonly request: ConnectionRequest,
    transport: Transport,
    private readonly setup: ConnectionSetup,
    private readonly gateway: GatewayServices,
  ) {
    this.#transport = transport;
    this.#encoding = ENCODINGS[request.encoding];
    const { profile, compressors } = setup;
    this.#stream =
      request.compression === null ? null : createWrapper(request.compression, profile.partBytes, compressors);
    this.#payload = createWrapper('payload', profile.partBytes, compressors);
    const effects = Object.entries(this.#effects()).map(([name, run]) => [
      name,
      (_: unknown, params: never) => run(params),
    ]);
    const chart = setup.recorded(gatewayMachine.provide({ actions: Object.fromEntries(effects) }));
    this.#actor = createActor(chart, {
      clock: setup.clock,
      input: { settings: profile.settings },
      ...(setup.inspect === undefined ? {} : { inspect: setup.inspect }),
    });
    this.#actor.subscribe((snapshot) => this.#moved(snapshot));
  }

  /** The client is here. */
  open(): void {
    const { path, resumeHost } = this.request;
    this.#log({ direction: 'client', kind: 'open', path, resumeHost });
    this.#actor.start();
    this.#begun = true;
    this.#actor.send({ type: 'connected', number: this.number });
  }

  /** Something is to happen on this connection; ignored where it has no place. */
  send(event: GatewayEvent): void {
    if (!this.#over) this.#actor.send(event);
  }

  /** A message of the client. Never throws. */
  received(data: string | Uint8Array): void {
    if (this.#over) return;
    const text = this.#encoding.read(data);
    this.#logMessage('client', text ?? data);
    this.send(this.#eventOf(data, text));
  }

  /** The client's close frame, or 1006 when the connection was lost. */
  closed(code: number): void {
    if (this.#over) return;
    this.#log(code === 1006 ? { direction: 'client', kind: 'drop' } : { direction: 'client', kind: 'close', code });
    this.send({ type: 'closed', connection: this.number, code });
  }

  /** The wire itself found the client in breach of WebSocket, and closed with the code. */
  violated(code: number): void {
    this.#log({ direction: 'gateway', kind: 'close', code });
    this.send({ type: 'closed', connection: this.number, code: 1006 });
  }

  /** The state of the chart, as text. */
  get state(): string {
    return stateName(this.#actor.getSnapshot().value);
  }

  get isOpen(): boolean {
    return this.#transport !== null;
  }

  /** Ends everything, without a word. */
  stop(): void {
    this.#over = true;
    this.#actor.stop();
    this.#transport?.drop();
    this.#transport = null;
  }

  #eventOf(data: string | Uint8Array, text: string | null): GatewayEvent {
    const { limits } = this.setup.profile;
    const bytes = typeof data === 'string' ? utf8.encode(data).length : data.length;
    const connection = this.number;
    if (this.#isOneTooMany(limits.sends)) return { type: 'received.tooMany', connection };
    if (bytes > limits.payloadBytes) return { type: 'received.tooLarge', connection };
    return text === null ? { type: 'received.undecodable', connection } : this.#eventFrom(receive(text));
  }

  #eventFrom(message: Received): GatewayEvent {
    const { gateway, number: connection } = this;
    switch (message.type) {
      case 'identify':
        this.#identify = message.identify;
        return { type: 'received.identify', connection, ...gateway.identify(message.identify, this.request.version) };
      case 'resume': {
        const { token, sessionId, sequence } = message;
        const tokenMatches = gateway.resume(this, token, sessionId);
        return { type: 'received.resume', connection, sessionId, sequence, tokenMatches };
      }
      case 'heartbeat':
        return { type: 'received.heartbeat', connection, sequence: message.sequence };
      case 'command':
        return { type: 'received.command', connection, opcode: message.opcode, data: message.data };
      case 'unknownOpcode':
        return { type: 'received.unknownOpcode', connection, opcode: message.opcode };
      case 'undecodable':
        this.#problem = message.problem;
        return { type: 'received.undecodable', connection };
    }
  }

  #isOneTooMany({ count, windowMs }: GatewayProfile['limits']['sends']): boolean {
    const now = this.setup.clock.now();
    this.#arrivals = this.#arrivals.filter((at) => at > now - windowMs);
    this.#arrivals.push(now);
    return this.#arrivals.length > count;
  }

  #moved({ value, context }: { value: unknown; context: { session: GatewaySession | null } }): void {
    if (!this.#begun) return;
    const [from, session] = [this.place, this.session];
    this.place = placeIn(value);
    this.session = context.session;
    this.#transport?.ignoreClose?.(isDeafToClose(value));
    if (isListening(value)) this.#transport = null;
    this.gateway.moved(this, placesReached(from, this.place), session);
  }

  #effects(): Effects {
    const { gateway } = this;
    const send = (payload: payloads.Payload) => this.#send(payload);
    return {
      sendHello: ({ interval }) => send(payloads.hello(interval)),
      sendReady: ({ sessionId, sequence }) => {
        const { ready, dispatches } = gateway.startSession(this, sessionId, this.#identify);
        send(payloads.dispatch({ sequence, name: 'READY', data: ready }));
        this.#dispatch(dispatches);
      },
      sendDispatch: (dispatch) => send(payloads.dispatch(dispatch)),
      sendReplay: ({ dispatches }) => {
        for (const dispatch of dispatches) send(payloads.dispatch(dispatch));
      },
      sendResumed: ({ sequence }) => send(payloads.dispatch({ sequence, name: 'RESUMED', data: {} })),
      sendAck: () => send(payloads.heartbeatAck()),
      sendHeartbeatRequest: () => send(payloads.heartbeatRequest()),
      sendReconnect: () => send(payloads.reconnect()),
      sendInvalidSession: ({ resumable }) => send(payloads.invalidSession(resumable)),
      answerCommand: (command) => this.#dispatch(gateway.command(command)),
      sendRaw: ({ kind, sequence }) => {
        if (isMalformedKind(kind)) this.#sendMalformed(MALFORMED[kind].frame(sequence, this.#readyFacts()));
      },
      close: ({ code }) => {
        const problem = code === 4002 ? this.#problem : undefined;
        this.#log({ direction: 'gateway', kind: 'close', code, ...(problem === undefined ? {} : { error: problem }) });
        this.#transport?.close(code);
      },
      answerClose: ({ code }) => {
        this.#log({ direction: 'gateway', kind: 'close', code });
        this.#transport?.answerClose(code);
      },
      dropTcp: () => {
        this.#log({ direction: 'gateway', kind: 'drop' });
        this.#transport?.drop();
      },
      stopReading: () => this.#transport?.pause(),
      startReading: () => this.#transport?.resume(),
      report: (effect) => gateway.reported(this, effect),
    };
  }

  /** What READY says of the session, where there is one. */
  #readyFacts(): Partial<payloads.ReadyFacts> {
    return this.session === null ? {} : { sessionId: this.session.id, resumeUrl: this.request.resumeUrl };
  }

  /** Dispatches of the session, to be numbered once the present step is over. */
  #dispatch(dispatches: readonly payloads.NewDispatch[]): void {
    for (const { name, data } of dispatches) this.send({ type: 'dispatch', name, data });
  }

  #send(payload: payloads.Payload): void {
    if (this.#transport === null) return;
    const message = this.#encoding.write(payload);
    this.#logMessage('gateway', typeof message === 'string' ? message : JSON.stringify(payload));
    this.#transmit(this.#wrapped(message));
  }

  /** Binary frames go out as they are, whatever the encoding and the compression. */
  #sendMalformed(frame: string | Uint8Array): void {
    if (this.#transport === null) return;
    this.#logMessage('gateway', frame);
    this.#transmit(typeof frame === 'string' ? this.#wrapped(this.#encoding.translate(frame)) : [frame]);
  }

  #transmit(parts: readonly (string | Uint8Array)[]): void {
    for (const part of parts) this.#transport?.send(part);
  }

  /** What is sent for a message. Transport compression switches payload compression off, and that is for JSON alone. */
  #wrapped(message: string | Uint8Array): readonly (string | Uint8Array)[] {
    if (this.#stream !== null) return this.#stream(message);
    const { id } = this.session ?? {};
    const isWanted = id === undefined ? this.#identify.compress === true : this.gateway.isCompressed(id);
    if (!isWanted || typeof message !== 'string') return [message];
    return utf8.encode(message).length >= LEAST_PAYLOAD ? this.#payload(message) : [message];
  }

  #logMessage(direction: 'client' | 'gateway', data: string | Uint8Array): void {
    const { log, clock, profile } = this.setup;
    const kind = typeof data === 'string' ? 'text' : 'binary';
    log.add({ connection: this.number, at: clock.now(), direction, kind }, { data, token: profile.token });
  }

  #log(entry: Omit<LogEntry, 'number' | 'connection' | 'at'>): void {
    const { log, clock } = this.setup;
    log.add({ connection: this.number, at: clock.now(), ...entry });
  }
}

function isListening(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'listening' in value;
}

function isDeafToClose(value: unknown): boolean {
  const { connection } = value as { connection?: 'silent' | 'closing' | { open: { answers: string } } };
  return connection === 'silent' || (typeof connection === 'object' && connection.open.answers === 'withoutClose');
}

/** The places that one step leads through. A client that identifies before Hello takes two at once. */
function placesReached(from: Place | null, to: Place | null): readonly Place[] {
  if (to === null || to === from) return [];
  return from === 'greeting' && to !== 'awaitingIdentify' ? ['awaitingIdentify', to] : [to];
}

function placeIn(value: unknown): Place | null {
  const { connection } = value as { connection?: unknown };
  if (typeof connection !== 'object' || connection === null) return null;
  const { session } = (connection as { open: { session: string | Record<string, unknown> } }).open;
  return (typeof session === 'string' ? session : Object.keys(session)[0]) as Place;
}

/** The Gateway as a whole: every connection with its chart, the sessions, who may identify, and what is to go wrong. */
import { GATEWAY_CAUSES } from '../../machines/gateway/causes.js';
import { newestKept } from '../../machines/gateway/replay-buffer.js';
import type { GatewayEffects, GatewaySession } from '../../machines/gateway/vocabulary.js';
import { demandGiven, demandShape, isPlainObject, isText, isTrueOrFalse } from '../../machines/kit/shape.js';
import { Intents } from '../../machines/protocol/intents.js';
import type { ClockPort, RandomPort } from '../ports/index.js';
import { seededRandom } from '../ports/random.js';
import { recorded, redactor } from '../trace/index.js';
import { ApplicationCommands } from './application-commands.js';
import { answersTo, type MemberRequests } from './commands.js';
import { type Compressors, storing } from './compression.js';
import {
  Connection,
  type ConnectionRequest,
  type ConnectionSetup,
  type GatewayServices,
  requestFrom,
  type SessionStart,
  type Transport,
} from './connection.js';
import {
  type Control,
  checkTarget,
  isAimedAt,
  type SessionState,
  type SimulatorState,
  type Target,
} from './control.js';
import { FaultInjector } from './fault-injector.js';
import { FAULT_DETAILS, type Place } from './faults.js';
import { DEFAULT_VERSION, Identifies, type SessionStartLimitObject, type ShardTuple, shardFrom } from './identifies.js';
import { createLog, type LogEntry, type WireLog, withoutToken } from './log.js';
import { Messages, type Recipient } from './messages.js';
import { checkConfiguration, type GatewayOptions, type GatewayProfile, profileFrom } from './options.js';
import { type NewDispatch, readyData } from './payloads.js';
import type { IdentifyMessage } from './receive.js';
import { guildCreate, guildsOf } from './world.js';

/** What the Gateway knows of a session beside its chart's record. */
interface SessionRecord {
  readonly shard: ShardTuple;
  readonly intents: number;
  readonly guilds: readonly string[];
  readonly compress: boolean;
  readonly dispatched: number[];
  sequence: number;
  ended: boolean;
}

/** A WebSocket handshake. */
export interface Handshake {
  /** What was asked for; null if it is no URL. */
  readonly url: URL | null;
  /** Whether it came to the host that READY names for resumes. */
  readonly resumeHost: boolean;
  readonly resumeUrl: string;
  /** The HTTP status for what is wrong with it already. */
  readonly problem: number | null;
}

/** Longest path that is logged, in characters. */
const LONGEST_PATH = 1024;

/** Records of ended sessions that are kept. */
const ENDED_SESSIONS = 1000;

/** A simulated Gateway, without the wire under it. */
export class Gateway implements GatewayServices {
  readonly control: Control;
  /** What the bot has registered. */
  readonly commands = new ApplicationCommands();
  /** Requests that wait for an entry of the log. */
  waiting = 0;
  readonly #recorded: ConnectionSetup['recorded'];
  readonly clock: ClockPort;
  readonly #random: RandomPort;
  readonly #options: GatewayOptions;
  readonly #compressors: Compressors;
  readonly #log: ReturnType<typeof createLog>;
  #identifies: Identifies;
  readonly #messages: Messages;
  readonly #faults = new FaultInjector();
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<string, SessionRecord>();
  readonly #memberRequests: MemberRequests = new Map();
  #profile: GatewayProfile;
  #lastConnection = 0;
  #stopped = false;

  constructor(
    options: GatewayOptions,
    clock: ClockPort,
    {
      random = seededRandom(options.seed ?? 1),
      compressors = storing,
    }: { readonly random?: RandomPort | undefined; readonly compressors?: Compressors | undefined } = {},
  ) {
    this.#options = options;
    this.#compressors = compressors;
    this.#profile = profileFrom(options);
    this.clock = clock;
    this.#random = random;
    this.#log = createLog(options.log ?? Number.POSITIVE_INFINITY);
    this.#identifies = new Identifies(clock, () => this.#profile);
    this.#messages = new Messages(
      clock,
      random,
      () => this.#profile.dispatchesPerSecond,
      () => this.#recipients(),
    );
    this.control = this.#control();
    this.#recorded = chartRecorder(options, clock);
  }

  get log(): WireLog {
    return this.#log;
  }

  get sessions(): readonly SessionState[] {
    const live = [...this.#connections].filter(({ place }) => place === 'live' || place === 'replaying');
    const numbers = new Map(live.map(({ number, session }) => [session?.id, number]));
    return [...this.#sessions].map(([sessionId, { shard, intents, ended, sequence, dispatched }]) => {
      const connection = numbers.get(sessionId) ?? null;
      return { sessionId, shard, intents, ended, sequence, dispatched, connection };
    });
  }

  /** Takes a WebSocket handshake: with what the client asks for, or with the HTTP status that refuses it. */
  admit({ url, resumeHost, resumeUrl, problem }: Handshake): ConnectionRequest | number {
    const answer =
      problem ?? this.#refusal(resumeHost) ?? (url === null ? null : requestFrom(url, resumeHost, resumeUrl)) ?? 400;
    if (typeof answer === 'number') {
      const path = url === null ? '' : this.shown(`${url.pathname}${url.search}`);
      this.#logOutside({ kind: 'refused', path, resumeHost, status: answer });
    }
    return answer;
  }

  #refusal(resumeHost: boolean): number | null {
    if (this.#stopped) return 503;
    const refused =
      this.#faults.takeHandshakeFault('refuseConnections') ??
      (resumeHost ? this.#faults.takeHandshakeFault('refuseResumeHost') : undefined);
    return refused === undefined ? null : (refused.status ?? FAULT_DETAILS.status.default);
  }

  /** Whether the answer to a handshake waits for Hello. */
  greetsWithUpgrade(): boolean {
    return this.#faults.takeHandshakeFault('helloWithUpgrade') !== undefined;
  }

  /** Logs a request to the API. */
  requested(method: string, path: string, status: number, error?: string): void {
    const facts = { method, path: this.shown(path), status };
    this.#logOutside({ kind: 'request', ...facts, ...(error === undefined ? {} : { error }) });
  }

  /** A path as it may be shown. */
  shown(path: string): string {
    return withoutToken(path.slice(0, LONGEST_PATH), this.#profile.token);
  }

  #logOutside(entry: Pick<LogEntry, 'kind' | 'path' | 'resumeHost' | 'method' | 'status' | 'error'>): void {
    this.#log.add({ connection: 0, at: this.clock.now(), direction: 'client', ...entry });
  }

  /** Guilds of the bot; null for three on each shard. */
  get guilds(): number | null {
    return this.#profile.guilds;
  }

  /** The HTTP status and Retry-After that Get Gateway Bot fails with; null if it does not. */
  refusesGetGateway(): { readonly status: number; readonly retryAfter: number | undefined } | null {
    const refused = this.#faults.takeHandshakeFault('refuseGetGateway');
    if (refused === undefined) return null;
    return { status: refused.status ?? FAULT_DETAILS.status.default, retryAfter: refused.retryAfter };
  }

  isRightToken(token: unknown): boolean {
    return this.#identifies.isRightToken(token);
  }

  /** What Get Gateway Bot says, but for the URL. */
  getGatewayBot(): { readonly shards: number; readonly session_start_limit: SessionStartLimitObject } {
    return { shards: this.#profile.shards, session_start_limit: this.#identifies.limit() };
  }

  /** A client has connected. */
  connect(request: ConnectionRequest, transport: Transport): Connection {
    this.#lastConnection += 1;
    const setup: ConnectionSetup = {
      clock: this.clock,
      log: this.#log,
      profile: this.#profile,
      compressors: this.#compressors,
      inspect: this.#options.inspect,
      recorded: this.#recorded,
    };
    const connection = new Connection(this.#lastConnection, request, transport, setup, this);
    this.#connections.add(connection);
    connection.open();
    return connection;
  }

  /** Drops every connection and leaves no timer. */
  stop(): void {
    this.#stopped = true;
    for (const connection of this.#connections) connection.stop();
    this.#connections.clear();
    this.#messages.stop();
  }

  identify(message: IdentifyMessage, version: string | null): ReturnType<GatewayServices['identify']> {
    const resetBefore = this.#identifies.tokenReset;
    const facts = this.#identifies.check(message, version);
    // Going over the day's limit ends all sessions ("Session Start Limit").
    if (this.#identifies.tokenReset && !resetBefore) {
      this.#send({}, { type: 'closeWith', code: 4004 });
      this.#send({}, { type: 'invalidateSession', resumable: false }, true);
    }
    return { sessionId: this.#newSessionId(), ...facts };
  }

  #newSessionId(): string {
    return Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join('');
  }

  resume(connection: Connection, token: unknown, sessionId: string): boolean {
    const isRight = this.isRightToken(token);
    if (isRight) this.#fetchSession(connection, sessionId);
    return isRight;
  }

  #fetchSession(connection: Connection, id: string): void {
    const holder = this.#holderOf(id);
    if (holder === undefined || holder === connection || holder.session === null) return;
    // In this order there is no moment in which no connection holds it.
    connection.send({ type: 'adopt', session: holder.session });
    if (connection.session?.id === id) holder.send({ type: 'release' });
  }

  startSession({ request }: Connection, sessionId: string, identify: IdentifyMessage): SessionStart {
    const shard = shardFrom(identify.shard) ?? [0, 1];
    const intents = typeof identify.intents === 'number' ? identify.intents : 0;
    const guilds = guildsOf(shard, this.#profile.guilds);
    const compress = identify.compress === true;
    this.#sessions.set(sessionId, { shard, intents, guilds, compress, dispatched: [], sequence: 1, ended: false });
    this.#messages.start();
    return {
      ready: readyData({
        sessionId,
        guilds,
        resumeUrl: request.resumeUrl,
        shard: identify.shard === undefined || identify.shard === null ? null : shard,
        version: Number(request.version ?? DEFAULT_VERSION),
      }),
      dispatches:
        (intents & Intents.GUILDS) === 0 ? [] : guilds.map((id) => ({ name: 'GUILD_CREATE', data: guildCreate(id) })),
    };
  }

  isCompressed(sessionId: string): boolean {
    return this.#sessions.get(sessionId)?.compress === true;
  }

  #holderOf(sessionId: string): Connection | undefined {
    return [...this.#connections].find(({ session }) => session?.id === sessionId);
  }

  command({ opcode, data }: GatewayEffects['answerCommand']): readonly NewDispatch[] {
    return answersTo(opcode, data, this.clock.now(), this.#memberRequests);
  }

  reported(connection: Connection, { cause }: GatewayEffects['report']): void {
    this.#options.onCause?.(connection.number, cause);
  }

  #recipients(): ReadonlyMap<string, Recipient> {
    const recipients = new Map<string, Recipient>();
    for (const connection of this.#connections) {
      const id = connection.session?.id ?? '';
      const record = this.#sessions.get(id);
      const dispatch = (name: string, data: unknown) => connection.send({ type: 'dispatch', name, data });
      if (record !== undefined) recipients.set(id, { intents: record.intents, guilds: record.guilds, dispatch });
    }
    return recipients;
  }

  moved(connection: Connection, reached: readonly Place[], before: GatewaySession | null): void {
    const { session } = connection;
    if (session !== null) this.#follow(session, before);
    if (before !== null && before.id !== session?.id) this.#endUnlessHeld(before.id);
    for (const place of reached) this.#faults.reached(connection, place);
    if (connection.isOpen || session !== null || this.#stopped) return;
    this.#connections.delete(connection);
    connection.stop();
  }

  /** Brings the session's record up to date with what was dispatched. */
  #follow(session: GatewaySession, before: GatewaySession | null): void {
    const record = this.#sessions.get(session.id);
    if (record === undefined) return;
    record.sequence = session.sequence;
    const last = newestKept(session.buffer)?.sequence;
    const isNew = before?.id === session.id && last !== undefined && last > before.sequence;
    if (isNew && this.#options.recordDispatches) record.dispatched.push(last);
  }

  #endUnlessHeld(id: string): void {
    const record = this.#sessions.get(id);
    if (record === undefined || this.#holderOf(id) !== undefined) return;
    record.ended = true;
    const ended = [...this.#sessions].filter(([, other]) => other.ended);
    for (const [old] of ended.slice(0, -ENDED_SESSIONS)) this.#sessions.delete(old);
  }

  /** Sends an event to open connections, and to sessions that wait to be resumed where it is about them. */
  #send(target: Target, event: Parameters<Connection['send']>[0], keptSessionsToo = false): number {
    checkTarget(target);
    const reached = [...this.#connections].filter(
      (connection) => isAimedAt(target, connection) && (connection.isOpen || keptSessionsToo),
    );
    for (const connection of reached) connection.send(event);
    return reached.length;
  }

  #control(): Control {
    return {
      dispatch: (name, data, target = {}) => {
        demandGiven('name', name, isText);
        checkTarget(target);
        const plain = plainly(data);
        const reached = [...this.#connections].filter((one) => one.session !== null && isAimedAt(target, one));
        for (const connection of reached) connection.send({ type: 'dispatch', name, data: plain });
        return reached.length;
      },
      requestHeartbeat: (target = {}) => this.#send(target, { type: 'requestHeartbeat' }),
      requestReconnect: (target = {}) => this.#send(target, { type: 'requestReconnect' }),
      invalidateSession: (resumable, target = {}) => {
        demandGiven('resumable', resumable, isTrueOrFalse);
        return this.#send(target, { type: 'invalidateSession', resumable }, true);
      },
      closeWith: (code, target = {}) => {
        checkTarget(target);
        return this.#faults.inject('closeWith', { ...target, code }, this.#connections);
      },
      dropTcp: (target = {}) => this.#send(target, { type: 'fault.dropTcp' }),
      injectFault: (name, options = {}) => {
        demandShape('options', options, isPlainObject);
        return this.#faults.inject(name, options, this.#connections);
      },
      clearFaults: () => {
        this.#faults.clear();
        this.#send({}, { type: 'fault.end' });
      },
      reset: () => this.#reset(),
      configure: (options) => {
        checkConfiguration(options);
        this.#profile = profileFrom(options, this.#profile);
        if (options.token !== undefined) this.#identifies.tokenReset = false;
        if (this.#sessions.size > 0 && !this.#stopped) this.#messages.start();
      },
      state: () => this.#state(),
    };
  }

  #reset(): void {
    for (const connection of this.#connections) connection.stop();
    this.#connections.clear();
    this.#sessions.clear();
    this.#memberRequests.clear();
    this.#faults.clear();
    this.#messages.stop();
    this.commands.clear();
    this.#profile = profileFrom(this.#options);
    this.#identifies = new Identifies(this.clock, () => this.#profile);
    this.#log.clear();
  }

  #state(): SimulatorState {
    const { total, remaining } = this.#identifies.limit();
    const open = [...this.#connections].filter(({ isOpen }) => isOpen);
    return {
      connections: open.map(({ number: connection, state, session, request: { resumeHost } }) => ({
        connection,
        state,
        resumeHost,
        sessionId: session?.id ?? null,
      })),
      sessions: this.sessions,
      faults: this.#faults.pending,
      identifies: { total, remaining },
      tokenReset: this.#identifies.tokenReset,
    };
  }
}

/** The data as JSON holds it, whatever encoding it will be sent in. What cannot be sent throws here, and not in a chart. */
function plainly(data: unknown): unknown {
  const json = JSON.stringify(data);
  return json === undefined ? undefined : JSON.parse(json);
}

/** What makes a chart write its steps to a trace, where one is asked for. */
function chartRecorder({ record, token }: GatewayOptions, { now }: ClockPort): ConnectionSetup['recorded'] {
  if (record === undefined) return (chart) => chart;
  const secrets = redactor(token === undefined ? {} : { token });
  secrets.spare(Object.keys(GATEWAY_CAUSES).join('\n'));
  const to = typeof record === 'object' && 'to' in record ? record : { to: record };
  return (chart) => recorded(chart, { ...to, now, secrets });
}

/** The Gateway as a whole: every connection with its chart, the sessions, who may identify, and what is to go wrong. */
import type { GatewaySession, IdentifyFacts } from '../../machines/gateway-vocabulary.js';
import { EVENTS } from '../../machines/protocol/events.js';
import { ALL_INTENTS, Intents, PRIVILEGED_INTENTS } from '../../machines/protocol/intents.js';
import { API_VERSIONS } from '../../machines/protocol/url.js';
import type { ClockPort, RandomPort } from '../host/ports.js';
import { seededRandom } from '../host/random.js';
import { answersTo, type MemberRequests } from './commands.js';
import { Connection, type Headquarters, type Opening, type Transport } from './connection.js';
import type { Control, FaultOptions, SessionState, SimulatorState, Target } from './control.js';
import { checkFaultDetails, type FaultName, faultRow, isFaultName, PLACES, type Place } from './faults.js';
import { bare, createLog, type WireLog } from './log.js';
import { type GatewayOptions, type GatewayProfile, profileFrom } from './options.js';
import { readyData } from './payloads.js';
import type { IdentifyMessage } from './receive.js';
import { guildCreate, guildsOf, messageCreate } from './world.js';

type Shard = readonly [id: number, count: number];

/** What the Gateway knows of a session beside its chart's record. */
interface SessionFile {
  readonly shard: Shard;
  readonly intents: number;
  readonly guilds: readonly string[];
  readonly dispatched: number[];
  messages: number;
  /** Dispatches due and not yet made, a fraction included. */
  credit: number;
  sequence: number;
  ended: boolean;
}

interface StandingFault extends FaultOptions {
  readonly name: FaultName;
  readonly at: Place;
  left: number;
}

/** Time a lane's window may fall short by: the network and timers are not exact. */
const LANE_TOLERANCE_MS = 100;

/** How often dispatches are made at least, in ms. */
const BEAT_MS = 20;

/** Records of ended sessions that are kept. */
const ENDED_SESSIONS = 1000;

/** What a new Gateway needs from the world. */
export interface GatewayPorts {
  readonly clock: ClockPort;
  readonly random?: RandomPort;
}

/** Answers of Get Gateway Bot ("Get Gateway Bot"), without the URL. */
export interface GatewayBotInfo {
  readonly shards: number;
  readonly session_start_limit: {
    readonly total: number;
    readonly remaining: number;
    readonly reset_after: number;
    readonly max_concurrency: number;
  };
}

/** A simulated Gateway, without the wire under it. */
export class Gateway {
  readonly control: Control;
  readonly #clock: ClockPort;
  readonly #random: RandomPort;
  readonly #options: GatewayOptions;
  readonly #log: ReturnType<typeof createLog>;
  #profile: GatewayProfile;
  #connections = new Set<Connection>();
  #connectionCount = 0;
  #sessions = new Map<string, SessionFile>();
  #standing: StandingFault[] = [];
  #doors = new Map<FaultName, FaultOptions>();
  #lanes = new Map<number, number>();
  #identifies = 0;
  #identifiesSince: number;
  #tokenReset = false;
  #memberRequests: MemberRequests = new Map();
  #beat: { readonly id: unknown; readonly since: number } | null = null;
  #stopped = false;

  constructor(options: GatewayOptions, { clock, random }: GatewayPorts) {
    this.#options = options;
    this.#profile = profileFrom(options);
    this.#clock = clock;
    this.#random = random ?? seededRandom(options.seed ?? 1);
    this.#log = createLog(options.log ?? Number.POSITIVE_INFINITY);
    this.#identifiesSince = clock.now();
    this.control = this.#control();
  }

  get log(): WireLog {
    return this.#log;
  }

  get sessions(): readonly SessionState[] {
    return [...this.#sessions].map(([id, file]) => this.#sessionState(id, file));
  }

  /** The HTTP status that a WebSocket handshake is refused with; null if it is accepted. */
  refusesConnection(resumeHost: boolean): number | null {
    const refused =
      this.#doors.get('refuseConnections') ?? (resumeHost ? this.#doors.get('refuseResumeHost') : undefined);
    return refused === undefined ? null : (refused.status ?? 503);
  }

  /** The HTTP status and Retry-After that Get Gateway Bot fails with; null if it does not. */
  refusesGetGateway(): { readonly status: number; readonly retryAfter: number | undefined } | null {
    const refused = this.#doors.get('refuseGetGateway');
    return refused === undefined ? null : { status: refused.status ?? 503, retryAfter: refused.retryAfter };
  }

  isRightToken(token: unknown): boolean {
    return !this.#tokenReset && (this.#profile.token === null || bare(token) === bare(this.#profile.token));
  }

  getGatewayBot(): GatewayBotInfo {
    this.#renewIdentifies();
    const { shards, identifiesPerDay: total, maxConcurrency } = this.#profile;
    return {
      shards,
      session_start_limit: {
        total,
        remaining: Math.max(0, total - this.#identifies),
        reset_after: Math.round(this.#identifiesSince + DAY_MS - this.#clock.now()),
        max_concurrency: maxConcurrency,
      },
    };
  }

  /** A client has connected. */
  connect(opening: Opening, transport: Transport): Connection {
    this.#connectionCount += 1;
    const connection = new Connection(this.#connectionCount, opening, transport, this.#headquarters());
    this.#connections.add(connection);
    connection.open();
    return connection;
  }

  /** Drops every connection and leaves no timer. */
  stop(): void {
    this.#stopped = true;
    for (const connection of this.#connections) connection.stop();
    this.#connections.clear();
    this.#stopBeat();
  }

  #headquarters(): Headquarters {
    return {
      clock: this.#clock,
      log: this.#log,
      profile: this.#profile,
      isRightToken: (token) => this.isRightToken(token),
      checkIdentify: (message, opening) => this.#checkIdentify(message, opening),
      newSessionId: () => this.#newSessionId(),
      startSession: (connection, id, message) => this.#startSession(connection, id, message),
      fetchSession: (connection, id) => this.#fetchSession(connection, id),
      answerCommand: (connection, opcode, data) => this.#answerCommand(connection, opcode, data),
      moved: (connection, from, before) => this.#moved(connection, from, before),
      reported: (connection, { cause }) => this.#options.onCause?.(connection.number, cause),
    };
  }

  // Identify

  #checkIdentify({ token, intents, shard }: IdentifyMessage, { version }: Opening): IdentifyFacts {
    const tuple = shardFrom(shard);
    const bits = typeof intents === 'number' && Number.isSafeInteger(intents) && intents >= 0 ? intents : null;
    const intentsValid = bits !== null && (BigInt(bits) & ~BigInt(ALL_INTENTS)) === 0n;
    const facts = {
      tokenMatches: this.isRightToken(token),
      shardValid: tuple !== null,
      shardingRequired: tuple !== null && this.#holdsTooManyGuilds(tuple),
      versionValid: isVersion(version),
      intentsValid,
      intentsAllowed: !intentsValid || (bits & PRIVILEGED_INTENTS & ~this.#profile.intents) === 0,
      permitted: true,
    };
    if (!facts.tokenMatches) return facts;
    if (!this.#countIdentify()) return { ...facts, tokenMatches: false };
    const passes = facts.shardValid && facts.versionValid && facts.intentsValid && facts.intentsAllowed;
    return passes && tuple !== null ? { ...facts, permitted: this.#takeLane(tuple) } : facts;
  }

  #holdsTooManyGuilds([, count]: Shard): boolean {
    const { guilds, limits } = this.#profile;
    return guilds !== null && Math.ceil(guilds / count) > limits.guildsPerShard;
  }

  /** One identify per window in each lane `shard_id % max_concurrency`. */
  #takeLane([id]: Shard): boolean {
    const lane = id % this.#profile.maxConcurrency;
    const now = this.#clock.now();
    const last = this.#lanes.get(lane);
    if (last !== undefined && now - last < this.#profile.limits.identifyWindowMs - LANE_TOLERANCE_MS) return false;
    this.#lanes.set(lane, now);
    return true;
  }

  /** Beyond the day's identifies all sessions end and the token is reset. */
  #countIdentify(): boolean {
    this.#renewIdentifies();
    this.#identifies += 1;
    if (this.#identifies <= this.#profile.identifiesPerDay) return true;
    this.#tokenReset = true;
    for (const connection of [...this.#connections]) {
      connection.send({ type: 'closeWith', code: 4004 });
      connection.send({ type: 'invalidateSession', resumable: false });
    }
    return false;
  }

  #renewIdentifies(): void {
    const days = Math.floor((this.#clock.now() - this.#identifiesSince) / DAY_MS);
    if (days < 1) return;
    this.#identifiesSince += days * DAY_MS;
    this.#identifies = 0;
  }

  // Sessions

  #newSessionId(): string {
    const digit = () => Math.floor(this.#random() * 16).toString(16);
    return Array.from({ length: 32 }, digit).join('');
  }

  #startSession(connection: Connection, sessionId: string, { shard, intents }: IdentifyMessage): unknown {
    const tuple = shardFrom(shard) ?? [0, 1];
    const { version, resumeUrl } = connection.opening;
    const file: SessionFile = {
      shard: tuple,
      intents: typeof intents === 'number' ? intents : 0,
      guilds: guildsOf(tuple, this.#profile.guilds),
      dispatched: [],
      messages: 0,
      credit: 0,
      sequence: 1,
      ended: false,
    };
    this.#sessions.set(sessionId, file);
    if (wants(file.intents, 'GUILD_CREATE')) {
      for (const guild of file.guilds) {
        connection.send({ type: 'dispatch', name: 'GUILD_CREATE', data: guildCreate(guild) });
      }
    }
    this.#startBeat();
    return readyData({
      sessionId,
      resumeUrl,
      shard: shard === undefined || shard === null ? null : tuple,
      guilds: file.guilds,
      version: Number(version ?? DEFAULT_VERSION),
    });
  }

  #fetchSession(connection: Connection, id: string): void {
    const holder = [...this.#connections].find((other) => other.session?.id === id);
    if (holder === undefined || holder === connection || holder.session === null) return;
    // In this order somebody holds it all the time.
    connection.send({ type: 'adopt', session: holder.session });
    if (connection.session?.id === id) holder.send({ type: 'release' });
  }

  #moved(connection: Connection, from: Place | null, before: GatewaySession | null): void {
    const { place, session } = connection;
    if (session !== null) this.#follow(session, before);
    if (before !== null && before.id !== session?.id) this.#endUnlessHeld(before.id);
    if (place !== null && place !== from) this.#strike(connection, place);
    if (!connection.isOpen && session === null && !this.#stopped) {
      this.#connections.delete(connection);
      connection.stop();
    }
  }

  /** Enters what was dispatched into the session's file. */
  #follow(session: GatewaySession, before: GatewaySession | null): void {
    const file = this.#sessions.get(session.id);
    if (file === undefined) return;
    file.sequence = session.sequence;
    const last = session.buffer.at(-1)?.sequence;
    const isNew = before?.id === session.id && last !== undefined && last > before.sequence;
    if (isNew && this.#options.recordDispatches) file.dispatched.push(last);
  }

  #endUnlessHeld(id: string): void {
    const file = this.#sessions.get(id);
    if (file === undefined || [...this.#connections].some(({ session }) => session?.id === id)) return;
    file.ended = true;
    const ended = [...this.#sessions].filter(([, other]) => other.ended);
    for (const [old] of ended.slice(0, -ENDED_SESSIONS)) this.#sessions.delete(old);
  }

  #sessionState(sessionId: string, file: SessionFile): SessionState {
    const holder = [...this.#connections].find(({ session }) => session?.id === sessionId);
    const isLive = holder?.place === 'live' || holder?.place === 'replaying';
    const { shard, intents, ended, sequence, dispatched } = file;
    return { sessionId, shard, intents, ended, sequence, dispatched, connection: isLive ? holder.number : null };
  }

  // What happens in the world

  #answerCommand(connection: Connection, opcode: number, data: unknown): void {
    const answers = answersTo(opcode, data as Record<string, unknown>, this.#clock.now(), this.#memberRequests);
    for (const answer of answers) connection.send({ type: 'dispatch', ...answer });
  }

  #startBeat(): void {
    if (this.#beat !== null || this.#stopped || this.#profile.dispatchesPerSecond === 0) return;
    const id = this.#clock.setTimeout(() => this.#dispatchDue(), BEAT_MS);
    this.#beat = { id, since: this.#clock.now() };
  }

  #stopBeat(): void {
    if (this.#beat !== null) this.#clock.clearTimeout(this.#beat.id);
    this.#beat = null;
  }

  #dispatchDue(): void {
    const elapsed = this.#clock.now() - (this.#beat?.since ?? 0);
    this.#beat = null;
    for (const connection of this.#connections) {
      const file = connection.session === null ? undefined : this.#sessions.get(connection.session.id);
      if (file !== undefined) this.#dispatchMessages(connection, file, elapsed);
    }
    if (this.#connections.size > 0) this.#startBeat();
  }

  #dispatchMessages(connection: Connection, file: SessionFile, elapsed: number): void {
    const { guilds, intents } = file;
    if (guilds.length === 0 || !wants(intents, 'MESSAGE_CREATE')) return;
    const withContent = (intents & Intents.MESSAGE_CONTENT) !== 0;
    file.credit += (elapsed * this.#profile.dispatchesPerSecond) / 1000;
    for (; file.credit >= 1; file.credit -= 1) {
      const guild = guilds[file.messages % guilds.length] as string;
      const data = messageCreate(guild, file.messages, this.#random, withContent);
      file.messages += 1;
      connection.send({ type: 'dispatch', name: 'MESSAGE_CREATE', data });
    }
  }

  // What is to go wrong

  #strike(connection: Connection, place: Place): void {
    for (const fault of this.#standing.filter(({ at, left }) => at === place && left > 0)) {
      if (!isAimedAt(fault, connection)) continue;
      fault.left -= 1;
      const event = faultRow(fault.name).event(fault);
      if (event !== null) connection.send(event);
    }
    this.#standing = this.#standing.filter(({ left }) => left > 0);
  }

  #tellAll(target: Target, ...events: Parameters<Connection['send']>[0][]): number {
    const reached = [...this.#connections].filter((connection) => isAimedAt(target, connection));
    for (const connection of reached) for (const event of events) connection.send(event);
    return reached.length;
  }

  #control(): Control {
    return {
      dispatch: (name, data, target = {}) => {
        JSON.stringify(data); // throws for what cannot be sent, here rather than in a chart
        const reached = [...this.#connections].filter((one) => one.session !== null && isAimedAt(target, one));
        for (const connection of reached) connection.send({ type: 'dispatch', name, data });
        return reached.length;
      },
      requestHeartbeat: (target = {}) => this.#tellAll(target, { type: 'requestHeartbeat' }),
      requestReconnect: (target = {}) => this.#tellAll(target, { type: 'requestReconnect' }),
      invalidateSession: (resumable, target = {}) => this.#tellAll(target, { type: 'invalidateSession', resumable }),
      closeWith: (code, target = {}) => this.control.injectFault('closeWith', { ...target, code }),
      dropTcp: (target = {}) => this.#tellAll(target, { type: 'fault.dropTcp' }),
      injectFault: (name, options = {}) => this.#inject(name, options),
      clearFaults: () => {
        this.#standing = [];
        this.#doors.clear();
        this.#tellAll({}, { type: 'fault.end' });
      },
      configure: (options) => {
        this.#profile = profileFrom(options, this.#profile);
        if (options.token !== undefined) this.#tokenReset = false;
        this.#stopBeat();
        if (this.#connections.size > 0) this.#startBeat();
      },
      state: () => this.#state(),
    };
  }

  #inject(name: FaultName, options: FaultOptions): number {
    if (!isFaultName(name)) throw new TypeError(`There is no fault ${JSON.stringify(name)}`);
    checkFaultDetails(options);
    if (options.at !== undefined && !PLACES.includes(options.at)) {
      throw new TypeError(`at must be one of ${PLACES.join(', ')}`);
    }
    const { lasts, event } = faultRow(name);
    const happening = event(options);
    if (happening === null) {
      this.#doors.set(name, options);
      return 0;
    }
    const { at, times } = options;
    const stands = at !== undefined || (lasts === 'standing' && options.connection === undefined);
    const left = times ?? (lasts === 'standing' ? Number.POSITIVE_INFINITY : 1);
    if (stands) this.#standing.push({ ...options, name, at: at ?? 'greeting', left });
    return at === undefined ? this.#tellAll(options, happening) : 0;
  }

  #state(): SimulatorState {
    const { total, remaining } = this.getGatewayBot().session_start_limit;
    const connections = [...this.#connections]
      .filter(({ isOpen }) => isOpen)
      .map(({ number, state, session, opening: { resumeHost } }) => ({
        connection: number,
        state,
        resumeHost,
        sessionId: session?.id ?? null,
      }));
    const standing = this.#standing.map(({ left, ...fault }) =>
      Number.isFinite(left) ? { ...fault, times: left } : fault,
    );
    const doors = [...this.#doors].map(([name, options]) => ({ ...options, name }));
    return {
      connections,
      sessions: this.sessions,
      faults: [...standing, ...doors],
      identifies: { total, remaining },
      tokenReset: this.#tokenReset,
    };
  }
}

/** Where the URL names no version ("API Versioning"). */
const DEFAULT_VERSION = '6';

const DAY_MS = 24 * 60 * 60 * 1000;

function isAimedAt({ connection, sessionId }: Target, candidate: Connection): boolean {
  if (connection !== undefined && candidate.number !== connection) return false;
  return sessionId === undefined || candidate.session?.id === sessionId;
}

/** The shard of an Identify, [0, 1] where there is none; null if it makes no sense. */
function shardFrom(shard: unknown): Shard | null {
  if (shard === undefined || shard === null) return [0, 1];
  if (!Array.isArray(shard) || shard.length !== 2 || !shard.every(Number.isSafeInteger)) return null;
  const [id, count] = shard as [number, number];
  return id >= 0 && id < count ? [id, count] : null;
}

function isVersion(version: string | null): boolean {
  const row = (API_VERSIONS as Readonly<Record<string, string>>)[version ?? DEFAULT_VERSION];
  return row === 'available' || row === 'deprecated';
}

/** Whether a session's intents bring an event that happens in a guild. */
function wants(intents: number, name: keyof typeof EVENTS): boolean {
  const { guild, direct } = EVENTS[name];
  return guild.length + direct.length === 0 || guild.some((intent) => (intents & Intents[intent]) !== 0);
}

/**
 * Carries out what the shard chart asks for, on real sockets and timers, and sends it events of what happens there.
 *
 * It decides nothing about the protocol. Three rules of its own: nothing it calls may throw into the chart; nothing
 * from a socket that was given up gets in; and while the chart is `streaming`, dispatches are delivered directly and
 * the chart is told once per burst, always before it is told of anything else.
 */
import type {
  CommandOpcode,
  Commands,
  Frame,
  GatewayUrlOptions,
  IdentifyData,
  Policy,
  PresenceData,
  Session,
  ShardEffects,
  ShardEvent,
  ShardHost,
} from '../../machines/client.js';
import { gatewayUrl, Opcode, trustedResumeUrl } from '../../machines/client.js';
import { problemOfPresence } from '../../machines/protocol/check-command.js';
import { discreet } from '../../machines/shard/session-data.js';
import { guarded } from '../guard/guarded.js';
import type { IdentifiesLeft } from '../limits/identify-bucket.js';
import type { Storm } from '../limits/identify-storm.js';
import type { BudgetLeft, KeptIdentifies, OutgoingPayload, WireParameters } from '../ports/index.js';
import { LONGEST, learnSession } from '../redact/redact.js';
import { withBareUrls } from '../redact/urls.js';
import { tooLarge } from '../wire/bytes.js';
import { EVERYTHING, type Incoming, type Wanted } from '../wire/decode.js';
import type { Traffic, TrafficTally } from '../wire/decoder.js';
import { encode, isTooLarge } from '../wire/encode.js';
import type { Audience, RawMessage } from './audience.js';
import { Batch, type PendingDispatches } from './batch.js';
import { Connection, type ConnectionOwner, type ConnectionSettings, type Ending } from './connection.js';
import { Outgoing, type OutgoingSettings } from './outgoing.js';
import { type QuestionSettings, Questions } from './questions.js';
import { sessionTag } from './session-tag.js';
import type { Taps } from './tap.js';
import { Warnings } from './warnings.js';

/** What a host needs to know and to use. */
export interface HostSettings extends ConnectionSettings, QuestionSettings, OutgoingSettings {
  readonly token: string;
  /** The rest of Identify. */
  readonly identify: Omit<IdentifyData, 'token'> & { readonly shard: [id: number, count: number] };
  readonly policy: Policy;
  /** Hosts besides Discord's and the Gateway's own that a session may be resumed at. */
  readonly allowHosts: readonly string[];
  /** The only dispatches to be delivered; null for all. */
  readonly events: ReadonlySet<string> | null;
  /** Tell the chart of every dispatch by itself, for an inspector to show. */
  readonly everyDispatch: boolean;
}

/** What the host knows of the chart after each of its steps. */
export interface ChartView {
  readonly streaming: boolean;
  readonly replaying: boolean;
  /** The highest in the session; null before the first. */
  readonly sequence: number | null;
  readonly sessionId: string | null;
}

type IncomingDispatch = Incoming & { readonly type: 'dispatch' | 'skipped' };

/** No session skips so many dispatches: what leaps further was not counted by Discord. */
const MOST_SKIPPED = 2 ** 32;

/** What begins a session, or ends a replay: the chart is told of each by itself. */
const BEGINNINGS: ReadonlySet<string> = new Set(['READY', 'RESUMED']);

function ignore(): void {}

const isReady = ({ streaming, replaying }: ChartView): boolean => streaming && !replaying;

/** One host for one chart; the chart's effects are methods. */
export class Host implements ShardHost, ConnectionOwner {
  readonly #settings: HostSettings;
  readonly #chart: { send(event: ShardEvent): void };
  readonly #audience: Audience;
  readonly #taps: Taps;
  /** Null where no tap watches the wire. */
  readonly #wire: Taps | null;
  readonly #warnings: Warnings;
  readonly #questions: Questions;
  readonly #batch: Batch;
  #view: ChartView = { streaming: false, replaying: false, sequence: null, sessionId: null };
  /** Names the session of the view. */
  #session: string | null = null;
  readonly #outgoing: Outgoing;
  /** The last presence that was sent, for the next Identify. */
  #presence: PresenceData | null = null;
  /** Whether the step under way answers a heartbeat that was requested. */
  #isAsked = false;
  #connection: Connection | null = null;
  readonly #traffic: TrafficTally = { frames: 0, bytes: 0, messages: 0, decompressedBytes: 0 };

  /** The chart is sent every event, the audience is given every dispatch. */
  constructor(settings: HostSettings, chart: { send(event: ShardEvent): void }, audience: Audience, taps: Taps) {
    this.#settings = settings;
    this.#chart = chart;
    this.#audience = audience;
    this.#taps = taps;
    this.#wire = taps.wire;
    this.#warnings = new Warnings(taps, settings.secrets);
    this.#questions = new Questions(settings, chart, taps, this.#warnings);
    this.#batch = new Batch(settings.clock, chart);
    this.#outgoing = new Outgoing(settings, this.#warnings);
  }

  get effects(): ShardHost {
    return this;
  }

  /** To be called after each step of the chart. */
  onSnapshot(view: ChartView): void {
    if (view.sessionId !== this.#view.sessionId)
      this.#session = view.sessionId === null ? null : sessionTag(view.sessionId);
    this.#view = view;
    if (isReady(view)) this.#questions.endOrder();
  }

  /** To be called before a step in which a person orders the chart to connect: the Identify that follows is not refused. */
  takeOrder(): void {
    this.#questions.takeOrder();
  }

  /** To be called before each step: whether it is about a heartbeat that was requested. */
  beginStep(isAsked: boolean): void {
    this.#isAsked = isAsked;
  }

  /** The first heartbeat of this connection is due in so many ms, and others follow. */
  expectHeartbeat(ms: number, interval: number): void {
    this.#outgoing.expectHeartbeat(ms, interval);
  }

  /** How long a command has to wait, in ms. */
  wait(payload: OutgoingPayload): number {
    return this.#outgoing.wait(payload);
  }

  /** Discord has refused a command for so many ms. */
  refused(op: CommandOpcode, data: unknown, retryAfter: number): void {
    this.#outgoing.refused(op, data, retryAfter);
  }

  /** What is left for commands on this connection. */
  get budget(): BudgetLeft {
    return this.#outgoing.look();
  }

  /** How many identifies this shard has left. */
  get identifies(): IdentifiesLeft {
    return this.#questions.identifies;
  }

  /** The storm that this shard is, if it is one. */
  get storm(): Storm | null {
    return this.#questions.storm;
  }

  /** The identifies of this shard, as a later process has to know them. */
  get keptIdentifies(): KeptIdentifies {
    return this.#questions.keptIdentifies;
  }

  /** Goes on from the identifies that an earlier process has kept. */
  restoreIdentifies(kept: KeptIdentifies): void {
    this.#questions.restoreIdentifies(kept);
  }

  /** The last dispatches as one event, if the chart has not been told of them: it has to be before anything else. */
  takePendingDispatches(): PendingDispatches | null {
    return this.#batch.take();
  }

  /** The last sequence delivered of which the chart has not been told; null if it knows all. */
  get pendingSequence(): number | null {
    return this.#batch.sequence;
  }

  /** Sends a payload, encoded as `message`; whether an open connection took it. */
  send<Op extends CommandOpcode>(op: Op, data: Commands[Op], message: string | Uint8Array): boolean {
    const isSent = this.#connection?.send(op, data, message) ?? false;
    if (isSent) this.#outgoing.sent(op, data);
    if (isSent && op === Opcode.PresenceUpdate) this.#keepPresence(data);
    return isSent;
  }

  /** Whether the socket passes on what is sent: false once either side has begun to close. */
  get isOpen(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  /** What was received on all connections so far. */
  get traffic(): Traffic {
    return { ...this.#traffic };
  }

  /** Whether reading from the socket can be paused. */
  get canPause(): boolean {
    return this.#connection?.canPause ?? false;
  }

  /** Bytes that the socket has accepted and not yet handed to the network. */
  get bufferedAmount(): number {
    return this.#connection?.bufferedAmount ?? 0;
  }

  /** Calls back once all that has arrived is read and delivered; at once where nothing holds anything back. */
  whenReadOut(then: () => void): void {
    this.#connection?.whenReadOut(then);
  }

  /** Ends everything at once: nothing is left open or pending, and nothing is told any more. */
  dispose(): void {
    this.#questions.cancel();
    this.dropSocket();
    this.#batch.take();
  }

  // The chart's effects

  locateGateway({ request }: ShardEffects['locateGateway']): void {
    this.#questions.locate(request);
  }

  cancelLocate(): void {
    this.#questions.cancel();
  }

  requestPermit({ request }: ShardEffects['requestPermit']): void {
    this.#questions.requestPermit(request);
  }

  cancelPermit(): void {
    this.#questions.cancel();
  }

  openSocket({ connection: number, url }: ShardEffects['openSocket']): void {
    const connection = new Connection(number, this.#settings, {
      owner: this,
      warnings: this.#warnings,
      tap: this.#wire,
      traffic: this.#traffic,
      wanted: this.#wanted,
    });
    this.#connection = connection;
    this.#outgoing.connected();
    const { home } = this.#questions;
    connection.open(() => gatewayUrl(url === withBareUrls(home) ? home : url, queryOf(this.#settings.wire)));
  }

  closeSocket({ code }: ShardEffects['closeSocket']): void {
    this.#outgoing.ended();
    this.#connection?.close(code);
  }

  dropSocket(): void {
    const connection = this.#connection;
    this.#connection = null;
    this.#outgoing.ended();
    connection?.drop();
  }

  pauseSocket(): void {
    this.#connection?.pause();
  }

  resumeSocket(): void {
    this.#connection?.resume();
  }

  /** A scheduled one goes out at once; the answer to a requested one when there is a place. */
  sendHeartbeat({ sequence }: ShardEffects['sendHeartbeat']): void {
    const latest = () => this.pendingSequence ?? this.#view.sequence;
    if (this.#isAsked) this.#outgoing.answer((isLate) => this.#beat(isLate ? latest() : sequence));
    else {
      this.#beat(sequence);
      this.#outgoing.scheduled();
    }
  }

  sendIdentify(): void {
    const { token, identify } = this.#settings;
    const given = { token, ...identify } as IdentifyData;
    const data = this.#presence === null ? given : this.#withPresence(given, this.#presence);
    if (this.#say(Opcode.Identify, data)) this.#questions.identified();
  }

  sendResume({ sessionId, sequence }: ShardEffects['sendResume']): void {
    this.#say(Opcode.Resume, { token: this.#settings.token, session_id: sessionId, seq: sequence });
  }

  /** Heard where the steps of the chart are. */
  report(): void {}

  #beat(sequence: number | null): void {
    this.#connection?.beginLatency();
    this.#say(Opcode.Heartbeat, sequence);
  }

  /** A payload that is too large would be closed with 4002, and again after each Identify. */
  #withPresence(identify: IdentifyData, presence: PresenceData): IdentifyData {
    const data = { ...identify, presence };
    return isTooLarge(encode(Opcode.Identify, data, this.#settings.wire.encoding)) ? identify : data;
  }

  /** As it is now: what it was made of may change. */
  #keepPresence(data: unknown): void {
    if (problemOfPresence(data) === null)
      this.#presence = guarded<PresenceData | null>(() => JSON.parse(JSON.stringify(data)), ignore, this.#presence);
  }

  #say<Op extends CommandOpcode>(op: Op, data: Commands[Op]): boolean {
    const encoded = () => encode(op, data, this.#settings.wire.encoding);
    const message = guarded(
      encoded,
      (error) => this.#warnings.warn(`the payload of opcode ${op} cannot be encoded`, error),
      null,
    );
    return message !== null && this.send(op, data, message);
  }

  /** What has to be parsed: what is listened to, or all of it where a tap needs it. */
  get #wanted(): Wanted {
    return this.#taps.needsData ? EVERYTHING : this.#audience.wanted;
  }

  // What connections say

  opened({ number }: Connection): void {
    this.#chart.send({ type: 'opened', connection: number });
  }

  unreadable({ number }: Connection): void {
    this.#chart.send({ type: 'undecodable', connection: number, problem: 'it could not be read' });
  }

  closed({ number }: Connection, ending: Ending): void {
    this.#chart.send({ type: 'closed', connection: number, ...ending });
  }

  received(connection: Connection, incoming: Incoming, message: RawMessage): void {
    if (incoming.type === 'dispatch' && incoming.name === 'READY') learnSession(this.#settings.secrets, incoming.data);
    const { type } = incoming;
    if (type === 'dispatch' || type === 'skipped') {
      this.#receiveDispatch(connection.number, incoming, message);
      return;
    }
    this.#wire?.received(connection.number, incoming);
    if (type === 'hello') this.#chart.send(this.#hello(connection.number, incoming.interval));
    else {
      if (type === 'heartbeatAck') this.#measure(connection);
      if (type === 'undecodable') this.#warnOfSize(incoming.problem);
      // An inflater may have said it.
      const said = type === 'undecodable' ? { ...incoming, problem: this.#warnings.shown(incoming.problem) } : incoming;
      this.#chart.send({ connection: connection.number, ...said });
    }
  }

  #warnOfSize(problem: string): void {
    const known = tooLarge(this.#settings.maxPayload);
    if (problem.endsWith(known)) this.#warnings.warn(known);
  }

  #receiveDispatch(connection: number, incoming: IncomingDispatch, message: RawMessage): void {
    const { name, sequence } = incoming;
    const { streaming, replaying } = this.#view;
    const latest = this.pendingSequence ?? this.#view.sequence;
    const leaps = sequence !== null && sequence - (name === 'READY' ? 0 : (latest ?? 0)) > MOST_SKIPPED;
    const isNew = sequence !== null && (latest === null || sequence > latest);
    if (streaming && isNew && !leaps && !BEGINNINGS.has(name) && !this.#settings.everyDispatch) {
      this.#wire?.received(connection, incoming);
      this.#batch.add(connection, sequence);
      this.#deliver(incoming, message, replaying);
      return;
    }
    this.#batch.flush(); // so that a trace counts with each step what the step is about
    this.#wire?.received(connection, incoming);
    if (name === 'READY') this.#ready(connection, leaps ? { ...incoming, sequence: null } : incoming, message);
    else if (name === 'RESUMED') {
      this.#chart.send({ type: 'resumed', connection, sequence: leaps ? null : sequence });
      if (replaying && !this.#view.replaying) this.#deliver(incoming, message, false);
    } else if (leaps) {
      this.#chart.send({ type: 'malformed', connection, problem: 'a dispatch whose sequence (s) leaps' });
    } else {
      this.#chart.send({ type: 'dispatch', connection, sequence, ...(isNew ? {} : { name }) });
      if (streaming && (isNew || sequence === null)) this.#deliver(incoming, message, replaying);
    }
  }

  /** READY answers Identify, or Resume in its stead: what follows it is of a new session either way. */
  #ready(connection: number, incoming: IncomingDispatch, message: RawMessage): void {
    const session = this.#sessionOf(incoming.type === 'dispatch' ? incoming.data : undefined);
    if (session === undefined) {
      this.#chart.send({ type: 'malformed', connection, problem: 'READY without an object' });
      return;
    }
    const wasReady = isReady(this.#view);
    this.#chart.send({ type: 'ready', connection, sequence: incoming.sequence, session });
    if (wasReady || !isReady(this.#view)) return;
    this.#settings.secrets.hold(session);
    this.#deliver(incoming, message, false);
  }

  #deliver(incoming: IncomingDispatch, message: RawMessage, replayed: boolean): void {
    const { name, sequence } = incoming;
    const session = this.#session;
    if (incoming.type === 'dispatch') this.#audience.answered?.(name, incoming.data, sequence);
    const isFor = this.#settings.events?.has(name) ?? true;
    if (incoming.type === 'skipped' || !isFor) this.#audience.skipped({ name, sequence, replayed, session }, message);
    else this.#audience.dispatch({ name, data: incoming.data, sequence, replayed, session }, message);
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
      this.#warnings.warn('READY came without a session id: this session cannot be resumed');
      return null;
    }
    if (id.length > LONGEST.session) {
      const problem = `READY came with a session id of over ${LONGEST.session} characters`;
      this.#warnings.warn(`${problem}: this session cannot be resumed`);
      return null;
    }
    const { allowHosts } = this.#settings;
    const isUrl = typeof url === 'string' && url.length <= LONGEST['resume url'];
    const trusted = isUrl ? trustedResumeUrl(url, { gatewayUrl: this.#questions.home, allowHosts }) : null;
    if (trusted === null && this.#settings.policy.resumeAt === 'session') {
      this.#warnings.warn(
        'READY came without a resume URL that may be trusted: this session is resumed at the main URL',
      );
    }
    return discreet({ id, url: trusted }); // the event lies in the actor's mailbox while listeners run
  }

  #measure(connection: Connection): void {
    const ms = connection.takeLatency();
    if (ms !== null) this.#taps.latency(ms);
  }
}

/** The query of a Gateway URL. Payload compression is not in it, but in Identify. */
export function queryOf({ version, encoding, compress }: WireParameters): GatewayUrlOptions {
  return { version, encoding, compress: compress === false || compress === 'payload' ? undefined : compress };
}

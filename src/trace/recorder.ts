/**
 * Writes down what actors do. A recording is one trace, with one sink; each actor in it has a recorder, which is told of
 * each step of the chart and, by the host, of messages.
 *
 * Nothing a sink does can break what is recorded: an error is reported once, and the recording goes on without it.
 */
import { type Instruction, Opcode, stateName } from '../../machines/client.js';
import { attempted, guarded, watchRejection } from '../guard/guarded.js';
import type { RecordOptions, TraceSink, TraceTarget } from '../ports/trace-sink.js';
import type { Redactor } from '../redact/redact.js';
import { wordsOf } from '../redact/vocabulary.js';
import { messageOf } from '../telling/printable.js';
import { definitionHash } from './definition.js';
import {
  type EndLine,
  type FrameLine,
  type HeaderLine,
  TRACE_FORMAT,
  type TraceDispatches,
  type TraceEvent,
  type TraceInstruction,
  type TraceLine,
} from './format.js';
import { type AnyChart, type AnySnapshot, checkpointLine, stepLine } from './lines.js';
import { VERSION } from './version.js';

/** What a recorder has to know. */
export interface RecorderOptions {
  readonly chart: AnyChart;
  readonly secrets: Redactor;
  /** The clock of the actor, in ms. */
  readonly now: () => number;
  /** Of the header. */
  readonly input: HeaderLine['input'];
  readonly shard?: HeaderLine['shard'];
  readonly intents?: number;
  /** Who hears that the sink failed. */
  readonly onError: (error: unknown) => void;
}

/** States in which nothing is open or pending. */
const AT_REST: readonly string[] = ['stopped', 'failed'];

/** A trace in the making. Shards that record to one sink share it. */
export class Recording {
  static readonly #of = new WeakMap<TraceTarget, Recording>();
  readonly #sink: TraceSink;
  readonly #recorders = new Set<Recorder>();
  #actors = 0;
  #began: number | null = null;
  #file = 1;
  #failed = false;
  #hasTold = false;

  private constructor(target: TraceTarget) {
    this.#sink = typeof target === 'function' ? { write: target } : target;
    this.#try(() => this.#sink.onError?.((error) => this.#tell(error)));
  }

  /** The recording that goes to a target. */
  static to(target: TraceTarget): Recording {
    const recording = Recording.#of.get(target) ?? new Recording(target);
    Recording.#of.set(target, recording);
    return recording;
  }

  /** Takes in an actor: the number of it, from 1 on, and the time from which `at` counts. */
  enter(recorder: Recorder, now: number): { readonly number: number; readonly began: number } {
    this.#recorders.add(recorder);
    this.#actors += 1;
    this.#began ??= now;
    return { number: this.#actors, began: this.#began };
  }

  leave(recorder: Recorder): void {
    this.#recorders.delete(recorder);
  }

  get file(): number {
    return this.#file;
  }

  write(line: TraceLine): void {
    this.#try(() => this.#sink.write(JSON.stringify(line)));
  }

  /** To be called between steps: begins a new file if it is time, with a checkpoint of every actor. */
  turn(): void {
    if (!guarded(() => this.#sink.isFull === true, this.#tellOnce, false)) return;
    let lost: unknown = 0;
    this.#try(() => {
      lost = this.#sink.rotate?.();
      return lost;
    });
    this.#file += 1;
    for (const recorder of this.#recorders) recorder.begin(Number.isSafeInteger(lost) ? Number(lost) : 0);
  }

  settle(): void {
    this.#try(() => this.#sink.settle?.());
  }

  #try(run: () => unknown): void {
    if (attempted(() => watchRejection(run(), this.#tellOnce), this.#threw)) this.#failed = false;
  }

  readonly #threw = (error: unknown): void => {
    if (this.#failed) return;
    this.#failed = true;
    this.#tell(error);
  };

  /** Of a sink that is asynchronous, or cannot say whether it is full. */
  readonly #tellOnce = (error: unknown): void => {
    if (!this.#hasTold) this.#tell(error);
    this.#hasTold = true;
  };

  /** Later: whoever just makes a shard listens to it by then. */
  #tell(error: unknown): void {
    queueMicrotask(() => {
      for (const recorder of this.#recorders) recorder.sinkFailed(error);
    });
  }
}

/** Dispatches that arrived and that the chart has not heard of. */
type Burst = { -readonly [K in keyof TraceDispatches]: TraceDispatches[K] } & { payloads: unknown[] };

/** A step that the chart has not finished. */
interface StepUnderWay {
  readonly event: TraceEvent;
  readonly at: number;
  readonly instructions: TraceInstruction[];
}

/** Records one actor. */
export class Recorder {
  #options: RecorderOptions;
  readonly #recording: Recording;
  readonly #contents: boolean;
  readonly #actor: string | undefined;
  readonly #began: number;
  #snapshot: AnySnapshot;
  #state: string;
  #rests: boolean;
  readonly #timers = new Map<string, number>();
  #step: StepUnderWay | null = null;
  #draws: number[] = [];
  /** What happened on the wire in the step under way: it belongs after it. */
  #held: TraceLine[] = [];
  #burst: Burst | null = null;
  #bytes = 0;

  constructor({ to, contents = false }: RecordOptions, options: RecorderOptions, snapshot: AnySnapshot) {
    this.#options = options;
    options.secrets.spare(wordsOf(options.chart));
    this.#contents = contents;
    this.#snapshot = snapshot;
    this.#state = stateName(snapshot.value);
    this.#rests = AT_REST.includes(this.#state);
    this.#recording = Recording.to(to);
    const { number, began } = this.#recording.enter(this, options.now());
    this.#actor = number === 1 ? undefined : `${options.chart.id} ${number}`;
    this.#began = began;
    this.begin();
  }

  /** The actor goes on from another snapshot than it was made with; it has not taken a step yet. */
  goOn(snapshot: AnySnapshot, input: HeaderLine['input']): void {
    this.#options = { ...this.#options, input };
    this.#snapshot = snapshot;
    this.begin();
  }

  /** Writes what a file begins with. */
  begin(lost = 0): void {
    const { chart, input, shard, intents } = this.#options;
    this.#write({
      type: 'header',
      at: this.#at(),
      ...this.#mine,
      format: TRACE_FORMAT,
      gatechart: VERSION,
      chart: chart.id,
      definition: definitionHash(chart),
      began: this.#began,
      file: this.#recording.file,
      ...(lost === 0 ? {} : { lost }),
      input: this.#clean(input),
      ...(shard === undefined ? {} : { shard }),
      ...(intents === undefined ? {} : { intents }),
    });
    const timers = Object.fromEntries([...this.#timers].map(([timer, due]) => [timer, rounded(due - this.#began)]));
    const line = checkpointLine(chart, this.#snapshot, { at: this.#at(), actor: this.#actor, timers });
    this.#write({ ...line, snapshot: this.#clean(line.snapshot) });
  }

  /** The chart is about to take a step, which is written down by `stepped`. */
  stepping(event: TraceEvent): void {
    this.#step = { event, at: this.#at(), instructions: [] };
    this.#draws = [];
    if (event.type.startsWith('timer.')) this.#timers.delete(event.type.slice('timer.'.length));
  }

  /** The step has the host do something. */
  acting(instructions: readonly Instruction[]): void {
    for (const each of instructions) {
      const { timer, delay } = each.params as { timer: string; delay: number };
      if (each.type === 'arm') this.#timers.set(timer, this.#options.now() + delay);
      if (each.type === 'disarm') this.#timers.delete(timer);
      const draws = each.type === 'arm' ? this.#draws.splice(0) : [];
      this.#step?.instructions.push(draws.length === 0 ? each : { ...each, draws });
    }
  }

  /** Chance drew a number, which is kept for the timer that is armed with it. */
  drew(value: number): void {
    this.#draws.push(value);
  }

  /** The chart has taken the step. */
  stepped(after: AnySnapshot): void {
    const step = this.#step;
    if (step === null) return;
    this.#step = null;
    const { at, event, instructions } = step;
    const to = stateName(after.value);
    const line = stepLine({
      at,
      actor: this.#actor,
      event: isOfNumbers(event) ? event : this.#clean(event),
      from: this.#state,
      to,
      instructions: instructions.length === 0 ? instructions : this.#clean(instructions),
      dispatches: event.type === 'dispatched' || event.type === 'dispatch' ? this.#takeBurst() : undefined,
    });
    this.#snapshot = after;
    this.#state = to;
    this.#recording.write(line);
    for (const held of this.#held.splice(0)) this.#recording.write(held);
    this.#rest(to);
    this.#recording.turn();
  }

  /** Something arrived on the wire; what it was follows by `received`, once it is understood. */
  arrived(data: string | Uint8Array): void {
    this.#bytes += sizeOf(data);
  }

  /** A message was understood. Dispatches but READY and RESUMED are told with the step that counts them. */
  received(connection: number, message: Understood): void {
    const bytes = this.#bytes;
    this.#bytes = 0;
    const { name, sequence, data } = message;
    if (name === undefined) {
      this.#frame({ direction: 'in', connection, op: opcodeOf(message), bytes }, undefined);
    } else if (name === 'READY' || name === 'RESUMED' || sequence == null) {
      const numbered = sequence == null ? {} : { sequence };
      this.#frame({ direction: 'in', connection, op: Opcode.Dispatch, name, ...numbered, bytes }, data);
    } else this.#inBurst(name, sequence, bytes, data);
  }

  /** A message was sent. */
  sent(connection: number, op: number, data: string | Uint8Array, payload: unknown): void {
    this.#frame({ direction: 'out', connection, op, bytes: sizeOf(data) }, payload);
  }

  warned(problem: string, error?: unknown): void {
    const clean = this.#options.secrets.text(problem);
    this.#write({ type: 'warning', at: this.#at(), ...this.#mine, problem: clean, ...this.#said(error) });
  }

  /** The actor is no more: stopped in the middle, or broken by an error, maybe within a step. */
  ended(error?: unknown): void {
    this.#step = null;
    for (const held of this.#held.splice(0)) this.#recording.write(held);
    if (!this.#rests || error !== undefined) this.#end(error === undefined ? 'dropped' : 'broken', error);
    this.#recording.leave(this);
  }

  sinkFailed(error: unknown): void {
    this.#options.onError(this.#options.secrets.error(error));
  }

  /** Whether the data of messages is written, too. */
  get needsData(): boolean {
    return this.#contents;
  }

  get #mine(): { readonly actor?: string } {
    return this.#actor === undefined ? {} : { actor: this.#actor };
  }

  #at(): number {
    return rounded(this.#options.now() - this.#began);
  }

  #write(line: TraceLine): void {
    if (this.#step === null) this.#recording.write(line);
    else this.#held.push(line);
  }

  #frame(frame: Omit<FrameLine, 'type' | 'at' | 'actor' | 'payload'>, payload: unknown): void {
    const { secrets } = this.#options;
    const isOwn = frame.op === Opcode.Identify || frame.op === Opcode.Resume; // whose token and session are the bot's
    const held = () => ({ payload: isOwn ? secrets.value(payload) : secrets.payload(payload) });
    const contents = this.#contents && payload !== undefined ? held() : {};
    this.#write({ type: 'frame', at: this.#at(), ...this.#mine, ...frame, ...contents });
  }

  #inBurst(name: string, sequence: number, bytes: number, payload: unknown): void {
    this.#burst ??= { first: sequence, last: sequence, count: 0, bytes: 0, names: Object.create(null), payloads: [] };
    const burst = this.#burst;
    const names = burst.names as Record<string, number>;
    burst.first = Math.min(burst.first, sequence);
    burst.last = Math.max(burst.last, sequence);
    burst.count += 1;
    burst.bytes += bytes;
    names[name] = (names[name] ?? 0) + 1;
    if (this.#contents) burst.payloads.push(this.#options.secrets.payload(payload) ?? null);
  }

  #takeBurst(): TraceDispatches | undefined {
    const burst = this.#burst;
    this.#burst = null;
    if (burst === null || this.#contents) return burst ?? undefined;
    const { payloads: _, ...rest } = burst;
    return rest;
  }

  #rest(state: string): void {
    const rests = AT_REST.includes(state);
    if (rests && !this.#rests) this.#end(state as 'stopped' | 'failed');
    this.#rests = rests;
  }

  #end(because: EndLine['because'], error?: unknown): void {
    const said = this.#said(error);
    this.#recording.write({ type: 'end', at: this.#at(), ...this.#mine, state: this.#state, because, ...said });
    this.#recording.settle();
  }

  #said(error: unknown): { readonly error?: string } {
    if (error === undefined) return {};
    return { error: this.#options.secrets.text(messageOf(error)) };
  }

  /** Without secrets, and, unless asked for, without what messages hold. */
  #clean<T>(value: T): T {
    const clean = this.#options.secrets.value(value);
    return this.#contents ? clean : withoutContents(clean);
  }
}

/** A message as the wire understood it. */
interface Understood {
  readonly type: string;
  /** Of a dispatch. */
  readonly name?: string;
  readonly sequence?: number | null;
  readonly data?: unknown;
  /** Where nothing else is known of it. */
  readonly opcode?: number;
}

const OPCODES: Readonly<Record<string, number>> = {
  hello: Opcode.Hello,
  heartbeatRequested: Opcode.Heartbeat,
  heartbeatAck: Opcode.HeartbeatAck,
  reconnectRequested: Opcode.Reconnect,
  invalidSession: Opcode.InvalidSession,
};

function opcodeOf({ type, opcode }: Understood): number | null {
  return opcode ?? OPCODES[type] ?? null;
}

/** The events of the hot path, which hold nothing to look for. */
function isOfNumbers({ type }: TraceEvent): boolean {
  return type === 'dispatched' || type === 'heartbeatAck';
}

/** What the Gateway chart keeps of dispatches and commands stands in fields of this name, and changes nothing in it. */
const CONTENTS = 'data';

function withoutContents<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutContents) as T;
  const fields = Object.entries(value).map(([name, each]) => [name, name === CONTENTS ? null : withoutContents(each)]);
  return Object.fromEntries(fields) as T;
}

/** To a thousandth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

const utf8 = new TextEncoder();

function sizeOf(data: string | Uint8Array): number {
  return typeof data === 'string' ? utf8.encode(data).byteLength : data.byteLength;
}

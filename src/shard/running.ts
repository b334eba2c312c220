/**
 * What belongs to an actor that runs: its host, its taps, and the order in which both are told of each step of the
 * chart. The order matters, and stands in `process` and `#step` alone:
 *
 * 1. the chart is told of dispatches that are delivered already, as a step of its own;
 * 2. the taps are told that a step begins, and the chart takes it: its effects reach the host, and the causes it
 *    reports are collected;
 * 3. the taps are told of the step, then the host (`onSnapshot`), since what it hears from here on is judged by it;
 * 4. the causes are taken and reported to the taps.
 */
import type { AnyActorRef, AnyActorScope } from 'xstate';
import {
  type Cause,
  type ShardContext,
  type ShardEvent,
  type ShardInput,
  SPANS,
  type Span,
  shardMachine,
} from '../../machines/client.js';
import { closest } from '../../machines/kit/closest.js';
import { guarded, type Warn } from '../guard/guarded.js';
import type { Audience } from '../host/audience.js';
import { guardedClock, guardedRandom } from '../host/guarded-ports.js';
import { Host } from '../host/host.js';
import { type ShardSnapshot, type Tap, Taps } from '../host/tap.js';
import { Recorder } from '../trace/recorder.js';
import { whenAncestorBreaks } from './ancestors.js';
import { HealthMeter } from './health.js';
import { isIdle } from './idle.js';
import { News, type NewsListener } from './news.js';
import type { ShardSettings } from './options.js';
import { enter, TWICE } from './running-shards.js';

/** Where everything goes that a shard has to say. */
export interface Receivers {
  readonly audience: Audience;
  readonly news: NewsListener;
  /** What else watches the shard. */
  readonly taps?: readonly Tap[];
}

/** What an actor starts from. */
export interface Beginning {
  readonly snapshot: ShardSnapshot;
  readonly input: ShardInput;
  /** What is to be said of the options and of what was kept, once. */
  readonly remarks: readonly string[];
}

/** The chart, as far as its steps are taken. */
interface Chart {
  transition(snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope): ShardSnapshot;
}

const NO_CAUSES: readonly Cause[] = [];
const NO_REMARKS: readonly string[] = [];
const NO_TAPS: readonly Tap[] = [];
const NOTHING = () => {};

const OVERDUE = { running: { connection: { open: { heartbeat: { beating: 'overdue' } } } } } as const;

/** What the chart knows; anything else it ignores, as charts do. */
const EVENTS: ReadonlySet<string> = new Set(shardMachine.events);

/** An actor that runs, with its host. */
export class Running {
  readonly host: Host;
  readonly health: HealthMeter;
  readonly #taps: Taps;
  readonly #recorder: Recorder | undefined;
  /** Null where no tap watches every step. */
  readonly #stepTaps: Taps | null;
  readonly #settings: ShardSettings;
  readonly #actor: AnyActorRef;
  readonly #unwatch: () => void;
  /** Has it no longer counted among those that run. */
  #leave: () => void = NOTHING;
  /** What the wait under way was drawn with. */
  #drawn = 0;
  /** Reported in the step under way. */
  #causes = NO_CAUSES;
  #remarks: readonly string[];
  /** Whether the next start goes on from an earlier process: a supervisor restarts whatever crashes, so that it is no order. */
  #isRestart = false;
  /** The question whether all is read, while `overdue` waits for it. */
  #reading: symbol | 'over' | null = null;

  constructor(
    given: ShardSettings,
    { audience, news: tell, taps = NO_TAPS }: Receivers,
    beginning: Beginning,
    scope: AnyActorScope,
  ) {
    const settings = guardedPorts(given, (problem, error) => this.warn(problem, error));
    const { secrets, clock } = settings;
    this.#settings = settings;
    this.#actor = scope.self;
    this.#remarks = beginning.remarks;
    secrets.hold(beginning.snapshot.context.session);
    const news = new News(tell, secrets, scope);
    const recorder = this.#recorderFor(settings, beginning, news);
    this.#recorder = recorder[0];
    this.health = new HealthMeter(beginning.snapshot, clock.now(), () => this.host, news);
    // The order in which they are told: who hears the news finds latency and health up to date.
    this.#taps = new Taps(NO_TAPS.concat(recorder, taps, [news, this.health])); // a list that was spread has room for more
    this.#stepTaps = this.#taps.steps;
    this.host = new Host(settings, this.#actor, audience, this.#taps);
    this.#unwatch = whenAncestorBreaks(this.#actor, () => this.#actor.send({ type: 'xstate.stop' }));
  }

  warn(problem: string, error?: unknown): void {
    this.#taps.warned(problem, error);
  }

  /** Goes on from where an earlier process was, with the next event, which is a start. */
  goOn(snapshot: ShardSnapshot, input: ShardInput, remarks: readonly string[]): void {
    this.#settings.secrets.hold(snapshot.context.session);
    this.#recorder?.goOn(snapshot, { ...input });
    this.#remarks = [...this.#remarks, ...remarks];
    this.#isRestart = true;
  }

  /** Takes an event, after the dispatches that came before it. If it throws, the actor breaks. */
  process(chart: Chart, snapshot: ShardSnapshot, event: ShardEvent, scope: AnyActorScope): ShardSnapshot {
    for (const remark of this.#takeRemarks()) scope.defer(() => this.warn(remark));
    if (!EVENTS.has(event.type)) scope.defer(() => this.warn(noEvent(event.type)));
    try {
      if (this.#putsOff(event, snapshot)) return snapshot;
      const pending = this.host.takePendingDispatches();
      const before = pending ? this.#step(chart, snapshot, pending, scope) : snapshot;
      if (ordersConnection(before, event) && !this.#isRestart) this.host.takeOrder();
      this.#isRestart = false;
      this.host.beginStep(event.type === 'heartbeatRequested');
      return this.#step(chart, before, event, scope);
    } catch (error) {
      this.end(error);
      throw error;
    }
  }

  /** Of the chart: why it takes the step under way. */
  report(cause: Cause): void {
    this.#causes = [...this.#causes, cause];
  }

  /** Of the chart: a number from chance, for a timer. */
  draw(timer: string, context: ShardContext): number {
    const drawn = this.#settings.random();
    this.#stepTaps?.drew(drawn);
    if (timer === 'firstHeartbeat')
      this.host.expectHeartbeat(within(SPANS.firstHeartbeat(context), drawn), context.heartbeatInterval);
    if (timer === 'reconnect') this.#drawn = drawn;
    return drawn;
  }

  /** Lets go of everything outside; `error` if the actor breaks. */
  end(error?: unknown): void {
    this.#unwatch();
    this.#leave();
    this.host.dispose();
    this.#taps.ended(error);
  }

  #step(chart: Chart, before: ShardSnapshot, event: ShardEvent, scope: AnyActorScope): ShardSnapshot {
    const taps = this.#stepTaps;
    taps?.stepping(event);
    const after = chart.transition(before, event, taps?.watched(scope) ?? scope);
    taps?.stepped(after);
    this.#onSnapshot(after);
    const causes = this.#takeCauses();
    if (causes.length === 0) return after;
    this.#countRunning(isIdle(before), isIdle(after), scope);
    const wait = after.matches({ running: 'waiting' }) ? waitFor(after, this.#drawn) : null;
    this.#taps.reported({ event, before, after, causes, wait, at: this.#settings.clock.now() });
    return after;
  }

  #onSnapshot(snapshot: ShardSnapshot): void {
    if (this.#reading !== null && !snapshot.matches(OVERDUE)) this.#reading = null;
    const { sequence, session } = snapshot.context;
    this.host.onSnapshot({
      streaming: snapshot.hasTag('streaming'),
      replaying: snapshot.hasTag('replaying'),
      sequence,
      sessionId: session?.id ?? null,
    });
  }

  #takeCauses(): readonly Cause[] {
    const causes = this.#causes;
    this.#causes = NO_CAUSES;
    return causes;
  }

  #takeRemarks(): readonly string[] {
    const remarks = this.#remarks;
    this.#remarks = NO_REMARKS;
    return remarks;
  }

  /** Keeps count of what runs: two shards with the same id and session limits get in each other's way. */
  #countRunning(wasIdle: boolean, isNowIdle: boolean, scope: AnyActorScope): void {
    if (wasIdle === isNowIdle) return;
    if (isNowIdle) this.#leave();
    else this.#leave = enter(this.#settings, () => scope.defer(() => this.warn(TWICE)));
  }

  /**
   * Puts the end of the silence off until all that has arrived is read; whether it has. Only the host can see that, and a
   * chart that is no longer `overdue` does not ask.
   */
  #putsOff({ type }: ShardEvent, snapshot: ShardSnapshot): boolean {
    if (type !== 'timer.silence' || !snapshot.matches(OVERDUE)) return false;
    if (this.#reading === 'over') {
      this.#reading = null;
      return false;
    }
    const reading = Symbol();
    this.#reading = reading;
    this.host.whenReadOut(() => {
      if (this.#reading !== reading) return;
      this.#reading = 'over';
      this.#actor.send({ type: 'timer.silence' });
    });
    return true;
  }

  /** A recorder if the options ask for one and it can be made. */
  #recorderFor(settings: ShardSettings, { snapshot, input }: Beginning, news: News): readonly Recorder[] {
    const { record, secrets, clock, identify } = settings;
    if (record === null) return NO_RECORDER;
    const { shard, intents } = identify;
    const onError = (error: unknown) => this.warn(UNWRITTEN, error);
    const options = { chart: shardMachine, secrets, now: clock.now, input: { ...input }, shard, intents, onError };
    return guarded(
      () => [new Recorder(record, options, snapshot)],
      (error) => news.warned(UNWRITTEN, error),
      NO_RECORDER,
    );
  }
}

const NO_RECORDER: readonly Recorder[] = [];

const UNWRITTEN = 'the trace could not be written';

/** Whether a person has the shard connect now. */
function ordersConnection(snapshot: ShardSnapshot, { type }: ShardEvent): boolean {
  return type === 'start' ? isIdle(snapshot) : type === 'reconnect';
}

/** How long `waiting` lasts, in ms, drawn with a number. */
function waitFor({ context }: ShardSnapshot, drawn: number): number {
  return Math.round(within(SPANS.reconnect(context), drawn));
}

/** The part of a span that a number draws. */
function within([least, most]: Span, drawn: number): number {
  return least + drawn * (most - least);
}

function noEvent(type: string): string {
  const meant = closest(type, shardMachine.events);
  const name = /^[\w.-]{1,60}$/.test(type) ? ` ${type}` : ' of that name';
  return `the shard knows no event${name}${meant === undefined ? '' : `: send ${meant}`}`;
}

/** The same settings, or with ports that are guarded where they are the user's. */
function guardedPorts(settings: ShardSettings, warn: Warn): ShardSettings {
  const clock = guardedClock(settings.clock, warn);
  const random = guardedRandom(settings.random, warn);
  const isOurs = clock === settings.clock && random === settings.random;
  return isOurs ? settings : { ...settings, clock, random };
}

/**
 * Runs a trace again: the recorded events through a chart, with the recorded draws. The same chart takes the same steps
 * to the byte; where another chart, or another version, first does something else is found and said.
 */

import {
  type DelayArguments,
  drawDelays,
  gatewayMachine,
  type Instruction,
  type Pure,
  pure,
  SPANS,
  type Span,
  shardMachine,
  stateName,
  TIMERS,
  type Timer,
} from '../../machines/index.js';
import { demandGiven, entriesOf, type Fields, isChart, isPlainObject } from '../../machines/kit/shape.js';
import { asNumber, asText, messageOf } from '../telling/printable.js';
import { own } from '../telling/tables.js';
import { definitionHash } from './definition.js';
import type { CheckpointLine, HeaderLine, StepLine, TraceInstruction } from './format.js';
import { type AnyChart, type AnySnapshot, checkpointLine, stepLine } from './lines.js';
import { type PlacedLine, TraceError } from './read.js';

/** How to replay. */
export interface ReplayOptions {
  /** The chart to replay against; unless told the one that was recorded, as it is today. */
  readonly machine?: AnyChart;
}

/** A line of a trace, replayed. */
export interface Replayed {
  readonly place: PlacedLine;
  /** For a step and a checkpoint: the same line as the chart would have written it. */
  readonly line: StepLine | CheckpointLine | null;
  /** The chart's snapshot after this line; null for what has none. */
  readonly snapshot: AnySnapshot | null;
  readonly difference: Difference | null;
}

/** Where the outcome differs from the recording. */
export interface Difference {
  readonly place: PlacedLine;
  /** The id of the chart that was recorded. */
  readonly chart: string;
  /** The state before, and what happened there. */
  readonly state: string;
  readonly event: StepLine['event'] | null;
  readonly recorded: Outcome;
  readonly replayed: Outcome;
}

/** What a step led to. */
export interface Outcome {
  readonly to: string;
  readonly causes: readonly { readonly name: string }[];
  readonly do: readonly TraceInstruction[];
  /** What the chart threw. */
  readonly error?: string;
  /** At a checkpoint: what is remembered otherwise. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The charts of this package by their ids. */
const CHARTS: Readonly<Record<string, unknown>> = { shard: shardMachine, gateway: gatewayMachine };

/** An actor that is replayed. */
interface Replaying {
  readonly header: HeaderLine;
  readonly chart: AnyChart;
  readonly pure: Pure<AnyChart>;
  /** The draws recorded for the step under way, and those that were taken. */
  readonly chance: Chance;
  snapshot: AnySnapshot | null;
}

/** Replays a trace line by line, up to the first difference. Throws a `TypeError` for a chart that nobody knows. */
export function replay(lines: Iterable<PlacedLine>, options: ReplayOptions = {}): Generator<Replayed> {
  demandGiven('lines', lines, LINES);
  demandGiven('', options, OPTIONS);
  return replayed(lines, options);
}

const LINES = entriesOf('lines of a trace, as in readTrace(text).lines');
const OPTIONS: Fields = { fields: { machine: isChart } };

function* replayed(lines: Iterable<PlacedLine>, { machine }: ReplayOptions): Generator<Replayed> {
  const actors = new Map<string | undefined, Replaying>();
  for (const place of lines) {
    const { line } = place;
    const actor = actors.get(line.actor);
    if (line.type === 'header') {
      const isSame = actor?.header.began === line.began && actor.header.file + 1 === line.file;
      if (!isSame) actors.set(line.actor, replaying(line, machine));
      else actors.set(line.actor, { ...actor, header: line });
      yield { place, line: null, snapshot: null, difference: null };
    } else if (line.type === 'checkpoint' && actor !== undefined) {
      yield atCheckpoint(actor, place, line);
    } else if (line.type === 'step' && actor?.snapshot) {
      const replayed = step(actor, actor.snapshot, place, line);
      yield replayed;
      if (replayed.difference !== null) return;
    } else yield { place, line: null, snapshot: actor?.snapshot ?? null, difference: null };
  }
}

/** The first difference between a trace and a chart; null if there is none. */
export function firstDifference(lines: Iterable<PlacedLine>, options: ReplayOptions = {}): Difference | null {
  for (const { difference } of replay(lines, options)) if (difference !== null) return difference;
  return null;
}

/** Whether a trace was recorded with another definition of the chart than it is replayed against; true of format 1, whose fingerprints cannot be compared. */
export function isOtherChart(header: HeaderLine, { machine }: ReplayOptions = {}): boolean {
  demandGiven('the header', header, isPlainObject);
  return definitionHash(machine ?? chartOf(header)) !== header.definition;
}

function chartOf({ chart }: HeaderLine): AnyChart {
  const machine = own(CHARTS, chart);
  if (machine !== undefined) return machine as AnyChart;
  throw new TypeError(
    `The trace is of the chart ${JSON.stringify(chart)}, which this package does not have: say which it is`,
  );
}

function replaying(header: HeaderLine, machine: AnyChart | undefined): Replaying {
  const chance = new Chance();
  const chart = withRecordedChance(machine ?? chartOf(header), chance);
  return { header, chart, pure: pure(chart), chance, snapshot: null };
}

function atCheckpoint(actor: Replaying, place: PlacedLine, line: CheckpointLine): Replayed {
  const { chart, snapshot, header } = actor;
  const restored = restoredFrom(chart, place, line);
  actor.snapshot = restored;
  if (snapshot === null || header.lost !== undefined) return { place, line, snapshot: restored, difference: null };
  const { at, timers } = line;
  const own = checkpointLine(chart, snapshot, { at, actor: line.actor, timers });
  const isSame = JSON.stringify(own) === JSON.stringify(line);
  return { place, line: own, snapshot: restored, difference: isSame ? null : atRest(header, place, line, own) };
}

function restoredFrom(chart: AnyChart, { file, number }: PlacedLine, { snapshot }: CheckpointLine): AnySnapshot {
  try {
    const restored = chart.restoreSnapshot(snapshot as never, undefined as never) as AnySnapshot;
    stateName(restored.value);
    return restored;
  } catch {
    throw new TraceError(file, number, `the chart ${chart.id} cannot go on from this checkpoint`);
  }
}

/** What differs where nothing happens: what the chart remembers. */
function atRest({ chart }: HeaderLine, place: PlacedLine, line: CheckpointLine, own: CheckpointLine): Difference {
  const [recorded, replayed] = [line.snapshot.context, own.snapshot.context];
  const names = Object.keys({ ...recorded, ...replayed }).filter(
    (name) => JSON.stringify(recorded[name]) !== JSON.stringify(replayed[name]),
  );
  const outcome = (to: string, context: CheckpointLine['snapshot']['context']): Outcome => ({
    to,
    causes: [],
    do: [],
    context: Object.fromEntries(names.map((name) => [name, context[name]])),
  });
  return {
    place,
    chart,
    state: line.state,
    event: null,
    recorded: outcome(line.state, recorded),
    replayed: outcome(own.state, replayed),
  };
}

function step(actor: Replaying, before: AnySnapshot, place: PlacedLine, line: StepLine): Replayed {
  const { pure, chance } = actor;
  const from = stateName(before.value);
  chance.begin(line.do ?? []);
  try {
    const { snapshot, instructions } = pure.step(before, line.event as never);
    const own = stepLine({
      at: line.at,
      actor: line.actor,
      event: line.event,
      from,
      to: stateName(snapshot.value),
      instructions: chance.drawnFor(instructions),
      dispatches: line.dispatches,
    });
    const isSame = JSON.stringify(own) === JSON.stringify(line);
    actor.snapshot = snapshot;
    return { place, line: own, snapshot, difference: isSame ? null : difference(actor, place, line, outcomeOf(own)) };
  } catch (error) {
    const broken: Outcome = { to: from, causes: [], do: [], error: messageOf(error) };
    return { place, line: null, snapshot: before, difference: difference(actor, place, line, broken) };
  }
}

function difference(
  { header: { chart } }: Replaying,
  place: PlacedLine,
  line: StepLine,
  replayed: Outcome,
): Difference {
  return { place, chart, state: line.from, event: line.event, recorded: outcomeOf(line), replayed };
}

function outcomeOf({ from, to = from, causes = [], do: done = [] }: StepLine): Outcome {
  return { to, causes, do: done };
}

/** The random numbers of a trace, given out again to the timers that they were drawn for. */
class Chance {
  readonly #recorded = new Map<string, number[]>();
  readonly #taken = new Map<string, number[]>();
  readonly #delays = new Map<string, number[]>();

  begin(instructions: readonly TraceInstruction[]): void {
    this.#recorded.clear();
    this.#taken.clear();
    this.#delays.clear();
    for (const { type, params, draws } of instructions) {
      if (type !== 'arm') continue;
      if (draws) queueOf(this.#recorded, asText(params.timer)).push(...draws);
      else queueOf(this.#delays, asText(params.timer)).push(asNumber(params.delay));
    }
  }

  /** The upper end of the span where nothing was recorded. */
  draw(timer: string): number {
    const value = this.#recorded.get(timer)?.shift();
    if (value === undefined) return 1;
    queueOf(this.#taken, timer).push(value);
    return value;
  }

  /** For a host that did not say what it drew: the delay as it was armed, if it lies within the span. */
  delay(timer: string, [least, most]: Span): number | null {
    const delay = this.#delays.get(timer)?.shift();
    return delay !== undefined && delay >= least && delay <= most ? delay : null;
  }

  drawnFor(instructions: readonly Instruction[]): readonly TraceInstruction[] {
    return instructions.map((each) => {
      const draw = each.type === 'arm' ? this.#taken.get(asText(each.params.timer))?.shift() : undefined;
      return draw === undefined ? each : { ...each, draws: [draw] };
    });
  }
}

function queueOf(map: Map<string, number[]>, key: string): number[] {
  const queue = map.get(key) ?? [];
  map.set(key, queue);
  return queue;
}

type Delay = (args: DelayArguments, params: unknown) => number;

/**
 * A shard's chart whose delays are drawn as its host does. The chart alone takes the upper end of each span; a chart
 * whose delay is another one means it so.
 */
function withRecordedChance(machine: AnyChart, chance: Chance): AnyChart {
  const own = machine.implementations.delays as Readonly<Record<string, Delay | number | undefined>>;
  const timers = TIMERS.filter((timer) => own[timer] !== undefined);
  if (timers.length < TIMERS.length) return machine;
  const drawn = drawDelays((_, timer) => chance.draw(timer));
  const delays = timers.map((timer: Timer) => [
    timer,
    (args: DelayArguments, params: unknown): number => {
      const span = SPANS[timer](args.context);
      const [least, most] = span;
      const delay = own[timer];
      const alone = typeof delay === 'function' ? delay(args, params) : (delay ?? most);
      if (alone !== most || least === most) return alone;
      return chance.delay(timer, span) ?? drawn[timer](args);
    },
  ]);
  return machine.provide({ delays: Object.fromEntries(delays) } as never) as AnyChart;
}

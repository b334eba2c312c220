/**
 * Rates as a checked property: how often a shard can connect and identify, whatever the Gateway does and how quickly.
 *
 * The chart is a timed automaton whose timers have lower ends only: none runs out early, and each may run out as late as
 * anybody likes, as on a machine that sleeps. What is bounded here is bounded from below, so that to forbid less is sound.
 * For such automata neither zones (difference bounds, as in UPPAAL) nor a unit of time are needed. Of all runs that take
 * one path, one is earliest in every step at once: each message comes at once, each timer runs out when it may. That is
 * the zone, whose only finite bounds are lower ones, in one vector: for each armed timer its least time left, exactly.
 * Where a span begins in the midst of a run, anybody may have waited before: all that ran has run out (times.ts).
 *
 * A state is one of the shard's abstraction with its counters, so with the step of the back-off, and with what the wait
 * is for where that is of use (abstraction.ts); states that behave alike are merged (classes.ts). With it go what a
 * watcher knows who counts tries and waits for proof of life (waits.ts), and the bucket of identifies (windows.ts), which
 * is that of the host, replayed.
 */
import type { AnyStateMachine } from 'xstate';
import { shardAbstraction, type shardMachine } from '../../machines/index.js';
import { roughly } from '../../machines/kit/durations.js';
import { type AbstractionOf, type Graph, graphOf, type Path } from '../exploring/graph.js';
import { pathDiagram } from '../exploring/path-diagram.js';
import { IdentifyBucket } from '../limits/identify-bucket.js';
import { atTheShortest, rateAbstraction, type SpansOf } from './abstraction.js';
import { BOUNDS, type Bound, type BoundName, DAY, IDENTIFIES_A_DAY, leastTimeOf, MEANS } from './bounds.js';
import { type Classes, classesOf, type Move } from './classes.js';
import { type Leg, Legs } from './legs.js';
import { type Arc, leastMeanCycle } from './means.js';
import { after, type Moment, timeless } from './times.js';
import { followWaits, type ShortWait } from './waits.js';
import { type Levels, levelsOf, type MakeLimit, type Stop } from './windows.js';

/** What to check beside a chart. */
export interface RateOptions {
  /** What counts as a state: that of the shard unless told; its first root is where runs begin. */
  readonly abstraction?: AbstractionOf<typeof shardMachine>;
  /** Spans of timers whose delay is not that of our vocabulary, where chance has a say: only their lower ends count. */
  readonly spans?: SpansOf;
  /** The bucket of identifies before the permit port; that of one shard unless told, none if null. */
  readonly bucket?: MakeLimit | null;
  /** The heartbeat interval that the Gateway asks for, in ms: the shortest that the policy takes unless told. */
  readonly interval?: number;
}

/** A run that a bound forbids. */
export interface BrokenBound {
  /** What is wrong, in words. */
  readonly broken: string;
  /** Its steps from the beginning, and when each was taken; null before times were counted. In ms. */
  readonly path: readonly { readonly event: string; readonly at: number | null }[];
  /** The same as a Mermaid sequence diagram. */
  readonly diagram: string;
}

/** What came of one bound. */
export interface RateVerdict extends Bound {
  readonly bound: BoundName;
  /** What was found, in words; null if it cannot happen. */
  readonly found: string | null;
  /** One run for each way to break it; none if it holds. */
  readonly counterexamples: readonly BrokenBound[];
}

/** What came of all. */
export interface RateReport {
  readonly holds: boolean;
  readonly verdicts: readonly RateVerdict[];
  /** How much was looked at, all there is: of the chart, of its classes, and of these with times. */
  readonly explored: {
    readonly states: number;
    readonly transitions: number;
    readonly classes: number;
    readonly moves: number;
    readonly situations: number;
    readonly marks: number;
    readonly legs: number;
  };
  readonly figures: {
    /** The shortest wait before a try, in ms, by the tries since a connection last held. */
    readonly waits: readonly number[];
    /** The most in any 24 hours; one above what is allowed stands for all. */
    readonly identifiesADay: number;
    /** In the long run, in ms; null if it cannot happen for ever. */
    readonly perIdentify: number | null;
    readonly perConnection: number | null;
    readonly perFailure: number | null;
  };
}

/** How far it is, in words. */
export type RateProgress = string;

/** Checks the rates of the shard chart, or of a variant of it. */
export function checkRates(machine: AnyStateMachine, options: RateOptions = {}): RateReport {
  const steps = ratesOf(machine, options);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** The same bit by bit, so that something can be shown meanwhile. */
export function* ratesOf(machine: AnyStateMachine, options: RateOptions = {}): Generator<RateProgress, RateReport> {
  const { spans, interval, bucket = () => new IdentifyBucket(1) } = options;
  const { abstraction = shardAbstraction } = options;
  const chart = atTheShortest(machine, spans);
  const graph = yield* inWords(
    graphOf(chart, rateAbstraction(chart, abstraction, interval) as unknown as AbstractionOf<AnyStateMachine>, {
      limit: MOST_STATES,
    }),
    ({ states }) => `${states} states`,
  );
  const classes = classesOf(graph);
  const waits = yield* inWords(followWaits(classes), (situations) => `${situations} situations`);
  const legs = new Legs(classes);
  yield* inWords(legs.find(), (marks) => `${marks} marks`);
  const windows = yield* inWords(
    levelsOf(legs, IDENTIFIES_A_DAY, bucket ?? unlimited),
    (level) => `${level} identifies in a row`,
  );
  const shown = new Shown(graph, classes);
  const means = { perConnection: meanOf(legs, isConnection), perFailure: meanOf(legs, isConnection, neverHolds) };
  const verdicts = [
    ...(['growth', 'told', 'invalidSession', 'cooldown'] as const).map((bound) =>
      verdict(
        bound,
        bound === 'growth'
          ? waits.shortest
              .map((ms) => ms / 1000)
              .join(', ')
              .concat(' s')
          : null,
        waits.broken.filter((each) => each.bound === bound).map((each) => shown.wait(each)),
      ),
    ),
    ...identifyVerdicts(windows, shown),
    ...(['perConnection', 'perFailure'] as const).map((bound) => meanVerdict(bound, means[bound], shown)),
  ];
  return {
    holds: verdicts.every(({ counterexamples }) => counterexamples.length === 0),
    verdicts,
    explored: {
      states: graph.nodes.size,
      transitions: graph.edges.length,
      classes: classes.all.length,
      moves: classes.moves,
      situations: waits.situations + legs.situations,
      marks: legs.marks.length,
      legs: legs.marks.reduce((sum, mark) => sum + mark.legs.length, 0),
    },
    figures: {
      waits: waits.shortest,
      identifiesADay: inADay(windows),
      perIdentify: windows.mean,
      perConnection: means.perConnection?.mean ?? null,
      perFailure: means.perFailure?.mean ?? null,
    },
  };
}

/** More than any chart of ours has, where the counters are bounded. */
const MOST_STATES = 100_000;

/** What holds nobody back. */
const unlimited: MakeLimit = () => ({
  take: () => true,
  wait: () => 0,
  look: () => ({ left: Infinity, nextAt: null }),
});

function* inWords<P, R>(steps: Generator<P, R>, words: (progress: P) => string): Generator<string, R> {
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    yield words(step.value);
  }
}

function verdict(bound: BoundName, found: string | null, counterexamples: readonly BrokenBound[]): RateVerdict {
  return { bound, ...BOUNDS[bound], found, counterexamples };
}

// Means in the long run

interface LegArc extends Arc {
  readonly leg: Leg;
}

const isConnection = ({ opens }: Leg): boolean => opens;
const neverHolds = ({ forgives }: Leg): boolean => !forgives;

/** The cycle of legs with the least time for each that counts. */
function meanOf(legs: Legs, counts: (leg: Leg) => boolean, includes: (leg: Leg) => boolean = () => true) {
  const numbers = new Map(legs.marks.map((mark, i) => [mark, i]));
  const arcs = legs.marks.map((mark) =>
    mark.legs
      .filter(includes)
      .map((leg): LegArc => ({ to: numbers.get(leg.to) as number, ms: leg.ms, count: counts(leg) ? 1 : 0, leg })),
  );
  return leastMeanCycle(arcs);
}

function meanVerdict(
  bound: 'perConnection' | 'perFailure',
  cycle: ReturnType<typeof meanOf>,
  shown: Shown,
): RateVerdict {
  if (cycle === null) return verdict(bound, null, []);
  const { mean, arcs } = cycle;
  const found = `${roughly(mean)} to a connection`;
  if (mean >= MEANS[bound]) return verdict(bound, found, []);
  let at = 0;
  const stops = arcs.map(({ leg, ms }) => {
    at += ms;
    return { leg, at };
  });
  const broken = `${found}, round and round from where times are counted`;
  return verdict(bound, found, [shown.run(broken, stops)]);
}

// Identifies in a window

const inADay = ({ levels }: Levels): number => levels.filter(({ ms }) => ms <= DAY).length + 1;

function identifyVerdicts(windows: Levels, shown: Shown): RateVerdict[] {
  const { levels, mean } = windows;
  const found = levels.length === 0 ? null : `${inADay(windows)} in any 24 h`;
  const short = levels.findIndex(({ ms }, i) => ms < leastTimeOf(i + 1));
  const level = levels[short];
  const tooSoon =
    level === undefined
      ? []
      : [
          shown.run(
            `${short + 2} identifies within ${roughly(level.ms)}; they take ${roughly(leastTimeOf(short + 1))} at least`,
            level.stops,
          ),
        ];
  const last = levels.at(-1);
  const isMeanBroken = mean !== null && mean < MEANS.perIdentify;
  return [
    verdict('identifies', found, tooSoon),
    verdict(
      'perIdentify',
      mean === null ? null : `${roughly(mean)} to an Identify`,
      isMeanBroken && last !== undefined
        ? [
            shown.run(
              `${roughly(mean)} to an Identify, as here, and so on`,
              levels.find(({ stops }) => stops.length > 0)?.stops ?? [],
            ),
          ]
        : [],
    ),
  ];
}

// What is shown of a run

class Shown {
  readonly #graph: Graph<AnyStateMachine>;
  readonly #classes: Classes;

  constructor(graph: Graph<AnyStateMachine>, classes: Classes) {
    this.#graph = graph;
    this.#classes = classes;
  }

  /** A wait that is too short; times are counted from the beginning. */
  wait({ least, took, after: ended, steps }: ShortWait): BrokenBound {
    let moment: Moment = timeless(this.#classes.root);
    const times = steps.map(({ move, begins }) => {
      const kept = move.keeps.flatMap((place) => (begins && place >= 0 ? [moment.ready[place] as number] : []));
      moment = after(moment, move, Math.max(0, ...kept));
      return moment.at;
    });
    const broken = `after ${ended} the next try comes ${roughly(took)} later, and should be ${roughly(least)} later at least`;
    return this.#shown(
      broken,
      steps.map(({ move }) => move),
      times,
    );
  }

  /** A run from mark to mark; times are counted from the first. */
  run(broken: string, stops: readonly Stop[]): BrokenBound {
    const moves = stops.flatMap(({ leg }) => leg.moves);
    const ends = stops.flatMap(({ leg, at }) => leg.moves.map((_, i) => (i === leg.moves.length - 1 ? at : 0)));
    let moment: Moment = timeless((moves[0] as Move).from);
    const times = moves.map((move, i) => {
      moment = after(moment, move, ends[i]);
      return moment.at;
    });
    return this.#shown(broken, moves, times);
  }

  #shown(broken: string, moves: readonly Move[], times: readonly number[]): BrokenBound {
    const { before, path } = this.#classes.concrete(moves);
    const all: Path<AnyStateMachine> = [...before, ...path];
    const at = [...before.map(() => null), ...times];
    return {
      broken,
      path: all.map(({ label }, i) => ({ event: label, at: at[i] ?? null })),
      diagram: pathDiagram(this.#graph, all, at),
    };
  }
}

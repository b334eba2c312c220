/**
 * How soon so many identifies can follow one another, level by level: from an Identify before which there was all the
 * time in the world, with a bucket that is full, the least time to the next, to the one after that, and so on. No run has
 * so many in less time, wherever it begins.
 */
import type { IdentifyBucket } from '../limits/identify-bucket.js';
import type { Leg, Legs, Mark } from './legs.js';

/** What limits the identifies of a shard around its permit port: `IdentifyBucket`, or something in its place. */
export type IdentifyLimit = Pick<IdentifyBucket, 'take' | 'look' | 'wait'>;

/** Makes one that was not used yet. */
export type MakeLimit = () => IdentifyLimit;

/** Before a window, in ms: whatever comes back has come back by then. */
const LONG_AGO = -1e12;

/** Identifies that were sent, the newest first. */
interface Taken {
  readonly at: number;
  readonly before: Taken | null;
}

/** The bucket after some identifies. */
export function bucketAfter(taken: Taken | null, make: MakeLimit): IdentifyLimit {
  const times = [];
  for (let each = taken; each !== null; each = each.before) times.push(each.at);
  const bucket = make();
  bucket.look(LONG_AGO);
  for (const at of times.reverse()) bucket.take(at);
  return bucket;
}

/** A run that is as early as can be, by the legs that it takes. */
interface Run {
  readonly mark: Mark;
  readonly at: number;
  readonly taken: Taken;
  readonly via: { readonly from: Run; readonly leg: Leg } | null;
}

/** A leg of a run, and when it ends. */
export interface Stop {
  readonly leg: Leg;
  readonly at: number;
}

/** The least time of so many identifies after one, and how they come about. */
export interface Level {
  readonly ms: number;
  readonly stops: readonly Stop[];
}

/** What came of all levels. */
export interface Levels {
  /** The least times from an Identify to the first, the second, … after it. */
  readonly levels: readonly Level[];
  /**
   * From some level on, each level is an earlier one, later: then all that follow are, too, and this is the least mean
   * time to an Identify of any run that goes on for ever. Null if it has not come to that.
   */
  readonly mean: number | null;
}

/** Goes from level to level, up to as many as are asked for. */
export function* levelsOf({ identifies }: Legs, most: number, make: MakeLimit): Generator<number, Levels> {
  const levels: Level[] = [];
  const shapes = new Map<string, { at: number; level: number }>();
  let mean: number | null = null;
  const taken = { at: 0, before: null };
  let begin = prune(
    identifies.map((mark) => ({ mark, at: 0, taken, via: null })),
    make,
  );
  while (levels.length < most && begin.length > 0) {
    const next: Run[] = [];
    const known = new Map<Mark, Run[]>();
    const queue = [...begin];
    for (const run of begin) known.set(run.mark, [...(known.get(run.mark) ?? []), run]);
    for (const run of queue) {
      if (!known.get(run.mark)?.includes(run)) continue;
      for (const leg of run.mark.legs) {
        const reached = follow(run, leg, make);
        if (leg.identifies) next.push(reached);
        else if (keep(known, reached, make)) queue.push(reached);
      }
    }
    begin = prune(next, make);
    const [first] = [...begin].sort((a, b) => a.at - b.at);
    if (first !== undefined) {
      levels.push({ ms: first.at, stops: stopsOf(first) });
      const shape = shapeOf(begin, first.at, make);
      const before = shapes.get(shape);
      if (before !== undefined) mean = (first.at - before.at) / (levels.length - before.level);
      shapes.set(shape, { at: first.at, level: levels.length });
    }
    yield levels.length;
  }
  return { levels, mean };
}

/** All runs of a level, by how much later they are than the first, and by what is left of their buckets. */
function shapeOf(runs: readonly Run[], from: number, make: MakeLimit): string {
  const each = runs.map(({ mark, at, taken }) => {
    const { left, nextAt } = bucketAfter(taken, make).look(at);
    return `${mark.name} ${at - from} ${left} ${nextAt === null ? '' : nextAt - from}`;
  });
  return each.sort().join('\n');
}

function follow(run: Run, leg: Leg, make: MakeLimit): Run {
  let at = run.at + leg.ms;
  if (leg.asks) at += bucketAfter(run.taken, make).wait(at); // refused before
  const taken = leg.identifies ? { at, before: run.taken } : run.taken;
  return { mark: leg.to, at, taken, via: { from: run, leg } };
}

function prune(runs: readonly Run[], make: MakeLimit): Run[] {
  const known = new Map<Mark, Run[]>();
  for (const run of [...runs].sort((a, b) => a.at - b.at)) keep(known, run, make);
  return [...known.values()].flat();
}

/** Keeps a run unless another at its mark is as early and has as many identifies left, now and later. */
function keep(known: Map<Mark, Run[]>, run: Run, make: MakeLimit): boolean {
  const others = known.get(run.mark) ?? [];
  if (others.some((other) => isAsGood(other, run, make))) return false;
  known.set(run.mark, [...others.filter((other) => !isAsGood(run, other, make)), run]);
  return true;
}

function isAsGood(a: Run, b: Run, make: MakeLimit): boolean {
  if (a.at > b.at) return false;
  if (a.taken === b.taken) return true;
  const [mine, other] = [a, b].map(({ taken }) => bucketAfter(taken, make).look(b.at));
  if (mine === undefined || other === undefined) return false;
  return mine.left >= other.left && (mine.nextAt ?? -Infinity) <= (other.nextAt ?? Infinity);
}

function stopsOf(run: Run): Stop[] {
  const stops = [];
  for (let at = run; at.via !== null; at = at.via.from) stops.unshift({ leg: at.via.leg, at: at.at });
  return stops;
}

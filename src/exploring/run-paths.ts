import type { AnyStateMachine, EventFromLogic } from 'xstate';
import { demandGiven, isFunction, isPlainObject } from '../../machines/kit/shape.js';
import { pathTo } from './criteria.js';
import { demandModel } from './demands.js';
import type { Path } from './graph.js';
import { type Comparison, DivergenceError, type Model, type SystemUnderTest } from './model.js';
import { type Criterion, pathName } from './paths.js';
import { pairTours } from './tours.js';

/** Which paths of a model to play, and on what. */
export interface PathsToRun<M extends AnyStateMachine> extends Comparison<M> {
  readonly model: Model<M>;
  /** The paths of a criterion, or any others. */
  readonly criterion: Criterion | Iterable<Path<M>>;
  /** A fresh system for each path. */
  make(): SystemUnderTest<EventFromLogic<M>>;
}

/** What came of running many paths. */
export interface PathsReport {
  readonly paths: number;
  readonly steps: number;
  /** How many failed. */
  readonly failed: number;
  /** Steps of tours that were not taken, as the shortest path to them fails. */
  readonly skipped: number;
  /** The first failure for each edge and difference. */
  readonly failures: readonly Error[];
  /** How long it took. */
  readonly ms: number;
}

function demandRun(options: PathsToRun<AnyStateMachine>): void {
  demandGiven('', options, isPlainObject);
  demandModel(options.model);
  demandGiven('make', options.make, isFunction);
}

/** Makes a test of every path: `describePaths({ model, criterion: 'transitions', test: it, make: () => adapter() })`. */
export function describePaths<M extends AnyStateMachine>(
  options: PathsToRun<M> & { test(name: string, run: () => Promise<void>): unknown },
): void {
  demandRun(options);
  demandGiven('test', options.test, isFunction);
  for (const path of chosen(options)) {
    const name = pathName(path);
    const { root } = path[0]?.from ?? {};
    const [first] = Object.keys(options.model.graph.abstraction.roots);
    options.test(root === undefined || root === first ? name : `${root}: ${name}`, () => playOne(options, path));
  }
}

/**
 * Plays all paths in one go. With `inTours` pairs of transitions are taken in long walks of at most so many steps;
 * a step that fails there is tried again at the end of the shortest path to it, and reported so if it still fails.
 */
export async function runPaths<M extends AnyStateMachine>(
  options: PathsToRun<M> & { readonly inTours?: number },
): Promise<PathsReport> {
  demandRun(options);
  const begun = performance.now();
  const failures = new Map<string, Error>();
  let [paths, steps, failed, skipped] = [0, 0, 0, 0];
  for (const path of chosen(options)) {
    paths += 1;
    for (let [rest, way] = [path, 0]; rest.length > 0; ) {
      const error = await playOne(options, rest).catch(asError);
      const at = error instanceof DivergenceError ? error.at : rest.length - 1;
      steps += at + 1;
      if (error === undefined) break;
      failed += 1;
      const shown = await shortest(options, rest, at, error);
      const key = shown instanceof DivergenceError ? `${shown.state} ${shown.event} ${shown.actual}` : shown.message;
      if (!failures.has(key)) failures.set(key, shown);
      if (options.inTours === undefined) break;
      if (at < way) skipped += rest.length - way;
      [rest, way] = at < way ? [[], 0] : after(rest, at);
    }
  }
  return { paths, steps, failed, skipped, failures: [...failures.values()], ms: performance.now() - begun };
}

function chosen<M extends AnyStateMachine>({
  model,
  criterion,
  inTours,
}: PathsToRun<M> & { readonly inTours?: number }): Iterable<Path<M>> {
  if (inTours === undefined) return typeof criterion === 'string' ? model.paths(criterion) : criterion;
  if (criterion !== 'pairs') throw new TypeError('`inTours` takes pairs of transitions, and no other criterion.');
  return pairTours(model.graph, { length: inTours });
}

async function playOne<M extends AnyStateMachine>(options: PathsToRun<M>, path: Path<M>): Promise<void> {
  const sut = options.make();
  try {
    await options.model.test(path, sut, options);
  } finally {
    const disposed = sut.dispose?.();
    if (disposed !== undefined) await disposed;
  }
}

/** The same failure at the end of a shortest path, if it shows there too. */
async function shortest<M extends AnyStateMachine>(
  options: PathsToRun<M>,
  path: Path<M>,
  at: number,
  error: Error,
): Promise<Error> {
  for (const length of [1, 2]) {
    const tail = path.slice(Math.max(0, at + 1 - length), at + 1);
    const [first] = tail;
    if (first === undefined) continue;
    const found = await playOne(options, [...pathTo(first.from), ...tail]).catch(asError);
    if (found instanceof DivergenceError && found.event === path[at]?.label && found.state === path[at]?.from.key)
      return found;
  }
  return error;
}

/** What is left of a tour behind a step that failed, from the beginning again, and how far it is to there. */
function after<M extends AnyStateMachine>(path: Path<M>, at: number): [rest: Path<M>, way: number] {
  const next = path[at + 1];
  if (next === undefined) return [[], 0];
  const way = pathTo(next.from);
  return [[...way, ...path.slice(at + 1)], way.length];
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

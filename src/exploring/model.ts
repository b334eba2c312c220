/**
 * Tests from a chart, for any system that claims to behave like it: the chart says what to send and what has to come of
 * it, a system under test is told and observed, step by step.
 */

import type { AnyStateMachine, EventFromLogic, SnapshotFrom } from 'xstate';
import type { Abstraction } from '../../machines/kit/abstraction.js';
import type { CauseRow } from '../../machines/kit/causes.js';
import type { Instruction } from '../../machines/kit/pure.js';
import { demandGiven, isFunction } from '../../machines/kit/shape.js';
import { clausesOf } from './clauses.js';
import { type AbstractionOf, explore, type Graph, type Path } from './graph.js';
import { type Criterion, type Paths, pathName, pathsOf } from './paths.js';
import { type PlayedStep, play } from './play.js';

/** Something that a system did. Parameters are compared as far as they are given. */
export interface Effect {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A system under test: an adapter to it, fresh for each path. Everything may be asynchronous. */
export interface SystemUnderTest<Event> {
  /** Brings an event about: a frame arrives, a timer runs out, a person orders something. */
  send(event: Event): void | Promise<void>;
  /** What the system did since this was last called, in order. */
  observe(): readonly Effect[] | Promise<readonly Effect[]>;
  /** Its state, in the words of `stateOf`. */
  state?(): string;
  /** The timers that run, by the names of the chart. */
  armed?(): Iterable<string>;
  dispose?(): void | Promise<void>;
}

/** How a system is compared with the chart. */
export interface Comparison<M extends AnyStateMachine> {
  /** The effects that the system can show; all but timers and reports unless told. */
  readonly observes?: readonly string[];
  /** What `state()` is compared with; the key of the abstraction unless told. */
  stateOf?(snapshot: SnapshotFrom<M>): string;
}

/** A chart, explored, with tests to be made from it. */
export interface Model<M extends AnyStateMachine> {
  readonly graph: Graph<M>;
  /** The paths of a criterion. */
  paths(criterion: Criterion): Paths<M>;
  /** Plays a path on a fresh system; rejects with a `DivergenceError` at the first step that is not as the chart has it. */
  test(path: Path<M>, sut: SystemUnderTest<EventFromLogic<M>>, comparison?: Comparison<M>): Promise<void>;
}

/** Explores a chart, to test systems against it. Works for any chart whose timers are events, and for its variants. */
export function testModel<M extends AnyStateMachine>(machine: M, abstraction: AbstractionOf<M>): Model<M> {
  const graph = explore(machine, abstraction);
  return {
    graph,
    paths: (criterion) => pathsOf(graph, criterion),
    test: (path, sut, comparison = {}) => testPath(graph, path, sut, comparison),
  };
}

/** A chart with fewer events, for systems that do a part of what it does: `only(shardAbstraction, (event) => …)`. */
export function only<Snapshot, Input, Event>(
  abstraction: Abstraction<Snapshot, Input, Event>,
  includes: (event: Event) => boolean,
): Abstraction<Snapshot, Input, Event> {
  demandGiven('the second argument', includes, isFunction);
  return { ...abstraction, alphabet: (snapshot) => abstraction.alphabet(snapshot).filter(includes) };
}

/** The system does something else than the chart: in which state, on which event, by which clause, and how to get there. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
  readonly code = 'ERR_DIVERGENCE';

  constructor(
    /** The key of the state in which the event came. */
    readonly state: string,
    readonly event: string,
    readonly clauses: readonly CauseRow[],
    readonly expected: string,
    readonly actual: string,
    /** The events from the beginning to the one that failed. */
    readonly path: string,
    /** The place of the failed step in its path, from 0. */
    readonly at: number,
  ) {
    super(
      [
        `"${event}" in ${state}`,
        ...clauses.map(({ spec, says }) => `  clause    ${spec}: ${says}`),
        `  expected  ${expected}`,
        `  actual    ${actual}`,
        `  path      ${path}`,
      ].join('\n'),
    );
  }
}

async function testPath<M extends AnyStateMachine>(
  graph: Graph<M>,
  path: Path<M>,
  sut: SystemUnderTest<EventFromLogic<M>>,
  comparison: Comparison<M>,
): Promise<void> {
  const stateOf = comparison.stateOf ?? ((snapshot) => graph.abstraction.key(snapshot));
  const isObserved = observedBy(comparison);
  let at = 0;
  for (const step of play(graph, path)) {
    const [expected, actual] = await compare(step, sut, isObserved, stateOf);
    if (expected !== actual) {
      const { from, label, rows } = step.edge;
      const clauses = clausesOf(graph, { instructions: step.instructions, rows });
      throw new DivergenceError(from.key, label, clauses, expected, actual, pathName(path.slice(0, at + 1)), at);
    }
    at += 1;
  }
}

/** What was expected and what came, as text; the same if all is well. */
async function compare<M extends AnyStateMachine>(
  { event, instructions, snapshot, armed }: PlayedStep<M>,
  sut: SystemUnderTest<EventFromLogic<M>>,
  isObserved: (effect: Effect) => boolean,
  stateOf: (snapshot: SnapshotFrom<M>) => string,
): Promise<[expected: string, actual: string]> {
  const sent = sut.send(event);
  if (sent !== undefined) await sent;
  const seen = sut.observe();
  const actual = (Array.isArray(seen) ? (seen as readonly Effect[]) : await seen).filter(isObserved);
  const expected = instructions.filter(isObserved);
  if (!same(expected, actual)) return [show(expected, actual), show(actual)];
  const is = sut.state?.();
  const state = is === undefined ? is : stateOf(snapshot);
  if (is !== state) return [`state ${state}`, `state ${is}`];
  const running = sut.armed?.();
  return running === undefined || equalSets(armed, running) ? ['', ''] : [timers(armed), timers(running)];
}

function equalSets(names: ReadonlySet<string>, others: Iterable<string>): boolean {
  const rest = new Set(names);
  for (const name of others) if (!rest.delete(name)) return false;
  return rest.size === 0;
}

const UNSEEN = ['arm', 'disarm', 'report'];

function observedBy<M extends AnyStateMachine>({ observes }: Comparison<M>): (effect: Effect) => boolean {
  return observes === undefined ? ({ type }) => !UNSEEN.includes(type) : ({ type }) => observes.includes(type);
}

function same(expected: readonly Instruction[], actual: readonly Effect[]): boolean {
  return expected.length === actual.length && expected.every((effect, i) => fits(effect, actual[i] as Effect));
}

function fits(expected: Instruction, { type, params = {} }: Effect): boolean {
  const wanted = expected.params as Readonly<Record<string, unknown>>;
  return type === expected.type && Object.entries(params).every(([name, value]) => equal(wanted[name], value));
}

function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Effects as text; what is expected shows only the parameters that can be compared. */
function show(effects: readonly Effect[], beside?: readonly Effect[]): string {
  const texts = effects.map(({ type, params = {} }, i) => {
    const names = Object.keys(beside === undefined ? params : (beside[i]?.params ?? params));
    const shown = Object.fromEntries(names.filter((name) => name in params).map((name) => [name, params[name]]));
    return Object.keys(shown).length === 0 ? type : `${type} ${JSON.stringify(shown)}`;
  });
  return texts.length === 0 ? 'nothing' : texts.join(', ');
}

function timers(names: Iterable<string>): string {
  return `timers: ${[...names].sort().join(', ') || 'none'}`;
}

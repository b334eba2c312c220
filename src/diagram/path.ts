/** Paths through a chart, by the names of their events, as `gatechart paths`, `check` and the tests print them. */

import type { AnyMachineSnapshot, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import {
  type Abstraction,
  armedAfter,
  firedFrom,
  type Instruction,
  pure,
  rowId,
  stateName,
  timerOf,
} from '../../machines/index.js';
import { demandGiven, isChart, isPlainObject, isText, listOf, withMethods } from '../../machines/kit/shape.js';
import { activeNodes } from '../../machines/kit/xstate-insides.js';

/** What an event did. */
export interface PathStep {
  /** The event's name. */
  readonly event: string;
  /** The rows of the chart that it took, by their ids; none if it was ignored. */
  readonly rows: readonly string[];
  /** Where it led to, as by `stateName`. */
  readonly to: string;
}

/** A path, and where it ends. */
export interface PlayedPath {
  readonly steps: readonly PathStep[];
  /** The ids of the states that are active in the end. */
  readonly states: readonly string[];
}

/** A path that the chart cannot take. The message says which step, and what could come there. */
export class PathError extends Error {
  override readonly name = 'PathError';
  readonly code = 'ERR_PATH';
}

/**
 * Plays a path such as `start > located > opened > hello`; events are named as by the abstraction's `label`. It is taken
 * from the first beginning that it fits, or from the one that is named before it: `anyTraffic: start > ...`. Throws a
 * `PathError` at an event that cannot come, or is ignored.
 */
export function playPath<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  path: string,
): PlayedPath {
  demandGiven('the chart', machine, isChart);
  demandGiven('the abstraction', abstraction, withMethods('key', 'alphabet', 'label'));
  demandGiven('the path', path, isText);
  const names = Object.keys(abstraction.roots);
  const named = names.find((name) => path.startsWith(`${name}:`));
  const labels = labelsIn(named === undefined ? path : path.slice(named.length + 1));
  const [first, ...others] = named === undefined ? names : [named];
  const from = (root = '') => playFrom(machine, abstraction, abstraction.roots[root] as InputFrom<M>, labels);
  try {
    return from(first);
  } catch (error) {
    for (const root of others) {
      try {
        return from(root);
      } catch {
        // The first beginning is the one to tell of.
      }
    }
    throw error;
  }
}

type AbstractionOf<M extends AnyStateMachine> = Abstraction<SnapshotFrom<M>, InputFrom<M>, EventFromLogic<M>>;

function playFrom<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  input: InputFrom<M>,
  labels: readonly string[],
): PlayedPath {
  const run = new Run(machine, pure(machine).initial(input));
  labels.forEach((label, i) => {
    const events = abstraction.alphabet(run.snapshot);
    const event = events.find((each) => abstraction.label(each) === label && run.handles(each));
    if (event === undefined) {
      const could = events.filter((each) => run.handles(each));
      const names = namesOf(could, (each) => abstraction.label(each)).join(', ') || 'nothing';
      throw new PathError(
        `Step ${i + 1}, "${label}", leads nowhere from ${run.state}. What could come there: ${names}`,
      );
    }
    run.take(event, label);
  });
  return run;
}

/** Plays events, such as those of a recorded run, from a snapshot on; those that the chart ignores are steps without rows. */
export function playEvents<M extends AnyStateMachine>(
  machine: M,
  snapshot: SnapshotFrom<M>,
  events: readonly EventFromLogic<M>[],
): PlayedPath {
  demandGiven('events', events, listOf(isPlainObject));
  const run = new Run(machine, { snapshot, instructions: [] });
  for (const event of events) run.take(event, event.type);
  return run;
}

/** The names of events; of many of one type, such as all close codes, the first. */
function namesOf<E extends { readonly type: string }>(events: readonly E[], label: (event: E) => string): string[] {
  const types = new Map<string, Set<string>>();
  for (const event of events) types.set(event.type, (types.get(event.type) ?? new Set()).add(label(event)));
  return [...types.values()].flatMap((labels) => {
    const names = [...labels];
    return names.length <= 5 ? names : [...names.slice(0, 3), `${names.length - 3} more like these`];
  });
}

function labelsIn(path: string): readonly string[] {
  const labels = path.split('>').map((label) => label.trim());
  return labels.length === 1 && ['', '(the beginning)'].includes(labels[0] ?? '') ? [] : labels;
}

/** A chart that goes from event to event. */
class Run<M extends AnyStateMachine> implements PlayedPath {
  readonly steps: PathStep[] = [];
  snapshot: SnapshotFrom<M>;
  readonly #pure;
  #armed: ReadonlySet<string>;

  constructor(
    machine: M,
    { snapshot, instructions }: { snapshot: SnapshotFrom<M>; instructions: readonly Instruction[] },
  ) {
    this.#pure = pure(machine);
    this.snapshot = snapshot;
    this.#armed = armedAfter(new Set(), instructions);
  }

  get state(): string {
    return stateName((this.snapshot as AnyMachineSnapshot).value);
  }

  get states(): readonly string[] {
    return activeNodes(this.snapshot).map(({ id }) => id);
  }

  /** Whether an event can come, and does anything. */
  handles(event: EventFromLogic<M>): boolean {
    const timer = timerOf(event);
    if (timer !== undefined && !this.#armed.has(timer)) return false;
    return this.#pure.step(this.snapshot, event).rows.length > 0;
  }

  take(event: EventFromLogic<M>, label: string): void {
    const { snapshot, instructions, rows } = this.#pure.step(this.snapshot, event);
    this.#armed = armedAfter(firedFrom(this.#armed, event), instructions);
    this.snapshot = snapshot;
    this.steps.push({ event: label, rows: rows.map(rowId), to: this.state });
  }
}

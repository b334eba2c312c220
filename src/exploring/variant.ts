/** Charts with something changed: for trying out a change, and for showing that tests would notice it. */

import { type AnyStateMachine, StateMachine } from 'xstate';
import { gated } from '../../machines/kit/gate.js';
import { demandGiven, isFunction } from '../../machines/kit/shape.js';
import { demandChart } from './demands.js';

/** A row of a transition list, as data to change. */
export interface EditableRow {
  target?: string | readonly string[];
  guard?: unknown;
  actions: unknown[];
  reenter?: boolean;
}

/** A state of a chart, as data to change. What may be written in several ways is a list. */
export interface EditableState {
  initial?: string;
  tags?: readonly string[];
  entry: unknown[];
  exit: unknown[];
  on: Record<string, EditableRow[]>;
  always: EditableRow[];
  states: Record<string, EditableState>;
}

/** Finds a state by its path from the root, such as `running.locating`; the root itself is ''. */
export type StateFinder = (path: string) => EditableState;

/** A chart cannot run in circles for longer than this; then `explore` throws instead of hanging. */
const MOST_MICROSTEPS = 100;

/**
 * The same chart with something changed: `edit` gets a copy of it as data, and the words of the chart stay what they are.
 * Throws where the result is no chart, as when a target does not exist.
 *
 * @example variant(shardMachine, (state) => { state('running.locating').exit = []; })
 */
export function variant<M extends AnyStateMachine>(machine: M, edit: (state: StateFinder) => void): M {
  demandChart(machine);
  demandGiven('the edit', edit, isFunction);
  const config = editable(machine.config as unknown as Written);
  edit((path) => find(config, path));
  const built = new StateMachine(
    { ...config, options: { maxIterations: MOST_MICROSTEPS } } as never,
    machine.implementations as never,
  );
  return (Object.hasOwn(machine, 'transition') ? gated(built as AnyStateMachine) : built) as M;
}

/** A copy of a chart as data; what may be written in several ways is a list in it. */
export function editableConfig(machine: AnyStateMachine): EditableState {
  demandChart(machine);
  return editable(machine.config as unknown as Written);
}

/** A state as people write it. */
interface Written {
  readonly entry?: unknown;
  readonly exit?: unknown;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly always?: unknown;
  readonly states?: Readonly<Record<string, Written>>;
}

function editable(state: Written): EditableState {
  return {
    ...state,
    entry: list(state.entry).map(copy),
    exit: list(state.exit).map(copy),
    on: mapValues(state.on ?? {}, rows),
    always: rows(state.always),
    states: mapValues(state.states ?? {}, editable),
  };
}

function rows(written: unknown): EditableRow[] {
  return list(written).map((row) => {
    if (typeof row === 'string') return { target: row, actions: [] };
    const { actions, ...rest } = row as { actions?: unknown };
    return { ...rest, actions: list(actions).map(copy) };
  });
}

function list(written: unknown): unknown[] {
  if (written === undefined) return [];
  return Array.isArray(written) ? [...written] : [written];
}

/** An action: a name, a name with parameters, or one of XState's own, which is a function. */
function copy(action: unknown): unknown {
  if (typeof action !== 'object' || action === null) return action;
  const { params } = action as { params?: unknown };
  return { ...action, ...(typeof params === 'object' ? { params: { ...params } } : {}) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function find(root: EditableState, path: string): EditableState {
  let state = root;
  for (const name of path === '' ? [] : path.split('.')) {
    const inner = state.states[name];
    if (inner === undefined) {
      throw new Error(`There is no state ${path}: "${name}" is none of ${Object.keys(state.states).join(', ')}`);
    }
    state = inner;
  }
  return state;
}

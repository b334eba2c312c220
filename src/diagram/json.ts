/** Charts as JSON, such as Stately's editor opens, and back. */

import { type AnyStateMachine, createMachine } from 'xstate';
import { definitionOf } from '../../machines/index.js';
import { demandGiven, isChart, isText } from '../../machines/kit/shape.js';

/**
 * A chart as the text of a JSON file: a config for `createMachine` with names for all code, and descriptions and clauses
 * beside it. Throws a `TypeError` if two actions would look the same.
 */
export function json(machine: AnyStateMachine): string {
  actionsOf(machine);
  return `${JSON.stringify(definitionOf(machine.config), null, 2)}\n`;
}

/**
 * Makes a chart of JSON that `json` wrote and perhaps an editor changed. Whatever code it names comes from `like`, the
 * chart it was written from. Throws a `TypeError` for an action that `like` has not.
 */
export function chartFromJson(text: string, like: AnyStateMachine): AnyStateMachine {
  demandGiven('the text', text, isText);
  const known = actionsOf(like);
  const config = withActions(JSON.parse(text) as Config, (action) => {
    const name = typeof action === 'string' ? action : (action as { type: string }).type;
    if (!known.has(keyOf(action)) && !(name in like.implementations.actions))
      throw new TypeError(`The chart ${like.id} has no action ${JSON.stringify(action)}`);
    return known.get(keyOf(action)) ?? action;
  });
  return createMachine({ context: like.config.context, ...config } as never, like.implementations as never);
}

/** The actions of a chart, by what stands for them in JSON. */
function actionsOf(machine: AnyStateMachine): ReadonlyMap<string, unknown> {
  demandGiven('the chart', machine, isChart);
  const { id, config } = machine;
  const known = new Map<string, unknown>();
  withActions(config as Config, (action) => {
    const key = keyOf(definitionOf({ action })?.action);
    const before = known.get(key) ?? action;
    if (codeOf(before) !== codeOf(action))
      throw new TypeError(`The chart ${id} has two actions that both read ${key}: name the functions of their params`);
    known.set(key, action);
    return action;
  });
  return known;
}

const keyOf = (action: unknown): string => JSON.stringify(action);
const codeOf = (action: unknown): string => String((action as { params?: unknown }).params);

/** A state of a chart's config, as far as actions stand in it. */
type Config = Readonly<Record<string, unknown>>;

/** A copy with other actions. */
function withActions(state: Config, change: (action: unknown) => unknown): Config {
  const changed = (actions: unknown): unknown[] => [actions ?? []].flat().map(change);
  const row = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(row);
    if (typeof value !== 'object' || value === null || !('actions' in value)) return value;
    return { ...value, actions: changed(value.actions) };
  };
  const each = (values: unknown, map: (value: never) => unknown): unknown =>
    Object.fromEntries(Object.entries(values as Config).map(([name, value]) => [name, map(value as never)]));
  const parts: Readonly<Record<string, (value: unknown) => unknown>> = {
    entry: changed,
    exit: changed,
    always: row,
    onDone: row,
    on: (rows) => each(rows, row),
    after: (rows) => each(rows, row),
    states: (states) => each(states, (inner: Config) => withActions(inner, change)),
  };
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, parts[key]?.(value) ?? value]));
}

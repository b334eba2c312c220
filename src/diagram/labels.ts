import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { causeOf } from '../../machines/kit/rows.js';

/** How to word labels. */
export interface Wording {
  /** Columns after which a label goes on in the next line. */
  readonly width: number;
  /** How many events a label names before it says `...`. */
  readonly most: number;
  /** Events that are named by one word where all of them are. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Rows of the chart as one label: their events, and the guard behind those that have one. */
export function linesOf(rows: readonly AnyTransitionDefinition[], wording: Wording): readonly string[] {
  const guards = new Map<string, string[]>();
  for (const event of new Set(rows.map(triggerOf))) {
    const guarded = rows.filter((row) => triggerOf(row) === event).map(guardOf);
    // Where a row without a guard leads to the same state, the guards decide nothing here.
    const guard = guarded.includes('') ? '' : guarded.join(' or ');
    guards.set(guard, [...(guards.get(guard) ?? []), event]);
  }
  return [...guards].flatMap(([guard, events]) => wrap(events, guard, wording));
}

/** What a state does on entry and on exit, then what of its rows does without leaving it. */
export function insideOf(
  machine: AnyStateMachine,
  node: AnyStateNode,
  rows: readonly AnyTransitionDefinition[],
  wording: Wording,
): readonly string[] {
  const isEffect = (name: string) => !isBuiltIn(machine, name);
  const done = { entry: namesOf(node.entry).filter(isEffect), exit: namesOf(node.exit).filter(isEffect) };
  const byActions = new Map<string, AnyTransitionDefinition[]>();
  for (const row of rows) {
    const actions = actionsOf(row);
    byActions.set(actions, [...(byActions.get(actions) ?? []), row]);
  }
  return [
    ...Object.entries(done).flatMap(([when, names]) => (names.length === 0 ? [] : [`${when} / ${names.join(', ')}`])),
    ...[...byActions].flatMap(([actions, these]) => {
      const lines = linesOf(these, wording);
      return actions === ''
        ? lines
        : [...lines.slice(0, -1), ...joined([lines.at(-1) ?? '', `/ ${actions}`], wording.width)];
    }),
  ];
}

/** What a row does, as far as its target does not tell: not what every row does, and timers only if there is nothing else. */
function actionsOf({ actions }: AnyTransitionDefinition): string {
  const names = namesOf(actions);
  const telling = names.filter((name) => !EVERYWHERE.includes(name));
  if (telling.length > 0) return telling.join(', ');
  const armed = actions.flatMap((action) => (isRaise(action) && action.id !== undefined ? [`arm ${action.id}`] : []));
  return names.includes('report') ? 'report' : armed.join(', ');
}

const isRaise = (action: unknown): action is { readonly id?: string } =>
  (action as { type?: string }).type === 'xstate.raise';

const EVERYWHERE = ['remember', 'report', 'disarm'];

/** Actions by their names; XState's own, such as those that start a timer, have none. */
function namesOf(actions: readonly unknown[]): string[] {
  return actions.flatMap((action) => {
    const name = typeof action === 'string' ? action : (action as { type?: string }).type;
    return name === undefined || name.startsWith('xstate.') ? [] : [name];
  });
}

/** Whether an action is one of XState's by another name, such as an `assign`: it changes nothing outside. */
function isBuiltIn({ implementations }: AnyStateMachine, name: string): boolean {
  const { type } = (implementations.actions[name] ?? {}) as { type?: string };
  return type?.startsWith('xstate.') === true;
}

/** What sets a row off: its event, or for a row that needs none its guard or its cause. */
function triggerOf({ eventType, guard, actions }: AnyTransitionDefinition): string {
  if (eventType === '') return guard === undefined ? (causeOf({ actions }) ?? 'else') : '';
  return eventType;
}

function guardOf({ guard }: AnyTransitionDefinition): string {
  if (guard === undefined) return '';
  if (typeof guard === 'string') return `[${guard}]`;
  return `[${(guard as { type?: string }).type ?? (guard as { name?: string }).name ?? 'guarded'}]`;
}

function wrap(events: readonly string[], guard: string, { most, width, groups }: Wording): string[] {
  const grouped = Object.entries(groups).reduce(replaced, events);
  const named = grouped.length > most ? [...grouped.slice(0, most), '...'] : grouped;
  const words = named
    .filter((event) => event !== '')
    .map((event, i, { length }) => event + (i < length - 1 ? ',' : ''));
  return joined(guard === '' ? words : [...words, ...guard.split(/(?<=\]) /)], width);
}

/** The events of a group, if they are all there, as one word in the place of the first. */
function replaced(events: readonly string[], [word, group]: readonly [string, readonly string[]]): readonly string[] {
  if (!group.every((event) => events.includes(event))) return events;
  const first = events.findIndex((event) => group.includes(event));
  return events.flatMap((event, i) => (i === first ? [word] : group.includes(event) ? [] : [event]));
}

function joined(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

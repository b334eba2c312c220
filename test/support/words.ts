/** The words of a chart, to be held against its dictionary. */
import type { AnyStateMachine } from 'xstate';
import { rowsFrom, stateNodesOf } from '../../machines/kit/rows.js';

const nameOf = (word: unknown): string => (typeof word === 'string' ? word : (word as { readonly type: string }).type);
const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** The names of the events, actions and guards that a chart uses. What every chart has without a word of its own is left out. */
export function wordsUsedBy(machine: AnyStateMachine) {
  const states = stateNodesOf(machine);
  const rows = states.flatMap(rowsFrom);
  const actions = [...rows.flatMap((row) => row.actions), ...states.flatMap(({ entry, exit }) => [...entry, ...exit])];
  return {
    events: sorted(rows.map(({ eventType }) => eventType).filter((type) => type !== '')),
    actions: sorted(actions.map(nameOf).filter((type) => type !== 'xstate.raise' && type !== 'disarm')),
    guards: sorted(rows.flatMap(({ guard }) => (guard === undefined ? [] : nameOf(guard)))),
  };
}

/** The same of a dictionary. */
export function wordsIn({ events, timers, effects, memory, guards }: Readonly<Record<Kind, object>>) {
  return {
    events: sorted([...Object.keys(events), ...Object.keys(timers).map((timer) => `timer.${timer}`)]),
    actions: sorted([...Object.keys(effects), ...Object.keys(memory)]),
    guards: sorted(Object.keys(guards)),
  };
}

type Kind = 'events' | 'timers' | 'effects' | 'memory' | 'guards';

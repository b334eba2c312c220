import type { AnyTransitionDefinition } from 'xstate';

/** Rows of the chart as one label, in lines of about `width` columns: at most `most` events, and the guard behind those that have one. */
export function linesOf(
  rows: readonly AnyTransitionDefinition[],
  { width, most }: { readonly width: number; readonly most: number },
): readonly string[] {
  const guards = new Map<string, string[]>();
  for (const event of new Set(rows.map(triggerOf))) {
    const guarded = rows.filter((row) => triggerOf(row) === event).map(guardOf);
    // Where a row without a guard leads to the same state, the guards decide nothing here.
    const guard = guarded.includes('') ? '' : guarded.join(' or ');
    guards.set(guard, [...(guards.get(guard) ?? []), event]);
  }
  return [...guards].flatMap(([guard, events]) => wrap(events, guard, most, width));
}

/** What sets a row off: its event, `after hello` for that of a timer; for a row that needs none its guard or its cause. */
function triggerOf({ eventType, guard, actions }: AnyTransitionDefinition): string {
  if (eventType === '') return guard === undefined ? causeOf(actions) : '';
  return eventType.replace(/^timer\./, 'after ');
}

function guardOf({ guard }: AnyTransitionDefinition): string {
  if (guard === undefined) return '';
  if (typeof guard === 'string') return `[${guard}]`;
  return `[${(guard as { type?: string }).type ?? (guard as { name?: string }).name ?? 'guarded'}]`;
}

/** The cause that a row reports: the parameter of one of its actions. */
function causeOf(actions: AnyTransitionDefinition['actions']): string {
  for (const action of actions) {
    const { params } = action as { params?: { cause?: unknown } };
    if (typeof params?.cause === 'string') return params.cause;
  }
  return 'else';
}

function wrap(events: readonly string[], guard: string, most: number, width: number): string[] {
  const named = events.length > most ? [...events.slice(0, most), '...'] : events;
  const words = named
    .filter((event) => event !== '')
    .map((event, i, { length }) => event + (i < length - 1 ? ',' : ''));
  const lines: string[] = [];
  for (const word of guard === '' ? words : [...words, ...guard.split(/(?<=\]) /)]) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

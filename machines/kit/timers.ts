/** Which timers run, as told by what a chart wants done. */
import type { Instruction } from './pure.js';

/** The timers that run after some instructions. */
export function armedAfter(before: ReadonlySet<string>, instructions: readonly Instruction[]): ReadonlySet<string> {
  const changes = instructions.filter(({ type }) => type === 'arm' || type === 'disarm');
  if (changes.length === 0) return before;
  const armed = new Set(before);
  for (const { type, params } of changes) {
    const { timer } = params as { timer: string };
    if (type === 'arm') armed.add(timer);
    else armed.delete(timer);
  }
  return armed;
}

/** The timer that an event reports as run out, if it does. */
export function timerOf(event: { readonly type: string }): string | undefined {
  return event.type.startsWith('timer.') ? event.type.slice('timer.'.length) : undefined;
}

/** A timer that fired runs no longer. */
export function firedFrom(armed: ReadonlySet<string>, event: { readonly type: string }): ReadonlySet<string> {
  const timer = timerOf(event);
  return timer === undefined ? armed : new Set([...armed].filter((name) => name !== timer));
}

/** The words that a chart and its traces are made of, so that a session id that is one of them can be told from it. */
import type { AnyStateMachine } from 'xstate';

/** What snapshots, waits and events say that stands in no chart's definition. */
const WORDS = [
  ...['active', 'done', 'error', 'stopped'],
  ...['retry', 'backoff', 'cooldown', 'invalidSession', 'order', 'retryAfter'],
  ...['unauthorized', 'rateLimited', 'unavailable', 'unreachable'],
];

const known = new WeakMap<object, string>();

/** All words of a chart, as one text. */
export function wordsOf({ config }: AnyStateMachine): string {
  const words = known.get(config) ?? [JSON.stringify(config, withoutContext), ...WORDS].join('\n');
  known.set(config, words);
  return words;
}

/** What a chart begins with is data and no word of it. */
function withoutContext(key: string, value: unknown): unknown {
  return key === 'context' ? undefined : value;
}

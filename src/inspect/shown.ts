/** What an inspector may show: no secrets, and of payloads only that they came. */
import { redactor } from '../trace/index.js';

/** What is shown beyond the states and events themselves. */
export interface Shown {
  /** Shows what dispatches and commands hold. Off unless told: it is what people wrote. */
  readonly payloads?: boolean | undefined;
}

/** Where the charts keep what dispatches and commands hold. */
const CONTENTS = new Set(['data', 'd', 'buffer', 'backlog', 'dispatches', 'payload', 'payloads']);

/** A function that takes plain data and leaves out what may not be shown. What is a secret it learns on the way. */
export function shownBy({ payloads = false }: Shown): <T>(value: T) => T {
  const secrets = redactor();
  return (value) => secrets.value(payloads ? value : withoutContents(value));
}

function withoutContents<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutContents) as T;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    CONTENTS.has(key) ? sizeOf(each) : withoutContents(each),
  ]);
  return Object.fromEntries(entries);
}

function sizeOf(content: unknown): string {
  return Array.isArray(content) ? `<${content.length} left out>` : '<left out>';
}

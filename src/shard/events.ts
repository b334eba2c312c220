import { DISPATCH_EVENTS, isDispatchEvent, isDispatchName } from '../../machines/client.js';
import { closest } from '../../machines/kit/closest.js';
import { kindOf } from '../../machines/kit/shape.js';
import { unknownEvent } from '../../machines/protocol/wanted.js';

/** What a shard emits besides dispatches. */
export const NEWS = [
  'transition',
  'notice',
  'warning',
  'health',
  'storm',
  'failed',
  'located',
  'latency',
  'backlog',
  'dispatch',
  'raw',
] as const;

const isNews = (event: unknown): boolean => (NEWS as readonly unknown[]).includes(event);

/** Throws a `TypeError` for an event that there is not, that a shard is not for, or for what cannot be called. */
export function checkListener(event: unknown, listener: unknown, events: ReadonlySet<string> | null): void {
  if (!isNews(event)) checkDispatchName(event, events);
  if (typeof listener !== 'function') throw new TypeError(`a listener of ${nameOf(event)} must be a function`);
}

/** Throws a `TypeError` for the name of a dispatch that there is not, or that a shard is not for. `events` null is all. */
export function checkDispatchName(name: unknown, events: ReadonlySet<string> | null): void {
  if (!isDispatchName(name)) throw new TypeError(notAnEvent(name));
  if (events?.has(name)) return;
  if (!isDispatchEvent(name) && closest(name, DISPATCH_EVENTS) !== undefined) throw new TypeError(unknownEvent(name));
  if (events !== null) {
    throw new TypeError(
      `${name} never comes: this shard is for ${[...events].join(', ')}; add it to the option events`,
    );
  }
}

/** Events of other libraries, and of sockets. */
const INSTEAD: Readonly<Record<string, string>> = {
  close: 'transition',
  debug: 'transition',
  disconnect: 'transition',
  error: 'failed, or warning',
  message: 'MESSAGE_CREATE',
  reconnecting: 'transition',
  shardReady: 'READY',
  warn: 'warning',
};

function notAnEvent(name: unknown): string {
  if (Array.isArray(name)) return 'an event is one name, not a list: name several one after the other';
  const meant = typeof name === 'string' ? meantBy(name, [...NEWS, ...DISPATCH_EVENTS]) : undefined;
  const instead =
    meant === undefined ? `; there are ${NEWS.join(', ')}, and dispatches such as MESSAGE_CREATE` : `: write ${meant}`;
  return `there is no event ${nameOf(name)}${instead}`;
}

const meantBy = (name: string, known: readonly string[]): string | undefined =>
  Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : closest(name, known);

const nameOf = (event: unknown): string =>
  typeof event === 'string' && /^[\w -]{1,60}$/.test(event) ? `"${event}"` : `of that name (${kindOf(event)})`;

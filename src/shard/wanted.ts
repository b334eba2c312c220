/** The options `events` and `intents`: what they mean together, for the compiler and for the shard. */

import {
  DISPATCH_EVENTS,
  type DispatchEventName,
  EVENTS,
  type EventsUnder,
  explainIntents,
  type IntentName,
  type IntentsOf,
  intentBits,
  intentsFor,
  isDispatchEvent,
  undeliverable,
} from '../../machines/client.js';
import { closest } from '../../machines/kit/closest.js';
import { unknownEvent } from '../../machines/protocol/wanted.js';

/** Names of dispatches. */
export type EventNames = readonly DispatchEventName[];

/** Names of intents, or their bits. */
export type IntentList = readonly (IntentName | number)[] | number;

/** Which dispatches a shard is for, and its intents: one of the two may be left out. */
export type WantedOptions<E extends EventNames = EventNames, I extends IntentList = IntentList> =
  | {
      /** Those that the events need, unless told. */
      readonly intents?: never;
      /** The only dispatches to be parsed and delivered. */
      readonly events: E;
    }
  | {
      /** Names of intents, or their bits ("Gateway Intents"). */
      readonly intents: I;
      /** The only dispatches to be parsed and delivered; all unless told. */
      readonly events?: E | undefined;
    };

/** Refuses an event that none of the intents brings, as far as both are known by name. */
export interface Deliverable<E extends EventNames, I extends IntentList> {
  readonly events?: { readonly [K in keyof E]: DeliverableEvent<E[K], I> } | undefined;
}

/** The event itself, or joined to a sentence of what is missing: alone, that would be reduced to `never` and not shown. */
// A template: of the alias, the compiler would show the name.
type DeliverableEvent<E extends DispatchEventName, I extends IntentList> = I extends readonly IntentName[]
  ? [Extract<E, EventsUnder<I[number]>>] extends [never]
    ? { readonly 'no intent given brings it, add': `${IntentsOf<E>}` }
    : E
  : E;

/** What was made of the two options. */
interface WantedSettings {
  /** Null for all. */
  readonly events: ReadonlySet<string> | null;
  readonly intents: number;
  /** What a person should know of it. */
  readonly remarks: readonly string[];
}

const NO_REMARKS: readonly string[] = [];

/** Checks both options; a `TypeError` says which is wrong and what to write. */
export function wantedFrom({
  events,
  intents,
}: {
  events?: EventNames | undefined;
  intents?: IntentList | undefined;
}): WantedSettings {
  if (events === undefined && intents === undefined) {
    throw new TypeError('intents is missing: set it, or set events to the dispatches that you want');
  }
  if (events === undefined) return { events: null, intents: intentBits(intents as IntentList), remarks: NO_REMARKS };
  if (!Array.isArray(events)) throw new TypeError("events must be a list of names, such as ['MESSAGE_CREATE']");
  for (const name of events as readonly unknown[]) {
    if (typeof name !== 'string' || !/^[A-Z][A-Z0-9_]*$/.test(name))
      throw new TypeError(`events: ${unknownEvent(name)}`);
  }
  const known = events.filter((name) => isDispatchEvent(name));
  const unknown = events.filter((name) => !isDispatchEvent(name));
  const mistyped = unknown.find((name) => closest(name, DISPATCH_EVENTS) !== undefined);
  if (mistyped !== undefined) throw new TypeError(`events: ${unknownEvent(mistyped)}`);
  if (intents === undefined && unknown.length > 0) {
    throw new TypeError(`events: ${unknownEvent(unknown[0])}, so its intents are not known: set intents too`);
  }
  const bits = intentBits(intents ?? intentsFor(known));
  return {
    events: new Set(events),
    intents: bits,
    remarks: [
      ...unknown.map((name) => `events: ${unknownEvent(name)}`),
      ...known.flatMap((name) => neverComes(name, bits) ?? []),
      ...(intents === undefined ? privilegedAmong(known) : []),
    ],
  };
}

/** What a person should know of an event that none of the intents brings; null for any other. */
export function neverComes(event: string, intents: number): string | null {
  if (!isDispatchEvent(event) || undeliverable([event], intents).length === 0) return null;
  return `${event} never comes under these intents: add ${anyFor(event)}`;
}

function anyFor(event: DispatchEventName): string {
  const { guild, direct } = EVENTS[event];
  return [...guild, ...direct].join(' or ');
}

function privilegedAmong(events: EventNames): string[] {
  const names = explainIntents(events).privileged.join(', ');
  return names === ''
    ? []
    : [`the events need ${names}, to be enabled in the Developer Portal: set intents to say that they are`];
}

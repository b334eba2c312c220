/**
 * The protocol of `@statelyai/inspect` 0.7.2, which the hosted inspector and the package's receivers speak: three
 * messages, as JSON. What XState tells its inspectors beyond that (microsteps, actions) has no message there.
 */
import type { InspectionEvent } from 'xstate';
import { definitionOf } from '../../machines/kit/definition.js';
import { parentOf } from '../../machines/kit/xstate-insides.js';

/** The version that messages carry. */
const STATELY_VERSION = '0.7.2';

interface Base {
  readonly _version: string;
  /** When it was made, in ms since 1970, as text. */
  readonly createdAt: string;
  readonly id: null;
  readonly rootId: string | undefined;
  /** Of the actor that the message is about. */
  readonly sessionId: string;
}

/** An actor begins. */
export interface ActorMessage extends Base {
  readonly type: '@xstate.actor';
  readonly name: string;
  /** The chart as JSON text, with names where code would be. */
  readonly definition: string | undefined;
  readonly parentId: string | undefined;
  readonly snapshot: unknown;
}

/** An event is sent to the actor. */
export interface EventMessage extends Base {
  readonly type: '@xstate.event';
  readonly event: StatelyEvent;
  readonly sourceId: string | undefined;
}

/** The actor has taken an event. */
export interface SnapshotMessage extends Base {
  readonly type: '@xstate.snapshot';
  readonly event: StatelyEvent;
  readonly snapshot: unknown;
}

/** A message of the protocol. */
export type StatelyMessage = ActorMessage | EventMessage | SnapshotMessage;

/** An event as it is shown. */
export interface StatelyEvent {
  readonly type: string;
  readonly [detail: string]: unknown;
}

/** What an actor shows of itself. */
interface Inspected {
  readonly id: string;
  readonly sessionId: string;
  readonly logic?: { readonly config?: unknown };
  getSnapshot(): unknown;
}

/** An inspection event of XState as a message; null if the protocol has none for it. */
export function messageOf(seen: InspectionEvent, shown: <T>(value: T) => T): StatelyMessage | null {
  const actor = seen.actorRef as unknown as Inspected;
  const base = baseOf(actor.sessionId, seen.rootId);
  switch (seen.type) {
    case '@xstate.actor': {
      const name = nameOf(actor);
      return {
        type: seen.type,
        ...base,
        name,
        definition: JSON.stringify(definitionOf(actor.logic?.config) ?? { id: name }),
        parentId: parentOf(actor)?.sessionId,
        snapshot: shown(plain(snapshotOf(actor))),
      };
    }
    case '@xstate.event':
      return { type: seen.type, ...base, event: shown(plain(seen.event)), sourceId: sourceOf(seen.sourceRef) };
    case '@xstate.snapshot':
      return {
        type: seen.type,
        ...base,
        event: shown(plain(seen.event)),
        snapshot: shown(plain(seen.snapshot)),
      };
    default:
      return null;
  }
}

/** What all messages about an actor have. */
export function baseOf(sessionId: string, rootId: string | undefined): Base {
  return { _version: STATELY_VERSION, createdAt: `${Date.now()}`, id: null, rootId, sessionId };
}

/** An actor that is still being made has no snapshot yet. */
function snapshotOf(actor: Inspected): unknown {
  try {
    return actor.getSnapshot() ?? { status: 'active' };
  } catch {
    return { status: 'active' };
  }
}

function sourceOf(source: unknown): string | undefined {
  return (source as { sessionId?: string } | undefined)?.sessionId;
}

/** The name that an actor was given, or else that of its chart. */
function nameOf({ id, sessionId, logic }: Inspected): string {
  const chart = (logic?.config as { id?: unknown } | undefined)?.id;
  return id === sessionId && typeof chart === 'string' ? chart : id;
}

/** As JSON has it: without functions, actors as their ids, snapshots without their chart. */
function plain<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value, withoutCycles()));
}

/** A replacer that leaves out what holds itself, and says what was an error. */
function withoutCycles(): (this: unknown, key: string, value: unknown) => unknown {
  const around: unknown[] = [];
  return function (_, value) {
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (typeof value === 'bigint') return `${value}`;
    if (typeof value !== 'object' || value === null) return value;
    while (around.length > 0 && around.at(-1) !== this) around.pop();
    if (around.includes(value)) return '[circular]';
    around.push(value);
    return value;
  };
}

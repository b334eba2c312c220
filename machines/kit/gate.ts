import type { AnyStateMachine, EventObject } from 'xstate';
import { closest } from './closest.js';
import { demandGiven, isChart, kindOf } from './shape.js';
import { derived } from './xstate-insides.js';

/** The numbers of the questions that a chart has open. */
export interface Questions {
  readonly connection: number;
  readonly request: number;
}

/**
 * Whether an event answers a question that is still open. Answers carry the number of their question:
 * sockets the number of their connection, locator and permits that of their request. Everything else passes.
 */
export function isCurrent(context: Questions, event: EventObject): boolean {
  if (typeof event !== 'object')
    throw new TypeError(`an event is an object, such as { type: 'start' }, not ${kindOf(event)}`);
  if ('connection' in event && event.connection !== context.connection) return false;
  if ('request' in event && event.request !== context.request) return false;
  return true;
}

/**
 * The same chart with one gate before it, at the point of processing: an answer to a question that is no longer
 * open changes nothing. The chart needs no guards for it, and actor, pure runner and explorer share the rule.
 */
export function gated<M extends AnyStateMachine>(machine: M): M {
  demandGiven('the chart', machine, isChart);
  return derived(machine, {
    transition: (...[snapshot, event, scope]: Parameters<M['transition']>) =>
      isCurrent(snapshot.context, event) ? machine.transition(snapshot, event, scope) : snapshot,
    provide(implementations: Parameters<M['provide']>[0]) {
      demandKnown(machine, implementations);
      return gated(machine.provide(implementations));
    },
  });
}

/** Effects that no host has implemented yet. */
const unimplemented = new WeakSet<object>();

/** An effect of a chart: typed here, done by a host. */
export function effect<Params>(): (args: unknown, params: Params) => void {
  const stand = (_args: unknown, _params: Params): void => {};
  unimplemented.add(stand);
  return stand;
}

/** XState takes any name; a chart uses those that it was set up with. Throws a `TypeError` for another, or for what is no implementation. */
function demandKnown(machine: AnyStateMachine, implementations: object): void {
  for (const [kind, given] of Object.entries(implementations ?? {})) {
    const known = (machine.implementations as unknown as Record<string, object | undefined>)[kind];
    if (known === undefined)
      throw new TypeError(`provide: ${kind}: ${instead(kind, Object.keys(machine.implementations))}`);
    for (const [name, implementation] of Object.entries(given ?? {})) {
      if (!Object.hasOwn(known, name))
        throw new TypeError(`provide: ${kind}.${name}: ${instead(name, Object.keys(known))}`);
      if (implementation === undefined)
        throw new TypeError(`provide: ${kind}.${name} is undefined: leave it out, or set it`);
      if (typeof implementation !== 'function' && !(kind === 'delays' && typeof implementation === 'number'))
        throw new TypeError(`provide: ${kind}.${name} must be a function${kind === 'delays' ? ' or a number' : ''}`);
    }
  }
  demandWhole(machine.implementations.actions, Object.keys((implementations as Provided)?.actions ?? {}));
}

interface Provided {
  readonly actions?: object;
}

/** Effects are for a host that has them all. To hear of reports is none. */
function demandWhole(actions: Readonly<Record<string, unknown>>, given: readonly string[]): void {
  const open = Object.keys(actions).filter((name) => name !== 'report' && unimplemented.has(Object(actions[name])));
  const missing = open.filter((name) => !given.includes(name));
  if (missing.length === open.length || missing.length === 0) return;
  throw new TypeError(
    `provide: the effects ${missing.join(', ')} are missing: whoever implements one implements all, as () => {} where nothing is to be done`,
  );
}

function instead(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  return `the chart has nothing of that name${meant === undefined ? `, but ${known.join(', ')}` : `: write ${meant}`}`;
}

/**
 * The transitions of a chart as data: what happens to a client or a Gateway and what it has to do, for sans-IO
 * implementations in any language. docs/vectors.md tells how to replay them.
 */

import type { AnyStateMachine, ContextFrom, EventFromLogic } from 'xstate';
import {
  type CauseRow,
  DEFAULT_GATEWAY_SETTINGS,
  DEFAULT_POLICY,
  gatewayAbstraction,
  gatewayMachine,
  type Instruction,
  type Policy,
  SPANS,
  type Span,
  shardAbstraction,
  shardMachine,
  type Timer,
} from '../../machines/index.js';
import { definitionText } from '../../machines/kit/definition.js';
import { demandGiven, isTrueOrFalse } from '../../machines/kit/shape.js';
import { timerOf } from '../../machines/kit/timers.js';
import { causesOf, clausesOf } from './clauses.js';
import { demandAbstracted } from './demands.js';
import { type AbstractionOf, type Edge, explore } from './graph.js';
import { only } from './model.js';
import { type Stimulus, stimulusOf } from './stimuli.js';

/** The number of the format; a change that old runners cannot read adds one. */
export const VECTOR_FORMAT = 1;

/** Something that has to be done, in order: an effect of the chart, or a timer to start, with its length in ms, or to stop. */
export type ExpectedEffect =
  | { readonly do: 'arm'; readonly timer: string; readonly ms: Span }
  | { readonly do: 'disarm'; readonly timer: string }
  | { readonly do: string; readonly [param: string]: unknown };

/** One vector: what comes after the end of another one, or first. */
export interface VectorStep {
  readonly id: number;
  /** The step before this one; null at the beginning. */
  readonly after: number | null;
  readonly on: Stimulus;
  readonly expect: readonly ExpectedEffect[];
  /** Names of clauses that demand it. */
  readonly because: readonly string[];
  /** The place in `states` of the state that this leads to. */
  readonly to: number;
}

/** A file of vectors. */
export interface VectorFile {
  readonly format: number;
  readonly chart: string;
  /** SHA-256 of the chart's definition without its tags and descriptions, in hexadecimal. */
  readonly definition: string;
  /** Of a client: every number that the documentation leaves to it. */
  readonly policy?: Policy;
  /** Of a Gateway, or any other chart: what it was begun with. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly clauses: Readonly<Record<string, CauseRow>>;
  /** Parts of the steps that can be passed without the rest, by the projections of the chart. */
  readonly subsets: Readonly<Record<string, readonly number[]>>;
  readonly states: readonly string[];
  readonly steps: readonly VectorStep[];
}

/** How the transitions of a chart become vectors. */
export interface VectorOptions<M extends AnyStateMachine> {
  /** What the chart is begun with, for the head of the file: a `policy`, or `settings`. */
  readonly begunWith?: Pick<VectorFile, 'policy' | 'settings'>;
  /** What happens, in words of its own; undefined leaves an event out. Unless told, the event as it is. */
  readonly stimulusOf?: (event: EventFromLogic<M>) => Stimulus | undefined;
  /** How long a timer may take, in ms. Unless told, exactly as long as the chart has it. */
  readonly spanOf?: (timer: string, context: ContextFrom<M>) => Span;
}

/** Every transition of the documented shard chart, as vectors. */
export function shardVectors(): Promise<VectorFile> {
  const policy = shardAbstraction.roots['documented']?.policy ?? DEFAULT_POLICY;
  return vectorsOf(shardMachine, shardAbstraction, {
    begunWith: { policy },
    stimulusOf,
    spanOf: (timer, context) => SPANS[timer as Timer](context),
  });
}

/** Every transition of the documented Gateway chart, as vectors; those of its faults only if told. */
export async function gatewayVectors(options: { readonly faults?: boolean } = {}): Promise<VectorFile> {
  demandGiven('', options, { fields: { faults: isTrueOrFalse } });
  const { faults = false } = options;
  const { documented } = gatewayAbstraction.roots;
  return vectorsOf(
    gatewayMachine,
    only(gatewayAbstraction, ({ type }) => faults || !type.startsWith('fault.')),
    { begunWith: { settings: { ...DEFAULT_GATEWAY_SETTINGS, ...documented?.settings } } },
  );
}

/** Every transition of a chart as vectors, from the first beginning that its abstraction names. */
export async function vectorsOf<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  { begunWith = { settings: {} }, stimulusOf: toStimulus = eventAsItIs, spanOf }: VectorOptions<M> = {},
): Promise<VectorFile> {
  demandAbstracted(machine, abstraction);
  const graph = explore(machine, {
    ...abstraction,
    roots: Object.fromEntries(Object.entries(abstraction.roots).slice(0, 1)),
  });
  const places = new Map([...graph.nodes.keys()].map((key, at) => [key, at]));
  const ids = new Map<Edge<M>, number>();
  const clauses: Record<string, CauseRow> = {};
  const steps = graph.edges.flatMap((edge): VectorStep[] => {
    const on = toStimulus(edge.event);
    if (on === undefined) return [];
    const id = ids.size;
    ids.set(edge, id);
    const because = namesOfClauses(edge);
    clausesOf(graph, edge).forEach((clause, i) => {
      clauses[because[i] ?? ''] = clause;
    });
    const context = (edge.after as { context: ContextFrom<M> }).context;
    const span = spanOf && ((timer: string) => spanOf(timer, context));
    const expect = edge.instructions.flatMap((instruction) => effectOf(instruction, span));
    const { via } = edge.from;
    const after = via === undefined ? null : found(ids.get(via));
    return [{ id, after, on, expect, because, to: found(places.get(edge.to.key)) }];
  });
  return {
    format: VECTOR_FORMAT,
    chart: machine.id,
    definition: await hash(definitionText(machine.config)),
    ...begunWith,
    clauses: Object.fromEntries(Object.entries(clauses).sort(([a], [b]) => (a < b ? -1 : 1))),
    subsets: subsetsOf(abstraction, ids),
    states: [...places.keys()],
    steps,
  };
}

/** A file as text: one step on a line, so that differences can be read. */
export function printVectors({ states, steps, ...head }: VectorFile): string {
  const lines = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const entries = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  return `{\n${entries.join('\n')}\n  "states": [\n${lines(states)}\n  ],\n  "steps": [\n${lines(steps)}\n  ]\n}\n`;
}

function eventAsItIs(event: { readonly type: string }): Stimulus {
  const timer = timerOf(event);
  return timer === undefined ? { kind: 'event', event } : { kind: 'timer', timer };
}

function namesOfClauses<M extends AnyStateMachine>({ instructions, rows }: Edge<M>): readonly string[] {
  const causes = causesOf(instructions);
  return causes.length > 0 ? causes : rows;
}

function effectOf({ type, params }: Instruction, spanOf?: (timer: string) => Span): ExpectedEffect[] {
  if (type === 'report') return [];
  if (type !== 'arm') return [{ do: type, ...params }];
  const { timer, delay } = params as { timer: string; delay: number };
  return [{ do: type, timer, ms: spanOf?.(timer) ?? [delay, delay] }];
}

/** The steps whose whole way from the beginning lies in a projection. */
function subsetsOf<M extends AnyStateMachine>(
  { projections = {} }: AbstractionOf<M>,
  ids: ReadonlyMap<Edge<M>, number>,
): VectorFile['subsets'] {
  return Object.fromEntries(
    Object.entries(projections).map(([name, { includes }]) => {
      const inside = new Map<Edge<M>, number>();
      for (const [edge, id] of ids) {
        const { via } = edge.from;
        if (includes(edge.event) && (via === undefined || inside.has(via))) inside.set(edge, id);
      }
      return [name, [...inside.values()]];
    }),
  );
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a shortest path goes through something that is no stimulus');
  return value;
}

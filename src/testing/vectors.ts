/**
 * The paths of the shard chart as data: what happens to a client and what it has to do, for sans-IO implementations in
 * any language. docs/vectors.md tells how to replay them.
 */
import type { AnyStateMachine } from 'xstate';
import {
  type CauseRow,
  type Instruction,
  type Policy,
  type ShardContext,
  SPANS,
  type Span,
  shardAbstraction,
  shardMachine,
  type Timer,
} from '../../machines/index.js';
import { causesOf, clausesOf } from './clauses.js';
import { type Edge, explore } from './graph.js';
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
  /** SHA-256 of the chart's definition, in hexadecimal. */
  readonly definition: string;
  /** Under which the chart was explored: every number that the documentation leaves open. */
  readonly policy: Policy;
  readonly clauses: Readonly<Record<string, CauseRow>>;
  /** Parts of the steps that can be passed without the rest, by the projections of the chart. */
  readonly subsets: Readonly<Record<string, readonly number[]>>;
  readonly states: readonly string[];
  readonly steps: readonly VectorStep[];
}

/** Every transition of the documented shard chart, as vectors. */
export async function shardVectors(): Promise<VectorFile> {
  const { documented = { policy: {} as Policy } } = shardAbstraction.roots;
  const graph = explore(shardMachine, { ...shardAbstraction, roots: { documented } });
  const states = [...graph.nodes.keys()];
  const ids = new Map<Edge<typeof shardMachine>, number>();
  const clauses: Record<string, CauseRow> = {};
  const steps = graph.edges.flatMap((edge): VectorStep[] => {
    const on = stimulusOf(edge.event);
    if (on === undefined) return [];
    const id = ids.size;
    ids.set(edge, id);
    const because = namesOfClauses(edge);
    clausesOf(graph, edge).forEach((clause, i) => {
      clauses[because[i] ?? ''] = clause;
    });
    const expect = edge.instructions.flatMap((instruction) => effectOf(instruction, edge.after.context));
    const { via } = edge.from;
    return [
      {
        id,
        after: via === undefined ? null : found(ids.get(via)),
        on,
        expect,
        because,
        to: states.indexOf(edge.to.key),
      },
    ];
  });
  return {
    format: VECTOR_FORMAT,
    chart: shardMachine.id,
    definition: await hash(definitionOf(shardMachine)),
    policy: documented.policy,
    clauses: Object.fromEntries(Object.entries(clauses).sort(([a], [b]) => (a < b ? -1 : 1))),
    subsets: subsetsOf([...ids.keys()], ids),
    states,
    steps,
  };
}

/** A file as text: one step on a line, so that differences can be read. */
export function printVectors({ states, steps, ...head }: VectorFile): string {
  const lines = (items: readonly unknown[]) => items.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  const entries = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  return `{\n${entries.join('\n')}\n  "states": [\n${lines(states)}\n  ],\n  "steps": [\n${lines(steps)}\n  ]\n}\n`;
}

function namesOfClauses({ instructions, rows }: Edge<typeof shardMachine>): readonly string[] {
  const causes = causesOf(instructions);
  return causes.length > 0 ? causes : rows.map((row) => row.slice(0, row.indexOf(':')));
}

function effectOf({ type, params }: Instruction, context: ShardContext): ExpectedEffect[] {
  if (type === 'report') return [];
  const { timer } = params as { timer: Timer };
  return type === 'arm' ? [{ do: type, timer, ms: SPANS[timer](context) }] : [{ do: type, ...params }];
}

/** The steps whose whole way from the beginning lies in a projection. */
function subsetsOf(
  edges: readonly Edge<typeof shardMachine>[],
  ids: ReadonlyMap<Edge<typeof shardMachine>, number>,
): VectorFile['subsets'] {
  const projections = Object.entries(shardAbstraction.projections ?? {});
  return Object.fromEntries(
    projections.map(([name, { includes }]) => {
      const inside = new Set<Edge<typeof shardMachine>>();
      for (const edge of edges) {
        const { via } = edge.from;
        if (includes(edge.event) && (via === undefined || inside.has(via))) inside.add(edge);
      }
      return [name, [...inside].map((edge) => found(ids.get(edge)))];
    }),
  );
}

/** What a chart is made of, as text: its configuration, with functions by what they say of themselves. */
function definitionOf(machine: AnyStateMachine): string {
  return JSON.stringify(machine.config, (key, value: unknown) => {
    if (key === 'context') return undefined;
    return typeof value === 'function' ? { ...(value as object) } : value;
  });
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a shortest path goes through something that is no stimulus');
  return value;
}

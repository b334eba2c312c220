/**
 * The transitions of a chart as data: what happens to a client or a Gateway and what it has to do, for sans-IO
 * implementations in any language. docs/vectors.md tells how to replay them.
 */

import type { AnyStateMachine } from 'xstate';
import { DEFAULT_GATEWAY_SETTINGS, gatewayAbstraction, gatewayMachine } from '../../../machines/index.js';
import { definitionText } from '../../../machines/kit/definition.js';
import { demandGiven, isTrueOrFalse } from '../../../machines/kit/shape.js';
import { demandAbstracted } from '../demands.js';
import { type AbstractionOf, explore } from '../graph.js';
import { only } from '../model.js';
import { inTables, VECTOR_FORMAT, type VectorFile } from './file.js';
import { type Played, VectorTree, type VectorWords } from './tree.js';

/** How the transitions of a chart become vectors. */
export interface VectorOptions<M extends AnyStateMachine> extends VectorWords<M> {
  /** What the chart is begun with, for the head of the file: a `policy`, or `settings`. */
  readonly begunWith?: Pick<VectorFile, 'policy' | 'settings'>;
  /** The effects whose order counts, among themselves; all that occur unless told. */
  readonly inOrder?: readonly string[];
}

/** Parts of a file beside the transitions, in order: each plays what it is there for. */
export type MoreParts<M extends AnyStateMachine> = Readonly<Record<string, (tree: VectorTree<M>) => void>>;

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
export function vectorsOf<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  options: VectorOptions<M> = {},
): Promise<VectorFile> {
  return vectorsWith(machine, abstraction, options, {});
}

/** The same, and more parts behind the transitions. */
export async function vectorsWith<M extends AnyStateMachine>(
  machine: M,
  abstraction: AbstractionOf<M>,
  { begunWith = { settings: {} }, inOrder, ...words }: VectorOptions<M>,
  more: MoreParts<M>,
): Promise<VectorFile> {
  demandAbstracted(machine, abstraction);
  const graph = explore(machine, {
    ...abstraction,
    roots: Object.fromEntries(Object.entries(abstraction.roots).slice(0, 1)),
  });
  const tree = new VectorTree(graph, words);
  const parts = Object.entries({ transitions, ...more }).map(([name, grow]) => {
    const first = tree.steps.length;
    grow(tree);
    return [name, [first, tree.steps.length]] as const;
  });
  const effects = new Set(tree.steps.flatMap(({ expect }) => expect.map((effect) => effect.do)));
  return {
    format: VECTOR_FORMAT,
    chart: machine.id,
    definition: await hash(definitionText(machine.config)),
    ...begunWith,
    clauses: Object.fromEntries([...tree.clauses].sort(([a], [b]) => (a < b ? -1 : 1))),
    inOrder: inOrder ?? [...effects].filter((name) => name !== 'arm' && name !== 'disarm'),
    parts: Object.fromEntries(parts),
    subsets: subsetsOf(tree),
    states: [...tree.states.keys()],
    ...inTables(tree.steps),
  };
}

/** Every event in every state, once. */
function transitions<M extends AnyStateMachine>(tree: VectorTree<M>): void {
  for (const edge of tree.graph.edges)
    if (tree.words.stimulusOf?.(edge.event) !== undefined || tree.words.stimulusOf === undefined)
      tree.play(tree.wayTo(edge.from), edge.event);
}

/** The steps whose whole way from the beginning lies in a projection. */
function subsetsOf<M extends AnyStateMachine>({ root, graph }: VectorTree<M>): VectorFile['subsets'] {
  const names = Object.keys(graph.abstraction.projections ?? {});
  const ids = new Map(names.map((name) => [name, [] as number[]]));
  const queue: Played<M>[] = [root];
  for (const { id, inside, next } of queue) {
    if (id !== null) for (const name of inside) ids.get(name)?.push(id);
    queue.push(...next.values());
  }
  return Object.fromEntries([...ids].map(([name, found]) => [name, found.sort((a, b) => a - b)]));
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

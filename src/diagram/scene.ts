import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { stateNodesOf } from '../../machines/kit/rows.js';
import {
  demandGiven,
  type Fields,
  isChart,
  isNumber,
  isPlainObject,
  isText,
  listOf,
  oneOf,
  type Rule,
} from '../../machines/kit/shape.js';
import { lineage } from '../telling/resting-states.js';
import { defaultEntries, type Edge, edgesOf, isWithin } from './edges.js';

/** What of a chart to draw. States are named by their id, with or without the chart's own before it. */
export interface View {
  /** States whose inside is left out; what goes in or out of it is drawn at their border. */
  readonly fold?: readonly string[];
  /** Draws this state alone, and of the rest only where its arrows come from and lead to. */
  readonly only?: string;
  /** How many events a label names before it says `...`; all of them unless told. */
  readonly events?: number;
  /** Words for many events: where a label would name all of them it says the word. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly title?: string;
  /** Where most arrows lead; `down` unless told. Mermaid decides for itself. */
  readonly direction?: 'down' | 'right';
}

/** What a view may say. */
const VIEW: Fields = {
  fields: {
    fold: listOf(isText),
    only: isText,
    events: isNumber,
    groups: isPlainObject,
    title: isText,
    direction: oneOf('down', 'right'),
  } satisfies Record<keyof View, Rule>,
};

/** A view names a state that the chart has not. */
export class ViewError extends TypeError {
  override readonly name = 'ViewError';
  readonly code = 'ERR_VIEW';
}

/** A view of a chart: its states and edges, before anybody draws them. Throws a `ViewError` for a state that the chart has not. */
export class Scene {
  /** The state that is drawn with all it holds: the chart itself, or `only`. */
  readonly top: AnyStateNode;
  readonly edges: readonly Edge[];
  /** States that lie elsewhere and are the end of an edge. */
  readonly outside: readonly AnyStateNode[];
  /** Whether the top is a box of its own: the chart itself is one only if it has rows or regions. */
  readonly topIsBox: boolean;
  readonly #folded: ReadonlySet<AnyStateNode>;
  readonly #defaults: ReadonlySet<AnyStateNode>;

  constructor(
    readonly machine: AnyStateMachine,
    view: View,
  ) {
    demandGiven('the chart', machine, isChart);
    demandGiven('view', view, VIEW);
    const { fold = [], only } = view;
    this.#folded = new Set(fold.map((id) => stateOf(machine, id)));
    this.#defaults = defaultEntries(machine);
    const top = only === undefined ? machine.root : stateOf(machine, only);
    this.top = top;
    this.edges = edgesOf(machine, this.shown).filter(({ from, to }) => isWithin(from, top) || isWithin(to, top));
    const ends = this.edges.flatMap(({ from, to }) => [from, to]);
    this.outside = [...new Set(ends.filter((node) => !isWithin(node, top)))];
    this.topIsBox = top !== machine.root || top.type === 'parallel' || this.edges.some(({ from }) => from === top);
  }

  /** The state itself, or the outermost folded one around it. */
  readonly shown = (node: AnyStateNode): AnyStateNode =>
    lineage(node).findLast((each) => this.#folded.has(each)) ?? node;

  /** Whether the inside of a state is left out, and it has one. */
  isFolded(node: AnyStateNode): boolean {
    return this.#folded.has(node) && Object.keys(node.states).length > 0;
  }

  /** Whether a state is drawn as a box around others. */
  isComposite(node: AnyStateNode): boolean {
    return Object.keys(node.states).length > 0 && isWithin(node, this.top) && !this.#folded.has(node);
  }

  /** The state that the initial arrow of another leads to, if any way into that one takes it. */
  initialOf(node: AnyStateNode): AnyStateNode | undefined {
    if (node.type === 'parallel' || !this.#defaults.has(node)) return undefined;
    const [target] = node.initial.target ?? [];
    return target === undefined ? undefined : this.shown(target);
  }
}

function stateOf(machine: AnyStateMachine, id: string): AnyStateNode {
  const found = stateNodesOf(machine).find((node) => node.id === id || node.id === `${machine.root.id}.${id}`);
  if (found !== undefined) return found;
  const alike = stateNodesOf(machine).filter((node) => node.key === id.split('.').at(-1));
  const hint = alike.length === 0 ? '' : `; perhaps ${alike.map((node) => node.path.join('.')).join(' or ')}?`;
  throw new ViewError(`The chart ${machine.root.id} has no state ${id}${hint}`);
}

/** The path of a state as seen from another: without what both have in common. */
export function relativeTo(other: AnyStateNode, node: AnyStateNode): string {
  return node.path.slice(node.path.findIndex((key, i) => key !== other.path[i])).join('.');
}

/**
 * Draws a chart as Mermaid text (`stateDiagram-v2`), which GitHub and many editors show as a picture.
 *
 * Mermaid nests states correctly only if all of them are declared before any edge, and no edge stands inside a
 * composite; only the arrow from `[*]` to an initial state may, and has to.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { defaultEntries, type Edge, edgesOf, isWithin, lineage, stateNodesOf } from './edges.js';
import { labelOf } from './labels.js';

/** What of a chart to draw, and how. States are named by their id, with or without the chart's own before it. */
export interface MermaidOptions {
  /** States whose inside is left out; what goes in or out of it is drawn at their border. */
  readonly fold?: readonly string[];
  /** Draws this state alone, and of the rest only where its arrows come from and lead to. */
  readonly only?: string;
  /** How many events a label names before it says `...`; all of them unless told. */
  readonly events?: number;
  readonly title?: string;
}

/**
 * The text of a diagram, always the same for the same chart. Rows of the chart between the same two states share an
 * arrow: `closed [forbidsReconnect]` is an event and its guard, `after hello` the event `timer.hello`. What a state
 * handles without being left stands below its name, or where there are states inside of it on an arrow to itself.
 * Throws a `TypeError` for a state that the chart has not.
 */
export function mermaid(machine: AnyStateMachine, options: MermaidOptions = {}): string {
  const { fold = [], only, title } = options;
  const folded = new Set(fold.map((id) => stateOf(machine, id)));
  const top = only === undefined ? machine.root : stateOf(machine, only);
  const lines = new Drawing(machine, top, folded, options.events ?? Number.POSITIVE_INFINITY).lines();
  return [...(title === undefined ? [] : ['---', `title: ${JSON.stringify(title)}`, '---']), ...lines].join('\n');
}

function stateOf(machine: AnyStateMachine, id: string): AnyStateNode {
  const found = stateNodesOf(machine).find((node) => node.id === id || node.id === `${machine.root.id}.${id}`);
  if (found === undefined) throw new TypeError(`The chart ${machine.root.id} has no state ${id}`);
  return found;
}

class Drawing {
  readonly #machine: AnyStateMachine;
  readonly #top: AnyStateNode;
  readonly #folded: ReadonlySet<AnyStateNode>;
  readonly #events: number;
  readonly #edges: readonly Edge[];
  readonly #defaults: ReadonlySet<AnyStateNode>;

  constructor(machine: AnyStateMachine, top: AnyStateNode, folded: ReadonlySet<AnyStateNode>, events: number) {
    this.#machine = machine;
    this.#top = top;
    this.#folded = folded;
    this.#events = events;
    this.#edges = edgesOf(machine, this.#shown).filter(({ from, to }) => isWithin(from, top) || isWithin(to, top));
    this.#defaults = defaultEntries(machine);
  }

  lines(): string[] {
    const top = this.#top;
    const ends = this.#edges.flatMap(({ from, to }) => [from, to]);
    const outside = new Set(ends.filter((node) => !isWithin(node, top)));
    // The chart itself is a box only if it has rows or regions of its own.
    const isBox = top !== this.#machine.root || top.type === 'parallel' || this.#edges.some(({ from }) => from === top);
    const states = [
      ...(isBox ? this.#declare(top) : [...this.#initial(top), ...Object.values(top.states).flatMap(this.#declare)]),
      ...[...outside].map((node) => `state "${relativeTo(top, node)}" as ${this.#name(node)}`),
    ];
    return ['stateDiagram-v2', ...[...states, ...this.#arrows()].map(indent)];
  }

  /** The state itself, or the outermost folded one around it. */
  readonly #shown = (node: AnyStateNode): AnyStateNode =>
    lineage(node).findLast((each) => this.#folded.has(each)) ?? node;

  readonly #isComposite = (node: AnyStateNode): boolean =>
    Object.keys(node.states).length > 0 && isWithin(node, this.#top) && !this.#folded.has(node);

  readonly #declare = (node: AnyStateNode): string[] => {
    const name = this.#name(node);
    if (!this.#isComposite(node)) {
      const stays = this.#edges.find(({ from, isInternal }) => isInternal && from === node);
      if (stays) return [`state "${node.key}" as ${name}`, `${name} : ${labelOf(stays.rows, this.#events)}`];
      return [name === node.key ? name : `state "${node.key}" as ${name}`];
    }
    const head = name === node.key ? name : `"${node.key}" as ${name}`;
    const regions = Object.values(node.states).map(this.#declare);
    const isParallel = node.type === 'parallel';
    const inner = regions.flatMap((lines, i) => (isParallel && i > 0 ? ['--', ...lines] : lines));
    return [`state ${head} {`, ...[...this.#initial(node), ...inner].map(indent), '}'];
  };

  /** The arrow to the initial state, if any way into `node` takes it. */
  #initial(node: AnyStateNode): string[] {
    if (node.type === 'parallel' || !this.#defaults.has(node)) return [];
    return (node.initial.target ?? []).map((target) => `[*] --> ${this.#name(this.#shown(target))}`);
  }

  /** A line for each pair of states that anything leads from and to. */
  #arrows(): string[] {
    const labels = new Map<string, string[]>();
    for (const edge of this.#edges) {
      if (edge.isInternal && !this.#isComposite(edge.from)) continue; // it stands in the box
      const [to, note] = this.#end(edge);
      const ends = `${this.#name(edge.from)} --> ${this.#name(to)}`;
      labels.set(ends, [...(labels.get(ends) ?? []), labelOf(edge.rows, this.#events) + note]);
    }
    return [...labels].map(([ends, parts]) => `${ends} : ${parts.join('<br/>')}`);
  }

  /** Where an edge is drawn to: Mermaid can connect no composite with a state inside of it, in neither direction. */
  #end({ from, to, isInternal }: Edge): [to: AnyStateNode, note: string] {
    if (isInternal) return [from, ' (stays)'];
    if (from === to) return [to, ''];
    if (this.#isComposite(from) && isWithin(to, from)) return [from, ` (to ${relativeTo(from, to)})`];
    return [isWithin(from, to) ? this.#first(to) : to, ''];
  }

  /** The state that entering another leads to. */
  #first(node: AnyStateNode): AnyStateNode {
    const [target] = this.#isComposite(node) && node.type === 'compound' ? (node.initial.target ?? []) : [];
    return target === undefined ? node : this.#first(target);
  }

  /** As much of the state's path, from its end, as no other state shares: in Mermaid all names stand side by side. */
  #name(node: AnyStateNode): string {
    const others = stateNodesOf(this.#machine).filter((other) => other !== node);
    const path = node.path.length === 0 ? [node.key] : node.path;
    for (let length = 1; length <= path.length; length++) {
      const end = path.slice(-length);
      const isShared = others.some(({ path: other }) => other.slice(-length).join('.') === end.join('.'));
      if (!isShared || length === path.length) return end.join('_').replace(/\W/g, '_');
    }
    return node.key;
  }
}

const indent = (line: string): string => `  ${line}`;

/** The path of a state as seen from another: without what both have in common. */
function relativeTo(other: AnyStateNode, node: AnyStateNode): string {
  return node.path.slice(node.path.findIndex((key, i) => key !== other.path[i])).join('.');
}

/**
 * Draws a chart as Mermaid text (`stateDiagram-v2`), which GitHub and many editors show as a picture.
 *
 * Mermaid nests states correctly only if all of them are declared before any edge, and no edge stands inside a
 * composite; only the arrow from `[*]` to an initial state may, and has to.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { rowId, stateNodesOf } from '../../machines/kit/rows.js';
import { inMermaid, printableJson } from '../telling/printable.js';
import { type Edge, isWithin } from './edges.js';
import { linesOf, type Wording } from './labels.js';
import { relativeTo, Scene, type View } from './scene.js';

/** Columns after which a label goes on in the next line; Mermaid itself breaks at 200 pixels. */
const WIDTH = 26;

/** What to add to a diagram. */
export interface MermaidOptions {
  /** Steps whose numbers stand before the labels, each by the ids of the rows that it took. */
  readonly path?: readonly (readonly string[])[];
}

/**
 * The text of a diagram, always the same for the same chart. Rows of the chart between the same two states share an
 * arrow: `closed [forbidsReconnect]` is an event and its guard, `timer.hello` that of a deadline. What a state
 * handles without being left stands below its name, or where there are states inside of it on an arrow to itself.
 * Throws a `ViewError` for a state that the chart has not.
 */
export function mermaid(machine: AnyStateMachine, view: View = {}, { path = [] }: MermaidOptions = {}): string {
  const scene = new Scene(machine, view);
  const { title } = view;
  const wording = { width: WIDTH, most: view.events ?? Number.POSITIVE_INFINITY, groups: view.groups ?? {} };
  const lines = new Drawing(scene, wording, path).lines();
  return [...(title === undefined ? [] : ['---', `title: ${printableJson(title)}`, '---']), ...lines].join('\n');
}

class Drawing {
  readonly #scene: Scene;
  readonly #wording: Wording;
  readonly #path: readonly (readonly string[])[];

  constructor(scene: Scene, wording: Wording, path: readonly (readonly string[])[]) {
    this.#scene = scene;
    this.#wording = wording;
    this.#path = path;
  }

  lines(): string[] {
    const { top, topIsBox, outside } = this.#scene;
    const states = [
      ...(topIsBox ? this.#declare(top) : [...this.#initial(top), ...Object.values(top.states).flatMap(this.#declare)]),
      ...outside.map((node) => `state "${quoted(relativeTo(top, node))}" as ${this.#name(node)}`),
    ];
    return ['stateDiagram-v2', ...[...states, ...this.#arrows()].map(indent)];
  }

  readonly #declare = (node: AnyStateNode): string[] => {
    const name = this.#name(node);
    if (!this.#scene.isComposite(node)) {
      const stays = this.#scene.edges.find(({ from, isInternal }) => isInternal && from === node);
      if (stays) return [`state "${quoted(node.key)}" as ${name}`, `${name} : ${this.#label(stays)}`];
      return [name === node.key ? name : `state "${quoted(node.key)}" as ${name}`];
    }
    const head = name === node.key ? name : `"${quoted(node.key)}" as ${name}`;
    const regions = Object.values(node.states).map(this.#declare);
    const isParallel = node.type === 'parallel';
    const inner = regions.flatMap((lines, i) => (isParallel && i > 0 ? ['--', ...lines] : lines));
    return [`state ${head} {`, ...[...this.#initial(node), ...inner].map(indent), '}'];
  };

  /** The arrow to the initial state, if any way into `node` takes it. */
  #initial(node: AnyStateNode): string[] {
    const initial = this.#scene.initialOf(node);
    return initial === undefined ? [] : [`[*] --> ${this.#name(initial)}`];
  }

  /** A line for each pair of states that anything leads from and to. */
  #arrows(): string[] {
    const labels = new Map<string, string[]>();
    for (const edge of this.#scene.edges) {
      if (edge.isInternal && !this.#scene.isComposite(edge.from)) continue; // it stands in the box
      const [to, note] = this.#end(edge);
      const ends = `${this.#name(edge.from)} --> ${this.#name(to)}`;
      labels.set(ends, [...(labels.get(ends) ?? []), this.#label(edge) + note]);
    }
    return [...labels].map(([ends, parts]) => `${ends} : ${parts.join('<br/>')}`);
  }

  /** Where an edge is drawn to: Mermaid can connect no composite with a state inside of it, in neither direction. */
  #end({ from, to, isInternal }: Edge): [to: AnyStateNode, note: string] {
    if (isInternal) return [from, ' (stays)'];
    if (from === to) return [to, ''];
    if (this.#scene.isComposite(from) && isWithin(to, from)) return [from, ` (to ${described(relativeTo(from, to))})`];
    return [isWithin(from, to) ? this.#first(to) : to, ''];
  }

  /** The state that entering another leads to. */
  #first(node: AnyStateNode): AnyStateNode {
    const [target] = this.#scene.isComposite(node) && node.type === 'compound' ? (node.initial.target ?? []) : [];
    return target === undefined ? node : this.#first(target);
  }

  #label({ rows }: Edge): string {
    const ids = rows.map(rowId);
    const numbers = this.#path.flatMap((step, i) => (step.some((id) => ids.includes(id)) ? [i + 1] : []));
    const label = linesOf(rows, this.#wording).map(described).join('<br/>');
    return numbers.length === 0 ? label : `(${numbers.join(', ')}) ${label}`;
  }

  /** As much of the state's path, from its end, as no other state shares: in Mermaid all names stand side by side. */
  #name(node: AnyStateNode): string {
    const others = stateNodesOf(this.#scene.machine).filter((other) => other !== node);
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

/** A name in quotes. */
const quoted = (text: string): string => inMermaid(text).replaceAll('"', '#quot;');

/** A label, which ends at a colon as well. */
const described = (text: string): string => inMermaid(text).replaceAll(':', '#58;');

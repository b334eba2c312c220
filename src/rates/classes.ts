/**
 * The explored chart made smaller: states that behave alike are one class (bisimulation, by refinement of partitions),
 * and of a step remains which timer it takes, what it arms and disarms, and its marks. What changes none of these is no
 * step. A path of classes is a path of the chart, and found again by the same marks.
 */
import type { AnyStateMachine } from 'xstate';
import type { ShardEvent } from '../../machines/index.js';
import { armedAfter, firedFrom, timerOf } from '../../machines/kit/timers.js';
import type { Edge, Graph, Node, Path } from '../exploring/graph.js';
import { type Marks, marksOf } from './marks.js';

/** States that behave alike. */
export interface Class {
  readonly id: number;
  /** The timers that run, in the order in which their times are written. */
  readonly timers: readonly string[];
  readonly moves: Move[];
  readonly first: Node<AnyStateMachine>;
}

/** A step from class to class. */
export interface Move {
  readonly from: Class;
  readonly to: Class;
  readonly label: string;
  /** The place of the timer that has run out, in those of `from`; -1 if none has. */
  readonly timer: number;
  /** For each timer of `to`, its place in those of `from`; -1 if it was armed in this step. */
  readonly keeps: readonly number[];
  /** For each timer of `to`, the least time it takes, if it was armed in this step. */
  readonly delays: readonly number[];
  readonly marks: Marks;
  /** Whether failures are forgiven: the chart counts fewer tries than before. */
  readonly forgives: boolean;
  readonly signature: string;
}

/** A chart by classes. */
export interface Classes {
  readonly root: Class;
  readonly all: readonly Class[];
  readonly moves: number;
  /** A path of the chart that takes these moves, behind the shortest way to where they begin. */
  concrete(moves: readonly Move[]): { readonly before: Path<AnyStateMachine>; readonly path: Path<AnyStateMachine> };
}

/** A step as the classes tell it apart. */
interface Step {
  readonly edge: Edge<AnyStateMachine>;
  readonly signature: string;
  readonly marks: Marks;
  readonly armed: ReadonlyMap<string, number>;
  readonly forgives: boolean;
  readonly isIdle: boolean;
}

/** Makes the classes of a graph. */
export function classesOf(graph: Graph<AnyStateMachine>): Classes {
  const nodes = [...graph.nodes.values()];
  const steps = new Map(nodes.map((node) => [node, node.edges.map(stepOf)]));
  const classOf = refined(nodes, steps);
  const all: Class[] = [];
  for (const node of nodes) {
    const id = classOf.get(node) as number;
    all[id] ??= { id, timers: [...node.armed].sort(), moves: [], first: node };
  }
  const byNode = (node: Node<AnyStateMachine>) => all[classOf.get(node) as number] as Class;
  for (const from of all) {
    const known = new Set<string>();
    for (const step of steps.get(from.first) as Step[]) {
      const to = byNode(step.edge.to);
      const name = `${step.signature} ${to.id}`;
      if (known.has(name) || (step.isIdle && to === from)) continue;
      known.add(name);
      from.moves.push(moveOf(step, from, to));
    }
  }
  return {
    root: byNode(nodes[0] as Node<AnyStateMachine>),
    all,
    moves: all.reduce((sum, { moves }) => sum + moves.length, 0),
    concrete(moves) {
      let node = moves[0]?.from.first as Node<AnyStateMachine>;
      const before: Edge<AnyStateMachine>[] = [];
      for (let { via } = node; via !== undefined; { via } = via.from) before.unshift(via);
      const path = moves.map(({ signature, to, label }) => {
        const fitting = (steps.get(node) as Step[]).filter(
          (step) => step.signature === signature && byNode(step.edge.to) === to,
        );
        const { edge } = (fitting.find((step) => step.edge.label === label) ?? fitting[0]) as Step;
        node = edge.to;
        return edge;
      });
      return { before, path };
    },
  };
}

function stepOf(edge: Edge<AnyStateMachine>): Step {
  const { event, instructions, from, after } = edge;
  const armed = new Map<string, number>();
  let disarms = false;
  for (const { type, params } of instructions) {
    const { timer, delay } = params as { timer: string; delay: number };
    if (type === 'arm') armed.set(timer, demandTime(timer, delay));
    if (type === 'disarm') {
      armed.delete(timer);
      disarms = true;
    }
  }
  const marks = marksOf(event as ShardEvent, instructions);
  const attempts = (snapshot: unknown) =>
    (snapshot as { readonly context: { readonly attempts?: number } }).context.attempts ?? 0;
  const forgives = attempts(after) < attempts(from.snapshot);
  const timer = timerOf(event);
  const running = [...armedAfter(firedFrom(from.armed, event), instructions)].sort();
  const isIdle = timer === undefined && armed.size === 0 && !disarms && !forgives && isUnmarked(marks);
  const signature = JSON.stringify([timer, running, [...armed].sort(), Object.values(marks), forgives]);
  return { edge, signature, marks, armed, forgives, isIdle };
}

/** A time that is none would be as early as no other, and go on for ever. */
function demandTime(timer: string, ms: number): number {
  if (ms >= 0 && ms < Infinity) return ms;
  throw new RangeError(`timer ${timer} takes ${ms} ms at the shortest; it must be a time of 0 or more`);
}

/** What tells nothing of times: a frame whose like could come at any time. */
function isUnmarked({ heard, told, ...does }: Marks): boolean {
  return heard === null && told === null && Object.values(does).every((each) => !each);
}

/** The class of each state, by number. */
function refined(
  nodes: readonly Node<AnyStateMachine>[],
  steps: ReadonlyMap<Node<AnyStateMachine>, readonly Step[]>,
): ReadonlyMap<Node<AnyStateMachine>, number> {
  let classOf = numbered(nodes, (node) => [...node.armed].sort().join());
  for (let count = 0; ; ) {
    const before = classOf.of;
    classOf = numbered(nodes, (node) => {
      const own = before.get(node);
      const seen = new Set<string>();
      for (const { signature, edge, isIdle } of steps.get(node) as readonly Step[]) {
        const to = before.get(edge.to);
        if (!isIdle || to !== own) seen.add(`${signature} ${to}`);
      }
      return `${own} ${[...seen].sort().join('\n')}`;
    });
    if (classOf.count === count) return classOf.of;
    count = classOf.count;
  }
}

function numbered<T>(items: readonly T[], nameOf: (item: T) => string): { of: ReadonlyMap<T, number>; count: number } {
  const numbers = new Map<string, number>();
  const of = new Map<T, number>();
  for (const item of items) {
    const name = nameOf(item);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    of.set(item, number);
  }
  return { of, count: numbers.size };
}

function moveOf({ edge, marks, armed, forgives, signature }: Step, from: Class, to: Class): Move {
  const timer = timerOf(edge.event);
  return {
    from,
    to,
    label: edge.label,
    timer: timer === undefined ? -1 : from.timers.indexOf(timer),
    keeps: to.timers.map((each) => (armed.has(each) ? -1 : from.timers.indexOf(each))),
    delays: to.timers.map((each) => armed.get(each) ?? 0),
    marks,
    forgives,
    signature,
  };
}

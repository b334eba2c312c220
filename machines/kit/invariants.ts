/**
 * What must hold in every state a chart can reach and on every step it can take: each a sentence, the clause it comes
 * from, and a predicate. Data and functions only; `check` (gatechart/testing) evaluates them on the explored chart.
 * Here are the shapes, and what holds for every chart of this form; the others stand in each chart's laws.
 */
import { fitsPattern, type Pattern } from './patterns.js';
import type { Instruction } from './pure.js';

/** A snapshot, as far as invariants look at it. */
export interface Sight<Context> {
  readonly value: unknown;
  readonly context: Context;
  hasTag(tag: never): boolean;
}

/** A state of the explored chart, as far as invariants look at it. */
export interface NodeView<Context, Event> {
  readonly key: string;
  readonly snapshot: Sight<Context>;
  /** The timers that run here. */
  readonly armed: ReadonlySet<string>;
  /** The steps from here. */
  readonly edges: readonly EdgeView<Context, Event>[];
}

/** A step of the explored chart, as far as invariants look at it: an event that a state handles, and what comes of it. */
export interface EdgeView<Context, Event> {
  readonly from: NodeView<Context, Event>;
  readonly to: NodeView<Context, Event>;
  readonly event: Event;
  /** The event's short name. */
  readonly label: string;
  readonly instructions: readonly Instruction[];
  /** What the step led to from the snapshot of `from`; that of `to` may differ in what does not count as state. */
  readonly after: Sight<Context>;
}

/** All of the explored chart, as far as invariants look at it. */
export interface GraphView<Context, Event> {
  readonly nodes: readonly NodeView<Context, Event>[];
  /** A state's name, such as `running.waiting`. */
  nameOf(node: NodeView<Context, Event>): string;
  /** The events that could come in a state and that it does not handle; timers only if they run. */
  ignoredIn(node: NodeView<Context, Event>): readonly Event[];
}

/** Somebody who sees events and effects, and no state: what is remembered of them. Few different memories, or `check` never ends. */
export interface Observer<Context, Event, Memory> {
  readonly begin: Memory;
  see(memory: Memory, move: EdgeView<Context, Event>): Memory;
}

/** What must hold. Each predicate answers with what breaks it, in words, or with null if it holds. */
// biome-ignore lint/suspicious/noExplicitAny: without an observer anything goes
export interface Invariant<Context = any, Event = any, Memory = any> {
  /** A sentence in the present tense. */
  readonly says: string;
  /** The clause: an anchor of the documentation, or `policy`. */
  readonly spec: string;
  /** Who remembers what came before, if the predicates need it. */
  readonly observer?: Observer<Context, Event, Memory>;
  /** In every state; `seen` is what the observer knows on arrival. */
  state?(node: NodeView<Context, Event>, seen: Memory): string | null;
  /** On every step; what the observer knew before it and knows after it. */
  step?(move: EdgeView<Context, Event>, before: Memory, after: Memory): string | null;
  /** On the graph as a whole: states where it does not hold. */
  graph?(
    graph: GraphView<Context, Event>,
  ): Iterable<{ readonly node: NodeView<Context, Event>; readonly broken: string }>;
}

/** Why an event does nothing in some states. */
export interface IgnoredRow<Type extends string = string> {
  readonly events: readonly Type[];
  /** Names of states; `*` stands for anything. */
  readonly in: readonly Pattern[];
  readonly except?: readonly Pattern[];
  readonly because: string;
}

/** What every chart with timers as events has to keep to. */
export const TIMER_INVARIANTS: readonly Invariant[] = [
  {
    spec: 'chart#timers',
    says: 'Every timer that runs is handled',
    state: ({ armed, edges }) => {
      const handled = new Set(edges.map(({ event }) => event.type));
      return found(
        [...armed].filter((timer) => !handled.has(`timer.${timer}`)),
        'runs and is not handled',
      );
    },
  },
  {
    spec: 'chart#timers',
    says: 'No timer is armed while it runs',
    step: (move) => found(timersAfter(move).twice, 'is armed twice'),
  },
  {
    spec: 'chart#timers',
    says: 'Which timers run is known from the state, whatever led to it',
    step: (move) => {
      const { running } = timersAfter(move);
      const { armed } = move.to;
      const left = [...running].filter((timer) => !armed.has(timer));
      const missing = [...armed].filter((timer) => !running.has(timer));
      return found(left, 'is left running') ?? found(missing, 'does not run');
    },
  },
];

/** The timers that run after a step, and those that it armed while they ran. */
function timersAfter({ from, event, instructions }: EdgeView<unknown, { readonly type: string }>) {
  const running = new Set([...from.armed].filter((timer) => `timer.${timer}` !== event.type));
  const twice: string[] = [];
  for (const { type, params } of instructions) {
    const { timer } = params as { timer: string };
    if (type === 'arm' && running.has(timer)) twice.push(timer);
    if (type === 'arm') running.add(timer);
    if (type === 'disarm') running.delete(timer);
  }
  return { running, twice };
}

/** Every event is handled in every state or listed as ignored, and the list holds nothing else. */
export function everyEventHasAPlace(rows: readonly IgnoredRow[]): Invariant {
  return {
    spec: 'chart#ignored',
    says: 'Every event is handled in every state, or listed as ignored with the reason',
    *graph({ nodes, nameOf, ignoredIn }: GraphView<unknown, { readonly type: string }>) {
      const used = new Set<string>();
      for (const node of nodes) {
        for (const { type } of ignoredIn(node)) {
          const entries = entriesFor(rows, type, nameOf(node));
          for (const entry of entries) used.add(entry);
          if (entries.length === 0) yield { node, broken: `${type} is ignored and not listed` };
        }
      }
      for (const node of nodes) {
        for (const { event } of node.edges) {
          const stale = entriesFor(rows, event.type, nameOf(node)).find((entry) => !used.has(entry));
          if (stale !== undefined) yield { node, broken: `listed as ignored and always handled: ${stale}` };
        }
      }
    },
  };
}

/** The entries of the table that say an event is ignored in a state: one for each event and pattern of a row. */
function entriesFor(rows: readonly IgnoredRow[], type: string, name: string): string[] {
  return rows
    .filter(({ events, except = [] }) => events.includes(type) && !except.some((each) => fitsPattern(each, name)))
    .flatMap((row) => row.in.filter((pattern) => fitsPattern(pattern, name)))
    .map((pattern) => `${type} in ${pattern}`);
}

/** From every state, some events alone lead where they should. */
export function leadsTo<Context, Event>(
  claim: { readonly says: string; readonly spec: string; readonly broken: string },
  through: (move: EdgeView<Context, Event>) => boolean,
  goal: (node: NodeView<Context, Event>) => boolean,
): Invariant {
  return {
    says: claim.says,
    spec: claim.spec,
    *graph({ nodes }: GraphView<Context, Event>) {
      const reaching = new Set(nodes.filter(goal));
      for (let grown = -1; grown !== reaching.size; ) {
        grown = reaching.size;
        for (const node of nodes) {
          if (node.edges.some((move) => through(move) && reaching.has(move.to))) reaching.add(node);
        }
      }
      for (const node of nodes) if (!reaching.has(node)) yield { node, broken: claim.broken };
    },
  };
}

/** What breaks an invariant, as text, or null if nothing does. */
function found(names: readonly string[], problem: string): string | null {
  return names.length === 0 ? null : `${names.join(', ')} ${problem}`;
}

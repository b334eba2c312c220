import type { AnyStateMachine, ContextFrom, EventFromLogic, SnapshotFrom } from 'xstate';
import type { CauseRow } from '../../../machines/kit/causes.js';
import type { Instruction, Step } from '../../../machines/kit/pure.js';
import { rowId } from '../../../machines/kit/rows.js';
import { armedAfter, firedFrom } from '../../../machines/kit/timers.js';
import type { Span } from '../../../machines/shard/policy.js';
import { causesOf, clausesOf } from '../clauses.js';
import type { Graph, Node } from '../graph.js';
import type { Stimulus } from '../stimuli.js';
import type { ExpectedEffect, ExpectedResponse, VectorStep } from './file.js';

/** How the events and effects of a chart become those of vectors. */
export interface VectorWords<M extends AnyStateMachine> {
  /** What happens, in words of its own; undefined leaves an event out. Unless told, the event as it is. */
  readonly stimulusOf?: (event: EventFromLogic<M>) => Stimulus | undefined;
  /** How long a timer may take, in ms. Unless told, exactly as long as the chart has it. */
  readonly spanOf?: (timer: string, context: ContextFrom<M>) => Span;
  /** Whether an effect stops something that is over anyway, so that it may be left out. Unless told, no effect does. */
  readonly isOver?: (effect: Instruction, event: EventFromLogic<M>, all: readonly Instruction[]) => boolean;
}

/** A place in a tree: a run of the chart from its beginning, as far as it has come. */
export interface Played<M extends AnyStateMachine> {
  /** The last step; null at the beginning. */
  readonly id: number | null;
  readonly snapshot: SnapshotFrom<M>;
  readonly armed: ReadonlySet<string>;
  /** The names of the projections in which the whole way lies. */
  readonly inside: readonly string[];
  /** What was played from here on, by what happened. */
  readonly next: Map<string, Played<M>>;
}

/** What has no row of the chart to demand it. */
export interface Demand {
  readonly name: string;
  readonly clause: CauseRow;
}

/** Runs of a chart that share their beginnings: what was played already is no step of its own again. */
export class VectorTree<M extends AnyStateMachine> {
  readonly root: Played<M>;
  readonly steps: VectorStep[] = [];
  readonly clauses = new Map<string, CauseRow>();
  readonly states: Map<string, number>;
  readonly #ways = new Map<Node<M>, Played<M>>();

  constructor(
    readonly graph: Graph<M>,
    readonly words: VectorWords<M>,
  ) {
    const [begin] = graph.nodes.values();
    if (begin === undefined) throw new TypeError('a chart without a beginning has no vectors');
    const { snapshot, armed } = begin;
    const inside = Object.keys(graph.abstraction.projections ?? {});
    this.root = { id: null, snapshot, armed, inside, next: new Map() };
    this.states = new Map([...graph.nodes.keys()].map((key, at) => [key, at]));
  }

  /** The end of the shortest way to a state. */
  wayTo(node: Node<M>): Played<M> {
    const { via } = node;
    const known = this.#ways.get(node);
    const way = known ?? (via === undefined ? this.root : this.play(this.wayTo(via.from), via.event));
    this.#ways.set(node, way);
    return way;
  }

  /** Plays an event, `demand` saying why if the chart ignores it. An event that no client can meet is an error. */
  play(from: Played<M>, event: EventFromLogic<M>, demand?: Demand): Played<M> {
    const on = (this.words.stimulusOf ?? eventAsItIs)(event);
    if (on === undefined) throw new TypeError(`${event.type} is no stimulus, and something was to come after it`);
    const name = JSON.stringify(on);
    const known = from.next.get(name);
    if (known !== undefined) return known;
    const step = this.graph.pure.step(from.snapshot, event);
    const to = this.#add(from, event, on, step, demand);
    from.next.set(name, to);
    return to;
  }

  /** Whether anything comes of an event. */
  handles({ snapshot }: Played<M>, event: EventFromLogic<M>): boolean {
    return this.graph.pure.step(snapshot, event).rows.length > 0;
  }

  #add(from: Played<M>, event: EventFromLogic<M>, on: Stimulus, step: Step<M>, demand?: Demand): Played<M> {
    const { snapshot, instructions } = step;
    const id = this.steps.length;
    const fired = firedFrom(from.armed, event);
    const { projections = {}, key } = this.graph.abstraction;
    const inside = from.inside.filter((name) => projections[name]?.includes(event));
    const because = this.#because(step, demand);
    this.steps.push({
      id,
      after: from.id,
      on,
      ...this.#responseTo(event, step, fired),
      because,
      to: this.#placeOf(key(snapshot)),
    });
    return { id, snapshot, armed: armedAfter(fired, instructions), inside, next: new Map() };
  }

  #placeOf(state: string): number {
    const place = this.states.get(state) ?? this.states.size;
    this.states.set(state, place);
    return place;
  }

  #because({ instructions, rows }: Step<M>, demand?: Demand): readonly string[] {
    if (rows.length === 0 && demand !== undefined) {
      this.clauses.set(demand.name, demand.clause);
      return [demand.name];
    }
    const ids = rows.map(rowId);
    const causes = causesOf(instructions);
    const because = causes.length > 0 ? causes : ids;
    for (const [i, clause] of clausesOf(this.graph, { instructions, rows: ids }).entries())
      this.clauses.set(because[i] ?? '', clause);
    return because;
  }

  #responseTo(
    event: EventFromLogic<M>,
    { snapshot, instructions }: Step<M>,
    armed: ReadonlySet<string>,
  ): Pick<ExpectedResponse, 'expect' | 'may'> {
    const { spanOf, isOver = () => false } = this.words;
    const context = (snapshot as { context: ContextFrom<M> }).context;
    const last = new Map(instructions.map((instruction) => [timerIn(instruction), instruction]));
    const expect: ExpectedEffect[] = [];
    const may: ExpectedEffect[] = [];
    for (const instruction of instructions) {
      const { type, params } = instruction;
      const timer = timerIn(instruction);
      if (type === 'report' || (timer !== undefined && last.get(timer) !== instruction)) continue;
      if (type === 'arm' && timer !== undefined) {
        const { delay } = params as { readonly delay: number };
        expect.push({ do: type, timer, ms: spanOf?.(timer, context) ?? [delay, delay] });
      } else {
        const over = timer === undefined ? isOver(instruction, event, instructions) : !armed.has(timer);
        (over ? may : expect).push({ do: type, ...params });
      }
    }
    return { expect, may };
  }
}

function timerIn({ type, params }: Instruction): string | undefined {
  return type === 'arm' || type === 'disarm' ? (params as { readonly timer: string }).timer : undefined;
}

function eventAsItIs(event: { readonly type: string }): Stimulus {
  return event.type.startsWith('timer.')
    ? { kind: 'timer', timer: event.type.slice('timer.'.length) }
    : { kind: 'event', event };
}

/** Explores the product breadth first and judges what it finds. */
import type { Charts } from './joint.js';
import { Joint } from './joint.js';
import { copy, type Draft, isShared, type JointState } from './joint-state.js';
import { MOVES, type Move } from './moves.js';
import {
  type Cycle,
  type Edges,
  findCycle,
  firstDeadlock,
  firstStuck,
  LATER,
  MOST_STATES,
  NOW,
  OPENS,
  packEdge,
  UNDELAYED,
} from './progress.js';
import { PROPERTY_NAMES, type Property } from './properties.js';
import { Numbers, Space } from './space.js';

/** How far to explore, and what for. */
export interface Limits {
  /** How many messages may be on their way at most, 1 unless told; an answer takes the place of what it answers. */
  readonly messages?: number;
  /** Without them nothing goes wrong, and nobody refuses. */
  readonly faults?: boolean;
  /** Exploring ends once there are more states: 40,000,000 unless told. */
  readonly limit?: number;
  /** What is to be checked; everything unless told. */
  readonly properties?: readonly Property[];
  /** Ends with the first counterexample; what takes all states is then only asked if there was none. */
  readonly first?: boolean;
}

/** How a property can be broken: moves from the beginning, by name; the last `cycle` of them go round. */
export interface Broken {
  readonly property: Property;
  readonly moves: readonly string[];
  readonly cycle: number;
}

/** What was found. */
export interface Findings {
  readonly messages: number;
  readonly faults: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Moves that a full queue cut off. */
  readonly cut: number;
  /** How many moves the farthest state is away. */
  readonly depth: number;
  /** States that were met and not explored: none if the exploration is complete. */
  readonly frontier: number;
  /** States of each chart, sequences and sessions counted in. */
  readonly shardStates: number;
  readonly gatewayStates: number;
  readonly checked: readonly Property[];
  /** The shortest for each property that does not hold. */
  readonly counterexamples: readonly Broken[];
}

const LIMIT = 40_000_000;

/** The states met so far, and what was found wrong with them. */
export class Exploration {
  readonly #messages: number;
  readonly #limit: number;
  readonly #properties: ReadonlySet<Property>;
  readonly #moves: readonly Move[];
  /** What an edge is by its move, one for each. */
  readonly #marks: readonly number[];
  readonly #faults: boolean;
  readonly #first: boolean;
  readonly #joint: Joint;
  readonly #space: Space;
  /** One for all steps: the space keeps what it holds, not the draft itself. */
  readonly #draft: Draft;
  readonly #edges = new Numbers();
  readonly #starts = new Numbers();
  /** 1 for a state where all is well. */
  readonly #fine = new Numbers();
  /** States reached by breaking a property: nothing more is asked of them. */
  readonly #excused = new Set<number>();
  readonly #found = new Map<Property, Broken>();
  #explored = 0;
  #transitions = 0;
  #cut = 0;

  constructor(charts: Charts, options: Limits) {
    const { messages = 1, faults = true, limit = LIMIT, properties = PROPERTY_NAMES, first = false } = options;
    this.#first = first;
    this.#messages = messages;
    this.#limit = Math.min(limit, MOST_STATES);
    this.#properties = new Set(properties);
    this.#faults = faults;
    this.#moves = MOVES.filter(({ kind }) => faults || (kind !== 'fault' && kind !== 'late'));
    this.#marks = this.#moves.map(marksOf);
    this.#joint = new Joint(charts);
    this.#space = new Space(this.#joint);
    const beginning = this.#joint.begin();
    this.#draft = { ...beginning };
    this.#space.add(beginning, 0, 0);
  }

  get states(): number {
    return this.#space.size;
  }

  get frontier(): number {
    return this.#space.size - this.#explored;
  }

  get goesOn(): boolean {
    return this.frontier > 0 && this.#space.size <= this.#limit && !(this.#first && this.#found.size > 0);
  }

  /** Explores some states more. */
  advance(count: number): void {
    for (let left = count; left > 0 && this.goesOn; left -= 1) this.#exploreNext();
  }

  #exploreNext(): void {
    const from = this.#explored;
    const state = this.#space.stateAt(from);
    this.#starts.push(this.#edges.length);
    this.#fine.push(isGoal(state) ? 1 : 0);
    this.#explored += 1;
    for (let at = 0; at < this.#moves.length; at += 1) {
      const move = this.#moves[at] as Move;
      if (move.may(state)) this.#make(move, at, state, from);
    }
  }

  #make(move: Move, at: number, state: JointState, from: number): void {
    const draft = this.#draft;
    copy(state, draft);
    const { outcome } = this.#joint;
    this.#joint.forget();
    if (!move.run(this.#joint, draft)) return;
    if (move.kind !== 'delivery' && this.#isFull(state, draft)) {
      this.#cut += 1;
      return;
    }
    const to = this.#space.add(this.#joint.finished(draft), from, at);
    this.#transitions += 1;
    if (outcome.broken !== null && this.#properties.has(outcome.broken)) {
      this.#find(outcome.broken, [...this.#space.pathTo(from), at]);
      this.#excused.add(to);
    }
    const marks = this.#marks[at] as number;
    if (marks !== 0) this.#edges.push(packEdge(to, marks | (outcome.opensSocket ? OPENS : 0)));
  }

  #isFull(before: JointState, after: Draft): boolean {
    const room = Math.max(this.#messages, before.up.length + before.down.length);
    return after.up.length + after.down.length > room;
  }

  #find(property: Property, path: readonly number[], cycle = 0): void {
    if (this.#found.has(property)) return;
    this.#found.set(property, { property, moves: path.map((at) => (this.#moves[at] as Move).name), cycle });
  }

  /** The questions about all states at once; only of use if all are known. */
  judge(): void {
    if (this.frontier > 0) return;
    this.#starts.push(this.#edges.length);
    const goals = new Uint8Array(this.states);
    for (let state = 0; state < goals.length; state += 1) goals[state] = this.#fine.at(state);
    for (const state of this.#excused) goals[state] = 1;
    const edges: Edges = { edges: this.#edges, starts: this.#starts, goals };
    this.#judge('deadlock', () => firstDeadlock(edges));
    this.#judge('stuck', () => firstStuck(edges));
    this.#judgeCycle('spin', () => findCycle(edges, NOW, NOW));
    this.#judgeCycle('hammer', () => findCycle(edges, UNDELAYED, UNDELAYED | OPENS));
  }

  #judge(property: Property, firstBad: () => number | undefined): void {
    if (!this.#properties.has(property)) return;
    const state = firstBad();
    if (state !== undefined) this.#find(property, this.#space.pathTo(state));
  }

  #judgeCycle(property: Property, find: () => Cycle | undefined): void {
    if (!this.#properties.has(property)) return;
    const cycle = find();
    if (cycle === undefined) return;
    const round = cycle.slice(1).map((to, at) => this.#moveBetween(cycle[at] as number, to));
    this.#find(property, [...this.#space.pathTo(cycle[0] as number), ...round], round.length);
  }

  /** The move that leads from one state to another. */
  #moveBetween(from: number, to: number): number {
    const state = this.#space.stateAt(from);
    return this.#moves.findIndex((move) => {
      const draft: Draft = { ...state };
      if (marksOf(move) === 0 || !move.may(state) || !move.run(this.#joint, draft)) return false;
      if (move.kind !== 'delivery' && this.#isFull(state, draft)) return false;
      return this.#space.add(this.#joint.finished(draft), from, 0) === to;
    });
  }

  report(): Findings {
    const last = this.#space.pathTo(this.#space.size - 1);
    return {
      messages: this.#messages,
      faults: this.#faults,
      states: this.states,
      transitions: this.#transitions,
      cut: this.#cut,
      depth: last.length,
      frontier: this.frontier,
      shardStates: this.#joint.shards.all.length,
      gatewayStates: this.#joint.gateways.all.length,
      checked: [...this.#properties],
      counterexamples: [...this.#found.values()],
    };
  }
}

/** Ready and live, in one session. */
const isGoal = (state: JointState): boolean =>
  state.shard.facts.isReady && state.gateway.facts.isLive && state.isSeated && isShared(state);

function marksOf({ good, kind }: Move): number {
  const isDelay = good === 'later';
  return (good === 'now' ? NOW : 0) | (isDelay ? LATER : 0) | (isDelay || kind === 'order' ? 0 : UNDELAYED);
}

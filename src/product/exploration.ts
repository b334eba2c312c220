/** Explores the product breadth first and judges what it finds. */
import { justStops, type TimedState } from './fairness.js';
import type { Charts } from './joint.js';
import { Joint, ofGateway } from './joint.js';
import { copy, type Draft, isShared, type JointState } from './joint-state.js';
import type { Move } from './moves.js';
import { Numbers } from './numbers.js';
import {
  type Cycle,
  findCycle,
  firstDeadlock,
  type Graph,
  isMarked,
  MOST_STATES,
  packEdge,
  reachOf,
  targetOf,
  wayBetween,
} from './progress.js';
import { PROPERTY_NAMES, type Property } from './properties.js';
import { excusedIn, movesOf } from './slices.js';
import { MOST_STAGED, Space } from './space.js';

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

/** Each so many states it is noted how many had been met: enough to find again from where a state was met first. */
const NOTED = 256;

/** Moves that stand in a row in the list and are up to the same chart, or to none. */
interface Run {
  readonly by: Move['by'];
  readonly moves: readonly number[];
  /** By the number of the chart's state: those that it offers and, as far as was tried, handles. */
  readonly offered: (readonly number[] | undefined)[];
}

/** The states met so far, and what was found wrong with them. */
export class Exploration {
  readonly #messages: number;
  readonly #limit: number;
  readonly #properties: ReadonlySet<Property>;
  readonly #moves: readonly Move[];
  readonly #runs: readonly Run[];
  readonly #faults: boolean;
  readonly #first: boolean;
  readonly #joint: Joint;
  readonly #space: Space;
  /** One of each for all steps: the space keeps what they hold, not the drafts. */
  readonly #state: Draft;
  readonly #draft: Draft;
  /** Of the steps that are staged: which move each was, what it broke, and whether one goes on at once. */
  readonly #steps = new Uint8Array(MOST_STAGED);
  readonly #broken: (Property | null)[] = [];
  #isAtOnce = false;
  /** What goes on in an undisturbed run: at once, which is marked; or else when a timer runs out. */
  readonly #course: Graph = { edges: new Numbers(), starts: new Numbers() };
  readonly #noted = new Numbers();
  /** By states of the shard: 1 if one leads to the other without a delay, 2 if a socket is opened then. */
  readonly #undelayed: Uint8Array[] = [];
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
    const excused = excusedIn(charts.slice);
    this.#properties = new Set(properties.filter((each) => !excused.includes(each)));
    this.#faults = faults;
    this.#moves = movesOf(charts.slice).filter(({ kind }) => faults || (kind !== 'fault' && kind !== 'late'));
    this.#runs = runsOf(this.#moves);
    this.#joint = new Joint(charts);
    this.#space = new Space(this.#joint);
    const beginning = this.#joint.begin();
    this.#state = { ...beginning };
    this.#draft = { ...beginning };
    this.#space.stage(beginning);
    this.#space.prepare();
    this.#space.add(0);
    this.#space.staged = 0;
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
    if (from % NOTED === 0) this.#noted.push(this.#space.size);
    this.#explored += 1;
    this.#stepsFrom(from, this.#stage);
    this.#addStaged(from);
  }

  /** Makes every step from a state, in the order of the moves; the draft holds where each leads, but for its normal form. */
  #stepsFrom(from: number, onStep: (move: Move, at: number) => void): void {
    const state = this.#state;
    this.#space.load(from, state);
    for (const run of this.#runs) {
      const chart = run.by === 'wire' ? 0 : state[run.by].index;
      let offered = run.offered[chart];
      if (offered === undefined) {
        offered = run.moves.filter((at) => this.#moves[at]?.offers?.(state) ?? true);
        run.offered[chart] = offered;
      }
      for (let i = 0; i < offered.length; i += 1) {
        const at = offered[i] as number;
        const move = this.#moves[at] as Move;
        if (!move.may(state)) continue;
        copy(state, this.#draft);
        this.#joint.forget();
        if (move.run(this.#joint, this.#draft)) onStep(move, at);
        else if (run.by !== 'wire') run.offered[chart] = (run.offered[chart] as number[]).filter((each) => each !== at);
      }
    }
  }

  readonly #stage = (move: Move, at: number): void => {
    if (this.#isCut(move)) {
      this.#cut += 1;
      return;
    }
    const { outcome } = this.#joint;
    this.#joint.finished(this.#draft);
    const { staged } = this.#space;
    this.#steps[staged] = at;
    this.#broken[staged] = outcome.broken;
    if (move.good === 'now') this.#isAtOnce = true;
    this.#space.stage(this.#draft);
    const before = this.#state.shard;
    const after = this.#draft.shard;
    if ((before !== after || outcome.opensSocket) && isUndelayed(move)) {
      this.#noteUndelayed(before.index, after.index, outcome.opensSocket);
    }
  };

  /** Whether a full queue does not let the step in the draft happen. */
  #isCut({ kind }: Move): boolean {
    if (kind === 'delivery') return false;
    const before = this.#state.up.length + this.#state.down.length;
    const after = this.#draft.up.length + this.#draft.down.length;
    return after > this.#messages && after > before;
  }

  #noteUndelayed(from: number, to: number, opensSocket: boolean): void {
    let row = this.#undelayed[from];
    if (row === undefined || row.length <= to) {
      const grown = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(1_024, to + 1))));
      if (row !== undefined) grown.set(row);
      row = grown;
      this.#undelayed[from] = grown;
    }
    row[to] = (row[to] as number) | (opensSocket ? 3 : 1);
  }

  #addStaged(from: number): void {
    const { edges, starts } = this.#course;
    starts.push(edges.length);
    this.#space.prepare();
    const wanted = this.#isAtOnce ? 'now' : 'later';
    const { staged } = this.#space;
    for (let i = 0; i < staged; i += 1) {
      const at = this.#steps[i] as number;
      const to = this.#space.add(i);
      const broken = this.#broken[i] as Property | null;
      if (broken !== null) this.#break(broken, from, at, to);
      if ((this.#moves[at] as Move).good === wanted) edges.push(packEdge(to, this.#isAtOnce));
    }
    this.#transitions += staged;
    this.#space.staged = 0;
    this.#isAtOnce = false;
  }

  #break(property: Property, from: number, move: number, to: number): void {
    if (!this.#properties.has(property)) return;
    if (!this.#found.has(property)) this.#find(property, [...this.#pathTo(from), move]);
    this.#excused.add(to);
  }

  #find(property: Property, path: readonly number[], cycle = 0): void {
    if (this.#found.has(property)) return;
    this.#found.set(property, { property, moves: path.map((at) => (this.#moves[at] as Move).name), cycle });
  }

  /** The moves by which a state was met first: not remembered, but made again. */
  #pathTo(index: number): number[] {
    const path: number[] = [];
    for (let state = index; state !== 0; ) {
      const [from, at] = this.#firstStepTo(state);
      path.unshift(at);
      state = from;
    }
    return path;
  }

  /** The step by which a state was met first: from one of the `NOTED` states in whose turn its number was given. */
  #firstStepTo(state: number): readonly [from: number, move: number] {
    let [low, high] = [0, this.#noted.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#noted.at(middle) <= state) low = middle;
      else high = middle;
    }
    for (let from = low * NOTED; ; from += 1) {
      const at = this.#moveBetween(from, state, () => true);
      if (at !== undefined) return [from, at];
    }
  }

  /** The first move, of those that are meant, by which one state leads to another. */
  #moveBetween(from: number, to: number, isMeant: (move: Move) => boolean): number | undefined {
    let found: number | undefined;
    this.#stepsFrom(from, (move, at) => {
      if (found !== undefined || !isMeant(move) || this.#isCut(move)) return;
      if (this.#space.isAt(to, this.#joint.finished(this.#draft))) found = at;
    });
    return found;
  }

  /** The questions about all states at once; only of use if all are known. */
  judge(): void {
    if (this.frontier > 0) return;
    const course = this.#course;
    course.starts.push(course.edges.length);
    const goals = this.#goals();
    this.#judge('deadlock', () => firstDeadlock(course, goals));
    if (this.#properties.has('stuck') || this.#properties.has('unready')) {
      const { stuck, round } = reachOf(course, goals, (members) => this.#stopsOf(members) !== undefined);
      this.#judge('stuck', () => stuck);
      this.#judgeCycle('unready', () => round && this.#tourOf(round));
    }
    this.#judgeCycle('spin', () => findCycle(course, this.states, true));
    this.#judgeCycle('hammer', () => this.#hammering());
  }

  /** Where the session is ready and live; a byte for each state. */
  #goals(): Uint8Array {
    const goals = new Uint8Array(this.states);
    for (let index = 0; index < goals.length; index += 1) {
      this.#space.load(index, this.#state);
      if (isGoal(this.#state)) goals[index] = 1;
    }
    for (const index of this.#excused) goals[index] = 1;
    return goals;
  }

  #judge(property: Property, firstBad: () => number | undefined): void {
    if (!this.#properties.has(property)) return;
    const state = firstBad();
    if (state !== undefined) this.#find(property, this.#pathTo(state));
  }

  #judgeCycle(property: Property, find: () => Cycle | undefined): void {
    if (!this.#properties.has(property)) return;
    const cycle = find();
    if (cycle === undefined) return;
    const isMeant = property === 'hammer' ? isUndelayed : ({ good }: Move) => good !== null;
    const round = cycle.slice(1).map((to, at) => this.#moveBetween(cycle[at] as number, to, isMeant) as number);
    this.#find(property, [...this.#pathTo(cycle[0] as number), ...round], round.length);
  }

  /** Where a way round does every timer justice; undefined if it does not. */
  #stopsOf(members: readonly number[]) {
    const isMember = new Set(members);
    return justStops(members.map((state) => this.#timed(state, isMember)));
  }

  #timed(state: number, isMember: ReadonlySet<number>): TimedState {
    const { edges, starts } = this.#course;
    const steps: { to: number; starts: readonly string[] }[] = [];
    const begin = starts.at(state);
    const end = starts.at(state + 1);
    const wanted = begin < end && isMarked(edges.at(begin)) ? 'now' : 'later';
    let at = begin;
    this.#stepsFrom(state, (move) => {
      if (move.good !== wanted || this.#isCut(move)) return;
      const to = targetOf(edges.at(at));
      at += 1;
      if (isMember.has(to)) steps.push({ to, starts: this.#joint.started() });
    });
    const { shard, gateway } = this.#state;
    return { state, armed: new Set([...shard.armed, ...[...gateway.armed].map(ofGateway)]), steps };
  }

  /** A way through all the states of a round that does every timer justice. */
  #tourOf(members: readonly number[]): Cycle {
    const inside = new Set(members);
    const sorted = [...members].sort((a, b) => a - b);
    const tour = [sorted[0] as number];
    const goTo = (to: number) => {
      const from = tour.at(-1) as number;
      if (to !== from) tour.push(...wayBetween(this.#course, (state) => inside.has(state), { from, to }).slice(1));
    };
    for (const [from, to] of this.#stopsOf(sorted) ?? []) {
      goTo(from);
      if (to !== undefined) tour.push(to);
    }
    if (tour.length === 1) tour.push(targetOf(this.#course.edges.at(this.#edgeInside(sorted[0] as number, inside))));
    goTo(sorted[0] as number);
    return tour;
  }

  #edgeInside(state: number, inside: ReadonlySet<number>): number {
    let at = this.#course.starts.at(state);
    while (!inside.has(targetOf(this.#course.edges.at(at)))) at += 1;
    return at;
  }

  /**
   * Sockets that are opened again and again without a delay. A way round in the product is one in the states of the shard
   * as well, so where those have none nothing more is asked; where they have, every edge is made again.
   */
  #hammering(): Cycle | undefined {
    const shards: Graph = { edges: new Numbers(), starts: new Numbers() };
    for (let state = 0; state < this.#joint.shards.all.length; state += 1) {
      shards.starts.push(shards.edges.length);
      this.#undelayed[state]?.forEach((marks, to) => {
        if (marks !== 0) shards.edges.push(packEdge(to, marks === 3));
      });
    }
    shards.starts.push(shards.edges.length);
    if (findCycle(shards, this.#joint.shards.all.length, false) === undefined) return undefined;
    return findCycle(this.#undelayedGraph(), this.states, false);
  }

  #undelayedGraph(): Graph {
    const graph: Graph = { edges: new Numbers(), starts: new Numbers() };
    const moves: boolean[] = [];
    for (let state = 0; state < this.states; state += 1) {
      graph.starts.push(graph.edges.length);
      this.#stepsFrom(state, (move) => {
        if (!isUndelayed(move) || this.#isCut(move)) return;
        this.#space.stage(this.#joint.finished(this.#draft));
        moves.push(this.#joint.outcome.opensSocket);
      });
      this.#space.prepare();
      moves.forEach((opensSocket, at) => {
        graph.edges.push(packEdge(this.#space.add(at), opensSocket));
      });
      moves.length = 0;
      this.#space.staged = 0;
    }
    graph.starts.push(graph.edges.length);
    return graph;
  }

  report(): Findings {
    return {
      messages: this.#messages,
      faults: this.#faults,
      states: this.states,
      transitions: this.#transitions,
      cut: this.#cut,
      depth: this.#pathTo(this.states - 1).length,
      frontier: this.frontier,
      shardStates: this.#joint.shards.all.length,
      gatewayStates: this.#joint.gateways.all.length,
      checked: [...this.#properties],
      counterexamples: [...this.#found.values()],
    };
  }
}

/** Moves in runs of those that are up to the same chart. */
function runsOf(moves: readonly Move[]): Run[] {
  const runs: { by: Move['by']; moves: number[]; offered: Run['offered'] }[] = [];
  moves.forEach(({ by }, at) => {
    if (runs.at(-1)?.by !== by) runs.push({ by, moves: [], offered: [] });
    runs.at(-1)?.moves.push(at);
  });
  return runs;
}

/** Ready and live, in one session. */
const isGoal = (state: JointState): boolean =>
  state.shard.facts.isReady && state.gateway.facts.isLive && state.isSeated && isShared(state);

/** Whether a move takes no time, and is nobody's order. */
const isUndelayed = ({ good, kind }: Move): boolean => good !== 'later' && kind !== 'order';

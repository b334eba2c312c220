/** The states of a chart in which it can rest, and the abstract states of its graph in which each is active. */
import type { AnyStateMachine, AnyStateNode, EventFromLogic, SnapshotFrom } from 'xstate';
import type { Instruction, Pure } from '../../machines/kit/pure.js';
import { stateNodesOf } from '../../machines/kit/rows.js';
import { activeNodes } from '../../machines/kit/xstate-insides.js';

/** A chart and all that it can do, as `explore` of `gatechart/testing` finds it. */
export interface Explored<M extends AnyStateMachine> {
  readonly machine: M;
  readonly pure: Pure<M>;
  readonly nodes: ReadonlyMap<string, ExploredState<M>>;
}

/** An abstract state, by the first snapshot that was met in it. */
export interface ExploredState<M extends AnyStateMachine> {
  readonly root: string;
  readonly snapshot: SnapshotFrom<M>;
  readonly edges: readonly ExploredStep<M>[];
}

/** An event that an abstract state handles. */
export interface ExploredStep<M extends AnyStateMachine> {
  readonly from: { readonly snapshot: SnapshotFrom<M> };
  readonly event: EventFromLogic<M>;
  readonly after: SnapshotFrom<M>;
  readonly instructions: readonly Instruction[];
  /** The rows that were taken, as `rowId` names them. */
  readonly rows: readonly string[];
}

/** Where a chart can rest, in its order. */
export class RestingStates<M extends AnyStateMachine> {
  /** All states of the chart. */
  readonly states: readonly AnyStateNode[];
  /** Those without states inside that are not left at once. */
  readonly resting: readonly AnyStateNode[];
  readonly #active: ReadonlyMap<AnyStateNode, ExploredState<M>[]>;

  constructor(readonly explored: Explored<M>) {
    this.states = stateNodesOf(explored.machine);
    this.resting = this.states.filter((state) => isSimple(state) && (state.always ?? []).length === 0);
    this.#active = new Map(this.resting.map((state) => [state, []]));
    for (const each of explored.nodes.values()) {
      for (const state of activeNodes(each.snapshot)) {
        const known = this.#active.get(state);
        if (known !== undefined && (known.length === 0 || known[0]?.root === each.root)) known.push(each);
      }
    }
  }

  /** Those of the first region wherever several go on side by side: the others are secondary. */
  get primary(): readonly AnyStateNode[] {
    return this.resting.filter((state) => !lineage(state).some(isSecondary));
  }

  /** The abstract states in which a state is active, of the first beginning that knows it. */
  in(state: AnyStateNode): readonly ExploredState<M>[] {
    return this.#active.get(state) ?? [];
  }

  /** The state in which a snapshot rests, in the same region as another state if that goes on, else in the first one. */
  restingIn(snapshot: SnapshotFrom<M>, beside?: AnyStateNode): AnyStateNode {
    const active = activeNodes(snapshot).filter(isSimple);
    const same = beside === undefined ? undefined : active.find((state) => regionOf(state) === regionOf(beside));
    const state = same ?? active.find((each) => !lineage(each).some(isSecondary));
    if (state === undefined) throw new Error('the snapshot is in no state of the chart');
    return state;
  }
}

/** Whether a state has no states inside. */
export const isSimple = (state: AnyStateNode): boolean => Object.keys(state.states).length === 0;

/** A state and those around it, from the inside out. */
export const lineage = (state: AnyStateNode): readonly AnyStateNode[] =>
  state.parent === undefined ? [state] : [state, ...lineage(state.parent)];

/** Whether a state is a region that goes on beside the first one. */
export const isSecondary = ({ parent, key }: AnyStateNode): boolean =>
  parent?.type === 'parallel' && Object.keys(parent.states)[0] !== key;

/** The region that a state is in; undefined if nothing goes on beside it. */
export const regionOf = (state: AnyStateNode): AnyStateNode | undefined =>
  lineage(state).find(({ parent }) => parent?.type === 'parallel');

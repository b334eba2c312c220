/**
 * The parts of XState 5 that it does not promise to keep, each with what we rely on. No other file names one of them, and
 * the test of this file holds each to the XState that is installed.
 */
import {
  type AnyActorRef,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateNode,
  type AnyTransitionDefinition,
  createActor,
  createMachine,
} from 'xstate';

/** What XState hands to an effect, as far as it matters here. */
export interface ExecutedAction {
  readonly type: string;
  readonly params: unknown;
}

interface ActorInsides {
  readonly _parent?: AnyActorRef;
  readonly observers?: ReadonlySet<unknown>;
  readonly system: { _unregister?(actor: AnyActorRef): void };
}

/**
 * The same logic with some of its methods replaced, or none: what it is made from stays its prototype. Relies on XState
 * calling the methods of the logic that an actor was made with, and on machines that keep to `this` in them.
 */
export function derived<L extends object>(logic: L, own: object = {}): L {
  return Object.assign(Object.create(logic) as L, own);
}

/** The state nodes that are active in a snapshot, from the outside in. */
export function activeNodes(snapshot: unknown): readonly AnyStateNode[] {
  return (snapshot as AnyMachineSnapshot)._nodes;
}

/** Whether a value is a live snapshot of a machine: one that was parsed from JSON has no nodes. */
export function hasNodes(value: object): boolean {
  return '_nodes' in value;
}

/** A snapshot with the parts of another where they are the same anyway, to save memory. Relies on snapshots being plain data. */
export function sharing<Snapshot>(snapshot: Snapshot, known: Snapshot): Snapshot {
  const [own, other] = [snapshot, known] as unknown as [AnyMachineSnapshot, AnyMachineSnapshot];
  const { _nodes, value, tags } = other;
  const isAlike = own._nodes.length === _nodes.length && own._nodes.every((node, at) => node === _nodes[at]);
  return own === other || !isAlike ? snapshot : ({ ...own, _nodes, value, tags } as Snapshot);
}

/** The rows of a chart that a microstep took, as an inspector is told; none if it was told something else. */
export function rowsTakenIn(seen: { readonly type: string }): readonly AnyTransitionDefinition[] {
  if (seen.type !== '@xstate.microstep') return [];
  return (seen as { readonly _transitions?: readonly AnyTransitionDefinition[] })._transitions ?? [];
}

/**
 * A scope in which `machine.transition` executes nothing: it tells of actions and of the rows taken. Relies on a machine
 * that asks its scope for no more than `createActor` gives it, and tells its system of each microstep.
 */
export function idleScope(
  onAction: (action: ExecutedAction) => void,
  onRows: (rows: readonly AnyTransitionDefinition[]) => void,
): AnyActorScope {
  const self = createActor(createMachine({}));
  return {
    self,
    id: 'pure',
    sessionId: 'pure',
    logger: () => {},
    system: derived(self.system, {
      _sendInspectionEvent: (seen: { readonly type: string }) => onRows(rowsTakenIn(seen)),
    }),
    defer: () => {},
    stopChild: () => {},
    emit: () => {},
    actionExecutor: onAction,
  } as unknown as AnyActorScope;
}

/** The actor above this one; undefined above a root. */
export function parentOf(actor: object): AnyActorRef | undefined {
  return (actor as ActorInsides)._parent;
}

/** How many observe an actor: XState throws the error of a root that has none. */
export function observersOf(actor: AnyActorRef): number | undefined {
  return (actor as unknown as ActorInsides).observers?.size;
}

/** Lets the system forget an actor that has started, so that the garbage collector may have it when nobody holds it. */
export function unregister(actor: AnyActorRef): void {
  (actor as unknown as ActorInsides).system._unregister?.(actor);
}

/**
 * Mutants of a chart: copies with one thing changed. A set of tests that cannot tell a mutant from the chart lacks one,
 * unless the mutant behaves the same.
 */
import { type AnyStateMachine, type AnyStateNode, not } from 'xstate';
import { type EditableRow, type EditableState, editableConfig, type StateFinder, variant } from './variant.js';

/** The kinds of change, for listings. */
export const MUTATIONS = [
  'transition removed',
  'transition retargeted',
  'target removed',
  'guard removed',
  'guard negated',
  'rows swapped',
  'action removed',
  'action replaced',
  'reentry removed',
  'tag removed',
  'delay changed',
] as const;
/** A kind of change. */
export type Mutation = (typeof MUTATIONS)[number];

/** A chart with one thing changed. */
export interface Mutant<M extends AnyStateMachine> {
  /** Where, and what; stable and unique. */
  readonly name: string;
  readonly mutation: Mutation;
  /** Throws where the result is no chart. */
  build(): M;
}

/** One change to a chart as data. */
interface Change {
  readonly name: string;
  readonly mutation: Mutation;
  readonly edit: (state: StateFinder) => void;
}

/** Every mutant of a chart. */
export function mutantsOf<M extends AnyStateMachine>(machine: M): readonly Mutant<M>[] {
  const config = editableConfig(machine);
  const kin = actionsByName(config);
  const changes = statesIn(config, '').flatMap(([path, state]) => [
    ...rowChanges(path, state, machine.getStateNodeById([machine.id, path].filter(Boolean).join('.')), kin),
    ...actionChanges(`${path}: entry`, state.entry, (find) => find(path).entry, kin),
    ...actionChanges(`${path}: exit`, state.exit, (find) => find(path).exit, kin),
    ...tagChanges(path, state),
  ]);
  return [
    ...changes.map(({ edit, ...rest }) => ({ ...rest, build: () => variant(machine, edit) })),
    ...delayMutants(machine),
  ];
}

function statesIn(state: EditableState, path: string): [path: string, state: EditableState][] {
  const inner = Object.entries(state.states).flatMap(([name, each]) =>
    statesIn(each, path === '' ? name : `${path}.${name}`),
  );
  return [[path, state], ...inner];
}

/** Where a list of rows stands in a state. */
interface RowList {
  readonly name: string;
  readonly rows: readonly EditableRow[];
  readonly targets: readonly (AnyStateNode | undefined)[];
  readonly find: (state: StateFinder) => EditableRow[];
}

function rowChanges(path: string, state: EditableState, node: AnyStateNode, kin: Kin): Change[] {
  const lists: RowList[] = Object.entries(state.on).map(([event, rows]) => ({
    name: `${path}: ${event}`,
    rows,
    targets: (node.transitions.get(event) ?? []).map(({ target }) => target?.[0]),
    find: (find) => find(path).on[event] as EditableRow[],
  }));
  lists.push({
    name: `${path}: always`,
    rows: state.always,
    targets: (node.always ?? []).map(({ target }) => target?.[0]),
    find: (find) => find(path).always,
  });
  return lists.flatMap((list) => list.rows.flatMap((row, at) => changesOfRow(list, row, at, kin)));
}

function changesOfRow(list: RowList, row: EditableRow, at: number, kin: Kin): Change[] {
  const name = list.rows.length > 1 ? `${list.name} [${at + 1} of ${list.rows.length}]` : list.name;
  const inRow = (mutation: Mutation, what: string, edit: (row: EditableRow) => void): Change => ({
    name: `${name}: ${what}`,
    mutation,
    edit: (find) => edit(list.find(find)[at] as EditableRow),
  });
  const target = list.targets[at];
  return [
    {
      name: `${name}: removed`,
      mutation: 'transition removed',
      edit: (find) => void list.find(find).splice(at, 1),
    },
    ...siblingsOf(target).map((sibling) =>
      inRow('transition retargeted', `to ${sibling.path.join('.')}`, (each) => {
        each.target = `#${sibling.id}`;
      }),
    ),
    ...(row.target === undefined
      ? []
      : [inRow('target removed', 'to nowhere', (each) => void Reflect.deleteProperty(each, 'target'))]),
    ...(row.guard === undefined
      ? []
      : [
          inRow('guard removed', `without ${nameOf(row.guard)}`, (each) => void Reflect.deleteProperty(each, 'guard')),
          inRow('guard negated', `unless ${nameOf(row.guard)}`, (each) => {
            each.guard = not(each.guard as never);
          }),
        ]),
    ...(row.reenter === true
      ? [inRow('reentry removed', 'without entering anew', (each) => void Reflect.deleteProperty(each, 'reenter'))]
      : []),
    ...(at + 1 < list.rows.length
      ? [
          {
            name: `${name}: after the next row`,
            mutation: 'rows swapped' as const,
            edit: (find: StateFinder) => {
              const rows = list.find(find);
              rows.splice(at, 2, rows[at + 1] as EditableRow, rows[at] as EditableRow);
            },
          },
        ]
      : []),
    ...actionChanges(name, row.actions, (find) => (list.find(find)[at] as EditableRow).actions, kin),
  ];
}

function siblingsOf(node: AnyStateNode | undefined): AnyStateNode[] {
  const parent = node?.parent;
  if (parent === undefined || parent.type === 'parallel') return [];
  return Object.values(parent.states).filter((each) => each !== node);
}

/** The actions of a chart by their name: for each use of one, there may be others to put in its place. */
type Kin = ReadonlyMap<string, readonly unknown[]>;

function actionsByName(config: EditableState): Kin {
  const kin = new Map<string, unknown[]>();
  for (const [, state] of statesIn(config, '')) {
    const rows = [...Object.values(state.on).flat(), ...state.always].flatMap(({ actions }) => actions);
    for (const action of [...state.entry, ...state.exit, ...rows]) {
      const known = kin.get(nameOf(action)) ?? [];
      if (!known.some((each) => sameAction(each, action))) known.push(action);
      kin.set(nameOf(action), known);
    }
  }
  return kin;
}

function sameAction(a: unknown, b: unknown): boolean {
  const [left, right] = [paramsOf(a), paramsOf(b)];
  return typeof left === 'function' ? String(left) === String(right) : JSON.stringify(left) === JSON.stringify(right);
}

function paramsOf(action: unknown): unknown {
  if (typeof action === 'function') return (action as { id?: unknown }).id;
  return typeof action === 'object' ? (action as { params?: unknown }).params : undefined;
}

function actionChanges(
  where: string,
  actions: readonly unknown[],
  find: (state: StateFinder) => unknown[],
  kin: Kin,
): Change[] {
  return actions.flatMap((action, at) => {
    const others = (kin.get(nameOf(action)) ?? []).filter((each) => !sameAction(each, action));
    const [other] = others.slice(at % Math.max(1, others.length));
    const what = `${at + 1} ${describe(action)}`;
    const removed: Change = {
      name: `${where}: without action ${what}`,
      mutation: 'action removed',
      edit: (state) => void find(state).splice(at, 1),
    };
    const replaced: Change = {
      name: `${where}: ${describe(other)} instead of action ${what}`,
      mutation: 'action replaced',
      edit: (state) => void find(state).splice(at, 1, other),
    };
    return other === undefined ? [removed] : [removed, replaced];
  });
}

function tagChanges(path: string, { tags = [] }: EditableState): Change[] {
  return tags.map((tag) => ({
    name: `${path}: without tag ${tag}`,
    mutation: 'tag removed',
    edit: (find) => {
      find(path).tags = tags.filter((each) => each !== tag);
    },
  }));
}

function delayMutants<M extends AnyStateMachine>(machine: M): Mutant<M>[] {
  const delays = machine.implementations.delays as Record<string, (args: unknown, params: unknown) => number>;
  return Object.entries(delays).flatMap(([name, delay]) =>
    (
      [
        ['longer', (ms: number) => ms * 2 + 1],
        ['shorter', (ms: number) => ms / 2],
      ] as const
    ).map(([how, change]) => ({
      name: `delay ${name}: ${how}`,
      mutation: 'delay changed' as const,
      build: () =>
        machine.provide({
          delays: { [name]: (args: unknown, params: unknown) => change(delay(args, params)) },
        } as never) as M,
    })),
  );
}

function nameOf(action: unknown): string {
  if (typeof action === 'string') return action;
  if (typeof action === 'function') return 'id' in action ? 'arm' : action.name;
  return (action as { type?: string })?.type ?? 'nothing';
}

function describe(action: unknown): string {
  const params = paramsOf(action);
  if (typeof action === 'function') return `${nameOf(action)} ${String(params)}`;
  if (params === undefined) return nameOf(action);
  const values = typeof params === 'object' && params !== null ? Object.values(params).join(' ') : 'as computed';
  return `${nameOf(action)} ${values}`.trim();
}

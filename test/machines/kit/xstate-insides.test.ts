/** What the project relies on in XState beyond what it promises: where one of these fails, a new XState has changed it. */
import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromCallback, type InspectionEvent, setup } from 'xstate';
import { rowId } from '../../../machines/kit/rows.js';
import {
  activeNodes,
  derived,
  type ExecutedAction,
  hasNodes,
  idleScope,
  observersOf,
  parentOf,
  rowsTakenIn,
  sharing,
  unregister,
} from '../../../machines/kit/xstate-insides.js';

const lamp = setup({
  types: {} as { events: { type: 'press' } | { type: 'hold' } },
  actions: { click: () => {} },
}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: {
    off: { on: { press: { target: 'warming', actions: 'click' } } },
    warming: { always: 'on' },
    on: {
      type: 'parallel',
      states: { light: { initial: 'dim', states: { dim: {}, bright: {} } }, heat: {} },
      on: { hold: { target: '.light.bright' } },
    },
  },
});

/** A run of the chart in a scope that executes nothing. */
function idly(...events: readonly ('press' | 'hold')[]) {
  const actions: ExecutedAction[] = [];
  const rows: string[] = [];
  const scope = idleScope(
    (action) => actions.push(action),
    (taken) => rows.push(...taken.map(rowId)),
  );
  let snapshot = lamp.getInitialSnapshot(scope, undefined as never);
  for (const type of events) snapshot = lamp.transition(snapshot, { type }, scope) as typeof snapshot;
  return { snapshot, actions, rows };
}

describe('a snapshot', () => {
  it('holds its active nodes, from the outside in', () => {
    expect(activeNodes(idly().snapshot).map(({ id }) => id)).toEqual(['lamp', 'lamp.off']);
    expect(activeNodes(idly('press').snapshot).map(({ id }) => id)).toEqual([
      'lamp',
      'lamp.on',
      'lamp.on.light',
      'lamp.on.light.dim',
      'lamp.on.heat',
    ]);
  });

  it('has nodes if it is live, and none as JSON', () => {
    const { snapshot } = idly();
    expect(hasNodes(snapshot)).toBe(true);
    expect(hasNodes(JSON.parse(JSON.stringify(snapshot)))).toBe(false);
  });

  it('goes on with the parts of another where they are the same', () => {
    const [{ snapshot: known }, { snapshot }] = [idly('press'), idly('press')];
    const shared = sharing(snapshot, known);
    expect(shared.value).toBe(known.value);
    expect(shared.value).not.toBe(snapshot.value);
    const scope = idleScope(
      () => {},
      () => {},
    );
    const next = lamp.transition(shared, { type: 'hold' }, scope);
    expect(next.value).toEqual({ on: { light: 'bright', heat: {} } });
    expect(sharing(next, known)).toBe(next);
    expect(sharing(known, known)).toBe(known);
  });
});

describe('a step in a scope that executes nothing', () => {
  it('tells its actions, and the rows of each microstep', () => {
    const { snapshot, actions, rows } = idly('press', 'hold');
    expect(snapshot.value).toEqual({ on: { light: 'bright', heat: {} } });
    expect(actions.map(({ type }) => type)).toEqual(['click']);
    expect(rows).toEqual(['lamp.off: press', 'lamp.warming: always', 'lamp.on: hold']);
  });

  it('tells an inspector of an actor the same rows', () => {
    const seen: InspectionEvent[] = [];
    const actor = createActor(lamp, { inspect: (event) => seen.push(event) }).start();
    actor.send({ type: 'press' });
    expect(seen.flatMap(rowsTakenIn).map(rowId)).toEqual(['lamp.off: press', 'lamp.warming: always']);
  });
});

describe('logic that is derived from a machine', () => {
  it('runs in an actor with what it replaces, and is still the machine', () => {
    const heard: string[] = [];
    const watched = derived(lamp, {
      transition(...args: Parameters<typeof lamp.transition>) {
        heard.push(args[1].type);
        return lamp.transition(...args);
      },
    });
    const actor = createActor(watched).start();
    actor.send({ type: 'press' });
    expect(actor.getSnapshot().matches('on')).toBe(true);
    expect(heard).toEqual(['press']);
    expect(watched.config).toBe(lamp.config);
    expect(Object.getPrototypeOf(derived(watched))).toBe(watched);
  });
});

describe('an actor', () => {
  const keeper = createMachine({ invoke: { id: 'kept', src: fromCallback(() => {}) } });

  it('knows the one above it', () => {
    const above = createActor(keeper).start();
    expect(parentOf(above.getSnapshot().children.kept as object)).toBe(above);
    expect(parentOf(above)).toBeUndefined();
  });

  it('counts those who observe it', () => {
    const actor = createActor(keeper).start();
    expect(observersOf(actor)).toBe(0);
    const { unsubscribe } = actor.subscribe(() => {});
    expect(observersOf(actor)).toBe(1);
    unsubscribe();
    expect(observersOf(actor)).toBe(0);
  });

  it('goes on once its system has forgotten it', () => {
    const actor = createActor(lamp, { systemId: 'lamp' }).start();
    expect(actor.system.get('lamp')).toBe(actor);
    unregister(actor);
    expect(actor.system.get('lamp')).toBeUndefined();
    actor.send({ type: 'press' });
    expect(actor.getSnapshot().matches('on')).toBe(true);
  });
});

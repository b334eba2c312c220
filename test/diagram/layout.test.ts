import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { gatewayMachine, rowId, rowsFrom, shardMachine, stateNodesOf } from '../../machines/index.js';
import { type Area, GATEWAY_LAYOUTS, type Layout, type PlacedState, SHARD_LAYOUTS } from '../../src/diagram/index.js';
import { runsThrough, wordsOf } from '../../src/diagram/words.js';

const LAYOUTS = [
  ...Object.entries(SHARD_LAYOUTS).map(([view, layout]) => ({ name: `shard, ${view}`, layout, machine: shardMachine })),
  ...Object.entries(GATEWAY_LAYOUTS).map(([view, layout]) => ({
    name: `gateway, ${view}`,
    layout,
    machine: gatewayMachine,
  })),
] as readonly { name: string; layout: Layout; machine: AnyStateMachine }[];

const overlap = (a: Area, b: Area) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
const contains = (outer: Area, inner: Area) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.w <= outer.x + outer.w &&
  inner.y + inner.h <= outer.y + outer.h;

function overlaps(areas: readonly (Area & { readonly what: string })[]): string[] {
  return areas.flatMap((a, i) => areas.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.what} and ${b.what}`] : [])));
}

const labelsOf = ({ edges }: Layout) =>
  edges.flatMap(({ id, label }) => (label === undefined ? [] : [{ ...label, what: `label of ${id}` }]));
const isAround = ({ states }: Layout, { id }: PlacedState) => states.some(({ parent }) => parent === id);

describe.each(LAYOUTS)('the layout of $name', ({ layout, machine }) => {
  const page = { x: 0, y: 0, w: layout.width, h: layout.height };
  const byId = new Map(layout.states.map((state) => [state.id, state]));

  it('has only states and rows of the chart', () => {
    const ids = stateNodesOf(machine).map(({ id }) => id);
    const rows = stateNodesOf(machine).flatMap((node) => rowsFrom(node).map(rowId));
    for (const { id } of layout.states) expect(ids).toContain(id);
    for (const { rows: shown } of [...layout.states, ...layout.edges])
      for (const row of shown) expect(rows).toContain(row);
  });

  it('names each state and arrow once', () => {
    const ids = [...layout.states, ...layout.edges].map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  it('puts states into those around them, beside each other', () => {
    for (const state of layout.states)
      expect(contains(state.parent === null ? page : (byId.get(state.parent) ?? page), state), state.id).toBe(true);
    for (const parent of [null, ...layout.states.map(({ id }) => id)]) {
      const inside = layout.states.filter((state) => state.parent === parent);
      expect(overlaps(inside.map((state) => ({ ...state, what: state.id })))).toEqual([]);
    }
  });

  it('leads no arrow through words', () => {
    const words = [
      ...layout.states.flatMap((state) =>
        wordsOf(state).map(({ text, area }) => ({ ...area, what: `${state.id}: ${text}` })),
      ),
      ...labelsOf(layout),
    ];
    const crossed = layout.edges.flatMap((edge) =>
      words
        .filter(({ what, ...area }) => what !== `label of ${edge.id}` && runsThrough(edge, area))
        .map(({ what }) => `${edge.id} through ${what}`),
    );
    expect(crossed).toEqual([]);
    expect(overlaps(words)).toEqual([]);
  });

  it('puts labels where they can be read', () => {
    const simple = layout.states
      .filter((state) => !isAround(layout, state))
      .map((state) => ({ ...state, what: state.id }));
    const labels = labelsOf(layout);
    for (const label of labels) expect(contains(page, label), label.what).toBe(true);
    const found = overlaps([...labels, ...simple]);
    expect(found).toEqual([]);
  });

  it('draws each arrow from one of its states to the other', () => {
    const touches = ({ x, y, w, h }: Area, [px, py]: readonly [number, number]) =>
      px >= x - 1 && px <= x + w + 1 && py >= y - 1 && py <= y + h + 1;
    for (const { id, from, to, points } of layout.edges) {
      expect(points.length, id).toBeGreaterThan(1);
      if (from !== null) expect(touches(byId.get(from)!, points[0]!), id).toBe(true);
      expect(touches(byId.get(to)!, points.at(-1)!), id).toBe(true);
    }
  });
});

describe.each([
  ['shard', shardMachine as AnyStateMachine, SHARD_LAYOUTS],
  ['Gateway', gatewayMachine as AnyStateMachine, GATEWAY_LAYOUTS],
] as const)('the layouts of the %s chart', (_name, machine, layouts) => {
  const nodes = stateNodesOf(machine).filter((node) => node !== machine.root);
  const rows = stateNodesOf(machine).flatMap((node) => rowsFrom(node).map(rowId));
  const rowsIn = ({ states, edges }: Layout) => [...states, ...edges].flatMap((item) => item.rows);

  it('show every state and row as a whole', () => {
    expect(layouts.whole.states.map(({ id }) => id)).toEqual(expect.arrayContaining(nodes.map(({ id }) => id)));
    expect(rowsIn(layouts.whole).sort()).toEqual([...rows].sort());
  });

  it('account for every row in the overview, those of folded states too', () => {
    expect(rowsIn(layouts.overview).sort()).toEqual([...rows].sort());
  });
});

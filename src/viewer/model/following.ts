/** Where a chart that follows what happens looks. */
import type { AnyStateNode } from 'xstate';
import type { Layout } from '../../diagram/index.js';
import { activeIn, chartOf } from './charts.js';

/** Regions that go on beside the session: of them only what is degraded is looked at. */
const BESIDE: readonly string[] = ['heartbeat', 'reading'];

function isUsual(chart: string, id: string): boolean {
  const around: AnyStateNode[] = [];
  for (let at = chartOf(chart)?.nodes.get(id); at !== undefined; at = at.parent) around.push(at);
  const isBeside = around.slice(1).some(({ key }) => BESIDE.includes(key));
  return isBeside && !around.some(({ tags }) => tags.includes('degraded'));
}

/** The innermost state that a step led to and that a reader would look at; undefined if it led to none. */
export function changedState(chart: string, before: string, after: string): string | undefined {
  const was = new Set(activeIn(chart, before));
  const changed = activeIn(chart, after).filter((id) => !was.has(id));
  const worth = changed.filter((id) => !isUsual(chart, id));
  const [first] = worth.filter((id) => !worth.some((other) => other.startsWith(`${id}.`)));
  return first;
}

/** The view that shows a state: the one that is open if it does, else the first; undefined if none does. */
export function viewWith(
  layouts: Readonly<Record<string, Layout>>,
  open: string,
  id: string | undefined,
): string | undefined {
  const shows = (view: string) =>
    layouts[view]?.states.some((state) => state.id === id && state.kind !== 'outside' && !state.isFolded) ?? false;
  return [open, ...Object.keys(layouts)].find(shows);
}

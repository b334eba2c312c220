/** Where a chart that follows what happens looks. */
import type { Layout } from '../../diagram/index.js';
import { activeIn } from './charts.js';

/** Regions that go on beside the session: of them only what is out of the ordinary is looked at. */
const BESIDE = /\.(heartbeat|reading)\./;
const UNUSUAL = /\.(overdue|excused|catchingUp|alive|paused)\b/;

/** The innermost state that a step led to and that a reader would look at; undefined if it led to none. */
export function changedState(chart: string, before: string, after: string): string | undefined {
  const was = new Set(activeIn(chart, before));
  const changed = activeIn(chart, after).filter((id) => !was.has(id));
  const worth = changed.filter((id) => !BESIDE.test(id) || UNUSUAL.test(id));
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

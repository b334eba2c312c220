/** What a chart says of one state: its rule, its clause, its deadlines, and what leaves it. */

import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import {
  DEFAULT_POLICY,
  rowId,
  rowsFrom,
  shardContext,
  spanInWords,
  TIMERS,
  type Timer,
  waitInWords,
} from '../../../machines/index.js';
import { causeOf } from '../../../machines/kit/rows.js';
import { defaultSpanOf, intervalsInWords } from '../../telling/timer-spans.js';
import type { Chart } from './charts.js';
import { awaited, clauseOf, condition, done, happening, reason } from './words.js';

/** A state, as a reader asks about it. */
export interface Details {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly spec: string | null;
  /** What is done on entry, in words. */
  readonly entry: readonly string[];
  readonly deadlines: readonly string[];
  readonly ways: readonly Way[];
}

/** What may happen in a state. */
export interface Way {
  readonly row: string;
  readonly when: string;
  /** Under which condition; empty if under any. */
  readonly guard: string;
  /** Where it leads; empty if the state stays. */
  readonly to: string;
  readonly why: string;
  readonly spec: string | null;
  /** The title of the state around it that handles this; empty if its own. */
  readonly from: string;
}

/** What a chart says of a state; undefined if it has none of that id. */
export function detailsOf({ id: chart, nodes }: Chart, id: string): Details | undefined {
  const node = nodes.get(id);
  if (node === undefined) return undefined;
  const { spec } = (node.meta ?? {}) as { spec?: string };
  const timers = timersOf(node);
  return {
    id,
    title: node.key,
    rule: node.description ?? '',
    spec: spec ?? null,
    entry: node.entry.flatMap(effectOnEntry),
    deadlines: timers.map((timer) => deadline(chart, timer)),
    ways: waysFrom(chart, node),
  };
}

function waysFrom(chart: string, node: AnyStateNode): readonly Way[] {
  const ways: Way[] = [];
  /** Events that an inner state handles whatever the guards say: those around it never hear of them. */
  const handled = new Set<string>();
  for (let each: AnyStateNode | undefined = node; each !== undefined; each = each.parent) {
    const rows = rowsFrom(each).filter(({ eventType }) => !handled.has(eventType));
    for (const row of rows) ways.push(wayOf(chart, row, each === node ? '' : each.key));
    for (const row of rows) if (row.guard === undefined) handled.add(row.eventType);
  }
  return ways;
}

function wayOf(chart: string, row: AnyTransitionDefinition, from: string): Way {
  const cause = causeOf(row);
  const [target] = row.target ?? [];
  return {
    row: rowId(row),
    when: row.eventType === '' ? 'at once' : happening(row.eventType),
    guard: guardOf(chart, row),
    to: target === undefined || (target === row.source && row.reenter !== true) ? '' : titleOf(target),
    why: row.description ?? (cause === null ? '' : reason(chart, { name: cause })),
    spec: cause === null ? null : clauseOf(chart, cause),
    from,
  };
}

/** The name of a state, and that of the one around it where it says little alone. */
function titleOf({ key, parent }: AnyStateNode): string {
  const outer = parent?.key;
  return outer === 'closing' || outer === 'heartbeat' || outer === 'overdue' ? `${outer}, ${key}` : key;
}

function guardOf(chart: string, { guard }: AnyTransitionDefinition): string {
  if (guard === undefined) return '';
  const name =
    typeof guard === 'string' ? guard : ((guard as { type?: string }).type ?? (guard as { name?: string }).name ?? '');
  return condition(chart, name);
}

/** The timers that a state arms on entry. */
function timersOf(node: AnyStateNode): readonly string[] {
  return node.entry.flatMap((action) => {
    const { type, id, delay } = action as unknown as { type?: string; id?: unknown; delay?: unknown };
    return type === 'xstate.raise' && typeof id === 'string' && delay !== undefined ? [id] : [];
  });
}

function deadline(chart: string, timer: string): string {
  const within = chart === 'shard' && isTimer(timer) ? `: ${duration(timer)}` : '';
  return `${awaited(chart, timer)}${within}`;
}

const isTimer = (name: string): name is Timer => (TIMERS as readonly string[]).includes(name);

function duration(timer: Timer): string {
  if (timer === 'reconnect') return waitInWords(shardContext({ policy: DEFAULT_POLICY }));
  const intervals = intervalsInWords(timer);
  return intervals === null ? `within ${spanInWords(defaultSpanOf(timer)[1])}` : `after ${intervals}`;
}

/** An effect on entry, in words. */
function effectOnEntry(action: unknown): readonly string[] {
  const type = typeof action === 'string' ? action : (action as { type?: unknown }).type;
  const does = type === 'report' ? undefined : done(String(type));
  return does === undefined ? [] : [does];
}

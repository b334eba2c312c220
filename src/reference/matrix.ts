/** Every event in every state at a glance. */
import type { AnyStateNode } from 'xstate';
import { rowId } from '../../machines/kit/rows.js';
import { type Chart, timerOf } from './chart.js';
import { paragraphs, table } from './markdown.js';
import { opcodeOf } from './tables.js';

/** What the cells mean. */
export const LEGEND =
  'Where each event leads. *noted*: reported, and otherwise ignored. ·: ignored. *stays*: handled, and the state stays; *anew*: left and entered again. *beside*: what goes on beside it handles it.';

/** The shard's: on a connection, in the regions beside it, and without one. */
export function shardMatrices(shard: Chart): string {
  const hearsHello = (state: AnyStateNode) => hears(shard, state, 'hello');
  return paragraphs(
    '### On a connection',
    matrix(shard, shard.primary.filter(hearsHello)),
    ...shard.secondaryRegions.map((region) => besides(shard, region)),
    '### Before and after it',
    matrix(
      shard,
      shard.primary.filter((state) => !hearsHello(state)),
    ),
  );
}

/** The Gateway's; what another region alone does is left out. */
export function gatewayMatrices(gateway: Chart): string {
  const open = gateway.primary.filter((state) => hears(gateway, state, 'received.identify'));
  return paragraphs(
    '## At a glance',
    LEGEND,
    matrix(gateway, open, (_, texts) => texts.some((text) => text !== '·' && text !== 'beside')),
    'Without a client that could be heard:',
    matrix(
      gateway,
      gateway.primary.filter((state) => !open.includes(state)),
    ),
  );
}

const hears = (chart: Chart, state: AnyStateNode, type: string) => chart.rowsFor(state, type).length > 0;

/** What a region does about the events that it handles itself. */
function besides(chart: Chart, region: AnyStateNode): string {
  const inside = chart.inside(region);
  const isOwn = (type: string) =>
    inside.some((state) => chart.rowsFor(state, type).some(({ source }) => source.id.startsWith(region.id)));
  const open = region.parent === undefined ? '' : chart.state(region.parent);
  return paragraphs(`### Beside it: ${region.key}`, `At the same time, while ${open}.`, matrix(chart, inside, isOwn));
}

/** A row for each event that does anything and that `keeps` keeps, a column for each state; states that fare alike share one. */
function matrix(
  chart: Chart,
  states: readonly AnyStateNode[],
  keeps: (type: string, texts: readonly string[]) => boolean = () => true,
): string {
  const isTimer = (type: string) => timerOf(type) !== undefined;
  const events = [...chart.events.filter((type) => !isTimer(type)), ...chart.events.filter(isTimer)];
  const columns = new Map<string, { cells: readonly string[]; states: AnyStateNode[] }>();
  for (const state of states) {
    const cells = events.map((type) => cell(chart, state, type));
    const column = columns.get(cells.join()) ?? { cells, states: [] };
    column.states.push(state);
    columns.set(cells.join(), column);
  }
  const all = [...columns.values()];
  const rows = events.flatMap((type, i) => {
    const texts = all.map(({ cells }) => cells[i] ?? '');
    return texts.some((text) => text !== '·') && keeps(type, texts) ? [[named(chart, type), ...texts]] : [];
  });
  const links = (column: { readonly states: readonly AnyStateNode[] }) =>
    column.states.map((state) => chart.state(state, broken(chart.shortName(state)))).join(', ');
  return table(['', ...all.map(links)], rows);
}

/** An event of the shard with the opcode that it comes from. */
function named(chart: Chart, type: string): string {
  const op = chart.explored.machine.id === 'shard' ? opcodeOf(type) : undefined;
  return `${chart.event(type)}${op === undefined ? '' : ` op&nbsp;${op}`}`;
}

/** Names may break where a new word begins, so that columns stay narrow. */
const broken = (name: string) => name.replace(/([a-z])(?=[A-Z])/g, '$1<wbr>').replace(/\./g, '.<wbr>');

/** Where an event leads from a state, in the first beginning of the chart. */
function cell(chart: Chart, state: AnyStateNode, type: string): string {
  const steps = chart.in(state).flatMap(({ edges }) => edges.filter(({ event }) => event.type === type));
  const own = steps.filter(({ rows }) => rows.some((row) => isOf(state, row)));
  if (own.length === 0) return steps.length > 0 ? 'beside' : '·';
  const results = own.map(({ after, instructions, rows }) => {
    const target = chart.restingIn(after, state);
    if (target !== state) return broken(chart.shortName(target));
    const taken = rows.filter((id) => isOf(state, id));
    if (chart.rows.some((row) => row.target !== undefined && taken.includes(rowId(row)))) return 'anew';
    const does = instructions.filter((each) => each.type !== 'arm' && each.type !== 'disarm');
    return does.length > 0 && does.every((each) => each.type === 'report') ? 'noted' : 'stays';
  });
  return [...new Set(results)].join(', ');
}

/** Whether a row, by its id, belongs to a state or one around it. */
function isOf(state: AnyStateNode, row: string): boolean {
  const source = row.slice(0, row.indexOf(':'));
  return state.id === source || state.id.startsWith(`${source}.`);
}

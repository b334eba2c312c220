import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import type { Abstraction } from '../../../machines/index.js';
import {
  GATEWAY_LAYOUTS,
  GATEWAY_VIEWS,
  json,
  type Layout,
  layoutOf,
  mermaid,
  PathError,
  type PlayedPath,
  playEvents,
  playPath,
  SHARD_LAYOUTS,
  SHARD_VIEWS,
  svg,
  type View,
  ViewError,
} from '../../diagram/index.js';
import { printable } from '../../telling/printable.js';
import { parseShallow } from '../../telling/shallow.js';
import type { TraceLine } from '../../trace/index.js';
import { chartOfUser } from '../charts/chart-of-user.js';
import { CHARTS, type ChartName } from '../charts/charts.js';
import { NO_TRACE, whyUnreadable } from '../terminal/input-file.js';
import { type Io, UsageError } from '../terminal/io.js';
import { writeOutput } from '../terminal/output-file.js';
import type { DiagramOptions } from './command.js';

type Format = 'svg' | 'mermaid' | 'json';

/** What can be drawn, and what is known of it. */
interface Subject {
  readonly machine: AnyStateMachine;
  readonly abstraction: Abstraction<never, never, never>;
  readonly views: Readonly<Record<string, View>>;
  /** Made ahead; a chart of the user's has none. */
  readonly layouts: Readonly<Record<string, Layout>>;
}

const OURS = {
  shard: { ...CHARTS.shard, views: SHARD_VIEWS, layouts: SHARD_LAYOUTS },
  gateway: { ...CHARTS.gateway, views: GATEWAY_VIEWS, layouts: GATEWAY_LAYOUTS },
} as unknown as Readonly<Record<ChartName, Subject>>;

const FORMATS: Readonly<Record<string, Format>> = {
  '.svg': 'svg',
  '.json': 'json',
  '.mmd': 'mermaid',
  '.md': 'mermaid',
};

/** Draws a chart, to a file or to the standard output. */
export async function diagram(chart: ChartName, options: DiagramOptions, io: Io): Promise<number> {
  const { out } = options;
  const subject = await subjectOf(chart, options);
  const text = await drawn(subject, options).catch((error: unknown) => {
    // A path that cannot be taken, a state that is not there: the message says what is.
    if (error instanceof PathError || error instanceof ViewError) throw new UsageError(error.message);
    throw error;
  });
  if (out === undefined) io.out.write(text);
  else {
    await writeOutput(out, text, '--out');
    io.out.write(`wrote ${printable(out)}\n`);
  }
  return 0;
}

async function subjectOf(chart: ChartName, { machine: place }: DiagramOptions): Promise<Subject> {
  const ours = OURS[chart];
  if (place === undefined) return ours;
  const { machine, module } = await chartOfUser(place);
  const { abstraction = ours.abstraction } = module as Partial<Subject>;
  return { machine, abstraction, views: ours.views, layouts: {} };
}

async function drawn(subject: Subject, options: DiagramOptions): Promise<string> {
  const { out = '', path, theme } = options;
  if (options.format === undefined && /^\.(png|jpe?g|webp|gif|pdf)$/i.test(extname(out))) {
    throw new UsageError(`--out: ${out} would not hold what its name says: name a .svg, .mmd, .md or .json`);
  }
  const format = options.format ?? FORMATS[extname(out)] ?? 'svg';
  if (format === 'json') {
    const strange = (['view', 'only', 'fold', 'path'] as const).filter((name) => options[name] !== undefined);
    if (strange.length > 0) throw new UsageError(`--${strange[0]} is for pictures: JSON holds the whole chart`);
    return json(subject.machine);
  }
  const played = path === undefined ? undefined : playedOn(subject, path);
  const steps = played?.steps.map(({ rows }) => rows);
  if (format === 'mermaid') return `${mermaid(subject.machine, viewOf(subject, options), steps && { path: steps })}\n`;
  const layout = await layoutFor(subject, options);
  return svg(layout, { theme, ...(steps && { path: steps }), states: played?.states ?? [] });
}

function viewOf({ machine, views }: Subject, { view, only, fold, machine: place }: DiagramOptions): View {
  const named = view === undefined && place !== undefined ? { title: machine.id } : views[view ?? 'overview'];
  if (named === undefined)
    throw new UsageError(`There is no view ${view}. There are: ${Object.keys(views).join(', ')}`);
  if (only === undefined && fold === undefined) return named;
  if (view !== undefined) throw new UsageError('--view has its own --only and --fold: leave it out, or them');
  return {
    title: only ?? machine.id,
    ...(only === undefined ? {} : { only }),
    ...(fold === undefined ? {} : { fold }),
  };
}

async function layoutFor(subject: Subject, options: DiagramOptions): Promise<Layout> {
  const { view = 'overview', only, fold } = options;
  const what = viewOf(subject, options);
  const made = only === undefined && fold === undefined ? subject.layouts[view] : undefined;
  if (made !== undefined) return made;
  const { default: Elk } = await import('elkjs').catch((cause: unknown) => {
    const kind = options.machine === undefined ? 'a part of the chart that is no view' : "a chart of one's own";
    throw new Error(`SVG of ${kind} needs the package elkjs: npm install elkjs (or take --format mermaid)`, { cause });
  });
  return layoutOf(subject.machine, what, new Elk.default());
}

/** A path by its events, or a recorded run by its file. */
function playedOn({ machine, abstraction }: Subject, path: string): PlayedPath {
  return path.endsWith('.jsonl') ? recorded(machine, path) : playPath(machine, abstraction as never, path);
}

/** What a trace tells of the first actor that ran this chart. Events that moved nothing are left out. */
function recorded(machine: AnyStateMachine, file: string): PlayedPath {
  const lines = linesIn(file);
  const header = lines.find((line) => line.type === 'header' && line.chart === machine.id);
  const own = lines.filter(({ actor }) => actor === header?.actor);
  const checkpoint = own.find((line) => line.type === 'checkpoint');
  if (header === undefined || checkpoint?.type !== 'checkpoint')
    throw new UsageError(`${file} is no trace of the chart ${machine.id}`);
  const { value, context } = checkpoint.snapshot;
  const snapshot = machine.resolveState({ value, context } as never);
  const events = own.flatMap((line) => (line.type === 'step' ? [line.event] : []));
  const { steps, states } = playEvents(machine, snapshot as never, events as never[]);
  return { steps: steps.filter(({ rows }) => rows.length > 0), states };
}

function linesIn(file: string): readonly TraceLine[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return lines.filter((line) => line !== '').map((line) => parseShallow(line) as TraceLine);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== undefined) throw new UsageError(whyUnreadable(file, error));
    throw new UsageError(`${file}: ${NO_TRACE}`);
  }
}

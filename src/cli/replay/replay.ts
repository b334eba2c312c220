import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import { CAUSES, type Cause, stateView } from '../../../machines/index.js';
import { counted } from '../../telling/numbers.js';
import { isoTime, printable, printableJson } from '../../telling/printable.js';
import {
  causeInWords,
  type Difference,
  differenceInWords,
  excerpt,
  type HeaderLine,
  inOrder,
  isLap,
  isOtherChart,
  type PlacedLine,
  type ReadTrace,
  type Replayed,
  type ReplayOptions,
  readTrace,
  replay as replayLines,
  type StepLine,
  sequenceDiagram,
  testFile,
  type WarningLine,
} from '../../trace/index.js';
import { type ChartOfUser, chartOfUser } from '../charts/chart-of-user.js';
import { Story } from '../live/story.js';
import { readInput } from '../terminal/input-file.js';
import type { Io } from '../terminal/io.js';
import { writeOutput } from '../terminal/output-file.js';
import type { ReplayCommandOptions } from './command.js';

/** What came of a replay. */
interface Result {
  readonly lines: number;
  readonly steps: number;
  readonly transitions: number;
  /** From the first line to the last, in ms. */
  readonly ms: number;
  readonly difference: Difference | null;
}

/** Runs a trace again and says where the outcome differs from the recording; 1 if it does. */
export async function replay(files: readonly string[], options: ReplayCommandOptions, io: Io): Promise<number> {
  const trace = inOrder(await Promise.all((await withOlder(files)).map(read)));
  const chart = options.machine === undefined ? undefined : await chartOfUser(options.machine);
  const how: ReplayOptions = chart === undefined ? {} : { machine: chart.machine as never };
  const notes = [...trace.notes, ...otherChart(trace, how)];
  const [from, to] = options.lines ?? [1, Number.POSITIVE_INFINITY];
  const teller = tellerFor(options, io);
  teller.begin(notes, trace);
  const result = run(trace.lines, how, (each, number) => {
    if (number >= from && number <= to) teller.tell(each);
  });
  if (options.emitTest !== undefined) await emit(options.emitTest, trace, how, chart, [from, to], io);
  teller.end(result);
  if (options.view) await show(trace, result, options, io);
  return result.difference === null ? 0 : 1;
}

function run(lines: readonly PlacedLine[], how: ReplayOptions, see: (each: Replayed, number: number) => void): Result {
  let [number, steps, transitions] = [0, 0, 0];
  let difference: Difference | null = null;
  const ats = lines.map(({ line: { at } }) => at);
  for (const each of replayLines(lines, how)) {
    number += 1;
    see(each, number);
    if (each.place.line.type === 'step') {
      steps += 1;
      if (each.place.line.to !== undefined) transitions += 1;
    }
    difference = each.difference;
  }
  return { lines: number, steps, transitions, ms: (ats.at(-1) ?? 0) - (ats[0] ?? 0), difference };
}

/** Shows the recording in the viewer, at the first difference if there is one. */
async function show(
  { lines }: ReadTrace,
  { difference }: Result,
  { format, open = true }: ReplayCommandOptions,
  io: Io,
): Promise<void> {
  const { serveViewer } = await import('../view/view.js');
  const shown = lines.flatMap(({ line }): object[] => {
    if (difference === null || line !== difference.place.line) return [line];
    const { actor } = line;
    const says = differenceInWords(difference);
    return [line, { type: 'difference', ...(actor === undefined ? {} : { actor }), says }];
  });
  const where = difference === null ? 'all as recorded' : 'shown at the first difference';
  const content = { lines: shown, strange: 0, title: `The viewer, with ${counted(lines.length, 'line')}: ${where}` };
  // A diagram on standard output is for a file.
  await serveViewer(content, { open, json: format === 'json' }, format === 'mermaid' ? { ...io, out: io.err } : io);
}

/** One file brings the older ones of the same recording with it, if they lie beside it under their names. */
async function withOlder(files: readonly string[]): Promise<readonly string[]> {
  const [file] = files;
  if (file === undefined || files.length > 1) return files;
  const began = beganOf(await readInput(file));
  const older: string[] = [];
  const ending = extname(file);
  for (let i = 1; ; i += 1) {
    const name = `${file.slice(0, file.length - ending.length)}.${i}${ending}`;
    const found = await readFile(name, 'utf8').catch(() => null);
    if (found === null || began === undefined || beganOf(found) !== began) return [...older, file];
    older.unshift(name);
  }
}

function beganOf(content: string): unknown {
  try {
    return JSON.parse(content.slice(0, content.indexOf('\n'))).began;
  } catch {
    return undefined; // reading it will say what is wrong
  }
}

async function read(file: string): Promise<ReadTrace> {
  return readTrace(await readInput(file), file);
}

function headerOf(trace: ReadTrace): HeaderLine {
  return trace.lines[0]?.line as HeaderLine;
}

function otherChart(trace: ReadTrace, how: ReplayOptions): string[] {
  const header = headerOf(trace);
  if (!isOtherChart(header, how)) return [];
  return [
    `recorded with another definition of the ${header.chart} chart, by gatechart ${header.gatechart}: it may well do something else`,
  ];
}

async function emit(
  out: string,
  trace: ReadTrace,
  how: ReplayOptions,
  chart: ChartOfUser | undefined,
  [from, to]: readonly [number, number],
  io: Io,
): Promise<void> {
  const names = [...new Set(trace.lines.map(({ file }) => file))];
  const lines = excerpt(replayLines(trace.lines, how), from, to);
  const machine = chart && { from: importPath(out, chart.file), name: chart.name };
  const name = names.at(-1) ?? 'a trace';
  await writeOutput(out, testFile(lines, { name, ...(machine === undefined ? {} : { machine }) }), '--emit-test');
  io.err.write(`${printable(`${out} is written: run it with npx vitest run ${out}`)}\n`);
}

function importPath(out: string, file: string): string {
  const path = relative(dirname(resolve(out)), resolve(file)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

/** Who tells of a replay. */
interface Teller {
  begin(notes: readonly string[], trace: ReadTrace): void;
  tell(each: Replayed): void;
  end(result: Result): void;
}

function tellerFor(options: ReplayCommandOptions, io: Io): Teller {
  if (options.format === 'json') return jsonTeller(io);
  if (options.format === 'mermaid') return mermaidTeller(options, io);
  return textTeller(options, io);
}

/** The steps as the chart took them, to the byte as they would be recorded, and what came of it. */
function jsonTeller({ out }: Io): Teller {
  const write = (line: object) => void out.write(`${printableJson(line)}\n`);
  return {
    begin: (notes) => {
      for (const says of notes) write({ type: 'note', says });
    },
    tell: ({ line }) => {
      if (line?.type === 'step') write(line);
    },
    end: ({ difference, ...result }) => {
      const { place, ...rest } = difference ?? {};
      const where = place && { file: place.file, line: place.number };
      write({ type: 'result', same: difference === null, ...result, difference: difference && { ...where, ...rest } });
    },
  };
}

function mermaidTeller({ verbose = false }: ReplayCommandOptions, { out, err }: Io): Teller {
  const lines: PlacedLine['line'][] = [];
  return {
    begin: (notes) => {
      for (const note of notes) err.write(`note: ${printable(note)}\n`);
    },
    tell: ({ place }) => void lines.push(place.line),
    end: ({ difference }) => {
      out.write(`${sequenceDiagram(lines, { laps: verbose })}\n`);
      if (difference !== null) err.write(`${differenceInWords(difference).join('\n')}\n`);
    },
  };
}

/** Steps that are told unless more are asked for: the last ones, which led to where it ended. */
const TOLD = 200;

function textTeller({ verbose = false, lines: range }: ReplayCommandOptions, io: Io): Teller {
  let at = 0;
  let untold = 0;
  const story = new Story(io, { time: () => at });
  const { terminal } = story;
  const { green, red, dim } = terminal.colors;
  const charts = new Map<string | undefined, string>();
  return {
    begin(notes, trace) {
      const { chart, gatechart, began, shard } = headerOf(trace);
      const which = shard === undefined ? '' : ` ${shard.join(' of ')}`;
      story.say(`${chart}${which}, recorded on ${isoTime(began)} by gatechart ${gatechart}`);
      for (const note of notes) story.say(`note: ${note}`);
      story.say();
      const all = trace.lines.filter(({ line }) => line.type === 'step' && isTold(line)).length;
      untold = verbose || range !== undefined ? 0 : Math.max(0, all - TOLD);
      if (untold > 0) story.say(`(${counted(untold, 'step')} before these: --verbose tells all, --lines some of them)`);
    },
    tell({ place: { line }, line: own }) {
      ({ at } = line);
      if (line.type === 'header') charts.set(line.actor, line.chart);
      if (line.type === 'warning') tellWarning(story, line);
      if (own?.type !== 'step') return;
      if (isTold(own)) untold -= 1;
      if (untold < 0) tellStep(story, own, charts.get(own.actor) ?? 'shard', verbose);
    },
    end({ lines, steps, transitions, ms, difference }) {
      terminal.line();
      if (difference === null) {
        const what = `${counted(lines, 'line')}, ${counted(steps, 'step')}, ${counted(transitions, 'transition')}`;
        terminal.line(`${green('SAME')}  ${what} in ${(ms / 1000).toFixed(1)} s: all as recorded, to the byte`);
        return;
      }
      const before = steps === 0 ? '' : ` after ${counted(steps - 1, 'step')} that are as recorded`;
      terminal.line(`${red('DIFFERENT')}${before}`);
      for (const each of differenceInWords(difference)) terminal.line(each.startsWith('  * ') ? each : dim(each));
    },
  };
}

function isTold({ causes = [] }: StepLine): boolean {
  return causes.length > 0 && !isLap(causes);
}

function tellWarning(story: Story, { problem, error }: WarningLine): void {
  story.fact('warning', 'warning', error === undefined ? problem : `${problem}: ${error}`);
}

/** How long the shard waits from here on, in ms, if it does. */
function waitOf({ to = '', do: done = [] }: StepLine): number | undefined {
  if (stateView(to).run !== 'running.waiting') return undefined;
  const armed = done.find(({ type, params }) => type === 'arm' && params.timer === 'reconnect');
  const { delay } = (armed?.params ?? {}) as { readonly delay?: unknown };
  return typeof delay === 'number' ? delay : undefined;
}

function tellStep(story: Story, step: StepLine, chart: string, verbose: boolean): void {
  const { actor, from, to = from, dispatches } = step;
  const causes = (step.causes ?? []) as readonly Cause[];
  const [cause] = causes;
  if (chart !== 'shard' || causes.some(({ name }) => !Object.hasOwn(CAUSES, name))) {
    for (const each of step.causes ?? []) story.fact('cause', actor ?? chart, causeInWords(each, chart));
  } else if (cause !== undefined && to !== from) {
    const wait = waitOf(step);
    story.transition(
      { from, to, cause, causes, ...(wait === undefined ? {} : { wait }) },
      { laps: verbose, specs: verbose },
    );
  } else for (const each of causes) story.notice(each);
  if (!verbose || dispatches === undefined) return;
  const names = Object.entries(dispatches.names).map(([name, count]) => `${name} ${count}`);
  story.fact('dispatches', counted(dispatches.count, 'dispatch', 'dispatches'), names.join(', '));
}

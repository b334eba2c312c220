import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRADES, type Grade } from '../../conformance/case.js';
import { casesFor } from '../../conformance/cases/index.js';
import { commandFor } from '../../conformance/client-process.js';
import { type ConformanceReport, newFailures, parseReport, reportOf } from '../../conformance/report.js';
import { html } from '../../conformance/reports/html.js';
import { junit } from '../../conformance/reports/junit.js';
import { findingLine, variesLine, verdictLine } from '../../conformance/reports/lines.js';
import { tap } from '../../conformance/reports/tap.js';
import { runCases } from '../../conformance/run.js';
import { ClientMissingError } from '../../conformance/stage.js';
import type { CaseResult } from '../../conformance/verdict.js';
import { lookAtWiring } from '../../conformance/wiring.js';
import { counted } from '../../telling/numbers.js';
import { Story } from '../live/story.js';
import { readInput } from '../terminal/input-file.js';
import { type Io, UsageError } from '../terminal/io.js';
import { demandFolder, writeOutput } from '../terminal/output-file.js';
import type { ConformOptions } from './command.js';

type Format = 'html' | 'json' | 'junit' | 'tap';

const WRITERS: Readonly<Record<Format, (report: ConformanceReport) => string>> = {
  html: (report) => html([report]),
  json: (report) => `${JSON.stringify(report, null, 1)}\n`,
  junit,
  tap,
};

/** Holds a client against the documentation, case by case; with `compare`, puts reports beside one another instead. */
export async function conform(command: readonly string[], options: ConformOptions, io: Io): Promise<number> {
  const story = new Story(io, options);
  const outputs = outputsFrom(options.report);
  if (options.compare) return await compare(command, outputs, story);
  const cases = casesFor(options.profile, options.case);
  if (cases.length === 0) throw new UsageError(`--case: no case is called ${options.case}: --list prints all`);
  if (options.list) {
    list(cases, story);
    return 0;
  }
  if (command.length === 0) {
    throw new UsageError(
      'name the command that starts your client after --, such as: gatechart conform -- node bot.js',
    );
  }
  checkPlaceholders(command);
  const baseline = options.baseline === undefined ? null : await readReport(options.baseline, '--baseline');
  const report = await run(command, cases, baseline, options, story, io);
  if (report === null) return 1;
  for (const [format, path] of outputs) await writeOutput(path, WRITERS[format](report), '--report');
  conclude(report, baseline, outputs, story);
  const bad = report.counts.failed + report.counts['not reached'];
  return (baseline === null ? bad : newFailures(report, baseline).length) === 0 ? 0 : 1;
}

async function run(
  command: readonly string[],
  cases: ReturnType<typeof casesFor>,
  baseline: ConformanceReport | null,
  options: ConformOptions,
  story: Story,
  io: Io,
): Promise<ConformanceReport | null> {
  const { profile, jobs, interval, startup, name = command.join(' ') } = options;
  const { tls = false, verbose = false, confirm = false } = options;
  story.say(
    `${counted(cases.length, 'case')} with ${name}, ${jobs} at once, each with a fresh process and a Gateway of its own ` +
      `(heartbeat interval ${interval} ms).`,
  );
  const began = new Date();
  const folder = tls ? await mkdtemp(join(tmpdir(), 'gatechart-conform-')) : null;
  const stage = { command, interval, startup, signal: io.signal, caFolder: folder ?? undefined };
  try {
    const { problem, can } = await lookAtWiring(stage);
    if (problem !== null) throw new UsageError(problem);
    const results = await runCases(cases, {
      ...stage,
      atOnce: jobs,
      can,
      onResult: (result, done, of) => tell(result, done, of, verbose, story),
      confirms: (result) => confirm && (baseline === null || newFailures({ results: [result] }, baseline).length > 0),
      onRepeat: (result, done, of) => tellAgain(result, done, of, story),
    });
    const tookMs = Date.now() - began.getTime();
    return reportOf(results, { gatechart: io.version, client: name, profile, began: began.toISOString(), tookMs });
  } catch (error) {
    if (io.signal.aborted) {
      story.terminal.status('');
      story.say('Interrupted: nothing was judged.');
      return null;
    }
    throw error instanceof ClientMissingError ? new UsageError(error.message) : error;
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

function tell(result: CaseResult, done: number, of: number, verbose: boolean, story: Story): void {
  const { id, verdict, findings, why, timeline } = result;
  story.record('case', { ...result, done, of });
  if (story.isJson) return;
  const { terminal } = story;
  terminal.status(`${done} of ${of} … ${id}`);
  if (verdict === 'passed' && !verbose) return;
  terminal.status('');
  const { colors } = terminal;
  const paint = verdict === 'failed' ? colors.red : verdict === 'passed' ? colors.green : colors.yellow;
  terminal.paragraph(`${verdictLine(result)}: ${id}`, { paint });
  terminal.paragraph(result.says, { indent: 4, paint: colors.dim });
  if (why !== undefined) terminal.paragraph(why, { indent: 4 });
  for (const finding of findings) terminal.paragraph(findingLine(finding), { indent: 4 });
  if (verbose) for (const line of timeline) terminal.paragraph(line, { indent: 6, paint: colors.dim });
}

/** Tells of a case that was played once more. */
function tellAgain(result: CaseResult, done: number, of: number, story: Story): void {
  story.record('again', { ...result, done, of });
  if (story.isJson) return;
  const { terminal } = story;
  terminal.status(`once more: ${done} of ${of} … ${result.id}`);
  const varies = variesLine(result);
  if (varies === null) return;
  terminal.status('');
  terminal.paragraph(`${verdictLine(result)}: ${result.id}`, { paint: terminal.colors.yellow });
  terminal.paragraph(varies, { indent: 4 });
}

function conclude(
  report: ConformanceReport,
  baseline: ConformanceReport | null,
  outputs: readonly (readonly [Format, string])[],
  story: Story,
): void {
  const { counts, grades, client, tookMs, results, ...about } = report;
  const fresh = baseline === null ? null : newFailures(report, baseline).map(({ id }) => id);
  story.record('result', { ...about, client, counts, grades, tookMs, ...(fresh === null ? {} : { new: fresh }) });
  if (story.isJson) return;
  story.terminal.status('');
  story.say();
  story.say(
    `${counts.passed} passed, ${counts.tolerated} tolerated, ${counts.failed} failed, ${counts['not reached']} not reached, ` +
      `${counts['not tested']} not tested, ` +
      `of ${counted(results.length, 'case')} in ${Math.round(tookMs / 1000)} s.`,
  );
  for (const [grade, count] of Object.entries(grades))
    story.say(`${count} × ${grade}: ${GRADES[grade as Grade]}`, { indent: 2 });
  if (fresh !== null) {
    story.say(fresh.length === 0 ? 'Nothing failed that had not failed before.' : `New: ${fresh.join(', ')}.`);
  }
  for (const [format, path] of outputs) story.say(`${format}: ${path}`, { indent: 2, dim: true });
}

function list(cases: ReturnType<typeof casesFor>, story: Story): void {
  for (const { id, spec, level, says } of cases) story.record('case', { id, spec, level, says });
  if (story.isJson) return;
  story.terminal.table(
    [{ title: 'case' }, { title: 'level' }, { title: 'section' }],
    cases.map(({ id, level, spec }) => [id, level, spec]),
  );
}

/** Puts reports that were written as JSON beside one another. */
async function compare(
  files: readonly string[],
  outputs: readonly (readonly [Format, string])[],
  story: Story,
): Promise<number> {
  if (files.length === 0) throw new UsageError('--compare takes the files of reports: --report json=FILE writes them');
  const reports = await Promise.all(files.map((file) => readReport(file, '--compare')));
  const pages = outputs.filter(([format]) => format === 'html');
  if (pages.length < outputs.length) throw new UsageError('--compare writes HTML alone: --report html=FILE');
  for (const [, path] of pages) await writeOutput(path, html(reports), '--report');
  const ids = [...new Set(reports.flatMap(({ results }) => results.map(({ id }) => id)))];
  const verdictOf = (report: ConformanceReport, id: string) => {
    const result = report.results.find((each) => each.id === id);
    return result === undefined ? '' : result.verdict === 'failed' ? `failed: ${result.grade}` : result.verdict;
  };
  const rows = ids.map((id) => [id, ...reports.map((report) => verdictOf(report, id))]);
  const different = rows.filter(([, first, ...rest]) => rest.some((verdict) => verdict !== first));
  for (const [id = '', ...verdicts] of different) story.record('case', { id, verdicts });
  if (!story.isJson) {
    story.terminal.table([{ title: 'case' }, ...reports.map(({ client }) => ({ title: client }))], different);
    story.say(`${different.length} of ${counted(ids.length, 'case')} differ.`);
  }
  return 0;
}

/** `html=FILE,json=FILE` as pairs. */
function outputsFrom(text: string | undefined): readonly (readonly [Format, string])[] {
  return (text ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [format = '', ...rest] = part.split('=');
      const path = rest.join('=');
      if (!Object.hasOwn(WRITERS, format) || path === '') {
        throw new UsageError(`--report: ${part} is no report: write html=FILE, json=FILE, junit=FILE or tap=FILE`);
      }
      demandFolder(path, '--report');
      return [format as Format, path] as const;
    });
}

function checkPlaceholders(command: readonly string[]): void {
  try {
    commandFor(command, { token: '', rest: '', gateway: '' });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function readReport(file: string, option: string): Promise<ConformanceReport> {
  const text = await readInput(file);
  try {
    return parseReport(text);
  } catch (error) {
    throw new UsageError(`${option}: ${file}: ${(error as Error).message}`);
  }
}

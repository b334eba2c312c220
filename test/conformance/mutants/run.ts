/**
 * Holds our own client against the conformance kit with one fault at a time, and prints which case found it; fails when
 * none of the cases of a fault fails with it, or one of them fails without. `npm run conform:mutants`; for some of them
 * `npm run conform:mutants -- --only "op 9" --only host`; for every tenth `npm run conform:mutants -- --every 10`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from '../../../src/conformance/case.js';
import { CASES } from '../../../src/conformance/cases/index.js';
import { ORDERS, type Order } from '../../../src/conformance/control.js';
import { verdictLine } from '../../../src/conformance/reports/lines.js';
import { runCases } from '../../../src/conformance/run.js';
import { type CaseResult, isBad } from '../../../src/conformance/verdict.js';
import type { Fault } from './fault.js';
import { FAULTS } from './faults/index.js';
import { bundle } from './variants.js';

const HELP = `usage: npm run conform:mutants -- [--only <part of a name>] [--every <n>] [--jobs <n>] [--json]

  --only <text>  faults alone whose area or name holds it; may be given again, and the option's name left out
  --every <n>    every n-th fault alone
  --jobs <n>     so many cases at once (default: 8)
  --json         a line of JSON for each fault instead of a table`;

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    every: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
  allowPositionals: true,
});

const print = (line: string) => process.stdout.write(`${line}\n`);
if (values.help) print(HELP);
else process.exitCode = (await playAll(countOf('every'), countOf('jobs'))) ? 0 : 1;

function countOf(name: 'every' | 'jobs'): number {
  const count = Number(values[name]);
  if (!(Number.isSafeInteger(count) && count > 0))
    throw new RangeError(`--${name} is ${values[name]}, no whole number`);
  return count;
}

/** What was found of a fault; of the client without one, whose fault is null. */
interface Found {
  readonly fault: Fault | null;
  readonly results: readonly CaseResult[];
}

/** Whether all is as it should be. */
async function playAll(every: number, jobs: number): Promise<boolean> {
  const words = [...values.only, ...positionals];
  const isWanted = ({ part, says }: Fault) =>
    words.length === 0 || words.some((word) => `${part}: ${says}`.includes(word));
  const faults = FAULTS.filter(isWanted).filter((_, at) => at % every === every - 1);
  if (faults.length === 0)
    throw new Error(`of the faults with "${words.join('", "')}" in their names there is none to play`);
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'gatechart-mutants-'));
  try {
    const needed = new Set(faults.flatMap(({ cases }) => cases));
    const plays = [
      ...[...needed].map((id) => ({ fault: null, cases: [id] })),
      ...faults.map((fault) => ({ fault, cases: fault.cases })),
    ].sort((a, b) => lengthOf(b.cases) - lengthOf(a.cases));
    const found: Found[] = [];
    const of = plays.length;
    const work = async () => {
      for (let play = plays.shift(); play !== undefined; play = plays.shift()) {
        found.push(await playOne(play.fault, play.cases, folder));
        tell(found.at(-1) as Found, found.length, of);
      }
    };
    await Promise.all(Array.from({ length: jobs }, work));
    return conclude(found, faults.length, performance.now() - began);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The cases one after the other, until one fails. One that is not reached has found nothing. */
async function playOne(fault: Fault | null, cases: readonly string[], folder: string): Promise<Found> {
  const command = [process.execPath, await bundle(fault, folder)];
  const results: CaseResult[] = [];
  for (const id of cases) {
    const [result] = await runCases([caseOf(id)], { command, can: Object.keys(ORDERS) as Order[], atOnce: 1 });
    if (result !== undefined) results.push(result);
    if (result?.verdict === 'failed') break;
  }
  return { fault, results };
}

function caseOf(id: string): Case {
  const found = CASES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
}

/** Roughly, so that the long ones begin first. */
function lengthOf(cases: readonly string[]): number {
  return Math.max(...cases.map((id) => (/^(storm|loop|refused)/.test(id) ? 60_000 : 0) + caseOf(id).watch));
}

function nameOf({ fault }: Found): string {
  return fault === null ? 'without a fault' : `${fault.part}: ${fault.says}`;
}

function isRight({ fault, results }: Found): boolean {
  return fault === null
    ? !results.some(({ verdict }) => isBad(verdict))
    : results.some(({ verdict }) => verdict === 'failed');
}

function tell(found: Found, done: number, of: number): void {
  const { fault, results } = found;
  if (values.json) {
    const { part, says, file } = fault ?? {};
    const tried = results.map(({ id, verdict, grade, findings, why, took }) => ({
      id,
      verdict,
      grade,
      why: findings[0]?.says ?? why,
      took,
    }));
    print(JSON.stringify({ part, says, file, isRight: isRight(found), tried }));
    return;
  }
  const last = results.at(-1);
  if (last === undefined) return;
  print(`${done} of ${of}: ${isRight(found) ? '' : 'WRONG: '}${nameOf(found)}: ${last.id} ${verdictLine(last)}`);
}

/** A row for each fault, in their order: area, the case that tells most, its verdict, seconds, the fault and what was found. */
function table(found: readonly Found[]): void {
  const rows = FAULTS.flatMap((each) => {
    const { results } = found.find(({ fault }) => fault === each) ?? {};
    const last = results?.at(-1);
    if (results === undefined || last === undefined) return [];
    const seconds = Math.round(results.reduce((sum, { took }) => sum + took, 0) / 1_000);
    const why = last.findings.find(({ tolerated }) => tolerated === undefined)?.says ?? last.why;
    return [{ cells: [each.part, last.id, verdictLine(last), `${seconds} s`, each.says], why }];
  });
  const titles = ['area', 'case', 'verdict', 'took', 'fault'];
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map(({ cells }) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  print(`\n${line(titles)}`);
  for (const { cells, why } of rows) print(`${line(cells)}${why === undefined ? '' : `\n    ${why}`}`);
}

function conclude(found: readonly Found[], faults: number, ms: number): boolean {
  const wrong = found.filter((each) => !isRight(each));
  const missed = wrong.filter(({ fault }) => fault !== null);
  const controls = found.filter(({ fault }) => fault === null).length;
  if (!values.json) {
    table(found);
    print('');
    for (const each of wrong)
      print(
        `${each.fault === null ? 'fails' : 'not found'}: ${nameOf(each)} (${each.results.map(({ id }) => id).join(', ')})`,
      );
    print(
      `${faults} faults, ${faults - missed.length} found by their cases; without a fault ${controls} cases, ` +
        `${wrong.length - missed.length} failed; ${Math.round(ms / 1000)} s`,
    );
  }
  return wrong.length === 0;
}

/**
 * Holds our own client against the conformance kit with one fault at a time, and prints which case found it; fails when
 * a fault is found by none of its cases, or a case fails without a fault. `npm run conform:mutants`; for some of them
 * `npm run conform:mutants -- "op 9" host`; for every tenth `npm run conform:mutants -- --every 10`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case } from '../../../src/conformance/case.js';
import { CASES } from '../../../src/conformance/cases/index.js';
import { ORDERS, type Order } from '../../../src/conformance/control.js';
import { runCases } from '../../../src/conformance/run.js';
import { type CaseResult, isBad } from '../../../src/conformance/verdict.js';
import { FAULTS, type Fault } from './faults.js';
import { bundle } from './variants.js';

const HELP = `usage: npm run conform:mutants -- [--every <n>] [--jobs <n>] [--json] [part of a name ...]

  --every <n>  every n-th fault alone
  --jobs <n>   so many cases at once (default: 8)
  --json       a line of JSON for each fault instead of a table`;

const { values, positionals } = parseArgs({
  options: {
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
  const isWanted = ({ part, says }: Fault) =>
    positionals.length === 0 || positionals.some((word) => `${part}: ${says}`.includes(word));
  const faults = FAULTS.filter(isWanted).filter((_, at) => at % every === every - 1);
  if (faults.length === 0) throw new Error(`no fault has "${positionals.join('", "')}" in its name`);
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'gatechart-mutants-'));
  try {
    const needed = new Set(faults.flatMap(({ cases }) => cases));
    const plays = [
      ...[...needed].map((id) => ({ fault: null, cases: [id] })),
      ...faults.map((fault) => ({ fault, cases: fault.cases })),
    ].sort((a, b) => lengthOf(b.cases) - lengthOf(a.cases));
    const found: Found[] = [];
    const work = async () => {
      for (let play = plays.shift(); play !== undefined; play = plays.shift()) {
        found.push(await playOne(play.fault, play.cases, folder));
        tell(found.at(-1) as Found);
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

function tell(found: Found): void {
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
  const verdict = last.grade === null ? last.verdict : `${last.verdict}, ${last.grade}`;
  print(
    `${isRight(found) ? '' : 'WRONG  '}${nameOf(found)}\n    ${last.id}: ${verdict}, ${Math.round(last.took / 1000)} s`,
  );
  const why = last.findings.find(({ tolerated }) => tolerated === undefined)?.says ?? last.why;
  if (why !== undefined) print(`    ${why}`);
}

function conclude(found: readonly Found[], faults: number, ms: number): boolean {
  const wrong = found.filter((each) => !isRight(each));
  const missed = wrong.filter(({ fault }) => fault !== null);
  const controls = found.filter(({ fault }) => fault === null).length;
  if (!values.json) {
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

#!/usr/bin/env node
/** Libraries for Discord under the conformance kit: installs them, runs each, writes what was found as pages. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../clients/arguments.mjs';
import { LIBRARIES } from '../clients/ecosystems.mjs';
import { CACHE, install, lack, versionOf } from '../clients/install.mjs';
import { Running } from '../clients/processes.mjs';
import { baselineOf, fileOf, merged, pagesOf } from './comparison.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = join(ROOT, 'dist/src/cli/bin.js');

/** Our own client is one of them, and is judged as they are: without the control channel it could be asked less. */
const OURS = {
  name: 'gatechart',
  language: 'JavaScript',
  command: () => [process.execPath, join(ROOT, 'examples/conformance/gatechart.mjs')],
};
const CLIENTS = [...LIBRARIES, OURS];

const NAMES = CLIENTS.map(({ name }) => name);

const HELP = `Usage: npm run conform:peers -- [options] [names]

Holds libraries for Discord against the documentation with gatechart conform, one after
the other, and writes what was found: a page with the comparison, and one for each client.
Libraries are installed from the registries of their languages, in pinned versions, into
a folder that is kept. One whose tools are not on this machine is skipped with the reason;
one that is named and skipped counts as failed.

Names: ${NAMES.join(', ')} (default: all)

Options:
  --profile <name>  quick or full (default: full, 10 to 15 minutes for each client)
  --case <patterns> only these cases; the rest stay as they were found last
  --jobs <number>   cases at once (default: 6)
  --out <folder>    where to write the pages (default: none are written)
  --html <file>     where to write one page with the evidence of all (gatechart conform --compare)
  --known           hold each against its file in docs/conformance, and fail on what is new
  --pages           run nothing, and write pages of what was found last
  --cache <dir>     where to install, and to keep reports (default: ${CACHE})
  -v, --verbose     show each case, with what was seen
  -h, --help        print this help

Exit code 1 if a client could not be run, or something is new with --known.
`;

const interrupted = new AbortController();
const { signal } = interrupted;
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

const OPTIONS = {
  profile: { type: 'string', default: 'full' },
  case: { type: 'string' },
  jobs: { type: 'string', default: '6' },
  out: { type: 'string' },
  html: { type: 'string' },
  known: { type: 'boolean' },
  pages: { type: 'boolean' },
  cache: { type: 'string', default: CACHE },
};

/** What is in a file of JSON; null if there is none. */
async function readJson(file) {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** A module of the build. */
const built = (module) => import(new URL(`../../dist/${module}`, import.meta.url));

/** Runs a client under the kit, and adds what was found to what was found before. Resolves with its exit code. */
async function conform(client, folder, file, options) {
  const { profile, jobs, verbose, known } = options;
  const { name, language, isTlsOnly = false } = client;
  const version = client === OURS ? (await readJson(join(ROOT, 'package.json'))).version : await versionOf(client);
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  const lines = [];
  const running = new Running(
    [
      ...[process.execPath, BIN, 'conform', '--confirm', '--profile', profile, '--jobs', jobs, '--name', name],
      ...['--report', `json=${fresh}`],
      ...(options.case === undefined ? [] : ['--case', options.case]),
      ...(known ? ['--baseline', join(ROOT, 'docs/conformance', fileOf(name, 'baseline.json'))] : []),
      ...(isTlsOnly ? ['--tls'] : []),
      ...(verbose ? ['--verbose'] : []),
      ...['--', ...client.command(folder)],
    ],
    {
      cwd: folder,
      signal,
      onLine(line) {
        lines.push(line);
        if (verbose) console.log(line);
      },
    },
  );
  const ended = await running.ended;
  const found = await readJson(fresh);
  if (found === null) throw new Error([`gatechart conform ${ended}`, ...lines.slice(-15)].join('\n'));
  const [{ model = 'unknown processor' } = {}] = cpus();
  const about = {
    version,
    language,
    over: isTlsOnly ? 'https and wss' : 'http and ws',
    machine: `${process.platform} ${process.arch}, ${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
  };
  const before = options.case === undefined ? null : await readJson(file);
  await writeFile(file, JSON.stringify(merged(before, { ...found, ...about })));
  await rm(fresh);
  const isNew = known && ended !== 'ended with 0';
  return { isNew, tail: lines.filter((line) => /^\d+ passed|^New:/.test(line)) };
}

/** Installs a client and runs it. Resolves with whether all went as it should. */
async function runOne(client, options, reports) {
  const { name } = client;
  const tell = (what) => console.error(`${name}: ${what}`);
  const folder = client === OURS ? ROOT : resolve(options.cache, name);
  try {
    if (client !== OURS) {
      const missing = await lack(client, signal);
      if (missing !== null) {
        tell(`skipped: ${missing}`);
        return !options.names.includes(name);
      }
      await install(client, folder, { signal, tell });
    }
    tell('running');
    const { isNew, tail } = await conform(client, folder, join(reports, fileOf(name, 'json')), options);
    for (const line of tail) tell(line);
    return !isNew;
  } catch (error) {
    tell(signal.aborted ? 'interrupted' : error.message);
    return false;
  }
}

/** Writes the comparison of all clients that were found so far. */
async function writePages(reports, { out, html }) {
  const files = (await readdir(reports)).filter((file) => file.endsWith('.json'));
  const all = await Promise.all(files.map((file) => readJson(join(reports, file))));
  all.sort((a, b) => NAMES.indexOf(a.client) - NAMES.indexOf(b.client));
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    const [{ GRADES }, { clauseUrl }] = await Promise.all(
      ['src/conformance/case.js', 'machines/protocol/clauses.js'].map(built),
    );
    for (const [file, text] of pagesOf(all, { grades: GRADES, linkTo: clauseUrl }))
      await writeFile(join(out, file), text);
    for (const report of all) await writeFile(join(out, fileOf(report.client, 'baseline.json')), baselineOf(report));
  }
  if (html !== undefined) {
    const paths = all.map(({ client }) => join(reports, fileOf(client, 'json')));
    const page = resolve(html);
    await new Running([process.execPath, BIN, 'conform', '--compare', '--report', `html=${page}`, '--', ...paths], {
      signal,
    }).ended;
  }
}

async function main() {
  const options = readArguments(OPTIONS, NAMES);
  if (options.wrong !== undefined) {
    console.error(`${options.wrong}\nSee npm run conform:peers -- --help.`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const reports = resolve(options.cache, '.reports');
  await mkdir(reports, { recursive: true });
  const { names } = options;
  const chosen = options.pages ? [] : CLIENTS.filter(({ name }) => names.length === 0 || names.includes(name));
  let isFine = true;
  for (const client of chosen) {
    if (signal.aborted) break;
    isFine = (await runOne(client, options, reports)) && isFine;
  }
  if (!signal.aborted) await writePages(reports, options);
  return isFine && !signal.aborted ? 0 : 1;
}

process.exitCode = await main();

#!/usr/bin/env node
/** Libraries for Discord against the simulated Gateway: installs them, plays the scenario with each, prints what each did. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from './client.mjs';
import { isAtLeast, LIBRARIES, pinnedVersion } from './ecosystems.mjs';
import { Running, run } from './processes.mjs';
import { play } from './scenario.mjs';
import { startSimulator } from './simulator.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatechart', 'clients');

const HELP = `Usage: node examples/clients/run.mjs [options] [names]

Plays one scenario with libraries for Discord, each in a process of its own against a
simulated Gateway of its own on this machine: the client becomes ready, gets 100 numbered
messages, and has to resume after TCP is dropped and after Reconnect (op 7) without losing
or doubling one, and without an error in its log. Prints a table of what each did: times
are from the start to ready, and from a loss to RESUMED. The package has to be built
before (npm run build).

Libraries are installed from the registries of their languages, in pinned versions, into
a folder that is kept. One whose tools are not on this machine is skipped with the reason;
one that is named and skipped counts as failed.

Names: ${LIBRARIES.map(({ name }) => name).join(', ')} (default: all)

Options:
  --tls           https and wss for all, with a certificate made on the spot; without
                  this for those alone that speak nothing else
  --cache <dir>   where to install (default: ${CACHE})
  --json          print the results as JSON
  -v, --verbose   show what the clients print
  -h, --help      print this help

Limits: 5 to 20 minutes to install one, 90 s until it is ready, 45 s for each resume, 15 s
for messages. Ctrl-C ends everything that was started.
`;

const interrupted = new AbortController();
const { signal } = interrupted;
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());

/** The options, or what is wrong with them. */
function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        tls: { type: 'boolean' },
        cache: { type: 'string', default: CACHE },
        json: { type: 'boolean' },
        verbose: { type: 'boolean', short: 'v' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const unknown = positionals.find((name) => !LIBRARIES.some((library) => library.name === name));
    if (unknown !== undefined)
      throw new Error(`there is no ${unknown}: ${LIBRARIES.map(({ name }) => name).join(', ')}`);
    return { ...values, names: positionals };
  } catch (error) {
    return { wrong: error.message };
  }
}

/** What the machine lacks for a library; null if nothing. */
async function lack({ tools }) {
  for (const { name, command, least } of tools) {
    let printed;
    try {
      printed = await run(command, { signal, ms: 60_000 });
    } catch {
      return `there is no ${name}`;
    }
    if (!isAtLeast(printed, least)) return `${name} is too old: ${least} or newer will do`;
  }
  return null;
}

/** Installs a library into its folder of the cache, unless what is there is the same. */
async function install({ name, install: steps, installMs }, folder, tell) {
  const source = join(HERE, name);
  const files = (await readdir(source, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const hash = createHash('sha256');
  for (const { parentPath, path, name: file } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(file).update(await readFile(join(parentPath ?? path, file)));
  }
  const stamp = join(folder, '.installed');
  const digest = hash.digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => null)) === digest) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(source, folder, { recursive: true });
  for (const step of steps) {
    tell(`installing (${step.slice(0, 3).join(' ')} …)`);
    await run(step, { cwd: folder, signal, ms: installMs });
  }
  await writeFile(stamp, digest);
}

/** Starts a simulator and the client, and plays the scenario. */
async function measure(library, folder, isTls, onLine) {
  const caFile = isTls ? join(folder, 'ca.pem') : undefined;
  const simulator = await startSimulator({ caFile, signal });
  const client = new Client(library.expected);
  let running = null;
  try {
    const { steps = [], env = {}, args } = isTls ? library.trust(caFile) : {};
    for (const step of steps) await run(step, { cwd: folder, signal, ms: 60_000 });
    running = new Running(library.command(folder, args), {
      cwd: folder,
      signal,
      env: {
        ...env,
        DISCORD_TOKEN: simulator.token,
        GATECHART_REST: simulator.restUrl,
        GATECHART_GATEWAY: simulator.url,
      },
      onLine(line) {
        client.line(line);
        onLine(line);
      },
    });
    running.ended.then((how) => client.end(how));
    return await play(simulator.control, client);
  } finally {
    await running?.end();
    await simulator.end();
    await writeFile(join(folder, 'last.log'), `${client.lines.join('\n')}\n`);
  }
}

/** What became of a library, as data. */
async function resultOf(library, { cache, tls = false, verbose }, tell) {
  const { name, language, manifest, isTlsOnly = false } = library;
  const isTls = tls || isTlsOnly;
  const version = pinnedVersion(library, await readFile(join(HERE, name, manifest), 'utf8'));
  const about = { name, version, language, over: isTls ? 'https and wss' : 'http and ws' };
  const missing = await lack(library);
  if (missing !== null) return { ...about, outcome: 'skipped', problems: [missing] };
  const folder = resolve(cache, name);
  try {
    await install(library, folder, tell);
    tell('playing');
    const report = await measure(library, folder, isTls, (line) => verbose && tell(line));
    const { ready, sent, lost, doubled, inOrder, resumed, complaints, refusals, problems } = report;
    const outcome = problems.length === 0 ? 'passed' : 'failed';
    const log = join(folder, 'last.log');
    return {
      ...about,
      outcome,
      ready,
      sent,
      lost,
      doubled,
      inOrder,
      resumed,
      errors: complaints.length + refusals.length,
      problems,
      log,
    };
  } catch (error) {
    return { ...about, outcome: 'failed', problems: [signal.aborted ? 'interrupted' : error.message] };
  }
}

/** The results as a table in Markdown. */
function tableOf(results) {
  const time = (ms) => (ms == null ? '-' : `${ms} ms`);
  const rows = results.map(
    ({ name, version, over, outcome, ready, sent, lost, doubled, resumed, errors, problems }) => [
      name,
      version,
      over,
      outcome === 'skipped' ? `skipped: ${problems[0]}` : outcome,
      time(ready),
      sent === undefined ? '-' : `${sent - lost} of ${sent}${doubled > 0 ? `, ${doubled} twice` : ''}`,
      time(resumed?.dropTcp),
      time(resumed?.requestReconnect),
      `${errors ?? '-'}`,
    ],
  );
  const head = ['library', 'version', 'over', 'outcome', 'ready', 'messages', 'after dropTcp', 'after op 7', 'errors'];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

async function main() {
  const options = readArguments();
  if (options.wrong !== undefined) {
    console.error(`${options.wrong}\nSee node examples/clients/run.mjs --help.`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { names, json } = options;
  const chosen = LIBRARIES.filter(({ name }) => names.length === 0 || names.includes(name));
  const results = [];
  for (const library of chosen) {
    if (signal.aborted) break;
    const tell = (what) => console.error(`${library.name}: ${what}`);
    const result = await resultOf(library, options, tell);
    tell(result.outcome);
    for (const problem of result.problems) tell(`  ${problem.slice(0, 2_000)}`);
    results.push(result);
  }
  console.log(json ? JSON.stringify(results, null, 2) : `\n${tableOf(results)}`);
  const isFine = ({ outcome, name }) => outcome === 'passed' || (outcome === 'skipped' && !names.includes(name));
  return !signal.aborted && results.every(isFine) ? 0 : 1;
}

process.exitCode = await main();

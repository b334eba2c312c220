#!/usr/bin/env node
/** Libraries for Discord against the simulated Gateway: installs them, plays the scenario with each, prints what each did. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readArguments } from './arguments.mjs';
import { Client } from './client.mjs';
import { LIBRARIES } from './ecosystems.mjs';
import { CACHE, install, lack, versionOf } from './install.mjs';
import { Running, run } from './processes.mjs';
import { play } from './scenario.mjs';
import { startSimulator } from './simulator.mjs';

const NAMES = LIBRARIES.map(({ name }) => name);

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

Names: ${NAMES.join(', ')} (default: all)

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

const OPTIONS = {
  tls: { type: 'boolean' },
  cache: { type: 'string', default: CACHE },
  json: { type: 'boolean' },
};

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
  const { name, language, isTlsOnly = false } = library;
  const isTls = tls || isTlsOnly;
  const version = await versionOf(library);
  const about = { name, version, language, over: isTls ? 'https and wss' : 'http and ws' };
  const missing = await lack(library, signal);
  if (missing !== null) return { ...about, outcome: 'skipped', problems: [missing] };
  const folder = resolve(cache, name);
  try {
    await install(library, folder, { signal, tell });
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
  const options = readArguments(OPTIONS, NAMES);
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

/**
 * `npm run bench`: how much CPU, time and memory gatechart takes, beside bare `ws` and other clients.
 *
 * Each client is a process of its own, and so is the Gateway. The clients of a load take turns for some rounds, so that
 * whatever else the machine does falls on all of them; what counts is the ratio to the reference of the same round.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CLIENTS, LOADS } from './loads.mjs';
import { Flood, Idle } from './measure.mjs';
import { summary } from './statistics.mjs';
import { tables } from './tables.mjs';
import { write } from './write.mjs';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '..');

const HELP = `Usage: npm run bench -- [options]

Measures gatechart beside bare ws and other clients, on loopback. All of it takes tens of minutes; see --load and --rounds.

Options:
  --load NAME      only this load; may be given several times
  --client NAME    only this client and the reference; may be given several times
  --ours           only gatechart and the reference: nothing has to be installed
  --rounds N       how many rounds, 5 unless told (3 of the idle loads at most)
  --messages N     how many dispatches in a flood, unless told ${LOADS.messages.count} of 1.2 KB and ${LOADS.mix.count} of the mix
  --json FILE      write the figures of every round as JSON; - for standard output
  --write          write the tables into README.md and docs/benchmarks.md, and the picture into docs/
  --from FILE      measure nothing: take the figures from a file that --json wrote
  --help           print this help

Exit codes: 0 all is well, 1 a client did not do what it had to, 2 the call makes no sense.

Loads:
${Object.entries(LOADS)
  .map(([name, { says }]) => `  ${name.padEnd(16)} ${says}`)
  .join('\n')}

Clients:
${Object.entries(CLIENTS)
  .map(([name, { says }]) => `  ${name.padEnd(20)} ${says.replaceAll('`', '')}`)
  .join('\n')}
`;

class UsageError extends Error {}

function settings() {
  const { values } = parseArgs({
    options: {
      load: { type: 'string', multiple: true, default: Object.keys(LOADS) },
      client: { type: 'string', multiple: true, default: Object.keys(CLIENTS) },
      ours: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      messages: { type: 'string' },
      json: { type: 'string' },
      from: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  for (const [option, table] of Object.entries({ load: LOADS, client: CLIENTS })) {
    const strange = values[option].find((name) => table[name] === undefined);
    if (strange !== undefined)
      throw new UsageError(`There is no ${option} ${strange}; there are ${Object.keys(table).join(', ')}`);
  }
  const number = (name) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value > 0) return value;
    throw new UsageError(`--${name} is ${values[name]}; it must be a whole number above 0`);
  };
  const messages = values.messages === undefined ? null : number('messages');
  const client = values.client.filter((name) => !values.ours || CLIENTS[name].isOurs);
  return { ...values, client, rounds: number('rounds'), messages };
}

const progress = (text) => process.stderr.write(`${text}\n`);

/** The packages of the other clients, installed the first time, and again when they or Node have changed. */
function installPeers() {
  const folder = join(HERE, 'peers');
  const stamp = join(folder, 'node_modules', '.installed');
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const wanted = `${process.versions.modules}\n${lock}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  progress('Installing the clients to compare with, in bench/peers (27 MB; zlib-sync is compiled) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('They could not be installed: see above. Without them: --ours');
  writeFileSync(stamp, wanted);
}

/** Which Node runs a load: this one, or a newer one where it is too old. */
function nodeFor({ node }) {
  if (node === undefined) return process.execPath;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [needsMajor, needsMinor] = node.needs;
  if (major > needsMajor || (major === needsMajor && minor >= needsMinor)) return process.execPath;
  progress(`  This load needs Node ${node.needs.join('.')}: it runs in ${node.or}, which npx fetches`);
  const args = ['--yes', '--package', node.or, '--', 'node', '--print', 'process.execPath'];
  return execFileSync('npx', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** Whether our version has an option; it might be an older one than these benchmarks. */
function hasOption(name) {
  const options = readFileSync(join(ROOT, 'dist/src/shard/options.d.ts'), 'utf8');
  return new RegExp(`readonly ${name}\\?`).test(options);
}

const UNSUPPORTED = 'not supported by this version';

async function measure(name, { client: chosen, rounds: asked, messages }) {
  const load = LOADS[name];
  const rounds = load.shards === undefined ? asked : Math.min(asked, 3);
  const [reference] = load.clients;
  const names = load.clients.filter((client) => client === reference || chosen.includes(client));
  progress(`\n${name}: ${load.says}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`);
  const node = nodeFor(load);
  const bench =
    load.shards === undefined ? new Flood(load, { node, count: messages ?? load.count }) : new Idle(load, { node });
  const tooNew = names.filter((client) => CLIENTS[client].needs && !hasOption(CLIENTS[client].needs));
  const without = { ...load.without, ...Object.fromEntries(tooNew.map((client) => [client, UNSUPPORTED])) };
  const failures = {};
  const figures = Object.fromEntries(names.map((client) => [client, []]));
  await bench.start();
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const client of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
        if (failures[client] || without[client]) continue;
        try {
          figures[client].push(await bench.run(CLIENTS[client]));
        } catch (error) {
          failures[client] = error.message;
          progress(`  ${client} is left out: ${error.message}`);
        }
      }
      progress(`  round ${round + 1}: ${told(figures, reference)}`);
    }
  } finally {
    await bench.end();
  }
  return {
    node: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    messages: load.shards === undefined ? (messages ?? load.count) : null,
    reference,
    without,
    failures,
    figures: Object.fromEntries(Object.entries(figures).filter(([client]) => !failures[client] && !without[client])),
  };
}

/** The last round in short. */
function told(figures, reference) {
  const base = figures[reference].at(-1);
  return Object.entries(figures)
    .filter(([, runs]) => runs.length > 0)
    .map(([client, runs]) => {
      const last = runs.at(-1);
      if (last.cpu === undefined) return `${client} ${(last.heap / 1000).toFixed(1)} kB`;
      return base === undefined ? client : `${client} ${(last.cpu / base.cpu).toFixed(2)}`;
    })
    .join(', ');
}

function versionOf(name) {
  const [major] = process.versions.node.split('.').map(Number);
  const folder = name === 'cloudstorm' && major < 22 ? 'cloudstorm-node-20' : name;
  const path = join(HERE, 'peers/node_modules', folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : null;
}

function about() {
  const version = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).version;
  const packages = Object.values(CLIENTS).flatMap(({ package: name }) => (name ? [[name, versionOf(name)]] : []));
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cpu: `${cpus().length} × ${cpu?.model.trim() || 'unknown'}`,
    platform: `${platform()} ${arch()}`,
    versions: {
      gatechart: version('package.json'),
      ws: version('node_modules/ws/package.json'),
      ...Object.fromEntries(packages),
    },
  };
}

async function main() {
  const options = settings();
  if (options.help) return process.stdout.write(HELP);
  let results;
  if (options.from === undefined) {
    const names = options.load.filter((name) => LOADS[name].clients.some((client) => options.client.includes(client)));
    const chosen = names.flatMap((name) => LOADS[name].clients.filter((client) => options.client.includes(client)));
    if (chosen.some((client) => CLIENTS[client].package)) installPeers();
    results = { ...about(), loads: {} };
    for (const name of names) results.loads[name] = await measure(name, options);
  } else results = JSON.parse(readFileSync(options.from, 'utf8'));
  const json = `${JSON.stringify(results, null, 2)}\n`;
  if (options.json === '-') process.stdout.write(json);
  else {
    if (options.json !== undefined) writeFileSync(options.json, json);
    process.stdout.write(`\n${tables(summary(results))}\n`);
  }
  if (options.write) write(summary(results), ROOT);
  if (Object.values(results.loads).some(({ failures }) => Object.keys(failures).length > 0)) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isUsage ? `${error.message}\nnpm run bench -- --help says what there is.` : error.stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}

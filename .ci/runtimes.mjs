/**
 * Runs the built package on other runtimes, against a simulator in this process: connect, resume, stop, and end by itself.
 * The runtimes come from the npm registry, as packages. All of them are tried.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { startSimulator } from '../dist/src/simulator/index.js';

const RUNTIMES = {
  'Node 22': ['node@22'],
  'Node 24': ['node@24'],
  Bun: ['bun@1', 'run'],
  Deno: ['deno@2', 'run', '--allow-all', '--node-modules-dir=manual'],
};
const WORKERD = 'workerd@1';
/** Today's Workers, and those that lack `cache` in fetch, `WeakRef` and `FinalizationRegistry`. */
const COMPATIBILITY_DATES = ['2025-11-01', '2024-01-01'];
/** What each shard is like. */
const SHARDS = {
  'on the socket that is chosen there': {},
  'on the standard WebSocket': { isStandard: true },
  'with zstd-stream': { isStandard: true, compress: 'zstd-stream' },
};
/** The first use downloads some 50 MB. */
const DOWNLOAD_MS = 180_000;
const RUN_MS = 20_000;
const CONTRACT_MS = 120_000;

const root = join(import.meta.dirname, '..');
const temp = mkdtempSync(join(tmpdir(), 'gatechart-runtimes-'));
const npx = (args, timeout) => promisify(execFile)('npx', ['--yes', ...args], { cwd: temp, timeout });

/** Downloads may fail for no reason of ours, so each is tried twice. */
async function fetched(name) {
  const version = () => npx([name, '--version'], DOWNLOAD_MS);
  const { stdout } = await version().catch(version);
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version';
}

/** Runs one shard against a simulator of its own; `play` is given the settings and returns what was printed. */
async function check(shard, play) {
  const simulator = await startSimulator({ heartbeatInterval: 1_000 });
  try {
    const { restUrl, controlUrl } = simulator;
    const printed = await play(JSON.stringify({ restUrl, controlUrl, ...shard }));
    const { connections, sessions } = simulator.control.state();
    const told = `sessions: ${JSON.stringify(sessions)}, connections: ${connections.length}, printed: ${printed}`;
    if (connections.length > 0 || sessions.length !== 1 || !sessions[0].ended) throw new Error(told);
    return printed.trim();
  } finally {
    await simulator.close();
  }
}

const playOn =
  ([runtime, ...args]) =>
  async (settings) =>
    (await npx([runtime, ...args, 'runtimes-client.mjs', settings], RUN_MS)).stdout;

/** A peer that does what contracts of sockets ask for, in a thread of its own. */
async function rawPeer() {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { parentPort } from 'node:worker_threads';
        import { listen } from './raw-peer.js';
        listen().then((ports) => parentPort.postMessage(ports));`,
      resolveDir: join(root, 'test/support'),
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
  });
  const worker = new Worker(outputFiles[0].text, { eval: true });
  const [ports] = await once(worker, 'message');
  return { ports, stop: () => worker.terminate() };
}

/** Both socket ports on each runtime. */
async function checkSockets([runtime, ...args]) {
  const { ports, stop } = await rawPeer();
  try {
    const { stdout } = await npx([runtime, ...args, 'runtimes-sockets.mjs', JSON.stringify(ports)], CONTRACT_MS);
    return stdout.trim();
  } finally {
    await stop();
  }
}

/** A Worker's test, since workerd ends by itself after one. */
const playInWorker = (date) => async (settings) => {
  const config = `using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (services = [
      (name = "main", worker = (
        modules = [(name = "worker", esModule = embed "worker.js")],
        bindings = [(name = "settings", json = ${JSON.stringify(settings)})],
        compatibilityDate = "${date}",
        globalOutbound = "loopback")),
      (name = "loopback", network = (allow = ["local"])),
    ]);`;
  writeFileSync(join(temp, 'worker.capnp'), config);
  const { stdout, stderr } = await npx([WORKERD, 'test', 'worker.capnp'], RUN_MS);
  return /ready after .*/.exec(stdout + stderr)?.[0] ?? stdout + stderr;
};

/** What runs, and how. */
const ROWS = [
  ...Object.entries(RUNTIMES).map(([name, command]) => ({
    name,
    runtime: command[0],
    shards: SHARDS,
    play: playOn(command),
    sockets: () => checkSockets(command),
  })),
  ...COMPATIBILITY_DATES.map((date) => ({
    name: `Cloudflare Workers of ${date}`,
    runtime: WORKERD,
    shards: { 'on the standard WebSocket': {}, 'with zlib-stream': { compress: 'zlib-stream' } },
    play: playInWorker(date),
  })),
];

mkdirSync(join(temp, 'node_modules'));
symlinkSync(root, join(temp, 'node_modules/gatechart'));
for (const name of ['runtimes-client', 'runtimes-run', 'runtimes-sockets', 'runtimes-worker'])
  copyFileSync(join(root, `.ci/${name}.mjs`), join(temp, `${name}.mjs`));
writeFileSync(
  join(temp, 'package.json'),
  JSON.stringify({ private: true, type: 'module', dependencies: { gatechart: '*' } }),
);
await build({
  entryPoints: [join(temp, 'runtimes-worker.mjs')],
  outfile: join(temp, 'worker.js'),
  bundle: true,
  format: 'esm',
  conditions: ['workerd', 'worker', 'browser'], // as Cloudflare's own tool does
});
try {
  for (const { name, runtime, shards, play, sockets } of ROWS) {
    try {
      console.log(`     ${name}, ${await fetched(runtime)}`);
      for (const [how, shard] of Object.entries(shards))
        console.log(`ok   a shard runs ${how} (${await check(shard, play)})`);
      if (sockets) console.log(`ok   ws() and webSocket() keep their contract (${await sockets()})`);
    } catch (error) {
      console.error(`FAIL on ${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}

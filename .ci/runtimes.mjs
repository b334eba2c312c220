/**
 * Runs the built package on other runtimes, against a simulator in this process: connect, resume, stop, and end by itself.
 * The runtimes come from the npm registry, as packages. Each is one row below; all of them are tried.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSimulator } from '../dist/src/simulator/index.js';

const RUNTIMES = {
  'Node 22': ['node@22'],
  'Node 24': ['node@24'],
  Bun: ['bun@1', 'run'],
  Deno: ['deno@2', 'run', '--allow-all', '--node-modules-dir=manual'],
};
/** The first use downloads some 50 MB. */
const DOWNLOAD_MS = 180_000;
const RUN_MS = 20_000;

const root = join(import.meta.dirname, '..');
const temp = mkdtempSync(join(tmpdir(), 'gatechart-runtimes-'));
const npx = (args, timeout) => promisify(execFile)('npx', ['--yes', ...args], { cwd: temp, timeout });

/** Downloads may fail for no reason of ours, so each is tried twice. */
async function fetched(name) {
  const version = () => npx([name, '--version'], DOWNLOAD_MS);
  const { stdout } = await version().catch(version);
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'of unknown version';
}

async function check([runtime, ...args], ...compress) {
  const version = await fetched(runtime);
  const simulator = await startSimulator({ heartbeatInterval: 1_000 });
  try {
    const { stdout } = await npx(
      [runtime, ...args, 'client.mjs', simulator.url, simulator.controlUrl, ...compress],
      RUN_MS,
    );
    const { connections, sessions } = simulator.control.state();
    const told = `sessions: ${JSON.stringify(sessions)}, connections: ${connections.length}, printed: ${stdout}`;
    if (connections.length > 0 || sessions.length !== 1 || !sessions[0].ended) throw new Error(told);
    return `${version}, ${stdout.trim()}`;
  } finally {
    await simulator.close();
  }
}

mkdirSync(join(temp, 'node_modules'));
symlinkSync(root, join(temp, 'node_modules/gatechart'));
copyFileSync(join(root, '.ci/runtimes-client.mjs'), join(temp, 'client.mjs'));
writeFileSync(
  join(temp, 'package.json'),
  JSON.stringify({ private: true, type: 'module', dependencies: { gatechart: '*' } }),
);
try {
  for (const [name, command] of Object.entries(RUNTIMES)) {
    try {
      console.log(`ok   a shard runs on ${name} (${await check(command)})`);
      console.log(`ok   and with zstd-stream (${await check(command, 'zstd-stream')})`);
    } catch (error) {
      console.error(`FAIL a shard on ${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(temp, { recursive: true, force: true });
}

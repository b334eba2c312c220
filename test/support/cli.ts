import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { main } from '../../src/cli/program.js';
import { Interruption, type Io } from '../../src/cli/terminal/io.js';
import { atMost } from './slowness.js';

/** What a command did. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs in this process. */
export interface Running {
  readonly ended: Promise<Ran>;
  readonly out: () => string;
  interrupt(name?: 'SIGINT' | 'SIGTERM'): void;
}

/** Starts a command in this process, with an environment that holds nothing else. */
export function start(args: readonly string[], env: Io['env'] = {}, tty: { columns?: number } | null = null): Running {
  const written = { out: '', err: '' };
  const interrupted = new AbortController();
  const output = (name: keyof typeof written) => ({
    ...(tty === null ? {} : { isTTY: true, columns: tty.columns ?? 80 }),
    write: (text: string) => {
      written[name] += text;
    },
  });
  const io = { out: output('out'), err: output('err'), env, signal: interrupted.signal, version: '1.2.3' };
  return {
    ended: main(args, io).then((code) => ({ code, ...written })),
    out: () => written.out,
    interrupt: (name = 'SIGINT') => interrupted.abort(new Interruption(name)),
  };
}

/** Runs a command in this process to its end. */
export const run = (args: readonly string[], env?: Io['env'], tty?: { columns?: number }): Promise<Ran> =>
  start(args, env, tty ?? null).ended;

/** The lines of JSON that a command printed. */
export function jsonLines(out: string): readonly Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

const ROOT = join(import.meta.dirname, '../..');

/** The command as it is published, file for file, in a folder where it finds its dependencies. */
export async function builtCli(): Promise<{ readonly bin: string; remove(): Promise<void> }> {
  const cache = join(ROOT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'gatechart-cli-'));
  const sources = await Promise.all(['machines', 'src', 'adapters'].map((name) => typescriptIn(join(ROOT, name))));
  await build({
    entryPoints: sources.flat(),
    outbase: ROOT,
    outdir: join(folder, 'dist'),
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  return { bin: join(folder, 'dist/src/cli/bin.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}

async function typescriptIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

/** A process that runs the built command. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  readonly out: () => string;
}

/** Spawns the built command, its output in pipes. */
export function spawnCli(bin: string, args: readonly string[], env: Record<string, string> = {}): Spawned {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [bin, ...args], { env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    written.err += text;
  });
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, ...written })));
  return { child, ended, out: () => written.out };
}

/** Waits until something holds, and rejects when it takes too long. */
export async function eventually(holds: () => boolean, ms = atMost(20_000)): Promise<void> {
  for (const until = performance.now() + ms; !holds(); ) {
    if (performance.now() > until) throw new Error(`still not: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** How processes end: by signals, and with what is kept of their sessions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onSignals } from '../../adapters/signals.js';
import { startSimulator } from '../../src/simulator/index.js';
import { failureOf } from '../support/checks.js';
import { atMost } from '../support/slowness.js';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'node_modules/.cache/signals.mjs'); // where packages are found
const folder = await mkdtemp(join(tmpdir(), 'signals-'));
afterAll(() => Promise.all([rm(folder, { recursive: true }), rm(program, { force: true })]));

beforeAll(() =>
  build({
    stdin: {
      contents: `
        import { createShard, onSignals } from '${root}/src/index.ts';
        import { fileSessions } from '${root}/adapters/file.ts';
        const [how, restUrl, path] = process.argv.slice(2);
        const hangs = { stop: () => new Promise(() => {}), detach: () => new Promise(() => {}) };
        if (how === 'hangs') onSignals([hangs], { deadline: 300 });
        if (how === 'hangs long') onSignals(hangs, { deadline: 1e9 });
        if (how === 'throws') onSignals({ stop() { throw new Error('on purpose'); }, detach() {} });
        if (how === 'taken back') onSignals(hangs)();
        if (restUrl) {
          const sessions = how === 'stops' ? undefined : fileSessions(path);
          const shard = createShard({ token: 'signals', intents: ['GUILDS', 'GUILD_MESSAGES'], restUrl, sessions });
          if (how !== 'exits') onSignals(shard);
          shard.on('MESSAGE_CREATE', () => how === 'exits' && process.exit(7));
          const started = shard.start();
          if (how !== 'starting') await started;
          else started.catch(() => {});
        }
        console.log('here');
        setInterval(() => {}, 1000);`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: program,
  }),
);

/** A process that has come to where it waits. */
async function started(...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return child;
}

const ended = async (child: ChildProcess) =>
  (await once(child, 'exit')) as [code: number | null, signal: string | null];

describe('onSignals', () => {
  it('gives up on a shard that hangs once the deadline has passed', async () => {
    const child = await started('hangs');
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([143, null]);
  });

  it('ends at once with a second signal', async () => {
    const child = await started('hangs long');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await ended(child)).toEqual([130, null]);
  });

  it('ends with a shard that throws', async () => {
    const child = await started('throws');
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([143, null]);
  });

  it('can be taken back', async () => {
    const child = await started('taken back');
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([null, 'SIGTERM']);
  });

  it.each([
    [
      { signals: ['SIGNOTHING'] },
      "TypeError: signals is ['SIGNOTHING']; it must be a list, each entry the name of a signal, such as SIGTERM",
    ],
    [{ how: 'leave' }, "TypeError: how is 'leave'; it must be one of 'stop', 'detach'"],
    [{ deadline: 0 }, 'RangeError: deadline is 0; it must be a time in milliseconds, above 0'],
  ])('refuses %j', (options, says) => {
    expect(failureOf(() => onSignals([], options as never))).toBe(says);
  });
});

describe('a process', () => {
  it.each([
    ['stops', 1000, 0],
    ['detaches', 4900, 1],
  ])('that is told to end %s its shard', async (how, code, kept) => {
    const simulator = await startSimulator();
    const path = join(folder, `${how}.json`);
    const child = await started(how, `${simulator.restUrl}/v10`, path);
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([143, null]);
    expect(simulator.log.entries.find(({ kind, direction }) => kind === 'close' && direction === 'client')?.code).toBe(
      code,
    );
    const { sessions } = JSON.parse(await readFile(path, 'utf8').catch(() => '{"sessions":[]}'));
    expect(sessions).toHaveLength(kept);
    expect(sessions[0]?.resume?.sessionId).toBe(kept === 1 ? simulator.sessions[0]?.sessionId : undefined);
    await simulator.close();
  });

  it('that is told to end while it starts ends cleanly too', async () => {
    const simulator = await startSimulator();
    const child = await started('starting', `${simulator.restUrl}/v10`, join(folder, 'starting.json'));
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([143, null]);
    await simulator.close();
  });

  it('that exits keeps what was handled last', async () => {
    const simulator = await startSimulator();
    const path = join(folder, 'exits.json');
    const child = await started('exits', `${simulator.restUrl}/v10`, path);
    await expect.poll(() => simulator.sessions.length, { timeout: atMost(5_000) }).toBe(1);
    const exit = ended(child);
    simulator.control.dispatch('MESSAGE_CREATE', { id: '1' });
    expect(await exit).toEqual([7, null]);
    const { sessions } = JSON.parse(await readFile(path, 'utf8'));
    // Its listener had not returned, so that it is not handled.
    expect(simulator.sessions[0]?.sequence).toBe(sessions[0].resume.sequence + 1);
    await simulator.close();
  });
});

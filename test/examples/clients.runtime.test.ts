/** The scenario of `examples/clients` with clients whose faults are known, and the script that plays it, where nothing is installed. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createShard } from 'gatechart';
import { startSimulator } from 'gatechart/simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
// @ts-expect-error: a script, which has no types
import { Client } from '../../examples/clients/client.mjs';
// @ts-expect-error: a script, which has no types
import { run } from '../../examples/clients/processes.mjs';
// @ts-expect-error: a script, which has no types
import { idOf, play } from '../../examples/clients/scenario.mjs';
// @ts-expect-error: a script, which has no types
import { Control } from '../../examples/clients/simulator.mjs';

const MESSAGES = { live: 4, dropTcp: { away: 3, after: 2 }, requestReconnect: { away: 3, after: 2 } };
const LIMITS = { ready: 10_000, resumed: 10_000, messages: 10_000, doubles: 20 };

/** Plays with a shard whose lines somebody else may change on their way. */
async function played({
  change = (line: string): readonly string[] => [line],
  settings = {},
  messages = LIMITS.messages,
} = {}) {
  const simulator = await startSimulator();
  simulator.control.configure({ settings });
  const client = new Client();
  const tell = (line: string) => change(line).forEach((each) => void client.line(each));
  const shard = createShard({
    token: 'token',
    intents: ['GUILDS', 'GUILD_MESSAGES'],
    url: simulator.url,
    policy: { waits: { quick: [0, 0], backoff: { base: 1 } } },
  });
  onTestFinished(async () => {
    await shard.stop();
    await simulator.close();
  });
  shard.on('READY', () => tell('READY'));
  shard.on('MESSAGE_CREATE', ({ id }) => tell(`MSG ${id}`));
  shard.start().catch(() => {});
  return await play(new Control(simulator.controlUrl), client, { limits: { ...LIMITS, messages }, messages: MESSAGES });
}

describe('the scenario', () => {
  it('is passed by a client that resumes', async () => {
    const report = await played();
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ sent: 14, lost: 0, doubled: 0, inOrder: true });
    expect(report.resumed).toEqual({ dropTcp: expect.any(Number), requestReconnect: expect.any(Number) });
  });

  it('tells of a message that does not reach the user, of one that does so twice, and of what a library says', async () => {
    const lost = await played({ change: (line) => (line === `MSG ${idOf(5)}` ? [] : [line]), messages: 1_000 });
    expect(lost.problems).toEqual([
      'it is not seen within 1 s that it gets the messages after dropTcp',
      '1 of 9 messages did not arrive',
    ]);
    const doubled = await played({ change: (line) => (line === `MSG ${idOf(12)}` ? [line, line] : [line]) });
    expect(doubled.problems).toEqual(['1 messages arrived more than once']);
    const loud = await played({ change: (line) => (line === `MSG ${idOf(6)}` ? [line, 'KeyError: colors'] : [line]) });
    expect(loud.problems).toEqual(['it says: KeyError: colors']);
  });

  it('tells of a session that is not resumed', async () => {
    const { problems } = await played({ settings: { sessionRetention: 0 } });
    expect(problems[0]).toMatch(/identifies instead of resuming|0 sessions are there/);
  });
});

describe('a command', () => {
  const node = (script: string, ms: number) =>
    run([process.execPath, '-e', script], { signal: new AbortController().signal, ms });

  it('gives what it prints, or fails with its last lines, or with its limit', async () => {
    expect(
      await node('console.log(1); console.error(2)', 20_000).then((out: string) => out.split('\n').sort()),
    ).toEqual(['1', '2']);
    await expect(node('console.log("no such package"); process.exit(3)', 20_000)).rejects.toThrow(
      /: ended with 3\nno such package$/,
    );
    await expect(node('setInterval(() => {}, 1000)', 200)).rejects.toThrow(': took longer than 0.2 s');
    await expect(run(['no-such-tool'], { signal: new AbortController().signal, ms: 20_000 })).rejects.toThrow('ENOENT');
  });
});

describe('run.mjs', () => {
  const script = fileURLToPath(new URL('../../examples/clients/run.mjs', import.meta.url));
  const start = (...args: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { PATH: '/nowhere' };
      execFile(process.execPath, [script, ...args], { env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  it('says how it is used, and what is no name', async () => {
    expect(await start('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--tls') });
    expect(await start('discord.jss')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^there is no discord\.jss: /),
    });
    expect(await start('--jsn')).toMatchObject({ code: 2, err: expect.stringContaining("'--jsn'") });
  });

  it('skips what this machine has no tools for, and fails only where that was asked for', async () => {
    const { code, out } = await start('--json');
    const results = JSON.parse(out);
    expect(code).toBe(0);
    expect(new Set(results.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(['skipped']));
    expect(results[0]).toMatchObject({ name: 'discord.js', problems: ['there is no npm'] });
    const named = await start('discord.py');
    expect(named.code).toBe(1);
    expect(named.out).toMatch(/^\| discord\.py +\| \d\S+ +\| http and ws \| skipped: there is no python3 /m);
  });
});

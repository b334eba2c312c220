import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/index.js';
import { eventually, jsonLines, start } from '../../support/cli.js';

const TOKEN = 'a-token-nobody-may-see';
const env = { DISCORD_TOKEN: TOKEN };

describe('gatechart run', () => {
  let simulator: Simulator;
  let folder: string;
  beforeEach(async () => {
    simulator = await startSimulator({ token: TOKEN, heartbeatInterval: 1000, limits: { identifyWindowMs: 0 } });
    folder = await mkdtemp(join(tmpdir(), 'gatechart-run-'));
  });
  afterEach(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });
  const args = (...more: string[]) => ['run', '--url', simulator.url, '--intents', 'GUILDS,GUILD_MESSAGES', ...more];

  it('tells each step with its reason, counts dispatches, and ends with a table when interrupted', async () => {
    const running = start(args(), env);
    await eventually(() => running.out().includes('READY: a new session'));
    simulator.control.dropTcp();
    await eventually(() => running.out().includes('RESUMED: everything missed was replayed'));
    running.interrupt();
    const { code, out, err } = await running.ended;
    expect({ code, err }).toEqual({ code: 130, err: '' });
    expect(out).toMatch(/→ identifying +the identify is permitted/);
    expect(out).toMatch(
      /→ waiting +the connection closed: the session is resumed,\s+if there is one \(1006 Abnormal closure\); the\s+next try is in \d/,
    );
    expect(out).toMatch(/\d dispatches +GUILD_CREATE 3/);
    expect(out).toMatch(/connections +2\n/);
    expect(out).toMatch(/resumes +1\n/);
    expect(out).toMatch(/identifies left +9 of 10 for this shard\n/);
    expect(out).toMatch(/states visited +\d+ of \d\d/);
    expect(out).not.toContain(TOKEN);
    expect(out).not.toContain('\u001b');
  });

  it('asks where the Gateway is when it is not told', async () => {
    const running = start(['run', '--rest-url', simulator.restUrl, '--json'], env);
    await eventually(() => running.out().includes('"ready"'));
    running.interrupt('SIGTERM');
    const { code, out } = await running.ended;
    expect(code).toBe(143);
    const lines = jsonLines(out);
    expect(lines.map(({ type }) => type)).toContain('located');
    expect(lines.at(-1)).toMatchObject({ type: 'summary', connections: 1, sessions: 1, resumes: 0, identifiesLeft: 9 });
    expect(lines.find(({ to }) => to === 'running.locating')).toMatchObject({ says: expect.any(String), spec: 'user' });
  });

  it("keeps the session in a file that is its owner's alone, and resumes it from there", async () => {
    const file = join(folder, 'session.json');
    const first = start(args('--resume', file, '--detach'), env);
    await eventually(() => first.out().includes('READY'));
    first.interrupt('SIGTERM');
    expect((await first.ended).code).toBe(143);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(TOKEN);

    simulator.control.dispatch('MESSAGE_CREATE', { content: 'while nobody was there' });
    const second = start(args('--resume', file, '--verbose'), env);
    await eventually(() => second.out().includes('RESUMED'));
    second.interrupt();
    const { out } = await second.ended;
    expect(out).toMatch(/s 5 +MESSAGE_CREATE \(replayed\)/);
    expect(out).toMatch(/new sessions +0\n/);
    await expect(stat(file)).rejects.toThrow('ENOENT'); // it was stopped: that session is over
  });

  it('begins a new session when the one on file is of other intents, and says so', async () => {
    const file = join(folder, 'session.json');
    const first = start(args('--resume', file, '--detach'), env);
    await eventually(() => first.out().includes('READY'));
    first.interrupt();
    await first.ended;
    const second = start(['run', '--url', simulator.url, '--intents', 'GUILDS', '--resume', file], env);
    // One process, one bot: its identifies are 5 s apart.
    await eventually(() => second.out().includes('READY'));
    second.interrupt();
    expect((await second.ended).out.replaceAll('\n', ' ')).toContain('a new one begins');
  });

  it('fails with what to do when the Gateway forbids to come back', async () => {
    const { code, out, err } = await start(args(), { DISCORD_TOKEN: 'a-wrong-one' }).ended;
    expect(code).toBe(1);
    expect(err).toMatch(/4004 Authentication failed: the token is wrong or was reset; set the current token/);
    expect(out + err).not.toContain('a-wrong-one');
  });

  it('lets the Gateway compress, in the encoding asked for, and counts the bytes', async () => {
    const running = start(args('--encoding', 'etf', '--compress', 'zlib-stream'), env);
    await eventually(() => running.out().includes('GUILD_CREATE 3'));
    running.interrupt();
    const { out } = await running.ended;
    expect(out).toMatch(/received +[\d,]+ bytes in \d+ messages, [\d,]+ bytes when decompressed/);
    const wrong = await start(args('--compress', 'gzip'), env).ended;
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('zlib-stream, zstd-stream, payload') });
  });

  it('tells only of the dispatches asked for', async () => {
    const running = start(args('--events', 'GUILD_CREATE', '--verbose'), env);
    await eventually(() => running.out().includes('s 4'));
    running.interrupt();
    const { out } = await running.ended;
    expect(out.match(/ s \d+ +\w+/g)).toHaveLength(3);
  });
});

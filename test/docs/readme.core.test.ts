import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/index.js';
import { ROOT, snippetsIn } from './pages.js';
import { bundle } from './run.js';

const bot = snippetsIn('ts').find(({ at }) => at.startsWith('README.md'))?.code ?? '';

/** The package, but for where it asks for the Gateway. */
const SHIM = `
  import { createShard as make } from './src/index.js';
  export const createShard = (options) => make({ ...options, restUrl: process.env.REST_URL });
`;

describe('the bot of the README', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator({ token: 'secret', dispatchesPerSecond: 50 });
  });
  afterAll(() => simulator.close());

  it('is the one in examples/bot', () => {
    expect(bot).toBe(readFileSync(join(ROOT, 'examples/bot/bot.ts'), 'utf8'));
    expect(bot.trimEnd().split('\n')).toHaveLength(10);
  });

  it('connects, hears messages, and ends its session on Ctrl-C', async () => {
    const run = await start(simulator, 'secret');
    await run.until(/ wrote in \d+/);
    expect(run.output()).toMatch(/running\.connection\.open\(session\.ready\.settling .* \(ready\)/);
    run.child.kill('SIGINT');
    expect(await run.ended()).toEqual({ code: 0, errors: '' });
    expect(run.output()).toMatch(/stopped \(closeAnswered\)\n$/);
    expect(simulator.sessions.map(({ ended }) => ended)).toEqual([true]);
  });

  it('says what is wrong with its token, and ends', async () => {
    const run = await start(simulator, 'wrong');
    const { code, errors } = await run.ended();
    expect(code).toBe(1);
    expect(errors).toContain('Discord refuses the token (401)');
    expect(errors).not.toContain('wrong');
  });
});

/** Starts the bot against the simulator. */
async function start({ restUrl }: Simulator, token: string) {
  const env = { ...process.env, DISCORD_TOKEN: token, REST_URL: restUrl };
  const child = spawn(process.execPath, [await bundle(bot, SHIM)], { env });
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const exit = once(child, 'close');
  return {
    child,
    output: () => out,
    async until(pattern: RegExp) {
      while (!pattern.test(out)) await once(child.stdout, 'data');
    },
    async ended() {
      const [code] = await exit;
      return { code, errors };
    },
  };
}

/** The script that holds libraries against the documentation, where nothing is installed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('../../examples/conformance/peers.mjs', import.meta.url));
const start = (...args: readonly string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const env = { PATH: '/nowhere' };
    execFile(process.execPath, [script, ...args], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });

it('says how it is used, and what is no name and no option', async () => {
  expect(await start('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--profile') });
  expect(await start('discord.jss')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^there is no discord\.jss: /),
  });
  expect(await start('--jsn')).toMatchObject({ code: 2, err: expect.stringContaining("'--jsn'") });
});

it('skips what this machine has no tools for, and fails where that was asked for', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'gatechart-peers-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const { code, err } = await start('discord.js', 'disgo', '--cache', cache);
  expect(code).toBe(1);
  expect(err.trim().split('\n')).toEqual(['discord.js: skipped: there is no npm', 'disgo: skipped: there is no go']);
  expect(readdirSync(cache)).toEqual(['.reports']);
});

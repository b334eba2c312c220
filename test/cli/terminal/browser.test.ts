import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '../../../src/cli/terminal/browser.js';
import { keptIo } from '../../support/io.js';

const ADDRESS = 'http://127.0.0.1:4000/#key=a-key';
const DESKTOP = { DISPLAY: ':0' };

/** What a browser was given, and what it could see then. */
function opening(fails = false) {
  const seen: { path: string; page: string; mode: number; folder: number; token: string | undefined }[] = [];
  const open = async (path: string) => {
    await null; // it is started a moment later
    seen.push({
      path,
      page: readFileSync(path, 'utf8'),
      mode: statSync(path).mode & 0o777,
      folder: statSync(dirname(path)).mode & 0o777,
      token: process.env.DISCORD_TOKEN,
    });
    if (fails) throw new Error('no browser');
    return { on: () => {} };
  };
  return { seen, open };
}

const onTerminal = (env: Readonly<Record<string, string>> = DESKTOP) => keptIo(env, {}).io;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('DISCORD_TOKEN', 'bots-token');
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

describe('a browser', () => {
  it('is given a file of its owner that leads to the address, and no address', async () => {
    const { seen, open } = opening();
    expect(await openBrowser(ADDRESS, onTerminal(), open)).toBe(true);
    expect(seen).toMatchObject([{ mode: 0o600, folder: 0o700 }]);
    expect(seen[0]?.path).not.toContain('key');
    expect(seen[0]?.page).toContain(`location.replace("${ADDRESS}")`);
  });

  it.each([false, true])('does not inherit the token, which is there again after it (fails: %s)', async (fails) => {
    const { seen, open } = opening(fails);
    expect(await openBrowser(ADDRESS, onTerminal(), open)).toBe(!fails);
    expect(seen[0]?.token).toBeUndefined();
    expect(process.env.DISCORD_TOKEN).toBe('bots-token');
  });

  it('leaves nothing behind, half a minute later or when the command ends', async () => {
    const { seen, open } = opening();
    const listeners = process.listenerCount('exit');
    await openBrowser(ADDRESS, onTerminal(), open);
    expect(process.listenerCount('exit')).toBe(listeners + 1);
    vi.advanceTimersByTime(29_999);
    expect(existsSync(seen[0]?.path ?? '')).toBe(true);
    vi.advanceTimersByTime(1);
    expect(existsSync(dirname(seen[0]?.path ?? ''))).toBe(false);
    expect(process.listenerCount('exit')).toBe(listeners);
  });

  it.each([
    ['in CI', { ...DESKTOP, CI: '1' }],
    ['over SSH', { ...DESKTOP, SSH_TTY: '/dev/pts/1' }],
    ['where it is not wanted', { ...DESKTOP, BROWSER: 'none' }],
    ['in WSL, whose files it does not find', { ...DESKTOP, WSL_DISTRO_NAME: 'Debian' }],
  ])('is not opened %s', async (_, env) => {
    const { seen, open } = opening();
    expect(await openBrowser(ADDRESS, onTerminal(env), open)).toBe(false);
    expect(seen).toEqual([]);
  });

  it('is not opened where nobody looks at the terminal', async () => {
    const { seen, open } = opening();
    expect(await openBrowser(ADDRESS, keptIo(DESKTOP).io, open)).toBe(false);
    expect(seen).toEqual([]);
  });
});

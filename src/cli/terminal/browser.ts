import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inScript } from '../../telling/printable.js';
import type { Io } from './io.js';

/** Opens a file with what the desktop has for its kind. */
type Opener = (path: string) => Promise<{ on(event: 'error', listener: () => void): unknown }>;

/** A browser has read the file that leads to the address by then, in ms. */
const READ_MS = 30_000;

/**
 * Opens an address in the browser, if a person sits at this machine and looks at this terminal. Returns whether it was
 * tried; whoever was not shown a page has the address.
 *
 * The address holds a key, and a command line can be read by everybody on the machine: the browser is given a file that
 * its owner alone may read and that leads there. Nor does it inherit the bot's token.
 */
export async function openBrowser(url: string, { out, env }: Io, open: Opener = openFile): Promise<boolean> {
  if (out.isTTY !== true || !hasDesktop(env)) return false;
  try {
    const browser = await withoutToken(() => open(fileThatLeadsTo(url)));
    browser.on('error', () => {}); // there is none after all
    return true;
  } catch {
    return false;
  }
}

/** The browser of Windows does not find files of WSL. */
function hasDesktop(env: Io['env']): boolean {
  if (env.CI || env.SSH_CONNECTION || env.SSH_TTY || env.BROWSER === 'none' || env.WSL_DISTRO_NAME) return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

const openFile: Opener = async (path) => (await import('open')).default(path);

/** Runs something that starts a process, which inherits the environment. */
async function withoutToken<T>(run: () => Promise<T>): Promise<T> {
  const { DISCORD_TOKEN: token } = process.env;
  delete process.env.DISCORD_TOKEN;
  try {
    return await run();
  } finally {
    if (token !== undefined) process.env.DISCORD_TOKEN = token;
  }
}

function fileThatLeadsTo(url: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatechart-'));
  const path = join(folder, 'open.html');
  const page = `<!doctype html><meta charset="utf-8"><title>gatechart</title><script>location.replace(${inScript(url)})</script>\n`;
  writeFileSync(path, page, { mode: 0o600, flag: 'wx' });
  const remove = () => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  setTimeout(remove, READ_MS).unref();
  return path;
}

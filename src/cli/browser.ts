import type { Io } from './io.js';

/**
 * Opens an address in the browser, if a person sits at this machine and looks at this terminal. Returns whether it was
 * tried; whoever was not shown a page has the address.
 */
export async function openBrowser(url: string, { out, env }: Io): Promise<boolean> {
  if (out.isTTY !== true || !hasDesktop(env)) return false;
  try {
    const { default: open } = await import('open');
    const browser = await open(url);
    browser.on('error', () => {}); // there is none after all
    return true;
  } catch {
    return false;
  }
}

function hasDesktop(env: Io['env']): boolean {
  if (env.CI || env.SSH_CONNECTION || env.SSH_TTY || env.BROWSER === 'none') return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}

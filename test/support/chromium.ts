import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { atMost } from './slowness.js';

/** The browser. */
export const EXECUTABLE = process.env.GATECHART_CHROMIUM ?? '/usr/bin/chromium';
const ROOT = new URL('../../', import.meta.url).pathname;
export const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Whether there is a Chromium: at `/usr/bin/chromium`, or where `GATECHART_CHROMIUM` says. */
export const hasChromium = existsSync(EXECUTABLE);

/** Skips a test where there is no Chromium, or fails it if `GATECHART_REQUIRE` lists `chromium`. */
export function needsChromium(context: TestContext): void {
  if (hasChromium) return;
  const reason = `there is no Chromium at ${EXECUTABLE}`;
  if (process.env.GATECHART_REQUIRE?.split(/[\s,]+/).includes('chromium')) throw new Error(reason);
  context.skip(reason);
}

/** Waits until something holds, and throws what is asked if it never does: a busy machine is slow, not wrong. */
export async function until(holds: () => Promise<boolean>, ms = atMost(20_000)): Promise<void> {
  for (const end = performance.now() + ms; !(await holds()); ) {
    if (performance.now() > end) throw new Error(`still not: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A page that waits for what is asked of it for as long as this machine may take. */
export async function newPage(browser: Browser, options?: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  page.setDefaultTimeout(atMost(10_000));
  return page;
}

/** A page in Chromium. */
export interface OpenPage {
  readonly page: Page;
  /** What the page logged or threw, in order. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens a page, served from a free port of 127.0.0.1. `script` is the source of a TypeScript module that is bundled as
 * for a browser, with imports as seen from the root of the project; its promises are settled when the page is given.
 */
export async function openPage({
  script,
  html = '',
}: {
  readonly script?: string;
  readonly html?: string;
}): Promise<OpenPage> {
  const bundle = script === undefined ? '' : await bundled(script);
  const module = script === undefined ? '' : '<script type="module" src="/script.js"></script>';
  const document = /<html/i.test(html) ? html : `<!doctype html><html><body>${html}${module}</body></html>`;
  const server = createServer(({ url }, response) => {
    const [type, body] = url === '/script.js' ? ['text/javascript', bundle] : ['text/html; charset=utf-8', document];
    response.writeHead(url === '/' || url === '/script.js' ? 200 : 404, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  const page = await newPage(browser);
  const log: string[] = [];
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => log.push(`uncaught: ${error.message}`));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'load' });
  return {
    page,
    log,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A TypeScript module, bundled as for a browser. */
export async function bundled(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    ignoreAnnotations: true, // a script is there for its side effects
  });
  return outputFiles[0]?.text ?? '';
}

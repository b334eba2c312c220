/** The file that leads to an address, in a real browser. */
import { chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { openBrowser } from '../../../src/cli/terminal/browser.js';
import { startRelay } from '../../../src/inspect/index.js';
import { ARGS, EXECUTABLE, needsChromium, newPage, until } from '../../support/chromium.js';
import { keptIo } from '../../support/io.js';

/** Says its key, as the pages of the relay do. */
const PAGE = `<!doctype html><title>page</title><script>
const socket = new WebSocket('ws://' + location.host + '/live');
socket.onopen = () => socket.send(JSON.stringify({ key: location.hash.slice('#key='.length) }));
</script>`;

it('a file leads a browser to the page with its key', async (context) => {
  needsChromium(context);
  const relay = await startRelay({ page: PAGE });
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  const page = await newPage(browser);
  const open = async (path: string) => {
    await page.goto(`file://${path}`, { waitUntil: 'commit' });
    return page;
  };
  expect(await openBrowser(relay.url, keptIo({ DISPLAY: ':0' }, {}).io, open as never)).toBe(true);
  await until(async () => relay.viewers === 1);
  expect(await page.title()).toBe('page');
  await browser.close();
  await relay.close();
});

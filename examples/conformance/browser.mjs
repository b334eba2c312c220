/**
 * gatechart's own shard in a page of a real Chromium: `gatechart conform -- node examples/conformance/browser.mjs`.
 * Orders go into the page, and what it prints comes out of it. Needs Chromium, `playwright-core` and `esbuild`.
 */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const { DISCORD_TOKEN, GATECHART_REST, GATECHART_RECORD, GATECHART_CHROMIUM = '/usr/bin/chromium' } = process.env;

const { outputFiles } = await build({
  stdin: {
    contents: `import { beginShard } from './shard.mjs';
      globalThis.begin = (env) => Object.assign(globalThis, beginShard(env, { print, complain: console.error }));`,
    resolveDir: fileURLToPath(new URL('.', import.meta.url)),
  },
  bundle: true,
  write: false,
  format: 'esm',
  tsconfigRaw: {}, // here it leads to the sources for Node
  platform: 'browser',
  target: 'es2022',
});
const server = createServer(({ url }, response) => {
  const [type, body] =
    url === '/page.js'
      ? ['text/javascript', outputFiles[0].text]
      : ['text/html', '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>'];
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: GATECHART_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  handleSIGTERM: false, // the shard stops first
});
const page = await browser.newPage();
page.on('console', (message) => console.error(message.text()));
page.on('pageerror', (error) => console.error(error.message));
await page.exposeFunction('print', (line) => console.log(line));
await page.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: 'load' });

const orders = createInterface({ input: process.stdin });
orders.on('line', (line) => page.evaluate((order) => void globalThis.obey(order), JSON.parse(line)));
process.once('SIGTERM', async () => {
  await page.evaluate(() => globalThis.shard.stop());
  await browser.close();
  process.exit();
});

await page.evaluate((env) => void globalThis.begin(env), { DISCORD_TOKEN, GATECHART_REST, GATECHART_RECORD });

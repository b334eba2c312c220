/** `gatechart demo --inspect`, as it is built, watched in a real browser from its first step to its last, and back. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
// @ts-expect-error: a script of the build, which has no types
import { buildViewer } from '../../.ci/viewer.mjs';
import { CHAPTERS } from '../../src/cli/demo/chapters.js';
import { ARGS, EXECUTABLE, hasChromium, needsChromium, newPage, until } from '../support/chromium.js';
import { builtCli, spawnCli } from '../support/cli.js';
import { atMost } from '../support/slowness.js';

let cli: Awaited<ReturnType<typeof builtCli>>;
let browser: Browser;

beforeAll(async () => {
  if (!hasChromium) return;
  cli = await builtCli();
  const viewer = join(dirname(cli.bin), '../../viewer/index.html');
  await mkdir(dirname(viewer), { recursive: true });
  await writeFile(viewer, await buildViewer());
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
});
beforeEach(needsChromium);
afterAll(async () => {
  await browser?.close();
  await cli?.remove();
});

it('is told on a page that can be rewound, and nothing leaves this machine', async () => {
  const demo = spawnCli(cli.bin, ['demo', '--inspect', '--no-open']);
  onTestFinished(() => void demo.child.kill('SIGKILL'));
  const page = await newPage(browser, { viewport: { width: 1440, height: 900 } });
  const log: string[] = [];
  const asked = new Set<string>();
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => log.push(`uncaught: ${error.message}`));
  page.on('request', (request) => asked.add(new URL(request.url()).hostname));
  page.on('websocket', (socket) => asked.add(new URL(socket.url()).hostname));
  await until(async () => demo.out().includes('#key='));
  await page.goto(/http:\/\/127\.0\.0\.1:\d+\/#key=\S+/.exec(demo.out())?.[0] ?? '');

  const text = (selector: string) => page.locator(selector).textContent();
  const state = () => text('.now .state');
  const slider = page.getByRole('slider');
  const at = async () => Number(await slider.inputValue());
  const steps = page.getByRole('list', { name: 'Steps' });
  const talk = page.getByRole('list', { name: 'Messages between client and Gateway' });
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const reads = (words: string) =>
    expect.poll(state, { timeout: atMost(20_000), message: demo.out() }).toContain(words);

  // Live, to its end.
  await page.getByText('Connected to a program on this machine').waitFor();
  await reads('ready');
  await until(async () => demo.out().includes('until Ctrl-C'));
  await reads('failed');
  expect(await text('.now .why')).toContain('the reason needs a person');
  expect(await talk.textContent()).toMatch(/close 4014/);

  // Back to the first step, and on through every chapter.
  await page.keyboard.press('Home');
  await reads('stopped');
  expect(await at()).toBe(0);
  expect(await page.locator('svg .active[data-state]').evaluateAll((all) => all.length)).toBe(1);
  expect(await talk.textContent()).not.toContain('Identify');
  await tab('Steps');
  for (const [number, { title }] of CHAPTERS.entries()) {
    await page.keyboard.press('ArrowDown');
    await steps.getByText(`${number + 1}. ${title}`).waitFor();
  }
  expect(await at()).toBeGreaterThan(CHAPTERS.length);

  // Forward step by step to the first READY: what it did, what it awaits, what was said.
  await slider.focus(); // on a tab the arrows go to other tabs
  await page.keyboard.press('Home');
  await until(async () => (await at()) === 0);
  const causes: string[] = [];
  for (let moment = 1; !(await state())?.includes('ready'); moment += 1) {
    await page.keyboard.press('ArrowRight');
    await until(async () => (await at()) === moment);
    causes.push((await text('.now .why')) ?? '');
    if (moment === 1) expect(await page.locator('svg .taken').count()).toBeGreaterThan(0); // others lie inside of what is folded
  }
  expect(causes.join()).toMatch(/start was ordered.*Hello.*sends Identify.*READY/is);
  expect(await page.locator('.timers .timer').count()).toBeGreaterThan(0);
  await tab('Conversation');
  expect(await talk.textContent()).toMatch(/Hello.*Identify.*READY/s);
  expect(await talk.textContent()).not.toContain('Resume');

  await page.keyboard.press('End');
  await reads('failed');
  expect(await at()).toBe(Number(await slider.getAttribute('max')));
  await tab('Conversation');
  expect(await talk.textContent()).toMatch(/RESUMED/);

  // The same from the Gateway's end.
  const actors = page.getByLabel('Actor');
  await actors.selectOption({ label: '2. Gateway, connection 1' });
  await until(async () => (await text('.now .path'))?.startsWith('listening') ?? false);
  await tab('Steps');
  await steps.getByText('READY is sent: a new session').first().click();
  await reads('live');
  expect(await text('.now .why')).toContain('sends READY');
  expect(await page.locator('.timers .timer').textContent()).toContain('a heartbeat of the client');

  demo.child.kill('SIGINT');
  expect((await demo.ended).code).toBe(130);
  await page.getByText('The program has ended').waitFor();
  expect(log).toEqual([]);
  expect([...asked]).toEqual(['127.0.0.1']);
  await page.close();
});

/** The report's page in a real browser. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reportOf } from '../../../src/conformance/report.js';
import { html } from '../../../src/conformance/reports/html.js';
import { ARGS, EXECUTABLE, hasChromium, needsChromium, newPage } from '../../support/chromium.js';
import { ABOUT, result } from '../results.js';

const NASTY = '</script><script>document.title = "taken over"</script><img src=x onerror=alert(1)>';
const mine = reportOf(
  [
    result({}),
    result({
      id: 'drop/live',
      spec: 'gateway#disconnecting',
      verdict: 'failed',
      grade: 'stuck',
      findings: [{ grade: 'stuck', says: NASTY }],
      timeline: ['0.00 s  -> 1 opens', `1.00 s  ${NASTY}`],
    }),
    result({ id: 'op-1/live', level: 'robustness', verdict: 'not reached', why: 'no live' }),
    result({ id: 'op-7/live', verdict: 'tolerated', findings: [{ grade: 'letter', says: 'x', tolerated: 'y' }] }),
  ],
  { ...ABOUT, client: `mine ${NASTY}` },
);
const theirs = reportOf([result({ verdict: 'failed', grade: 'crash' })], { ...ABOUT, client: 'theirs' });

let browser: Browser;
let folder = '';
let page: Page;
const log: string[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  folder = await mkdtemp(join(tmpdir(), 'gatechart-report-'));
  await writeFile(join(folder, 'report.html'), html([mine, theirs]));
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  page = await newPage(browser);
  page.on('console', (message) => log.push(message.text()));
  page.on('pageerror', (error) => log.push(error.message));
  page.on('dialog', (dialog) => log.push(dialog.message()));
});
afterAll(async () => {
  await browser?.close();
  if (folder !== '') await rm(folder, { recursive: true });
  expect(log).toEqual([]);
});
beforeEach(async (context) => {
  needsChromium(context);
  await page.goto(`file://${join(folder, 'report.html')}`);
});

const rows = () => page.locator('tbody th').evaluateAll((all) => all.map((each) => each.firstChild?.textContent));
const dialog = () => page.getByRole('dialog');
const failed = () => page.getByRole('button', { name: 'failed: stuck' });

describe("a report's page", () => {
  it('has a row for each case and a column for each client', async () => {
    expect(await rows()).toEqual(['close-4009/live', 'drop/live', 'op-1/live', 'op-7/live']);
    expect(await page.locator('thead th').count()).toBe(3);
    expect(await page.locator('tbody tr').first().locator('td').allTextContents()).toEqual(['passed', 'failed: crash']);
    expect(await page.locator('#shown').textContent()).toBe('4 of 4');
    expect(await page.title()).toBe('Discord Gateway conformance');
  });

  it('filters by text, verdict, grade, section and level', async () => {
    await page.getByLabel('Find').fill('DROP');
    expect(await rows()).toEqual(['drop/live']);
    await page.getByLabel('Find').fill('');
    await page.getByLabel('Verdict').selectOption('failed');
    expect(await rows()).toEqual(['close-4009/live', 'drop/live']);
    await page.getByLabel('Grade').selectOption('crash');
    expect(await rows()).toEqual(['close-4009/live']);
    await page.getByLabel('Verdict').selectOption('');
    await page.getByLabel('Grade').selectOption('');
    await page.getByLabel('Section').selectOption('gateway#disconnecting');
    expect(await rows()).toEqual(['drop/live']);
    await page.getByLabel('Section').selectOption('');
    await page.getByLabel('Level').selectOption('robustness');
    expect(await rows()).toEqual(['op-1/live']);
  });

  it('shows the evidence on click, as text alone', async () => {
    await failed().click();
    expect(await dialog().isVisible()).toBe(true);
    expect(await page.locator('#timeline').textContent()).toBe(`0.00 s  -> 1 opens\n1.00 s  ${NASTY}`);
    expect(await page.locator('#findings').textContent()).toContain(NASTY);
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await dialog().isVisible()).toBe(false);
  });

  it('can be used by keyboard: Enter opens, Escape closes and gives the focus back', async () => {
    await failed().focus();
    await page.keyboard.press('Enter');
    expect(await dialog().isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await dialog().isVisible()).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('failed: stuck');
  });

  it('is light or dark, as its reader is', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).toBe('rgb(20, 22, 27)');
  });
});

/** The React example, bundled as for a browser, in Chromium. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';

let opened: OpenPage;
beforeAll(async () => {
  if (!hasChromium) return;
  const html = await readFile(new URL('../../examples/react/index.html', import.meta.url), 'utf8');
  opened = await openPage({ html: html.replace('main.js', 'script.js'), script: "import './examples/react/main.js';" });
});
afterAll(() => opened?.close());

describe('a shard in React', () => {
  it('comes online, is dropped at a click, resumes, and shows what it missed', async (context) => {
    needsChromium(context);
    const { page, log } = opened;
    const headline = page.getByRole('heading');
    await headline.getByText('online', { exact: true }).waitFor();
    await page.getByRole('cell', { name: 'READY' }).waitFor();
    await page.getByRole('cell', { name: 'MESSAGE_CREATE' }).first().waitFor();
    await page.getByRole('button', { name: 'drop the connection' }).click();
    await headline.getByText('not online').waitFor();
    await headline.getByText('online', { exact: true }).waitFor();
    await page.getByRole('cell', { name: 'RESUMED' }).waitFor();
    expect(await page.locator('code.state').textContent()).toContain('session.ready');
    const numbers = (await page.locator('td:first-child').allTextContents()).map(Number);
    expect(numbers).toEqual(Array.from(numbers, (_, n) => Number(numbers[0]) - n));
    expect(log.filter((line) => !line.includes('React DevTools'))).toEqual([]);
  });
});

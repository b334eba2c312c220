/** The viewer's page, as it is built, in a real browser: from a file, and from a relay. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error: a script of the build, which has no types
import { buildViewer } from '../../.ci/viewer.mjs';
import { type Relay, startRelay } from '../../src/inspect/index.js';
import { ARGS, EXECUTABLE, hasChromium, needsChromium, newPage, until } from '../support/chromium.js';
import { traceOf } from './lives.js';

let browser: Browser;
let folder = '';
let file = '';
let html = '';
let page: Page;
let log: string[] = [];
let relay: Relay | null = null;

beforeAll(async () => {
  if (!hasChromium) return;
  html = await buildViewer();
  folder = await mkdtemp(join(tmpdir(), 'gatechart-viewer-'));
  file = join(folder, 'viewer.html');
  await writeFile(file, html);
  browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGS });
  page = await newPage(browser);
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => log.push(`uncaught: ${error.message}`));
});
afterAll(async () => {
  await browser?.close();
  if (folder !== '') await rm(folder, { recursive: true });
});

beforeEach(async (context) => {
  needsChromium(context);
  await page.setViewportSize({ width: 1440, height: 900 });
  log = [];
});
afterEach(async () => {
  await relay?.close();
  relay = null;
  expect(log).toEqual([]);
});

const offline = () => page.goto(`file://${file}`);
const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const tab = (name: string) => page.getByRole('tab', { name }).click();
const state = () => page.locator('.now .state').textContent();
const why = () => page.locator('.now .why').textContent();
const active = () =>
  page.locator('svg .active[data-state]').evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.state));
const at = () => page.getByRole('slider').inputValue().then(Number);
const reads = (get: () => Promise<string | null>, text: string) =>
  until(async () => (await get())?.includes(text) ?? false);
/** Once all that has happened is drawn: a frame draws what the one before it has led to. */
const drawn = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/** A picture of the page, for people: where `GATECHART_SHOTS` says. */
async function shot(name: string): Promise<void> {
  if (process.env.GATECHART_SHOTS) await page.screenshot({ path: `${process.env.GATECHART_SHOTS}/${name}.png` });
}

/** How far two colours stand apart, as WCAG counts it. */
function contrast(one: string, other: string): number {
  const [most = 0, least = 0] = [one, other].map(luminance).sort((a, b) => b - a);
  return (most + 0.05) / (least + 0.05);
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Gives the page a file, as one that was dropped. */
async function drop(name: string, text: string): Promise<void> {
  await page.evaluate(
    ([given, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content ?? ''], given ?? ''));
      dispatchEvent(new DragEvent('dragover', { dataTransfer, cancelable: true }));
      dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true }));
    },
    [name, text],
  );
}

describe('the page', () => {
  it('opens from a file, says what to do, and explains a state at a click', async () => {
    await offline();
    expect(await page.getByRole('heading', { name: /See what a Discord Gateway client does/ }).isVisible()).toBe(true);
    await page.locator('[data-state="shard.running.waiting"]').click();
    const details = page.getByRole('region', { name: 'About this state' });
    expect(await details.textContent()).toContain('doubled with each failure in a row');
    expect(await details.textContent()).toContain('The timer reconnect ran out'.toLowerCase().slice(4));
    await page.keyboard.press('Escape');
    expect(await details.isVisible()).toBe(false);
  });

  it('answers what follows from what, in each state, before anything runs', async () => {
    await offline();
    await press('What if …');
    const choice = page.getByLabel('What happens');
    expect(await choice.evaluate((each) => each === document.activeElement)).toBe(true);
    await choice.selectOption('4009');
    const answers = page.locator('.answer');
    expect(await answers.first().textContent()).toContain('Identify: a new session');
    await page.getByLabel('What happens').selectOption('no-ack');
    expect(await answers.nth(1).textContent()).toContain('Resume');
  });

  it('keeps the answers in sight, and shows the states of them in the chart', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await offline();
    await press('What if …');
    await page.getByLabel('What happens').selectOption('4009');
    const panel = await page.locator('[role="tabpanel"]:has(.ask)').boundingBox();
    expect(panel?.height).toBeGreaterThan(500);
    await press('identifying');
    expect(await page.getByRole('region', { name: 'About this state' }).isVisible()).toBe(false);
    expect(await page.locator('svg .chosen').getAttribute('data-state')).toContain('session.identifying');
    expect(await page.getByRole('tab', { selected: true }).first().textContent()).toBe('Session');
  });

  it('marks the arrows of an answer, in whichever view, as long as it is read', async () => {
    await offline();
    const asked = () =>
      page.locator('svg .edge.asked').evaluateAll((all) => all.map((each) => (each as HTMLElement).dataset.edge));
    expect(await asked()).toEqual([]);
    await press('What if …');
    await page.getByLabel('What happens').selectOption('op9-false');
    expect(await asked()).toContain('shard.running.connection.open -> shard.running.connection.closing');
    expect(await asked()).not.toContain('shard.running.waiting -> shard.running.choosing');
    await shot('what-if');
    await page.getByLabel('What happens').selectOption('timer.reconnect');
    expect(await asked()).toContain('shard.running.waiting -> shard.running.choosing');
    expect(await asked()).not.toContain('shard.running.connection.open -> shard.running.connection.closing');
    await tab('Session');
    expect(await asked()).toEqual([]);
    await page.getByLabel('What happens').selectOption('resumed');
    expect((await asked()).length).toBeGreaterThan(0);
    await tab('Conversation');
    expect(await asked()).toEqual([]);
  });

  it('shows all of the overview at the start', async () => {
    await offline();
    const canvas = page.locator('.canvas');
    const [hidden, name] = await canvas.evaluate((each) => [
      Math.max(each.scrollHeight - each.clientHeight, each.scrollWidth - each.clientWidth),
      Number.parseFloat(getComputedStyle(each.querySelector('text.name') ?? each).fontSize),
    ]);
    await shot('start');
    expect(hidden).toBe(0);
    const scale = await canvas.evaluate((each) => {
      const picture = each.querySelector('svg');
      return (picture?.getBoundingClientRect().width ?? 0) / (picture?.viewBox.baseVal.width ?? 1);
    });
    expect(Number(name) * scale).toBeGreaterThan(6);
  });

  it('fits the whole of a picture, and begins at its top in each view', async () => {
    await offline();
    await page.getByRole('tab', { name: 'Everything' }).click();
    const canvas = page.locator('.canvas');
    const room = () =>
      canvas.evaluate((each) => [
        each.scrollTop,
        each.scrollWidth - each.clientWidth,
        each.scrollHeight - each.clientHeight,
      ]);
    expect((await room())[2]).toBeGreaterThan(0);
    await canvas.evaluate((each) => each.scrollTo(0, 500));
    await page.getByRole('button', { name: 'Fit the whole chart' }).click();
    expect(await room()).toEqual([0, 0, 0]);
    await page.getByRole('button', { name: 'Fit the whole chart' }).click();
    await canvas.evaluate((each) => each.scrollTo(0, 500));
    await page.getByRole('tab', { name: 'Heartbeat' }).click();
    expect((await room())[0]).toBe(0);
  });

  it('asks no one for anything', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await offline();
    await press('Start a simulation');
    await reads(state, 'ready');
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  });

  it.each(['light', 'dark'] as const)('is %s as the system is, and the other way at a click', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    await offline();
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe(scheme);
    await press(scheme === 'dark' ? 'Light colours' : 'Dark colours');
    expect(await theme()).not.toBe(scheme);
    await page.evaluate(() => localStorage.clear());
  });

  it.each(['light', 'dark'] as const)('can be read where a button is disabled, in %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await offline();
    await press('Start a simulation');
    await reads(state, 'ready');
    const connect = page.getByRole('button', { name: 'connect', exact: true });
    expect(await connect.isDisabled()).toBe(true);
    const [ink, ground] = await connect.evaluate((each) => [
      getComputedStyle(each).color,
      getComputedStyle(each.closest('.sim') ?? each).backgroundColor,
    ]);
    expect(contrast(ink ?? '', ground ?? '')).toBeGreaterThan(4.5);
    expect(await connect.evaluate((each) => getComputedStyle(each).backgroundColor)).toBe('rgba(0, 0, 0, 0)');
  });

  it('needs no sideways scrolling on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await offline();
    await press('Start a simulation');
    await reads(state, 'ready');
    const [scroll, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(scroll).toBe(width);
  });

  it('keeps the state in sight of the controls on a narrow screen, and cuts nothing off', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await offline();
    await press('Start a simulation');
    await reads(state, 'ready');
    const [now, sim, transport] = await page.evaluate(() => {
      document.querySelector('.sim')?.scrollIntoView({ block: 'end' });
      return ['.now', '.sim', '.transport'].map((each) =>
        document.querySelector(each)?.getBoundingClientRect().toJSON(),
      );
    });
    expect(now.top).toBeGreaterThanOrEqual(0);
    expect(sim.top).toBeGreaterThanOrEqual(now.bottom);
    expect(transport.top).toBeGreaterThanOrEqual(sim.bottom);
    const at = await page.locator('.transport .at').evaluate((each) => [each.scrollWidth, each.clientWidth]);
    expect(at[0]).toBe(at[1]);
  });

  it('shows the newest message, and shows it again after another tab', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await offline();
    await press('Start a simulation');
    await reads(state, 'ready');
    for (let i = 0; i < 20; i += 1) await press('op 1');
    const panel = page.locator('[role="tabpanel"]:has(.talk)');
    const below = () => panel.evaluate((each) => each.scrollHeight - each.clientHeight - each.scrollTop);
    await until(async () => (await panel.evaluate((each) => each.scrollTop)) > 0);
    await drawn();
    expect(await below()).toBeLessThan(2);
    await page.keyboard.press('ArrowLeft');
    await tab('Steps');
    await tab('Conversation');
    await drawn();
    expect([await panel.evaluate((each) => each.scrollTop > 0), (await below()) < 2]).toEqual([true, true]);
  });

  it('is reached by keyboard alone: states are buttons, tabs go by arrows, ? shows the keys', async () => {
    await offline();
    const waiting = page.locator('[data-state="shard.running.waiting"]');
    await waiting.focus();
    await page.keyboard.press('Enter');
    expect(await page.getByRole('region', { name: 'About this state' }).isVisible()).toBe(true);
    await page.getByRole('tab', { name: 'Overview' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { selected: true }).first().textContent()).toBe('Reaching');
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    expect(await page.getByRole('dialog').textContent()).toContain('A chapter is a titled part of a run');
    const unnamed = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, select, input:not([hidden])')].filter(
          (each) => !(each.textContent || each.getAttribute('aria-label') || each.closest('label')),
        ).length,
    );
    expect(unnamed).toBe(0);
  });
});

describe('a trace', () => {
  it('is shown from its beginning when it is dropped, and goes back and forth', async () => {
    const lines = await traceOf();
    await offline();
    await drop('trace.jsonl', lines.join('\n'));
    await page.getByText(`trace.jsonl: ${lines.length} lines`).waitFor();
    expect([await state(), await at(), await active()]).toEqual(['stopped', 0, ['shard.stopped']]);
    await page.keyboard.press('ArrowRight');
    await reads(why, 'Start was ordered'.toLowerCase());
    expect(await active()).toContain('shard.running.locating');
    expect(await page.locator('svg .taken').count()).toBeGreaterThan(0);
    await page.keyboard.press('End');
    await reads(state, 'ready');
    expect(await page.locator('.timers .timer').count()).toBeGreaterThan(0);
    await page.keyboard.press('ArrowLeft');
    await reads(why, 'Hello, and a session: resume it');
    await page.keyboard.press('Home');
    await reads(state, 'stopped');
    expect(await at()).toBe(0);
  });

  it('steps from the place that was just chosen, before it is drawn', async () => {
    await offline();
    await drop('trace.jsonl', (await traceOf()).join('\n'));
    await page.getByText('trace.jsonl: ').waitFor();
    await page.keyboard.press('End');
    await reads(state, 'ready');
    await page.evaluate(() => {
      for (const key of ['Home', 'ArrowRight', 'ArrowRight'])
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    });
    await drawn();
    expect(await at()).toBe(2);
  });

  it('shows what was said up to the moment, and what was done', async () => {
    await offline();
    await drop('trace.jsonl', (await traceOf()).join('\n'));
    await page.getByText('trace.jsonl: ').waitFor();
    await page.keyboard.press('End');
    const talk = page.getByRole('list', { name: 'Messages between client and Gateway' });
    await reads(() => talk.textContent(), 'RESUMED');
    await tab('Steps');
    await page.getByRole('list', { name: 'Steps' }).getByText('The WebSocket is open').first().click();
    await tab('Conversation');
    await until(async () => !(await talk.textContent())?.includes('Identify'));
    expect(await talk.textContent()).toContain('the WebSocket is open');
    expect(await talk.textContent()).not.toContain('Identify');
  });

  it('plays by itself, to its end', async () => {
    await offline();
    await drop('trace.jsonl', (await traceOf()).join('\n'));
    await page.getByLabel('Playing speed').selectOption('8');
    await page.getByRole('slider').focus();
    await page.keyboard.press(' ');
    await until(async () => (await at()) >= 4);
    await until(
      async () => (await page.getByRole('button', { name: 'Play' }).getAttribute('aria-pressed')) === 'false',
    );
    expect(await at()).toBe(Number(await page.getByRole('slider').getAttribute('max')));
  });

  it('never becomes markup, whatever it holds', async () => {
    const hostile = `<img src=x onerror="document.title='pwned'"><script>document.title='pwned'</script>`;
    const spoilt = (await traceOf()).map((line) => {
      const { type, ...rest } = JSON.parse(line, (key, value) => {
        const isOurs = ['type', 'direction', 'from', 'to', 'state', 'chart', 'name'].includes(key);
        return typeof value === 'string' && !isOurs ? hostile : value;
      });
      return JSON.stringify({ type: JSON.parse(line).type, ...rest });
    });
    const more = [
      { type: 'chapter', title: hostile, says: hostile },
      { type: 'note', says: hostile },
      { type: 'warning', at: 9e3, problem: hostile, error: hostile },
      {
        type: 'step',
        at: 9e3,
        event: { type: hostile },
        from: hostile,
        to: hostile,
        causes: [{ name: hostile }],
        do: [
          { type: hostile, params: { url: hostile } },
          { type: 'arm', params: { timer: hostile, delay: 5 } },
        ],
      },
      { type: 'frame', at: 9e3, direction: 'in', connection: 1, op: 0, name: hostile, bytes: 1 },
      {
        type: '@xstate.actor',
        sessionId: hostile,
        name: hostile,
        definition: JSON.stringify({ id: hostile, states: { [hostile]: { description: hostile } } }),
        snapshot: { value: hostile },
      },
    ].map((line) => JSON.stringify(line));
    await offline();
    await drop(hostile, [...spoilt, ...more].join('\n'));
    await page.keyboard.press('End');
    await tab('Steps');
    for (const actor of await page.getByLabel('Actor').locator('option').all()) {
      await page.getByLabel('Actor').selectOption({ value: (await actor.getAttribute('value')) ?? '' });
      for (const name of ['Conversation', 'Steps']) await tab(name);
    }
    expect(await page.locator('img, script:not(body > script)').count()).toBe(0);
    expect(await page.title()).toBe('gatechart viewer');
  });

  it('that is none is refused in words', async () => {
    await offline();
    await drop('holiday.txt', 'not a trace');
    await page.getByRole('alert').getByText('holiday.txt holds no trace').waitFor();
    expect(await page.getByRole('alert').textContent()).toContain('holiday.txt holds no trace');
  });
});

describe('a replay that differs', () => {
  it.each([1440, 390])('is shown at the difference, in red, %d px wide', async (width) => {
    await page.setViewportSize({ width, height: 900 });
    relay = await startRelay({ page: html });
    const lines = (await traceOf()).map((line) => JSON.parse(line));
    const at = lines.findIndex(({ causes }) => causes?.[0]?.name === 'closedForResume');
    for (const line of lines.slice(0, at + 1)) relay.send(line);
    relay.send({ type: 'difference', says: ['trace.jsonl, line 30: the outcome differs', '  * to  waiting'] });
    for (const line of lines.slice(at + 1)) relay.send(line);
    await page.goto(relay.url);
    await reads(why, 'the session is resumed, if there is one');
    expect(await page.getByLabel('The difference').textContent()).toContain('line 30: the outcome differs\n  * to');
    const steps = page.getByRole('list', { name: 'Steps' });
    expect(await steps.locator('.differs[aria-current="step"]').count()).toBe(1);
    expect(await steps.textContent()).toContain('Here a replay differs first');
    const [scroll, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(scroll).toBe(inner);
    await shot(`differs-${width}`);
    await page.keyboard.press('End');
    await reads(state, 'ready');
    expect(await page.getByLabel('The difference').count()).toBe(0);
  });
});

describe('a program', () => {
  it('is shown live, with chapters, and can be looked back on after it has ended', async () => {
    relay = await startRelay({ page: html });
    const [header = '', ...rest] = await traceOf();
    relay.send(JSON.parse(header));
    await page.goto(relay.url);
    await page.getByText('Connected to a program on this machine').waitFor();
    expect(page.url()).not.toContain('key');
    for (const line of rest.slice(0, 12)) relay.send(JSON.parse(line));
    relay.send({ type: 'chapter', title: '2. The second', says: 'It goes on.' });
    for (const line of rest.slice(12)) relay.send(JSON.parse(line));
    await reads(state, 'ready');
    await tab('Steps');
    await page.getByRole('list', { name: 'Steps' }).getByText('2. The second').waitFor();
    await page.reload();
    await reads(state, 'ready');
    await relay.close();
    await page.getByText('The program has ended').waitFor();
    await page.keyboard.press('Home');
    await reads(state, 'stopped');
  });

  it('is shown to the first page only', async () => {
    relay = await startRelay({ page: html });
    await page.goto(relay.url);
    await page.getByText('Connected to a program on this machine').waitFor();
    const other = await newPage(browser);
    await other.goto(relay.url);
    await other.getByText('This address has been used already').waitFor();
    expect(await page.getByText('This address has been used already').count()).toBe(0);
    expect(await page.getByText('Connected to a program on this machine').count()).toBe(1);
    await other.close();
  });
});

describe('the simulation', () => {
  beforeEach(async () => {
    await offline();
    await press('Start a simulation');
    await page.getByLabel('Simulation speed').selectOption('20');
    await reads(state, 'ready');
  });

  it.each([
    ['drop the connection', 'if there is one (1006', 'ready'],
    ['op 7', 'asked us to reconnect', 'ready'],
    ['op 9, d true', 'd true: the session may be resumed', 'ready'],
    ['op 9, d false', 'Invalid Session: the session is gone', 'ready'],
    ['go silent', 'no ACK: the connection is a zombie', 'ready'],
  ])('shows what %s leads to, and the way back', async (name, cause, end) => {
    await press(name);
    await tab('Steps');
    const steps = page.getByRole('list', { name: 'Steps' });
    await until(async () => (await steps.textContent())?.includes(cause) ?? false);
    await reads(state, end);
    expect((await steps.textContent()) ?? '').toContain(cause);
  });

  it('says of what would change nothing that it does not, and why', async () => {
    const op7 = page.getByRole('button', { name: 'op 7', exact: true });
    expect(await op7.getAttribute('title')).toBe('Asks the client to reconnect');
    await press('stop');
    await reads(state, 'stopped');
    await until(async () => (await op7.getAttribute('title'))?.includes('there is no connection') ?? false);
    await op7.click();
    const talk = page.getByRole('list', { name: 'Messages between client and Gateway' });
    await reads(() => talk.textContent(), 'Without effect, as there is no connection');
  });

  it('is followed by the chart, until a reader chooses a view or says so', async () => {
    const view = () => page.getByRole('tab', { selected: true }).first().textContent();
    const follow = page.getByRole('button', { name: 'Follow', exact: true });
    const isOn = () => follow.getAttribute('aria-pressed');
    const isInSight = (id: string) =>
      page.locator(`svg [data-state="${id}"]`).evaluate((each) => {
        const [box, frame] = [each, each.closest('.canvas') ?? each].map((one) => one.getBoundingClientRect());
        return frame !== undefined && box !== undefined && box.top >= frame.top && box.top < frame.bottom;
      });
    expect([await isOn(), await view()]).toEqual(['true', 'Session']);
    await until(() => isInSight('shard.running.connection.open.session.ready'));
    await shot('follows');
    await press('stop');
    await until(async () => (await view()) === 'Overview');
    expect(await active()).toContain('shard.stopped');
    await press('connect');
    await until(async () => (await view()) === 'Session');
    await tab('Heartbeat');
    expect([await isOn(), await view()]).toEqual(['false', 'Heartbeat']);
    await press('stop');
    await reads(state, 'stopped');
    await drawn();
    expect(await view()).toBe('Heartbeat');
    await follow.click();
    expect([await isOn(), await view()]).toEqual(['true', 'Overview']);
    await follow.click();
    await press('connect');
    await reads(state, 'ready');
    expect([await isOn(), await view()]).toEqual(['false', 'Overview']);
  });

  it('fails for good on 4004, and starts anew', async () => {
    await page.getByLabel('Close code').selectOption('4004');
    await press('close with');
    await reads(state, 'failed');
    expect(await state()).toBe('failed');
    await press('connect');
    await reads(state, 'ready');
  });

  it('keeps what is dispatched meanwhile for the replay', async () => {
    // In one go, so that the client is away in between, however busy the machine.
    await page.evaluate(() => {
      for (const name of ['drop the connection', 'dispatch']) {
        [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click();
      }
    });
    const talk = page.getByRole('list', { name: 'Messages between client and Gateway' });
    await until(async () => (await talk.textContent())?.includes('RESUMED') ?? false);
    expect(await talk.textContent()).toMatch(/Resume.*MESSAGE_CREATE.*RESUMED/s);
  });

  it('can be paused, and sent on to what is due next', async () => {
    await press('pause');
    await drawn();
    const time = () => page.locator('.transport .at').textContent();
    const before = await time();
    await page.waitForTimeout(100);
    expect(await time()).toBe(before);
    await press('skip ahead');
    await until(async () => (await time()) !== before);
    await drawn();
    const after = await time();
    await page.waitForTimeout(100);
    expect([await time(), after === before]).toEqual([after, false]);
    await press('go on');
    await until(async () => (await time()) !== after);
    expect(await time()).not.toBe(after);
  });

  it('shows the Gateway as an actor of its own: causes, timers, and the same words from its end', async () => {
    await press('drop the connection');
    const actors = page.getByLabel('Actor');
    await actors.getByText('Gateway, connection 2').waitFor({ state: 'attached' });
    await actors.selectOption({ label: '2. Gateway, connection 1' });
    await reads(() => page.locator('.now .path').textContent(), 'listening');
    const talk = page.getByRole('list', { name: 'Messages between client and Gateway' });
    expect(await talk.textContent()).toMatch(/opens a WebSocket.*Hello.*Identify.*READY.*GUILD_CREATE.*drops TCP/s);
    await tab('Steps');
    await page.getByRole('list', { name: 'Steps' }).getByText('READY is sent: a new session').click();
    await reads(state, 'live');
    expect(await why()).toContain('sends READY');
    expect(await page.locator('.timers .timer').textContent()).toContain('a heartbeat of the client');
    await tab('Session');
    expect(await active()).toContain('gateway.connection.open.session.live');
    expect(await page.locator('svg .taken').count()).toBeGreaterThan(0);
  });

  it('stands still while a reader looks back, and goes on', async () => {
    await page.keyboard.press('Home');
    await reads(state, 'stopped');
    await drawn();
    const last = await page.getByRole('slider').getAttribute('max');
    await page.waitForTimeout(100);
    expect(await page.getByRole('slider').getAttribute('max')).toBe(last);
    expect(await page.getByRole('alert').count()).toBe(0);
    await press('stop');
    await page.getByRole('alert').getByText('Back at the newest').waitFor();
    // The moment first: a frame may be drawn between two looks, and the first moment is a stopped client too.
    await until(async () => (await at()) > Number(last) && (await state()) === 'stopped');
    expect(await at()).toBeGreaterThan(Number(last));
  });
});

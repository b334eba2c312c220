/** Inspectors in a real browser: a page that is inspected, and one of another origin with the package's own receiver. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Inspector, type StatelyMessage, statelyInspector } from '../../src/inspect/index.js';
import { bundled, hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';
import { until } from '../support/leftovers.js';
import { memoryWorld } from '../support/memory.js';

const RECEIVER = `
  import { createBrowserReceiver } from '@statelyai/inspect';
  globalThis.heard = [];
  createBrowserReceiver().subscribe((message) => heard.push(message));`;

const TELLER = `
  import { createActor } from 'xstate';
  import { DEFAULT_POLICY, shardMachine } from './machines/index.js';
  import { statelyInspector } from './src/inspect/browser.js';

  globalThis.tell = (options) => {
    const iframe = options.inFrame ? document.body.appendChild(document.createElement('iframe')) : undefined;
    const inspector = statelyInspector({ url: options.url, ...(iframe === undefined ? {} : { iframe }) });
    const actor = createActor(shardMachine, { input: { policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg' }, inspect: inspector });
    actor.start();
    actor.send({ type: 'start' });
    globalThis.goOn = () => actor.send({ type: 'opened', connection: 1 });
  };`;

declare function tell(options: object): void;
declare function goOn(): void;
declare const heard: StatelyMessage[];

let opened: OpenPage;
let receiver: Server;
let url = '';

beforeAll(async () => {
  if (!hasChromium) return;
  const script = await bundled(RECEIVER);
  receiver = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<script type="module">${script}</script>`);
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://localhost:${(receiver.address() as AddressInfo).port}/`;
  opened = await openPage({ script: TELLER });
});
afterAll(async () => {
  await opened?.close();
  receiver?.closeAllConnections();
  receiver?.close();
});
beforeEach((context) => needsChromium(context));

const TOLD = [
  '@xstate.actor shard',
  '@xstate.event xstate.init',
  '@xstate.event start',
  '@xstate.actor Gateway',
  '@xstate.event opened',
];

/** What a receiver has received, but for snapshots. */
async function heardIn(place: Page | Frame): Promise<readonly string[]> {
  const messages = await place.evaluate(() => heard);
  return messages.flatMap((message) => {
    if (message.type === '@xstate.snapshot') return [];
    return `${message.type} ${message.type === '@xstate.actor' ? message.name : message.event.type}`;
  });
}

describe('an inspector in a page', () => {
  it.each([
    ['a window of its own', false],
    ['a frame', true],
  ] as const)('sends everything, from the beginning, to %s', async (_, inFrame) => {
    const { page } = opened;
    await page.reload({ waitUntil: 'load' });
    const popup = inFrame ? null : page.waitForEvent('popup');
    await page.evaluate((options) => tell(options), { url, inFrame });
    const place = (await popup) ?? (await frameAt(page, url));
    await until(async () => (await heardIn(place)).length >= 3);
    await page.evaluate(() => goOn());
    await until(async () => (await heardIn(place)).length >= TOLD.length);
    expect(await heardIn(place)).toEqual(TOLD);
  });

  it('sends nothing to another page that the frame has loaded meanwhile', async () => {
    const { page } = opened;
    await page.reload({ waitUntil: 'load' });
    await page.evaluate((options) => tell(options), { url, inFrame: true });
    await frameAt(page, url);
    const elsewhere = url.replace('localhost', '127.0.0.1');
    await page.evaluate((src) => document.querySelector('iframe')?.setAttribute('src', src), elsewhere);
    const frame = await frameAt(page, elsewhere);
    await page.evaluate(() => goOn());
    await page.waitForTimeout(50);
    expect(await heardIn(frame)).toEqual([]);
  });
});

describe('an inspector in Node', () => {
  let inspector: Inspector;
  afterAll(() => inspector?.close());

  it('says what it sends where, sends nothing before a person agrees, and then everything', async () => {
    const address = new Promise<[url: string, says: string]>((resolve) => {
      inspector = statelyInspector({ url, onUrl: (...told) => resolve(told) });
    });
    const world = memoryWorld({ inspect: inspector });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    const [at, says] = await address;
    expect(says).toMatch(/^Sent to http:\/\/localhost:\d+.* Not sent: token, session ids/);

    const page = await opened.page.context().browser()?.newPage();
    if (page === undefined) throw new Error('there is no browser');
    await page.goto(at);
    await page.getByText('Nothing has been sent yet').waitFor();
    expect(await page.getByText(says).isVisible()).toBe(true);
    expect(page.frames().map((frame) => frame.url())).not.toContain(url);
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button').click();
    const frame = await frameAt(page, url);
    await until(async () => (await heardIn(frame)).includes('@xstate.event ready'));
    expect((await heardIn(frame))[0]).toBe('@xstate.actor shard');
    void world.order.stop();
    await world.until(() => world.shard.state === 'stopped');
    await until(async () => (await heardIn(frame)).includes('@xstate.event stop'));
    expect(await heardIn(frame)).toContain('@xstate.event stop');
    world.gateway.stop();
    await page.close();
  });
});

async function frameAt(page: Page, address: string): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.url() === address);
  await until(() => find() !== undefined);
  const frame = find();
  if (frame === undefined) throw new Error('there is no frame');
  await until(() => frame.evaluate(() => typeof heard === 'object').catch(() => false));
  return frame;
}

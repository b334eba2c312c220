import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { baseOf, type StatelyMessage } from '../../src/inspect/messages.js';
import { windowReceiver } from '../../src/inspect/window.js';

/** A window that keeps the messages posted to it, in order, each with its origin. */
class FakeWindow {
  readonly got: [message: unknown, origin: string][] = [];
  postMessage(message: unknown, origin: string) {
    this.got.push([message, origin]);
  }
  get types() {
    return this.got.map(([message]) => (message as { event?: { type: string } }).event?.type);
  }
}

const PAGE = 'https://bot.example/admin/';
const ORIGIN = 'https://stately.ai';

let popup: FakeWindow;
let opened: unknown[][];
let listeners: Set<(event: object) => void>;

beforeEach(() => {
  popup = new FakeWindow();
  opened = [];
  listeners = new Set();
  vi.stubGlobal('window', {
    location: { href: PAGE },
    open: (...how: unknown[]) => {
      opened.push(how);
      return popup;
    },
    addEventListener: (type: string, listener: (event: object) => void) =>
      type === 'message' && listeners.add(listener),
    removeEventListener: (_: string, listener: (event: object) => void) => listeners.delete(listener),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A message comes to the page. */
function say(source: unknown, origin: string, data: unknown = { type: '@statelyai.connected' }) {
  for (const listener of listeners) listener({ source, origin, data });
}

const event = (type: string, detail: object = {}): StatelyMessage => ({
  type: '@xstate.event',
  ...baseOf('x:1', 'x:1'),
  event: { type, ...detail },
  sourceId: undefined,
});

describe('the inspector in a window of its own', () => {
  it('is opened at once, by default the hosted one', () => {
    windowReceiver();
    windowReceiver({ url: 'https://inspector.example/here?x=1' });
    expect(opened.map(([url]) => url)).toEqual(['https://stately.ai/inspect', 'https://inspector.example/here?x=1']);
  });

  it('gets nothing before it says that it is ready, then everything from the beginning', () => {
    const { send } = windowReceiver();
    for (const type of ['a', 'b']) send(event(type));
    expect(popup.got).toEqual([]);
    say(popup, ORIGIN);
    send(event('c'));
    expect(popup.types).toEqual(['a', 'b', 'c']);
    expect(new Set(popup.got.map(([, origin]) => origin))).toEqual(new Set([ORIGIN]));
  });

  it('gets everything again when it is loaded again', () => {
    const { send } = windowReceiver();
    say(popup, ORIGIN);
    send(event('a'));
    say(popup, ORIGIN);
    expect(popup.types).toEqual(['a', 'a']);
  });

  it.each([
    ['another window', () => new FakeWindow(), ORIGIN, undefined],
    ['a page of another origin in the window', () => popup, 'https://attacker.example', undefined],
    ['another subdomain', () => popup, 'https://x.stately.ai', undefined],
    ['something that is not known', () => popup, ORIGIN, { type: '@statelyai.other' }],
    ['null', () => popup, ORIGIN, null],
    ['text', () => popup, ORIGIN, '@statelyai.connected'],
  ])('is not taken for ready by a message from, or of, %s', (_, source, origin, data) => {
    const { send } = windowReceiver();
    send(event('a'));
    say(source(), origin, data);
    expect(popup.got).toEqual([]);
  });

  it('keeps as many messages as it is set to, the newest', () => {
    const { send } = windowReceiver({ history: 2 });
    for (const type of ['a', 'b', 'c']) send(event(type));
    say(popup, ORIGIN);
    expect(popup.types).toEqual(['b', 'c']);
  });

  it('gets plain data alone, as a function could not be posted', () => {
    const { send } = windowReceiver();
    say(popup, ORIGIN);
    send(event('a', { run() {}, at: new Date(0) }));
    expect(popup.got[0]?.[0]).toMatchObject({ event: { type: 'a', at: '1970-01-01T00:00:00.000Z' } });
    expect(popup.got[0]?.[0]).not.toHaveProperty('event.run');
  });

  it('gets a goodbye when it is closed, and then nothing more', () => {
    const { send, close } = windowReceiver();
    say(popup, ORIGIN);
    close?.();
    expect(popup.got).toEqual([[{ type: '@statelyai.disconnected' }, ORIGIN]]);
    expect(listeners.size).toBe(0);
    say(popup, ORIGIN);
    expect(popup.got).toHaveLength(1);
    expect(() => send(event('a'))).not.toThrow();
  });

  it('may have been blocked: nothing throws then', () => {
    vi.stubGlobal('window', { ...window, open: () => null });
    const { send, close } = windowReceiver();
    say(null, ORIGIN);
    expect(() => send(event('a'))).not.toThrow();
    expect(() => close?.()).not.toThrow();
  });
});

describe('the inspector in a frame', () => {
  const frame = () => ({ contentWindow: new FakeWindow(), src: '' });
  const receiverIn = (iframe: object, url?: string) => windowReceiver({ iframe: iframe as HTMLIFrameElement, url });

  it('is loaded there, and no window is opened', () => {
    const iframe = frame();
    receiverIn(iframe);
    expect(iframe.src).toBe('https://stately.ai/inspect');
    expect(opened).toEqual([]);
  });

  it('gets its messages in the window that the frame has at that moment', () => {
    const iframe = frame();
    const before = iframe.contentWindow;
    const { send } = receiverIn(iframe);
    iframe.contentWindow = new FakeWindow();
    send(event('a'));
    say(before, ORIGIN);
    expect(iframe.contentWindow.got).toEqual([]);
    say(iframe.contentWindow, ORIGIN);
    expect(iframe.contentWindow.types).toEqual(['a']);
    expect(before.got).toEqual([]);
  });

  it('may be a page of the same site, by a URL without one', () => {
    const iframe = frame();
    const { send } = receiverIn(iframe, '/inspector');
    say(iframe.contentWindow, 'https://bot.example');
    send(event('a'));
    expect(iframe.contentWindow.got.map(([, origin]) => origin)).toEqual(['https://bot.example']);
  });
});

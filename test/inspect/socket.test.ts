import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { baseOf, type StatelyMessage } from '../../src/inspect/messages.js';
import { socketReceiver } from '../../src/inspect/socket.js';

const URL_OF_RELAY = 'ws://127.0.0.1:1/publish?key=k';

/** The WebSockets that were made, the newest last. */
let made: FakeSocket[] = [];

/** A WebSocket that opens and closes on demand. */
class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly sent: unknown[] = [];
  closes = 0;
  constructor(readonly url: string) {
    made.push(this);
  }
  send(text: string) {
    if (this.readyState !== 1) throw new Error('not open');
    this.sent.push((JSON.parse(text) as { event?: { type: string }; name?: string }).event?.type ?? 'actor');
  }
  close() {
    this.closes += 1;
    this.readyState = 2;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  lose() {
    this.readyState = 3;
    this.onerror?.();
    this.onclose?.();
  }
}

const event = (type: string): StatelyMessage => ({
  type: '@xstate.event',
  ...baseOf('x:1', 'x:1'),
  event: { type },
  sourceId: undefined,
});
const actor = { ...event('actor'), type: '@xstate.actor', event: undefined } as unknown as StatelyMessage;

const receiver = (history?: number) => socketReceiver(FakeSocket, { url: URL_OF_RELAY, history });
const newest = () => made.at(-1) as FakeSocket;

beforeEach(() => {
  made = [];
  vi.useFakeTimers();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('a receiver behind a WebSocket', () => {
  it('connects at once, and sends what it was given when the socket is open', () => {
    const { send } = receiver();
    expect(made.map(({ url }) => url)).toEqual([URL_OF_RELAY]);
    for (const type of ['a', 'b']) send(event(type));
    expect(newest().sent).toEqual([]);
    newest().open();
    send(event('c'));
    expect(newest().sent).toEqual(['a', 'b', 'c']);
  });

  it('lets go of a receiver that does not read, and sends nothing more to it', () => {
    const { send } = receiver();
    newest().open();
    newest().bufferedAmount = 64 << 20;
    send(event('a'));
    newest().bufferedAmount += 1;
    send(event('b'));
    send(event('c'));
    expect(newest()).toMatchObject({ sent: ['a'], closes: 1 });
  });

  it('connects again a second after a loss, and sends everything again', () => {
    const { send } = receiver();
    newest().open();
    send(event('a'));
    newest().lose();
    send(event('b'));
    vi.advanceTimersByTime(999);
    expect(made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(made).toHaveLength(2);
    newest().open();
    expect(newest().sent).toEqual(['a', 'b']);
  });

  it('tries again as long as there is no relay', () => {
    receiver();
    for (let n = 1; n <= 5; n += 1) {
      expect(made).toHaveLength(n);
      newest().lose();
      vi.advanceTimersByTime(1_000);
    }
  });

  it('keeps the newest messages for a relay that comes later, and all actors', () => {
    const { send } = receiver(3);
    send(actor);
    for (const type of ['a', 'b', 'c', 'd']) send(event(type));
    newest().open();
    expect(newest().sent).toEqual(['actor', 'c', 'd']);
  });

  it('keeps 1,000 messages by default', () => {
    const { send } = receiver();
    for (let n = 0; n <= 1_000; n += 1) send(event(`${n}`));
    newest().open();
    expect(newest().sent).toHaveLength(1_000);
    expect(newest().sent[0]).toBe('1');
  });

  it('sends nothing on a socket that is closing', () => {
    const { send } = receiver();
    newest().open();
    newest().readyState = 2;
    expect(() => send(event('a'))).not.toThrow();
    expect(newest().sent).toEqual([]);
  });

  it('closes its socket for good', () => {
    const { close } = receiver();
    newest().open();
    close?.();
    newest().lose();
    vi.runAllTimers();
    expect(made).toHaveLength(1);
    expect(newest().closes).toBe(1);
  });

  it('does not connect again when it is closed between a loss and the next try', () => {
    const { close, send } = receiver();
    newest().lose();
    close?.();
    vi.runAllTimers();
    send(event('a'));
    expect(made).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not keep a process running while it waits for the next try', () => {
    receiver();
    const timer = vi.spyOn(globalThis, 'setTimeout');
    newest().lose();
    expect(timer.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RELAY_CLOSE } from '../../../src/inspect/relay.js';
import type { Line } from '../../../src/viewer/model/lines.js';
import { listenToRelay } from '../../../src/viewer/source/relay.js';
import type { Status } from '../../../src/viewer/source/source.js';

/** The socket of a page, moved by hand. */
class HandSocket {
  static opened: HandSocket[] = [];
  readonly sent: unknown[] = [];
  onopen: () => void = () => {};
  onmessage: (event: { data: unknown }) => void = () => {};
  onclose: (event: { code: number }) => void = () => {};
  constructor(readonly url: string) {
    HandSocket.opened.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
}

/** A tab at an address, with what it has kept from before. */
function tab(address: string, kept: Readonly<Record<string, string>> = {}) {
  const storage = new Map(Object.entries(kept));
  const url = new URL(address);
  const replaced: unknown[] = [];
  vi.stubGlobal('location', url);
  vi.stubGlobal('history', { replaceState: (...of: unknown[]) => replaced.push(of[2]) });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
  vi.stubGlobal('WebSocket', HandSocket);
  const lines: Line[] = [];
  const statuses: Status[] = [];
  let strange = 0;
  const isListening = listenToRelay({
    line: (line) => lines.push(line),
    strange: () => {
      strange += 1;
    },
    status: (status) => statuses.push(status),
  });
  return { isListening, socket: HandSocket.opened[0], storage, replaced, lines, statuses, strange: () => strange };
}

const ADDRESS = 'http://127.0.0.1:8080/#key=a%2Fkey';
const KEPT = { 'gatechart.relay': 'the-session' };

beforeEach(() => {
  HandSocket.opened = [];
});
afterEach(() => void vi.unstubAllGlobals());

describe('a page', () => {
  it.each(['file:///home/me/viewer.html#key=a', 'https://example.com/viewer#key=a'])(
    'asks for no relay where none can have served it: %s',
    (address) => {
      const { isListening, socket, statuses } = tab(address, KEPT);
      expect([isListening, socket, statuses]).toEqual([false, undefined, []]);
    },
  );

  it('without a key and a session says what to do', () => {
    const { isListening, socket, statuses } = tab('http://127.0.0.1:8080/');
    expect([isListening, socket]).toEqual([false, undefined]);
    expect(statuses).toEqual([{ kind: 'none', says: 'Not connected: open the address that the program printed' }]);
  });

  it('takes the key out of sight, and shows it to the relay at the same address', () => {
    const { isListening, socket, replaced } = tab(ADDRESS);
    expect([isListening, replaced, socket?.url]).toEqual([true, ['/'], 'ws://127.0.0.1:8080/live']);
    expect(socket?.sent).toEqual([]);
    socket?.onopen();
    expect(socket?.sent).toEqual([{ key: 'a/key' }]);
  });

  it('shows its session after a reload, unless it was opened with a new key', () => {
    const reloaded = tab('http://127.0.0.1:8080/', KEPT);
    reloaded.socket?.onopen();
    expect([reloaded.isListening, reloaded.socket?.sent, reloaded.replaced]).toEqual([
      true,
      [{ session: 'the-session' }],
      [],
    ]);
    HandSocket.opened = [];
    const opened = tab(ADDRESS, KEPT).socket;
    opened?.onopen();
    expect(opened?.sent).toEqual([{ key: 'a/key' }]);
  });
});

describe('what a relay sends', () => {
  it('is a session first, which the tab keeps', () => {
    const { socket, storage, statuses, lines } = tab(ADDRESS);
    socket?.onmessage({ data: '{"type":"relay.session","session":"another"}' });
    expect(storage.get('gatechart.relay')).toBe('another');
    expect(statuses).toEqual([{ kind: 'live', says: 'Connected to a program on this machine' }]);
    expect(lines).toEqual([]);
  });

  it('is handed on line by line', () => {
    const { socket, lines, strange } = tab(ADDRESS);
    socket?.onmessage({ data: '{"type":"note","says":"one"}' });
    socket?.onmessage({ data: '{"type":"note","says":"two"}' });
    expect(lines).toEqual([
      { type: 'note', says: 'one' },
      { type: 'note', says: 'two' },
    ]);
    expect(strange()).toBe(0);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['null', 'null'],
    ['a number', '7'],
    ['of an unknown type', '{"type":"unknown"}'],
    ['a session without a name', '{"type":"relay.session","session":7}'],
    ['binary', new ArrayBuffer(1)],
  ])('is counted as strange where it is %s', (_, data) => {
    const { socket, lines, storage, strange } = tab(ADDRESS);
    socket?.onmessage({ data });
    expect([lines, strange(), storage.size]).toEqual([[], 1, 0]);
  });
});

describe('the end of the connection', () => {
  it('leaves the session, as the program may only be gone for now', () => {
    const { socket, storage, statuses } = tab('http://127.0.0.1:8080/', KEPT);
    socket?.onclose({ code: 1006 });
    expect(statuses).toEqual([{ kind: 'lost', says: 'The program has ended: what it did can still be looked at' }]);
    expect(storage.get('gatechart.relay')).toBe('the-session');
  });

  it('takes the session away where the relay refuses it', () => {
    const { socket, storage, statuses } = tab('http://127.0.0.1:8080/', KEPT);
    socket?.onclose({ code: RELAY_CLOSE.unauthorized });
    expect(statuses).toEqual([
      { kind: 'lost', says: 'This address has been used already: run the program again for a new one' },
    ]);
    expect(storage.size).toBe(0);
  });
});

import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { webSocket } from '../../adapters/web.js';
import { socketContract } from '../../src/contracts/index.js';
import type { SocketEnd } from '../../src/ports/index.js';
import { hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';
import { itKeeps } from '../support/claims.js';
import { type RawPeer, startRawPeer } from '../support/start-raw-peer.js';

let raw: RawPeer;
beforeAll(async () => {
  raw = await startRawPeer();
});
afterAll(() => raw.stop());

const contract = socketContract(() => ({ port: webSocket({ WebSocket }), peer: raw.peer }));

describe('the socket contract, in Node', () => {
  itKeeps(contract);
});

const PAGE = `
  import { webSocket } from './adapters/web.js';
  import type { SocketEnd } from './src/ports/index.js';
import { socketContract } from './src/contracts/index.js';
  import { peerClient } from './test/support/peer-client.js';

  globalThis.runCase = async (name, ports) => {
    const ask = async (path, body) =>
      (await fetch('http://127.0.0.1:' + ports.port + path, body ? { method: 'POST', body } : {})).json();
    const contract = socketContract(() => ({ port: webSocket(), peer: peerClient(ports, ask) }));
    await contract.find((one) => one.name === name).run();
  };`;

describe('the socket contract, in Chromium', () => {
  let opened: OpenPage;
  beforeAll(async () => {
    if (hasChromium) opened = await openPage({ script: PAGE });
  });
  afterAll(() => opened?.close());

  for (const { name } of contract) {
    it(name, async (context) => {
      needsChromium(context);
      const run = opened.page.evaluate(([name, ports]) => runCase(name, ports), [name, raw.ports] as const);
      await expect(run).resolves.toBeUndefined();
    });
  }
});

declare function runCase(name: string, ports: RawPeer['ports']): Promise<void>;

describe('webSocket', () => {
  it('says what to do where the platform has no WebSocket', () => {
    vi.stubGlobal('WebSocket', undefined);
    expect(() => webSocket()).toThrow(
      new TypeError('This platform has no WebSocket: pass one as an option, or in Node before 22 use gatechart/ws'),
    );
    vi.unstubAllGlobals();
  });

  /** A platform's class, whose sockets do as they are told. */
  class FakeWebSocket {
    static last: FakeWebSocket | undefined;
    binaryType = 'blob';
    readyState = 0;
    bufferedAmount = 0;
    onopen: ((event: never) => void) | null = null;
    onmessage: ((event: never) => void) | null = null;
    onerror: ((event: never) => void) | null = null;
    onclose: ((event: never) => void) | null = null;
    constructor(readonly url: string) {
      FakeWebSocket.last = this;
    }
    send() {}
    close() {}
    say(what: 'onopen' | 'onerror' | 'onclose', event = {}) {
      this[what]?.(event as never);
    }
  }

  /** Opens a socket of that class and gives what it tells of its end. */
  function openFake() {
    const ends: SocketEnd[] = [];
    vi.stubGlobal('WebSocket', FakeWebSocket);
    const port = webSocket();
    vi.unstubAllGlobals();
    const callbacks = { opened() {}, message() {}, closed: (end: SocketEnd) => void ends.push(end) };
    const socket = port.open('ws://gateway.invalid/', { maxPayload: 1 }, callbacks);
    return { socket, fake: FakeWebSocket.last as FakeWebSocket, ends };
  }
  const later = () => new Promise((resolve) => setTimeout(resolve, 5));

  it('takes the class of the platform, and messages as ArrayBuffer', () => {
    expect(openFake().fake).toMatchObject({ url: 'ws://gateway.invalid/', binaryType: 'arraybuffer' });
  });

  it('tells 1006 where a platform has no close event for a connection that never opened, as Node 22', async () => {
    const { fake, ends } = openFake();
    fake.say('onerror', { message: 'Received network error or non-101 status code.' });
    await later();
    const error = new Error('Received network error or non-101 status code.');
    expect(ends).toEqual([{ code: 1006, reason: '', wasClean: false, error }]);
  });

  it('tells 1006 where a platform says 0, as Deno', async () => {
    const { fake, ends } = openFake();
    fake.say('onopen');
    fake.say('onerror');
    fake.say('onclose', { code: 0, reason: '', wasClean: false });
    await later();
    expect(ends).toEqual([{ code: 1006, reason: '', wasClean: false }]);
  });

  it('tells the end once where a platform has both events, and never after drop', async () => {
    const [first, second] = [openFake(), openFake()];
    for (const { fake } of [first, second]) {
      fake.say('onerror');
      fake.say('onclose', { code: 1006, reason: '', wasClean: false });
    }
    second.socket.drop();
    await later();
    expect(first.ends).toHaveLength(1);
    expect(second.ends).toHaveLength(0);
  });

  it('tells 1009 over a message beyond maxPayload, and hears nothing more of that socket', async () => {
    const { url } = await raw.peer.play([
      { step: 'ignoreClose' },
      {
        step: 'accept',
        frames: [
          { type: 'text', data: 'ž'.repeat(6) },
          { type: 'close', code: 4000 },
        ],
      },
    ]);
    const end = await new Promise<SocketEnd>((closed) => {
      const callbacks = { opened() {}, message() {}, closed: (end: SocketEnd) => closed(end) };
      webSocket({ WebSocket }).open(url, { maxPayload: 11 }, callbacks);
    });
    expect(end).toMatchObject({ code: 1009, wasClean: false });
    expect(end.error?.message).toBe('a message is larger than the 11 bytes that are allowed');
  });
});

import { WebSocket } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { webSocket } from '../../adapters/web.js';
import type { SocketEnd } from '../../src/host/ports.js';
import { socketContract } from '../../src/testing/contracts.js';
import { hasChromium, needsChromium, type OpenPage, openPage } from '../support/chromium.js';
import { type RawPeer, startRawPeer } from '../support/start-raw-peer.js';

let raw: RawPeer;
beforeAll(async () => {
  raw = await startRawPeer();
});
afterAll(() => raw.stop());

const contract = socketContract(() => ({ port: webSocket({ WebSocket }), peer: raw.peer }));

describe('the socket contract, in Node', () => {
  for (const { name, run } of contract) it(name, run);
});

const PAGE = `
  import { webSocket } from './adapters/web.js';
  import type { SocketEnd } from '../../src/host/ports.js';
import { socketContract } from './src/testing/contracts.js';
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
  }, 30_000);
  afterAll(() => opened?.close());

  for (const { name } of contract) {
    it(name, async (context) => {
      needsChromium(context);
      await opened.page.evaluate(([name, ports]) => runCase(name, ports), [name, raw.ports] as const);
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

  it('takes the class of the platform', () => {
    class Recorder extends EventTarget {
      static readonly urls: string[] = [];
      constructor(url: string) {
        super();
        Recorder.urls.push(url);
      }
    }
    vi.stubGlobal('WebSocket', Recorder);
    const callbacks = { opened() {}, message() {}, closed() {} };
    webSocket().open('ws://gateway.invalid/', { maxPayload: 1 }, callbacks);
    expect(Recorder.urls).toEqual(['ws://gateway.invalid/']);
    vi.unstubAllGlobals();
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
    expect(end.error?.message).toBe('A message exceeds maxPayload, which is 11 bytes');
  });
});

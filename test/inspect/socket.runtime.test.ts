/** A receiver behind a real WebSocket, and the receivers and senders of `@statelyai/inspect` at the same relay. */
import { createWebSocketInspector, createWebSocketReceiver } from '@statelyai/inspect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { inspectorFor, type StatelyMessage } from '../../src/inspect/index.js';
import { socketReceiver } from '../../src/inspect/socket.js';
import { collecting, plain, play } from '../support/inspection.js';
import { until } from '../support/leftovers.js';

describe('on the wire', () => {
  let server: WebSocketServer;
  let url = '';
  /** A relay like that of the package: everything to everybody else. */
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
    const kept: string[] = [];
    server.on('connection', (socket) => {
      for (const text of kept) socket.send(text);
      socket.on('message', (data) => {
        kept.push(String(data));
        for (const other of server.clients) if (other !== socket) other.send(String(data));
      });
    });
  });
  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  it("is understood by the package's receiver, message for message, like what the package itself sends", async () => {
    const heard: StatelyMessage[] = [];
    createWebSocketReceiver({ server: url }).subscribe(
      (message) => void heard.push(message as object as StatelyMessage),
    );
    await until(() => server.clients.size === 1);

    const theirs = createWebSocketInspector({ url });
    play((seen) => theirs.inspect.next?.(seen));
    await until(() => heard.length >= 18);
    const recorded = heard.splice(0).map(({ type }) => type);

    const { messages, inspector } = collecting();
    const receiver = socketReceiver(WebSocket, { url });
    const sending = inspectorFor(receiver);
    play((seen) => {
      inspector.next(seen);
      sending.next(seen);
    });
    await until(() => heard.length >= messages.length);
    expect(plain(heard)).toEqual(plain(messages));
    const own = messages.filter(({ sessionId }) => sessionId === messages[0]?.sessionId);
    expect(own.map(({ type }) => type)).toEqual(recorded);
    theirs.stop();
    await sending.close();
  });

  it('is sent again after the connection was lost', async () => {
    const sending = inspectorFor(socketReceiver(WebSocket, { url }));
    play(sending.next);
    await until(() => server.clients.size === 1);
    const again = new Promise<string>((resolve) =>
      server.once('connection', (socket) => socket.once('message', (data) => resolve(String(data)))),
    );
    for (const client of server.clients) client.terminate();
    expect(JSON.parse(await again)).toMatchObject({ type: '@xstate.actor', name: 'shard' });
    await sending.close();
  });
});

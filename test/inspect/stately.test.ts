/** What an inspector is told: what the package's own inspector would tell, and what its receivers understand. */
import { createInspector, createWebSocketInspector, createWebSocketReceiver } from '@statelyai/inspect';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { createActor, type InspectionEvent } from 'xstate';
import { DEFAULT_POLICY, gatewayMachine, shardMachine } from '../../machines/index.js';
import { simulatedClock } from '../../src/host/clock.js';
import { inspectorFor, type StatelyMessage } from '../../src/inspect/index.js';
import { socketReceiver } from '../../src/inspect/socket.js';
import { until } from '../support/leftovers.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

/** Messages as they are, in order. */
function collecting(options?: Parameters<typeof inspectorFor>[1]) {
  const messages: StatelyMessage[] = [];
  return { messages, inspector: inspectorFor({ send: (message) => messages.push(message) }, options) };
}

/** A short life of the bare chart, which two may look at. */
function play(inspect: (seen: InspectionEvent) => void) {
  const actor = createActor(shardMachine, {
    input: { policy: DEFAULT_POLICY, gatewayUrl: 'wss://gateway.discord.gg' },
    clock: simulatedClock(),
    inspect,
  });
  actor.start();
  actor.send({ type: 'start' });
  actor.send({ type: 'opened', connection: 1 });
  actor.send({ type: 'hello', connection: 1, interval: 41_250 });
  actor.send({ type: 'permitGranted', request: 1 });
  actor.send({ type: 'ready', connection: 1, sequence: 1, session: { id: 'secret-session', url: RESUME_URL } });
  actor.send({ type: 'dispatch', connection: 1, sequence: 2 });
  actor.send({ type: 'closed', connection: 1, code: 4009 });
  actor.stop();
}

/** Stops a shard on simulated time. */
async function end(world: World): Promise<void> {
  void world.order.stop();
  await world.until(() => world.shard.state === 'stopped');
}

/** As JSON, without what depends on the moment. */
const plain = (messages: readonly object[]) =>
  JSON.parse(JSON.stringify(messages.map((message) => ({ ...message, createdAt: 'now' }))));

describe('the messages', () => {
  it("are those of the package's own inspector, but for what we name, add and leave out", async () => {
    const theirs: object[] = [];
    const { inspect } = createInspector({ send: (event) => theirs.push(event) });
    const { messages, inspector } = collecting({ payloads: true });
    play((seen) => {
      inspect.next?.(seen);
      inspector.next(seen);
    });
    await until(() => theirs.length >= 18);
    const standIn = messages[0]?.sessionId;
    const ours = plain(messages.filter(({ sessionId }) => sessionId === standIn));
    const expected = plain(theirs);
    expect(ours).toHaveLength(expected.length);
    for (const [at, message] of expected.entries()) {
      const { definition, sourceId, snapshot, event, ...rest } = ours[at];
      const told = JSON.stringify(message.snapshot ?? {})
        .replaceAll('secret-session', '<session 1>')
        .replaceAll(RESUME_URL, '<resume url 1>');
      expect(rest).toEqual((({ definition, sourceId, snapshot, event, ...theirRest }) => theirRest)(message));
      expect(typeof definition).toBe(typeof message.definition);
      // The package looks at an actor some time after it began.
      if (message.type === '@xstate.snapshot') expect(snapshot).toEqual(JSON.parse(told));
      expect(event?.type).toBe(message.event?.type);
    }
  });

  it('show a chart with names where there is code, and the delays of its timers', () => {
    const { messages, inspector } = collecting();
    play(inspector.next);
    const definition = JSON.parse((messages[0] as { definition: string }).definition);
    expect(definition.id).toBe('shard');
    const { locating, connection, waiting } = definition.states.running.states;
    expect(locating.entry).toEqual([
      'numberRequest',
      { type: 'locateGateway', params: { computedBy: 'request' } },
      { type: 'arm', params: { timer: 'locate', delay: 'locate' } },
    ]);
    expect(locating.exit).toContainEqual({ type: 'disarm', params: { timer: 'locate' } });
    expect(locating.description).toBe('Asks for the Gateway URL.');
    expect(connection.on.closed[0]).toMatchObject({ guard: 'forbidsReconnect', target: '#shard.failed' });
    expect(waiting.on['timer.reconnect'].actions).toContainEqual({ type: 'remember', params: { cause: 'waited' } });
  });

  it.each([
    ['shard', shardMachine],
    ['Gateway', gatewayMachine],
  ])('hold the %s chart whole, and nothing of its code', (_, machine) => {
    const { messages, inspector } = collecting();
    const input = { policy: DEFAULT_POLICY } as never;
    createActor(machine as typeof shardMachine, { inspect: inspector.next, input })
      .start()
      .stop();
    const { definition = '' } = messages[0] as { definition?: string };
    expect(definition).not.toMatch(/"type":"(params|raise|cancel|assign|\(anonymous\))"|=>|function/);
    const states = (node: { states?: object }): number =>
      Object.values(node.states ?? {}).reduce((sum, inner) => sum + 1 + states(inner), 0);
    expect(states(JSON.parse(definition))).toBe(states(machine.config as { states: object }));
  });
});

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

  it('is told anew after the connection was lost', async () => {
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

describe('a conversation', () => {
  it('shows a shard and the simulator as two actors, and each frame as an event from one to the other', async () => {
    const { messages, inspector } = collecting();
    const world = memoryWorld({ inspect: inspector.next }, { inspect: inspector.next });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await world.pass(45_000);
    world.gateway.control.requestReconnect();
    await world.until(() => !world.shard.isReady);
    await world.until(() => world.shard.isReady);
    await end(world);

    const actors = messages.flatMap((message) => (message.type === '@xstate.actor' ? [message] : []));
    expect(actors.map(({ name }) => name)).toEqual(['shard', 'gateway', 'gateway']);
    const [shard, first, second] = actors.map(({ sessionId }) => sessionId);
    const frames = messages.flatMap((message) =>
      message.type === '@xstate.event' && message.sourceId !== undefined && message.sourceId !== message.sessionId
        ? [[message.sourceId, message.event.type, message.sessionId]]
        : [],
    );
    expect(frames.slice(0, 8)).toEqual([
      [first, 'opened', shard],
      [first, 'hello', shard],
      [shard, 'received.identify', first],
      [first, 'ready', shard],
      [first, 'dispatch', shard],
      [first, 'dispatch', shard],
      [first, 'dispatch', shard],
      [shard, 'received.heartbeat', first],
    ]);
    expect(frames).toContainEqual([first, 'reconnectRequested', shard]);
    expect(frames).toContainEqual([shard, 'received.resume', second]);
    expect(frames).toContainEqual([second, 'resumed', shard]);
    world.gateway.stop();
  });

  it('has an actor that stands for the Gateway where that is elsewhere, and hears what is sent to it', async () => {
    const { messages, inspector } = collecting();
    const world = memoryWorld({ inspect: inspector.next });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    await end(world);
    const names = messages.flatMap((message) => (message.type === '@xstate.actor' ? [message.name] : []));
    expect(names).toEqual(['shard', 'Gateway']);
    const [shard] = messages;
    const sent = messages.flatMap((message) =>
      message.type === '@xstate.event' && message.sessionId === `${shard?.sessionId}:peer` ? [message] : [],
    );
    expect(sent.map(({ event, sourceId }) => [event.type, sourceId])).toEqual([
      ['Identify', shard?.sessionId],
      ['close', shard?.sessionId],
    ]);
    world.gateway.stop();
  });

  it('names no source where several shards make it uncertain', async () => {
    const { messages, inspector } = collecting();
    const worlds = [0, 1].map(() => memoryWorld({ inspect: inspector.next }, { inspect: inspector.next }));
    for (const world of worlds) {
      void world.order.start();
      await world.until(() => world.shard.isReady);
    }
    const ready = messages.filter((message) => message.type === '@xstate.event' && message.event.type === 'ready');
    expect(ready).toHaveLength(2);
    expect(ready[1]).toMatchObject({ sourceId: expect.stringMatching(/:peer$/) });
    for (const world of worlds) {
      await end(world);
      world.gateway.stop();
    }
  });
});

describe('what is left out', () => {
  /** Everything that a life with a loss tells. */
  async function told(options?: Parameters<typeof inspectorFor>[1]): Promise<string> {
    const { messages, inspector } = collecting(options);
    const world = memoryWorld({ inspect: inspector.next }, { inspect: inspector.next });
    void world.order.start();
    await world.until(() => world.shard.isReady);
    world.gateway.control.dispatch('MESSAGE_CREATE', { content: 'what people wrote' });
    await world.pass(10);
    world.gateway.control.dropTcp();
    world.gateway.control.dispatch('MESSAGE_CREATE', { content: 'what people wrote meanwhile' });
    await world.until(() => world.shard.isReady);
    const [session] = world.gateway.sessions;
    expect(session?.sessionId).toMatch(/^[0-9a-f]{32}$/);
    await end(world);
    world.gateway.stop();
    const text = JSON.stringify(messages);
    expect(text).not.toContain(session?.sessionId);
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain('gateway-us-east1-b');
    expect(text).toContain('<session 1>');
    return text;
  }

  it('is every secret, and what dispatches hold', async () => {
    expect(await told()).not.toContain('what people wrote');
  });

  it('is no payload for whoever asks for them', async () => {
    const text = await told({ payloads: true });
    expect(text).toContain('what people wrote');
    expect(text).toContain('meanwhile');
  });

  it('is what a filter refuses', async () => {
    expect(await told({ filter: ({ type }) => type !== '@xstate.snapshot' })).not.toContain('@xstate.snapshot');
  });

  it('is what cannot be shown: nothing throws into the chart', () => {
    const inspector = inspectorFor({
      send: () => {
        throw new Error('a receiver that throws');
      },
    });
    expect(() => play(inspector.next)).not.toThrow();
  });
});

/** What an inspector shows of a shard and of the other end of its connection. */
import { describe, expect, it } from 'vitest';
import { inspectorFor } from '../../src/inspect/stately.js';
import { collecting, play } from '../support/inspection.js';
import { memoryWorld, TOKEN, type World } from '../support/memory.js';

/** Stops a shard on simulated time. */
async function end(world: World): Promise<void> {
  void world.order.stop();
  await world.until(() => world.shard.state === 'stopped');
}

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

  it('has an actor that stands for a Gateway elsewhere, and gets what is sent there', async () => {
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
  /** Everything that is shown of a life with a loss. */
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

  it('is no payload where payloads are asked for', async () => {
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

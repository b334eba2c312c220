import { describe, expect, it } from 'vitest';
import { createMemoryGateway } from '../../src/simulator/memory.js';
import { connect, MAIN } from './client.js';
import { inMemory } from './in-memory.js';

describe('the wire in memory', () => {
  it('takes the latency each way, and never calls back at once', () => {
    const { gateway, clock } = inMemory({ latency: 5 });
    const client = connect(gateway.socketPort);
    expect(client.opened).toBe(false);
    clock.increment(5);
    expect(client.opened).toBe(false);
    clock.increment(5);
    expect(client.opened).toBe(true);
    expect(client.news()).toEqual(['op 10']);
  });

  it('delivers nothing after drop, and the Gateway notices the loss', () => {
    const { live, pass, control, gateway } = inMemory();
    const client = live();
    control.dispatch('A', {});
    client.socket.drop();
    pass();
    expect(client.news()).toEqual([]);
    expect(client.end).toBeNull();
    expect(gateway.log.of(1).at(-1)).toMatchObject({ direction: 'client', kind: 'drop' });
    expect(control.state().connections).toEqual([]);
  });

  it('drops when it is closed while opening', () => {
    const { gateway, pass } = inMemory();
    const client = connect(gateway.socketPort);
    client.socket.close(4900);
    pass(100);
    expect([client.opened, client.end]).toEqual([false, null]);
    expect(gateway.log.entries).toEqual([]);
  });

  it('holds back what comes while it is paused, and keeps the order', () => {
    const { live, pass, control } = inMemory();
    const client = live();
    client.socket.pause?.();
    for (const name of ['A', 'B']) control.dispatch(name, {});
    pass();
    expect(client.news()).toEqual([]);
    client.socket.resume?.();
    expect(client.news()).toEqual(['A 2', 'B 3']);
  });

  it('refuses what is no Gateway, in a later task', () => {
    const { gateway, open } = inMemory();
    for (const [url, status] of [
      ['wss://example.org', 404],
      ['not a url', 400],
      [`${MAIN}&encoding=json`.replace('json', 'bson'), 400],
    ] as const) {
      expect(open(url).end).toMatchObject({ code: 1006, httpStatus: status });
    }
    expect(gateway.log.entries.map(({ kind, status: refused }) => [kind, refused])).toEqual([
      ['refused', 404],
      ['refused', 400],
      ['refused', 400],
    ]);
  });

  it('ends with 1009 when a message is larger than the client takes', () => {
    const { gateway, pass, control } = inMemory();
    const ends: number[] = [];
    const callbacks = { opened() {}, message() {}, closed: ({ code }: { code: number }) => void ends.push(code) };
    gateway.socketPort.open(MAIN, { maxPayload: 100 }, callbacks);
    pass();
    control.injectFault('malformed', { kind: 'readyWithoutUrl' });
    pass();
    expect(ends).toEqual([1009]);
  });

  it('leaves no timer when it is stopped', () => {
    const { live, clock, gateway, open } = inMemory({ dispatchesPerSecond: 10 });
    live().socket.close(4900);
    open();
    connect(gateway.socketPort);
    gateway.stop();
    expect(clock.next).toBeUndefined();
    expect(open().end?.httpStatus).toBe(503);
    expect(clock.next).toBeUndefined();
  });
});

describe('the locator', () => {
  it('answers as Get Gateway Bot would, identifies counted', async () => {
    const { gateway, live, clock } = inMemory({ shards: 4, maxConcurrency: 2 });
    live();
    const info = gateway.locator.locate({ signal: new AbortController().signal });
    clock.increment(1);
    expect(await info).toEqual({
      url: 'wss://gateway.discord.gg',
      shards: 4,
      sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 86_400_000 - clock.now(), maxConcurrency: 2 },
      fetchedAt: clock.now(),
    });
  });

  it('gives up when it is aborted, and leaves no timer', async () => {
    const { gateway, clock } = inMemory();
    const controller = new AbortController();
    const info = gateway.locator.locate({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(info).rejects.toThrow('enough');
    expect(clock.next).toBeUndefined();
    await expect(gateway.locator.locate({ signal: controller.signal })).rejects.toThrow('enough');
    expect(clock.next).toBeUndefined();
  });
});

describe('a Gateway in memory', () => {
  it('needs a clock', () => {
    expect(() => createMemoryGateway(undefined as never)).toThrow('the argument is null; it must be an object');
    expect(() => createMemoryGateway({} as never)).toThrow('clock is null; it must be an object with setTimeout()');
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MissedError, until } from '../../../src/cli/live/stage.js';
import { Interruption } from '../../../src/cli/terminal/io.js';
import { keptIo } from '../../support/io.js';
import { memoryWorld } from '../../support/memory.js';

describe('waiting for a shard', () => {
  // The shard lives on a simulated clock: these are the timers of the one who waits.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('ends with the step, the notice or the dispatch after which something holds', async () => {
    const { shard, gateway, order, pass } = memoryWorld();
    const { io } = keptIo();
    const seen = { steps: 0, notices: 0, messages: 0 };
    shard.on('transition', () => {
      seen.steps += 1;
    });
    shard.on('notice', () => {
      seen.notices += 1;
    });
    shard.on('dispatch', ({ name }) => {
      if (name === 'MESSAGE_CREATE') seen.messages += 1;
    });
    const waits = {
      ready: until(shard, io, 'READY', () => shard.isReady),
      notice: until(shard, io, 'a notice', () => seen.notices > 0),
      messages: until(shard, io, 'two messages', () => seen.messages === 2),
    };
    const done: string[] = [];
    for (const [name, wait] of Object.entries(waits)) void wait.then(() => done.push(name));

    void order.start();
    await pass(1_000);
    expect(done).toEqual(['ready']);
    gateway.control.injectFault('malformed', { kind: 'unknownOpcode' });
    await pass(10);
    expect(done).toEqual(['ready', 'notice']);
    gateway.control.dispatch('MESSAGE_CREATE', {});
    await pass(10);
    expect(done).toEqual(['ready', 'notice']);
    gateway.control.dispatch('MESSAGE_CREATE', {});
    await pass(10);
    expect(done).toEqual(['ready', 'notice', 'messages']);
    expect(vi.getTimerCount()).toBe(0);
    gateway.stop();
  });

  it('looks no more once it is over, and leaves no listener on the signal', async () => {
    const { shard, gateway, order, pass } = memoryWorld();
    const { io } = keptIo();
    const removed = vi.spyOn(io.signal, 'removeEventListener');
    let looks = 0;
    const waiting = until(shard, io, 'READY', () => {
      looks += 1;
      return shard.isReady;
    });
    void order.start();
    await pass(1_000);
    await waiting;
    const before = looks;
    gateway.control.dispatch('MESSAGE_CREATE', {});
    await pass(100_000);
    expect(looks).toBe(before);
    expect(removed).toHaveBeenCalledOnce();
    gateway.stop();
  });

  it('takes no time for what holds already', async () => {
    const { shard } = memoryWorld();
    await expect(until(shard, keptIo().io, 'anything', () => true)).resolves.toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [undefined, 10_000, 'READY did not happen within 10 s; the shard is stopped'],
    [2_500, 2_500, 'READY did not happen within 2.5 s; the shard is stopped'],
  ])('gives up after a while: %s', async (ms, after, says) => {
    const { shard } = memoryWorld();
    const error = vi.fn();
    const waiting = until(shard, keptIo().io, 'READY', () => shard.isReady, ms).catch(error);
    vi.advanceTimersByTime(after - 1);
    await null;
    expect(error).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    await waiting;
    expect(error).toHaveBeenCalledWith(new MissedError(says));
  });

  it('gives up when it is interrupted, and does not begin after that', async () => {
    const { shard } = memoryWorld();
    const { io, interrupt } = keptIo();
    const waiting = until(shard, io, 'READY', () => false);
    interrupt();
    await expect(waiting).rejects.toThrow(new Interruption('SIGINT'));
    await expect(until(shard, io, 'anything', () => true)).rejects.toThrow(new Interruption('SIGINT'));
    expect(vi.getTimerCount()).toBe(0);
  });
});

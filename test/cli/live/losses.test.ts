import { describe, expect, it } from 'vitest';
import type { CauseName } from '../../../machines/index.js';
import { drawLoss, LOSSES, type LossName } from '../../../src/cli/live/losses.js';
import { memoryWorld } from '../../support/memory.js';

/** Chance that draws these numbers one after the other, and then zeros. */
const drawing =
  (...numbers: number[]) =>
  () =>
    numbers.shift() ?? 0;

describe('a loss', () => {
  // Each with the first and the last number that draw it, by the weights: 100 in all.
  it.each<[LossName, first: number, last: number]>([
    ['closed', 0, 0.199],
    ['reconnectRequested', 0.201, 0.399],
    ['tcpCut', 0.401, 0.599],
    ['interrupted', 0.601, 0.699],
    ['cutInReplay', 0.701, 0.799],
    ['resumeDropped', 0.801, 0.849],
    ['resumeHostRefused', 0.851, 0.899],
    ['closeIgnored', 0.901, 0.929],
    ['helloWithheld', 0.931, 0.949],
    ['zombie', 0.951, 0.959],
    ['silence', 0.961, 0.969],
    ['invalidated', 0.971, 0.989],
    ['closedForGood', 0.991, 0.999_999],
  ])('is drawn by its weight: %s', (name, first, last) => {
    expect([drawLoss(drawing(first)), drawLoss(drawing(last))]).toEqual([name, name]);
  });

  it.each<[LossName, draws: readonly number[], lost: CauseName, back: CauseName]>([
    ['closed', [0], 'closedForResume', 'resumed'],
    ['closed', [0.999], 'closedForResume', 'resumed'],
    ['reconnectRequested', [], 'reconnectRequested', 'resumed'],
    ['tcpCut', [], 'closedForResume', 'resumed'],
    ['interrupted', [], 'sessionInterrupted', 'resumed'],
    ['cutInReplay', [], 'closedForResume', 'resumed'],
    ['resumeDropped', [], 'closedForResume', 'resumed'],
    ['resumeHostRefused', [], 'closedForResume', 'resumed'],
    ['closeIgnored', [], 'reconnectRequested', 'resumed'],
    ['helloWithheld', [], 'closedForResume', 'resumed'],
    ['zombie', [], 'zombied', 'resumed'],
    ['silence', [], 'zombied', 'resumed'],
    ['invalidated', [], 'sessionInvalidated', 'ready'],
    ['closedForGood', [0], 'closedForIdentify', 'ready'],
    ['closedForGood', [0.999], 'closedForIdentify', 'ready'],
  ])('%s %j is seen by a shard as %s, and is over with %s', async (name, draws, lost, back) => {
    const causes: CauseName[] = [];
    const { shard, gateway, order, until } = memoryWorld(
      {},
      // As in a soak, faults end with the first connection that is ready again.
      { onCause: (_, cause) => (cause.name === 'resumed' || cause.name === 'ready') && gateway.control.clearFaults() },
    );
    shard.on('transition', (transition) => causes.push(...transition.causes.map((cause) => cause.name)));
    void order.start();
    await until(() => shard.isReady);
    causes.length = 0;
    LOSSES[name].strike(gateway.control, drawing(...draws));
    await until(() => causes.includes(lost));
    await until(() => shard.isReady);
    expect(causes.filter((cause) => cause === 'resumed' || cause === 'ready')).toEqual([back]);
    gateway.stop();
  });

  it('closes with codes that keep the session, or with codes that end it, as the table of close codes has them', () => {
    const codes = (name: LossName) => {
      const closed = new Set<number>();
      const control = { closeWith: (code: number) => closed.add(code) };
      for (let draw = 0; draw < 1; draw += 0.01) LOSSES[name].strike(control as never, drawing(draw));
      return [...closed].sort();
    };
    // 4003 is followed by a new session as far as we read it; the rest is Discord's.
    expect(codes('closed')).toEqual([1000, 1001, 1011, 1012, 4000, 4001, 4002, 4008, 4999]);
    expect(codes('closedForGood')).toEqual([4003, 4005, 4006, 4007, 4009]);
  });

  it('cuts one replay or two where it is cut in a replay, and none otherwise', () => {
    const { cutReplays } = LOSSES.cutInReplay;
    expect([cutReplays?.(drawing(0)), cutReplays?.(drawing(0.49)), cutReplays?.(drawing(0.5))]).toEqual([1, 1, 2]);
    expect(cutReplays?.(drawing(0.999))).toBe(2);
    expect(Object.entries(LOSSES).flatMap(([name, loss]) => (loss.cutReplays ? [name] : []))).toEqual(['cutInReplay']);
  });
});

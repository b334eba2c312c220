/** Ten minutes of ten times as much as the consumer handles, with the default buffer. Shorter, and case by case: overflow.test.ts. */
import { expect, it } from 'vitest';
import { flooded } from '../support/flood.js';

const SECONDS = 600;
const [PRODUCED, HANDLED] = [1_000, 100];

it.each([
  ['leaving where reading cannot be paused', false],
  ['and TCP holds the Gateway back where it can', true],
])('a consumer of 100 a second gets 1,000 a second of ten minutes, each once, %s', async (_, canPause) => {
  const { gateway, shard, until, consume } = flooded({ rate: PRODUCED, ms: SECONDS * 1_000, canPause }, {});
  let [next, most, outOfOrder] = [2, 0, 0];
  shard.on('backlog', ({ waiting }) => {
    most = Math.max(most, waiting);
  });
  const warnings: string[] = [];
  shard.on('warning', ({ problem }) => warnings.push(problem));
  void consume(shard.dispatches('MESSAGE_CREATE'), HANDLED, (id) => {
    if (id !== `1-${next}`) outOfOrder += 1;
    next += 1;
  });
  void shard.start();
  await until(() => next - 2 === PRODUCED * SECONDS, 4 * ((PRODUCED * SECONDS) / HANDLED) * 1_000);
  expect([next - 2, gateway.produced, outOfOrder]).toEqual([PRODUCED * SECONDS, PRODUCED * SECONDS, 0]);
  expect([gateway.identifies, warnings]).toEqual([1, []]);
  expect(gateway.resumes.length > 10).toBe(!canPause);
  expect(most).toBeLessThanOrEqual(10_000);
});

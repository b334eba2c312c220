import { describe, expect, it } from 'vitest';
import { GATEWAY_CAUSES, gatewayMachine, shardMachine } from '../../machines/index.js';
import { wordsOf } from '../../src/redact/vocabulary.js';
import { traceOf } from '../viewer/lives.js';

/** Every text in a value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

describe('the words of a chart', async () => {
  const lines = await traceOf(
    (gateway) => {
      gateway.control.closeWith(4009);
    },
    60_000,
    { both: true },
  );
  it.each([
    ['shard', shardMachine],
    ['gateway', gatewayMachine],
  ] as const)('are all that a trace of the %s says of itself', (chart, machine) => {
    const words = `${wordsOf(machine)} ${chart === 'gateway' ? Object.keys(GATEWAY_CAUSES) : ''}`;
    const said = lines
      .map((line) => JSON.parse(line))
      .filter(({ actor = 'shard' }) => actor.startsWith(chart))
      .flatMap(({ event, do: done, causes, snapshot, input }) => textsIn([event, done, causes, snapshot, input]));
    const missing = new Set(said.filter((text) => /^[A-Za-z.]+$/.test(text) && !words.includes(text)));
    expect([...missing]).toEqual([]);
    expect(said.length).toBeGreaterThan(100);
  });
});

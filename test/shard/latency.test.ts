import { describe } from 'vitest';
import { LatencyMeter } from '../../src/shard/latency.js';
import { type Check, testEach } from '../support/checks.js';

function latencies(...ms: number[]): LatencyMeter {
  const meter = new LatencyMeter();
  for (const each of ms) meter.latency(each);
  return meter;
}
const METERS: readonly Check[] = [
  ['no latency', () => latencies().read(), { average: null, recent: [] }],
  ['latencies', () => latencies(1, 2, 3, 4, 5, 9).read(), { average: 4, recent: [9, 5, 4, 3, 2] }],
  [
    'anew',
    () => {
      const meter = latencies(1, 2);
      meter.ended();
      const empty = meter.read();
      meter.latency(8);
      return [empty, meter.read()];
    },
    [
      { average: null, recent: [] },
      { average: 8, recent: [8] },
    ],
  ],
];

describe('a latency meter', () => testEach(METERS));

import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import { BOUNDS } from '../../src/rates/bounds.js';
import { checkRates, type RateReport } from '../../src/rates/rates.js';
import { FAULTS } from './faults.js';
import { older, olderOptions } from './older-shard.js';
import { ratesOfSlice } from './slice.js';

const brokenIn = ({ verdicts }: RateReport) =>
  verdicts.filter(({ counterexamples }) => counterexamples.length > 0).map(({ bound }) => bound);

describe('the rates of the shard chart', () => {
  const report = checkRates(shardMachine);

  it('keep to every bound, whatever the Gateway does', () => {
    expect(brokenIn(report)).toEqual([]);
    expect(report.holds).toBe(true);
    expect(report.verdicts.map(({ bound }) => bound).sort()).toEqual(Object.keys(BOUNDS).sort());
  });

  it('come as close to the bounds as there is room', () => {
    expect(report.figures).toEqual({
      waits: [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
      identifiesADay: 154,
      perIdentify: 600_000,
      perConnection: 7_500,
      perFailure: 30_000,
    });
  });

  it('are those of all states of the chart', () => {
    const { states, classes, situations, marks } = report.explored;
    expect(states).toBeGreaterThan(2_000);
    expect(classes).toBeLessThan(states);
    expect(situations).toBeGreaterThan(classes);
    expect(marks).toBeGreaterThan(50);
  });
});

describe('the shard chart as it was before it held in time', () => {
  const report = ratesOfSlice(older, { ...olderOptions, interval: 41_250 });
  const of = (name: string) => report.verdicts.find(({ bound }) => bound === name)?.counterexamples ?? [];

  it('identifies again and again where each session ends as soon as it has settled', () => {
    expect(report.figures.perIdentify).toBe(8_250); // 10,472 a day; simulations found 2,031
    const steps = of('identifies')[0]?.path.map(({ event }) => event) ?? [];
    expect(steps.join(' > ')).toContain('ready > timer.settle > closed (4009) > timer.reconnect');
    expect(of('identifies')[0]?.broken).toBe('11 identifies within 1 min 23 s; they take 10 min 0 s at least');
  });

  it('waits no longer for Invalid Session that comes again and again', () => {
    expect(of('growth').map(({ broken }) => broken)).toContain(
      'after invalidSession (true) the next try comes 1.0 s later, and should be 2.0 s later at least',
    );
  });

  it('is shown with times, and as a sequence diagram', () => {
    const [first] = of('growth');
    expect(first?.path.at(-1)).toEqual({ event: 'timer.reconnect', at: expect.any(Number) });
    expect(first?.diagram).toMatch(/^sequenceDiagram\n[\s\S]*shard->>shard: .*: timer\.reconnect/);
  });
});

describe('a fault of rate is found', () => {
  // One for each kind of bound; faults.long.test.ts has all of them.
  const some = [
    'a wait that was told is drawn from 0 on',
    'a connection holds after an interval, however short',
    'a bucket that lets go too early',
  ] as const;
  it.each(some)('%s', (name) => {
    const { machine, options, breaks } = FAULTS[name] as (typeof FAULTS)[string];
    expect(brokenIn(ratesOfSlice(machine, options))).toEqual(expect.arrayContaining([...breaks]));
  });
});

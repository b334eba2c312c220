import { describe, expect, it } from 'vitest';
import { shardMachine } from '../../machines/index.js';
import { variant } from '../../src/exploring/variant.js';
import { followWaits } from '../../src/rates/waits.js';
import { finished, slicedClasses } from './slice.js';

const OPEN = 'running.connection.open';
const brokenIn = (machine: Parameters<typeof slicedClasses>[0]) =>
  finished(followWaits(slicedClasses(machine).classes)).broken;

describe('the waits between tries', () => {
  it('are as long as they have to be', () => {
    const report = finished(followWaits(slicedClasses().classes));
    expect(report.broken).toEqual([]);
    expect(report.shortest).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
  });

  it('are asked for by proof of life: that time has passed alone proves nothing', () => {
    const gullible = variant(shardMachine, (state) => {
      const [settle] = state(`${OPEN}.session.ready.settling`).on['timer.settle'] ?? [];
      settle?.actions.unshift('forgive');
    });
    const [first] = brokenIn(gullible);
    expect(first).toMatchObject({ bound: 'growth', took: 0, least: 500 });
    expect(first?.steps.map(({ move }) => move.label)).not.toContain('heartbeatAck');
  });

  it('begin when a connection ends, whatever was before: to open another at once is to wait for nothing', () => {
    const hasty = variant(shardMachine, (state) => {
      for (const row of state('running.connection').on['closed'] ?? []) row.target = 'choosing';
    });
    const found = brokenIn(hasty).find(({ bound, took }) => bound === 'growth' && took === 0);
    expect(found?.steps.at(-1)?.move.label).toMatch(/^closed/);
  });
});

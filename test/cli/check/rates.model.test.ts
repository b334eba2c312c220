import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';
import { userModules } from '../../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

/** The events that rates are made of, in a module of a user's. */
const SLICE = `
  const EVENTS = ['start', 'located', 'permitGranted', 'opened', 'closed', 'hello', 'heartbeatAck', 'ready'];
  export const abstraction = {
    ...shardAbstraction,
    roots: { documented: {} },
    alphabet: (snapshot) => shardAbstraction.alphabet(snapshot).filter(({ type }) => EVENTS.includes(type) || type.startsWith('timer.')),
  };`;

describe('gatechart check --rates', () => {
  it('prints what was explored, and what was found', async () => {
    const file = await modules.write('same.ts', `export const same = variant(shardMachine, () => {});${SLICE}`);
    const { code, out } = await run(['check', '--rates', '--machine', `${file}#same`]);
    expect(out).toMatch(/[\d,]+ states, [\d,]+ transitions;.*[\d,]+ marks,.*all there are,/s);
    expect(out).toContain('8 of 8 bounds hold');
    expect(out).toMatch(/identifies in any 24 h +154\n/);
    expect(out).toMatch(/since a connection held +0, 0\.5, 1, 2, 4, 8, 16, 30 s\n/);
    expect(code).toBe(0);
  });

  it('shows a run that breaks a bound with times and as a diagram', async () => {
    const file = await modules.write(
      'hasty.ts',
      `export default variant(shardMachine, () => {});${SLICE}
      export const spans = { reconnect: () => [100, 500] };
      export const bucket = null;`,
    );
    const { code, out } = await run(['check', '--rates', '--machine', file]);
    expect(code).toBe(1);
    expect(out).toContain('(policy#waits)\n  does not hold');
    expect(out).toMatch(/broken: after .* the next try comes 100 ms later/);
    expect(out).toMatch(/ {4} +0\.100 s {2}timer\.reconnect\n/);
    expect(out).toContain('    sequenceDiagram\n');
    expect(out).toMatch(/broken: 11 identifies within 1\.0 s; they take 10 min 0 s/);
  });

  it('prints JSON, also for a certain heartbeat interval', async () => {
    const file = await modules.write('calm.ts', `export default variant(shardMachine, () => {});${SLICE}`);
    const { out } = await run(['check', '--rates', '--machine', file, '--interval', '41250', '--json']);
    const { chart, rates } = JSON.parse(out);
    expect(chart).toContain('calm.ts');
    expect(rates).toMatchObject({ holds: true, figures: { perConnection: (41_250 + 7_500 + 8_000) / 6 } });
  });

  it('is about shards', async () => {
    const { code, err } = await run(['check', '--rates', '--chart', 'gateway']);
    expect(code).not.toBe(0);
    expect(err).toContain('--rates is about shards');
  });
});

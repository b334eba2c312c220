import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../support/cli.js';
import { userModules } from '../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

describe('gatechart check', { timeout: 60_000 }, () => {
  it('finds that everything holds for both charts', async () => {
    const { code, out } = await run(['check']);
    expect(out).toMatch(/shard chart ─+\n[\d,]+ states, [\d,]+ transitions, [\d,]+ situations/);
    expect(out).toMatch(/(\d+) of \1 invariants hold/);
    expect(out).toContain('gateway chart');
    expect(code).toBe(0);
  });

  it('prints a line of JSON for each chart with --json', async () => {
    const { code, out } = await run(['check', '--chart', 'shard', '--json']);
    const result = JSON.parse(out);
    expect(result).toMatchObject({ chart: 'shard chart', report: { holds: true } });
    expect(result.batches.different).toEqual([]);
    expect(code).toBe(0);
  });

  it('refutes a broken chart of the user with clause, state, event and the shortest path', async () => {
    const file = await modules.write(
      'mine.ts',
      `export const mine = variant(shardMachine, (state) => {
        state('running.connection.reaching.awaitingHello').entry.push({ type: 'sendIdentify', params: {} });
      });`,
    );
    const { code, out } = await run(['check', '--machine', `${file}#mine`]);
    expect(code).toBe(1);
    expect(out).toContain('Nothing is sent before Hello (gateway#hello-event)\n  does not hold');
    expect(out).toContain('    event:  opened\n');
    expect(out).toContain('    path:   start > located > opened\n');
  });

  it('checks invariants that the module brings along', async () => {
    const file = await modules.write(
      'more.ts',
      `export default variant(shardMachine, () => {});
      export const invariants = [{ spec: 'mine', says: 'The shard never fails', state: ({ snapshot }) => snapshot.value === 'failed' ? 'it failed' : null }];`,
    );
    const { code, out } = await run(['check', '--machine', file]);
    expect(code).toBe(1);
    expect(out).toContain('The shard never fails (mine)');
  });

  it('says which charts a module exports when the one that is asked for is none', async () => {
    const file = await modules.write('other.ts', 'export const one = shardMachine; export const number = 7;');
    const { code, err } = await run(['check', '--machine', `${file}#number`]);
    expect(code).toBe(2);
    expect(err).toContain('exports no chart "number"; its charts are one');
    expect((await run(['check', '--machine', './nowhere.js'])).code).toBe(2);
  });
});

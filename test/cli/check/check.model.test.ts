import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';
import { userModules } from '../../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

describe('gatechart check', () => {
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

  it('shows the most direct counterexample first, and the event that led to a state', async () => {
    const file = await modules.write(
      'forgiving.ts',
      `export default variant(shardMachine, (state) => { state('running.connection').on['closed'].shift(); });`,
    );
    const { out } = await run(['check', '--machine', file]);
    const lengths = [...out.matchAll(/path: {3}(.*(?:\n {4}\S.*)*)/g)].map(([, path = '']) => path.split('>').length);
    expect(lengths.length).toBeGreaterThan(3);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(out).toContain('    after:  closed (4004)\n    broken: it is running and should be failed\n');
  });

  it('tells dispatches that end otherwise at once than singly', async () => {
    const file = await modules.write(
      'deaf.ts',
      `export default shardMachine.provide({ actions: { takeSequence: () => {} } });`,
    );
    const { out } = await run(['check', '--machine', file]);
    expect(out).toMatch(
      /told at once come to the same as told singly \(chart#batches\)\n {2}does not hold: [\d,]+ counter/,
    );
    expect(out).toContain('    event:  2 dispatches\n    broken: a batch of as many ends otherwise\n');
  });

  const REGION = `
    const presence = {
      initial: 'fresh',
      states: {
        fresh: {
          entry: [raise({ type: 'timer.presence' }, { id: 'presence', delay: 60_000 })],
          exit: [cancel('presence')],
          on: { 'timer.presence': 'stale' },
        },
        stale: { on: { setPresence: 'fresh' } },
      },
    };
    export const mine = variant(shardMachine, (state) => { state('running.connection.open').states.presence = presence; });
    export const abstraction = {
      ...shardAbstraction,
      alphabet: (at) => [...shardAbstraction.alphabet(at), { type: 'setPresence' }, { type: 'timer.presence' }],
    };`;

  it('checks a chart with a region of the user, and knows what that has a reason to ignore', async () => {
    const listed = `export const ignored = [{ events: ['setPresence'], in: ['*'], except: ['*presence.stale*'], because: 'it is fresh' }];`;
    const complete = await modules.write('region.ts', `${REGION}\n${listed}`);
    expect(await run(['check', '--machine', `${complete}#mine`])).toMatchObject({ code: 0 });
    const file = await modules.write('region-unlisted.ts', REGION);
    const { code, out } = await run(['check', '--machine', `${file}#mine`]);
    expect(code).toBe(1);
    expect(out).toContain('broken: setPresence is ignored and not listed');
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';
import { userModules } from '../../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

describe('gatechart check', () => {
  it('tells where a chart throws', async () => {
    const file = await modules.write(
      'throws.ts',
      `export default shardMachine.provide({ guards: { isFresh: () => { throw new Error('boom'); } } });`,
    );
    const { code, out, err } = await run(['check', '--machine', file]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(
      /^gatechart: The chart throws: .*boom\n {2}state: {2}running\.locating, .*\n {2}event: {2}reconnect\n/s,
    );
    expect(err).toContain('  path:   start > reconnect\n');
  });

  it('checks a chart unlike ours by its own abstraction, and asks for one', async () => {
    const door = `export const door = setup({}).createMachine({
      id: 'door', initial: 'shut', states: { shut: { on: { open: 'ajar' } }, ajar: { on: { push: 'shut' } } },
    });`;
    const bare = await modules.write('bare.ts', door);
    const { code, err } = await run(['check', '--machine', `${bare}#door`]);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('the chart "door" is not one of ours: let its module export an'),
    ]);
    const asShard = await run(['check', '--chart', 'shard', '--machine', `${bare}#door`]);
    expect(asShard).toMatchObject({ code: 2, err: expect.stringContaining('it has no state stopped') });
    expect(await run(['check', '--chart', 'none'])).toMatchObject({ code: 2 });
    const file = await modules.write(
      'door.ts',
      `${door}
      export const abstraction = {
        roots: { shut: undefined }, key: ({ value }) => value, label: ({ type }) => type,
        alphabet: () => [{ type: 'open' }, { type: 'push' }, { type: 'kick' }],
      };
      export const ignored = [
        { events: ['push'], in: ['shut'], because: 'it is shut' },
        { events: ['open'], in: ['ajar'], because: 'it is open' },
      ];`,
    );
    const { out } = await run(['check', '--machine', `${file}#door`]);
    expect(out).toContain('2 states, 2 transitions');
    expect(out).toContain('broken: kick is ignored and not listed');
  });
});

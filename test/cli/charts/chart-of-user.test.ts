import { afterAll, describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { gatewayMachine, shardMachine } from '../../../machines/index.js';
import { chartOfUser, demandVariant } from '../../../src/cli/charts/chart-of-user.js';
import { UsageError } from '../../../src/cli/terminal/io.js';
import { userModules } from '../../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

describe('a chart of the user', () => {
  it('is the default export of a module unless another is named, and brings all exports along', async () => {
    const file = await modules.write(
      'two.ts',
      `export default setup({}).createMachine({ id: 'first' });
      export const second = setup({}).createMachine({ id: 'second' });
      export const ignored = ['something else'];`,
    );
    const first = await chartOfUser(file);
    expect(first).toMatchObject({ machine: { id: 'first' }, file, name: 'default' });
    expect(first.module['ignored']).toEqual(['something else']);
    expect(await chartOfUser(`${file}#second`)).toMatchObject({ machine: { id: 'second' }, file, name: 'second' });
  });

  it('is looked for from the working directory on', async () => {
    await expect(chartOfUser('./nowhere.js')).rejects.toThrow(UsageError);
    await expect(chartOfUser('./nowhere.js')).rejects.toThrow(/^\.\/nowhere\.js cannot be loaded: .*nowhere\.js/);
  });

  it('cannot come from a module that throws', async () => {
    const file = await modules.write('throws.ts', `throw new Error('boom');`);
    await expect(chartOfUser(file)).rejects.toThrow(new UsageError(`${file} cannot be loaded: boom`));
  });

  it('is asked for by name, with those that the module has', async () => {
    const file = await modules.write(
      'other.ts',
      `export const one = shardMachine; export const two = gatewayMachine;
      export const number = 7; export const nothing = null; export const lookalike = { config: {} };`,
    );
    const says = (name: string) =>
      new UsageError(`${file} exports no chart "${name}"; its charts are one, two. Write ${file}#name`);
    for (const name of ['number', 'nothing', 'lookalike', 'three']) {
      await expect(chartOfUser(`${file}#${name}`)).rejects.toThrow(says(name));
    }
    await expect(chartOfUser(file)).rejects.toThrow(says('default'));
  });

  it('cannot come from a module without charts', async () => {
    const file = await modules.write('none.ts', 'export const number = 7;');
    await expect(chartOfUser(`${file}#number`)).rejects.toThrow(
      new UsageError(`${file} exports no chart "number"; it exports no chart. Write ${file}#name`),
    );
  });
});

describe('a variant', () => {
  const of = (id: string, ...states: readonly string[]) =>
    createMachine({ id, initial: states[0], states: Object.fromEntries(states.map((state) => [state, {}])) });

  it('of a chart has its outermost states, whatever else it has', () => {
    expect(() => demandVariant(shardMachine, 'shard')).not.toThrow();
    expect(() => demandVariant(gatewayMachine, 'gateway')).not.toThrow();
    expect(() => demandVariant(of('mine', 'stopped', 'running', 'failed', 'resting'), 'shard')).not.toThrow();
  });

  it.each([
    [of('door', 'shut'), 'shard', 'the chart "door" cannot take the place of the shard chart: it has no state stopped'],
    [
      of('mine', 'stopped', 'running'),
      'shard',
      'the chart "mine" cannot take the place of the shard chart: it has no state failed',
    ],
    [
      shardMachine,
      'gateway',
      'the chart "shard" cannot take the place of the gateway chart: it has no state listening',
    ],
    [
      of('g', 'listening'),
      'gateway',
      'the chart "g" cannot take the place of the gateway chart: it has no state connection',
    ],
  ] as const)('lacks no state: %#', (machine, chart, says) => {
    expect(() => demandVariant(machine, chart)).toThrow(new UsageError(says));
  });
});

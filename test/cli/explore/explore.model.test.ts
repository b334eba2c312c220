import { afterAll, describe, expect, it } from 'vitest';
import { SLICES } from '../../../src/product/product.js';
import { run, start } from '../../support/cli.js';
import { userModules } from '../../support/user-module.js';

const modules = await userModules();
afterAll(modules.remove);

describe('gatechart explore', () => {
  it('explores both charts together, and prints what it did and what holds', async () => {
    const { code, out, err } = await run(['explore', '--no-faults']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('at most 1 message in flight both ways together, without faults');
    expect(out).toMatch(/states {2,}[\d,]+\n {2}transitions/);
    expect(out).toMatch(/their share of all attempted +\d+\.\d %\n/);
    expect(out).toMatch(/states met and not explored +0\n/);
    expect(out).toContain('holds   No dispatch is lost while its session lives (gateway#resuming)');
    expect(out.trimEnd().split('\n').at(-1)).toBe('No counterexample');
  });

  it('prints one line of JSON with --json', async () => {
    const { code, out } = await run(['explore', '--no-faults', '--messages', '2', '--json']);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ messages: 2, faults: false, complete: true, counterexamples: [] });
    expect(code).toBe(0);
  });

  it('explores a slice, and says what it is', async () => {
    const { code, out } = await run(['explore', '--no-faults', '--slice', 'refusals']);
    expect(out).toContain('at most 1 message in flight both ways together, without faults');
    expect(out).toContain(`Slice refusals: ${SLICES.refusals.says}\n`);
    expect(code).toBe(0);
  });

  it('puts a chart of the user in the place of ours', async () => {
    const file = await modules.write(
      'mine.ts',
      `export const hasty = variant(shardMachine, (state) => {
        state('running.connection.reaching.awaitingHello').entry.push({ type: 'sendHeartbeat', params: { sequence: null } });
      });
      export const early = variant(gatewayMachine, (state) => {
        state('connection.open').on['requestHeartbeat'] = [];
      });`,
    );
    const { code, out } = await run(['explore', '--no-faults', '--machine', `${file}#hasty`]);
    expect(out).toContain(`The chart ${file}#hasty against the Gateway chart, at most 1 message in flight both ways`);
    expect(out).toContain('broken  The Gateway never has to close with 4001, 4002, 4003, 4005 or 4007');
    expect(out).toContain('  shard-)Gateway: Heartbeat\n');
    expect(out).toContain('  event:  Heartbeat\n  path:   start > located > ');
    expect(out).toMatch(/^ {2}state: {2}reaching\.awaitingHello; the Gateway's: open\(session\.greeting/m);
    expect(code).toBe(1);
    const ours = ['explore', '--no-faults', '--chart', 'gateway', '--machine', `${file}#early`];
    expect((await run(ours)).out).toContain(`The chart ${file}#early against the shard chart`);
    const mixedUp = await run(['explore', '--machine', `${file}#early`]);
    expect(mixedUp).toMatchObject({ code: 2, err: expect.stringContaining('it has no state stopped') });
  });

  it('ends when interrupted', async () => {
    const running = start(['explore', '--messages', '3']);
    setTimeout(() => running.interrupt(), 50);
    expect((await running.ended).code).toBe(130);
  });
});

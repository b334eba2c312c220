/** What the command says of storms that are told, not played. */
import { describe, expect, it } from 'vitest';
import { SCENARIOS, type ScenarioName } from '../../../src/cli/storms/scenarios.js';
import type { StormResult } from '../../../src/cli/storms/storming.js';
import { storms } from '../../../src/cli/storms/storms.js';
import { jsonLines, run } from '../../support/cli.js';
import { keptIo } from '../../support/io.js';

const OPTIONS = { hours: 24, seed: 1 };

/** A storm that does so many identifies. */
const playing = (identifies: number) =>
  async function* (name: ScenarioName): AsyncGenerator<number, StormResult> {
    yield 1;
    yield 1;
    const counts = { identifies, connections: 1_234, resumes: 5, busiestHour: 86 };
    return { name, ...counts, firstWait: 264, longestWait: 609_900, readyAfter: 9_999 };
  };

describe('gatechart storms', () => {
  it('shows a table and passes where nothing is too often', async () => {
    const { io, written } = keptIo();
    expect(await storms(['several', 'refused'], OPTIONS, io, playing(154))).toBe(0);
    expect(written.out).toContain('2 bad Gateways, each for 24 hours');
    expect(written.out).toMatch(/ {2}several +154 +1,234 +5 +86 +0\.3 to 610 s +10\.0 s\n/);
    expect(written.out).toContain('PASS  at most 154 identifies a day and 120 connections an hour');
    expect(written.err).toBe('');
  });

  it('fails where something is', async () => {
    const { io, written } = keptIo();
    expect(await storms(['several'], OPTIONS, io, playing(155))).toBe(1);
    expect(written.out).toContain('FAIL  several: 155 identifies in a day, above 154');
    expect(written.out).not.toContain('PASS');
  });

  it('prints a line of JSON for each, and one for all', async () => {
    const { io, written } = keptIo();
    await storms(['refused'], { ...OPTIONS, json: true }, io, playing(155));
    const problem = '155 identifies in a day, above 154';
    expect(jsonLines(written.out)).toEqual([
      {
        type: 'scenario',
        at: expect.any(Number),
        says: SCENARIOS.refused.says,
        name: 'refused',
        identifies: 155,
        connections: 1_234,
        resumes: 5,
        busiestHour: 86,
        firstWait: 264,
        longestWait: 609_900,
        readyAfter: 9_999,
        problems: [problem],
      },
      { type: 'result', at: expect.any(Number), passed: false, scenarios: 1, problems: [`refused: ${problem}`] },
    ]);
  });

  it('plays all unless told, and tells on stderr how far it is', async () => {
    const { io, written } = keptIo({}, {});
    await storms([], OPTIONS, io, playing(1));
    const count = Object.keys(SCENARIOS).length;
    expect(written.err).toContain(`held-4009 (1 of ${count}) … hour 2 of 32`);
    expect(written.err).toContain(`several (${count} of ${count}) … hour 1 of 32`);
  });

  it('judges nothing when interrupted', async () => {
    const { io, written, interrupt } = keptIo();
    interrupt();
    expect(await storms(['several'], OPTIONS, io, playing(155))).toBe(1);
    expect(written.out).toContain('Interrupted');
    expect(written.out).not.toContain('FAIL');
  });

  it('lists what there is, for people and for programs', async () => {
    const { code, out } = await run(['storms', '--list']);
    expect(code).toBe(0);
    for (const [name, { says }] of Object.entries(SCENARIOS)) expect(out).toContain(`${name.padEnd(17)}  ${says}`);
    const lines = jsonLines((await run(['storms', 'refused', '--list', '--json'])).out);
    expect(lines).toEqual([
      { type: 'scenario', at: expect.any(Number), name: 'refused', says: SCENARIOS.refused.says },
    ]);
  });

  it('knows no others', async () => {
    const { code, err } = await run(['storms', 'calm']);
    expect(code).toBe(2);
    expect(err).toContain('Allowed choices are held-4009,');
  });
});

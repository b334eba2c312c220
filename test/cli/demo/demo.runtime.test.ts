import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CHAPTERS } from '../../../src/cli/demo/chapters.js';
import { jsonLines, start } from '../../support/cli.js';

describe.concurrent('gatechart demo', () => {
  it('tells every chapter on a terminal of 80 columns, in colour, and passes', async () => {
    const { code, out, err } = await start(['demo'], {}, { columns: 80 }).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { title } of CHAPTERS) expect(out).toContain(title);
    const plain = stripVTControlCharacters(out);
    expect(plain).not.toBe(out);
    expect(Math.max(...plain.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('prints JSON alone with --json, and what it checked last', async () => {
    const { code, out, err } = await start(['demo', '--json']).ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = jsonLines(out);
    expect(lines.filter(({ type }) => type === 'chapter')).toHaveLength(CHAPTERS.length);
    const result = lines.at(-1) as { sessions: { sent: number; received: number }[]; replayed: number };
    expect(result).toMatchObject({ type: 'result', passed: true });
    expect(result.sessions).toHaveLength(2);
    for (const { sent, received } of result.sessions) expect(received).toBe(sent);
    expect(result.replayed).toBeGreaterThan(50);
  });
});

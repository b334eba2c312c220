import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.js';

const folder = await mkdtemp(join(tmpdir(), 'gatechart-view-'));
afterAll(() => rm(folder, { recursive: true }));

describe('gatechart view', () => {
  it.each([
    ['that is not there', 'missing.jsonl', 'there is no file'],
    ['that holds no trace', 'empty.jsonl', 'it is no trace: gatechart run --record FILE'],
    ['that is a folder', '.', 'is a folder, not a file'],
  ])('refuses a file %s, with exit code 2', async (_, name, says) => {
    await writeFile(join(folder, 'empty.jsonl'), '{"a":1}\n');
    const { code, out, err } = await run(['view', join(folder, name)]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
  });
});

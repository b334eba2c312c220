import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readInput, whyUnreadable } from '../../../src/cli/terminal/input-file.js';
import { UsageError } from '../../../src/cli/terminal/io.js';

const folder = await mkdtemp(join(tmpdir(), 'gatechart-input-'));
afterAll(() => rm(folder, { recursive: true }));

describe('a file that an argument names', () => {
  it('is read as text', async () => {
    await writeFile(join(folder, 'one.txt'), 'text');
    expect(await readInput(join(folder, 'one.txt'))).toBe('text');
  });

  it('is refused in words', async () => {
    await expect(readInput(join(folder, 'none'))).rejects.toThrow(UsageError);
    await expect(readInput(join(folder, 'none'))).rejects.toThrow(`there is no file ${join(folder, 'none')}`);
    await expect(readInput(folder)).rejects.toThrow(`${folder} is a folder, not a file`);
  });

  it.each([
    ['ENOTDIR', 'there is no file a'],
    ['EACCES', 'a may not be read by this user'],
    ['EIO', 'a cannot be read: EIO'],
    ['toString', 'a cannot be read: toString'],
    [undefined, 'a cannot be read: it is too large'],
  ])('is refused in words: %s', (code, says) => expect(whyUnreadable('a', { code })).toBe(says));
});

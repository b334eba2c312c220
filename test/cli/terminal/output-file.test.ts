import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/cli/terminal/io.js';
import { demandFolder, writeOutput } from '../../../src/cli/terminal/output-file.js';

const folder = await mkdtemp(join(tmpdir(), 'gatechart-output-'));
afterAll(() => rm(folder, { recursive: true }));

describe('a file that a command writes', () => {
  it('needs a folder to be in, which is told before it is written', () => {
    const path = join(folder, 'none', 'session.json');
    expect(() => demandFolder(path, '--resume')).toThrow(`--resume: ${path} cannot be written: ENOENT`);
    expect(() => demandFolder(path, '--resume')).toThrow(UsageError);
    expect(() => demandFolder(join(folder, 'session.json'), '--resume')).not.toThrow();
    expect(() => demandFolder(folder, '--record')).toThrow(`--record: ${folder} is a folder: name a file in it`);
  });

  it('is made, or written over as a whole', async () => {
    const path = join(folder, 'a.svg');
    await writeOutput(path, 'a long text', '--out');
    await writeOutput(path, 'short', '--out');
    expect(await readFile(path, 'utf8')).toBe('short');
  });

  it.each(['kept', null])('is not written through a link, to a file (%s) that nobody named', async (content) => {
    const [path, target] = [join(folder, `link to ${content}`), join(folder, `target ${content}`)];
    if (content !== null) await writeFile(target, content);
    await symlink(target, path);
    const writing = writeOutput(path, 'new', '--out');
    await expect(writing).rejects.toThrow(`--out: ${path} cannot be written: it is a symbolic link`);
    await expect(writing).rejects.toBeInstanceOf(UsageError);
    expect(await readFile(target, 'utf8').catch(() => null)).toBe(content);
  });

  it('is refused with the reason where it cannot be written', async () => {
    await expect(writeOutput(folder, '', '--ca')).rejects.toThrow(/^--ca: .* cannot be written: EISDIR/);
  });

  it.skipIf(!existsSync('/dev/full'))('says so when the disk is full', async () => {
    await expect(writeOutput('/dev/full', 'text', '--out')).rejects.toThrow(/ENOSPC/);
  });
});

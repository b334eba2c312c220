/** The places where sessions of a bot are kept, by their contract, and what a file is besides. */
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSessions, StoreFileError } from '../../adapters/file.js';
import { sessionsContract } from '../../src/contracts/index.js';
import type { KeptSession } from '../../src/ports/index.js';
import { memorySessions } from '../../src/ports/memory-sessions.js';
import { itKeeps } from '../support/claims.js';

const kept = (shard: readonly [number, number], savedAt = 0): KeptSession => ({
  version: 1,
  shard,
  resume: null,
  identifies: { sent: [], left: 10, nextAt: null },
  savedAt,
});

describe('sessions in memory', () => {
  itKeeps(sessionsContract(() => ({ sessions: memorySessions() })));

  it('are refused where they are none', async () => {
    await expect(memorySessions().save({} as KeptSession)).rejects.toThrow('version is not 1');
  });
});

describe('sessions in a file', () => {
  let folder: string;
  let files = 0;
  const newPath = () => join(folder, `sessions-${files++}.json`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatechart-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const make = () => {
    const path = newPath();
    return { sessions: fileSessions(path), reopen: () => fileSessions(path) };
  };
  itKeeps(sessionsContract(make));

  it('are for their owner alone, written together, and leave nothing beside the file', async () => {
    const path = newPath();
    await writeFile(`${path}.tmp`, 'left by a process that was killed');
    const sessions = fileSessions(path);
    await Promise.all([0, 1, 2].map((id) => sessions.save(kept([id, 3]))));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8')).sessions).toHaveLength(3);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('take the place of a link, and leave alone what that leads to', async () => {
    const [path, target] = [newPath(), newPath()];
    await writeFile(target, JSON.stringify({ version: 1, sessions: [] }));
    await symlink(target, path);
    await fileSessions(path).save(kept([0, 1]));
    expect(JSON.parse(await readFile(target, 'utf8')).sessions).toEqual([]);
    expect(await fileSessions(path).load()).toEqual([kept([0, 1])]);
  });

  it.each([
    ['is not JSON', 'x', 'it is not JSON'],
    ['is something else', '{"version":2}', 'it holds none of version 1'],
    ['holds null', 'null', 'it holds none of version 1'],
    [
      'holds what is not kept of a shard',
      '{"version":1,"sessions":[{"token":"secret"}]}',
      'of entry 0, version is not 1',
    ],
  ])('cannot be read from a file that %s, which the next save replaces', async (_, text, problem) => {
    const path = newPath();
    await writeFile(path, text);
    const sessions = fileSessions(path);
    const error: unknown = await sessions.load().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreFileError);
    expect(error).toMatchObject({ message: `${path} is not a file of sessions: ${problem}` });
    await sessions.save(kept([0, 1]));
    expect(await fileSessions(path).load()).toEqual([kept([0, 1])]);
  });

  it('say so where they cannot be written, and go on', async () => {
    const sessions = fileSessions(join(folder, 'missing', 'sessions.json'));
    await expect(sessions.save(kept([0, 1]))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(sessions.save({} as KeptSession)).rejects.toThrow('version is not 1');
    expect(await sessions.load()).toEqual([kept([0, 1])]);
  });

  it('forget shards of another count after a day', async () => {
    const path = newPath();
    const sessions = fileSessions(path);
    const day = 86_400_000;
    await sessions.save(kept([0, 1], 0));
    await sessions.save(kept([0, 2], day - 1));
    expect((await fileSessions(path).load()).map(({ shard }) => shard[1])).toEqual([1, 2]);
    await sessions.save(kept([1, 2], day));
    expect((await fileSessions(path).load()).map(({ shard }) => shard)).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });
});

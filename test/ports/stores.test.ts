import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileStore, StoreFileError } from '../../adapters/file.js';
import { storeContract } from '../../src/contracts/index.js';
import type { ResumeRecord } from '../../src/ports/index.js';
import { memoryStore } from '../../src/ports/memory-store.js';
import { itKeeps } from '../support/claims.js';

describe('a record from a store', () => {
  it.each([
    ['in memory', () => memoryStore()],
    ['in a file', () => fileStore(join(tmpdir(), `gatechart-${process.pid}-shown.json`))],
  ])('%s is shown without the session, and holds it', async (_, make) => {
    const store = make();
    const sessionId = 'the-session-id';
    const resumeUrl = 'wss://resume.discord.gg/';
    const wire = { version: 10, encoding: 'json', compress: false } as const;
    await store.save({ version: 1, sessionId, resumeUrl, sequence: 1, shard: [0, 1], intents: 0, wire, savedAt: 0 });
    const record = await store.load();
    await store.clear();
    expect(record).toMatchObject({ sessionId, resumeUrl });
    expect(inspect({ record }, { depth: 9 })).toMatch(/'<session>'.*'<resume url>'/s);
    expect(inspect({ record }, { depth: 9 })).not.toMatch(/the-session-id|resume\.discord/);
  });
});

describe('what is no record', () => {
  it.each([
    ['in memory', () => memoryStore()],
    ['in a file', () => fileStore(join(tmpdir(), `gatechart-${process.pid}-none.json`))],
  ])('is not kept %s', async (_, make) => {
    const store = make();
    await expect(store.save(null as never)).rejects.toThrow('there is no record to save: `detach` gives null if');
    for (const none of [undefined, '{}', {}])
      await expect(store.save(none as never)).rejects.toThrow('what is to be saved is not a resume record: ');
    expect(await store.load()).toBeNull();
  });
});

describe('a store in memory', () => {
  it('has no file', () => {
    const make = memoryStore as unknown as (file: string) => unknown;
    expect(() => make('session.json')).toThrow('memoryStore takes no file: fileStore does, of gatechart/file');
  });

  itKeeps(storeContract(() => ({ store: memoryStore() })));
});

describe('a store in a file', () => {
  let folder: string;
  let files = 0;
  const newPath = () => join(folder, `session-${files++}.json`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatechart-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const make = () => {
    const path = newPath();
    return { store: fileStore(path), reopen: () => fileStore(path) };
  };
  itKeeps(storeContract(make));

  const record: ResumeRecord = {
    version: 1,
    sessionId: 'the-session',
    resumeUrl: null,
    sequence: 1,
    shard: [0, 1],
    intents: 0,
    wire: { version: 10, encoding: 'json', compress: false },
    savedAt: 0,
  };

  it('lets only its owner read, and leaves nothing else behind', async () => {
    const path = newPath();
    const store = fileStore(path);
    await Promise.all([store.save(record), store.save(record)]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(record);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('takes the place of a link, and leaves alone what that leads to', async () => {
    const [path, target] = [newPath(), newPath()];
    await writeFile(target, 'notes');
    await symlink(target, path);
    await fileStore(path).save(record);
    expect(await readFile(target, 'utf8')).toBe('notes');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await rm(path);
    await symlink(target, path);
    await fileStore(path).clear();
    expect(await readFile(target, 'utf8')).toBe('notes');
  });

  it('says so where it cannot write, leaves nothing behind, and goes on', async () => {
    const store = fileStore(join(folder, 'missing', 'session.json'));
    await expect(store.save(record)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(store.load()).resolves.toBeNull();
    const directory = fileStore(folder);
    await expect(directory.save(record)).rejects.toThrow();
    await expect(directory.load()).rejects.toMatchObject({ code: 'ERR_STORE_FILE', problem: 'it is no file' });
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"version":1,"sessionId":"the-ses', 'it is not JSON'],
    ['null', 'it is not an object'],
    ['[]', 'it is not an object'],
    [JSON.stringify({ ...record, version: 2 }), 'version is not 1'],
    [JSON.stringify({ ...record, sessionId: '' }), 'sessionId is not a string of at most 1024 characters'],
    [JSON.stringify({ ...record, resumeUrl: 'nowhere' }), 'resumeUrl is not a URL of at most 2048 characters or null'],
    [JSON.stringify({ ...record, sequence: 1.5 }), 'sequence is not a whole number'],
    [JSON.stringify({ ...record, shard: [1, 1] }), 'shard is not [id, count]'],
    [JSON.stringify({ ...record, intents: undefined }), 'intents is not a whole number'],
    [JSON.stringify({ ...record, wire: 'json' }), 'wire is not the version, encoding and compression'],
    [JSON.stringify({ ...record, savedAt: 'today' }), 'savedAt is not a time in ms'],
    [
      JSON.stringify({ ...record, wire: { ...record.wire, encoding: 'json\u001b[2J' } }),
      'wire is not the version, encoding and compression',
    ],
  ])('refuses a file with %s', async (content, problem) => {
    const path = newPath();
    await writeFile(path, content);
    const error: unknown = await fileStore(path)
      .load()
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StoreFileError);
    expect(error).toMatchObject({ code: 'ERR_STORE_FILE', path, problem });
    expect(String(error)).toBe(`StoreFileError: ${path} is not a resume record: ${problem}`);
  });

  it('does not read what is larger than any record', async () => {
    const path = newPath();
    await writeFile(path, JSON.stringify({ ...record, more: 'x'.repeat(64 * 1024) }));
    await expect(fileStore(path).load()).rejects.toMatchObject({ problem: 'it has more than 65536 bytes' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', async () => {
    const path = newPath();
    execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
    await expect(fileStore(path).load()).rejects.toMatchObject({ problem: 'it is no file' });
  });

  it('keeps what is wrong with a file, but not what is in it, in the error', async () => {
    const path = newPath();
    await writeFile(path, JSON.stringify({ ...record, sequence: 'secret' }));
    await expect(fileStore(path).load()).rejects.not.toThrow(/secret|the-session/);
  });
});

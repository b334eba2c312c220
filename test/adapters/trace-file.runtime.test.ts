import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { sharedTraceFile, traceFile } from '../../adapters/trace-file.js';
import { traceSinkContract } from '../../src/contracts/index.js';
import { inOrder, readTrace } from '../../src/trace/read.js';
import { firstDifference } from '../../src/trace/replay.js';
import { itKeeps } from '../support/claims.js';
import { until } from '../support/leftovers.js';
import { recordedLife } from '../support/traces.js';

const folder = await mkdtemp(join(tmpdir(), 'trace-file-'));
afterAll(() => rm(folder, { recursive: true }));
let last = 0;
const fresh = () => join(folder, `${++last}.jsonl`);
const sizes = async (path: string) => (await stat(path).catch(() => ({ size: 0 }))).size;

describe('a trace in a file', () => {
  const make = () => {
    const path = fresh();
    const read = (name: string) => readFile(name, 'utf8').catch(() => '');
    const lines = async () => {
      const files = [await read(path.replace('.jsonl', '.1.jsonl')), await read(path)];
      return files.join('').split('\n').slice(0, -1);
    };
    return { sink: traceFile(path), lines };
  };
  itKeeps(traceSinkContract(make));

  it('is there soon after the shard has stopped, for its owner alone', async () => {
    const path = fresh();
    await recordedLife(() => ({ record: traceFile(path) }));
    expect(await until(async () => (await readFile(path, 'utf8').catch(() => '')).includes('"type":"end"'))).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const { lines, notes } = readTrace(await readFile(path, 'utf8'));
    expect(notes).toEqual([]);
    expect(firstDifference(lines)).toBeNull();
  });

  it('is written within a second or so while the shard goes on', async () => {
    const path = fresh();
    const sink = traceFile(path);
    sink.write('one');
    sink.write('two');
    expect(await sizes(path)).toBe(0);
    expect(await until(async () => (await sizes(path)) > 0)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    sink.settle?.();
  });

  it('goes on after it was settled', async () => {
    const path = fresh();
    const sink = traceFile(path);
    for (const line of ['one', 'two', 'three']) {
      sink.write(line);
      sink.settle?.();
      expect(await until(async () => (await readFile(path, 'utf8').catch(() => '')).endsWith(`${line}\n`))).toBe(true);
    }
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('is divided by size, only so many files are kept, and each can be replayed', async () => {
    const path = fresh();
    await recordedLife(() => ({ record: traceFile(path, { maxBytes: 30_000, files: 3 }) }));
    expect(await until(async () => (await readFile(path, 'utf8')).includes('"type":"end"'))).toBe(true);
    const name = path.slice(folder.length + 1, -'.jsonl'.length);
    const names = (await readdir(folder)).filter((each) => each.startsWith(`${name}.`)).sort();
    expect(names).toEqual([`${name}.1.jsonl`, `${name}.2.jsonl`, `${name}.jsonl`]);
    const read = await Promise.all(
      names.map(async (each) => readTrace(await readFile(join(folder, each), 'utf8'), each)),
    );
    for (const each of names.slice(0, 2)) expect(await sizes(join(folder, each))).toBeLessThan(33_000);
    for (const { lines } of read) expect(firstDifference(lines)).toBeNull();
    const { lines, notes } = inOrder(read);
    expect(notes).toEqual([expect.stringMatching(/begins in the middle: files 1 to \d+ of this trace are gone/)]);
    expect(firstDifference(lines)).toBeNull();
  });

  const HEADER = '{"type":"header","at":0,"format":1,"gatechart":"0.1.0","chart":"shard"}\n';
  const older = (path: string, n: number) => path.replace('.jsonl', `.${n}.jsonl`);

  /** What is wrong with writing a line, or null. */
  const problemOf = async (path: string, files: number) => {
    const sink = traceFile(path, { files });
    let problem: string | null = null;
    sink.onError?.((error) => {
      problem = (error as Error).message;
    });
    sink.write('new');
    sink.settle?.();
    await until(async () => problem !== null || (await sizes(path)) === 4);
    return problem;
  };

  it('keeps the trace that another process has left there as an older one', async () => {
    const path = fresh();
    await writeFile(path, HEADER);
    const sink = traceFile(path);
    sink.write('new');
    sink.settle?.();
    expect(await until(async () => (await readFile(path, 'utf8')) === 'new\n')).toBe(true);
    expect(await readFile(older(path, 1), 'utf8')).toBe(HEADER);
  });

  it('takes the place of a trace or an empty file where one is all that is kept, as its owner alone', async () => {
    for (const before of [HEADER, '']) {
      const path = fresh();
      await writeFile(path, before, { mode: 0o666 });
      await chmod(path, 0o666);
      expect(await problemOf(path, 1)).toBeNull();
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toBe('new\n');
    }
  });

  it.each([
    ['in its place', 0, 1],
    ['in its place, where older ones are kept', 0, 4],
    ['where it would move to', 1, 4],
    ['in the place of the oldest', 1, 2],
    ['further on in the row', 2, 4],
  ])('leaves a file alone that is no trace: %s', async (_, n, files) => {
    const path = fresh();
    const names = [path, older(path, 1), older(path, 2)];
    for (const name of names.slice(0, n)) await writeFile(name, HEADER);
    await writeFile(names[n] ?? '', 'notes\n');
    expect(await problemOf(path, files)).toMatch(/ is no trace: it stays/);
    expect(await readFile(names[n] ?? '', 'utf8')).toBe('notes\n');
    for (const name of names.slice(0, n)) expect(await readFile(name, 'utf8')).toBe(HEADER);
  });

  it('keeps no empty file, which is what a full disk leaves, in the place of older ones', async () => {
    const path = fresh();
    await writeFile(path, '');
    await writeFile(older(path, 1), HEADER);
    expect(await problemOf(path, 2)).toBeNull();
    expect(await readFile(older(path, 1), 'utf8')).toBe(HEADER);
  });

  it('moves no file further than it has to', async () => {
    const path = fresh();
    await writeFile(path, HEADER);
    await writeFile(older(path, 2), 'notes\n');
    expect(await problemOf(path, 4)).toBeNull();
    expect(await readFile(older(path, 1), 'utf8')).toBe(HEADER);
    expect(await readFile(older(path, 2), 'utf8')).toBe('notes\n');
  });

  it.each([
    ['to a trace', HEADER],
    ['to other things', 'notes\n'],
    ['to nothing', null],
  ])('follows no link %s', async (_, content) => {
    const [path, target] = [fresh(), fresh()];
    if (content !== null) await writeFile(target, content);
    await symlink(target, path);
    for (const files of [1, 4]) expect(await problemOf(path, files)).toMatch(/is no file/);
    expect(await readFile(target, 'utf8').catch(() => null)).toBe(content);
  });

  it('goes on in no file but its own', async () => {
    const [path, target] = [fresh(), fresh()];
    const sink = traceFile(path);
    const errors: unknown[] = [];
    sink.onError?.((error) => errors.push(error));
    sink.write('one');
    sink.settle?.();
    await until(async () => (await sizes(path)) === 4);
    await rename(path, target);
    await symlink(target, path);
    sink.write('two');
    sink.settle?.();
    expect(String(errors)).toContain('ELOOP');
    expect(await readFile(target, 'utf8')).toBe('one\n');
  });

  it('is one for all shards that name it', async () => {
    const path = fresh();
    expect(sharedTraceFile(path)).toBe(sharedTraceFile(`${folder}/./${path.slice(folder.length + 1)}`));
    await Promise.all([1, 2].map(() => recordedLife(() => ({ record: sharedTraceFile(path) }))));
    expect(await until(async () => (await readFile(path, 'utf8')).split('"type":"end"').length === 3)).toBe(true);
    const { lines } = readTrace(await readFile(path, 'utf8'));
    expect(new Set(lines.map(({ line }) => line.actor))).toEqual(new Set([undefined, 'shard 2']));
    expect(firstDifference(lines)).toBeNull();
  });

  it('refuses sizes that make no sense', () => {
    expect(() => traceFile('a', { maxBytes: 0 })).toThrow('maxBytes is 0; it must be a whole number above 0');
    expect(() => traceFile('a', { files: 1.5 })).toThrow(RangeError);
  });
});

describe('a disk that fails', () => {
  it.each([
    ['a folder that is not there', () => join(folder, 'nowhere', 'a.jsonl'), 'ENOENT'],
    ['a folder in the place of the file', () => folder, 'is no file'],
  ])('becomes one warning of the shard, which goes on: %s', async (_, path, says) => {
    const warnings: string[] = [];
    const { world } = await recordedLife(
      () => ({ record: traceFile(path()) }),
      (shard) => {
        shard.on('warning', ({ problem, error }) => warnings.push(`${problem}: ${(error as Error).message}`));
      },
    );
    expect(world.shard.state).toBe('stopped');
    expect(await until(() => warnings.length > 0)).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(`^the trace could not be written: .*${says}`)]);
  });

  it('takes lines again with a new file, which says what is lost', async () => {
    const path = fresh();
    const sink = traceFile(path);
    const errors: unknown[] = [];
    sink.onError?.((error) => errors.push(error));
    sink.write('one');
    sink.settle?.();
    await until(async () => (await sizes(path)) > 0);
    await rm(path);
    await writeFile(path, 'somebody else');
    sink.write('two');
    sink.settle?.();
    expect(String(errors)).toContain('was changed by somebody else');
    await rm(path);
    sink.write('three');
    expect(sink.isFull).toBe(false); // not before a minute has passed
    expect(sink.rotate?.()).toBe(2);
    sink.write('four');
    sink.settle?.();
    expect(await until(async () => (await readFile(path, 'utf8')) === 'four\n')).toBe(true);
  });

  it('is not waited for: what it does not take in time is given up', () => {
    const sink = traceFile(fresh());
    const errors: unknown[] = [];
    sink.onError?.((error) => errors.push(error));
    const line = 'x'.repeat(1_000_000);
    for (let i = 0; i < 30; i += 1) sink.write(line); // the disk gets no turn in between
    expect(String(errors)).toContain('too slow');
    expect(errors).toHaveLength(1);
  });
});

describe('the end of a process', async () => {
  const script = join(folder, 'process.mjs');
  await build({
    stdin: {
      contents: `
        import { traceFile } from '${join(import.meta.dirname, '../../adapters/trace-file.ts')}';
        const [path, how] = process.argv.slice(2);
        const sink = traceFile(path);
        sink.onError((error) => console.log(error.code));
        const lines = Number(process.argv[4]);
        for (let i = 1; i <= lines; i += 1) sink.write(String(i).padStart(100));
        if (how === 'exit') process.exit(3);
        if (how === 'throw') throw new Error('on purpose');
        if (how === 'full') setTimeout(() => console.log('goes on'), 200);
        if (how === 'later') setTimeout(() => { sink.write('last'); process.exit(0); }, 5);`,
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: script,
  });

  it.each(['exit', 'throw', 'later', 'return'])('loses no line (%s)', async (how) => {
    const path = fresh();
    await promisify(execFile)(process.execPath, [script, path, how, '2000']).catch(() => {});
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines.slice(0, 2000).map(Number)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
    expect(lines).toHaveLength(how === 'later' ? 2001 : 2000);
  });

  it('is not brought about by a disk that is full', async () => {
    const limited = `ulimit -f 8 && exec "$0" "$@"`;
    const args = ['-c', limited, process.execPath, script, fresh(), 'full', '2000'];
    expect((await promisify(execFile)('sh', args)).stdout).toBe('EFBIG\ngoes on\n');
  });
});

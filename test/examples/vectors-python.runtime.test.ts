/** The Python runner on its client and the wrong twins of it; skipped where there is no Python, failed if `GATECHART_REQUIRE` lists `python`. */
import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../examples/vectors-python/', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const isRequired = process.env.GATECHART_REQUIRE?.split(/[\s,]+/).includes('python') ?? false;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const runner = (...args: readonly string[]) => python('runner.py', ...args);

function python(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    execFile('python3', args, { cwd: folder, env, maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

beforeEach((context) => {
  if (hasPython) return;
  if (isRequired) throw new Error('there is no python3');
  context.skip('there is no python3');
});

interface File {
  readonly subsets: Readonly<Record<string, readonly number[]>>;
  readonly stimuli: readonly { readonly kind: string }[];
  readonly steps: readonly (readonly [after: number | null, on: number, response: number, to: number])[];
}

async function vectorsIn(name: string): Promise<File> {
  return JSON.parse(await readFile(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8'));
}

/** The steps on whose way there is no backpressure. */
function withoutBacklog({ steps, stimuli }: File): readonly File['steps'][number][] {
  const free = new Set<number | null>([null]);
  return steps.filter(([after, on], id) => {
    const isFree = free.has(after) && stimuli[on]?.kind !== 'backlog';
    if (isFree) free.add(id);
    return isFree;
  });
}

describe('the Python runner', () => {
  it('passes the client that is written from the documentation, in both policies, all but backpressure', async () => {
    const { code, out, err } = await runner('client:Client', '--without', 'backlog');
    expect([err, code]).toEqual(['', 0]);
    const [, total, passed] = /^(\d+) vectors: (\d+) passed, 0 wrong, 0 not reached$/m.exec(out)?.map(Number) ?? [];
    expect(total).toBe(passed);
    const files = await Promise.all(['shard', 'shard-other-policy'].map(vectorsIn));
    expect(total).toBe(files.flatMap(withoutBacklog).length);
  });

  it('tells what passed by clause', async () => {
    const { lifecycle = [] } = (await vectorsIn('shard')).subsets;
    const { out } = await runner('client:Client', '--subset', 'lifecycle', '--vectors', '../../vectors/shard.json');
    expect(out).toMatch(/^clause +passed +wrong +not reached\n/);
    expect(out).toMatch(/^gateway#resuming +\d\d+ +0 +0$/m);
    expect(out).toContain(`\n${lifecycle.length} vectors: ${lifecycle.length} passed, 0 wrong, 0 not reached\n`);
  });

  it('tells of a wrong one by vector, step, expected and actual effects, clause and path', async () => {
    const { code, out } = await runner('twins:Forgetful', '--subset', 'lifecycle');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^vector \d+: {"kind": "timer", "timer": "reconnect"} in running\.waiting, Gateway known, session/m,
    );
    expect(out).toContain('  clause    gateway#resuming: connect to the URL of the session\n');
    expect(out).toMatch(/^ {2}expected {2}\[{"do": "openSocket", .*"wss:\/\/gateway-us-east1-b\.discord\.gg"}/m);
    expect(out).toMatch(/^ {2}actual {4}\[{"do": "openSocket", .*"wss:\/\/gateway\.discord\.gg"}/m);
    expect(out).toMatch(/^ {2}path {6}order start > .* > socket closed 1006 > timer reconnect$/m);
    expect(out).toMatch(/^gateway#resuming +\d+ +[1-9]\d* +[1-9]\d*$/m);
  });

  it('misses the backpressure of a client that has none, once all vectors are asked for', async () => {
    const { code, out } = await runner('client:Client');
    expect(code).toBe(1);
    expect(out).toContain('  clause    policy#backpressure: ');
  });

  it('leaves out the vectors on whose way something happens that a client does not know', async () => {
    const { out } = await runner('client:Idle', '--without', 'backlog', '--vectors', '../../vectors/shard.json');
    expect(out).not.toContain('"kind": "backlog"');
    const file = await vectorsIn('shard');
    const left = withoutBacklog(file).length;
    expect(left).toBeLessThan(file.steps.length - 1_000);
    expect(out).toMatch(new RegExp(`^${left} vectors: `, 'm'));
    expect(await runner('client:Client', '--without', 'order')).toMatchObject({ code: 1, err: 'No vector is left.\n' });
  });

  it.each([
    [['client'], 'Name the class too: client:Client.\n'],
    [['client:Nope'], 'client has no class Nope with a method handle(stimulus).\n'],
    [['nope:Client'], 'There is no module nope here: the file is nope.py, in this folder or in PYTHONPATH.\n'],
    [['client:Client', '--vectors', 'none.json'], 'There is no file none.json: name one with --vectors.'],
    [['client:Client', '--vectors', 'client.py'], 'client.py is not JSON.\n'],
    [['client:Client', '--vectors', '../../package.json'], '../../package.json holds no vectors.\n'],
    [['client:Client', '--vectors', '../../vectors/gateway.json'], 'gateway.json holds the vectors of no client.\n'],
  ])('says what is wrong with %j', async (args, says) => {
    const { code, err } = await runner(...args);
    expect(code).toBe(1);
    expect(err).toContain(says);
    expect(err).not.toContain('Traceback');
  });

  it('tells what passed, what was wrong, and what was not reached, of a client that does nothing', async () => {
    const { out } = await runner('client:Idle', '--subset', 'lifecycle');
    const [, total, passed, wrong, unreached] =
      /^(\d+) vectors: (\d+) passed, (\d+) wrong, (\d+) not reached$/m.exec(out)?.map(Number) ?? [];
    expect(Number(passed) + Number(wrong) + Number(unreached)).toBe(total);
    expect(Number(unreached)).toBeGreaterThan(Number(total) / 2);
  });

  it.each(['timer:settle', 'clause:gateway#resuming'])('leaves out what a client waives by %s', async (what) => {
    const all = await runner('client:Client', '--subset', 'lifecycle');
    const some = await runner('client:Client', '--subset', 'lifecycle', '--without', what);
    const count = ({ out }: Ran) => Number(/^(\d+) vectors: /m.exec(out)?.[1]);
    expect(count(some)).toBeGreaterThan(0);
    expect(count(some)).toBeLessThan(count(all));
  });

  it('says what it cannot do', async () => {
    expect((await runner('client:Client', '--without', 'backlgo')).err).toMatch(
      /^Nothing is backlgo in these vectors, but: .*backlog, /,
    );
    expect((await runner('client:Client', '--subset', 'voice')).err).toBe(
      'There is no subset voice, but: lifecycle.\n',
    );
  });
});

describe('the vectors', () => {
  it('notice every wrong twin of the client', async () => {
    const { code, out, err } = await python('twins.py');
    const [, noticed, twins] = /^(\d+) of (\d+) wrong twins noticed$/m.exec(out)?.map(Number) ?? [];
    expect(out.match(/^\w+: passes$/gm)).toEqual(['Client: passes']);
    expect([err, code, noticed]).toEqual(['', 0, twins]);
    expect(twins).toBeGreaterThanOrEqual(40);
  });

  it('look at what is remembered, which the transitions alone do not', async () => {
    const { code, out } = await python(
      'twins.py',
      '--part',
      'transitions',
      '--of',
      'SequenceGoesBack',
      '--of',
      'NoBackoff',
    );
    expect([code, out]).toEqual([
      1,
      'Client: passes\nSequenceGoesBack: passes\nNoBackoff: passes\n0 of 2 wrong twins noticed\n',
    ]);
  });
});

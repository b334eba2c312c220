/** The Python runner on its two clients; skipped where there is no Python, failed if `GATECHART_REQUIRE` lists `python`. */
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

function python(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1' };
  return new Promise((resolve) => {
    execFile('python3', ['runner.py', ...args], { cwd: folder, env, maxBuffer: 1e8 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

beforeEach((context) => {
  if (hasPython) return;
  if (isRequired) throw new Error('there is no python3');
  context.skip('there is no python3');
});

describe('the Python runner', () => {
  it('passes the client that is written from the documentation in the whole lifecycle', async () => {
    const vectors = JSON.parse(await readFile(new URL('../../vectors/shard.json', import.meta.url), 'utf8'));
    const total = vectors.subsets.lifecycle.length;
    const { code, out, err } = await python('client:Client', '--subset', 'lifecycle');
    expect([err, out, code]).toEqual(['', `${total} vectors: ${total} passed, 0 wrong, 0 not reached\n`, 0]);
  });

  it('tells of the other one by vector, step, expected and actual effects, clause and path', async () => {
    const { code, out } = await python('client:Forgetful', '--subset', 'lifecycle');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^vector \d+: {"kind": "timer", "timer": "reconnect"} in running\.waiting, Gateway known, session/m,
    );
    expect(out).toContain('  clause    gateway#resuming: connect to the URL of the session\n');
    expect(out).toMatch(/^ {2}expected {2}\[{"do": "openSocket", .*"wss:\/\/gateway-us-east1-b\.discord\.gg"}/m);
    expect(out).toMatch(/^ {2}actual {4}\[{"do": "openSocket", .*"wss:\/\/gateway\.discord\.gg"}/m);
    expect(out).toMatch(/^ {2}path {6}order start > .* > socket closed 1006 > timer reconnect$/m);
  });

  it('misses the heartbeats of a client that has none, once all vectors are asked for', async () => {
    const { code, out } = await python('client:Client');
    expect(code).toBe(1);
    expect(out).toContain('  clause    gateway#sending-heartbeats: ');
  });

  it('leaves out the vectors on whose way something happens that a client does not know', async () => {
    const { steps } = JSON.parse(await readFile(new URL('../../vectors/shard.json', import.meta.url), 'utf8'));
    const isFree = (step: { on: { kind: string }; after: number | null }): boolean =>
      step.on.kind !== 'backlog' && (step.after === null || isFree(steps[step.after]));
    const left = steps.filter(isFree).length;
    expect(left).toBeLessThan(steps.length - 1_000);
    const { out } = await python('client:Client', '--without', 'backlog');
    expect(out).toMatch(new RegExp(`^${left} vectors: \\d+ passed, \\d+ wrong, \\d+ not reached$`, 'm'));
    expect(out).not.toContain('"kind": "backlog"');
    expect(await python('client:Client', '--without', 'order')).toMatchObject({ code: 1, err: 'No vector is left.\n' });
  });

  it.each([
    [['client'], 'Name the class too: client:Client.\n'],
    [['client:Nope'], 'client has no class Nope with a method handle(stimulus).\n'],
    [['nope:Client'], 'There is no module nope here: the file is nope.py, in this folder or in PYTHONPATH.\n'],
    [['client:Client', '--vectors', 'none.json'], 'There is no file none.json: name one with --vectors.'],
    [['client:Client', '--vectors', 'client.py'], 'client.py is not JSON.\n'],
    [['client:Client', '--vectors', '../../package.json'], '../../package.json holds no vectors.\n'],
  ])('says what is wrong with %j', async (args, says) => {
    const { code, err } = await python(...args);
    expect(code).toBe(1);
    expect(err).toContain(says);
    expect(err).not.toContain('Traceback');
  });

  it('tells what passed, what was wrong, and what was not reached, of a client that does nothing', async () => {
    const { out } = await python('client:Idle', '--subset', 'lifecycle');
    const [, total, passed, wrong, unreached] =
      /^(\d+) vectors: (\d+) passed, (\d+) wrong, (\d+) not reached$/m.exec(out)?.map(Number) ?? [];
    expect(Number(passed) + Number(wrong) + Number(unreached)).toBe(total);
    expect(Number(unreached)).toBeGreaterThan(Number(total) / 2);
  });

  it.each(['timer:heartbeat', 'clause:gateway#sending-heartbeats'])(
    'leaves out what a client waives by %s',
    async (what) => {
      const all = await python('client:Client');
      const some = await python('client:Client', '--without', what);
      const count = ({ out }: Ran) => Number(/^(\d+) vectors: /m.exec(out)?.[1]);
      expect(count(some)).toBeGreaterThan(0);
      expect(count(some)).toBeLessThan(count(all));
    },
  );

  it('says what it cannot do', async () => {
    expect((await python('client:Client', '--without', 'backlgo')).err).toMatch(
      /^Nothing is backlgo in these vectors, but: .*backlog, /,
    );
    expect((await python('client:Client', '--subset', 'voice')).err).toBe(
      'There is no subset voice, but: lifecycle.\n',
    );
  });
});

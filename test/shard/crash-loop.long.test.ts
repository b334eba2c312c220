/** Lives of a real process, ended by kill -9 at random moments: what they cost in identifies, and that nothing is lost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessionTag } from '../../src/host/session-tag.js';
import { seededRandom } from '../../src/ports/random.js';
import { startSimulator } from '../../src/simulator/index.js';
import { atMost, paced } from '../support/slowness.js';

const LIVES = 20;
/** In so many of them the process is killed before READY comes, and after so many its session is dropped. */
const CUT_SHORT = new Set([3, 9, 14]);
const DROPPED = new Set([6, 12, 17]);

const folder = await mkdtemp(join(tmpdir(), 'crash-loop-'));
afterAll(() => rm(folder, { recursive: true }));
const root = join(import.meta.dirname, '../..');
const program = join(root, 'node_modules/.cache/crash-loop.mjs'); // where packages are found

/** Writes a line for each dispatch once it is handled, and one once its session is known to be kept. */
beforeAll(() =>
  build({
    stdin: {
      contents: `
        import { writeSync } from 'node:fs';
        import { createShard } from '${root}/src/index.ts';
        import { fileSessions } from '${root}/adapters/file.ts';
        import { sessionTag } from '${root}/src/host/session-tag.ts';
        const [restUrl, path] = process.argv.slice(2);
        const say = (...words) => writeSync(1, words.join(' ') + '\\n');
        const file = fileSessions(path);
        const sessions = {
          load: () => file.load(),
          async save(kept) {
            await file.save(kept);
            if (kept.resume !== null) say('KEPT', sessionTag(kept.resume.sessionId));
          },
        };
        const shard = createShard({ token: 'crash-loop', intents: ['GUILDS', 'GUILD_MESSAGES'], restUrl, sessions });
        shard.on('dispatch', ({ session, sequence, replayed }) => say('GOT', session, sequence, replayed));
        shard.on('warning', ({ problem, error }) => say('WARNING', problem, error?.message));
        await shard.start();`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: program,
  }),
);
afterAll(() => rm(program, { force: true }));

interface Got {
  readonly life: number;
  readonly session: string;
  readonly sequence: number;
  readonly replayed: boolean;
}

/** A process, and what it has said. */
class Life {
  readonly got: Got[] = [];
  readonly warnings: string[] = [];
  /** The sessions that are known to be kept. */
  readonly kept = new Set<string>();
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(life: number, restUrl: string, path: string) {
    this.#child = spawn(process.execPath, [program, restUrl, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      const [word, session = '', sequence, replayed] = line.split(' ');
      if (word === 'KEPT') this.kept.add(session);
      if (word === 'WARNING') this.warnings.push(line);
      if (word === 'GOT') this.got.push({ life, session, sequence: Number(sequence), replayed: replayed === 'true' });
    });
    this.#ended = new Promise((resolve) => lines.once('close', resolve));
  }

  /** Ends it, once all that it said is read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

describe('a crash loop', () => {
  it('identifies for sessions that were dropped, and for kills before READY was kept; no dispatch is lost', async () => {
    const random = seededRandom(11);
    const simulator = await startSimulator({ recordDispatches: true, dispatchesPerSecond: 50 });
    let identifies = 0;
    simulator.log.subscribe(({ direction, payload }) => {
      if (direction === 'client' && (payload as { op?: unknown } | undefined)?.op === 2) identifies += 1;
    });
    const path = join(folder, 'sessions.json');
    const got: Got[] = [];
    const warnings: string[] = [];
    const kept = new Set<string>();
    let [cut, dropped, resumed] = [0, 0, 0];
    for (let number = 1; number <= LIVES; number += 1) {
      const before = identifies;
      if (CUT_SHORT.has(number)) {
        for (const { sessionId } of live()) simulator.control.invalidateSession(false, { sessionId });
        simulator.control.injectFault('withholdReady', { times: 'all' });
        dropped += 1;
      }
      const life = new Life(number, `${simulator.restUrl}/v10`, path);
      if (CUT_SHORT.has(number)) {
        await expect.poll(() => identifies, { timeout: atMost(20_000) }).toBeGreaterThan(before);
      } else {
        await new Promise((resolve) => setTimeout(resolve, paced(200 + random() * 2_500)));
      }
      await life.kill();
      simulator.control.clearFaults();
      const isNewKept = [...life.kept].some((tag) => !kept.has(tag));
      for (const tag of life.kept) kept.add(tag);
      if (identifies > before && !isNewKept) cut += 1;
      if (life.got.some(({ replayed }) => replayed)) resumed += 1;
      got.push(...life.got);
      warnings.push(...life.warnings);
      if (!DROPPED.has(number)) continue;
      for (const { sessionId } of live()) simulator.control.invalidateSession(false, { sessionId });
      dropped += 1;
    }
    simulator.control.configure({ dispatchesPerSecond: 0 });
    const last = new Life(LIVES + 1, `${simulator.restUrl}/v10`, path);
    const [session] = await expect
      .poll(() => live().filter(({ connection }) => connection !== null), { timeout: atMost(30_000) })
      .not.toEqual([])
      .then(live);
    const tag = sessionTag(session?.sessionId ?? '');
    const missing = () => {
      const had = new Set([...got, ...last.got].filter((each) => each.session === tag).map(({ sequence }) => sequence));
      return simulator.sessions
        .find(({ sessionId }) => sessionId === session?.sessionId)
        ?.dispatched.filter((s) => !had.has(s));
    };
    await expect.poll(missing, { timeout: atMost(10_000) }).toEqual([]);
    await last.kill();

    // The first of all, those that were dropped, and those that nobody knows of.
    expect(identifies).toBeLessThanOrEqual(1 + dropped + cut);
    expect([resumed > 3, dropped]).toEqual([true, CUT_SHORT.size + DROPPED.size]);
    expect(warnings.filter((line) => !line.includes('resume'))).toEqual([]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, 'utf8')).sessions).toHaveLength(1);

    const first = new Map<string, Got>();
    for (const each of [...got, ...last.got]) {
      const name = `${each.session} ${each.sequence}`;
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, each);
      else expect([each.replayed, each.life > earlier.life]).toEqual([true, true]); // some lives end before they save
    }
    await simulator.close();

    function live() {
      return simulator.sessions.filter(({ ended }) => !ended);
    }
  });
});

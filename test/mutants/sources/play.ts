/** Plays the mutants of sources, in as many processes as there are cores. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type Outcome, outcomeOf } from '../score.js';
import { byOperators, byStryker, type Instrumented, type SourceMutant } from './instrument.js';
import { type Answer, MUTANT_TIMEOUT, type Question } from './messages.js';
import { SOURCES, TESTS } from './subjects.js';

const FOLDER = resolve('node_modules/.cache/gatechart', `mutants-${process.pid}`);

/** The mutants of all sources, by sets that are compiled together. */
export async function sourceSets(sources = SOURCES): Promise<Instrumented[]> {
  return [await byStryker(sources), byOperators(sources)];
}

/** Plays mutants of the sets, and answers when all have been played. */
export async function playSources(
  sets: readonly Instrumented[],
  { wanted = () => true, each = () => {}, tests = TESTS }: PlayOptions = {},
): Promise<Outcome[]> {
  mkdirSync(FOLDER, { recursive: true });
  try {
    const player = join(FOLDER, 'player.mjs');
    await bundle({ entryPoints: [resolve('test/mutants/sources/player.ts')], outfile: player });
    const outcomes: Outcome[] = [];
    for (const [at, set] of sets.entries()) {
      const program = join(FOLDER, `program-${at}.mjs`);
      await bundleProgram(set, tests, program);
      const queue = set.mutants.filter(wanted);
      if (queue.length === 0) continue;
      (await Player.start(player, program)).end(); // which rehearses
      const players = Array.from({ length: Math.min(availableParallelism(), queue.length) }, () =>
        playQueue(player, program, queue, (outcome) => {
          outcomes.push(outcome);
          each(outcome);
        }),
      );
      await Promise.all(players);
    }
    return outcomes;
  } finally {
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

interface PlayOptions {
  /** Which of them are played. Default: all. */
  readonly wanted?: (mutant: SourceMutant) => boolean;
  readonly each?: (outcome: Outcome) => void;
  readonly tests?: readonly string[];
}

/** Has processes, one after the other, play what is left in a queue. */
async function playQueue(
  player: string,
  program: string,
  queue: SourceMutant[],
  take: (outcome: Outcome) => void,
): Promise<void> {
  let process = await Player.start(player, program);
  const renew = async () => {
    process.end();
    process = await Player.start(player, program);
  };
  for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
    let answer = await process.ask(mutant);
    const isSuspect = answer.leaves !== undefined || answer.by === LOST;
    // Played among others, it may have been told apart by what one of these left behind.
    if (isSuspect && process.asked > 1) {
      await renew();
      answer = await process.ask(mutant);
    }
    if (isSuspect || answer.spent) await renew();
    take(outcomeOf(mutant, answer.by, answer.unreached ? 'no test reaches it' : null));
  }
  process.end();
}

const LOST = `it does not end within ${MUTANT_TIMEOUT} ms, or ends the process`;

/** A process that plays. */
class Player {
  asked = 0;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(player: string, program: string): Promise<Player> {
    const child = fork(player, [program, `${program}.json`], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let printed = '';
    child.stderr?.on('data', (text) => {
      printed += text;
    });
    const self = new Player(child);
    const ready = await self.#answer(10 * MUTANT_TIMEOUT);
    if (ready.by !== null) throw new Error(`the tests of the mutants cannot be run: ${printed}`);
    return self;
  }

  async ask({ id, file }: SourceMutant): Promise<Answer> {
    this.asked += 1;
    this.#child.send({ id, file } satisfies Question);
    return this.#answer(MUTANT_TIMEOUT);
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #answer(ms: number): Promise<Answer> {
    return new Promise((settle) => {
      const done = (answer: Answer) => {
        clearTimeout(timer);
        this.#child.removeAllListeners('message').removeAllListeners('exit');
        settle(answer);
      };
      const timer = setTimeout(() => done({ id: null, by: LOST }), ms);
      this.#child.once('message', (answer) => done(answer as Answer));
      this.#child.once('exit', () => done({ id: null, by: LOST }));
    });
  }
}

/** One module with the tests, each to be loaded by its name, and the sources with their mutants. */
async function bundleProgram({ texts }: Instrumented, tests: readonly string[], outfile: string): Promise<void> {
  const files = tests.map((test) => `${JSON.stringify(test)}: () => import(${JSON.stringify(`./${test}`)})`);
  await bundle({
    stdin: { contents: `export const files = {\n${files.join(',\n')}\n};`, resolveDir: resolve('.'), loader: 'ts' },
    outfile,
    plugins: [
      {
        name: 'mutants',
        setup: ({ onLoad }) => {
          const byPath = new Map(Object.entries(texts).map(([file, text]) => [resolve(file), text]));
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = byPath.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
}

const bundle = (options: Parameters<typeof build>[0]) =>
  build({ bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'silent', ...options });

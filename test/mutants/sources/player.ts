/**
 * A process that plays mutants: `node player.mjs <bundle> <rehearsal>`. The bundle holds the tests and the sources with every mutant
 * in them, so that a mutant costs the tests that reach it and nothing else. It is told one mutant after the other.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { collectTests, getFn, getHooks, type Suite, type Test, type VitestRunner } from '@vitest/runner';
import { type Answer, type Bundle, MUTANT_TIMEOUT, type Question, TEST_TIMEOUT } from './messages.js';
import { testsOf } from './subjects.js';

const { setTimeout } = globalThis; // tests replace it

/** What Stryker's instrumented code looks at and writes to. */
interface Namespace {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: { readonly static: Hits; readonly perTest: Record<string, Hits> };
  hitCount?: number;
  hitLimit?: number;
}
type Hits = Record<string, number>;

const namespace: Namespace = {};
Object.assign(globalThis, { __stryker__: namespace, isActiveMutant });

/** The switch of our own mutants; the same as Stryker's. */
function isActiveMutant(id: string): boolean {
  if (namespace.activeMutant !== id) {
    noteHit(id);
    return false;
  }
  namespace.hitCount = (namespace.hitCount ?? 0) + 1;
  if (namespace.hitCount > (namespace.hitLimit ?? Number.POSITIVE_INFINITY)) throw new Error('this does not end');
  return true;
}

function noteHit(id: string): void {
  namespace.mutantCoverage ??= { static: {}, perTest: {} };
  const { mutantCoverage, currentTestId } = namespace;
  if (currentTestId !== undefined) mutantCoverage.perTest[currentTestId] ??= {};
  const hits = currentTestId === undefined ? mutantCoverage.static : mutantCoverage.perTest[currentTestId];
  if (hits !== undefined) hits[id] = (hits[id] ?? 0) + 1;
}

/** Errors that no test catches. */
const stray: unknown[] = [];
process.on('uncaughtException', (error) => stray.push(error));
process.on('unhandledRejection', (error) => stray.push(error));

/** What is known of the tests without a mutant. */
interface Rehearsal {
  /** What each takes, in ms, by its name. */
  readonly ms: Readonly<Record<string, number>>;
  readonly coverage: NonNullable<Namespace['mutantCoverage']>;
}

/** A program with its tests, as loaded once. */
class Program {
  readonly #files: Bundle['files'];
  readonly #ready = new Set<Suite>();
  #tests: readonly Test[] = [];

  private constructor(files: Bundle['files']) {
    this.#files = files;
  }

  /** Loads the bundle again, under another name each time, so that what runs on loading runs with a mutant. */
  static async load(bundle: string, version: string): Promise<Program> {
    return new Program(((await import(`${pathToFileURL(bundle).href}?${version}`)) as Bundle).files);
  }

  /** Loads files of tests; answers their tests. */
  async collect(paths = Object.keys(this.#files)): Promise<readonly Test[]> {
    const runner: VitestRunner = {
      config: {
        root: process.cwd(),
        setupFiles: [],
        passWithNoTests: false,
        sequence: { seed: 1, hooks: 'stack', setupFiles: 'list' },
        chaiConfig: undefined,
        maxConcurrency: 1,
        testTimeout: MUTANT_TIMEOUT,
        hookTimeout: MUTANT_TIMEOUT,
        retry: 0,
        includeTaskLocation: false,
        tags: [],
        strictTags: false,
      } as never,
      importFile: async (path) => this.#files[path]?.(),
    };
    const collected = await collectTests(paths, runner);
    for (const { result, name } of collected)
      if (result?.errors?.length) throw new Error(`${name}: ${result.errors[0]?.message}`);
    this.#tests = collected.flatMap((file) => testsIn(file));
    return this.#tests;
  }

  /** Runs every test without a mutant: how long each takes, and which mutants it reaches. */
  async rehearse(): Promise<Rehearsal> {
    const ms: Record<string, number> = {};
    for (const test of this.#tests) {
      const began = performance.now();
      const failure = await this.#failureOf(test);
      if (failure !== null) throw new Error(`without any mutant, "${test.fullName}" fails: ${failure}`);
      ms[test.fullName] = performance.now() - began;
    }
    return { ms, coverage: namespace.mutantCoverage ?? { static: {}, perTest: {} } };
  }

  /** What tells a mutant from the original; null if nothing does. */
  async tell(id: string): Promise<Answer> {
    const hits = (test: Test) => rehearsal.coverage.perTest[test.id]?.[id] ?? 0;
    const reaching = this.#tests.filter((test) => hits(test) > 0);
    if (reaching.length === 0) return { id, by: null, unreached: true };
    for (const test of reaching.toSorted((a, b) => msOf(a) - msOf(b))) {
      const failure = await this.#failureOf(test, id, hits(test));
      if (failure === null) continue;
      const left = await this.#failureOf(test); // what a mutant leaves behind must not count against the next
      return { id, by: `${test.fullName}: ${failure}`, ...(left === null ? {} : { leaves: left }) };
    }
    return { id, by: null };
  }

  /** The same for a mutant that is active while its tests are loaded too: file by file, those of its source first. */
  async tellLoading({ id, file }: Question): Promise<Answer> {
    const tests = Object.keys(this.#files).toSorted((a, b) => msOfFile(a) - msOfFile(b));
    const own = testsOf(file).filter((test) => tests.includes(test));
    const others = tests.filter((test) => !own.includes(test));
    for (const path of [...own, ...others]) {
      namespace.activeMutant = id;
      for (const test of await this.collect([path])) {
        const failure = await this.#failureOf(test, id, Number.POSITIVE_INFINITY);
        if (failure !== null) return { id, by: `${test.fullName}: ${failure}` };
      }
    }
    return { id, by: null };
  }

  async #failureOf(test: Test, mutant?: string, hits = 0): Promise<string | null> {
    stray.length = 0;
    const suites = suitesOf(test);
    try {
      for (const suite of suites) {
        if (this.#ready.has(suite)) continue;
        this.#ready.add(suite);
        for (const hook of getHooks(suite).beforeAll) await hook(suite as never);
      }
      Object.assign(namespace, {
        activeMutant: mutant,
        currentTestId: test.id,
        hitCount: 0,
        hitLimit: 100 * hits + 1_000,
      });
      await Promise.race([runWithHooks(test, suites), tooLong(test)]);
      await new Promise((resolve) => setImmediate(resolve)); // rejections without a handler are known by then
      return stray.length === 0 ? null : `an error that nothing caught: ${stray[0]}`;
    } catch (error) {
      return String((error as Error)?.message ?? error);
    } finally {
      namespace.activeMutant = undefined;
      namespace.currentTestId = undefined;
    }
  }
}

async function runWithHooks(test: Test, suites: readonly Suite[]): Promise<void> {
  try {
    for (const suite of suites) for (const hook of getHooks(suite).beforeEach) await hook(test.context as never, suite);
    await getFn(test)();
  } finally {
    for (const suite of suites.toReversed())
      for (const hook of getHooks(suite).afterEach) await hook(test.context as never, suite);
  }
}

/** Rejects once a test takes much longer than without a mutant: it waits for something that does not come. */
async function tooLong(test: Test): Promise<never> {
  const limit = TEST_TIMEOUT + 20 * msOf(test);
  await new Promise((resolve) => setTimeout(resolve, limit));
  throw new Error('it does not end');
}

function testsIn(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => (task.type === 'test' ? (task.mode === 'run' ? [task] : []) : testsIn(task)));
}

/** The suites around a test, the file first. */
function suitesOf(test: Test): Suite[] {
  const suites: Suite[] = [];
  for (let suite: Suite | undefined = test.suite; suite; suite = suite.suite) suites.unshift(suite);
  return suites.includes(test.file) ? suites : [test.file, ...suites];
}

const [bundle = '', rehearsed = ''] = process.argv.slice(2);
const fail = (error: unknown): never => {
  process.stderr.write(`${(error as Error)?.message ?? error}\n`);
  process.exit(1);
};
const program = await Program.load(bundle, 'first').catch(fail);
await program.collect().catch(fail);
// The first process writes down what it finds out, for those that go on after it.
let rehearsal: Rehearsal = { ms: {}, coverage: { static: {}, perTest: {} } };
const msOf = ({ fullName }: Test) => rehearsal.ms[fullName] ?? MUTANT_TIMEOUT;
const msOfFile = (file: string) =>
  Object.entries(rehearsal.ms).reduce((sum, [name, ms]) => (name.startsWith(`${file} `) ? sum + ms : sum), 0);
if (existsSync(rehearsed)) rehearsal = JSON.parse(readFileSync(rehearsed, 'utf8'));
else {
  rehearsal = await program.rehearse().catch(fail);
  writeFileSync(rehearsed, JSON.stringify(rehearsal));
}
process.on('message', async (question: Question) => {
  process.send?.((await answerFor(question)) satisfies Answer);
});
process.on('disconnect', () => process.exit());
process.send?.({ id: null, by: null } satisfies Answer);

/** Copies of the program stay in memory: after so many, another process goes on. */
const MOST_COPIES = 25;
let copies = 0;

async function answerFor(question: Question): Promise<Answer> {
  const { id } = question;
  if (rehearsal.coverage.static[id] === undefined) return program.tell(id);
  copies += 1;
  const spent = copies < MOST_COPIES ? {} : ({ spent: true } as const);
  namespace.activeMutant = id;
  try {
    const loaded = await Program.load(bundle, id);
    return { ...(await loaded.tellLoading(question)), ...spent };
  } catch (error) {
    return { id, by: `it cannot be loaded: ${String(error)}`, ...spent };
  } finally {
    namespace.activeMutant = undefined;
  }
}

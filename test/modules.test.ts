/** Each module is tested where one looks for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
/** Shorter modules are tested by what uses them. */
const MOST_LINES_UNTESTED = 30;

/** Modules that need no test file of their name, and why; a folder ends with a slash. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/diagram/layouts/': 'generated: test/docs/generated.model.test.ts holds them to the charts',
  'src/viewer/page/': 'needs a document: driven as a whole in Chromium by test/viewer/chromium.runtime.test.ts',
  'src/reference/states.ts': 'its page is compared by test/docs/generated.model.test.ts, as are the next two',
  'src/reference/voice.ts': 'a page of tables that have tests of their own',
  'src/reference/files.ts': 'compared file by file',
  'src/reference/outcomes.ts': 'its tables are those that close-codes.test.ts, events.test.ts and stories.test.ts read',
  'machines/client.ts': 'a list of names: test/public.test.ts',
  'src/diagram/placed.ts': 'types and sizes alone',
  'src/conformance/case.ts': 'types alone, and words for the grades',
  'src/cli/check/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/conform/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  ...Object.fromEntries(
    [
      ...['awaiting-room', 'closing', 'heartbeat', 'locating', 'open', 'overdue', 'reaching', 'rows', 'session'].map(
        (part) => `shard/${part}`,
      ),
      ...['answers', 'heartbeat', 'open', 'rows', 'session'].map((part) => `gateway/${part}`),
    ].map((part) => [
      `machines/${part}.ts`,
      'a part of the chart, which chart.test.ts and chart.model.test.ts hold as a whole',
    ]),
  ),
  'src/cli/diagram/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/explore/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/paths/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/replay/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/run/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/cli/serve/command.ts': "a declaration: test/cli/declarations.test.ts and the command's own tests hold it",
  'src/host/audience.ts': 'types alone',
  'src/ports/limiter.ts': 'types alone',
  'src/ports/locator.ts': 'types alone, and an error',
  'src/ports/permit.ts': 'types alone, and a number',
  'src/ports/socket.ts': 'types alone',
  'src/ports/store.ts': 'types alone',
  'src/testing.ts': 'a list of names: test/public.test.ts',
  'src/viewer/model/moments.ts': 'types alone',
};

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));

const modules = ['src', 'machines']
  .flatMap(files)
  .filter((file) => /(?<!\.d)\.ts$/.test(file) && !/\/index\.ts$/.test(file));
const tests = new Set(files('test').map((file) => file.replace(/(\.(core|runtime|model|long))?\.test\.tsx?$/, '')));

const linesOf = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1;
const testOf = (file: string) =>
  file
    .replace(/^src\//, 'test/')
    .replace(/^machines\//, 'test/machines/')
    .replace(/\.ts$/, '');
const exceptionFor = (file: string) =>
  Object.keys(EXCEPTIONS).find((each) => file === each || (each.endsWith('/') && file.startsWith(each)));

describe('the tests', () => {
  it('have a file of the name of every module with more than 30 lines, but for the exceptions', () => {
    const untested = modules.filter(
      (file) => linesOf(file) > MOST_LINES_UNTESTED && !tests.has(testOf(file)) && exceptionFor(file) === undefined,
    );
    expect(untested).toEqual([]);
  });

  it('make no exception that is not needed', () => {
    const needed = new Set(
      modules.filter((file) => linesOf(file) > MOST_LINES_UNTESTED && !tests.has(testOf(file))).map(exceptionFor),
    );
    expect(Object.keys(EXCEPTIONS).filter((each) => !needed.has(each))).toEqual([]);
  });
});

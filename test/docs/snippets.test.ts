import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROOT, snippetsIn } from './pages.js';
import { bundle } from './run.js';

const SNIPPETS = snippetsIn('ts');

/** What snippets may use without saying where it comes from. */
const GLOBALS = `
  import type { Shard } from 'gatechart';
  declare global { const token: string; const shard: Shard; }
`;

/** Type-checks all snippets in one program, against the sources: the package finds itself by its name. */
function complaints(): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const files = new Map(SNIPPETS.map(({ code }, i) => [join(ROOT, `snippet-${i}.ts`), `${code}\nexport {};\n`]));
  const globals = join(ROOT, 'snippet-globals.d.ts');
  const text = (path: string) => (path === globals ? GLOBALS : files.get(path));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => text(path) !== undefined || fileExists(path);
  host.readFile = (path) => text(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const own = text(path);
    return own === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, own, language);
  };
  const program = ts.createProgram([globals, ...files.keys()], { ...options, noUnusedLocals: false }, host);
  return new Map(
    [...files.keys()].map((path, i) => {
      const file = program.getSourceFile(path);
      const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      return [
        SNIPPETS[i]?.at ?? '',
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
      ];
    }),
  );
}

/** The lines that a snippet says it prints: comments behind a call of console.log, and those on lines of their own below. */
function promised(code: string): string[] {
  let isPrinting = false;
  return code.split('\n').flatMap((line) => {
    const [, call, comment] = /^(.*console\.log\(.*\);)? ?(?:\/\/ (.*))?$/.exec(line) ?? [];
    if (call !== undefined) isPrinting = true;
    else if (comment === undefined) isPrinting = false;
    return isPrinting && comment !== undefined ? [comment] : [];
  });
}

describe('a snippet of the documentation', () => {
  const found = complaints();
  it.each(SNIPPETS)('type-checks: $at', ({ at }) => {
    expect(found.get(at)).toEqual([]);
  });

  it.each(SNIPPETS.filter(({ info }) => info === 'ts run'))(
    'prints what it says: $at',
    async ({ code }) => {
      const { stdout } = await promisify(execFile)('node', [await bundle(code)], { timeout: 20_000 });
      expect(stdout.trimEnd().split('\n')).toEqual(promised(code));
    },
    30_000,
  );
});

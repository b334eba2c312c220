import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './pages.js';

/** What a snippet may use without saying where it comes from. */
const GLOBALS = `
  import type { Shard } from 'gatechart';
  declare global { const token: string; const shard: Shard; }
`;

/** What the compiler has against each of these modules, against the sources; all in one program, since that takes seconds. */
export function complaintsAbout(modules: readonly string[]): readonly string[][] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const paths = modules.map((_, i) => join(ROOT, `snippet-${i}.ts`));
  const files = new Map(modules.map((code, i) => [paths[i], `${code}\nexport {};\n`]));
  const globals = join(ROOT, 'snippet-globals.d.ts');
  files.set(globals, GLOBALS);

  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, language, ...rest) => {
    const own = files.get(path);
    return own === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, own, language);
  };
  const program = ts.createProgram([globals, ...paths], { ...options, noUnusedLocals: false }, host);
  return paths.map((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    );
  });
}

/**
 * Checks the package as users get it: packs it, lints the tarball, installs it in an empty folder,
 * and there imports, type-checks, bundles and runs it. Each check is one row below; the first that fails ends the run.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The entries of the package that run in Node, and exports without which they would be useless. */
const ENTRIES = {
  gatechart: ['createShard', 'createShardLogic', 'Intents', 'Opcode'],
  'gatechart/machines': ['shardMachine', 'CLOSE_CODES', 'INTENTS', 'intentBits', 'gatewayUrl'],
  'gatechart/ws': ['ws'],
  'gatechart/web': [],
  'gatechart/file': [],
  'gatechart/zlib': ['zlibInflate'],
  'gatechart/fzstd': ['fzstdInflate'],
  'gatechart/testing': ['explore'],
  'gatechart/trace': ['redactor'],
  'gatechart/diagram': ['mermaid'],
  'gatechart/inspect': ['statelyInspector', 'startRelay'],
  'gatechart/simulator': [],
};
/** Those that run in a browser as well. */
const BROWSER_ENTRIES = [
  'gatechart',
  'gatechart/machines',
  'gatechart/web',
  'gatechart/fzstd',
  'gatechart/trace',
  'gatechart/diagram',
  'gatechart/inspect',
  'gatechart/simulator',
];

const root = join(import.meta.dirname, '..');
const temp = mkdtempSync(join(tmpdir(), 'gatechart-package-'));
const consumer = join(temp, 'consumer');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let tarball = '';

/** Runs a program and returns what it printed; when it fails, shows that and throws. */
function run(program, args, cwd = root) {
  try {
    return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    console.error(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw new Error(`${program} ${args.join(' ')} failed`);
  }
}
const tool = (name, ...args) => run(join(root, 'node_modules/.bin', name), args);
const demand = (condition, message) => {
  if (!condition) throw new Error(message);
};
const write = (name, text) => writeFileSync(join(consumer, name), text);

const CHECKS = {
  'packs, and holds what it needs and no more': () => {
    run('npm', ['run', 'build']);
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', temp]));
    tarball = join(temp, packed.filename);
    const files = packed.files.map(({ path }) => path);
    for (const needed of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/viewer/index.html'])
      demand(files.includes(needed), `${needed} is missing`);
    const strange = files.filter(
      (path) => !/^(dist|machines|src|adapters|vectors)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(path),
    );
    demand(strange.length === 0, `unexpected files: ${strange.join(', ')}`);
    return `${files.length} files, ${Math.round(packed.size / 1024)} kB packed, ${Math.round(packed.unpackedSize / 1024)} kB unpacked`;
  },
  'lists each entry in the manifest': () => {
    const listed = Object.keys(manifest.exports).filter((entry) => !entry.endsWith('.json') && !entry.endsWith('*')); // data
    const checked = Object.keys(ENTRIES).map((entry) => entry.replace(/^gatechart/, '.'));
    demand(`${listed.sort()}` === `${checked.sort()}`, `package.json exports ${listed}, this script checks ${checked}`);
  },
  'passes publint': () => tool('publint', 'run', tarball, '--strict') && '',
  'has types that every resolver finds': () =>
    tool('attw', tarball, '--profile', 'esm-only', '--no-color', '--no-emoji') && '',
  'installs in an empty folder': () => {
    run('mkdir', ['-p', consumer]);
    write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], consumer);
    const { packages } = JSON.parse(readFileSync(join(consumer, 'package-lock.json'), 'utf8'));
    return `with ${Object.keys(packages).filter((path) => path.startsWith('node_modules/')).length - 1} dependencies`;
  },
  'imports in Node': () => {
    const lines = Object.entries(ENTRIES).map(
      ([entry, names]) => `
        const [entry, names] = ${JSON.stringify([entry, names])};
        const found = Object.keys(await import(entry));
        const missing = names.filter((name) => !found.includes(name));
        if (found.length === 0 || missing.length > 0) throw new Error(\`\${entry} lacks \${missing}; it has \${found}\`);`,
    );
    write('import.mjs', lines.map((line) => `{${line}}`).join('\n'));
    run('node', ['import.mjs'], consumer);
    return Object.keys(ENTRIES).join(', ');
  },
  'type-checks in a strict project that checks libraries too': () => {
    const imports = Object.keys(ENTRIES).map(
      (entry, i) => `import * as entry${i} from '${entry}';\nexport { entry${i} };`,
    );
    write('consumer.ts', imports.join('\n'));
    for (const resolution of [
      ['--module', 'nodenext'],
      ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ]) {
      const flags = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--target',
        'es2022',
        '--types',
        'node',
        ...resolution,
      ];
      run(join(root, 'node_modules/.bin/tsc'), [...flags, 'consumer.ts'], consumer);
    }
  },
  'bundles for a browser without anything of Node': async () => {
    const sizes = [];
    for (const entry of BROWSER_ENTRIES) {
      const { metafile, outputFiles } = await build({
        stdin: { contents: `export * from '${entry}';`, resolveDir: consumer },
        bundle: true,
        minify: true,
        platform: 'browser', // makes any import of a Node module an error
        format: 'esm',
        write: false,
        metafile: true,
        logLevel: 'error',
      });
      const strange = Object.keys(metafile.inputs).filter((path) =>
        /node_modules\/(?!gatechart\/|xstate\/)/.test(path),
      );
      demand(strange.length === 0, `${entry} brings ${strange.join(', ')} into the browser`);
      sizes.push(`${entry} ${Math.round(outputFiles[0].contents.length / 1024)} kB`);
    }
    return `${sizes.join(', ')}, minified with xstate`;
  },
  'runs as a command': () => {
    const help = run('npx', ['--no-install', 'gatechart', '--help'], consumer);
    demand(/usage: gatechart/i.test(help), `gatechart --help printed: ${help}`);
    const version = run('npx', ['--no-install', 'gatechart', '--version'], consumer).trim();
    demand(version === manifest.version, `gatechart --version printed ${version}, the package is ${manifest.version}`);
  },
};

try {
  for (const [name, check] of Object.entries(CHECKS)) {
    const started = performance.now();
    const detail = await check();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`ok   the package ${name}${detail ? ` (${detail})` : ''}, ${seconds} s`);
  }
} catch (error) {
  console.error(`FAIL ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}

/**
 * Checks the package as users get it: packs it, lints the tarball, installs it in an empty folder,
 * and there imports, type-checks, bundles and runs it. Each check is one row below; the first that fails ends the run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { PACKAGES as BUNDLERS, bundlersIn } from './bundlers.mjs';

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

/** The oldest of each line of Node in which `require` takes ES modules. */
const NODES_THAT_REQUIRE = ['node@20.19.0', 'node@22.12.0'];
/** TypeScript besides our own, the oldest that works first. docs/supported.md names it. */
const OLD_TYPESCRIPTS = ['5.0', '5.6'];
/** Without `skipLibCheck`: older ones do not know what `@types/node` says. */
const OLDEST_FOR_LIBRARIES = '5.6';
const RESOLUTIONS = [
  ['--module', 'nodenext'],
  ['--module', 'esnext', '--moduleResolution', 'bundler'],
];
/** What TypeScript says of an exported declaration whose inferred type has no name. */
const CANNOT_BE_NAMED = /error TS(2742|2883|4\d{3}|7056):/;

/** What a bot installs at most, ours and XState included. */
const MOST_PACKAGES = 5;
/** The largest package, packed and unpacked, in kB. */
const MOST_KB = { packed: 2_048, unpacked: 9_216 };

const root = join(import.meta.dirname, '..');
const temp = mkdtempSync(join(tmpdir(), 'gatechart-package-'));
const consumer = join(temp, 'consumer');
/** A project in which a package sees what it depends on and nothing else, as pnpm makes them. */
const linked = join(temp, 'linked');
/** Bundlers and compilers. */
const tools = join(temp, 'tools');
/** Bundles, with no package beside them. */
const bundled = join(temp, 'bundled');
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

/** Installs packages in a new project. */
function install(folder, ...packages) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...packages], folder);
}

const ourTypescript = join(root, 'node_modules/typescript');
const oldTypescript = (version) => join(tools, `node_modules/typescript-${version}`);
const STRICT = ['--strict', '--target', 'es2022'];
const compile = (typescript, ...flags) => run('node', [join(typescript, 'bin/tsc'), ...STRICT, ...flags], linked);
/** With our TypeScript as both kinds of projects resolve, and with older ones. */
function compileAll(older, flags) {
  for (const resolution of RESOLUTIONS) compile(ourTypescript, ...resolution, ...flags);
  for (const compiler of older) compile(compiler, ...RESOLUTIONS[0], ...flags);
}
/** Returns what our TypeScript says, errors included. */
const compileAnyway = (...flags) =>
  spawnSync('node', [join(ourTypescript, 'bin/tsc'), ...STRICT, ...flags], { cwd: linked, encoding: 'utf8' }).stdout;

/** Writes a file whose exports are inferred from all of an entry: what is exported, what it returns, and the parts of that. */
async function inferences(entry) {
  const lines = Object.entries(await import(entry)).flatMap(([name, value]) => {
    if (typeof value !== 'function') return [`export const parts_${name} = { ...entry.${name} };`];
    const isClass = String(value).startsWith('class');
    const call = `${isClass ? 'new ' : ''}entry.${name}(${Array(value.length).fill('any')})`;
    return [
      `export const made_${name} = ${call};`,
      `export const parts_${name} = async () => ({ ...(await ${call}) });`,
    ];
  });
  const file = `${entry.replace('/', '-')}.ts`;
  const head = `import * as entry from '${entry}';\ndeclare const any: any;\nexport const all = { ...entry };\n`;
  writeFileSync(join(linked, file), head + lines.join('\n'));
  return file;
}

/** The bytes of all files of a folder. */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);
}

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
    const kB = { packed: Math.round(packed.size / 1024), unpacked: Math.round(packed.unpackedSize / 1024) };
    for (const [what, most] of Object.entries(MOST_KB))
      demand(kB[what] <= most, `${kB[what]} kB ${what}, ${most} at most`);
    return `${files.length} files, ${kB.packed} kB packed, ${kB.unpacked} kB unpacked`;
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
    install(consumer, tarball);
    const { packages } = JSON.parse(readFileSync(join(consumer, 'package-lock.json'), 'utf8'));
    const names = Object.keys(packages).flatMap((path) => (path === '' ? [] : [path.replace('node_modules/', '')]));
    demand(names.length <= MOST_PACKAGES, `it installs ${names.length} packages: ${names.join(', ')}`);
    return `${names.length} packages: ${names.join(', ')}; ${Math.round(sizeOf(join(consumer, 'node_modules')) / 1024)} kB`;
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
  'is required by CommonJS in the oldest Nodes that can': () => {
    const lines = Object.entries(ENTRIES).flatMap(([entry, names]) => [
      `require('${entry}');`,
      ...names.map((name) => `require('${entry}').${name}.valueOf();`),
    ]);
    write('require.cjs', lines.join('\n'));
    for (const node of NODES_THAT_REQUIRE) run('npx', ['--yes', node, 'require.cjs'], consumer);
    return NODES_THAT_REQUIRE.join(', ');
  },
  'holds no await that runs on import, which would end require()': async () => {
    const folder = join(consumer, 'node_modules/gatechart');
    const files = readdirSync(join(folder, 'dist'), { recursive: true }).map((path) => join('dist', path));
    const modules = files.filter((path) => path.endsWith('.js') && !path.startsWith('dist/src/cli/')); // programs
    for (const file of modules)
      await transform(readFileSync(join(folder, file), 'utf8'), {
        format: 'cjs',
        sourcefile: file,
        logLevel: 'silent',
      });
    return `${modules.length} modules`;
  },
  'installs where each package sees only what it depends on': () => {
    install(
      linked,
      '--install-strategy=linked',
      tarball,
      `xstate@${manifest.peerDependencies.xstate}`,
      '@types/node@20',
    );
    const compilers = OLD_TYPESCRIPTS.map((version) => `typescript-${version}@npm:typescript@~${version}.0`);
    install(tools, ...BUNDLERS, ...compilers);
  },
  'type-checks in a strict project that checks libraries too': () => {
    const exported = Object.keys(ENTRIES).map((entry, i) => `export * as entry${i} from '${entry}';`);
    writeFileSync(join(linked, 'entries.ts'), exported.join('\n'));
    const flags = ['--noEmit', '--skipLibCheck', 'false', '--types', 'node', 'entries.ts'];
    compileAll([oldTypescript(OLDEST_FOR_LIBRARIES)], flags);
    return `TypeScript ${OLDEST_FOR_LIBRARIES} and later`;
  },
  'has a name for every type that declarations of a bot need': () => {
    copyFileSync(join(import.meta.dirname, 'consumer/types.ts'), join(linked, 'types.ts'));
    const flags = ['--skipLibCheck', '--declaration', '--outDir', 'out', 'types.ts'];
    compileAll(OLD_TYPESCRIPTS.map(oldTypescript), flags);
    return `TypeScript ${OLD_TYPESCRIPTS[0]} and later`;
  },
  'has a name for what each of its exports is and gives': async () => {
    const files = await Promise.all(Object.keys(ENTRIES).map(inferences));
    const flags = ['--skipLibCheck', '--declaration', '--outDir', 'out', ...files];
    // They are called with `any`, so other errors mean nothing; and XState does not export all of its own types.
    const told = compileAnyway(...RESOLUTIONS[0], ...flags).split('\n');
    const unnamed = told.filter((line) => CANNOT_BE_NAMED.test(line) && !line.includes('xstate/dist/'));
    demand(unnamed.length === 0, unnamed.join('\n'));
  },
  'is bundled for Node, and the bundle runs without any package beside it': async () => {
    const bundlers = Object.entries(bundlersIn(tools));
    copyFileSync(join(import.meta.dirname, 'consumer/bot.mjs'), join(consumer, 'bot.mjs'));
    for (const [name, bundle] of bundlers) {
      for (const [format, ending] of Object.entries({ cjs: 'cjs', esm: 'mjs' })) {
        const output = join(bundled, `${name}.${ending}`);
        const warnings = await bundle(join(consumer, 'bot.mjs'), output, format);
        const ours = warnings.filter((text) => text.includes('gatechart/'));
        demand(ours.length === 0, `${name} (${format}) warns: ${ours.join('\n')}`);
        demand(
          run('node', [output], bundled) === 'ready: true\n',
          `the bundle of ${name} (${format}) printed something else`,
        );
      }
    }
    return bundlers.map(([name]) => name).join(', ');
  },
  'finds an optional package beside a bundle': () => {
    cpSync(join(root, 'node_modules/fzstd'), join(bundled, 'node_modules/fzstd'), { recursive: true });
    for (const file of readdirSync(bundled).filter((name) => /\.[cm]js$/.test(name)))
      demand(run('node', [file, 'zstd-stream'], bundled) === 'made: stopped\n', `${file} printed something else`);
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
  'plays the demo': () => {
    const told = run('npx', ['--no-install', 'gatechart', 'demo'], consumer);
    demand(told.length > 0, 'gatechart demo printed nothing');
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

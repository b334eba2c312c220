/**
 * Reports what each entry of the package exports, with its declarations, in docs/api, so that a change to the public
 * surface shows in a diff. Without an argument: compares the reports with dist/ and fails where they differ.
 * `--write` writes them. dist/ has to be built: `npm run api` does both.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs/api');
const temp = mkdtempSync(join(tmpdir(), 'gatechart-api-'));
const isWriting = process.argv.includes('--write');

/** Entries whose list in browsers is the one that the entry for Node extends: test/public.test.ts holds them to it. */
const SHARED = ['.', './simulator'];

/** The declarations of each entry by the name of its report; one for browsers, where it has a list of its own. */
function entries() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.entries(exports).flatMap(([entry, { types, browser }]) => {
    if (types === undefined) return []; // data
    const name = entry === '.' ? 'gatechart' : basename(entry);
    const own = browser !== undefined && !SHARED.includes(entry);
    return [[name, types], ...(own ? [[`${name}.browser`, browser.types]] : [])];
  });
}

const NONE = { default: { logLevel: 'none' } };

function configOf(name, types, reportFolder) {
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(root, types),
      newlineKind: 'lf',
      compiler: { tsconfigFilePath: join(root, 'tsconfig.json') },
      apiReport: { enabled: true, reportFileName: `${name}.api.md`, reportFolder, reportTempFolder: temp },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: NONE,
        extractorMessageReporting: NONE,
        tsdocMessageReporting: NONE,
      },
    },
    packageJsonFullPath: join(root, 'package.json'),
  });
}

/** Writes the report where it differs, and says whether it did. */
function report(config, compilerState) {
  return Extractor.invoke(config, {
    compilerState,
    localBuild: isWriting,
    messageCallback: (message) => {
      message.handled = true; // what differs is said below
    },
  }).apiReportChanged;
}

const reports = entries();
const missing = reports.filter(([, types]) => !existsSync(join(root, types)));
if (missing.length > 0) {
  console.error(`${missing.map(([, types]) => types).join(', ')} is missing: npm run build`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
try {
  const configs = reports.map(([name, types]) => configOf(name, types, folder));
  const state = CompilerState.create(configs[0], {
    additionalEntryPoints: configs.slice(1).map((config) => config.mainEntryPointFilePath),
  });
  const changed = configs
    .filter((config) => report(config, state))
    .map(({ reportFilePath }) => basename(reportFilePath));
  const names = reports.map(([name]) => `${name}.api.md`);
  const stale = readdirSync(folder).filter((file) => !names.includes(file));
  if (isWriting) for (const file of stale) rmSync(join(folder, file));
  const differing = [...changed, ...stale];
  if (!isWriting && differing.length > 0) {
    console.error(`docs/api is not what dist/ exports: ${differing.join(', ')}.`);
    console.error('If the change is meant, run `npm run api` and commit the reports; CHANGELOG.md tells users of it.');
    process.exitCode = 1;
  } else console.log(`${names.length} reports in docs/api, ${differing.length} ${isWriting ? 'written' : 'differing'}`);
} finally {
  rmSync(temp, { recursive: true, force: true });
}

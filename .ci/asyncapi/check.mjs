/**
 * Has AsyncAPI's own parser read the document that `gatechart spec` prints; fails with anything that it has to say.
 * `node .ci/asyncapi/check.mjs`, after `npm run build`; installs the parser beside itself, without scripts.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '../..');
execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: here, stdio: 'inherit' });

const text = execFileSync(process.execPath, [join(root, 'dist/src/cli/bin.js'), 'spec'], {
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
const { Parser } = createRequire(join(here, 'package.json'))('@asyncapi/parser');
const { document, diagnostics } = await new Parser().parse(text);
for (const { severity, code, message, path } of diagnostics) {
  console.error(`${['error', 'warning', 'information', 'hint'][severity]} ${code}: ${message} (${path.join('.')})`);
}
const messages = document?.messages().length ?? 0;
console.log(`AsyncAPI ${document?.version()}: ${messages} messages, ${diagnostics.length} diagnostics`);
process.exitCode = diagnostics.length === 0 && messages > 90 ? 0 : 1;

/** Makes the viewer: one page that holds all it needs. `node .ci/viewer.mjs` writes dist/viewer/index.html. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { licencesOf } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const source = (name) => readFileSync(join(root, 'src/viewer', name), 'utf8');

/** The page as HTML, with the licences of what is in it. Its own policy lets nothing run but what stands in it. */
export async function buildViewer() {
  const { code: script, licences } = await bundle(join(root, 'src/viewer/main.ts'));
  const { code: style } = await transform((await chartStyle()) + source('style.css'), { loader: 'css', minify: true });
  const inline = { style: style.trim(), script: script.replaceAll('</script', '<\\/script').trim() };
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return source('index.html')
    .replace('SCRIPT_HASH', () => hash(inline.script))
    .replace('STYLE_HASH', () => hash(inline.style))
    .replace('/* style */', () => inline.style)
    .replace('/* script */', () => inline.script)
    .concat(`<!--\n${licences.replaceAll('--', '- -')}\n-->\n`);
}

async function bundle(entry, format = 'iife') {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format,
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'error',
    // A page is as small as what it uses: the package says that its modules have no side effects.
  });
  return { code: outputFiles[0].text, licences: licencesOf(metafile.inputs) };
}

/** The pictures' own style, which the page has instead of each picture. */
async function chartStyle() {
  const { code } = await bundle(join(root, 'src/diagram/theme.ts'), 'esm');
  const { styleOf } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return styleOf('auto');
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(join(root, 'dist/viewer'), { recursive: true });
  writeFileSync(join(root, 'dist/viewer/index.html'), await buildViewer());
}

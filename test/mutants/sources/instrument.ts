/**
 * Sources with every mutant in them, each behind a switch. Two sets: those of Stryker's instrumenter, and those of our
 * operators. Both tell by `globalThis.__stryker__` which mutant is active and which were reached.
 */
import { readFileSync } from 'node:fs';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import ts from 'typescript';
import { type Change, changesTo } from './operators.js';

/** A mutant, known by what it changes and not by where it stands. */
export interface SourceMutant {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
}

/** Sources by their paths, with all mutants of a set in them. */
export interface Instrumented {
  readonly mutants: readonly SourceMutant[];
  readonly texts: Readonly<Record<string, string>>;
}

const SILENT = new Proxy({} as never, { get: (_, name) => (String(name).startsWith('is') ? () => false : () => {}) });

/** The mutants that Stryker makes. */
export async function byStryker(files: readonly string[]): Promise<Instrumented> {
  const sources = files.map((name) => ({ name, content: readFileSync(name, 'utf8'), mutate: true }));
  const options = { plugins: null, excludedMutations: [], ignorers: [] };
  const { files: written, mutants } = await new Instrumenter(SILENT).instrument(sources, options);
  const naming = namer();
  const trees = new Map(sources.map(({ name, content }) => [name, treeOf(name, content)]));
  return {
    mutants: mutants.map(({ id, fileName: file, mutatorName, location: { start, end }, replacement }) => {
      const tree = trees.get(file) as ts.SourceFile;
      const at = (place: { line: number; column: number }) =>
        tree.getPositionOfLineAndCharacter(place.line, place.column);
      return { id, file, kind: mutatorName, name: naming(tree, at(start), at(end), replacement) };
    }),
    texts: Object.fromEntries(written.map(({ name, content }) => [name, content])),
  };
}

/** The mutants that our operators make. */
export function byOperators(files: readonly string[]): Instrumented {
  const naming = namer();
  const mutants: SourceMutant[] = [];
  const texts: Record<string, string> = {};
  for (const file of files) {
    const tree = treeOf(file, readFileSync(file, 'utf8'));
    const changes = changesTo(tree).map((change) => {
      const id = `own-${mutants.length}`;
      const name = naming(tree, change.start, change.end, change.replacement);
      mutants.push({ id, file, kind: change.operator, name });
      return { ...change, id };
    });
    texts[file] = `${SWITCH}${render(tree, changes)}`;
  }
  return { mutants, texts };
}

/** Whether a mutant is active; notes that its place was reached. */
const SWITCH = 'const isActive$ = (id: string): boolean => (globalThis as any).isActiveMutant(id);';

/** The text of a tree with every change behind its switch; changes within changed text are kept in what was there before. */
function render(tree: ts.SourceFile, changes: readonly (Change & { id: string })[]): string {
  const text = tree.getFullText();
  const within = (start: number, end: number, inner: readonly (Change & { id: string })[]): string => {
    let out = '';
    let at = start;
    for (let i = 0; i < inner.length; ) {
      const { start: from, end: to } = inner[i] as Change;
      const here = inner.slice(i).filter((change) => change.start === from && change.end === to);
      const deeper = inner
        .slice(i)
        .filter((change) => change.start >= from && change.end <= to && !here.includes(change));
      out += text.slice(at, from) + switched(here, within(from, to, deeper));
      at = to;
      i += here.length + deeper.length;
    }
    return out + text.slice(at, end);
  };
  const outermostFirst = changes.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return within(0, text.length, outermostFirst);
}

function switched(changes: readonly (Change & { id: string })[], original: string): string {
  return changes.reduce(
    (text, { id, replacement }) =>
      replacement === ''
        ? `{ if (!isActive$('${id}')) { ${text} } }`
        : `(isActive$('${id}') ? ${replacement} : ${text})`,
    original,
  );
}

const treeOf = (file: string, text: string) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** Names mutants: the file, the declaration around it, what stands there and what it becomes; numbered where alike. */
function namer() {
  const times = new Map<string, number>();
  return (tree: ts.SourceFile, start: number, end: number, replacement: string): string => {
    const place = [tree.fileName, around(tree, start)].filter((part) => part !== '').join(' ');
    const name = `${place}: ${brief(tree.getFullText().slice(start, end))} → ${brief(replacement) || 'nothing'}`;
    const count = (times.get(name) ?? 0) + 1;
    times.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

const MOST_CHARACTERS = 100;

function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)}…`;
}

/** The declarations around a place, outermost first: `Host.dispose`. */
function around(tree: ts.SourceFile, position: number): string {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (position < node.getStart(tree) || position >= node.end) return;
    const named =
      ts.isClassDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isAccessor(node) ||
      ts.isPropertyDeclaration(node) ||
      ts.isVariableDeclaration(node);
    if (named && node.name) names.push(node.name.getText(tree).replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS));
    if (ts.isConstructorDeclaration(node)) names.push('constructor');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return names.join('.');
}

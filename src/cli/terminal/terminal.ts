import { styleText } from 'node:util';
import { printable } from '../../telling/printable.js';
import type { Io, Output } from './io.js';

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan', 'magenta'] as const;

/** How text is painted; functions that change nothing where colours are off. */
export type Colors = Readonly<Record<(typeof STYLES)[number], (text: string) => string>>;

/** Whether there are colours is decided by the caller, and not by the state of this process. */
function colorsThatAre(on: boolean): Colors {
  const painting = (style: (typeof STYLES)[number]) => (text: string) =>
    on ? styleText(style, text, { validateStream: false }) : text;
  return Object.fromEntries(STYLES.map((style) => [style, painting(style)])) as Colors;
}

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly align?: 'left' | 'right';
  readonly paint?: (text: string) => string;
}

const WIDEST = 100;

/**
 * Text for people, of which the terminal obeys nothing but in `line`, `lines` and `write`, which take colours: lines, wrapped paragraphs, tables. How far a command is stands on one line that changes, on stderr,
 * so that it shows while stdout is read by something else.
 */
export class Terminal {
  readonly colors: Colors;
  readonly width: number;
  /** Whether somebody sees a status. */
  readonly isLive: boolean;
  readonly #out: Output;
  readonly #err: Output;
  readonly #statusWidth: number;
  #hasStatus = false;

  constructor({ out, err, env }: Pick<Io, 'out' | 'err' | 'env'>) {
    const canPaint = (output: Output) => output.isTTY === true && env.TERM !== 'dumb';
    this.#out = out;
    this.#err = err;
    this.isLive = canPaint(err);
    this.colors = colorsThatAre(env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : canPaint(out) && !env.NO_COLOR);
    this.width = Math.min(out.columns || 80, WIDEST);
    this.#statusWidth = Math.min(err.columns || 80, WIDEST) - 1;
  }

  line(text = ''): void {
    this.write(`${text}\n`);
  }

  /** Text as it is. */
  write(text: string): void {
    this.clear();
    this.#out.write(text);
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.line(line);
  }

  /** A paragraph, broken at words. `paint` is applied line by line. */
  paragraph(text: string, { indent = 0, paint = (line: string) => line } = {}): void {
    for (const line of wrap(printable(text), this.width - indent)) this.line(' '.repeat(indent) + paint(line));
  }

  /** A heading with a rule to the end of the line. */
  heading(text: string): void {
    const title = printable(text);
    const rule = '─'.repeat(Math.max(0, this.width - title.length - 1));
    this.line();
    this.line(`${this.colors.bold(title)} ${this.colors.dim(rule)}`);
  }

  table(columns: readonly Column[], rows: readonly (readonly string[])[], indent = 2): void {
    this.lines(tableLines(columns, rows, this.colors).map((line) => ' '.repeat(indent) + line));
  }

  /** Overwrites the last status; does nothing unless live. */
  status(text: string): void {
    if (!this.isLive) return;
    this.clear();
    this.#err.write(printable(text).slice(0, this.#statusWidth));
    this.#hasStatus = true;
  }

  /** Erases the status. */
  clear(): void {
    if (this.#hasStatus) this.#err.write('\r\u001b[2K');
    this.#hasStatus = false;
  }
}

/** Breaks text at spaces; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A table as lines: titles, a rule, rows; every column as wide as its widest cell. */
export function tableLines(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  colors: Colors,
): readonly string[] {
  const rows = cells.map((row) => row.map(printable));
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const cell = (text: string, at: number) =>
    columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0);
  const titles = columns.map(({ title }, at) => cell(title, at)).join('  ');
  return [
    colors.bold(titles.trimEnd()),
    colors.dim(widths.map((width) => '─'.repeat(width)).join('  ')),
    ...rows.map((row) =>
      columns
        .map(({ paint = (text: string) => text }, at) => paint(cell(row[at] ?? '', at)))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

/** A share as people read it; 100 % only if nothing is missing. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === whole) return '100 %';
  return `${Math.min(99.9, (100 * part) / whole).toFixed(1)} %`;
}

import { specification } from '../../spec/documents.js';
import { payloads } from '../../spec/payloads.js';
import { grouped } from '../../telling/numbers.js';
import type { Io } from '../terminal/io.js';
import { writeOutput } from '../terminal/output-file.js';
import { Terminal } from '../terminal/terminal.js';
import type { SpecCommandOptions } from './command.js';

/** Prints the specification as a document, or writes it to a file. */
export async function spec({ format, out }: SpecCommandOptions, io: Io): Promise<number> {
  const text = `${JSON.stringify(specification(format, { payloads: payloads(), version: io.version }), null, 2)}\n`;
  if (out === undefined) {
    io.out.write(text);
    return 0;
  }
  await writeOutput(out, text, '--out');
  new Terminal(io).line(`${format} in ${out}, ${grouped(Math.round(text.length / 1000))} kB`);
  return 0;
}

/** A trace as a file of tests. */

import { demandGiven, entriesOf, type Fields, isPlainObject, isText, listOf } from '../../machines/kit/shape.js';
import { inCode, isoTime, printable } from '../telling/printable.js';
import { own } from '../telling/tables.js';
import type { HeaderLine, TraceLine } from './format.js';
import { checkpointLine } from './lines.js';
import type { Replayed } from './replay.js';

/** What the test is to say of itself. */
export interface EmitOptions {
  /** The name of the trace, for people. */
  readonly name: string;
  /** Where the chart comes from, if it is none of this package: a module, as the test imports it, and its export. */
  readonly machine?: { readonly from: string; readonly name: string };
}

const EMIT: Fields = { fields: { name: isText, machine: { fields: { from: isText, name: isText } } } };

/** The charts of this package, as exports of `gatechart/machines`. */
const EXPORTS: Readonly<Record<string, string>> = { shard: 'shardMachine', gateway: 'gatewayMachine' };

/**
 * What is needed to replay some lines by themselves: headers and steps, and a checkpoint for each actor where it stood.
 */
export function excerpt(replayed: Iterable<Replayed>, from = 1, to = Number.POSITIVE_INFINITY): readonly TraceLine[] {
  demandGiven('the first argument', replayed, entriesOf('what replay(lines) yields'));
  const standing = new Map<string | undefined, { header: HeaderLine; at: Replayed | null }>();
  const lines: TraceLine[] = [];
  let count = 0;
  for (const each of replayed) {
    count += 1;
    const { line } = each.place;
    if (count > to) break;
    if (line.type === 'header') standing.set(line.actor, { header: line, at: null });
    if (count < from) {
      const actor = standing.get(line.actor);
      if (actor !== undefined && each.snapshot !== null) actor.at = each;
      continue;
    }
    if (count === from)
      for (const { header, at } of standing.values())
        if (header !== line) lines.push(header, ...(at === null ? [] : checkpointAt(at)));
    if (line.type === 'header' || line.type === 'checkpoint' || line.type === 'step') lines.push(line);
  }
  return lines;
}

function checkpointAt({ place: { line }, snapshot }: Replayed): TraceLine[] {
  if (snapshot === null) return [];
  return [checkpointLine(snapshot.machine as never, snapshot, { at: line.at, actor: line.actor, timers: {} })];
}

/** A file for Vitest that replays lines and holds the chart to the recorded outcome. */
export function testFile(lines: readonly TraceLine[], options: EmitOptions): string {
  demandGiven('lines', lines, listOf(isPlainObject));
  demandGiven('', options, EMIT);
  const { name, machine } = options;
  const header = lines.find((line): line is HeaderLine => line.type === 'header');
  const chart = header?.chart ?? 'shard';
  const began = isoTime(header?.began ?? 0);
  const ours = own(EXPORTS, chart) ?? 'shardMachine';
  const [from, imported] =
    machine === undefined ? ['gatechart/machines', ours] : [machine.from, `${machine.name} as machine`];
  const called = machine === undefined ? ours : 'machine';
  const steps = lines.filter(({ type }) => type === 'step').length;
  return `/** ${steps} steps of ${inComment(name)}, recorded on ${began}. Written by \`gatechart replay --emit-test\`. */
import { differenceInWords, firstDifference, readTrace } from 'gatechart/trace';
import { expect, it } from 'vitest';
import { ${imported} } from ${inCode(from)};

it(${inCode(`takes the steps of ${name}`)}, () => {
  const { lines } = readTrace(TRACE.join('\\n'), ${inCode(name)});
  const difference = firstDifference(lines, { machine: ${called} });
  expect(difference, difference ? differenceInWords(difference).join('\\n') : '').toBeNull();
});

// Secrets are placeholders, which the chart takes for what they stand for.
const TRACE = [
${lines.map((line) => `  ${inCode(JSON.stringify(line))},\n`).join('')}];
`;
}

/** A text within a comment of code. */
function inComment(text: string): string {
  return printable(text).replaceAll('*/', '*\u00b7/');
}

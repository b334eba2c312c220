/** A run of the two charts as a sequence diagram: for a terminal, and in Mermaid. */
import { demandGiven, isObject, type Rule } from '../../machines/kit/shape.js';
import { inMermaid } from '../telling/printable.js';
import type { ReplayedMove, ReplayedMoves } from './replay.js';

type Party = 'world' | 'shard' | 'Gateway';

/** What one step looks like: an arrow from one to another, or to oneself. */
interface Arrow {
  readonly from: Party;
  readonly to: Party;
  readonly label: string;
}

const COLUMNS: Readonly<Record<Party, number>> = { world: 5, shard: 37, Gateway: 96 };
const PARTIES = Object.keys(COLUMNS) as readonly Party[];

function arrowOf({ move, kind, to, message }: ReplayedMove): Arrow {
  const hears: Party = to === 'gateway' ? 'Gateway' : 'shard';
  if (message !== null) return { from: hears === 'shard' ? 'Gateway' : 'shard', to: hears, label: message };
  if (kind === 'timer') return { from: hears, to: hears, label: move };
  return { from: 'world', to: hears, label: move };
}

const REPLAY: Rule = { says: 'what replayMoves() returns', holds: (value) => isObject(value) && 'steps' in value };

/** The run as text, some 150 columns wide. */
export function textDiagram(replay: ReplayedMoves): string {
  demandGiven('the replay', replay, REPLAY);
  const { steps } = replay;
  const lines = [overlaid(' '.repeat(COLUMNS.Gateway), titles())];
  let before: ReplayedMove | undefined;
  steps.forEach((step, at) => {
    lines.push(arrowLine(arrowOf(step), at + 1));
    if (step.shard !== before?.shard) lines.push(noteLine('shard', step.shard));
    if (step.gateway !== before?.gateway) lines.push(noteLine('Gateway', step.gateway));
    for (const sent of step.sent) lines.push(noteLine(sent.startsWith('the shard') ? 'shard' : 'Gateway', `(${sent})`));
    before = step;
  });
  return lines.map((line) => line.trimEnd()).join('\n');
}

const titles = (): [number, string][] => PARTIES.map((party) => [COLUMNS[party] - 2, party]);

const lifelines = (): [number, string][] => PARTIES.map((party) => [COLUMNS[party], '│']);

function arrowLine({ from, to, label }: Arrow, number: number): string {
  if (from === to) return overlaid('', [...lifelines(), [0, `${number}`], [COLUMNS[to] + 1, `◀╴${label}`]]);
  const [left, right] = [Math.min(COLUMNS[from], COLUMNS[to]), Math.max(COLUMNS[from], COLUMNS[to])];
  const shaft = '─'.repeat(right - left - 1);
  const headed = COLUMNS[from] < COLUMNS[to] ? `${shaft.slice(1)}▶` : `◀${shaft.slice(1)}`;
  const room = shaft.length - 4;
  const text = ` ${label.length > room - 2 ? `${label.slice(0, room - 3)}…` : label} `;
  const at = left + 1 + Math.max(2, Math.floor((shaft.length - text.length) / 2));
  return overlaid('', [...lifelines(), [0, `${number}`], [left + 1, headed], [at, text]]);
}

function noteLine(party: Party, note: string): string {
  return overlaid('', [...lifelines(), [COLUMNS[party] + 2, note]]);
}

/** Puts texts over a line, each at its column. */
function overlaid(line: string, texts: readonly (readonly [column: number, text: string])[]): string {
  return texts.reduce((under, [column, text]) => {
    const padded = under.padEnd(column);
    return padded.slice(0, column) + text + padded.slice(column + text.length);
  }, line);
}

/** The run as a Mermaid diagram. */
export function mermaidDiagram(replay: ReplayedMoves): string {
  demandGiven('the replay', replay, REPLAY);
  const { steps } = replay;
  const lines = ['sequenceDiagram', ...PARTIES.map((party) => `  participant ${party}`)];
  let before: ReplayedMove | undefined;
  for (const step of steps) {
    const { from, to, label } = arrowOf(step);
    lines.push(`  ${from}${step.message === null ? '->>' : '-)'}${to}: ${inMermaid(label)}`);
    if (step.shard !== before?.shard) lines.push(`  Note over shard: ${inMermaid(step.shard)}`);
    if (step.gateway !== before?.gateway) lines.push(`  Note over Gateway: ${inMermaid(step.gateway)}`);
    before = step;
  }
  return lines.join('\n');
}

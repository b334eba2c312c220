/** A trace as a sequence diagram: what crossed the wire, and where it led. */

import { closeCode, isOpcode, OPCODES } from '../../machines/index.js';
import { demandGiven, entriesOf } from '../../machines/kit/shape.js';
import { stateParts } from '../../machines/kit/state-names.js';
import { asNumber, asText, inMermaid } from '../telling/printable.js';
import { causeInWords, instructionInWords, isLap } from './explain.js';
import type { FrameLine, StepLine, TraceDispatches, TraceInstruction, TraceLine } from './format.js';

/** What to draw. */
export interface SequenceOptions {
  /** Draws heartbeats that go well, too. */
  readonly laps?: boolean;
}

/** Heartbeat and ACK. */
const BEATS: readonly (number | null)[] = [1, 11];

/** A trace as text for Mermaid. Bursts of dispatches in a row become one arrow. */
export function sequenceDiagram(lines: Iterable<TraceLine>, { laps = false }: SequenceOptions = {}): string {
  demandGiven('lines', lines, entriesOf('lines of a trace: readTrace(text).lines.map(({ line }) => line)'));
  const drawn: string[] = [];
  let burst: TraceDispatches | null = null;
  let charts = new Map<string | undefined, string>();
  const endBurst = () => {
    if (burst !== null) drawn.push(`Gateway->>shard: ${inMermaid(burstInWords(burst))}`);
    burst = null;
  };
  for (const line of lines) {
    if (line.type === 'header') charts = new Map([...charts, [line.actor, line.chart]]);
    const isShard = (charts.get(line.actor) ?? 'shard') === 'shard';
    const arrows = isShard ? arrowsOf(line, laps) : arrowsOfGateway(line, nameOf(line));
    const { dispatches } = line.type === 'step' ? line : {};
    if (arrows.length > 0 || (dispatches && !isShard)) endBurst();
    if (dispatches && isShard) burst = burst === null ? dispatches : together(burst, dispatches);
    drawn.push(...arrows);
  }
  endBurst();
  return ['sequenceDiagram', ...participants(drawn), ...drawn]
    .map((each, i) => (i === 0 ? each : `  ${each}`))
    .join('\n');
}

/** Whom a note is over, or an arrow leads from and to. */
const ENDS = /^(?:Note over (\w+)|(\w+)(?:->>|--x)(\w+)):/;

function participants(drawn: readonly string[]): string[] {
  const taking = new Set(drawn.flatMap((each) => (ENDS.exec(each) ?? []).slice(1)));
  const names = ['shard', 'Gateway'].filter((name) => taking.has(name));
  return names.map((name) => `participant ${name}`);
}

function arrowsOf(line: TraceLine, laps: boolean): string[] {
  switch (line.type) {
    case 'frame':
      if (!laps && BEATS.includes(line.op)) return [];
      return [`${line.direction === 'in' ? 'Gateway->>shard' : 'shard->>Gateway'}: ${inMermaid(frameInWords(line))}`];
    case 'step':
      return arrowsOfStep(line, laps);
    case 'warning':
      return [`Note over shard: ${inMermaid(`warning: ${line.problem}`)}`];
    case 'end':
      return [`Note over shard: ${inMermaid(`the end: ${line.because}`)}`];
    default:
      return [];
  }
}

function arrowsOfStep({ event, to, causes = [], do: done = [] }: StepLine, laps: boolean): string[] {
  if (isLap(causes) && !laps) return [];
  const closed = event.type === 'closed' ? [`Gateway--xshard: ${inMermaid(codeInWords(asNumber(event.code)))}`] : [];
  const why = causes.map((cause) => causeInWords(cause)).join('; ');
  const note =
    why === ''
      ? []
      : [`Note over shard: ${[...(to === undefined ? [] : [shortName(to)]), why].map(inMermaid).join('<br/>')}`];
  return [...closed, ...note, ...done.flatMap(arrowOf)];
}

/** Effects that show on the wire and are no message. */
function arrowOf({ type, params }: TraceInstruction): string[] {
  if (type === 'openSocket') return [`shard->>Gateway: ${inMermaid(`opens ${asText(params.url)}`)}`];
  if (type === 'closeSocket') return [`shard--xGateway: ${inMermaid(`closes with ${asText(params.code)}`)}`];
  return [];
}

/** The other side: what its chart was told and did. */
function arrowsOfGateway(line: TraceLine, me: string): string[] {
  if (line.type !== 'step') return [];
  const { event, causes = [], do: done = [] } = line;
  const from = /^(received\.|connected|closed)/.test(event.type) ? 'client' : me;
  const why = causes.map((cause) => causeInWords(cause, 'gateway')).join('; ');
  return [
    `${from}->>${me}: ${inMermaid(event.type)}`,
    ...(why === '' ? [] : [`Note over ${me}: ${inMermaid(why)}`]),
    ...done
      .filter(({ type }) => type !== 'arm' && type !== 'disarm')
      .map((each) => `${me}->>client: ${inMermaid(instructionInWords(each))}`),
  ];
}

function nameOf({ actor }: TraceLine): string {
  return (actor ?? 'gateway 1').replace(/\W/g, '_');
}

function frameInWords({ op, name, sequence, bytes }: FrameLine): string {
  const called = name ?? (isOpcode(op) ? OPCODES[op].name : op === null ? 'something malformed' : `opcode ${op}`);
  return `${called}${sequence === undefined ? '' : `, s ${sequence}`} (${bytes} bytes)`;
}

function burstInWords({ first, last, count, bytes, names }: TraceDispatches): string {
  const [name] = Object.keys(names);
  const what =
    Object.keys(names).length === 1
      ? name
      : Object.entries(names)
          .map(([each, n]) => `${each} ${n}`)
          .join(', ');
  return count === 1
    ? `${name}, s ${first} (${bytes} bytes)`
    : `${count} dispatches, s ${first} to ${last}: ${what} (${bytes} bytes)`;
}

function together(a: TraceDispatches, b: TraceDispatches): TraceDispatches {
  const names = new Map(Object.entries(a.names));
  for (const [name, count] of Object.entries(b.names)) names.set(name, (names.get(name) ?? 0) + count);
  return {
    first: Math.min(a.first, b.first),
    last: Math.max(a.last, b.last),
    count: a.count + b.count,
    bytes: a.bytes + b.bytes,
    names: Object.fromEntries(names),
  };
}

function codeInWords(code: number): string {
  return `closed: ${code} ${closeCode(code).name}`;
}

/** Around most states: a person need not be told. */
const AROUND = ['running', 'connection'];

/** The last names of a state, as far as a person needs them. */
function shortName(state: string): string {
  const { path, regions } = stateParts(state);
  if (regions.length > 0) return regions.map(([name, inside]) => `${name}.${inside}`).join(' + ');
  return path.filter((name) => !AROUND.includes(name)).join('.');
}

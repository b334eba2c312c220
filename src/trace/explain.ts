/** What is in a trace, in words. */

import {
  CAUSES,
  type Cause,
  type CauseRow,
  GATEWAY_CAUSES,
  type GatewayCause,
  gatewaySentence,
  sentence,
} from '../../machines/index.js';
import { demandGiven, isPlainObject } from '../../machines/kit/shape.js';
import { asText, printable } from '../telling/printable.js';
import { own } from '../telling/tables.js';
import type { TraceCause, TraceInstruction } from './format.js';
import type { Difference, Outcome } from './replay.js';

const ROWS: Readonly<Record<string, Readonly<Record<string, CauseRow>>>> = { shard: CAUSES, gateway: GATEWAY_CAUSES };

const rowOf = (chart: string, cause: string): CauseRow | undefined => own(own(ROWS, chart) ?? {}, cause);

/** Causes of a heartbeat that goes well. */
const LAP: readonly string[] = ['firstHeartbeat', 'heartbeatDue', 'acknowledged', 'aliveByTraffic'];

/** Whether a step is but a part of a heartbeat that goes well, as almost all are. */
export function isLap(causes: readonly Pick<TraceCause, 'name'>[]): boolean {
  return causes.length > 0 && causes.every(({ name }) => LAP.includes(name));
}

/** A cause as a sentence, with what the event told: `the connection closed: the next session will be a new one (4009 …)`. */
export function causeInWords(cause: TraceCause, chart = 'shard'): string {
  if (rowOf(chart, cause.name) === undefined) return cause.name;
  const facts = Object.fromEntries(Object.entries(cause).map(([name, fact]) => [name, factOf(fact)]));
  return chart === 'gateway' ? gatewaySentence(facts as unknown as GatewayCause) : sentence(facts as unknown as Cause);
}

/** What an event told: a number or a text, and nothing that cannot become one. */
const factOf = (fact: unknown): unknown => (typeof fact === 'number' || fact === undefined ? fact : asText(fact));

/** Something to be done as a few words: `arm reconnect, 412 ms`, `closeSocket code 1000`. */
export function instructionInWords({ type, params }: TraceInstruction): string {
  if (type === 'arm') return `arm ${params.timer}, ${params.delay} ms`;
  if (type === 'disarm') return `disarm ${params.timer}`;
  const facts = Object.entries(params).map(([name, value]) => `${name} ${inWords(value)}`);
  return [type, facts.join(', ')].filter((part) => part !== '').join(' ');
}

const DIFFERENCE = { says: 'what firstDifference() found, if it is not null', holds: isPlainObject.holds };

/** Where a replay first differs, in printable lines: what happened, then what was recorded and what the chart does now. */
export function differenceInWords(difference: Difference): string[] {
  demandGiven('the difference', difference, DIFFERENCE);
  const { place, chart, state, event, recorded, replayed } = difference;
  return [
    `${place.file}, line ${place.number}: the outcome differs from the recording`,
    `  state     ${state}`,
    `  event     ${event === null ? '(a checkpoint: nothing happens, but something is remembered otherwise)' : inWords(event)}`,
    '  recorded',
    ...outcomeInWords(recorded, replayed, chart),
    '  replayed',
    ...outcomeInWords(replayed, recorded, chart),
  ].map(printable);
}

function outcomeInWords(outcome: Outcome, other: Outcome, chart: string): string[] {
  if (outcome.error !== undefined) return [`    threw   ${outcome.error}`];
  const { to, causes, context = {} } = outcome;
  const marked = (isSame: boolean, what: string, text: string) => `  ${isSame ? ' ' : '*'} ${what.padEnd(8)}${text}`;
  const because = causes.map((cause, i) =>
    marked(same(cause, other.causes[i]), i === 0 ? 'because' : '', withClause(cause, chart)),
  );
  const done = outcome.do.map((each, i) =>
    marked(isAmong(each, other.do), i === 0 ? 'does' : '', instructionInWords(each)),
  );
  return [
    marked(to === other.to, 'to', to),
    ...(because.length === 0 ? [marked(other.causes.length === 0, 'because', 'nothing reported')] : because),
    ...(done.length === 0 ? [marked(other.do.length === 0, 'does', 'nothing')] : done),
    ...Object.entries(context).map(([name, value]) => marked(false, name, inWords(value))),
  ];
}

function withClause(cause: TraceCause, chart: string): string {
  const { spec } = rowOf(chart, cause.name) ?? {};
  return `${cause.name}: ${causeInWords(cause, chart)}${spec === undefined ? '' : ` [${spec}]`}`;
}

function isAmong(instruction: TraceInstruction, others: readonly TraceInstruction[]): boolean {
  return others.some((other) => same(instruction, other));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

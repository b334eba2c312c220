/** What the viewer says in words: states, timers, effects, causes, clauses. */

import { GATEWAY_WORDS } from '../../../machines/gateway/words.js';
import { CAUSES, closeCode, GATEWAY_CAUSES } from '../../../machines/index.js';
import type { ChartWords } from '../../../machines/kit/words.js';
import { clauseUrl } from '../../../machines/protocol/clauses.js';
import { SHARD_WORDS } from '../../../machines/shard/words.js';
import { asText } from '../../telling/printable.js';
import { own } from '../../telling/tables.js';
import { causeInWords } from '../../trace/explain.js';
import type { Effect, Moment, Reason } from './tracks.js';

const CHARTS: Readonly<Record<string, ChartWords>> = { shard: SHARD_WORDS, gateway: GATEWAY_WORDS };

/** The words of a chart; none of one that is not ours. */
const wordsOf = (chart: string): ChartWords => own(CHARTS, chart) ?? NO_WORDS;

const NO_WORDS: ChartWords = { events: {}, timers: {}, effects: {}, memory: {}, guards: {} };

/** What a timer waits for. */
export const awaited = (chart: string, timer: string): string => own(wordsOf(chart).timers, timer)?.awaits ?? timer;

/** Why something happened, as a sentence. */
export function reason(chart: string, cause: Reason): string {
  return causeInWords(cause, chart);
}

/** The section of the documentation, or of our policy, that a cause comes from. */
export function clauseOf(chart: string, cause: string): string | null {
  const table: Readonly<Record<string, { readonly spec: string }>> = chart === 'gateway' ? GATEWAY_CAUSES : CAUSES;
  return Object.hasOwn(table, cause) ? (table[cause]?.spec ?? null) : null;
}

/** A clause for people, and where to read it. */
export function clause(spec: string): { readonly text: string; readonly href: string | null } {
  const [page = '', section = ''] = spec.split('#');
  if (page === 'policy') return { text: `our policy: ${section}`, href: null };
  if (page === 'user') return { text: 'an order of yours', href: null };
  if (page === 'fault') return { text: 'a fault that was ordered', href: null };
  const title = section.replace(/-/g, ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
  return { text: title, href: clauseUrl(spec) };
}

/** What is done, as a clause: `sends Identify`. */
export function doing({ type, params }: Effect): string {
  const word = effectOf(type);
  return word === undefined ? spaced(type) : word.does + (own(PARTICULARS, type)?.(params) ?? '');
}

/** The effects of both charts, none of which means two things. */
const effectOf = (type: string): ChartWords['effects'][string] | undefined =>
  own(wordsOf('shard').effects, type) ?? own(wordsOf('gateway').effects, type);

/** What is told of the parameters of effects. */
const PARTICULARS: Readonly<Record<string, (params: Effect['params']) => string>> = {
  openSocket: ({ url }) => ` to ${asText(url ?? 'the Gateway').replace(/^wss?:\/\//, '')}`,
  sendHeartbeat: ({ sequence }) => (sequence === null ? '' : ` with s ${asText(sequence)}`),
  sendResume: ({ sequence }) => ` from s ${asText(sequence)}`,
  closeSocket: ({ code }) => ` with ${asText(code)}${code === 1000 ? ', which ends the session' : ''}`,
  sendReplay: ({ dispatches }) => (Array.isArray(dispatches) ? `: ${dispatches.length} dispatches` : ''),
  sendInvalidSession: ({ resumable }) => `, d ${asText(resumable)}`,
  sendRaw: ({ kind }) => `: ${spaced(asText(kind))}`,
  close: ({ code }) => ` with ${asText(code)}`,
  answerClose: ({ code }) => ` with ${asText(code)}`,
};

/** What is done on entry of a state, whatever the parameters are; nothing for what is no effect. */
export const done = (type: string): string | undefined => effectOf(type)?.does;

/** Under which condition a row is taken. */
export function condition(chart: string, guard: string): string {
  const word = own(wordsOf(chart).guards, guard);
  return word === undefined ? spaced(guard) : (word.short ?? `if ${word.says}`);
}

/** What is over before it is worth a word. */
const QUIET = new Set(['cancelLocate', 'cancelPermit', 'dropSocket']);

/** What a moment did that a reader cares for. */
export const deeds = ({ effects }: Moment): readonly string[] =>
  effects.filter(({ type }) => !QUIET.has(type)).map(doing);

/** `sendHelloAgain` as `send hello again`. */
export const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

/** What a moment is called in a list. */
export function headline(chart: string, moment: Moment): string {
  if (moment.says !== undefined) return moment.says;
  const [cause] = moment.causes;
  if (cause !== undefined) return moment.causes.map((each) => reason(chart, each)).join('; ');
  if (moment.kind === 'begin') return 'here it begins';
  return moment.event === '' ? 'a step' : happening(moment.event);
}

/** An event as people say it. */
export function happening(event: string): string {
  if (event.startsWith('timer.')) return `the timer ${event.slice('timer.'.length)} ran out`;
  return (own(wordsOf('shard').events, event) ?? own(wordsOf('gateway').events, event))?.short ?? event;
}

/** A state in short, such as `ready · ACK overdue`. */
export function stateInWords(name: string): string {
  const [, session, heartbeat, reading = ''] =
    /^running\.connection\.open\(session\.(.+?) \+ heartbeat\.(.+?)(?: \+ reading\.(.+))?\)$/.exec(name) ?? [];
  const [, served, beats] = /^connection\.open\(session\.(.+?) \+ heartbeat\.([\w.]+)/.exec(name) ?? [];
  if (served !== undefined && beats !== undefined) return `${last(served)} · heartbeat ${last(beats)}`;
  if (session === undefined || heartbeat === undefined) return last(name.replace(/\(.*$/, '')) || name;
  const beside = own(HEARTBEATS, heartbeat) ?? `heartbeat ${spaced(last(heartbeat))}`;
  return [last(session), beside, ...(reading === 'paused' ? ['reading paused'] : [])].join(' · ');
}

/** How the heartbeats stand, by their state. */
const HEARTBEATS: Readonly<Record<string, string>> = {
  jittering: 'first heartbeat to come',
  'beating.awaitingAck': 'ACK awaited',
  'beating.excused': 'ACK awaited, reading was paused',
  'beating.catchingUp': 'ACK awaited since two heartbeats',
  'beating.acked': 'heartbeat acked',
  'beating.overdue.listening': 'ACK overdue',
  'beating.overdue.alive': 'ACK overdue, messages come',
};

/** The last part of a name, as pictures and pages have it; whether a connection has held is told by its step. */
function last(name: string): string {
  return name.replace(/\.(settling|unproven|settled|due)$/, '').replace(/^.*\./, '');
}

/** What a close code means and asks for. */
export function closeCodeInWords(code: number): string {
  const { name, says } = closeCode(code);
  return `${name}: ${says}`;
}

/** A time since the beginning. */
export function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms / 1_000 - minutes * 60).toFixed(2).padStart(5, '0');
  return minutes === 0 ? `${(ms / 1_000).toFixed(2)}` : `${minutes}:${seconds}`;
}

/** What the viewer says in words: states, timers, effects, causes, clauses. */

import { CAUSES, closeCode, GATEWAY_CAUSES } from '../../../machines/index.js';
import { asText } from '../../telling/printable.js';
import { own } from '../../telling/tables.js';
import { causeInWords } from '../../trace/explain.js';
import type { Effect, Moment, Reason } from './tracks.js';

/** What is awaited while a timer runs. */
const AWAITED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shard: {
    locate: 'answer with the Gateway URL',
    open: 'the WebSocket to open',
    hello: 'Hello',
    permit: 'permit to identify',
    ready: 'READY',
    resumed: 'a replayed dispatch, or RESUMED',
    replay: 'the end of the replay',
    settle: 'good with the next ACK',
    firstHeartbeat: 'first heartbeat',
    heartbeat: 'next heartbeat',
    silence: 'all is read, or it is a zombie',
    overdue: 'the ACK, at the latest',
    close: 'answer to our close',
    reconnect: 'next try',
  },
  gateway: {
    hello: 'Hello goes out',
    ready: 'READY goes out',
    replay: 'next part of the replay',
    heartbeat: 'a heartbeat of the client',
    leave: 'the client to leave',
    close: 'answer to our close',
    retention: 'the session is kept',
  },
};

/** What a timer waits for. */
export const awaited = (chart: string, timer: string): string => own(own(AWAITED, chart) ?? {}, timer) ?? timer;

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
  return { text: title, href: `https://docs.discord.com/developers/events/gateway#${section}` };
}

/** What is done, as a clause: `sends Identify`. */
export function doing({ type, params }: Effect): string {
  const { code, url, sequence } = params as { code?: unknown; url?: unknown; sequence?: unknown };
  switch (type) {
    case 'locateGateway':
      return 'looks up the Gateway URL';
    case 'openSocket':
      return `opens a WebSocket to ${asText(url ?? 'the Gateway').replace(/^wss?:\/\//, '')}`;
    case 'sendHeartbeat':
      return sequence === null ? 'sends a heartbeat' : `sends a heartbeat with s ${asText(sequence)}`;
    case 'requestPermit':
      return 'asks for a permit to identify';
    case 'sendIdentify':
      return 'sends Identify';
    case 'sendResume':
      return `sends Resume from s ${asText(sequence)}`;
    case 'closeSocket':
      return `closes with ${asText(code)}${code === 1000 ? ', which ends the session' : ''}`;
    case 'dropSocket':
      return 'lets go of the socket';
    default:
      return Object.hasOwn(GATEWAY_DEEDS, type) ? (GATEWAY_DEEDS[type]?.(params) ?? type) : spaced(type);
  }
}

/** What the Gateway's side does. */
const GATEWAY_DEEDS: Readonly<Record<string, (params: Effect['params']) => string>> = {
  sendHello: () => 'sends Hello (op 10)',
  sendReady: () => 'sends READY',
  sendReplay: ({ dispatches }) =>
    `replays ${Array.isArray(dispatches) ? dispatches.length : 'some'} of what was missed`,
  sendResumed: () => 'sends RESUMED',
  sendAck: () => 'acknowledges it (op 11)',
  sendHeartbeatRequest: () => 'asks for a heartbeat (op 1)',
  sendReconnect: () => 'asks to reconnect (op 7)',
  sendInvalidSession: ({ resumable }) => `sends Invalid Session (op 9), d ${asText(resumable)}`,
  answerCommand: () => 'answers the command',
  sendRaw: ({ kind }) => `sends something malformed: ${spaced(asText(kind))}`,
  close: ({ code }) => `closes with ${asText(code)}`,
  answerClose: ({ code }) => `answers the close with ${asText(code)}`,
  dropTcp: () => 'drops TCP',
  stopReading: () => 'stops reading',
  startReading: () => 'reads again',
};

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
  return own(WORDS, event) ?? event;
}

const WORDS: Readonly<Record<string, string>> = {
  start: 'start is ordered',
  stop: 'stop is ordered',
  detach: 'detach is ordered',
  reconnect: 'a reconnect is ordered',
  dispatch: 'a dispatch',
  dispatched: 'several dispatches',
  heartbeatAck: 'Heartbeat ACK (op 11)',
  lifeSign: 'a sign of life',
  heartbeatRequested: 'the Gateway asks for a heartbeat (op 1)',
  reconnectRequested: 'the Gateway asks to reconnect (op 7)',
  invalidSession: 'Invalid Session (op 9)',
  hello: 'Hello (op 10)',
  ready: 'READY',
  resumed: 'RESUMED',
  closed: 'the connection closes',
  opened: 'the WebSocket is open',
  located: 'the Gateway URL is known',
  locateFailed: 'the Gateway URL cannot be had',
  permitGranted: 'the identify is permitted',
  permitRefused: 'the identify is refused',
  malformed: 'a message that cannot be understood',
  unknownOpcode: 'a message with an unknown opcode',
  adopt: 'a session comes over from another connection',
  release: 'the session goes to another connection',
  undecodable: 'bytes after which nothing can be understood',
  backlogFull: 'dispatches that nobody took fill the buffer',
  backlogDrained: 'there is room in the buffer again',
};

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

/** A span of time as people say it. */
export function span(ms: number): string {
  if (ms < 0) return `−${span(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const minutes = Math.floor(ms / 60_000);
  return `${minutes} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** A time since the beginning. */
export function clock(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = (ms / 1_000 - minutes * 60).toFixed(2).padStart(5, '0');
  return minutes === 0 ? `${(ms / 1_000).toFixed(2)}` : `${minutes}:${seconds}`;
}

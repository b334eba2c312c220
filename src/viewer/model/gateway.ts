/** What a step of the Gateway's side tells of the wire and of its session. Directions are as the client sees them. */

import { GATEWAY_CAUSES, isOpcode, OPCODES, Opcode } from '../../../machines/index.js';
import { asNumber, asText } from '../../telling/printable.js';
import { own } from '../../telling/tables.js';
import type { StepLine } from '../../trace/index.js';
import type { Exchange, Moment } from './moments.js';

/** What was said, without its time and place. */
export type Said = Pick<Exchange, 'direction' | 'kind' | 'label'> & Partial<Exchange>;

type Fields = Readonly<Record<string, unknown>>;

const op = (opcode: number): string => (isOpcode(opcode) ? OPCODES[opcode].name : 'unknown opcode');
const frame = (direction: 'in' | 'out', opcode: number, ...details: string[]): Said => {
  return { direction, kind: 'frame', label: op(opcode), detail: [`op ${opcode}`, ...details].join(', ') };
};
const strange = (label: string): Said => ({ direction: 'out', kind: 'frame', label });
const dispatch = (label: string, sequence: unknown): Said => {
  return { direction: 'in', kind: 'frame', label, detail: `op 0, s ${asText(sequence)}` };
};

/** What an event was on the wire. */
const CAME: Readonly<Record<string, (event: Fields) => Said>> = {
  connected: () => ({ direction: 'out', kind: 'open', label: 'opens a WebSocket' }),
  closed: ({ code }) =>
    code === 1006
      ? { direction: 'out', kind: 'drop', label: 'the connection is lost' }
      : { direction: 'out', kind: 'close', label: `close ${asText(code)}` },
  'received.identify': () => frame('out', Opcode.Identify),
  'received.resume': ({ sequence }) => frame('out', Opcode.Resume, `from s ${asText(sequence)}`),
  'received.heartbeat': ({ sequence }) => frame('out', Opcode.Heartbeat, `s ${asText(sequence)}`),
  'received.command': ({ opcode }) => frame('out', asNumber(opcode)),
  'received.unknownOpcode': ({ opcode }) => frame('out', asNumber(opcode)),
  'received.undecodable': () => strange('something that makes no sense'),
  'received.tooLarge': () => strange('a payload over 4096 bytes'),
  'received.tooMany': () => strange('one payload too many'),
};

/** What an effect was on the wire; dispatches are told as a burst. */
const SENT: Readonly<Record<string, (params: Fields) => Said>> = {
  sendHello: ({ interval }) => frame('in', Opcode.Hello, `every ${asText(interval)} ms`),
  sendReady: ({ sequence }) => dispatch('READY', sequence),
  sendResumed: ({ sequence }) => dispatch('RESUMED', sequence),
  sendAck: () => frame('in', Opcode.HeartbeatAck),
  sendHeartbeatRequest: () => frame('in', Opcode.Heartbeat),
  sendReconnect: () => frame('in', Opcode.Reconnect),
  sendInvalidSession: ({ resumable }) => frame('in', Opcode.InvalidSession, `d ${asText(resumable)}`),
  sendRaw: ({ kind }) => ({ direction: 'in', kind: 'frame', label: 'something malformed', detail: asText(kind) }),
  close: ({ code }) => ({ direction: 'in', kind: 'close', label: `close ${asText(code)}` }),
  answerClose: ({ code }) => ({ direction: 'in', kind: 'close', label: `answers the close with ${asText(code)}` }),
  dropTcp: () => ({ direction: 'in', kind: 'drop', label: 'drops TCP' }),
};

/** What a step tells of the wire, in order. */
export function saidByGateway({ event, do: done = [] }: StepLine): readonly Said[] {
  const came = own(CAME, event.type)?.(event);
  const sent = done.flatMap(({ type, params }) => own(SENT, type)?.(params as Fields) ?? []);
  const burst = sentDispatches(done);
  return [...(came === undefined ? [] : [came]), ...sent, ...(burst === undefined ? [] : [burst])];
}

/** The dispatches that a step sends, replayed or new. */
function sentDispatches(done: NonNullable<StepLine['do']>): Said | undefined {
  const names = new Map<string, number>();
  const sequences: number[] = [];
  const add = (each: unknown) => {
    const { name, sequence } = (each ?? {}) as { name?: unknown; sequence?: unknown };
    if (typeof name !== 'string' || typeof sequence !== 'number') return;
    names.set(name, (names.get(name) ?? 0) + 1);
    sequences.push(sequence);
  };
  for (const { type, params } of done) {
    const { dispatches } = params as { dispatches?: unknown };
    if (type === 'sendDispatch') add(params);
    if (type === 'sendReplay' && Array.isArray(dispatches)) for (const each of dispatches) add(each);
  }
  const [first, last] = [sequences[0], sequences.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  return { direction: 'in', kind: 'dispatches', label: '', burst: { first, last, names: Object.fromEntries(names) } };
}

/** What is known of connection and session after a step. */
export function knownByGateway(
  before: Moment | undefined,
  line: StepLine,
): Pick<Moment, 'connection' | 'session' | 'sequence'> {
  const { event, do: done = [], causes = [], from, to = from } = line;
  let { connection = 0, session = null, sequence = null } = before ?? {};
  const learn = (last: unknown) => {
    if (typeof last === 'number') sequence = last;
  };
  if (event.type === 'connected' && typeof event.number === 'number') connection = event.number;
  if (event.type === 'dispatch' && sequence !== null) sequence += 1; // kept for a replay, if it is not sent
  const { id, sequence: adopted } = (event.session ?? {}) as { id?: unknown; sequence?: unknown };
  if (event.type === 'adopt' && typeof id === 'string') session = id;
  learn(adopted);
  for (const { type, params } of done) {
    const { sessionId, sequence: sent } = params as { sessionId?: unknown; sequence?: unknown };
    if (type === 'sendReady' && typeof sessionId === 'string') session = sessionId;
    if (type === 'sendReady' || type === 'sendDispatch' || type === 'sendResumed') learn(sent);
  }
  const ended = causes.some(({ name }) => own(GATEWAY_CAUSES, name)?.endsSession);
  if (to === 'listening.empty' || ended) [session, sequence] = [null, null];
  return { connection, session, sequence };
}

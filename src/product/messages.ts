/**
 * What is on its way between the charts: 16 bits a message, so that a queue is a string. A message holds its kind, how
 * old its connection is, a number (a sequence or a close code), and whether it is the coloured dispatch.
 */
import { PAYLOAD_EVENTS } from '../../machines/shard/laws/payload-events.js';

/** What a message can be. The first five go to the Gateway; both sides send `close` and `lost`. */
export const KINDS = [
  'heartbeat',
  'identify',
  'resume',
  'close',
  'lost',
  'opened',
  'refused',
  ...PAYLOAD_EVENTS,
  'malformed',
] as const;
/** A kind of message. */
export type Kind = (typeof KINDS)[number];

/** Of a connection that is current, or given up, or given up and followed by another. */
export const CURRENT = 0;
export const GIVEN_UP = 1;
export const FOLLOWED = 2;

const AGE = 4;
const COLOURED = 1 << 6;
const FOREIGN = 1 << 7;
const NUMBER = 8;

/** The kind of malformed message that leaves nothing after it to be understood; it has 1 for its number. */
export const CORRUPT = 'corruptCompression';

/** Close codes that were met, each by the number that stands for it. */
const codes: number[] = [];
const NUMBERED: readonly Kind[] = ['resume', 'ready', 'resumed', 'dispatch'];

/** What a message holds beside its kind. */
export interface Content {
  readonly sequence?: number;
  readonly coloured?: boolean;
  /** It names another session than the Gateway's. */
  readonly foreign?: boolean;
}

/** A message of the current connection. */
export function bitsOf(kind: Kind, { sequence = 0, coloured = false, foreign = false }: Content = {}): number {
  if (sequence > 255) throw new RangeError(`Sequence ${sequence} does not fit in a message`);
  return KINDS.indexOf(kind) | (coloured ? COLOURED : 0) | (foreign ? FOREIGN : 0) | (sequence << NUMBER);
}

/** A close frame of the current connection. */
export function closeBits(code: number): number {
  if (!codes.includes(code)) codes.push(code);
  return bitsOf('close', { sequence: codes.indexOf(code) });
}

/** The same as characters. */
export const messageOf = (kind: Kind, content?: Content): string => String.fromCharCode(bitsOf(kind, content));
export const closeMessage = (code: number): string => String.fromCharCode(closeBits(code));

export const kindOf = (message: number): Kind => KINDS[message & 15] as Kind;
export const ageOf = (message: number): number => (message >> AGE) & 3;
export const isColoured = (message: number): boolean => (message & COLOURED) !== 0;
export const isForeign = (message: number): boolean => (message & FOREIGN) !== 0;
export const numberOf = (message: number): number => message >> NUMBER;
export const codeOf = (message: number): number => codes[numberOf(message)] ?? 1006;
/** The sequence that a message holds and that still counts; 0 if none does. */
export const sequenceOf = (message: number): number =>
  ageOf(message) === CURRENT && !isForeign(message) && NUMBERED.includes(kindOf(message)) ? numberOf(message) : 0;

/** A message whose connection was given up, or followed by another. But for close codes, what it holds no longer counts. */
export const aged = (message: number, age: number): number =>
  (kindOf(message) === 'close' ? message & ~(3 << AGE) : message & 15) | (age << AGE);

/** A message whose session is no longer the Gateway's. */
export const disowned = (message: number): number =>
  NUMBERED.includes(kindOf(message)) ? (message & (15 | (3 << AGE))) | FOREIGN : message;

/** A message with another sequence. */
export const renumbered = (message: number, sequence: number): number => (message & 255) | (sequence << NUMBER);

/** A dispatch like all others. */
export const uncoloured = (message: number): number => message & ~COLOURED;

/** A queue with each of its messages changed. */
export function mapQueue(queue: string, change: (message: number) => number): string {
  let changed = '';
  for (let at = 0; at < queue.length; at += 1) changed += String.fromCharCode(change(queue.charCodeAt(at)));
  return changed;
}

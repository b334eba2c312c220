import { describe, expect, it } from 'vitest';
import {
  aged,
  ageOf,
  CORRUPT,
  type Content,
  CURRENT,
  closeMessage,
  codeOf,
  disowned,
  FOLLOWED,
  GIVEN_UP,
  isColoured,
  isForeign,
  KINDS,
  type Kind,
  kindOf,
  mapQueue,
  messageOf,
  numberOf,
  renumbered,
  sequenceOf,
  uncoloured,
} from '../../src/product/messages.js';

const message = (kind: Kind, content?: Content) => messageOf(kind, content).charCodeAt(0);
/** All that a message holds. */
const held = (bits: number) => ({
  kind: kindOf(bits),
  age: ageOf(bits),
  number: numberOf(bits),
  coloured: isColoured(bits),
  foreign: isForeign(bits),
});
const PLAIN = { age: CURRENT, number: 0, coloured: false, foreign: false };

describe('a message', () => {
  it('is one character, whatever it holds', () => {
    expect(messageOf('dispatch', { sequence: 255, coloured: true, foreign: true })).toHaveLength(1);
    expect(new Set(KINDS.map((kind) => messageOf(kind))).size).toBe(KINDS.length);
  });

  it.each(KINDS)('of the kind %s is of the current connection', (kind) => {
    expect(held(message(kind))).toEqual({ ...PLAIN, kind });
  });

  it.each<[Content, Partial<ReturnType<typeof held>>]>([
    [{ sequence: 1 }, { number: 1 }],
    [{ sequence: 255 }, { number: 255 }],
    [{ coloured: true }, { coloured: true }],
    [{ foreign: true }, { foreign: true }],
    [
      { sequence: 7, coloured: true, foreign: true },
      { number: 7, coloured: true, foreign: true },
    ],
  ])('gives back what it was made of: %j', (content, expected) => {
    expect(held(message('dispatch', content))).toEqual({ ...PLAIN, kind: 'dispatch', ...expected });
  });

  it('has no room for a sequence beyond 255', () => {
    expect(() => messageOf('dispatch', { sequence: 256 })).toThrow(
      new RangeError('Sequence 256 does not fit in a message'),
    );
  });
});

describe('a close frame', () => {
  it('holds its code, the same message for the same code', () => {
    const codes = [4000, 4009, 4004, 1000, 4000];
    const frames = codes.map(closeMessage);
    expect(frames.map((frame) => codeOf(frame.charCodeAt(0)))).toEqual(codes);
    expect(frames.map((frame) => kindOf(frame.charCodeAt(0)))).toEqual(codes.map(() => 'close'));
    expect(new Set(frames).size).toBe(4);
    expect(frames[4]).toBe(frames[0]);
  });

  it('is taken for a lost connection if its number stands for no code', () => {
    expect(codeOf(message('close', { sequence: 255 }))).toBe(1006);
  });
});

describe('the sequence of a message', () => {
  it.each<[Kind, number]>([
    ['resume', 9],
    ['ready', 9],
    ['resumed', 9],
    ['dispatch', 9],
    ['hello', 0],
    ['invalidSession', 0],
    ['malformed', 0],
    ['close', 0],
  ])('of the kind %s with the number 9 is %i', (kind, sequence) => {
    expect(sequenceOf(message(kind, { sequence: 9 }))).toBe(sequence);
  });

  it('no longer counts once its connection was given up, or if it is of another session', () => {
    expect(sequenceOf(message('resume', { sequence: 9, foreign: true }))).toBe(0);
    expect(sequenceOf(message('dispatch', { sequence: 9 }) | (GIVEN_UP << 4))).toBe(0);
  });
});

describe('a message whose connection was given up', () => {
  it.each([GIVEN_UP, FOLLOWED])('has the age %i, and holds nothing more that counts', (age) => {
    const coloured = message('dispatch', { sequence: 9, coloured: true, foreign: true });
    expect(held(aged(coloured, age))).toEqual({ ...PLAIN, kind: 'dispatch', age });
  });

  it('still has its close code, however often it ages', () => {
    const frame = closeMessage(4009).charCodeAt(0);
    const old = aged(aged(frame, GIVEN_UP), FOLLOWED);
    expect([kindOf(old), ageOf(old), codeOf(old)]).toEqual(['close', FOLLOWED, 4009]);
  });
});

describe('a message whose session is no longer that of the Gateway', () => {
  it.each(['resume', 'ready', 'resumed', 'dispatch'] as const)('is foreign if it is of the kind %s', (kind) => {
    const old = message(kind, { sequence: 9, coloured: true }) | (GIVEN_UP << 4);
    expect(held(disowned(old))).toEqual({ kind, age: GIVEN_UP, number: 0, coloured: false, foreign: true });
  });

  it('is as it was if it names no session', () => {
    for (const kind of ['heartbeat', 'invalidSession', 'close'] as const) {
      const bits = message(kind, { sequence: 1 });
      expect(disowned(bits)).toBe(bits);
    }
  });
});

describe('a message with something changed', () => {
  const bits = message('dispatch', { sequence: 200, coloured: true });

  it('has another sequence, and all else as it was', () => {
    expect(held(renumbered(bits, 3))).toEqual({ ...PLAIN, kind: 'dispatch', number: 3, coloured: true });
    expect(held(renumbered(bits, 255)).number).toBe(255);
  });

  it('has no colour any more', () => {
    expect(held(uncoloured(bits))).toEqual({ ...PLAIN, kind: 'dispatch', number: 200 });
    expect(uncoloured(uncoloured(bits))).toBe(uncoloured(bits));
  });
});

describe('a queue', () => {
  it('has each of its messages changed, in order', () => {
    const queue = messageOf('ready', { sequence: 1 }) + messageOf('dispatch', { sequence: 2, coloured: true });
    const changed = mapQueue(queue, (bits) => renumbered(bits, numberOf(bits) + 10));
    expect(Array.from(changed, (each) => held(each.charCodeAt(0)))).toEqual([
      { ...PLAIN, kind: 'ready', number: 11 },
      { ...PLAIN, kind: 'dispatch', number: 12, coloured: true },
    ]);
    expect(mapQueue('', () => 1)).toBe('');
  });
});

describe('the malformed message that corrupts a stream', () => {
  it('is a kind of malformation that the Gateway chart knows', () => {
    expect(CORRUPT).toBe('corruptCompression');
  });
});

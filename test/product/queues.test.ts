import { describe, expect, it } from 'vitest';
import {
  ageOf,
  closeMessage,
  codeOf,
  FOLLOWED,
  GIVEN_UP,
  isColoured,
  isForeign,
  kindOf,
  messageOf,
  numberOf,
} from '../../src/product/messages.js';
import { EMPTY, QUEUES, type Queue, queueOf } from '../../src/product/queues.js';

const HELLO = messageOf('hello');
const COLOURED = messageOf('dispatch', { sequence: 5, coloured: true });
const PLAIN = messageOf('dispatch', { sequence: 6 });

const held = ({ text }: Queue) =>
  Array.from(text, (each) => {
    const message = each.charCodeAt(0);
    return [kindOf(message), numberOf(message), ageOf(message), isColoured(message), isForeign(message)];
  });

describe('a queue', () => {
  it('is the same object for the same messages, however it came about', () => {
    const queue = queueOf(HELLO + PLAIN);
    expect(EMPTY.plus(HELLO.charCodeAt(0)).plus(PLAIN.charCodeAt(0))).toBe(queue);
    expect(queueOf(COLOURED + HELLO + PLAIN).rest).toBe(queue);
    expect(QUEUES[queue.index]).toBe(queue);
    expect(queueOf(PLAIN + HELLO)).not.toBe(queue);
  });

  it('knows what is on its way in it', () => {
    const ready = queueOf(HELLO + messageOf('ready', { sequence: 1 }) + COLOURED);
    expect(ready).toMatchObject({ length: 3, head: HELLO.charCodeAt(0), mask: 0b100010, isColoured: true });
    expect([ready.bringsReady, ready.bringsResume]).toEqual([true, false]);
    expect(queueOf(messageOf('resume', { sequence: 2 }))).toMatchObject({ bringsReady: false, bringsResume: true });
    expect(queueOf(messageOf('ready', { foreign: true })).bringsReady).toBe(false);
    expect(ready.outdated(GIVEN_UP).plus(PLAIN.charCodeAt(0)).mask).toBe(0b1000000);
  });

  it('whose connection is given up keeps its first message alone', () => {
    const queue = queueOf(COLOURED + PLAIN);
    expect(held(queue.outdated(GIVEN_UP))).toEqual([['dispatch', 0, GIVEN_UP, false, false]]);
    expect(held(queue.outdated(FOLLOWED))).toEqual([['dispatch', 0, FOLLOWED, false, false]]);
    expect(EMPTY.outdated(GIVEN_UP)).toBe(EMPTY);
  });

  it('whose connection is given up keeps the code of a close frame', () => {
    expect(codeOf(queueOf(closeMessage(4009) + HELLO).outdated(GIVEN_UP).head)).toBe(4009);
  });

  it('has old messages and those of the current connection', () => {
    const old = queueOf(COLOURED).outdated(FOLLOWED);
    expect(old.plus(PLAIN.charCodeAt(0)).old).toBe(old);
    expect(queueOf(PLAIN).old).toBe(EMPTY);
  });

  it('can be disowned, lose its colour, and be numbered otherwise', () => {
    const queue = queueOf(HELLO + COLOURED);
    expect(held(queue.disowned)).toEqual([
      ['hello', 0, 0, false, false],
      ['dispatch', 0, 0, false, true],
    ]);
    expect(queue.uncoloured).toBe(queueOf(HELLO + messageOf('dispatch', { sequence: 5 })));
    expect(queue.renumbered(0b100000, () => 1)).toBe(
      queueOf(HELLO + messageOf('dispatch', { sequence: 1, coloured: true })),
    );
    expect(queue.renumbered(0b110000, () => 2).mask).toBe(0b100);
  });
});

import { describe, expect, it } from 'vitest';
import { messageOf, printable, printableJson, printableLines } from '../../src/telling/printable.js';

/** What a terminal obeys, or a reader does not see, by what it is. */
const ORDERS = {
  'a colour': '\u001b[31m',
  'a title': '\u001b]0;x\u0007',
  'the same in one character': '\u009b31m',
  'a newline': '\n',
  'a return': '\r',
  'a line separator': '\u2028',
  'a paragraph separator': '\u2029',
  'a null': '\0',
  'a delete': '\u007f',
  'a change of direction': '\u202e',
  'an isolate': '\u2066',
  'nothing to see': '\u200b',
  'a mark of order': '\ufeff',
  'half a character': '\ud83d',
};

describe('what is printed', () => {
  it.each(Object.entries(ORDERS))('holds no %s', (_, order) => {
    expect(printable(`a${order}b`)).toMatch(/^a[\u00b7\]\[;0-9mx]+b$/);
    const json = printableJson({ [order]: [order] });
    expect(json).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(json)).toEqual({ [order]: [order] });
  });

  it('may have lines', () => expect(printableLines('a\u001b\n\rb\n')).toBe('a·\n·b\n'));

  it('is as it was otherwise', () => {
    const text = 'MESSAGE_CREATE → "ü" 😀 <b> \\n';
    expect(printable(text)).toBe(text);
    expect(printableJson({ text })).toBe(JSON.stringify({ text }));
    expect(printableJson(undefined)).toBe('null');
  });
});

describe('what an error says', () => {
  const throws = () => {
    throw new Error('no');
  };
  it.each<[unknown, string]>([
    [new Error('said'), 'said'],
    ['said', 'said'],
    [undefined, 'undefined'],
    [7, '7'],
    [Symbol('x'), 'Symbol(x)'],
    [{ message: 'x' }, 'something that is no error'],
    [Object.create(null), 'something that is no error'],
    [{ toString: 1 }, 'something that is no error'],
    [Object.defineProperty(new Error('x'), 'message', { get: throws }), 'something that cannot be shown'],
    [Object.defineProperty(new Error('x'), 'message', { value: { x: 1 } }), 'something that is no error'],
    [new Proxy({}, { getPrototypeOf: throws }), 'something that cannot be shown'],
  ])('is told whatever it is (%#)', (error, says) => {
    expect(messageOf(error)).toBe(says);
  });
});

import { describe, expect, it } from 'vitest';
import { parseShallow } from '../../src/telling/shallow.js';

const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);
const TOO_DEEP = new RangeError('the JSON is more than 200 deep');

describe('JSON that comes from elsewhere', () => {
  it.each(['null', '7', '"a"', '[]', '{}', '{"a":[1,{"b":"c"}],"d":[]}', ' [ ] '])('is read: %s', (text) => {
    expect(parseShallow(text)).toEqual(JSON.parse(text));
  });

  it('may be 200 deep, as often as it likes', () => {
    expect(parseShallow(`[${`${nested(199)},`.repeat(5)}1]`)).toHaveLength(6);
    expect(() => parseShallow(nested(200))).not.toThrow();
  });

  it.each([
    ['arrays', nested(201)],
    ['objects', nested(201, '{"a":', '}').replace('}', 'null}')],
    ['brackets that are never closed', '['.repeat(100_000)],
    ['a hundred thousand of both', '[{"a":'.repeat(100_000)],
    ['what follows a text', `["\\"",${nested(200)}]`],
    ['what follows a backslash', `["\\\\",${nested(200)}]`],
  ])('is refused with %s', (_, text) => {
    expect(() => parseShallow(text)).toThrow(TOO_DEEP);
  });

  it('counts no bracket of a text', () => {
    for (const text of ['['.repeat(300), `"${'{'.repeat(300)}`, `\\${'['.repeat(300)}`]) {
      expect(parseShallow(JSON.stringify([text]))).toEqual([text]);
    }
  });

  it('is refused as ever where it is none', () => {
    expect(() => parseShallow('{')).toThrow(SyntaxError);
    expect(() => parseShallow(']]]]"')).toThrow(SyntaxError);
  });
});

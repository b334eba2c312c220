import { describe, expect, it } from 'vitest';
import { Warnings } from '../../src/host/warnings.js';
import { redactor } from '../../src/redact/redact.js';

function setUp() {
  const lines: string[] = [];
  const listener = {
    warned: (problem: string, error?: unknown) =>
      void lines.push(error === undefined ? problem : `${problem}: ${(error as Error).message}`),
  };
  return { lines, warnings: new Warnings(listener, redactor({ token: 'secret-token' })) };
}
const fail = () => {
  throw new Error('on purpose');
};
const NOT_FOUND = { httpStatus: 404 };

describe('the warnings of a host', () => {
  it('stand for what an adapter throws, in place of which comes what was to come otherwise', () => {
    const { lines, warnings } = setUp();
    expect([warnings.guard('a', () => 1, 2), warnings.guard('b', fail, 2)]).toEqual([1, 2]);
    expect([warnings.attempt('c', () => 1), warnings.attempt('d', fail)]).toEqual([true, false]);
    expect(lines).toEqual(['an adapter threw: b: on purpose', 'an adapter threw: d: on purpose']);
  });

  it('say once what will not pass by itself, until the Gateway was reached', () => {
    const { lines, warnings } = setUp();
    for (let i = 0; i < 2; i += 1) warnings.outage('x', NOT_FOUND);
    warnings.outage('x', { httpStatus: 503 });
    warnings.outage('x', NOT_FOUND);
    expect(lines).toHaveLength(1);
    warnings.outageIsOver();
    warnings.outage('x', NOT_FOUND);
    expect(lines).toHaveLength(2);
  });

  it('say once what only an error says, until something else is in between', () => {
    const { lines, warnings } = setUp();
    for (const message of ['bad port', 'bad port', 'no permission']) warnings.unnamedOutage('x', new Error(message));
    warnings.outage('x', NOT_FOUND);
    warnings.unnamedOutage('x', new Error('no permission'));
    expect(lines).toEqual(['x: bad port', 'x: no permission', expect.stringMatching(/^x: .*404/), 'x: no permission']);
  });

  it('bound a wait that somebody else asks for, and tell of it', () => {
    const { lines, warnings } = setUp();
    expect([5_000, 5_001].map((ms) => warnings.bounded('the port', ms, 5_000))).toEqual([5_000, 5_000]);
    expect(lines).toEqual(['the port says to wait 6 s: it is asked again after 5 s']);
  });

  it('show a text from outside without secrets and control characters, and cut', () => {
    const { warnings } = setUp();
    expect(warnings.shown('over\n secret-token')).toBe('over\u00b7 <token>');
    expect(warnings.shown('abc', 2)).toBe('ab');
    expect(warnings.shown('x'.repeat(1_001))).toHaveLength(1_000);
  });
});

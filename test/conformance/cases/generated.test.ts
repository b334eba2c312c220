import { describe, expect, it } from 'vitest';
import type { Case } from '../../../src/conformance/case.js';
import { GENERATED } from '../../../src/conformance/cases/generated.js';
import type { LogEntry } from '../../../src/simulator/index.js';

const named = (id: string): Case => {
  const found = GENERATED.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no case ${id}`);
  return found;
};
const entry = (more: Partial<LogEntry>): LogEntry => ({
  number: 1,
  connection: 1,
  at: 0,
  direction: 'gateway',
  kind: 'text',
  ...more,
});
const strikes = (id: string, more: Partial<LogEntry>) => named(id).strikes?.(entry(more));

/** The documented table and more: each code at each of the six places of a connection. */
const FATAL = [4004, 4010, 4011, 4012, 4013, 4014];
const OTHERS = [4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009, 1000, 1001, 1011, 1012, 4006, 4099];

describe('generated cases', () => {
  it('have every close code at every place', () => {
    const closes = GENERATED.filter(({ id }) => id.startsWith('close-'));
    expect(closes.length).toBe((FATAL.length + OTHERS.length) * 6);
    for (const code of [...FATAL, ...OTHERS])
      expect(named(`close-${code}/resuming`).spec).toMatch(/close-event-codes$/);
  });

  it('say that a client stays away after codes that forbid reconnecting, and comes back after others', () => {
    const away = (code: number) => named(`close-${code}/live`).says.endsWith(': the client stays away');
    expect(FATAL.filter((code) => !away(code))).toEqual([]);
    expect(OTHERS.filter(away)).toEqual([]);
  });

  it('wait in vain for nothing where the client has to stay away', () => {
    for (const code of FATAL) expect(named(`close-${code}/live`).script.at(-1)).toEqual({ order: 'closeWith', code });
    expect(named('close-4000/live').script.at(-1)).toMatchObject({ until: 'live' });
  });

  it('strike when the close of their code leaves the Gateway', () => {
    expect(strikes('close-4009/live', { kind: 'close', code: 4009 })).toBe(true);
    expect(strikes('close-4009/live', { kind: 'close', code: 4000 })).toBe(false);
    expect(strikes('close-4009/live', { kind: 'close', code: 4009, direction: 'client' })).toBe(false);
  });

  it.each([
    ['drop/live', { kind: 'drop' }, { kind: 'drop', direction: 'client' }],
    ['op-7/live', { payload: { op: 7 } }, { payload: { op: 9 } }],
    ['op-1/live', { payload: { op: 1 } }, { payload: { op: 1 }, direction: 'client' }],
    ['op-9-true/live', { payload: { op: 9, d: true } }, { payload: { op: 9, d: false } }],
    ['op-9-false/live', { payload: { op: 9, d: false } }, { payload: { op: 9, d: true } }],
  ] as const)('strike when what they are about happens: %s', (id, yes, no) => {
    expect(strikes(id, yes)).toBe(true);
    expect(strikes(id, no)).toBe(false);
  });

  it('strike by themselves wherever a fault waits for its place', () => {
    const waits = ({ before = [], script }: Case) =>
      [...before, ...script].some((step) => 'fault' in step && step.options?.at !== undefined);
    const silent = GENERATED.filter((each) => waits(each) && each.strikes === undefined).map(({ id }) => id);
    expect(silent.filter((id) => !/^malformed-hello.*\/hello$/.test(id))).toEqual([]);
  });

  it('have every malformed frame while a session is live, and each Hello in its place', () => {
    const malformed = GENERATED.filter(({ id }) => id.startsWith('malformed-'));
    expect(malformed.filter(({ id }) => id.endsWith('/live')).length).toBeGreaterThan(25);
    expect(
      malformed.filter(({ id }) => id.endsWith('/hello')).every(({ id }) => id.startsWith('malformed-hello')),
    ).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { bare, createLog, isRecord, type LogEntry, type Message } from '../../src/simulator/log.js';
import { inMemory } from './in-memory.js';

const open = (connection: number, at = 0) =>
  ({ connection, at, direction: 'client', kind: 'open' }) satisfies Omit<LogEntry, 'number'>;
const numbered = (number: number, entry: object) => ({ number, ...entry });

/** How a log shows a message. */
function shown(data: Message['data'], token: string | null = 'secret-token') {
  const log = createLog(10);
  log.add({ connection: 1, at: 0, direction: 'client', kind: 'text' }, { data, token });
  const { payload, bytes } = log.entries[0] as LogEntry;
  return { payload, bytes };
}

describe('createLog', () => {
  it('gives the entries in order, all or those of one connection', () => {
    const log = createLog(10);
    for (const [n, connection] of [1, 2, 1].entries()) log.add(open(connection, n));
    const [first, second, third] = [open(1, 0), open(2, 1), open(1, 2)].map((entry, n) => numbered(n + 1, entry));
    expect(log.entries).toEqual([first, second, third]);
    expect([log.of(1), log.of(2), log.of(3)]).toEqual([[first, third], [second], []]);
  });

  it('numbers its entries from 1, goes on when it is cleared, and gives those after a number', () => {
    const log = createLog(3);
    expect(log.last).toBe(0);
    for (let n = 1; n <= 5; n += 1) log.add(open(n));
    const numbers = (after: number) => log.after(after).map(({ number }) => number);
    expect([log.last, numbers(0), numbers(4), numbers(5)]).toEqual([5, [3, 4, 5], [5], []]);
    log.clear();
    log.add(open(1));
    expect([log.last, numbers(0)]).toEqual([6, [6]]);
  });

  it('notifies its subscribers of each entry, kept or not, until they leave', () => {
    const log = createLog(0);
    const told: LogEntry[] = [];
    const leave = log.subscribe((entry) => told.push(entry));
    log.add({ connection: 1, at: 0, direction: 'client', kind: 'text' }, { data: '{"op":1}', token: null });
    leave();
    log.add(open(1));
    expect(told).toMatchObject([{ number: 1, payload: { op: 1 } }]);
    expect(log.entries).toEqual([]);
  });

  it('is empty at first, and when it is cleared', () => {
    const log = createLog(10);
    expect(log.entries).toEqual([]);
    log.add(open(1));
    log.clear();
    expect([log.entries, log.of(1)]).toEqual([[], []]);
  });

  it.each([
    [0, 5, []],
    [1, 1, [1]],
    [1, 5, [5]],
    [3, 3, [1, 2, 3]],
    [3, 4, [2, 3, 4]],
    [3, 6, [4, 5, 6]],
    [3, 100, [98, 99, 100]],
    [Number.POSITIVE_INFINITY, 4, [1, 2, 3, 4]],
  ])('with a limit of %d keeps the newest of %d entries', (limit, count, kept) => {
    const log = createLog(limit);
    for (let n = 1; n <= count; n += 1) log.add(open(n));
    expect(log.entries).toEqual(kept.map((n) => numbered(n, open(n))));
    expect(log.of(1)).toEqual(kept.includes(1) ? [numbered(1, open(1))] : []);
  });
});

describe('a message in a log', () => {
  it('is what its JSON says, with its length in bytes', () => {
    expect(shown('{"op":1,"d":"é"}')).toEqual({ payload: { op: 1, d: 'é' }, bytes: 17 });
    expect(shown('[1]')).toEqual({ payload: [1], bytes: 3 });
  });

  it('stays beside what else the entry says', () => {
    const log = createLog(10);
    log.add({ connection: 3, at: 7, direction: 'gateway', kind: 'text' }, { data: '{"op":11}', token: null });
    const entry = {
      number: 1,
      connection: 3,
      at: 7,
      direction: 'gateway',
      kind: 'text',
      payload: { op: 11 },
      bytes: 9,
    };
    expect([log.entries, log.of(3)]).toEqual([[entry], [entry]]);
  });

  it.each([
    ['the right one', 'secret-token', '[token]'],
    ['the right one with Bot before it', 'Bot secret-token', '[token]'],
    ['a wrong one', 'other', '[wrong token]'],
    ['one that begins like the right one', 'secret-token-2', '[wrong token]'],
    ['no text', 7, '[wrong token]'],
  ])('shows of a token whether it was right: %s', (_, token, placeholder) => {
    const payload = { op: 2, d: { token, intents: 1 } };
    expect(shown(JSON.stringify(payload)).payload).toEqual({ op: 2, d: { token: placeholder, intents: 1 } });
  });

  it('shows every token as right where any is', () => {
    expect(shown('{"op":2,"d":{"token":"other"}}', null).payload).toEqual({ op: 2, d: { token: '[token]' } });
  });

  it('shows the token nowhere else in JSON, and nowhere in other text', () => {
    expect(shown('{"op":3,"d":{"name":"is secret-token"}}').payload).toEqual({ op: 3, d: { name: 'is [token]' } });
    expect(shown('{"op":2,"d":{"token":"secret-token"').payload).toBe('{"op":2,"d":{"token":"[token]"');
  });

  it.each([
    ['{"op":2,"d":{"token":"another"', '{"op":2,"d":{"token":"[wrong token]"'],
    ['{"op":2,"d":{"token":"Bot secret-token","x"', '{"op":2,"d":{"token":"[token]","x"'],
    ['{"op":2,"d":{"token":"anoth', '{"op":2,"d":{"token":"[wrong token]'],
    ['{"token" : "a\\"b", x', '{"token" : "[wrong token]", x'],
    ['op=2, Token=another, x', 'op=2, Token=[wrong token], x'],
    [`hi ${'a'.repeat(24)}.${'b'.repeat(6)}.${'c'.repeat(27)}!`, 'hi [wrong token]!'],
  ])('shows no other token in text that is not JSON: %s', (text, payload) => {
    expect(shown(text).payload).toBe(payload);
  });

  it('shows no other token in text that is too long or too deep to be read as JSON', () => {
    for (const rest of ['x'.repeat(65_536), `",${'['.repeat(300)}"`]) {
      const { payload } = shown(`{"op":2,"d":{"token":"another","x":"${rest}"}}`);
      expect(payload).toMatch(/^\{"op":2,"d":\{"token":"\[wrong token\]","x":/);
    }
  });

  it('shows no token wherever it stands in JSON', () => {
    const payload = { token: 'a', d: [{ Token: 'secret-token', e: { token: null } }], 'not a token': 'b' };
    expect(shown(JSON.stringify(payload)).payload).toEqual({
      token: '[wrong token]',
      d: [{ Token: '[token]', e: { token: '[wrong token]' } }],
      'not a token': 'b',
    });
  });

  it('shows no token of a binary message, the right one or another', () => {
    const said = (text: string) => Buffer.from(shown(Buffer.from(text)).payload as string, 'base64').toString('latin1');
    expect(said('is secret-token!')).toBe('is [token');
    expect(said('m\0\0\0\x05tokenm\0\0\0\x07another')).toBe('m\0\0\0\x05token');
  });

  it.each([
    ['of 1024 characters whole', 1024, 'x'.repeat(1024)],
    ['of 1025 characters cut', 1025, `${'x'.repeat(1024)}...`],
  ])('is shown where it is text that is not JSON: %s', (_, length, payload) => {
    expect(shown('x'.repeat(length))).toEqual({ payload, bytes: length });
  });

  it('is cut after the token in it is hidden', () => {
    const { payload } = shown(`${'x'.repeat(1020)}secret-token`);
    expect(payload).toBe(`${'x'.repeat(1020)}[tok...`);
  });

  it.each([
    ['of 65,536 characters is parsed', 65_536, { d: 'x'.repeat(65_528) }],
    ['of 65,537 characters is cut as text', 65_537, `{"d":"${'x'.repeat(1018)}...`],
  ])('that is JSON %s', (_, length, payload) => {
    expect(shown(`{"d":"${'x'.repeat(length - 8)}"}`)).toEqual({ payload, bytes: length });
  });

  it('is base64 where it is binary, cut after 1024 bytes', () => {
    expect(shown(Uint8Array.of(0x83, 0x00, 0xff, 0x74))).toEqual({ payload: 'gwD/dA==', bytes: 4 });
    const { payload, bytes } = shown(new Uint8Array(2_000).fill(0xff));
    expect([Buffer.from(payload as string, 'base64').length, bytes]).toEqual([1024, 2_000]);
  });
});

describe('bare', () => {
  it.each([
    ['Bot secret', 'secret'],
    ['secret', 'secret'],
    ['Bot ', ''],
    ['bot secret', 'bot secret'],
    ['Bearer secret', 'Bearer secret'],
    ['Bot Bot secret', 'Bot secret'],
    [undefined, undefined],
    [7, 7],
  ])('makes %o %o', (token, without) => {
    expect(bare(token)).toBe(without);
  });
});

describe('isRecord', () => {
  it.each([{}, { op: 1 }, Object.create(null)])('takes %o', (value) => {
    expect(isRecord(value)).toBe(true);
  });

  it.each([null, undefined, [], 'text', 7, true, () => {}])('refuses %o', (value) => {
    expect(isRecord(value)).toBe(false);
  });
});

describe('the wire log of a Gateway', () => {
  it('has everything that crossed the wire, and never the token', () => {
    const { live, pass, gateway, open } = inMemory();
    live().socket.close(4900);
    pass();
    const wrong = open();
    wrong.identify({ token: 'Bot wrong' });
    pass();
    const log = gateway.log
      .of(1)
      .map(({ direction, kind, code, payload }) => ({ direction, kind, code, op: opOf(payload) }));
    expect(log).toEqual([
      { direction: 'client', kind: 'open' },
      { direction: 'gateway', kind: 'text', op: 10 },
      { direction: 'client', kind: 'text', op: 2 },
      { direction: 'gateway', kind: 'text', op: 0 },
      { direction: 'client', kind: 'close', code: 4900 },
      { direction: 'gateway', kind: 'close', code: 4900 },
    ]);
    expect(gateway.log.of(1)[0]).toMatchObject({ path: '/?v=10&encoding=json', resumeHost: false, at: 1 });
    const tokens = gateway.log.entries.flatMap(
      ({ payload }) => (payload as { d?: { token?: string } })?.d?.token ?? [],
    );
    expect(tokens).toEqual(['[token]', '[wrong token]']);
  });

  it('keeps as many entries as the option says', () => {
    const { live, control, gateway } = inMemory({ log: 5 });
    live();
    for (let n = 0; n < 20; n += 1) control.dispatch('A', { n });
    expect(gateway.log.entries.map(({ payload }) => (payload as { s: number }).s)).toEqual([17, 18, 19, 20, 21]);
  });
});

const opOf = (payload: unknown) => (payload as { op?: number } | undefined)?.op;

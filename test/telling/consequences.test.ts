import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, type ShardEvent, shardMachine, stateNodesOf, TIMERS } from '../../machines/index.js';

import { QUESTIONS } from '../../src/telling/consequences.js';

const ids = QUESTIONS.map(({ id }) => id);
const question = (id: string) => {
  const found = QUESTIONS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no question ${id}`);
  return found;
};

describe('what a reader may ask', () => {
  it('has the most asked first, each once', () => {
    expect(ids.slice(0, 8)).toEqual(['op9-false', 'op9-true', 'op7', 'no-ack', 'ack', 'op1', '1006', '4009']);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("names every close code of the table, Discord's before those of WebSocket", () => {
    const codes = ids.filter((id) => /^\d+$/.test(id)).map(Number);
    expect([...codes].sort()).toEqual(Object.keys(CLOSE_CODES).map(Number).sort());
    const [, , ...rest] = codes; // the most asked ones
    expect(rest.findIndex((code) => code < 4000)).toBe(rest.filter((code) => code >= 4000).length);
    expect(question('4004').title).toBe('close 4004: Authentication failed');
  });

  it.each<[id: string, event: ShardEvent, matches: boolean]>([
    ['op9-false', { type: 'invalidSession', connection: 1, resumable: false }, true],
    ['op9-false', { type: 'invalidSession', connection: 1, resumable: true }, false],
    ['op9-true', { type: 'invalidSession', connection: 1, resumable: true }, true],
    ['op9-true', { type: 'reconnectRequested', connection: 1 }, false],
    ['4009', { type: 'closed', connection: 1, code: 4009 }, true],
    ['4009', { type: 'closed', connection: 1, code: 4008 }, false],
    ['reconnect', { type: 'reconnect', fresh: true }, false],
    ['reconnect', { type: 'reconnect', fresh: false }, true],
    ['timer.hello', { type: 'timer.hello' }, true],
    ['no-ack', { type: 'timer.heartbeat' }, true],
    ['hello', { type: 'heartbeatAck', connection: 1 }, false],
  ])('%s is about %j: %s', (id, event, matches) => {
    expect(question(id).matches(event)).toBe(matches);
  });

  it('names states and timers that the chart has', () => {
    const ids = stateNodesOf(shardMachine).map(({ id }) => id);
    for (const { rule, next = [] } of QUESTIONS) {
      if (rule !== undefined) expect(ids, rule).toContain(rule);
      for (const timer of next) expect(TIMERS).toContain(timer);
    }
  });
});

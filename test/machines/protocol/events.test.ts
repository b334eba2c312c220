/** The tables against documented.json, a transcription of Discord's documentation made apart from them, in both directions. */
import { describe, expect, it } from 'vitest';
import { EVENTS_AHEAD } from '../../../machines/protocol/ahead.js';
import {
  DISPATCH_EVENTS,
  type DispatchEventName,
  EVENTS,
  EVENTS_WITHOUT_INTENT,
  type EventRow,
  isDispatchEvent,
  isDispatchName,
} from '../../../machines/protocol/events.js';
import documented from './documented.json' with { type: 'json' };

describe('Receive Events', () => {
  const rows = Object.entries(documented.events) as [DispatchEventName, EventRow][];

  it('are the 79 documented ones and 6 that come before they are documented, and no other', () => {
    expect([...DISPATCH_EVENTS].sort()).toEqual(rows.map(([name]) => name).sort());
    expect(Object.keys(EVENTS).sort()).toEqual(rows.map(([name]) => name).sort());
    expect([...EVENTS_AHEAD].sort()).toEqual(documented.eventsAhead);
    expect(rows).toHaveLength(79 + 6);
  });

  it.each(rows)('%s comes with its intents, in guilds and in direct messages', (name, intents) => {
    expect(EVENTS[name]).toEqual(intents);
    expect(isDispatchEvent(name)).toBe(true);
  });

  it('are 16 that need no intent', () => {
    expect([...EVENTS_WITHOUT_INTENT].sort()).toEqual([...documented.eventsWithoutIntent].sort());
    expect(documented.eventsWithoutIntent).toHaveLength(16);
  });

  it('leave out what has an opcode of its own and what is not documented', () => {
    for (const name of ['HELLO', 'RECONNECT', 'INVALID_SESSION', 'PRESENCES_REPLACE', 'ready', '', 'toString']) {
      expect(isDispatchEvent(name)).toBe(false);
    }
  });
});

describe('the name of a dispatch', () => {
  it.each([...DISPATCH_EVENTS, 'A', 'GUILD_JOIN_REQUEST_CREATE', '2FA', 'A'.repeat(64)])('may be %s', (name) => {
    expect(isDispatchName(name)).toBe(true);
  });

  it.each([
    ...['', 'transition', 'backlog', '__proto__', 'Ready', 'A B', 'A\n', '\nA', 'A.B', 'É', 'A'.repeat(65)],
    ...[null, undefined, 7, ['A']],
  ])('is not %j', (name) => {
    expect(isDispatchName(name)).toBe(false);
  });
});

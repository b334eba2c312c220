/** What the page of the events says of the one that is asked about most. */
import { describe, expect, it } from 'vitest';
import { byState, tableAfter } from './tables-in-pages.js';

describe('op 9', () => {
  it.each([
    ['With `d: true`', 'settled', 'with a session', 'reconnecting, closing with 4900', 'kept', '1 to 5 s', 'Resume'],
    ['With `d: true`', 'identifying', '', 'reconnecting, closing with 1000', 'none', '1 to 5 s', 'Identify'],
    ['With `d: false`', 'settled', '', 'reconnecting, closing with 1000', 'none', '1 to 5 s', 'Identify'],
    ['With `d: false`', 'resuming', '', 'reconnecting, closing with 1000', 'none', '1 to 5 s', 'Identify'],
  ])('%s in %s %s', (mark, state, when, leadsTo, session, wait, sent) => {
    const rows = byState(tableAfter('events.md', '## invalidSession', mark)).get(state) ?? [];
    expect(rows).toContainEqual([
      when,
      leadsTo,
      session,
      expect.stringContaining(wait),
      expect.stringContaining(sent),
      expect.any(String),
    ]);
  });
});

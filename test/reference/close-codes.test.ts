/** What the page of the close codes says where a reader looks first. */
import { describe, expect, it } from 'vitest';
import { CLOSE_CODES } from '../../machines/index.js';
import { byState, tableAfter } from './tables-in-pages.js';

describe.each(Object.entries(CLOSE_CODES))('the table of close code %s', (code, { name, recovery }) => {
  const states = byState(tableAfter('close-codes.md', `\n## ${code} ${name}\n`));

  it.each(['queuedForIdentify', 'identifying'])('knows no session in %s', (state) => {
    const [[when, leadsTo, session, , sent] = [], ...more] = states.get(state) ?? [];
    expect([when, session, more]).toEqual(['', 'none', []]);
    if (recovery !== 'stop') expect([leadsTo, sent]).toEqual(['waiting', 'Identify, at the main URL']);
    else expect(leadsTo).toBe('failed');
  });

  it('resumes from resuming as often as the code says, and never without a session', () => {
    const rows = states.get('resuming') ?? [];
    expect(rows.map(([when]) => when)).toEqual(['']);
    expect(rows[0]?.[4]?.startsWith('Resume')).toBe(recovery === 'resume');
  });

  it('tells wait, and what is sent then, wherever it comes back', () => {
    for (const rows of states.values()) {
      for (const [, leadsTo, , wait, sent] of rows) {
        expect([wait !== '', sent !== '']).toEqual([leadsTo === 'waiting' || leadsTo === 'resting', true]);
      }
    }
  });
});

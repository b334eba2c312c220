/** What the reference says where a reader looks first. */
import { describe, expect, it } from 'vitest';
import { CLOSE_CODES } from '../../machines/index.js';
import { PAGES } from './pages.js';

/** The rows of the table behind a text, each cell without its links. */
function tableAfter(page: string, ...marks: readonly string[]): readonly (readonly string[])[] {
  let text = PAGES[`docs/reference/${page}`] ?? '';
  for (const mark of marks) {
    const at = text.indexOf(mark);
    if (at < 0) throw new Error(`${page} does not say ${mark}`);
    text = text.slice(at + mark.length);
  }
  const [table = ''] = /(?:^\|.*\n)+/m.exec(text) ?? [];
  return table
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
    );
}

/** Each state of the first cells, with the other cells of its row. */
function byState(rows: readonly (readonly string[])[]): ReadonlyMap<string, readonly (readonly string[])[]> {
  const found = new Map<string, (readonly string[])[]>();
  for (const [states = '', ...cells] of rows) {
    for (const part of states.split('; ')) {
      const [, names = '', when = ''] = /^(.*?)( with(?:out)? a session)?$/.exec(part) ?? [];
      for (const name of names.split(', ')) found.set(name, [...(found.get(name) ?? []), [when.trim(), ...cells]]);
    }
  }
  return found;
}

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
        expect([wait !== '', sent !== '']).toEqual([leadsTo === 'waiting', true]);
      }
    }
  });
});

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

describe('a missed ACK', () => {
  const states = byState(tableAfter('stories.md', '\n## A missed ACK\n'));

  it('is told of every state in which a heartbeat may be out', () => {
    expect([...states.keys()].sort()).toEqual([
      'identifying',
      'queuedForIdentify',
      'resuming',
      'settled',
      'settling',
      'unproven',
    ]);
    expect(states.get('settled')).toContainEqual([
      'with a session',
      'reconnecting, closing with 4900',
      'kept',
      '0 to 500 ms',
      expect.stringContaining('Resume'),
      expect.any(String),
    ]);
  });

  it('has the time running beside its steps', () => {
    const steps = tableAfter('stories.md', '\n## A missed ACK\n', 'Step by step');
    expect(steps.slice(0, 4).map(([time]) => time)).toEqual(['0', '250 ms', '750 ms', '750 to 1250 ms']);
  });
});

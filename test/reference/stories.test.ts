/** What the stories say where a reader looks first. */
import { describe, expect, it } from 'vitest';
import { byState, tableAfter } from './tables-in-pages.js';

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

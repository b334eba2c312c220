import { describe, expect, it } from 'vitest';
import { tableAfter } from './tables-in-pages.js';

const rows = tableAfter('README.md', '### On a connection');
const rowOf = (event: string) => rows.find(([name = '']) => name.startsWith(`\`${event}\``))?.slice(1);

describe('the matrix', () => {
  it('tells where an event leads, or that another region handles it', () => {
    expect(new Set(rowOf('stop'))).toEqual(new Set(['stopping']));
    expect(rowOf('hello')?.[0]).toBe('queued<wbr>For<wbr>Identify, resuming');
    expect(new Set(rowOf('hello')?.slice(1))).toEqual(new Set(['noted']));
    expect(rowOf('heartbeatRequested')?.slice(0, 2)).toEqual(['noted', 'beside']);
  });

  it('has timers last', () => {
    const isTimer = rows.map(([name = '']) => name.startsWith('`timer.'));
    expect(isTimer).toEqual([...isTimer].sort());
    expect(isTimer).toContain(true);
  });
});

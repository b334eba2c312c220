import { describe, expect, it } from 'vitest';
import { History } from '../../src/inspect/history.js';

/** A history of at most ten bytes, after some lines; those in capitals are needed. */
function historyOf(...lines: readonly string[]): readonly string[] {
  const history = new History(10);
  for (const line of lines) history.add(line, line === line.toUpperCase());
  return history.lines;
}

describe('a history', () => {
  it('keeps everything in order up to its limit', () => {
    expect(historyOf()).toEqual([]);
    expect(historyOf('aaaa', 'BBBB', 'cc')).toEqual(['aaaa', 'BBBB', 'cc']);
  });

  it('forgets the oldest beyond its limit, down to half of it', () => {
    expect(historyOf('aaaa', 'bbbb', 'cc', 'd')).toEqual(['cc', 'd']);
    expect(historyOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k')).toEqual(['g', 'h', 'i', 'j', 'k']);
  });

  it('has room again after it forgot', () => {
    expect(historyOf('aaaa', 'bbbb', 'cc', 'd', 'eeeeeee')).toEqual(['cc', 'd', 'eeeeeee']);
    expect(historyOf('aaaa', 'bbbb', 'cc', 'd', 'eeeeeee', 'f')).toEqual(['f']);
  });

  it('keeps what is needed, and forgets what came after it instead', () => {
    expect(historyOf('HH', 'aaaa', 'bbbb', 'c')).toEqual(['HH', 'c']);
    expect(historyOf('aa', 'HHH', 'bbb', 'III')).toEqual(['HHH', 'III']);
  });

  it('forgets the oldest of what is needed only when that alone is too much', () => {
    expect(historyOf('AAAA', 'b', 'CCCC', 'DDD')).toEqual(['DDD']);
    expect(historyOf('AAAA', 'BBBB', 'CC', 'd')).toEqual(['AAAA', 'BBBB', 'CC']);
  });

  it('counts the bytes of UTF-8', () => {
    expect(historyOf('ééé', 'zzzz')).toEqual(['ééé', 'zzzz']);
    expect(historyOf('ééé', 'zzzé')).toEqual(['zzzé']);
  });

  it('keeps nothing of a line that is larger than its limit', () => {
    expect(historyOf('a', 'bbbbbbbbbbb')).toEqual([]);
    expect(historyOf('A', 'BBBBBBBBBBB')).toEqual([]);
    expect(historyOf('aaaaaaaaaaa', 'b')).toEqual(['b']);
  });
});

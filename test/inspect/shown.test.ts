import { describe, expect, it } from 'vitest';
import { shownBy } from '../../src/inspect/shown.js';

describe('what is shown', () => {
  it.each([
    ['data', { content: 'private' }, '<left out>'],
    ['d', 'private', '<left out>'],
    ['payload', null, '<left out>'],
    ['payloads', [1, 2, 3], '<3 left out>'],
    ['buffer', [], '<0 left out>'],
    ['backlog', [{ says: 'private' }], '<1 left out>'],
    ['dispatches', ['private'], '<1 left out>'],
  ])('has of %s only that something was there, or how much', (key, content, shown) => {
    expect(shownBy({})({ [key]: content })).toEqual({ [key]: shown });
    expect(shownBy({})([{ within: { [key]: content } }])).toEqual([{ within: { [key]: shown } }]);
  });

  it('has contents if asked for, and no secrets in them', () => {
    const content = { data: { session_id: 'session-1', d: ['private'] }, dispatches: ['private'] };
    expect(shownBy({ payloads: true })(content)).toEqual({
      data: { session_id: '<session 1>', d: ['private'] },
      dispatches: ['private'],
    });
  });

  it('has everything else as it is', () => {
    const value = { type: 'dispatch', name: 'A', sequence: 3, lists: [[1, null], [true]], dataset: 'd', nothing: null };
    expect(shownBy({})(value)).toEqual(value);
    for (const simple of ['text', 7, true, null, undefined]) expect(shownBy({})(simple)).toBe(simple);
  });

  it('leaves what it was given unchanged', () => {
    const value = { data: [1], session: { id: 'session-1' } };
    shownBy({})(value);
    expect(value).toEqual({ data: [1], session: { id: 'session-1' } });
  });

  it('has no secret that was seen before, wherever it stands', () => {
    const shown = shownBy({});
    expect(shown({ session: { id: 'session-1', url: 'wss://resume.discord.gg' } })).toEqual({
      session: { id: '<session 1>', url: '<resume url 1>' },
    });
    expect(shown({ reason: 'session-1 is gone', 'session-1': 1 })).toEqual({
      reason: '<session 1> is gone',
      '<session 1>': 1,
    });
  });

  it('is learned by each inspector for itself', () => {
    shownBy({})({ sessionId: 'session-1' });
    expect(shownBy({})('session-1')).toBe('session-1');
  });
});

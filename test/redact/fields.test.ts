import { describe, expect, it } from 'vitest';
import { FIELDS, isPlaceholder, isSecretField, SESSION_FIELDS } from '../../src/redact/fields.js';

describe('fields that hold secrets', () => {
  it('are those of messages and of charts, and under a session its id and url', () => {
    for (const name of ['token', 'session_id', 'sessionId', 'resume_gateway_url', 'resumeUrl', 'offered'])
      expect([FIELDS.has(name), SESSION_FIELDS.has(name)]).toEqual([true, true]);
    expect([FIELDS.has('id'), FIELDS.has('url')]).toEqual([false, false]);
    expect([SESSION_FIELDS.get('id'), SESSION_FIELDS.get('url')]).toEqual(['session', 'resume url']);
  });

  it.each([
    ['token', 'a', true],
    ['Authorization', 'a', true],
    ['proxy-authorization', ['a'], true],
    ['Set-Cookie', 'a', true],
    ['token', '', false],
    ['token', null, false],
    ['token', undefined, false],
    ['constructor', 'a', false],
    ['authorizations', 'a', false],
  ])('of an error: %s, %j (%s)', (name, value, is) => {
    expect(isSecretField(name, value)).toBe(is);
  });
});

describe('a placeholder', () => {
  it.each(['<token>', '<session 12>', '<resume url 1>', '<another token>', '<left out>'])('is %s', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each(['<session 1', ' <token>', '<session a>', '<secret>', `<session ${'1'.repeat(40)}>`, ''])(
    'is not %j',
    (text) => {
      expect(isPlaceholder(text)).toBe(false);
    },
  );
});

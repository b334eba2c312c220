import { describe, expect, it } from 'vitest';
import { formsOf, normal, secretsOf, withBareUrls } from '../../src/redact/urls.js';

describe('a URL in a text', () => {
  it.each([
    ['wss://a.b/', 'wss://a.b/'],
    ['wss://a.b', 'wss://a.b'],
    ['wss://u:p@a.b:1/c?d=e#f', 'wss://a.b:1/c'],
    ['wss://u:p@q@a.b/c', 'wss://a.b/c'],
    ['HTTPS://u@a.b?c', 'HTTPS://a.b'],
    ['to ws://a.b/?c=d: refused', 'to ws://a.b/ refused'],
    ['"http://a.b?c" and \'http://u@a.b\'', '"http://a.b" and \'http://a.b\''],
    ['wss://user:<left out>@a.b/c?d=<token>&e=f', 'wss://a.b/c'],
    ['wss://<resume url 1>/c?d', 'wss://<resume url 1>/c'],
    ['to <resume url 1>/c?d=<token>&e=f!', 'to <resume url 1>/c'],
    ['wss://u:p@<resume url 2>:8443/?d', 'wss://<resume url 2>:8443/'],
    ['ftp://u:p@a.b/?c', 'ftp://u:p@a.b/?c'],
    ['a@b.c?', 'a@b.c?'],
  ])('%s is shown as %s', (text, shown) => {
    expect(withBareUrls(text)).toBe(shown);
  });

  it('is found in texts of any form in no time', () => {
    const parts = ['ws://', 'ws://<a>', '<a', 'ws://a@', 'ws://?'];
    const shown = parts.map((part) => withBareUrls(`ws://${part.repeat(100_000)}`));
    expect(shown.map((text) => text.startsWith('ws://'))).toEqual(parts.map(() => true));
  });
});

describe('the secrets of a URL', () => {
  it('are user, password and what its query holds, as they are written and as they are meant', () => {
    const secrets = secretsOf('wss://us%20er:pa%24s@a.b/?key=a%2Fb&v=10&encoding=json&flag&compress=zlib-stream&x=c=d');
    expect(new Set(secrets)).toEqual(new Set(['us%20er', 'us er', 'pa%24s', 'pa$s', 'a%2Fb', 'a/b', '', 'c=d']));
  });

  it('are none of what is no URL, or has none', () => {
    expect([secretsOf('no'), secretsOf('wss://%zz:%zz@a.b/').includes('%zz')]).toEqual([[], true]);
    expect(secretsOf('wss://a.b/?v=10').filter((each) => each !== '')).toEqual([]);
  });
});

describe('the forms of a URL', () => {
  it('are as it was given and as it is used, with and without a slash, and its host with and without a port', () => {
    expect(formsOf('wss://A.b:8443')).toEqual({
      whole: ['wss://A.b:8443/', 'wss://A.b:8443', 'wss://a.b:8443/', 'wss://a.b:8443'],
      hosts: ['A.b:8443', 'a.b:8443', 'a.b'],
    });
    expect(formsOf('wss://u:p@a.b/c').hosts).toEqual(['a.b']);
    expect(formsOf('no')).toEqual({ whole: ['no/', 'no'], hosts: [] });
    expect([normal('wss://a.b/'), normal('wss://a.b')]).toEqual(['wss://a.b', 'wss://a.b']);
  });
});

import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/redact/redact.js';

const TOKEN = 'MTk4.secret.token';
const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

describe('a redactor', () => {
  it('gives each secret a placeholder of its own, and always the same one', () => {
    const secrets = redactor({ token: TOKEN });
    const ready = (id: string) => ({ session_id: id, resume_gateway_url: RESUME_URL });
    expect(secrets.value(ready('abcdef1'))).toEqual({
      session_id: '<session 1>',
      resume_gateway_url: '<resume url 1>',
    });
    expect(secrets.value(ready('abcdef2'))).toEqual({
      session_id: '<session 2>',
      resume_gateway_url: '<resume url 1>',
    });
    expect(secrets.value(ready('abcdef1')).session_id).toBe('<session 1>');
  });

  it('knows a secret wherever it stood once: in texts, in keys, in the middle', () => {
    const secrets = redactor({ token: TOKEN });
    secrets.value({ type: 'ready', session: { id: 'abcdef1', url: RESUME_URL } });
    expect(secrets.text(`Bot ${TOKEN} resumes abcdef1 at ${RESUME_URL}/?v=10`)).toBe(
      'Bot <token> resumes <session 1> at <resume url 1>',
    );
    expect(secrets.text('getaddrinfo ENOTFOUND gateway-us-east1-b.discord.gg')).toBe(
      'getaddrinfo ENOTFOUND <resume url 1>',
    );
    expect(secrets.value({ abcdef1: [{ says: ['abcdef1'] }] })).toEqual({ '<session 1>': [{ says: ['<session 1>'] }] });
  });

  it('finds a secret that begins like another', () => {
    const secrets = redactor();
    secrets.learn('session', 'abcdef');
    secrets.learn('session', 'abcdef1');
    expect(secrets.text('abcdef1 abcdef')).toBe('<session 2> <session 1>');
  });

  it('takes characters of a secret for nothing but characters', () => {
    const secrets = redactor({ token: 'a.c(d)[e]+$' });
    expect(secrets.text('a.c(d)[e]+$ abc(d)[e]+$')).toBe('<token> abc(d)[e]+$');
  });

  it('replaces short secrets where they stand only', () => {
    const secrets = redactor();
    expect(secrets.value({ session: { id: 's', url: null } })).toEqual({ session: { id: '<session 1>', url: null } });
    expect(secrets.text('stopped')).toBe('stopped');
  });

  it('leaves a URL that was public before, and the host of one', () => {
    const secrets = redactor({ publicUrls: ['ws://127.0.0.1:4000/'] });
    const session = { id: 'abcdef1', url: 'ws://127.0.0.1:4000' };
    expect(secrets.value({ session }).session.url).toBe('ws://127.0.0.1:4000');
    expect(secrets.value({ session: { ...session, url: 'ws://127.0.0.1:4000/resume' } }).session.url).toBe(
      '<resume url 1>',
    );
    expect(secrets.text('ws://127.0.0.1:4000/')).toBe('ws://127.0.0.1:4000/');
    expect(secrets.text('ws://127.0.0.1:4000/resume?v=10')).toBe('<resume url 1>');
  });

  it('keeps a placeholder for a URL that becomes public later', () => {
    const secrets = redactor();
    secrets.value({ session: { id: 'abcdef1', url: RESUME_URL } });
    secrets.publish(RESUME_URL);
    expect(secrets.text(RESUME_URL)).toBe('<resume url 1>');
  });

  it('lets placeholders be', () => {
    const secrets = redactor();
    secrets.value({ sessionId: 'abcdef1' });
    expect(secrets.value({ sessionId: '<session 7>' })).toEqual({ sessionId: '<session 7>' });
  });

  it('cuts circles and shows bytes as their number', () => {
    const secrets = redactor();
    const circle: Record<string, unknown> = { bytes: new Uint8Array(3) };
    circle.self = circle;
    expect(secrets.value(circle)).toEqual({ bytes: '<3 bytes>', self: '<left out>' });
  });

  it('copies an error that holds a secret, with its causes, and hands on any other as it is', () => {
    const secrets = redactor({ token: TOKEN });
    const harmless = new TypeError('no');
    expect(secrets.error(harmless)).toBe(harmless);
    const cause = Object.assign(new Error(`refused ${TOKEN}`), { headers: { authorization: TOKEN } });
    const copy = secrets.error(Object.assign(new Error('failed', { cause }), { code: 'ERR' })) as Error & {
      code: string;
    };
    expect(copy).toMatchObject({ name: 'Error', message: 'failed', code: 'ERR' });
    expect((copy.cause as Error).message).toBe('refused <token>');
    expect(`${copy.stack} ${(copy.cause as Error).stack} ${JSON.stringify(copy.cause)}`).not.toContain(TOKEN);
  });

  it('finds the newest of very many sessions in texts, and never forgets the token and the session that is held', () => {
    const secrets = redactor({ token: TOKEN });
    const url = 'wss://held.example';
    secrets.learn('session', 'session-held-0');
    secrets.learn('resume url', url);
    secrets.hold({ id: 'session-held-0', url });
    for (let i = 2; i <= 3_000; i += 1) secrets.learn('session', `session-number-${i}-`);
    expect(secrets.text(`${TOKEN} session-held-0 ${url}/ session-number-3000- session-number-2980-`)).toBe(
      '<token> <session 1> <resume url 1> <session 3000> <session 2980>',
    );
    expect(secrets.text('ENOTFOUND held.example')).toBe('ENOTFOUND <resume url 1>');
    expect(secrets.value({ sessionId: 'session-number-2500-' })).toEqual({ sessionId: '<session 2500>' });
    expect(secrets.text('quotes session-number-5-')).toBe('quotes session-number-5-');
  });

  it('takes no field of every object for a secret', () => {
    const secrets = redactor({ token: TOKEN });
    const value = JSON.parse('{"constructor":"a","toString":"b","__proto__":"c","hasOwnProperty":"d","session":"e"}');
    expect(JSON.stringify(secrets.value(value))).toBe(JSON.stringify(value));
    expect(JSON.stringify(secrets.payload(value))).toBe(JSON.stringify(value));
    expect(secrets.learn('session', 'abcdef1')).toBe('<session 1>');
  });

  it('does not remember a secret that is longer than any can be', () => {
    const secrets = redactor();
    const long = 'x'.repeat(40_000);
    expect(secrets.value({ sessionId: long, resumeUrl: `wss://a.b/${long}` })).toEqual({
      sessionId: '<another session>',
      resumeUrl: '<another resume url>',
    });
    expect(secrets.text(`${long}!`)).toBe(`${long}!`);
    const longest = 'y1'.repeat(512);
    secrets.learn('session', longest);
    expect(secrets.text(`of ${longest}!`)).toBe('of <session 1>!');
  });

  it('knows a token of any length, whatever is in it', () => {
    const token = '.*+?^$()|[]{}\\ü😀"\n'.repeat(4_000);
    expect(redactor({ token }).text(`of ${token}!`)).toBe('of <token>!');
  });

  it.each(['session', 'running', 'ready', 'timer.hello', 'heartbeatAck', 'retryAfter', 'active'])(
    'replaces a session id that is a word of the chart, %s, where it stands alone',
    (id) => {
      const secrets = redactor({ token: TOKEN });
      secrets.learn('session', id);
      const event = { type: id, session: { id, url: null }, value: { [id]: id }, reason: `${id} is over` };
      expect(secrets.value(event)).toEqual({ ...event, session: { id: '<session 1>', url: null } });
    },
  );

  it('spares the words of another chart that it is told of', () => {
    const secrets = redactor();
    secrets.learn('session', 'lampIsLit');
    expect(secrets.text('lampIsLit')).toBe('<session 1>');
    secrets.spare('{"on":"lampIsLit"}');
    expect(secrets.text('lampIsLit, lampIsLit')).toBe('lampIsLit, lampIsLit');
  });

  it('does not look into placeholders again', () => {
    const secrets = redactor();
    secrets.learn('session', 'session 1>');
    secrets.learn('session', 'abcdef-1');
    expect(secrets.text('abcdef-1 session 1>')).toBe('<session 2> <session 1>');
  });

  it('knows a URL as it was given and as it is used, and the host with and without its port', () => {
    const secrets = redactor();
    secrets.learn('resume url', 'wss://Resume-B.Example:8443/a%20b');
    for (const form of ['wss://Resume-B.Example:8443/a%20b', 'wss://resume-b.example:8443/a%20b/', 'resume-b.example'])
      expect(secrets.text(`to ${form}!`)).toBe('to <resume url 1>!');
    expect(secrets.learn('resume url', 'wss://resume-b.example:8443/a%20b')).toBe('<resume url 1>');
  });

  it('remembers a few of the URLs that were located, and the one that is configured', () => {
    const secrets = redactor({ publicUrls: ['wss://gateway.discord.gg/'] });
    for (let i = 0; i < 100; i += 1) secrets.publish(`wss://gateway-${i}.example/`);
    for (const url of ['wss://gateway.discord.gg/', 'wss://gateway-99.example'])
      expect(secrets.learn('resume url', url)).toBe(url);
    expect(secrets.learn('resume url', 'wss://gateway-1.example')).toBe('<resume url 1>');
  });
});

describe('a URL that is configured', () => {
  const url = 'wss://user:pa%24%24word@proxy.example/gateway?key=KEYMARK%2F1&v=10&encoding=json';

  it.each([
    ['as it is', url],
    ['with a query of its own', `${url}&compress=zlib-stream`],
    ['in another order', 'wss://user:pa%24%24word@proxy.example/gateway?v=10&key=KEYMARK%2F1'],
    ['within a text', `cannot reach ${url}, says "${url}"`],
  ])('is shown with scheme, host and path, %s', (_, text) => {
    const shown = redactor({ publicUrls: [url] }).text(text);
    expect(shown).not.toMatch(/pa%24|KEYMARK|user:/);
    expect(shown).toContain('wss://proxy.example/gateway');
  });

  it.each(['pa%24%24word', 'pa$$word', 'KEYMARK%2F1', 'KEYMARK/1'])('gives no part of it away: %s', (part) => {
    const secrets = redactor({ publicUrls: [url] });
    expect(secrets.text(`refused ${part}.`)).toBe('refused <left out>.');
    expect(secrets.payload([`refused ${part}.`])).toEqual(['refused <left out>.']);
  });

  it('is shown so by a redactor that does not know it', () => {
    const secrets = redactor();
    const shown = secrets.value({ gatewayUrl: url, says: `to ${url}` });
    expect(shown).toEqual({ gatewayUrl: 'wss://proxy.example/gateway', says: 'to wss://proxy.example/gateway' });
  });
});

describe('what a message held', () => {
  const interaction = (i: number) => ({
    token: `interaction-${i}`,
    member: { session_id: `voice-${i}`, session: { id: 7 } },
  });

  it('has its secrets replaced where they stand, and nothing of it is learnt', () => {
    const secrets = redactor({ token: TOKEN });
    secrets.learn('session', 'abcdef1');
    expect(secrets.payload(interaction(1))).toEqual({
      token: '<another token>',
      member: { session_id: '<another session>', session: { id: '<left out>' } },
    });
    expect(secrets.text('interaction-1 voice-1')).toBe('interaction-1 voice-1');
    const ours = { token: TOKEN, session_id: 'abcdef1', says: `of abcdef1`, [`a ${TOKEN}`]: [TOKEN] };
    expect(secrets.payload(ours)).toEqual({
      ...{ token: '<token>', session_id: '<session 1>', says: 'of <session 1>' },
      'a <token>': ['<token>'],
    });
    expect(secrets.payload({ token: null, session_id: '', resume_gateway_url: '<resume url 1>' })).toEqual({
      ...{ token: null, session_id: '', resume_gateway_url: '<resume url 1>' },
    });
    expect(secrets.payload({ token: { is: 'hidden' } })).toEqual({ token: '<left out>' });
  });

  it('keeps links as they are', () => {
    const link = { content: 'https://cdn.example/a.png?ex=1&is=2' };
    expect(redactor().payload(link)).toEqual(link);
  });

  it('costs the ten thousandth time what it does the first, and pushes nothing out', () => {
    const secrets = redactor({ token: TOKEN });
    secrets.learn('session', 'abcdef1');
    for (let i = 0; i < 10_000; i += 1) secrets.payload(interaction(i));
    expect(secrets.text('abcdef1 and interaction-9999')).toBe('<session 1> and interaction-9999');
  });
});

describe('a value that cannot be looked into', () => {
  const throws = (): never => {
    throw new Error('no');
  };
  const again = () => ({ toJSON: again });
  const circle: unknown[] = [];
  circle.push(circle);
  let nested: unknown = 'abcdef1';
  for (let i = 0; i < 200; i += 1) nested = { nested };
  const row = Array(1_100).fill(['abcdef1']);
  const shared = Array(1_000).fill(row); // more than a million values

  it.each<[string, unknown, unknown]>([
    [
      'a getter that throws',
      {
        get a() {
          return throws();
        },
      },
      '<left out>',
    ],
    ['a toJSON that throws', { a: { toJSON: throws } }, { a: '<left out>' }],
    ['a toJSON without end', { toJSON: again }, '<left out>'],
    ['a proxy', { a: new Proxy({}, { ownKeys: throws, get: throws }) }, { a: '<left out>' }],
    ['a circle', { circle }, { circle: ['<left out>'] }],
    ['an integer without bounds', { a: 2n ** 64n }, { a: '18446744073709551616' }],
    ['functions and symbols', { a: throws, b: Symbol('abcdef1') }, { a: undefined, b: undefined }],
    ['a map', { a: new Map([['a', 'abcdef1']]) }, { a: {} }],
  ])('is left out: %s', (_, value, expected) => {
    const secrets = redactor({ token: TOKEN });
    secrets.learn('session', 'abcdef1');
    expect(secrets.value(value)).toEqual(expected);
    expect(JSON.stringify(secrets.payload(value))).not.toContain('abcdef1');
  });

  it('is left out from where it is too deep or too large', () => {
    const secrets = redactor({ token: TOKEN });
    secrets.learn('session', 'abcdef1');
    expect(JSON.stringify(secrets.value(nested))).toContain('"<left out>"');
    const copy = secrets.value(shared) as unknown[][];
    expect([copy[0]?.at(-1), copy.at(-1)]).toEqual([['<session 1>'], '<left out>']);
    for (const no of [undefined, null, 7, {}] as never[]) {
      expect(secrets.text(no)).toBe('<left out>');
      expect(secrets.learn('session', no)).toBe('<left out>');
    }
  });
});

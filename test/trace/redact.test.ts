import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/trace/redact.js';

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
      'Bot <token> resumes <session 1> at <resume url 1>?v=10',
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
    expect(secrets.text('ws://127.0.0.1:4000/resume?v=10')).toBe('<resume url 1>?v=10');
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

  it('forgets the oldest of very many sessions, and no others', () => {
    const secrets = redactor({ token: TOKEN });
    for (let i = 0; i < 2_000; i += 1) secrets.learn('session', `session-number-${i}-`);
    expect(secrets.text(`${TOKEN} session-number-1999- session-number-1001-`)).toBe(
      '<token> <session 2000> <session 1002>',
    );
    expect(secrets.text('session-number-5-')).toBe('session-number-5-');
  });
});

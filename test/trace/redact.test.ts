import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/trace/redact.js';

const TOKEN = 'MTk4.secret.token';
const RESUME_URL = 'wss://gateway-us-east1-b.discord.gg';

describe('a redactor', () => {
  it('gives each secret a placeholder of its own, and always the same one', () => {
    const { value } = redactor({ token: TOKEN });
    const ready = (id: string) => ({ session_id: id, resume_gateway_url: RESUME_URL });
    expect(value(ready('abcdef1'))).toEqual({ session_id: '<session 1>', resume_gateway_url: '<resume url 1>' });
    expect(value(ready('abcdef2'))).toEqual({ session_id: '<session 2>', resume_gateway_url: '<resume url 1>' });
    expect(value(ready('abcdef1')).session_id).toBe('<session 1>');
  });

  it('knows a secret wherever it stood once: in texts, in keys, in the middle', () => {
    const { value, text } = redactor({ token: TOKEN });
    value({ type: 'ready', session: { id: 'abcdef1', url: RESUME_URL } });
    expect(text(`Bot ${TOKEN} resumes abcdef1 at ${RESUME_URL}/?v=10`)).toBe(
      'Bot <token> resumes <session 1> at <resume url 1>?v=10',
    );
    expect(text('getaddrinfo ENOTFOUND gateway-us-east1-b.discord.gg')).toBe('getaddrinfo ENOTFOUND <resume url 1>');
    expect(value({ abcdef1: [{ says: ['abcdef1'] }] })).toEqual({ '<session 1>': [{ says: ['<session 1>'] }] });
  });

  it('finds a secret that begins like another', () => {
    const { learn, text } = redactor();
    learn('session', 'abcdef');
    learn('session', 'abcdef1');
    expect(text('abcdef1 abcdef')).toBe('<session 2> <session 1>');
  });

  it('takes characters of a secret for nothing but characters', () => {
    const { text } = redactor({ token: 'a.c(d)[e]+$' });
    expect(text('a.c(d)[e]+$ abc(d)[e]+$')).toBe('<token> abc(d)[e]+$');
  });

  it('replaces short secrets where they stand only', () => {
    const { value, text } = redactor();
    expect(value({ session: { id: 's', url: null } })).toEqual({ session: { id: '<session 1>', url: null } });
    expect(text('stopped')).toBe('stopped');
  });

  it('leaves a URL that was public before, and the host of one', () => {
    const { value, text } = redactor({ publicUrls: ['ws://127.0.0.1:4000/'] });
    const session = { id: 'abcdef1', url: 'ws://127.0.0.1:4000' };
    expect(value({ session }).session.url).toBe('ws://127.0.0.1:4000');
    expect(value({ session: { ...session, url: 'ws://127.0.0.1:4000/resume' } }).session.url).toBe('<resume url 1>');
    expect(text('ws://127.0.0.1:4000/')).toBe('ws://127.0.0.1:4000/');
    expect(text('ws://127.0.0.1:4000/resume?v=10')).toBe('<resume url 1>?v=10');
  });

  it('keeps a placeholder for a URL that becomes public later', () => {
    const { value, publish, text } = redactor();
    value({ session: { id: 'abcdef1', url: RESUME_URL } });
    publish(RESUME_URL);
    expect(text(RESUME_URL)).toBe('<resume url 1>');
  });

  it('lets placeholders be', () => {
    const { value } = redactor();
    value({ sessionId: 'abcdef1' });
    expect(value({ sessionId: '<session 7>' })).toEqual({ sessionId: '<session 7>' });
  });

  it('cuts circles and shows bytes as their number', () => {
    const { value } = redactor();
    const circle: Record<string, unknown> = { bytes: new Uint8Array(3) };
    circle.self = circle;
    expect(value(circle)).toEqual({ bytes: '<3 bytes>', self: '<left out>' });
  });

  it('copies an error that holds a secret, with its causes, and hands on any other as it is', () => {
    const { error } = redactor({ token: TOKEN });
    const harmless = new TypeError('no');
    expect(error(harmless)).toBe(harmless);
    const cause = Object.assign(new Error(`refused ${TOKEN}`), { headers: { authorization: TOKEN } });
    const copy = error(Object.assign(new Error('failed', { cause }), { code: 'ERR' })) as Error & { code: string };
    expect(copy).toMatchObject({ name: 'Error', message: 'failed', code: 'ERR' });
    expect((copy.cause as Error).message).toBe('refused <token>');
    expect(`${copy.stack} ${(copy.cause as Error).stack} ${JSON.stringify(copy.cause)}`).not.toContain(TOKEN);
  });

  it('forgets the oldest of very many sessions, and no others', () => {
    const { learn, text } = redactor({ token: TOKEN });
    for (let i = 0; i < 2_000; i += 1) learn('session', `session-number-${i}-`);
    expect(text(`${TOKEN} session-number-1999- session-number-1000-`)).toBe('<token> <session 2000> <session 1001>');
    expect(text('session-number-5-')).toBe('session-number-5-');
  });
});

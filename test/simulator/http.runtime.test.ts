import { describe, expect, it } from 'vitest';
import { inShort } from './client.js';
import { came, greeted, live, peer, QUERY, simulator, tcp, until } from './loopback.js';

describe('the API', () => {
  const bot = (restUrl: string, authorization?: string, version = 'v10') =>
    fetch(`${restUrl}/${version}/gateway/bot`, authorization === undefined ? {} : { headers: { authorization } });

  it('gives the URL to everyone, and the limits to the bot', async () => {
    const { url, restUrl } = await simulator({ shards: 3, maxConcurrency: 2 });
    await live(url);
    expect(await (await fetch(`${restUrl}/v10/gateway`)).json()).toEqual({ url });
    const answer = await bot(restUrl, 'Bot T');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toEqual({
      url,
      shards: 3,
      session_start_limit: { total: 1000, remaining: 999, reset_after: expect.any(Number), max_concurrency: 2 },
    });
  });

  it.each([undefined, 'T', 'Bearer T', 'Bot wrong', 'Bot '])('answers %s with 401', async (authorization) => {
    const { restUrl } = await simulator();
    const answer = await bot(restUrl, authorization);
    expect([answer.status, await answer.json()]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
  });

  it('fails as ordered', async () => {
    const { restUrl, control } = await simulator();
    control.injectFault('refuseGetGateway', { status: 429, retryAfter: 1.5 });
    const answer = await bot(restUrl, 'Bot T');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1.5']);
    control.injectFault('refuseGetGateway');
    expect((await bot(restUrl, 'Bot T')).status).toBe(503);
    control.clearFaults();
    expect((await bot(restUrl, 'Bot T')).status).toBe(200);
  });

  it('has no other paths and methods', async () => {
    const { restUrl } = await simulator();
    expect((await fetch(`${restUrl}/v10/users/@me/connections`)).status).toBe(404);
    expect((await fetch(`${restUrl}/v10/gateway`, { method: 'DELETE' })).status).toBe(404);
  });

  it('may be read by pages of this machine', async () => {
    const { restUrl } = await simulator();
    const answer = await fetch(`${restUrl}/v10/gateway`, { headers: { origin: 'http://localhost:5173' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const asked = await fetch(`${restUrl}/v10/gateway/bot`, {
      method: 'OPTIONS',
      headers: { origin: 'http://127.0.0.1' },
    });
    expect([asked.status, asked.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('authorization'),
    ]);
  });
});

describe('control over HTTP', () => {
  const order = (controlUrl: string, what: string, args: unknown = {}, headers: Record<string, string> = {}) =>
    fetch(`${controlUrl}/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof args === 'string' ? args : JSON.stringify(args),
    });

  it('does what the methods of the control object do', async () => {
    const { url, controlUrl, control } = await simulator();
    const client = await live(url);
    const reached = async (what: string, args?: unknown) => {
      const answer = await order(controlUrl, what, args);
      return [answer.status, await answer.json()];
    };
    expect(await reached('dispatch', { name: 'A', data: { id: '1' } })).toEqual([200, { reached: 1 }]);
    expect(await reached('dispatch', { name: 'B', connection: 7 })).toEqual([200, { reached: 0 }]);
    expect(await reached('requestHeartbeat')).toEqual([200, { reached: 1 }]);
    expect(await reached('requestReconnect', { connection: 1 })).toEqual([200, { reached: 1 }]);
    expect(await reached('injectFault', { name: 'malformed', kind: 'number' })).toEqual([200, { reached: 1 }]);
    expect(await reached('invalidateSession', { resumable: true })).toEqual([200, { reached: 1 }]);
    await came(client, 'op 9 true');
    expect(client.frames).toContain('42');
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'READY 1', 'A 2', 'op 1', 'op 7', 'op 9 true']);
    expect(await reached('injectFault', { name: 'swallowAcks' })).toEqual([200, { reached: 1 }]);
    expect(control.state().faults).toEqual([{ name: 'swallowAcks', at: 'greeting' }]);
    expect(await reached('clearFaults')).toEqual([200, { reached: null }]);
    expect(await reached('configure', { heartbeatInterval: 5_000 })).toEqual([200, { reached: null }]);
    expect((await greeted(url)).payloads[0]?.d).toEqual({ heartbeat_interval: 5_000 });
    expect(await reached('closeWith', { code: 4001, connection: 1 })).toEqual([200, { reached: 1 }]);
    expect(await until(() => client.end)).toBe(4001);
    expect(await reached('dropTcp')).toEqual([200, { reached: 1 }]);
  });

  it('waits for what comes into the log, until the client is gone', async () => {
    const { url, controlUrl, restUrl } = await simulator();
    const wait = (query: string, init: RequestInit = {}) => fetch(`${controlUrl}/wait?${query}`, init);
    const ready = wait('t=READY');
    const gone = new AbortController();
    const left = wait('status=599', { signal: gone.signal });
    const client = await live(url);
    const { entries, last } = (await (await ready).json()) as { entries: { payload: object }[]; last: number };
    expect(entries).toMatchObject([{ connection: 1, kind: 'text', payload: { t: 'READY' }, number: last }]);
    gone.abort();
    await expect(left).rejects.toThrow();
    client.socket.close(4900);
    expect(await (await wait(`after=${last}&kind=close&direction=client`)).json()).toMatchObject({
      entries: [{ code: 4900 }],
    });
    await fetch(`${restUrl}/v10/nowhere`);
    expect(await (await wait(`after=${last}&kind=request`)).json()).toMatchObject({ entries: [{ status: 404 }] });
    expect(await (await wait('timeout=1')).json()).toMatchObject({ entries: [] });
  });

  it('shows the state, and no token', async () => {
    const { url, controlUrl, control } = await simulator({ token: 'very-secret' });
    await live(url, { token: 'very-secret' });
    const text = await (await fetch(controlUrl)).text();
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(control.state())));
    expect(text).not.toContain('very-secret');
  });

  it.each([
    ['an order that does not exist', 'explode', {}, {}, 404],
    ['an inherited name', 'toString', {}, {}, 404],
    ['a fault that does not exist', 'injectFault', { name: 'explode' }, {}, 400],
    ['a code that cannot be', 'closeWith', { code: 12 }, {}, 400],
    ['no code', 'closeWith', {}, {}, 400],
    ['no name', 'dispatch', {}, {}, 400],
    ['settings that make no sense', 'configure', { settings: { helloDelay: 'soon' } }, {}, 400],
    ['no JSON', 'dispatch', '{', {}, 400],
    ['no object', 'dispatch', '[]', {}, 400],
    ['a form', 'dropTcp', {}, { 'content-type': 'text/plain' }, 415],
    ['a page elsewhere', 'dropTcp', {}, { origin: 'https://evil.example' }, 403],
    ['a page of this machine', 'dropTcp', {}, { origin: 'http://localhost:5173' }, 403],
    ['a page without an origin', 'dropTcp', {}, { origin: 'null' }, 403],
  ])('refuses %s', async (_, what, args, headers, status) => {
    const { controlUrl } = await simulator();
    const answer = await order(controlUrl, what, args, headers as Record<string, string>);
    expect([answer.status, await answer.json()]).toEqual([status, { message: expect.any(String) }]);
  });

  it('refuses other names for this machine, as a page may make up, on HTTP and WebSocket', async () => {
    const { port, url } = await simulator();
    const socket = tcp(port);
    const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    socket.write('GET /_control HTTP/1.1\r\nHost: rebound.example\r\n\r\n');
    expect(await answer).toContain('403');
    const client = peer(`${url}${QUERY}`, { headers: { host: 'rebound.example' } });
    expect(await until(() => client.status)).toBe(403);
    const page = peer(`${url}${QUERY}`, { origin: 'https://evil.example' });
    expect(await until(() => page.status)).toBe(403);
    await greeted(url, { origin: 'http://localhost:5173' });
  });
});

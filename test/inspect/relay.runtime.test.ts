/** The relay, asked by everybody who should not be answered, and by the page that should. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { RELAY_CLOSE, type Relay, type RelayOptions, startRelay } from '../../src/inspect/relay.js';
import { until } from '../support/leftovers.js';

const PAGE = '<!doctype html><style>p{color:red}</style><p>page</p><script>document.title = "it runs";</script>';

let relay: Relay;
let open: WebSocket[] = [];
const start = async (options: Partial<RelayOptions> = {}) => {
  relay = await startRelay({ page: PAGE, ...options });
  return relay;
};
afterEach(async () => {
  for (const socket of open) socket.terminate();
  open = [];
  await relay?.close();
});

const own = () => `http://127.0.0.1:${relay.port}`;
const keyOf = ({ url }: Relay) => new URL(url).hash.slice('#key='.length);

/** Asks over HTTP, with any headers. */
function ask(headers: Record<string, string> = {}, path = '/', method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: relay.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

/** Opens a WebSocket: the HTTP status that refuses it, or the socket with what it receives. */
function dial(path: string, headers: Record<string, string> = { origin: own() }) {
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}${path}`, { headers });
  open.push(socket);
  const heard: Record<string, unknown>[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  return new Promise<{ status: number; socket: WebSocket; heard: typeof heard; closed: Promise<number> }>((resolve) => {
    socket.on('open', () => resolve({ status: 101, socket, heard, closed }));
    socket.on('unexpected-response', (_, { statusCode = 0 }) => resolve({ status: statusCode, socket, heard, closed }));
    socket.on('error', () => {});
  });
}

/** Opens a WebSocket as the page does. */
async function look(hello: unknown) {
  const dialled = await dial('/live');
  dialled.socket.send(typeof hello === 'string' ? hello : JSON.stringify(hello));
  return dialled;
}

describe('the relay over HTTP', () => {
  it('serves its page, which may run its own script and reach no other server', async () => {
    await start();
    const { status, headers, body } = await ask();
    expect({ status, body }).toEqual({ status: 200, body: PAGE });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[^']+';/);
    expect(policy).toMatch(/style-src 'sha256-[^']+';/);
    expect(policy).toContain(`connect-src ws://127.0.0.1:${relay.port} `);
    expect(policy).toContain("frame-src 'none'; frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('says nothing of the key in any answer', async () => {
    await start({ publish: (message) => message as object });
    const { headers, body } = await ask();
    const publishKey = new URL(relay.publishUrl ?? '').searchParams.get('key') ?? 'none';
    expect(JSON.stringify(headers) + body).not.toContain(keyOf(relay));
    expect(JSON.stringify(headers) + body).not.toContain(publishKey);
  });

  it.each([
    ['a host name that only resolves to this machine', { host: 'attacker.example' }],
    ['the right name with another port', { host: '127.0.0.1:1' }],
    ['an address that is not its own', { host: '0.0.0.0' }],
    ['a page elsewhere', { origin: 'https://attacker.example' }],
    ['a page without an origin', { origin: 'null' }],
    ['another server on this machine', { origin: 'http://127.0.0.1:1' }],
  ])('refuses %s with 403', async (_, headers) => {
    await start();
    expect((await ask(headers)).status).toBe(403);
  });

  it.each([
    ['/other', 'GET', 404],
    ['/live', 'GET', 404],
    ['//', 'GET', 404],
    ['/', 'POST', 405],
    ['/', 'OPTIONS', 405],
  ])('answers %s, asked by %s, with %d', async (path, method, status) => {
    await start();
    expect((await ask({}, path, method)).status).toBe(status);
  });

  it('listens on 127.0.0.1 alone', async () => {
    await start();
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    const others = ['127.0.0.2', ...addresses.map(({ address }) => address)].filter((host) => host !== '127.0.0.1');
    for (const host of others) {
      const outcome = await new Promise<string>((resolve) => {
        const socket = connect({ host, port: relay.port, timeout: 1_000 }, () => resolve('connected'));
        socket.on('error', () => resolve('refused')).on('timeout', () => resolve('refused'));
        socket.on('close', () => socket.destroy());
      });
      expect(outcome, host).toBe('refused');
    }
  });
});

describe('the relay to a page', () => {
  it('sends a page with the key what was sent before and since', async () => {
    await start();
    relay.send({ n: 1 });
    const { heard } = await look({ key: keyOf(relay) });
    await until(() => heard.length === 2);
    relay.send({ n: 2 });
    await until(() => heard.length === 3);
    expect(heard).toEqual([{ type: 'relay.session', session: expect.any(String) }, { n: 1 }, { n: 2 }]);
    expect(relay.viewers).toBe(1);
  });

  it('takes the key once, and then the session that it gave for it', async () => {
    await start();
    const first = await look({ key: keyOf(relay) });
    await until(() => first.heard.length === 1);
    const second = await look({ key: keyOf(relay) });
    expect(await second.closed).toBe(RELAY_CLOSE.unauthorized);
    expect(second.heard).toEqual([]);
    const reloaded = await look({ session: first.heard[0]?.session });
    await until(() => reloaded.heard.length === 1);
    expect(reloaded.heard).toEqual(first.heard);
  });

  it.each([
    ['a wrong key', { key: 'wrong' }],
    ['a wrong session', { session: 'wrong' }],
    ['a key of another type', { key: 1 }],
    ['the key as a session', null],
    ['nothing', {}],
    ['null', 'null'],
    ['something that is not JSON', '{'],
  ])('hangs up on %s, and leaves the key as it was', async (_, hello) => {
    await start();
    relay.send({ n: 1 });
    const refused = await look(hello ?? { session: keyOf(relay) });
    expect(await refused.closed).toBe(RELAY_CLOSE.unauthorized);
    expect(refused.heard).toEqual([]);
    const { heard } = await look({ key: keyOf(relay) });
    await until(() => heard.length === 2);
  });

  it('hangs up on a key in a binary message', async () => {
    await start();
    const { socket, closed } = await dial('/live');
    socket.send(Buffer.from(JSON.stringify({ key: keyOf(relay) })));
    expect(await closed).toBe(RELAY_CLOSE.unauthorized);
  });

  it.each([
    ['a page elsewhere', { origin: 'https://attacker.example' }],
    ['a program, which has no origin', {}],
    ['another server on this machine', { origin: 'http://localhost:1' }],
    ['a name that only resolves to this machine', { host: 'attacker.example', origin: 'http://attacker.example' }],
  ])('refuses the WebSocket of %s', async (_, headers) => {
    await start();
    expect((await dial('/live', headers as unknown as Record<string, string>)).status).toBe(403);
  });

  it('is reached by both names of this machine', async () => {
    await start();
    const name = `localhost:${relay.port}`;
    expect((await dial('/live', { host: name, origin: `http://${name}` })).status).toBe(101);
  });

  it('forgets the oldest when its history is full, and what others need last', async () => {
    await start({ history: 2_000, isNeeded: (message) => 'header' in message });
    relay.send({ header: true });
    for (let n = 1; n <= 100; n += 1) relay.send({ n, filling: 'x'.repeat(50) });
    const { heard } = await look({ key: keyOf(relay) });
    await until(() => heard.some(({ n }) => n === 100));
    expect(heard[1]).toEqual({ header: true });
    expect(heard.length).toBeGreaterThan(10);
    expect(heard.length).toBeLessThan(35);
    const numbers = heard.flatMap(({ n }) => n ?? []) as number[];
    expect(numbers).toEqual(Array.from(numbers, (_, at) => 100 - numbers.length + 1 + at));
  });

  it('holds 16 sockets that say nothing, the newest, and whoever has the key beside them', async () => {
    await start();
    const page = await look({ key: keyOf(relay) });
    await until(() => page.heard.length === 1);
    const silent: Awaited<ReturnType<typeof dial>>[] = [];
    for (let n = 0; n < 40; n += 1) silent.push(await dial('/live'));
    const late = await look({ session: page.heard[0]?.session });
    await until(() => late.heard.length === 1);
    const isOpen = ({ socket }: { readonly socket: WebSocket }) => socket.readyState === WebSocket.OPEN;
    await until(() => silent.filter(isOpen).length <= 16);
    expect(silent.map(isOpen)).toEqual(Array.from({ length: 40 }, (_, n) => n >= 25)); // the 16th was the late page
    expect([page, late].map(isOpen)).toEqual([true, true]);
  });

  it('hangs up on who says nothing for five seconds, over WebSocket or HTTP', async () => {
    await start();
    const { socket, closed } = await dial('/live');
    const raw = connect({ host: '127.0.0.1', port: relay.port });
    const ended = new Promise((resolve) => raw.on('close', resolve));
    raw
      .on('error', () => {})
      .resume()
      .write('GET / HTTP/1.1\r\n');
    expect(await closed).toBe(RELAY_CLOSE.timeout);
    await ended;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });

  it('leaves nothing open when it is closed', async () => {
    await start();
    const { closed, heard } = await look({ key: keyOf(relay) });
    await until(() => heard.length === 1);
    await relay.close();
    expect(await closed).toBe(1006);
    await expect(ask()).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** Where programs send to, with the key. */
function publishPath(): string {
  const url = new URL(relay.publishUrl ?? '');
  return url.pathname + url.search;
}

describe('the relay from other processes', () => {
  const publish = (message: unknown) => ((message as { type?: unknown }).type === 'good' ? (message as object) : null);

  it('passes on what a program sends that has the key', async () => {
    await start({ publish });
    const page = await look({ key: keyOf(relay) });
    const { socket } = await dial(publishPath(), {});
    socket.send('{"type":"good"}');
    await until(() => page.heard.length === 2);
    expect(page.heard[1]).toEqual({ type: 'good' });
  });

  it.each([
    ['without the key', (): string => '/publish', {}, 401],
    ['with another key', (): string => '/publish?key=wrong', {}, 401],
    ['with the key of the page', (): string => `/publish?key=${keyOf(relay)}`, {}, 401],
    ['from a page elsewhere', publishPath, { origin: 'https://attacker.example' }, 403],
  ] as const)('refuses one %s', async (_, to, headers, status) => {
    await start({ publish });
    expect((await dial(to(), headers)).status).toBe(status);
  });

  it('takes nothing unless it was started so', async () => {
    await start();
    expect(relay.publishUrl).toBeNull();
    expect((await dial('/publish?key=', {})).status).toBe(404);
  });

  it.each([
    ['{"type":"bad"}', '{"type":"bad"}'],
    ['not JSON', 'not JSON'],
    ['null', 'null'],
    ['JSON too deep to be written again', `{"type":"good","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('hangs up on %s, and passes nothing on', async (_, text) => {
    await start({ publish });
    const page = await look({ key: keyOf(relay) });
    const { socket, closed } = await dial(publishPath(), {});
    socket.send(text);
    expect(await closed).toBe(1003);
    expect(page.heard).toHaveLength(1);
  });
});

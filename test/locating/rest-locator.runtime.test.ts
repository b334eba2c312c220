import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocatorSituation, locatorContract } from '../../src/contracts/index.js';
import { type RestLocatorOptions, restLocator } from '../../src/locating/rest-locator.js';
import { simulatedClock } from '../../src/ports/clock.js';
import { fixedLocator } from '../../src/ports/fixed-locator.js';
import type { LocateError } from '../../src/ports/index.js';
import { itKeeps } from '../support/claims.js';

const TOKEN = 'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs';
const ANSWER = {
  url: 'wss://gateway.discord.gg/',
  shards: 9,
  session_start_limit: { total: 1000, remaining: 999, reset_after: 14_400_000, max_concurrency: 1 },
};

/** A REST API, which answers as it is told. */
let respond: RequestListener;
let requests: IncomingMessage[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  respond(request, response);
});
let restUrl: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  restUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v10`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
const breakingOff: RequestListener = (_request, response) => response.destroy();

const SITUATIONS: Record<LocatorSituation, RequestListener> = {
  answers: answering(200, ANSWER),
  unauthorized: answering(401, { message: '401: Unauthorized', code: 0 }),
  rateLimited: answering(429, { message: 'You are being rate limited.', retry_after: 1.5, global: false }),
  unavailable: answering(503, 'no healthy upstream'),
  unreachable: breakingOff,
  silent: () => {},
};

const make = (options: Partial<RestLocatorOptions> = {}) => restLocator({ token: TOKEN, restUrl, ...options });
const { signal } = new AbortController();
const failure = (locator = make()) => locator.locate({ signal }).catch((error: unknown) => error as LocateError);

describe('the locator that asks REST', () => {
  const contract = locatorContract((situation) => {
    respond = SITUATIONS[situation];
    return make();
  });
  itKeeps(contract);

  it.each([TOKEN, `Bot ${TOKEN}`])('sends GET /gateway/bot with the token %s', async (token) => {
    respond = SITUATIONS.answers;
    const clock = simulatedClock(1_700_000_000_000);
    expect(await make({ token, clock, restUrl: `${restUrl}/` }).locate({ signal })).toEqual({
      url: 'wss://gateway.discord.gg/',
      shards: 9,
      sessionStartLimit: { total: 1000, remaining: 999, resetAfter: 14_400_000, maxConcurrency: 1 },
      fetchedAt: 1_700_000_000_000,
    });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/v10/gateway/bot']);
    expect(requests[0]?.headers).toMatchObject({
      authorization: `Bot ${TOKEN}`,
      'user-agent': expect.stringMatching(/^DiscordBot \(.+, .+\)$/),
    });
  });

  it('takes an answer that has the URL alone', async () => {
    respond = answering(200, { url: 'wss://gateway.discord.gg' });
    expect(await make().locate({ signal })).toMatchObject({ shards: null, sessionStartLimit: null });
  });

  it.each([
    ['no JSON', '<html>'],
    ['null', null],
    ['no URL', { ...ANSWER, url: undefined }],
    ['a URL that is none', { ...ANSWER, url: 'gateway.discord.gg' }],
    ['a URL of another kind', { ...ANSWER, url: 'https://gateway.discord.gg' }],
    ['no shards', { ...ANSWER, shards: 0 }],
    ['no lanes', { ...ANSWER, session_start_limit: { ...ANSWER.session_start_limit, max_concurrency: 0 } }],
    ['a limit in words', { ...ANSWER, session_start_limit: { ...ANSWER.session_start_limit, remaining: 'many' } }],
    ['a limit of null', { ...ANSWER, session_start_limit: null }],
    ['64 KiB before the rest', ' '.repeat(65_536) + JSON.stringify(ANSWER)],
  ])('refuses an answer with %s', async (_what, body) => {
    respond = answering(200, body);
    expect(await failure()).toMatchObject({ code: 'ERR_LOCATE', reason: 'unavailable' });
  });

  it.each([
    ['the body', { retry_after: 64.57 }, {}, 64_570],
    ['the body, before the header', { retry_after: 0.2 }, { 'retry-after': '65' }, 200],
    ['the header', 'error code: 1015', { 'retry-after': '65' }, 65_000],
    ['the header, where the body is nonsense', { retry_after: -1 }, { 'retry-after': '2' }, 2000],
    ['nothing', 'error code: 1015', {}, undefined],
  ])('takes the wait after 429 from %s', async (_where, body, headers, retryAfter) => {
    respond = answering(429, body, headers);
    expect(await failure()).toMatchObject({ reason: 'rateLimited', retryAfter });
  });

  it('sends the token nowhere else, so a redirect is a failure', async () => {
    respond = answering(302, '', { location: `${restUrl}/elsewhere` });
    expect(await failure()).toMatchObject({ reason: 'unavailable' });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['is unavailable', answering(500, '')],
    ['forbids', answering(403, '')],
    ['answers nonsense', answering(200, '{}')],
    ['breaks off', breakingOff],
    ['breaks off within the answer', (_request, response) => void response.write('{', () => response.destroy())],
  ] as [string, RequestListener][])('serves the last good URL when REST %s', async (_what, listener) => {
    const clock = simulatedClock(1000);
    const locator = make({ clock });
    respond = SITUATIONS.answers;
    await locator.locate({ signal });
    clock.increment(60_000);
    respond = listener;
    expect(await locator.locate({ signal })).toEqual({
      url: 'wss://gateway.discord.gg/',
      shards: null,
      sessionStartLimit: null,
      fetchedAt: 1000,
    });
    for (const situation of ['unauthorized', 'rateLimited'] as const) {
      respond = SITUATIONS[situation];
      if (situation === 'unauthorized') await failure(locator); // the first is doubted
      expect(await failure(locator)).toMatchObject({ reason: situation });
    }
  });

  it('says which system error kept it from asking', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const error = await failure(make({ restUrl: `http://127.0.0.1:${port}` }));
    expect(error).toMatchObject({ reason: 'unreachable', message: 'Get Gateway Bot had no answer: ECONNREFUSED' });
  });

  it('shows the token to nobody', async () => {
    const leaking: typeof fetch = async (_url, init) => {
      throw Object.assign(new TypeError(`fetch failed: ${JSON.stringify(init?.headers)}`), {
        cause: { code: `Bot ${TOKEN}`, init },
      });
    };
    const seen: unknown[] = [make(), await failure(make({ fetch: leaking }))];
    for (const listener of Object.values(SITUATIONS).slice(1, -1)) {
      respond = listener;
      seen.push(await failure());
    }
    for (const token of [`${TOKEN}\nX-Other: 1`, `${TOKEN} ž`, '', ' ']) {
      try {
        make({ token });
        throw new Error('was taken');
      } catch (error) {
        expect(String(error)).toMatch(/^TypeError: token (holds a space or a line break|is empty)/);
        seen.push(error);
      }
    }
    for (const one of seen) {
      expect(inspect(one, { showHidden: true, depth: 20, getters: true })).not.toContain(TOKEN.slice(0, 10));
      expect(String((one as Error).stack)).not.toContain(TOKEN.slice(0, 10));
    }
  });

  it('wants https, except on this machine or when told', () => {
    expect(() => make({ restUrl: 'http://discord.com/api/v10' })).toThrow(TypeError);
    expect(() => make({ restUrl: 'ftp://localhost/' })).toThrow(TypeError);
    for (const host of ['localhost:8080', '127.0.0.1', '[::1]:1']) make({ restUrl: `http://${host}/api` });
    make({ restUrl: 'http://proxy/api', allowInsecure: true });
    make({ restUrl: 'https://discord.com/api/v10' });
  });
});

describe('the locator that knows', () => {
  const url = 'wss://gateway.discord.gg';
  const contract = locatorContract((situation) => (situation === 'answers' ? fixedLocator(url) : undefined));
  itKeeps(contract);

  it('gives the URL as it is', async () => {
    expect(await fixedLocator(url).locate({ signal })).toMatchObject({ url, shards: null, sessionStartLimit: null });
  });

  it('refuses a URL that no WebSocket can open', () => {
    expect(() => fixedLocator('https://discord.com')).toThrow(TypeError);
    expect(() => fixedLocator('gateway')).toThrow(TypeError);
  });
});

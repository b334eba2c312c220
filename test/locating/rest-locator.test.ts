/** Get Gateway Bot, asked of a `fetch` that is a stub: what goes out, and what is made of each answer. By hand. */
import { describe, expect } from 'vitest';
import { type RestLocatorOptions, restLocator } from '../../src/locating/rest-locator.js';
import { LocateError } from '../../src/ports/index.js';
import { type Check, failureOf, testEach } from '../support/checks.js';

const URL_OF_GATEWAY = 'wss://gateway.discord.gg';
const LIMIT = { total: 1_000, remaining: 999, reset_after: 14_400_000, max_concurrency: 16 };
const BODY = { url: URL_OF_GATEWAY, shards: 9, session_start_limit: LIMIT };
const INFO = {
  url: URL_OF_GATEWAY,
  shards: 9,
  sessionStartLimit: { total: 1_000, remaining: 999, resetAfter: 14_400_000, maxConcurrency: 16 },
  fetchedAt: 7,
};

/** Something that `fetch` gives back, or throws. */
type Answer = () => Response | Promise<Response>;

const says =
  (body: unknown, init: ResponseInit = {}): Answer =>
  () =>
    new Response(JSON.stringify(body), init);
const saysText =
  (text: string, init: ResponseInit = {}): Answer =>
  () =>
    new Response(text, init);
const fails =
  (error: unknown): Answer =>
  () =>
    Promise.reject(error);

/** What a locator makes of answers, one after the other, and what it asked. */
async function located(answers: readonly Answer[], options: Partial<RestLocatorOptions> = {}): Promise<unknown[]> {
  const found: unknown[] = [];
  let at = 0;
  const locator = restLocator({
    token: 'bots-token',
    clock: { now: () => 7 },
    fetch: (async () => answers[at++]?.()) as never,
    ...options,
  });
  for (const _ of answers) found.push(await outcomeOf(locator.locate({ signal: new AbortController().signal })));
  return found;
}

async function outcomeOf(locating: Promise<unknown>): Promise<unknown> {
  try {
    return await locating;
  } catch (error) {
    if (!(error instanceof LocateError)) return String(error);
    return [error.reason, error.message, ...(error.retryAfter === undefined ? [] : [error.retryAfter])];
  }
}

/** What is asked of `fetch`. */
async function asked(options: Partial<RestLocatorOptions>): Promise<unknown> {
  let request: unknown;
  const fetch = async (url: unknown, { signal, ...init }: RequestInit) => {
    request = [url, init, signal?.aborted];
    return new Response(JSON.stringify(BODY));
  };
  await located([() => new Response()], { fetch: fetch as never, ...options });
  return request;
}
const request = (url: string) => [
  url,
  {
    headers: { authorization: 'Bot bots-token', 'user-agent': 'DiscordBot (gatechart, 0)' },
    redirect: 'manual',
    cache: 'no-store',
  },
  false,
];
const DISCORD = 'https://discord.com/api/v10/gateway/bot';

const REQUESTS: readonly Check[] = [
  ['the request', () => asked({}), request(DISCORD)],
  ...['Bot bots-token', ' bots-token ', 'bot  bots-token'].map(
    (token): Check => [`the token ${token}`, () => asked({ token }), request(DISCORD)],
  ),
  ...['https://proxy.example/v9', 'https://proxy.example/v9//'].map(
    (restUrl): Check => [restUrl, () => asked({ restUrl }), request('https://proxy.example/v9/gateway/bot')],
  ),
];

const made = (options: Partial<RestLocatorOptions>) =>
  failureOf(() => restLocator({ token: 'bots-token', ...options }));
const INSECURE = 'TypeError: restUrl must be https:, not http: (allowInsecure lets http: pass)';
const NO_TOKEN = expect.stringMatching(/^TypeError: token (is empty|holds a space|holds a character)/);
const ROOT = 'write the root of the API with its version, as in https://discord.com/api/v10';
const OPTIONS: readonly Check[] = [
  ...['', ' ', 'two words', 'é'].map((token): Check => [`token ${token}`, () => made({ token }), NO_TOKEN]),
  ...['http://localhost:1', 'http://127.0.0.1:1', 'http://127.1.2.3', 'http://[::1]:1', 'https://proxy.example'].map(
    (restUrl): Check => [restUrl, () => made({ restUrl }), null],
  ),
  ...['proxy.example', 'localhost.example', 'my-localhost', '127.0.0.1.example', '128.0.0.1'].map(
    (host): Check => [`http at ${host}`, () => made({ restUrl: `http://${host}` }), INSECURE],
  ),
  [
    'no options',
    () => failureOf(() => restLocator(undefined as never)),
    'TypeError: the argument is null; it must be an object',
  ],
  [
    'the token alone',
    () => failureOf(() => restLocator('bots-token' as never)),
    "TypeError: the argument is 'bots-token'; it must be an object",
  ],
  ['no token', () => made({ token: undefined as never }), expect.stringContaining('TypeError: token is missing')],
  [
    'an option of another port',
    () => made({ url: 'wss://x' } as never),
    expect.stringMatching(/^TypeError: there is no option url; there are token, restUrl,/),
  ],
  [
    'a switch as text',
    () => made({ allowInsecure: 'no' as never }),
    "TypeError: allowInsecure is 'no'; it must be true or false",
  ],
  [
    'fetch as text',
    () => made({ fetch: 'node-fetch' as never }),
    "TypeError: fetch is 'node-fetch'; it must be a function",
  ],
  ...['discord.com/api', '', 'https://user:secret@'].map(
    (restUrl): Check => [`no URL: ${restUrl}`, () => made({ restUrl }), `TypeError: restUrl is not a URL: ${ROOT}`],
  ),
  ...['https://proxy.example/v9?a=b', 'https://proxy.example/v9#a'].map(
    (restUrl): Check => [restUrl, () => made({ restUrl }), `TypeError: restUrl has a query or a fragment: ${ROOT}`],
  ),
  ['http at 127.10.20.30', () => made({ restUrl: 'http://127.10.20.30' }), null],
  ['http that is allowed', () => made({ restUrl: 'http://proxy.example', allowInsecure: true }), null],
  [
    'another protocol, allowed or not',
    () => made({ restUrl: 'ftp://localhost', allowInsecure: true }),
    'TypeError: restUrl must be https:, not ftp: (allowInsecure lets http: pass)',
  ],
];

const invalid = (field: string) => [['unavailable', `Get Gateway Bot answered without a valid ${field}`]];
const limited = (change: object) => says({ ...BODY, session_start_limit: { ...LIMIT, ...change } });
const ANSWERS: readonly Check[] = [
  ['an answer', () => located([says(BODY)]), [INFO]],
  [
    'the URL alone',
    () => located([says({ url: URL_OF_GATEWAY })]),
    [{ ...INFO, shards: null, sessionStartLimit: null }],
  ],
  ...[undefined, 7, 'x', 'https://gateway.discord.gg', 'xws://a', [URL_OF_GATEWAY]].map(
    (url): Check => [`url ${url}`, () => located([says({ ...BODY, url })]), invalid('url')],
  ),
  [
    'a URL without encryption',
    () => located([says({ url: 'ws://localhost' })]).then(([info]) => (info as { url: string }).url),
    'ws://localhost',
  ],
  ...[0, -1, 1.5, '9', null].map(
    (shards): Check => [`shards ${shards}`, () => located([says({ ...BODY, shards })]), invalid('shards')],
  ),
  ['one shard', () => located([says({ ...BODY, shards: 1 })]), [{ ...INFO, shards: 1 }]],
  ...[
    { total: -1 },
    { remaining: -1 },
    { reset_after: -1 },
    { max_concurrency: 0 },
    { total: 1.5 },
    { remaining: '1' },
    { reset_after: null },
    { max_concurrency: undefined },
  ].map((change): Check => [JSON.stringify(change), () => located([limited(change)]), invalid('session_start_limit')]),
  [
    'a limit used up',
    () => located([limited({ total: 0, remaining: 0, reset_after: 0, max_concurrency: 1 })]),
    [{ ...INFO, sessionStartLimit: { total: 0, remaining: 0, resetAfter: 0, maxConcurrency: 1 } }],
  ],
  ['null', () => located([says(null)]), invalid('url')],
  ['no limit but null', () => located([says({ ...BODY, session_start_limit: null })]), invalid('session_start_limit')],
  ['no JSON', () => located([saysText('<html>')]), invalid('url')],
  ['no body', () => located([() => new Response(null)]), invalid('url')],
  ['a body that is as large as may be', () => located([saysText(JSON.stringify(BODY).padEnd(65_536))]), [INFO]],
  ['a body that is larger', () => located([saysText(JSON.stringify(BODY).padEnd(65_537))]), invalid('url')],
  [
    'a body that never ends is read no further',
    async () => {
      let chunks = 0;
      let isCancelled = false;
      const body = new ReadableStream({
        pull: (controller) => {
          chunks += 1;
          controller.enqueue(new Uint8Array(40_000).fill(0x20));
        },
        cancel: () => {
          isCancelled = true;
        },
      });
      const found = await located([() => new Response(body)]);
      return [found, chunks < 5, isCancelled];
    },
    [invalid('url'), true, true],
  ],
  [
    'a body in parts, cut within a character',
    async () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ ...BODY, url: `${URL_OF_GATEWAY}/€` }));
      const cut = bytes.indexOf(0xe2) + 1;
      const parts = [bytes.subarray(0, cut), bytes.subarray(cut)];
      const body = new ReadableStream({
        pull: (controller) => {
          const part = parts.shift();
          if (part) controller.enqueue(part);
          else controller.close();
        },
      });
      return located([() => new Response(body)]);
    },
    [{ ...INFO, url: `${URL_OF_GATEWAY}/€` }],
  ],
];

const REFUSED = 'Get Gateway Bot was refused: HTTP 429';
const told = (body: unknown, after?: string) =>
  located([says(body, { status: 429, headers: after === undefined ? {} : { 'retry-after': after } })]);
const DOUBTED = ['unavailable', 'Get Gateway Bot failed: HTTP 401'];
const UNAUTHORIZED = ['unauthorized', 'Get Gateway Bot was refused: HTTP 401 twice, the bot token is not valid'];
const FAILURES: readonly Check[] = [
  [
    '401, which is believed the second time',
    () => located([says({}, { status: 401 }), says({}, { status: 401 })]),
    [DOUBTED, UNAUTHORIZED],
  ],
  [
    '401, and anything else before the second',
    () => located([401, 500, 401, 429, 401, 401].map((status) => says({}, { status }))).then((all) => all.slice(-2)),
    [DOUBTED, UNAUTHORIZED],
  ],
  [
    'the status is told of each',
    () =>
      Promise.all(
        [429, 500, 302, 200].map(async (status) => {
          const fetch = (async () => new Response('{}', { status })) as never;
          const { signal } = new AbortController();
          return restLocator({ token: 'bots-token', fetch })
            .locate({ signal })
            .catch(({ httpStatus }) => httpStatus);
        }),
      ),
    [429, 500, 302, 200],
  ],
  [
    'the code of the system is told, where there is one',
    () =>
      Promise.all(
        ['ECONNRESET', 'no code'].map(async (code) => {
          const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: { code } }));
          const { signal } = new AbortController();
          return restLocator({ token: 'bots-token', fetch })
            .locate({ signal })
            .catch(({ systemCode }) => systemCode);
        }),
      ),
    ['ECONNRESET', undefined],
  ],
  [
    'what comes after a 401 by what it is',
    () => located([401, 500].map((status) => says({}, { status }))),
    [DOUBTED, ['unavailable', 'Get Gateway Bot failed: HTTP 500']],
  ],
  [
    '401 to two who ask at the same time, which is one answer of a proxy',
    async () => {
      const locator = restLocator({
        token: 'bots-token',
        fetch: (async () => new Response(null, { status: 401 })) as never,
      });
      const ask = () => outcomeOf(locator.locate({ signal: new AbortController().signal }));
      return [...(await Promise.all([ask(), ask()])), await ask()];
    },
    [DOUBTED, DOUBTED, UNAUTHORIZED],
  ],
  ['500', () => located([says({}, { status: 500 })]), [['unavailable', 'Get Gateway Bot failed: HTTP 500']]],
  [
    '500 without a body',
    () => located([() => new Response(null, { status: 500 })]),
    [['unavailable', 'Get Gateway Bot failed: HTTP 500']],
  ],
  ['429 with a time', () => told({ retry_after: 1.2345 }, '9'), [['rateLimited', REFUSED, 1_235]]],
  ['429 with no time to wait', () => told({ retry_after: 0 }), [['rateLimited', REFUSED, 0]]],
  ['429 with a time in the header', () => told({}, ' 2 '), [['rateLimited', REFUSED, 2_000]]],
  [
    '429 with a time in the header alone that counts',
    () => told({ retry_after: -1 }, '2'),
    [['rateLimited', REFUSED, 2_000]],
  ],
  ['429 with no time', () => told({ retry_after: 'x' }), [['rateLimited', REFUSED]]],
  ['429 with an empty header', () => told(null, ' '), [['rateLimited', REFUSED]]],
  ['429 with no JSON', () => located([saysText('x', { status: 429 })]), [['rateLimited', REFUSED]]],
  [
    '429 with a body that breaks',
    () => {
      const body = new ReadableStream({ pull: (controller) => controller.error(new Error('broken')) });
      return located([() => new Response(body, { status: 429 })]);
    },
    [['rateLimited', REFUSED]],
  ],
  [
    'what is not read is cancelled',
    async () => {
      let cancelled = 0;
      const cancel = () => {
        cancelled += 1;
      };
      const answer = (status: number) => () => new Response(new ReadableStream({ cancel }), { status });
      await located([answer(500), answer(401)]);
      return cancelled;
    },
    2,
  ],
  ...(
    [
      [{ cause: { code: 'ECONNREFUSED' } }, ': ECONNREFUSED'],
      [{ cause: { code: 'a secret' } }, ''],
      [{ cause: { code: 7 } }, ''],
      [{ cause: { code: ['ECONNREFUSED'] } }, ''],
      [{ cause: { code: 'ECONNREFUSED at a secret' } }, ''],
      [{ cause: { code: 'at ECONNREFUSED' } }, ''],
      [{ cause: null }, ''],
      [null, ''],
      [new TypeError(''), ''],
      [new TypeError('Invalid redirect value: manual'), ': Invalid redirect value: manual'],
      [new TypeError('refused\nBot bots-token'), ': refused\u00b7Bot <token>'],
      [new TypeError('no access to https://user:pass@proxy.example/a?b'), ': no access to https://proxy.example/a'],
      [new TypeError('x'.repeat(201)), `: ${'x'.repeat(200)}`],
    ] as const
  ).map(
    ([error, known]): Check => [
      `no answer: ${error instanceof Error ? error.message : JSON.stringify(error)}`,
      () => located([fails(error)]),
      [['unreachable', `Get Gateway Bot had no answer${known}`]],
    ],
  ),
  [
    'the last URL serves where nothing better is known, without its numbers',
    () => located([says(BODY), says({}, { status: 500 }), fails(null), says({})]),
    [INFO, ...Array.from({ length: 3 }, () => ({ ...INFO, shards: null, sessionStartLimit: null }))],
  ],
  [
    'it does not where the token is refused, or too much was asked',
    () =>
      located([
        says(BODY),
        says({}, { status: 401 }),
        says({}, { status: 401 }),
        says({ retry_after: 1 }, { status: 429 }),
      ]),
    [INFO, { ...INFO, shards: null, sessionStartLimit: null }, UNAUTHORIZED, ['rateLimited', REFUSED, 1_000]],
  ],
  [
    'who leaves hears why, before and meanwhile',
    async () => {
      const gone = new AbortController();
      let count = 0;
      const fetch = async () => {
        count += 1;
        gone.abort(new Error('gone'));
        throw new Error('aborted');
      };
      const locator = restLocator({ token: 'bots-token', fetch: fetch as never });
      const meanwhile = await outcomeOf(locator.locate({ signal: gone.signal }));
      return [meanwhile, await outcomeOf(locator.locate({ signal: gone.signal })), count];
    },
    ['Error: gone', 'Error: gone', 1],
  ],
];

describe('what the locator asks', () => testEach(REQUESTS));
describe('options of the locator', () => testEach(OPTIONS));
describe('answers that the locator takes', () => testEach(ANSWERS));
describe('answers that the locator calls a failure', () => testEach(FAILURES));

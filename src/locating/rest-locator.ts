import {
  ANYTHING,
  demandGiven,
  type Fields,
  isFunction,
  isText,
  isTrueOrFalse,
  withMethods,
} from '../../machines/kit/shape.js';
import { isLoopback } from '../../machines/protocol/loopback.js';
import { realClock } from '../ports/clock.js';
import {
  type ClockPort,
  type GatewayInfo,
  LocateError,
  type LocatorPort,
  type SessionStartLimit,
  USER_AGENT,
} from '../ports/index.js';
import { codeOf } from '../redact/errors.js';
import { type Redactor, redactor } from '../redact/redact.js';
import { BOT_PREFIX, bareToken } from '../redact/token.js';
import { printable } from '../telling/printable.js';
import { lenientFetch } from './lenient-fetch.js';
import { systemCodeOf } from './outages.js';

/** Settings of `restLocator`. */
export interface RestLocatorOptions {
  /** The bot's token, with or without `Bot ` before it. */
  readonly token: string;
  /** The root of the REST API, version included. */
  readonly restUrl?: string | undefined;
  /** Lets `restUrl` be `http:` elsewhere than on this machine, as for a REST proxy in one's own network. */
  readonly allowInsecure?: boolean;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock?: Pick<ClockPort, 'now'>;
}

const OPTIONS: Fields = {
  fields: {
    token: ANYTHING,
    restUrl: isText,
    allowInsecure: isTrueOrFalse,
    fetch: isFunction,
    clock: withMethods('now'),
  },
};

/** An honest answer has some 200 bytes. */
const BODY_LIMIT = 64 * 1024;
/** So many characters of an error are told. */
const MOST_WORDS = 200;

/**
 * Asks Get Gateway Bot (`GET /gateway/bot`). 429 rejects, and so does a 401 that is the answer twice in a row, as the
 * first may be a proxy's; whatever else fails, the last URL that was got serves, without the numbers that came with it. The token stays in this closure: no property and no error holds it, which is
 * why errors carry no `cause`. Throws a `TypeError` for a token or URL that cannot be sent.
 */
export function restLocator(options: RestLocatorOptions): LocatorPort {
  demandGiven('', options, OPTIONS);
  const { restUrl = 'https://discord.com/api/v10', clock = realClock() } = options;
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request)); // whichever it is then
  const url = endpoint(restUrl, options.allowInsecure ?? false);
  const token = bareToken(options.token);
  const authorization = `${BOT_PREFIX}${token}`;
  const secrets = redactor({ token });
  let last: GatewayInfo | undefined;
  let wasUnauthorized = false;

  async function ask(signal: AbortSignal): Promise<GatewayInfo> {
    const isSecond = wasUnauthorized; // requests that are under way together are one
    const response = await lenientFetch(fetch, url, {
      headers: { authorization, 'user-agent': USER_AGENT },
      redirect: 'manual', // the token goes nowhere else
      cache: 'no-store',
      signal,
    });
    wasUnauthorized = response.status === 401;
    if (response.ok) return gatewayInfo(await json(response), clock.now(), response.status);
    if (response.status === 429) {
      const retryAfter = await retryAfterOf(response);
      throw new LocateError('rateLimited', 'Get Gateway Bot was refused: HTTP 429', retryAfter, { httpStatus: 429 });
    }
    response.body?.cancel().catch(() => {});
    if (response.status === 401 && isSecond) {
      throw new LocateError('unauthorized', 'Get Gateway Bot was refused: HTTP 401 twice, the bot token is not valid');
    }
    throw failed(`HTTP ${response.status}`, { httpStatus: response.status });
  }

  return {
    async locate({ signal }) {
      signal.throwIfAborted();
      try {
        last = await ask(signal);
        return last;
      } catch (error) {
        signal.throwIfAborted();
        const failure = error instanceof LocateError ? error : unreachable(error, secrets);
        if (!last || failure.reason === 'unauthorized' || failure.reason === 'rateLimited') throw failure;
        return { ...last, shards: null, sessionStartLimit: null };
      }
    },
  };
}

const REST_URL = 'write the root of the API with its version, as in https://discord.com/api/v10';

function endpoint(restUrl: string, allowInsecure: boolean): string {
  // What is no URL is not shown: it may hold a password.
  if (!URL.canParse(restUrl)) throw new TypeError(`restUrl is not a URL: ${REST_URL}`);
  const { search, hash } = new URL(restUrl);
  if (search !== '' || hash !== '') throw new TypeError(`restUrl has a query or a fragment: ${REST_URL}`);
  const url = new URL(`${restUrl.replace(/\/+$/, '')}/gateway/bot`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && (isLoopback(url) || allowInsecure))) return url.href;
  throw new TypeError(`restUrl must be https:, not ${url.protocol} (allowInsecure lets http: pass)`);
}

/**
 * Of what `fetch` threw it keeps the system error's code, such as ECONNREFUSED, or else what it says, without secrets: the
 * rest may hold the request.
 */
function unreachable(error: unknown, secrets: Redactor): LocateError {
  const systemCode = systemCodeOf(codeOf((error as { cause?: unknown } | null)?.cause) ?? codeOf(error));
  const known = systemCode === undefined ? inWords(error, secrets) : `: ${systemCode}`;
  return new LocateError('unreachable', `Get Gateway Bot had no answer${known}`, undefined, { systemCode });
}

/** Such as what a runtime refuses, or does not permit. */
function inWords(error: unknown, secrets: Redactor): string {
  if (!(error instanceof Error) || error.message === '') return '';
  return `: ${printable(secrets.text(error.message)).slice(0, MOST_WORDS)}`;
}

/** The body as JSON, read no further than `BODY_LIMIT`; undefined where it is not JSON. */
async function json(response: Response): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const reader = response.body?.getReader();
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    size += chunk.value.byteLength;
    if (size > BODY_LIMIT) {
      reader?.cancel().catch(() => {});
      return undefined;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
  try {
    return JSON.parse(text + decoder.decode());
  } catch {
    return undefined;
  }
}

/** In ms, from the body or else the header, both of which are in seconds; undefined where neither is a number. */
async function retryAfterOf(response: Response): Promise<number | undefined> {
  const body = (await json(response).catch(() => undefined)) as { retry_after?: unknown } | null | undefined;
  for (const seconds of [body?.retry_after, response.headers.get('retry-after')?.trim() || undefined]) {
    const ms = Math.ceil(Number(seconds ?? Number.NaN) * 1000);
    if (Number.isFinite(ms) && ms >= 0) return ms;
  }
  return undefined;
}

function gatewayInfo(body: unknown, fetchedAt: number, httpStatus: number): GatewayInfo {
  const { url, shards, session_start_limit: limit } = (body ?? {}) as Record<string, unknown>;
  if (typeof url !== 'string' || !URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol))
    throw invalid('url', httpStatus);
  if (shards !== undefined && !isCount(shards, 1)) throw invalid('shards');
  return { url, shards: shards ?? null, sessionStartLimit: limit === undefined ? null : startLimit(limit), fetchedAt };
}

function startLimit(limit: unknown): SessionStartLimit {
  const fields = (limit ?? {}) as Record<string, unknown>;
  const { total, remaining, reset_after: resetAfter, max_concurrency: maxConcurrency } = fields;
  if (isCount(total, 0) && isCount(remaining, 0) && isCount(resetAfter, 0) && isCount(maxConcurrency, 1)) {
    return { total, remaining, resetAfter, maxConcurrency };
  }
  throw invalid('session_start_limit');
}

const isCount = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least;

const failed = (how: string, details: { readonly httpStatus?: number }) =>
  new LocateError('unavailable', `Get Gateway Bot failed: ${how}`, undefined, details);

const invalid = (field: string, httpStatus?: number) =>
  new LocateError('unavailable', `Get Gateway Bot answered without a valid ${field}`, undefined, { httpStatus });

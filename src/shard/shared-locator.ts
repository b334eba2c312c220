import { LONGEST_WAITS } from '../locating/waits.js';
import { type GatewayInfo, LocateError, type LocatorPort } from '../ports/index.js';
import { Shared } from './shared.js';

/** An answer serves those who ask within this time too, in ms: the URL hardly ever changes, and the route is limited. */
const FRESH_MS = 5 * 60_000;

const shared = new Shared<LocatorPort>();

/** The locator for a key, the same one as long as it is in use. */
export function sharedLocator(key: string, make: () => LocatorPort): LocatorPort {
  return shared.get(key, () => new AskingOnce(make()));
}

/** A request that is under way, and how many wait for it. */
interface Request {
  readonly answer: Promise<GatewayInfo>;
  readonly gone: AbortController;
  waiting: number;
}

/**
 * Asks once for all who want to know at the same time: when a thousand shards lose their connection at once, each would
 * ask Get Gateway Bot, again and again, until Discord blocks the address.
 */
class AskingOnce implements LocatorPort {
  #request: Request | null = null;
  #last: { readonly info: GatewayInfo; readonly at: number } | null = null;
  #limit: { readonly error: LocateError; readonly until: number } | null = null;

  constructor(private readonly inner: LocatorPort) {}

  async locate({ signal, maxAge = FRESH_MS }: Parameters<LocatorPort['locate']>[0]): Promise<GatewayInfo> {
    signal.throwIfAborted();
    const now = performance.now();
    if (this.#limit !== null && now < this.#limit.until) throw waiting(this.#limit.error, this.#limit.until - now);
    // How many identifies were left then is not how many are left now.
    if (this.#last !== null && now < this.#last.at + Math.min(maxAge, FRESH_MS))
      return { ...this.#last.info, sessionStartLimit: null };
    this.#request ??= this.#ask();
    return this.#join(this.#request, signal);
  }

  #ask(): Request {
    const gone = new AbortController();
    const request: Request = { answer: this.inner.locate({ signal: gone.signal }), gone, waiting: 0 };
    const over = () => {
      if (this.#request === request) this.#request = null;
    };
    request.answer.then(
      (info) => {
        over();
        this.#last = { info, at: performance.now() };
      },
      (error: unknown) => {
        over();
        if (!(error instanceof LocateError) || error.retryAfter === undefined) return;
        this.#limit = { error, until: performance.now() + Math.min(error.retryAfter, LONGEST_WAITS.locate) };
      },
    );
    return request;
  }

  /** The answer, or the reason of the signal; a request that nobody waits for any more is given up. */
  async #join(request: Request, signal: AbortSignal): Promise<GatewayInfo> {
    request.waiting += 1;
    let leave = () => {};
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([request.answer, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      request.waiting -= 1;
      if (request.waiting === 0 && this.#request === request) {
        this.#request = null;
        request.gone.abort(signal.reason);
      }
    }
  }
}

function waiting({ reason, message, systemCode, httpStatus }: LocateError, ms: number): LocateError {
  return new LocateError(reason, message, Math.ceil(ms), { systemCode, httpStatus });
}

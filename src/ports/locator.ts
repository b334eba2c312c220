/** What Get Gateway Bot says about identifies (Session Start Limit Object). Times in ms. */
export interface SessionStartLimit {
  readonly total: number;
  readonly remaining: number;
  readonly resetAfter: number;
  readonly maxConcurrency: number;
}

/** Where the Gateway is (Get Gateway Bot). */
export interface GatewayInfo {
  readonly url: string;
  /** The recommended number of shards; null where nobody said. */
  readonly shards: number | null;
  readonly sessionStartLimit: SessionStartLimit | null;
  /** When it was fetched, in ms since 1970. */
  readonly fetchedAt: number;
}

/** Why the Gateway's URL could not be had. */
export class LocateError extends Error {
  override readonly name = 'LocateError';
  readonly code = 'ERR_LOCATE';
  constructor(
    /** 401, 429, 5xx or another refusal, or no answer at all. */
    readonly reason: 'unauthorized' | 'rateLimited' | 'unavailable' | 'unreachable',
    message: string,
    /** When another try makes sense, in ms. */
    readonly retryAfter?: number,
    options?: ErrorOptions & {
      /** Of the system or of TLS, such as ENOTFOUND. */
      readonly systemCode?: string | undefined;
      /** With which the request was answered. */
      readonly httpStatus?: number | undefined;
    },
  ) {
    super(message, options);
    this.systemCode = options?.systemCode;
    this.httpStatus = options?.httpStatus;
  }

  readonly systemCode: string | undefined;
  readonly httpStatus: number | undefined;
}

/** Finds the Gateway. Rejects with a `LocateError`, or with the signal's reason once aborted. */
export interface LocatorPort {
  locate(options: {
    readonly signal: AbortSignal;
    /** An answer that is known already must be no older, in ms; a locator that keeps none need not look at it. */
    readonly maxAge?: number;
  }): Promise<GatewayInfo>;
}

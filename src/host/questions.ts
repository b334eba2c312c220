/** What a host asks its locator and its permit port, one question at a time. */
import { LIMITS, parseGatewayUrl, type ShardEvent } from '../../machines/client.js';
import { guarded, spanOf } from '../guard/guarded.js';
import { BudgetedPermits } from '../limits/budgeted-permits.js';
import type { IdentifiesLeft } from '../limits/identify-bucket.js';
import type { Storm } from '../limits/identify-storm.js';
import { locateFailure, UNREACHABLE } from '../locating/outages.js';
import { LONGEST_WAITS } from '../locating/waits.js';
import type {
  ClockPort,
  GatewayInfo,
  KeptIdentifies,
  LocatorPort,
  Permit,
  PermitPort,
  SessionStartLimit,
} from '../ports/index.js';
import type { Redactor } from '../redact/redact.js';
import { withBareUrls } from '../redact/urls.js';
import { wallClockOf } from './guarded-ports.js';
import type { Warnings } from './warnings.js';

/** What questions need to know and to use. */
export interface QuestionSettings {
  readonly identify: { readonly shard: readonly [id: number, count: number] };
  /** The main URL as far as it is known beforehand: a resume URL is trusted by it, until the locator knows better. */
  readonly home: string;
  /** Permits `ws` beyond loopback. */
  readonly allowInsecure: boolean;
  readonly locator: LocatorPort;
  readonly permits: PermitPort;
  readonly clock: ClockPort;
  readonly secrets: Redactor;
  /** Writes down the identifies of the shard before one is sent. It neither throws nor hangs. */
  readonly writeIdentifies?: (identifies: KeptIdentifies) => Promise<void>;
}

/** Who is told what was learnt. */
export interface QuestionTap {
  located(info: GatewayInfo): void;
  storm(storm: Storm): void;
}

/** How Get Gateway Bot is asked for the identifies that are left, in ms: for so long, and not again so soon. */
const REFRESH = { deadline: 5_000, maxAge: 30_000 };

type Granted = Permit & { granted: true };

function ignore(): void {}

/** The questions of one host, and what is known from their answers. */
export class Questions {
  readonly #settings: QuestionSettings;
  readonly #chart: { send(event: ShardEvent): void };
  readonly #tap: QuestionTap;
  readonly #warnings: Warnings;
  readonly #permits: BudgetedPermits;
  #open: AbortController | null = null;
  #permit: Granted | null = null;
  #home: string;

  constructor(
    settings: QuestionSettings,
    chart: { send(event: ShardEvent): void },
    tap: QuestionTap,
    warnings: Warnings,
  ) {
    this.#settings = settings;
    this.#chart = chart;
    this.#tap = tap;
    this.#warnings = warnings;
    this.#home = settings.home;
    this.#permits = new BudgetedPermits(settings.permits, {
      clock: settings.clock,
      wallNow: wallClockOf(settings.clock),
      shardCount: settings.identify.shard[1],
      write: settings.writeIdentifies,
      storm: (storm) => tap.storm(storm),
    });
  }

  /** The Gateway's own URL, by which others are trusted or not. */
  get home(): string {
    return this.#home;
  }

  /** How many identifies this shard has left. */
  get identifies(): IdentifiesLeft {
    return this.#permits.identifies;
  }

  /** The storm that this shard is, if it is one. */
  get storm(): Storm | null {
    return this.#permits.storm;
  }

  /** The identifies of this shard, as a later process has to know them. */
  get keptIdentifies(): KeptIdentifies {
    return this.#permits.kept;
  }

  /** Goes on from what an earlier process has kept. */
  restoreIdentifies(kept: KeptIdentifies): void {
    this.#permits.restore(kept);
  }

  /** The Identify that follows an order to connect is not refused. */
  takeOrder(): void {
    this.#permits.takeOrder();
  }

  endOrder(): void {
    this.#permits.endOrder();
  }

  /** Asks where the Gateway is. */
  locate(request: number): void {
    void this.#locate(request, this.#ask());
  }

  /** Asks whether the shard may identify. */
  requestPermit(request: number): void {
    void this.#requestPermit(request, this.#ask());
  }

  /** The question that is open is of no interest any more. */
  cancel(): void {
    this.#open?.abort();
    this.#open = null;
  }

  /** Identify went out: the permit, if there is one, is used. */
  identified(): void {
    if (this.#permit) this.#settle(this.#permit, 'used');
  }

  #ask(): AbortSignal {
    this.#open = new AbortController();
    return this.#open.signal;
  }

  async #locate(request: number, signal: AbortSignal): Promise<void> {
    try {
      const info = await this.#settings.locator.locate({ signal });
      if (signal.aborted) return;
      const url = parseGatewayUrl(info.url, { allowInsecure: this.#settings.allowInsecure }).href;
      this.#home = url;
      this.#settings.secrets.publish(url);
      const { sessionStartLimit: limit } = info;
      if (limit) this.#update(limit);
      if (info.shards !== null || limit) this.#tap.located(bareInfo(info)); // for a fixed URL nothing was asked
      this.#chart.send({ type: 'located', request, url: withBareUrls(url) });
    } catch (error) {
      if (!signal.aborted) this.#locateFailed(request, error);
    }
  }

  #locateFailed(request: number, error: unknown): void {
    const known = guarded(() => locateFailure(error), ignore, null);
    if (known === null) this.#warnings.warn('the Gateway URL could not be had', error);
    const { reason, retryAfter: wait, outage } = known ?? UNREACHABLE;
    if (outage.httpStatus !== 401) this.#warnings.outage('Get Gateway Bot cannot be asked', outage); // that is about the token
    const isUnnamed = outage.httpStatus === undefined && outage.systemCode === undefined;
    if (known?.reason === 'unreachable' && isUnnamed)
      this.#warnings.unnamedOutage('the Gateway URL could not be had', error);
    this.#chart.send({
      type: 'locateFailed',
      request,
      reason,
      ...(wait === undefined
        ? {}
        : { retryAfter: this.#warnings.bounded('Get Gateway Bot', wait, LONGEST_WAITS.locate) }),
      ...outage,
    });
  }

  async #requestPermit(request: number, signal: AbortSignal): Promise<void> {
    const [shardId, shardCount] = this.#settings.identify.shard;
    try {
      if (this.#warnings.guard('isStale', () => this.#permits.isStale(), false)) await this.#refresh(signal);
      signal.throwIfAborted();
      const permit = await this.#permits.request({ shardId, shardCount, signal });
      if (!permit.granted) {
        const reason = this.#warnings.shown(String(permit.reason));
        const wait = permit.retryAfter === null ? null : (spanOf(permit.retryAfter) ?? LIMITS.identifies.windowMs);
        const retryAfter = wait && this.#warnings.bounded('the permit port', wait, LONGEST_WAITS.identify);
        if (!signal.aborted) this.#chart.send({ type: 'permitRefused', request, reason, retryAfter });
        return;
      }
      this.#permit = permit;
      if (!signal.aborted) this.#chart.send({ type: 'permitGranted', request });
      this.#settle(permit, 'unused'); // unless Identify went out with it
    } catch (error) {
      if (signal.aborted) return;
      this.#warnings.warn('the permit to identify could not be had', error);
      const retryAfter = LIMITS.identifies.windowMs;
      this.#chart.send({ type: 'permitRefused', request, reason: 'the permit port failed', retryAfter });
    }
  }

  /** Asks how many identifies are left. Where that cannot be had in time, what is known has to do. */
  async #refresh(signal: AbortSignal): Promise<void> {
    const { clock, locator } = this.#settings;
    const question = new AbortController();
    const end = () => question.abort();
    const timer = clock.setTimeout(end, REFRESH.deadline);
    signal.addEventListener('abort', end, { once: true });
    const ended = new Promise<null>((resolve) => {
      question.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    try {
      const info = await Promise.race([locator.locate({ signal: question.signal, maxAge: REFRESH.maxAge }), ended]);
      if (info?.sessionStartLimit) this.#update(info.sessionStartLimit);
    } catch {
      // The chart asks for the URL when it needs it, and is told then.
    } finally {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  #update(limit: SessionStartLimit): void {
    this.#warnings.attempt('take in the session start limit', () => this.#permits.update(this.#believable(limit)));
  }

  #believable(limit: SessionStartLimit): SessionStartLimit {
    const { resetAfter } = limit;
    return {
      ...limit,
      resetAfter: this.#warnings.bounded('the session start limit', resetAfter, LONGEST_WAITS.identify),
    };
  }

  #settle(permit: Granted, use: 'used' | 'unused'): void {
    if (this.#permit !== permit) return;
    this.#permit = null;
    this.#warnings.attempt('settle a permit', () => permit.settle(use));
  }
}

/** Without what else the URL may hold, such as a password. */
function bareInfo(info: GatewayInfo): GatewayInfo {
  const url = withBareUrls(info.url);
  return url === info.url ? info : { ...info, url };
}

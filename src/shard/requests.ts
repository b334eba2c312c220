/** Commands that Discord answers with dispatches, each as one call: sent, answered, collected, or given up. */
import { LIMITS } from '../../machines/client.js';
import type { ClockPort } from '../ports/index.js';
import { Deferred } from './deferred.js';
import { RequestError, type RequestFailure } from './errors.js';
import type { SendOutcome } from './outbox.js';
import type { Question } from './questions.js';

/** How a request may be given up. */
export interface RequestOptions {
  /** The longest time without an answer, or the next part of it, once the request was sent, in ms: 30 s unless told. */
  readonly timeout?: number;
  /** Gives the request up; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An answer as a whole (`await`), or part by part as it arrives (`for await`). A loop that is left early gives the request up. */
export interface GatewayRequest<Part, Whole> extends Promise<Whole>, AsyncIterable<Part> {}

/** What requests ask of their shard. */
export interface RequestLink {
  /** Sends the command of a question, now or later; `onSent` is called before any answer can come. */
  send(op: number, data: unknown, signal: AbortSignal, onSent: () => void): Promise<SendOutcome>;
  /** Discord has refused it for so many ms. */
  refused(op: number, data: unknown, retryAfter: number): void;
}

/** How often RATE_LIMITED is obeyed before a request is given up. */
const MOST_REFUSALS = 5;
/** The longest time that RATE_LIMITED is believed, in ms. */
const LONGEST_REFUSAL_MS = 10 * 60_000;

const TIMEOUT_MS = 30_000;

/** One request, from its call to its end. */
class Request<Part, Whole> {
  readonly #question: Question<Part, Whole>;
  readonly #link: RequestLink;
  readonly #clock: ClockPort;
  readonly #options: RequestOptions;
  readonly #parts: Part[] = [];
  readonly #whole = new Deferred<Whole>();
  /** Takes the command back. */
  readonly #controller = new AbortController();
  /** Resolves with the next part, or the end. */
  #change = new Deferred();
  #timer: { readonly id: unknown } | null = null;
  #refusals = 0;
  /** Whether an answer may come by now. */
  isSent = false;
  readonly #ended: (self: Request<Part, Whole>) => void;

  constructor(
    question: Question<Part, Whole>,
    link: RequestLink,
    clock: ClockPort,
    options: RequestOptions,
    ended: (self: Request<Part, Whole>) => void,
  ) {
    this.#question = question;
    this.#link = link;
    this.#clock = clock;
    this.#options = options;
    this.#ended = ended;
    options.signal?.addEventListener('abort', this.#abort);
    if (options.signal?.aborted) this.#abort();
    else void this.#send();
  }

  get op(): number {
    return this.#question.op;
  }

  get isOver(): boolean {
    return this.#whole.isSettled;
  }

  get handle(): GatewayRequest<Part, Whole> {
    return Object.assign(this.#whole.promise, { [Symbol.asyncIterator]: () => this.#iterate() });
  }

  /** Takes a dispatch that answers it; whether it does. */
  take(name: string, data: Readonly<Record<string, unknown>>): boolean {
    if (!this.isSent) return false;
    if (name === 'RATE_LIMITED') return this.#isRefusedBy(data);
    const parts = this.#question.partsIn(name, data);
    if (parts === null) return false;
    this.#parts.push(...parts);
    if (this.#question.isComplete) this.#end(() => this.#whole.resolve(this.#question.whole(this.#parts)));
    else this.#await();
    this.#changed();
    return true;
  }

  fail(error: unknown): void {
    this.#end(() => this.#whole.reject(error));
    this.#controller.abort(error);
    this.#changed();
  }

  readonly #abort = (): void => this.fail(this.#options.signal?.reason);

  async #send(): Promise<void> {
    const { op, data } = this.#question;
    try {
      await this.#link.send(op, data, this.#controller.signal, () => {
        this.isSent = true;
        this.#await();
      });
    } catch (error) {
      if (!this.#whole.isSettled) this.fail(error);
    }
  }

  /** Waits for the answer, or its next part. */
  #await(): void {
    const giveUp = () => this.fail(new RequestError(this.#question.op, 'timeout'));
    this.#after(this.#options.timeout ?? TIMEOUT_MS, giveUp);
  }

  #isRefusedBy(data: Readonly<Record<string, unknown>>): boolean {
    const { op, data: asked } = this.#question;
    if (!this.#question.isMeantBy(data)) return false;
    this.#refusals += 1;
    if (this.#refusals > MOST_REFUSALS) {
      this.fail(new RequestError(op, 'rateLimited'));
      return true;
    }
    this.isSent = false;
    const wait = spanFrom(data['retry_after']);
    this.#link.refused(op, asked, wait);
    this.#after(wait, () => void this.#send());
    return true;
  }

  #after(ms: number, run: () => void): void {
    this.#stopTimer();
    this.#timer = { id: this.#clock.setTimeout(run, ms) };
  }

  #stopTimer(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer.id);
    this.#timer = null;
  }

  #end(settle: () => void): void {
    if (this.#whole.isSettled) return;
    this.isSent = false;
    this.#stopTimer();
    this.#options.signal?.removeEventListener('abort', this.#abort);
    settle();
    this.#ended(this);
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = new Deferred();
  }

  async *#iterate(): AsyncGenerator<Part, void> {
    try {
      for (let read = 0; ; ) {
        const change = this.#change.promise;
        if (read < this.#parts.length) {
          yield this.#parts[read] as Part;
          read += 1;
        } else if (this.#whole.isSettled) break;
        else await change;
      }
      await this.#whole.promise;
    } finally {
      if (!this.#whole.isSettled) this.fail(new RequestError(this.#question.op, 'abandoned'));
    }
  }
}

/** Seconds, as RATE_LIMITED tells them, in ms. */
function spanFrom(seconds: unknown): number {
  const ms = typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : LIMITS.requestGuildMembers.everyMemberMs;
  return Math.min(Math.ceil(ms), LONGEST_REFUSAL_MS);
}

/** The requests of one shard. */
export class Requests {
  readonly #link: RequestLink;
  readonly #clock: ClockPort;
  /** In the order in which they were made: an answer without a nonce is the first one's that it fits. */
  readonly #open = new Set<Request<unknown, unknown>>();

  constructor(link: RequestLink, clock: ClockPort) {
    this.#link = link;
    this.#clock = clock;
  }

  /** Asks a question. */
  ask<Part, Whole>(question: Question<Part, Whole>, options: RequestOptions): GatewayRequest<Part, Whole> {
    const ended = (self: unknown) => void this.#open.delete(self as Request<unknown, unknown>);
    const request = new Request(question, this.#link, this.#clock, options, ended);
    const { handle } = request;
    if (!request.isOver) this.#open.add(request as unknown as Request<unknown, unknown>);
    return handle;
  }

  /** Whether a dispatch of this name may be an answer. */
  wants(name: string): boolean {
    return this.#open.size > 0 && ANSWERS.has(name);
  }

  /** Gives a dispatch to the request that it answers. */
  take(name: string, data: unknown): void {
    if (!this.wants(name) || typeof data !== 'object' || data === null) return;
    for (const request of this.#open) if (request.take(name, data as Readonly<Record<string, unknown>>)) return;
  }

  /** A new session: what was asked in the one before is not answered any more. */
  sessionLost(): void {
    for (const request of this.#open) if (request.isSent) request.fail(new RequestError(request.op, 'sessionLost'));
  }

  /** The shard has ended. */
  end(reason: RequestFailure): void {
    for (const request of this.#open) request.fail(new RequestError(request.op, reason));
  }
}

const ANSWERS: ReadonlySet<string> = new Set([
  'GUILD_MEMBERS_CHUNK',
  'SOUNDBOARD_SOUNDS',
  'CHANNEL_INFO',
  'RATE_LIMITED',
]);

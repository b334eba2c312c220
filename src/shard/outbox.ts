/** What becomes of the commands of one shard: sent at once, or when the shard is ready and there is a place, or not at all. */
import type { BudgetLeft, ClockPort, OutgoingPayload } from '../ports/index.js';
import { Deferred } from './deferred.js';
import { CommandRejectedError, type CommandRejection } from './errors.js';
import { CommandQueue, type QueueOptions } from './queue.js';

/** How a command ended that was not rejected: the socket took it, or a newer one took its place. */
export type SendOutcome = 'sent' | 'superseded';

/** An encoded command. */
export interface EncodedCommand {
  readonly payload: OutgoingPayload;
  readonly message: string | Uint8Array;
  /** Called as soon as the socket has taken it. */
  readonly onSent?: () => void;
}

/** What an outbox asks of its shard. */
export interface OutboxLink {
  /** Why nothing is sent until the next start; null while the shard runs. */
  readonly ended: CommandRejection | null;
  readonly isReady: boolean;
  readonly budget: BudgetLeft;
  /** How long a payload has to wait, in ms. */
  wait(payload: OutgoingPayload): number;
  /** Whether an open connection took it. */
  send(command: EncodedCommand): boolean;
}

/** A command that waits. What becomes of it is not reported as unhandled: it was taken. */
class Waiting implements EncodedCommand {
  readonly payload: OutgoingPayload;
  readonly message: string | Uint8Array;
  readonly onSent: () => void;
  readonly deferred = new Deferred<SendOutcome>();
  readonly #signal: AbortSignal | undefined;
  readonly #abort: () => void;

  constructor(command: EncodedCommand, signal: AbortSignal | undefined, onAbort: (self: Waiting) => void) {
    this.payload = command.payload;
    this.message = command.message;
    this.onSent = () => command.onSent?.();
    this.#signal = signal;
    this.#abort = () => onAbort(this);
    signal?.addEventListener('abort', this.#abort);
  }

  resolve(outcome: SendOutcome): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.deferred.resolve(outcome);
  }

  reject(error: unknown): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.deferred.reject(error);
  }
}

const NEVER = Number.POSITIVE_INFINITY;

/** The commands of one shard. */
export class Outbox {
  readonly #link: OutboxLink;
  readonly #clock: ClockPort;
  readonly #queue: CommandQueue<Waiting> | null;
  #timer: { readonly id: unknown } | null = null;
  /** When the first of those that wait may be sent. */
  #nextAt = NEVER;
  #isFlushing = false;

  constructor(queue: Required<QueueOptions> | null, clock: ClockPort, link: OutboxLink) {
    this.#queue = queue === null ? null : new CommandQueue(queue);
    this.#clock = clock;
    this.#link = link;
  }

  /** Commands that wait. */
  get length(): number {
    return this.#queue?.length ?? 0;
  }

  /** Sends a command, now or later. Rejects with a `CommandRejectedError`, or with the signal's reason. */
  send(command: EncodedCommand, signal?: AbortSignal): Promise<SendOutcome> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { ended } = this.#link;
    if (ended !== null) return this.#refuse(command, ended);
    if (this.#clock.now() >= this.#nextAt) this.flush(); // who came first goes first
    switch (this.#attempt(command)) {
      case 'sent':
        return Promise.resolve('sent');
      case 'notTaken':
        return this.#refuse(command, 'notTaken');
      default:
        return this.#enqueue(command, signal);
    }
  }

  /** Sends what may be sent by now; to be called when the shard has become ready. */
  flush(): void {
    if (this.length === 0 || this.#isFlushing) return;
    this.#isFlushing = true;
    try {
      this.#rearm(this.#sendAll());
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Rejects all that waits. */
  end(reason: CommandRejection): void {
    this.#rearm(NEVER);
    for (const command of this.#queue ?? []) {
      this.#queue?.delete(command);
      command.reject(new CommandRejectedError(command.payload.op, reason));
    }
  }

  #refuse({ payload }: EncodedCommand, reason: CommandRejection): Promise<never> {
    return Promise.reject(new CommandRejectedError(payload.op, reason));
  }

  #enqueue(command: EncodedCommand, signal: AbortSignal | undefined): Promise<SendOutcome> {
    if (this.#queue === null) return this.#refuse(command, this.#link.isReady ? 'rateLimited' : 'notReady');
    const waiting = new Waiting(command, signal, (self) => {
      this.#queue?.delete(self);
      self.reject(signal?.reason);
    });
    const gaveWay = this.#queue.add(waiting);
    if (gaveWay?.outcome === 'superseded') gaveWay.command.resolve('superseded');
    else gaveWay?.command.reject(new CommandRejectedError(gaveWay.command.payload.op, gaveWay.outcome));
    if (gaveWay?.command === waiting) return this.#refuse(command, 'queueFull');
    if (this.#link.isReady) this.#rearm(Math.min(this.#nextAt, this.#clock.now() + this.#link.wait(command.payload)));
    return waiting.deferred.promise;
  }

  /** When the first of those that still wait may be sent. */
  #sendAll(): number {
    let next = NEVER;
    for (const command of this.#queue ?? []) {
      const outcome = this.#attempt(command);
      if (outcome === 'waits') {
        if (!this.#link.isReady) return NEVER;
        const { left, nextAt } = this.#link.budget;
        if (left === 0 && nextAt !== null) return Math.min(next, nextAt);
        next = Math.min(next, this.#clock.now() + this.#link.wait(command.payload)); // by a limit of its own
        continue;
      }
      this.#queue?.delete(command);
      if (outcome === 'sent') command.resolve('sent');
      else command.reject(new CommandRejectedError(command.payload.op, 'notTaken'));
    }
    return next;
  }

  #attempt(command: EncodedCommand): 'sent' | 'waits' | 'notTaken' {
    const link = this.#link;
    if (!link.isReady || link.wait(command.payload) > 0) return 'waits';
    if (!link.send(command)) return link.isReady ? 'notTaken' : 'waits';
    command.onSent?.();
    return 'sent';
  }

  #rearm(at: number): void {
    if (at === this.#nextAt) return;
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer.id);
    this.#timer = null;
    this.#nextAt = at;
    if (at === NEVER) return;
    const run = () => {
      this.#timer = null;
      this.#nextAt = NEVER;
      this.flush();
    };
    this.#timer = { id: this.#clock.setTimeout(run, Math.max(0, at - this.#clock.now())) };
  }
}

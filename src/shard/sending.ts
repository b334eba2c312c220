/** What a person sends by one shard: commands, and requests with their answers. Made when it is first needed. */
import { type Cause, type CommandOpcode, LIMITS } from '../../machines/client.js';
import { demandShape, type Fields, type Rule, withMethods } from '../../machines/kit/shape.js';
import type { Host } from '../host/host.js';
import { laneOf } from '../host/outgoing.js';
import type { ShardSnapshot } from '../host/tap.js';
import type { ClockPort } from '../ports/index.js';
import { isTooLarge } from '../wire/encode.js';
import { checkedCommand, encodedCommand, type UserCommand } from './commands.js';
import { type CommandRejection, LocalProtocolError } from './errors.js';
import type { ShardSettings } from './options.js';
import { type EncodedCommand, Outbox, type SendOutcome } from './outbox.js';
import {
  ChannelInfoQuestion,
  MembersQuestion,
  type MembersWanted,
  type Question,
  SoundboardQuestion,
} from './questions.js';
import { type GatewayRequest, type RequestOptions, Requests } from './requests.js';

/** How a command may be taken back. */
export interface SendOptions {
  /** Takes it back while it waits; it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What may be sent. */
export interface SendBudget {
  /** Commands that may be sent at once; 0 while the shard is not ready, `Infinity` where nothing is counted. */
  readonly left: number;
  /** When the next may be sent, in ms since 1970; null while one may be sent, and while the shard is not ready. */
  readonly nextAt: number | null;
  /** Commands that wait in the queue. */
  readonly waiting: number;
}

/** What sending asks of its shard. */
export interface SendingLink {
  readonly host: Host;
  readonly snapshot: ShardSnapshot;
  /** It was started, and what was kept of its session is still being read. */
  readonly isPreparing: boolean;
  readonly isReady: boolean;
}

const isSignal: Rule = {
  says: 'an AbortSignal, such as the signal of an AbortController',
  holds: withMethods('addEventListener', 'removeEventListener').holds,
};

const SEND_OPTIONS: Fields = { fields: { signal: isSignal } };

const REQUEST_OPTIONS: Fields = {
  fields: {
    signal: isSignal,
    timeout: { says: 'a time in milliseconds, above 0', holds: (value) => Number.isFinite(value) && Number(value) > 0 },
  },
};

const STOPPING = { running: { connection: { closing: 'stopping' } } } as const;

/** Why nothing is sent in a state until the next start; null while the shard runs. */
function endedIn(snapshot: ShardSnapshot): 'stopped' | 'failed' | null {
  if (snapshot.status !== 'active' || snapshot.hasTag('failing')) return 'failed';
  return snapshot.matches('stopped') || snapshot.matches(STOPPING) ? 'stopped' : null;
}

/** The commands and requests of one shard. */
export class Sending {
  readonly requests: Requests;
  readonly #settings: ShardSettings;
  readonly #link: SendingLink;
  readonly #outbox: Outbox;
  #nonces: { readonly prefix: string; last: number } | null = null;

  constructor(settings: ShardSettings, clock: ClockPort, link: SendingLink) {
    this.#settings = settings;
    this.#link = link;
    this.#outbox = new Outbox(settings.queue, clock, {
      get ended(): CommandRejection | null {
        return link.isPreparing ? null : endedIn(link.snapshot);
      },
      get isReady() {
        return link.isReady;
      },
      get budget() {
        return link.host.budget;
      },
      wait: (payload) => link.host.wait(payload),
      send: ({ payload: { op, data }, message }) => link.host.send(op as CommandOpcode, data as never, message),
    });
    this.requests = new Requests(
      {
        send: (op, data, signal, onSent) => this.#outbox.send({ ...this.#encoded(op, data), onSent }, signal),
        refused: (op, data, retryAfter) => link.host.refused(op as CommandOpcode, data, retryAfter),
      },
      clock,
    );
  }

  /** Sends a command that was checked. */
  send(op: number, data: unknown, options: SendOptions): Promise<SendOutcome> {
    demandShape('', options, SEND_OPTIONS);
    return this.#outbox.send(this.#encoded(op, data), options.signal);
  }

  requestGuildMembers(wanted: MembersWanted, options: RequestOptions) {
    return this.#ask(new MembersQuestion(wanted, this.#nonce()), options);
  }

  requestSoundboardSounds(wanted: SoundboardQuestion['data'], options: RequestOptions) {
    return this.#ask(new SoundboardQuestion(wanted), options);
  }

  requestChannelInfo(wanted: ChannelInfoQuestion['data'], options: RequestOptions) {
    return this.#ask(new ChannelInfoQuestion(wanted), options);
  }

  get budget(): SendBudget {
    const { left, nextAt } = this.#link.isReady ? this.#link.host.budget : { left: 0, nextAt: null };
    return { left, nextAt, waiting: this.#outbox.length };
  }

  /** After each transition. */
  follow(after: ShardSnapshot, causes: readonly Cause[]): void {
    const ended = endedIn(after);
    if (ended !== null) this.end(causes.some(({ name }) => name === 'detached') ? 'detached' : ended);
    if (causes.some(({ name }) => name === 'ready' || name === 'readyInstead')) this.requests.sessionLost();
    if (after.hasTag('ready')) this.#outbox.flush();
  }

  /** The shard has ended: what waits is rejected. */
  end(reason: 'stopped' | 'detached' | 'failed'): void {
    this.requests.end(reason);
    this.#outbox.end(reason);
  }

  #ask<Part, Whole>(question: Question<Part, Whole>, options: RequestOptions): GatewayRequest<Part, Whole> {
    demandShape('', options, REQUEST_OPTIONS);
    checkedCommand(question.op as UserCommand, question.data as never);
    this.#encoded(question.op, question.data);
    return this.requests.ask(question, options);
  }

  #encoded(op: number, data: unknown): EncodedCommand {
    const message = encodedCommand(op, data, this.#settings.wire.encoding);
    if (!isTooLarge(message)) return { payload: { lane: laneOf(op), op, data }, message };
    throw new LocalProtocolError(
      'ERR_PAYLOAD_TOO_LARGE',
      `The payload is over ${LIMITS.payloadBytes} bytes: Discord would close the connection with 4002`,
    );
  }

  /** Unlike those of other shards and processes, whose answers a session may bring as well. */
  #nonce(): string {
    this.#nonces ??= { prefix: Math.floor(this.#settings.random() * 2 ** 40).toString(36), last: 0 };
    this.#nonces.last += 1;
    return `${this.#nonces.prefix}-${this.#nonces.last}`;
  }
}

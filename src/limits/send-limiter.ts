/**
 * What one shard may send ("Rate Limiting"), as a sliding log: in any time of the window at most so many payloads, as the
 * Gateway counts them on arrival. No place is set aside but for what is certain to need one: heartbeats that fall due
 * while a payload that is sent now still counts, one answer to a requested heartbeat, and Identify or Resume until it was
 * sent. It holds no clock: every time is given, in ms.
 */
import { LIMITS, Opcode } from '../../machines/client.js';
import { demandShape, type Fields, type Rule, wholeNumber } from '../../machines/kit/shape.js';
import type { BudgetLeft, LimiterPort, OutgoingPayload, SendLimiter } from '../ports/limiter.js';

/** Settings of `sendLimiter`. */
export interface SendLimiterOptions {
  /** Payloads per window on one connection: 120 unless told. */
  readonly count?: number;
  /** The window, in ms: 60 s unless told. */
  readonly windowMs?: number;
  /** How much closer together payloads may arrive than they were sent, in ms: 1 s unless told. */
  readonly marginMs?: number;
}

const isSpan: Rule = { says: 'a time in milliseconds', holds: (value) => Number.isFinite(value) && Number(value) >= 0 };

const OPTIONS: Fields = {
  fields: { count: wholeNumber('a whole number from 3 on', 3), windowMs: isSpan, marginMs: isSpan },
};

/** Twice the jitter of 500 ms that is allowed for. */
const MARGIN_MS = 1_000;

/** The limiter that shards have unless told. Throws a `TypeError` or `RangeError` for an option that cannot be. */
export function sendLimiter(options: SendLimiterOptions = {}): LimiterPort {
  demandShape('', options, OPTIONS);
  const { count = LIMITS.sends.count, windowMs = LIMITS.sends.windowMs, marginMs = MARGIN_MS } = options;
  const limits = { count, windowMs, marginMs };
  return { open: () => new SlidingLog(limits) };
}

/** The part of all payloads that may be heartbeats. */
const MOST_BEATS = 0.9;

const NO_TIMES: readonly number[] = [];

/** The next scheduled heartbeat. */
interface Beats {
  readonly at: number;
  /** It is never further away, whatever becomes of the clock. */
  readonly furthest: number;
  readonly interval: number;
}

/** The log of one shard. */
class SlidingLog implements SendLimiter {
  readonly #count: number;
  readonly #window: number;
  readonly #margin: number;
  /** When what still counts was sent, in order. */
  #sent = NO_TIMES;
  #beats: Beats | null = null;
  #countsBeats = true;
  /** Neither Identify nor Resume was sent on this connection. */
  #owesSession = true;
  #presences = NO_TIMES;
  /** Until when a guild may not be asked for all its members. */
  #members: Map<string, number> | null = null;
  #latest = Number.NEGATIVE_INFINITY;

  constructor({ count, windowMs, marginMs }: Required<SendLimiterOptions>) {
    this.#count = count;
    this.#window = windowMs + marginMs;
    this.#margin = marginMs;
  }

  connected(): void {
    this.#sent = NO_TIMES;
    this.#beats = null;
    this.#countsBeats = true;
    this.#owesSession = true;
  }

  /** A Gateway that asks for about as many heartbeats as it allows payloads cannot count them. */
  expectHeartbeat(at: number, interval: number, now: number): void {
    this.#countsBeats = this.#window / interval <= this.#count * MOST_BEATS;
    this.#beats = this.#countsBeats ? { at, furthest: at - now, interval } : null;
  }

  wait(payload: OutgoingPayload, now: number): number {
    this.#forget(now);
    return Math.max(this.#ownLimit(payload, now), this.#earliest(this.#reserve(payload.lane), now)) - now;
  }

  sent({ lane, op, data }: OutgoingPayload, now: number): void {
    this.#forget(now);
    if (lane !== 'heartbeat' || this.#countsBeats) this.#sent = this.#sent.concat(now);
    if (lane === 'session') this.#owesSession = false;
    if (op === Opcode.PresenceUpdate) this.#presences = this.#presences.concat(now);
    const guild = guildOfAllMembers(op, data);
    if (guild !== null) this.#closeGuild(guild, now + LIMITS.requestGuildMembers.everyMemberMs + this.#margin, now);
  }

  refused({ op, data }: OutgoingPayload, retryAfter: number, now: number): void {
    const guild = guildOfAllMembers(op, data);
    if (guild !== null) this.#closeGuild(guild, now + retryAfter, now);
  }

  look(now: number): BudgetLeft {
    this.#forget(now);
    const reserve = this.#reserve('user');
    const left = Math.max(0, this.#room(now, reserve) - reserve);
    return { left, nextAt: left > 0 ? null : this.#earliest(reserve, now) };
  }

  /** The places that a lane leaves free, besides those of heartbeats that fall due. */
  #reserve(lane: OutgoingPayload['lane']): number {
    return (lane === 'answer' ? 0 : 1) + (this.#owesSession ? 1 : 0);
  }

  /** The first moment from `now` on at which there is a place beyond the reserve. Places come back as payloads grow old. */
  #earliest(reserve: number, now: number): number {
    const moments = [now, ...this.#timesUntil(now + this.#window).map((at) => at + this.#window)];
    return moments.find((at) => this.#room(at, reserve) > reserve) ?? Number.POSITIVE_INFINITY;
  }

  /**
   * How many payloads may be sent at a time so that there is still room for each heartbeat that falls due while they count;
   * once that is not more than `enough`, it is not looked at more closely.
   */
  #room(at: number, enough: number): number {
    const times = this.#timesUntil(at + this.#window);
    let [room, from, to] = [this.#count, 0, 0];
    for (let moment: number | undefined = at; moment !== undefined && room > enough; moment = times[to]) {
      while (isUpTo(times[to], moment)) to += 1;
      while (isUpTo(times[from], moment - this.#window)) from += 1;
      room = Math.min(room, this.#count - (to - from));
    }
    return room;
  }

  /** When payloads were sent that count, and when heartbeats fall due before a time. */
  #timesUntil(end: number): readonly number[] {
    if (this.#beats === null) return this.#sent;
    const times = [...this.#sent];
    const { at, interval } = this.#beats;
    for (let due = Math.max(at, this.#latest); due < end; due += interval) times.push(due);
    return times;
  }

  /** When a command may be sent by a limit of its own. */
  #ownLimit({ op, data }: OutgoingPayload, now: number): number {
    const { count, windowMs } = LIMITS.presenceUpdates;
    const oldest = op === Opcode.PresenceUpdate ? this.#presences.at(-count) : undefined;
    const guild = guildOfAllMembers(op, data);
    const members = (guild === null ? undefined : this.#members?.get(guild)) ?? now;
    return Math.max(members, oldest === undefined ? now : oldest + windowMs + this.#margin);
  }

  #closeGuild(guild: string, until: number, now: number): void {
    this.#members ??= new Map();
    for (const [other, at] of this.#members) if (at <= now) this.#members.delete(other);
    this.#members.set(guild, until);
  }

  /** Forgets what no longer counts. After a clock was set back, nothing waits for longer than if it had been sent now. */
  #forget(now: number): void {
    this.#sent = counting(this.#sent, now, this.#window);
    this.#presences = counting(this.#presences, now, LIMITS.presenceUpdates.windowMs + this.#margin);
    if (now < this.#latest) this.#setBack(now);
    this.#latest = now;
  }

  #setBack(now: number): void {
    const longest = now + LIMITS.requestGuildMembers.everyMemberMs + this.#margin;
    for (const [guild, until] of this.#members ?? []) this.#members?.set(guild, Math.min(until, longest));
    if (this.#beats !== null)
      this.#beats = { ...this.#beats, at: Math.min(this.#beats.at, now + this.#beats.furthest) };
  }
}

/** The times that still count, of which none is in the future. */
function counting(times: readonly number[], now: number, window: number): readonly number[] {
  const isAsItWas = times.every((at) => at <= now && at + window > now);
  return isAsItWas ? times : times.map((at) => Math.min(at, now)).filter((at) => at + window > now);
}

const isUpTo = (time = Number.POSITIVE_INFINITY, moment: number): boolean => time <= moment;

/** The guild that all members are asked of ("Request Guild Members"); null for any other payload. */
function guildOfAllMembers(op: number, data: unknown): string | null {
  if (op !== Opcode.RequestGuildMembers || typeof data !== 'object' || data === null) return null;
  const { guild_id: guild, query, limit } = data as { guild_id?: unknown; query?: unknown; limit?: unknown };
  return query === '' && limit === 0 && typeof guild === 'string' ? guild : null;
}

/** Nothing is counted and nothing waits: for what is sent through a proxy that counts. */
export const UNLIMITED: LimiterPort = {
  open: () => ({
    connected() {},
    expectHeartbeat() {},
    wait: () => 0,
    sent() {},
    refused() {},
    look: () => ({ left: Number.POSITIVE_INFINITY, nextAt: null }),
  }),
};

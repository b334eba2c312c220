/**
 * The identifies of a day, of all shards of a bot: as Discord tells them, and 1,000 in any 24 hours where nobody tells.
 * Beyond them the token is reset. It holds no clock: times are given, in ms, on a clock that never runs faster than real
 * time; where it stands still while the machine sleeps, a day only gets longer.
 */
import { DAY_MS, LIMITS } from '../../machines/protocol/limits.js';

/** One in so many is kept for orders: a supervisor or a Gateway that fails must not leave a person without any. */
const RESERVED_PART = 5;

/** What was sent so shortly before an answer may not be counted in it, in ms. */
const UNDER_WAY_MS = 2_000;

/** What Discord said of the day under way. */
interface Told {
  remaining: number;
  /** Null while no identify has begun the day. */
  resetAt: number | null;
}

/** The budget of a day. */
export class IdentifyDay {
  #total: number = LIMITS.identifies.perDay;
  /** Null where nobody tells, or the day that was told of is over. */
  #told: Told | null = null;
  /** When identifies were sent in the last 24 hours, the oldest first. */
  #sent: number[] = [];

  /** Takes in what Get Gateway Bot says. A `resetAfter` of 0 is a day that begins with the next identify. */
  tell(limit: { readonly total: number; readonly remaining: number; readonly resetAfter: number }, now: number): void {
    this.#total = limit.total;
    this.#forget(now - DAY_MS);
    const underWay = this.#sent.filter((at) => at > now - UNDER_WAY_MS).length;
    this.#told = {
      remaining: limit.remaining - underWay,
      resetAt: limit.resetAfter > 0 ? now + limit.resetAfter : null,
    };
  }

  /** Counts an identify that was sent, be it before what is known already. */
  take(at: number): void {
    const later = this.#sent.findLastIndex((each) => each <= at);
    this.#sent.splice(later + 1, 0, at);
    if (this.#told === null) return;
    this.#told.remaining -= 1;
    this.#told.resetAt ??= at + DAY_MS;
  }

  /** Counts one of an earlier process: what Discord tells has it already. */
  remember(at: number): void {
    if (this.#told === null) this.take(at);
  }

  /** How many are left: for an order all, for anything else none of the reserve. */
  left(now: number, isOrdered: boolean): number {
    this.#renew(now);
    const left = this.#told?.remaining ?? this.#total - this.#sent.length;
    return left - (isOrdered ? 0 : this.reserve);
  }

  /** How many are kept for orders. */
  get reserve(): number {
    return Math.floor(this.#total / RESERVED_PART);
  }

  /** How long until there are more, in ms; to be asked where none are left. */
  wait(now: number, isOrdered: boolean): number {
    if (this.#told !== null) return (this.#told.resetAt ?? now + DAY_MS) - now;
    const first = this.#sent[-this.left(now, isOrdered)];
    return first === undefined ? DAY_MS : first + DAY_MS - now;
  }

  #renew(now: number): void {
    const resetAt = this.#told?.resetAt ?? null;
    if (resetAt !== null && resetAt <= now) {
      this.#told = null;
      this.#forget(resetAt);
    }
    this.#forget(now - DAY_MS);
  }

  /** What was sent until then counts no more. */
  #forget(until: number): void {
    const first = this.#sent.findIndex((at) => at > until);
    this.#sent = first === -1 ? [] : this.#sent.slice(first);
  }
}

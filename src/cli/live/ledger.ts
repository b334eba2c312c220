/** What one session was sent, held against what its shard received. */
interface Account {
  /** What the other side has not shown yet. */
  sent: number[];
  received: number[];
  readonly totals: { sent: number; received: number; lost: number; unexpected: number };
}

/** The state of a session's account. */
export interface Balance {
  readonly sent: number;
  readonly received: number;
  /** Sent, and passed over by the shard; or not received at all once the account is closed. */
  readonly lost: number;
  /** Received twice, out of order, or never sent. */
  readonly unexpected: number;
}

/** Compares sequences as they come, so that nothing has to be kept but what one side is ahead by. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();

  sent(session: string, sequences: readonly number[]): void {
    const account = this.#account(session);
    account.sent.push(...sequences);
    account.totals.sent += sequences.length;
    settle(account);
  }

  received(session: string, sequence: number): void {
    const account = this.#account(session);
    account.received.push(sequence);
    account.totals.received += 1;
    settle(account);
  }

  /** Whether both sides have shown the same. */
  isSettled(session: string): boolean {
    const { sent, received } = this.#account(session);
    return sent.length === 0 && received.length === 0;
  }

  /** The last word on a session. What was not received counts as lost, unless the session ended with it. */
  close(session: string, { endedAway = false } = {}): Balance {
    const { sent, received, totals } = this.#account(session);
    this.#accounts.delete(session);
    return {
      ...totals,
      lost: totals.lost + (endedAway ? 0 : sent.length),
      unexpected: totals.unexpected + received.length,
    };
  }

  #account(session: string): Account {
    let account = this.#accounts.get(session);
    if (account === undefined) {
      account = { sent: [], received: [], totals: { sent: 0, received: 0, lost: 0, unexpected: 0 } };
      this.#accounts.set(session, account);
    }
    return account;
  }
}

/** Crosses out what both sides have; sequences only rise, so that a difference shows which side it is on. */
function settle(account: Account): void {
  const { sent, received, totals } = account;
  let [s, r] = [0, 0];
  while (s < sent.length && r < received.length) {
    const [wanted, got] = [sent[s] as number, received[r] as number];
    if (got >= wanted) s += 1;
    if (got <= wanted) r += 1;
    if (got > wanted) totals.lost += 1;
    if (got < wanted) totals.unexpected += 1;
  }
  account.sent = sent.slice(s);
  account.received = received.slice(r);
}

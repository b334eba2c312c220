/** Evidence by hand, as a Gateway's log and a client's output would have it. */
import { Evidence, type Item } from '../../src/conformance/evidence.js';
import type { LogEntry } from '../../src/simulator/index.js';

/** Everything happens at the time that `at` was last given, in ms. */
export class Scenario {
  readonly evidence = new Evidence();
  #at = 0;
  #connection = 0;
  #number = 0;
  #sequence = 0;

  constructor({ interval = 3_000 } = {}) {
    this.evidence.mainUrl = 'ws://127.0.0.1:4000';
    this.evidence.token = 'secret.token';
    this.evidence.interval = interval;
  }

  at(ms: number): this {
    this.#at = ms;
    return this;
  }

  after(ms: number): this {
    return this.at(this.#at + ms);
  }

  /** From now on the client is judged. */
  struck(): this {
    this.evidence.struck = this.#at;
    return this;
  }

  wire(direction: LogEntry['direction'], entry: Partial<LogEntry> & Pick<LogEntry, 'kind'>): this {
    this.#number += 1;
    const full = { number: this.#number, connection: this.#connection, at: this.#at, direction, ...entry };
    return this.item({ at: this.#at, kind: 'wire', entry: full });
  }

  item(item: Item): this {
    this.evidence.items.push(item);
    return this;
  }

  client(payload: unknown): this {
    return this.wire('client', { kind: 'text', payload });
  }

  gateway(payload: unknown): this {
    return this.wire('gateway', { kind: 'text', payload });
  }

  open(resumeHost = false): this {
    this.#connection += 1;
    return this.wire('client', { kind: 'open', path: '/?v=10&encoding=json', resumeHost });
  }

  refused(): this {
    return this.wire('gateway', { kind: 'refused', connection: 0, status: 503 });
  }

  request(path = '/api/v10/gateway/bot'): this {
    return this.wire('client', { kind: 'request', connection: 0, method: 'GET', path, status: 200 });
  }

  hello(): this {
    return this.gateway({ op: 10, d: { heartbeat_interval: this.evidence.interval } });
  }

  identify(): this {
    return this.client({
      op: 2,
      d: { token: '[token]', intents: 513, properties: { os: 'linux', browser: 'x', device: 'x' } },
    });
  }

  ready(session = 'session'): this {
    this.#sequence = 0;
    return this.dispatch('READY', { session_id: session, resume_gateway_url: 'ws://localhost:4000' });
  }

  resume(session = 'session', seq = this.#sequence): this {
    return this.client({ op: 6, d: { token: '[token]', session_id: session, seq } });
  }

  resumed(): this {
    return this.dispatch('RESUMED', {});
  }

  dispatch(t: string, d: unknown): this {
    this.#sequence += 1;
    return this.gateway({ op: 0, t, s: this.#sequence, d });
  }

  /** A message on its way; `deliver` hands it to the user. */
  message(id: string): this {
    return this.dispatch('MESSAGE_CREATE', { id });
  }

  deliver(...ids: readonly string[]): this {
    for (const id of ids) this.line(`MSG ${id}`);
    return this;
  }

  line(text: string, stream: 'stdout' | 'stderr' = 'stdout'): this {
    return this.item({ at: this.#at, kind: 'line', stream, text });
  }

  beat(d: number | null = this.#sequence): this {
    return this.client({ op: 1, d }).gateway({ op: 11 });
  }

  close(direction: LogEntry['direction'], code: number): this {
    return this.wire(direction, { kind: 'close', code });
  }

  drop(direction: LogEntry['direction'] = 'gateway'): this {
    return this.wire(direction, { kind: 'drop' });
  }

  order(says: string, reached: number | null = null): this {
    return this.item({ at: this.#at, kind: 'order', says, reached });
  }

  exit(says: string, isOrdered = false): this {
    return this.item({ at: this.#at, kind: 'exit', says, isOrdered });
  }

  /** A connection with a session that is live. */
  live(session = 'session'): this {
    return this.open().hello().identify().ready(session);
  }

  /** A connection on which the session is resumed, at the URL that READY gave. */
  back(session = 'session'): this {
    return this.open(true).hello().resume(session).resumed();
  }
}

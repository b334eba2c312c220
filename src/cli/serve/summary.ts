import type { GatewayCause } from '../../../machines/index.js';
import type { LogEntry } from '../../simulator/index.js';

/** Routes that are listed by name. */
const MOST_ROUTES = 20;

/** How often something happened, by what. */
type Counts = Record<string, number>;

/** What clients did to a simulator, counted. */
export class ServeSummary {
  readonly #causes: Counts = {};
  readonly #closedByGateway: Counts = {};
  readonly #closedByClient: Counts = {};
  readonly #opcodes: Counts = {};
  /** Connections that nobody has closed yet. */
  readonly #open = new Set<number>();
  readonly #unknownRoutes = new Set<string>();
  #requests = 0;
  #refusedHandshakes = 0;

  addCause({ name }: GatewayCause): void {
    increase(this.#causes, name);
  }

  addEntry(entry: LogEntry): void {
    const { connection, kind, direction, payload, method, path, error } = entry;
    if (kind === 'open') this.#open.add(connection);
    if (kind === 'close') this.#addClose(entry);
    if (kind === 'drop') this.#open.delete(connection);
    if (kind === 'refused') this.#refusedHandshakes += 1;
    if (kind === 'text' && direction === 'client') increase(this.#opcodes, opcodeOf(payload));
    if (kind !== 'request') return;
    this.#requests += 1;
    const isUnknown = error?.includes('has no route') === true;
    if (isUnknown && this.#unknownRoutes.size < MOST_ROUTES) this.#unknownRoutes.add(`${method} ${path}`);
  }

  /** Whoever closes first; the answer to it has the same code. */
  #addClose({ connection, direction, code }: LogEntry): void {
    if (!this.#open.delete(connection)) return;
    increase(direction === 'client' ? this.#closedByClient : this.#closedByGateway, `${code}`);
  }

  /** As data. */
  get counts() {
    const count = (...names: GatewayCause['name'][]) => names.reduce((sum, name) => sum + (this.#causes[name] ?? 0), 0);
    return {
      connections: count('connected', 'connectedAnew'),
      sessions: count('ready'),
      resumes: count('resumed'),
      refusedResumes: count('sessionUnknown', 'sequenceUnknown', 'replayLost'),
      heartbeats: count('heartbeat', 'ackWithheld'),
      missedHeartbeats: count('heartbeatMissing'),
      lost: count('lost'),
      sent: this.#opcodes,
      closedByClient: this.#closedByClient,
      closedByGateway: this.#closedByGateway,
      refusedHandshakes: this.#refusedHandshakes,
      requests: this.#requests,
      unknownRoutes: [...this.#unknownRoutes],
    };
  }

  /** As lines for people, a label and what there is to say each. */
  get lines(): readonly (readonly [label: string, says: string])[] {
    const { counts } = this;
    const refused = counts.refusedResumes === 0 ? '' : `, ${counts.refusedResumes} refused`;
    const missed = counts.missedHeartbeats === 0 ? '' : `, ${counts.missedHeartbeats} times none in time`;
    const rows: readonly (readonly [string, string])[] = [
      [
        'connections',
        `${counts.connections}${some(counts.refusedHandshakes, 'handshakes refused')}${some(counts.lost, 'lost')}`,
      ],
      ['sessions', `${counts.sessions}`],
      ['resumes', `${counts.resumes}${refused}`],
      ['heartbeats', `${counts.heartbeats}${missed}`],
      ['sent', listOf(counts.sent, 'op ')],
      ['closed by clients', listOf(counts.closedByClient)],
      ['closed by the Gateway', listOf(counts.closedByGateway)],
      ['requests', `${counts.requests}`],
      ['routes there are not', counts.unknownRoutes.join(', ')],
    ];
    return rows.filter(([, says]) => says !== '' && says !== '0');
  }
}

function increase(counts: Counts, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function opcodeOf(payload: unknown): string {
  const { op } = (typeof payload === 'object' && payload !== null ? payload : {}) as { op?: unknown };
  return Number.isInteger(op) ? `${op}` : 'none';
}

const some = (count: number, what: string): string => (count === 0 ? '' : `, ${count} ${what}`);

const listOf = (counts: Counts, before = ''): string =>
  Object.entries(counts)
    .map(([name, count]) => `${before}${name}${count === 1 ? '' : ` (${count} times)`}`)
    .join(', ');

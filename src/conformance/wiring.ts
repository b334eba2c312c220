/** The first look at a client: one that is wired up wrongly fails every case, and learns nothing from them. */
import type { Case } from './case.js';
import { LIVE } from './cases/live.js';
import type { Order } from './control.js';
import type { Evidence } from './evidence.js';
import { play, type StageOptions } from './stage.js';

const WIRING: Case = {
  id: 'wiring',
  spec: 'gateway#connecting',
  level: 'must',
  says: 'The client connects, and prints a line for a message',
  script: LIVE,
  watch: 0,
  checks: [],
};

/** So many of the last lines that a client printed are shown. */
const MOST_LINES = 5;

/** What a first look found. */
export interface Wiring {
  /** What is wrong with how the client was set up, and what to do; null if it is set up well. */
  readonly problem: string | null;
  /** What it can be ordered to do. */
  readonly can: readonly Order[];
}

/** Starts the client once. */
export async function lookAtWiring(options: StageOptions): Promise<Wiring> {
  const evidence = await play(WIRING, options);
  return { problem: reportOf(evidence), can: evidence.can };
}

function reportOf(evidence: Evidence): string | null {
  const problem = problemOf(evidence);
  if (problem === null) return null;
  const printed = evidence.items.flatMap((item) =>
    item.kind === 'line' ? [`  ${item.text.replaceAll(evidence.token, '[token]')}`] : [],
  );
  return [problem, ...(printed.length === 0 ? [] : ['It printed last:', ...printed.slice(-MOST_LINES)])].join('\n');
}

function problemOf({ handshakes, wire, readies, deliveries, exit }: Evidence): string | null {
  if (handshakes.length === 0) {
    const how =
      exit === null
        ? 'did not connect'
        : `${exit.says.replace(/^ends/, 'ended').replace(/^is/, 'was')} before it connected`;
    const asked = wire.some(({ kind }) => kind === 'request');
    return asked
      ? `the client ${how}, although it asked the API: it has to take the URL of the Gateway from there, or from GATECHART_GATEWAY`
      : `the client ${how}: it has to ask the API at GATECHART_REST (or {rest}) instead of Discord's, or to connect to GATECHART_GATEWAY (or {gateway})`;
  }
  if (readies.length > 0 && deliveries.length === 0 && exit === null) {
    return 'the client got ready and printed no line for a message: it has to print `MSG <id>` for each MESSAGE_CREATE, at once, without a buffer, and to ask for the intent GUILD_MESSAGES';
  }
  return null;
}

/** What is held against the evidence of a case: each check answers with what is wrong, in words. */

import { counted } from '../telling/numbers.js';
import type { Check, Finding, Grade } from './case.js';
import type { Evidence, Item } from './evidence.js';
import { fieldsOf } from './fields.js';
import { AFTER_INVALID, KEPT_TO_RESUME, RULES, type Rule, WHILE_DISPATCHES } from './rules.js';
import { SLACK_MS, sceneOf } from './scene.js';

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

/** What a broken rule costs, where it is more than the letter of the documentation. */
const RULE_GRADES: Readonly<Record<string, Grade>> = {
  'a session is resumed before it is given up': 'budget',
  'after a code that forbids reconnecting there is no further connection without a start': 'return',
  'no connection is kept without an ACK for longer than two intervals and a grace': 'stuck',
};

/**
 * Cases are played with an interval that is much shorter than Discord's, of 41.25 s. A client that goes by a limit of its own,
 * such as 60 s, keeps a silent peer for many short intervals and for less than two of Discord's.
 */
export const OWN_LIMIT_MS = [30_000, 82_500] as const;
const OWN_LIMIT =
  "it seems to have a limit of its own in seconds, which is within two of Discord's intervals of 41.25 s";
const isOwnLimit = (ms: number): boolean => ms >= OWN_LIMIT_MS[0] && ms <= OWN_LIMIT_MS[1];

/** What breaks a rule and is tolerated, by the rule's sentence: as far as the pattern goes, and why. */
const RULE_TOLERANCES: Readonly<Record<string, readonly (readonly [pattern: RegExp, why: string])[]>> = {
  'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest': [
    [/^the next began/, 'the wait was documented until 2022, and the Gateway does not enforce it'],
    [new RegExp(`^${KEPT_TO_RESUME}$`), 'the documentation says to resume, and not on which connection'],
  ],
  'at most one Identify or Resume is sent on a connection': [
    [
      new RegExp(`${AFTER_INVALID}$`),
      'Discord has said of Invalid Session that either may follow on the same connection; whether that has to be left is another rule',
    ],
  ],
  'no connection is kept without an ACK for longer than two intervals and a grace': [
    [/for 2\.\d+ intervals \([^)]*\)$/, 'one heartbeat more may be tried'],
    [/for (?:[89]|\d{2,})\.\d+ intervals \((?:[3-7]\d|8[0-2])\.\d s\)$/, OWN_LIMIT],
  ],
  'a heartbeat carries the last sequence received, or null before the first': [
    [/"d":0\} instead of null$/, 'it names no event that was not sent, and silent/ready judges it'],
  ],
};

/** What it costs that a rule is broken like this, and why it is tolerated, if it is. */
export function gradeOf({ says }: Rule, what: string): { readonly grade: Grade; readonly tolerated?: string } {
  const [, tolerated] = RULE_TOLERANCES[says]?.find(([pattern]) => pattern.test(what)) ?? [];
  const grade = what.endsWith(WHILE_DISPATCHES) ? 'letter' : (RULE_GRADES[says] ?? 'letter');
  return { grade, ...(tolerated === undefined ? {} : { tolerated }) };
}

/**
 * Rules on what a client does on any connection. Whoever breaks one breaks it in nearly each case, which would then tell
 * nothing of what it is about.
 */
const HABITS: ReadonlySet<string> = new Set([
  'every connection names the version and the encoding',
  'nothing is sent before Hello',
  'Identify carries the token, the intents and the properties',
  'a heartbeat carries the last sequence received, or null before the first',
  'no payload is larger than 4096 bytes',
  'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest',
  'a session is first resumed at the URL that READY gave, and a new one begun at the main URL',
]);
const ELSEWHERE = 'it is a habit, which cases of life/, session/, drop/ and op-9-…/ judge';

/** Where a case is about something else than what a client does on any connection. */
export const NOTED = { habits: 'noted' } as const;

/**
 * Holds the rules, but for those that a case judges otherwise, by their sentences. `habits` are `noted` where a case is about
 * something else.
 */
export function rulesHold(
  except: readonly string[] = [],
  { habits = 'judged' }: { readonly habits?: 'judged' | 'noted' } = {},
): Check {
  return (evidence) => {
    const scene = sceneOf(evidence);
    return RULES.filter(({ says }) => !except.includes(says)).flatMap((rule) => {
      const { spec, says } = rule;
      const found = rule.broken(scene);
      const breaches = found.filter((each) => gradeOf(rule, each).tolerated === undefined);
      const [first, ...more] = breaches.length > 0 ? breaches : found;
      if (first === undefined) return [];
      const rest = more.length === 0 ? '' : ` (and ${counted(more.length, 'time')} more)`;
      const noted = habits === 'noted' && HABITS.has(says) ? { tolerated: ELSEWHERE } : {};
      return [{ ...noted, ...gradeOf(rule, first), spec, says: `${says}: ${inWords(first, evidence.began)}${rest}` }];
    });
  };
}

/** Times as they stand in a timeline: seconds since the beginning, and no fractions of a millisecond. */
export const inWords = (text: string, began: number): string =>
  text
    .replace(/\b\d{13}(?:\.\d+)?\b/g, (at) => `${((Number(at) - began) / 1000).toFixed(2)} s`)
    .replace(/\b\d+\.\d+(?= ms)/g, (ms) => String(Math.round(Number(ms))));

/** The process goes on. `mayEnd` is for cases after which nothing is left to do. */
export const runsOn =
  ({ mayEnd = false }: { readonly mayEnd?: boolean } = {}): Check =>
  ({ exit }) =>
    exit === null || mayEnd ? [] : [{ grade: 'crash', says: `the process ${exit.says}`, at: exit.at }];

/** The process goes on, or ends because it never got ready: then whoever started it has to try again. */
export const runsOnOnceReady: Check = (evidence) =>
  runsOn()(evidence).map((finding) =>
    evidence.readies.length > 0
      ? finding
      : { ...finding, tolerated: 'nothing was lost: whoever starts it has to try again' },
  );

/** Neither sockets nor identifies without an end. */
export const noFlood: Check = ({ flood, handshakes, identifies, began, ended }) => {
  if (flood === null) return [];
  const says = `the case was ended after ${handshakes.length} connections and ${identifies.length} identifies in ${seconds(ended - began)}`;
  return [{ grade: flood === 'sockets' ? 'sockets' : 'budget', says }];
};

/** At most so many identifies in any minute. */
export const identifiesAtMost =
  (most: number): Check =>
  ({ identifies }) => {
    const worst = busiest(
      identifies.map(({ at }) => at),
      60_000,
    );
    return worst > most
      ? [
          {
            grade: 'budget',
            says: `${counted(worst, 'identify', 'identifies')} within a minute, where ${most} would do`,
          },
        ]
      : [];
  };

/** At most so many connections in any minute, refused ones included. */
export const socketsAtMost =
  (most: number): Check =>
  ({ handshakes }) => {
    const worst = busiest(
      handshakes.map(({ at }) => at),
      60_000,
    );
    return worst > most
      ? [{ grade: 'sockets', says: `${counted(worst, 'connection')} within a minute, where ${most} would do` }]
      : [];
  };

function busiest(times: readonly number[], window: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + window).length));
}

/** After what happened, a session is live again: READY or RESUMED, or it never stopped. Of a process that ended `runsOn` tells. */
export const comesBack =
  (within?: number): Check =>
  (evidence) => {
    if (evidence.exit !== null) return [];
    if (isLive(evidence)) {
      const back = liveAgain(evidence);
      const took = back === null ? 0 : back - evidence.struck;
      return within !== undefined && took > within
        ? [
            {
              grade: 'stuck',
              says: `it is back after ${seconds(took)}, where ${seconds(within)} would do`,
              at: back ?? 0,
              ...(isOwnLimit(took) ? { tolerated: OWN_LIMIT } : {}),
            },
          ]
        : [];
    }
    return [
      { grade: 'stuck', says: `no session is live ${seconds(evidence.ended - evidence.struck)} after it happened` },
    ];
  };

/** Whether the newest connection is open and has a live session. */
export function isLive(evidence: Evidence): boolean {
  const newest = evidence.opens.at(-1);
  if (newest === undefined || evidence.endsOf(newest.connection).length > 0) return false;
  return [...evidence.readies, ...evidence.resumeds].some(({ connection }) => connection === newest.connection);
}

/** When a session was live for the first time after it was struck; null if it has not been. */
export function liveAgain({ readies, resumeds, struck }: Evidence): number | null {
  const times = [...readies, ...resumeds].map(({ at }) => at).filter((at) => at > struck);
  return times.length === 0 ? null : Math.min(...times);
}

/** Whether a session has been live for so long without a break, in ms, after it was struck: nothing more can be learned. */
export const settledAfter =
  (ms: number) =>
  (evidence: Evidence): boolean => {
    const since = Math.max(...[...evidence.readies, ...evidence.resumeds].map(({ at }) => at));
    return isLive(evidence) && since > evidence.struck && evidence.ended - since > ms;
  };

/** The same, or the connection on which it was struck has gone on for twice as long. */
export const settledOrStays =
  (ms: number) =>
  (evidence: Evidence): boolean =>
    settledAfter(ms)(evidence) || (isLive(evidence) && evidence.ended - evidence.struck > 2 * ms);

/** No further connection. */
export const staysAway: Check = ({ handshakes, struck }) => {
  const again = handshakes.filter(({ at }) => at > struck);
  const [first] = again;
  return first === undefined
    ? []
    : [{ grade: 'return', says: `it connects again, ${counted(again.length, 'time')}`, at: first.at }];
};

/** The connection that was live stays. */
export const staysOnConnection =
  ({ tolerated }: { readonly tolerated?: string } = {}): Check =>
  ({ opens, struck }) => {
    const next = opens.find(({ at }) => at > struck);
    return next === undefined
      ? []
      : [
          {
            grade: 'letter',
            says: 'it gives up a connection that is good',
            at: next.at,
            ...(tolerated === undefined ? {} : { tolerated }),
          },
        ];
  };

/** Whether the next connection resumes or identifies, first of all. */
function firstMove({
  opens,
  identifies,
  resumes,
  struck,
}: Evidence): { readonly op: 'identify' | 'resume'; readonly at: number } | null {
  const after = new Set(opens.filter(({ at }) => at > struck).map(({ connection }) => connection));
  const moves = [
    ...identifies.map(({ at, connection }) => ({ op: 'identify' as const, at, connection })),
    ...resumes.map(({ at, connection }) => ({ op: 'resume' as const, at, connection })),
  ].filter(({ connection }) => after.has(connection));
  return moves.sort((a, b) => a.at - b.at)[0] ?? null;
}

/** The session is resumed. */
export const resumes: Check = (evidence) => {
  const move = firstMove(evidence);
  if (move === null || move.op === 'resume') return [];
  return [{ grade: 'budget', says: 'it identifies, although its session could be resumed', at: move.at }];
};

/** A new session is begun: a Resume would be refused. To try costs a round trip and nothing else. */
export const identifies: Check = (evidence) => {
  const move = firstMove(evidence);
  if (move === null || move.op === 'identify') return [];
  return [
    {
      grade: 'letter',
      says: 'it tries to resume a session that has ended',
      at: move.at,
      tolerated: 'that costs a round trip: the Gateway answers with Invalid Session',
    },
  ];
};

/** Every message of a session reaches the user once, unless the session was lost with it. */
export const nothingLost: Check = (evidence) => {
  const { deliveries, sentMessages, ended } = evidence;
  const counts = new Map<string, number>();
  for (const { id } of deliveries) counts.set(id, (counts.get(id) ?? 0) + 1);
  const isHeard = hearing(evidence);
  const due = new Map<string, number>();
  for (const { id, at, connection } of sentMessages) {
    if (at < ended - READING_MS && isHeard(connection, at)) due.set(id, at);
  }
  const lost = [...due].filter(([id]) => !counts.has(id));
  const doubled = [...counts].filter(([, count]) => count > 1);
  const findings: Finding[] = [];
  const [first] = lost;
  if (first !== undefined) {
    findings.push({
      grade: 'loss',
      says: `${lost.length} of ${counted(due.size, 'message')} did not reach the user`,
      at: first[1],
      spec: 'gateway#resuming',
    });
  }
  if (doubled.length > 0) {
    findings.push({
      grade: 'double',
      says: `${counted(doubled.length, 'message')} reached the user more than once`,
      spec: 'gateway#resuming',
    });
  }
  return findings;
};

/** How long a message may be on its way to the user at the end of a case, in ms. */
const READING_MS = 1_500;

/**
 * Tells whether a message must have arrived: the connection lived on for a while after it, or its session was live again
 * later, so that it was replayed.
 */
function hearing(evidence: Evidence): (connection: number, at: number) => boolean {
  const sessions = sessionsByConnection(evidence);
  const resumed = evidence.resumeds.map(({ at, connection }) => ({ at, session: sessions.get(connection) }));
  const ends = new Map(evidence.opens.map(({ connection }) => [connection, evidence.endsOf(connection)[0]?.at]));
  const isDeaf = evidence.pending.includes('stopReading');
  return (connection, at) => {
    const end = ends.get(connection);
    if (end === undefined || end > at + 2 * SLACK_MS) return !isDeaf;
    return resumed.some((each) => each.at > at && each.session === sessions.get(connection));
  };
}

/** The session of each connection, by READY and by Resume. */
function sessionsByConnection({ readies, resumes: tries }: Evidence): ReadonlyMap<number, string> {
  const idOf = ({ payload }: { readonly payload?: unknown }) => String(fieldsOf(fieldsOf(payload)['d'])['session_id']);
  return new Map([...tries, ...readies].map((entry) => [entry.connection, idOf(entry)]));
}

/** Messages reach the user again. */
export const messagesFlow: Check = (evidence) => {
  const { struck, began } = evidence;
  const back = liveAgain(evidence) ?? (Number.isFinite(struck) ? struck : began);
  const sent = evidence.sentMessages.filter(({ at }) => at > back && at < evidence.ended - READING_MS);
  if (sent.length === 0) return [];
  const ids = new Set(evidence.deliveries.map(({ id }) => id));
  return sent.some(({ id }) => ids.has(id))
    ? []
    : [{ grade: 'loss', says: `none of ${counted(sent.length, 'message')} after it reached the user` }];
};

/** A line that the client printed; a record is for its next process, and no output. */
function printedBy(item: Item): string {
  if (item.kind === 'line') return item.text;
  return item.kind === 'told' && item.what !== 'record' ? JSON.stringify(item.fields) : '';
}

/** The token is not printed. */
export const keepsSecrets: Check = ({ items, token }) => {
  const lines = items.filter((item) => printedBy(item).includes(token));
  const [first] = lines;
  return first === undefined
    ? []
    : [
        {
          grade: 'secret',
          says: `the token is printed, in ${counted(lines.length, 'line')}`,
          at: first.at,
          spec: 'user',
        },
      ];
};

/** The gaps between handshakes grow, or are long from the beginning. */
export const gapsGrow =
  (from = 6, least = 2): Check =>
  ({ handshakes, struck }) => {
    const times = handshakes.map(({ at }) => at).filter((at) => at > struck);
    if (times.length < from) return [];
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? at));
    const [early = 0] = gaps;
    const late = Math.max(...gaps.slice(-2));
    const grows = late >= early * least || early >= 5_000;
    return grows
      ? []
      : [
          {
            grade: 'sockets',
            says: `the waits between ${counted(times.length, 'try', 'tries')} do not grow: ${gaps.slice(0, 6).map(seconds).join(', ')}`,
          },
        ];
  };

/** Six numbers drawn at random all fall within a tenth of their range in one of 18,000 runs. */
const JITTERS = { least: 6, spread: 0.1 };

/** The first heartbeats of many connections are spread over the interval. */
export const firstHeartbeatsAreSpread: Check = (evidence) => {
  const after = evidence.opens.flatMap(({ connection }) => {
    const hello = evidence.messages('gateway', 'Hello').find((entry) => entry.connection === connection);
    const first = evidence.messages('client', 'Heartbeat').find((entry) => entry.connection === connection);
    return hello === undefined || first === undefined ? [] : [first.at - hello.at];
  });
  const [earliest, latest] = [Math.min(...after), Math.max(...after)];
  if (after.length < JITTERS.least || latest - earliest >= JITTERS.spread * evidence.interval) return [];
  const when = earliest < SLACK_MS ? 'at once' : `${seconds(earliest)} to ${seconds(latest)} after Hello`;
  return [
    {
      grade: 'letter',
      says: `the first heartbeats of ${after.length} connections all come ${when}: they are not spread at random`,
      spec: 'gateway#sending-heartbeats',
    },
  ];
};

/** Heartbeats come in time: the first within an interval, each next one interval later. */
export const heartbeatsInTime: Check = (evidence) => {
  const { interval, lag } = evidence;
  return evidence.opens.flatMap(({ connection }): Finding[] => {
    const hello = evidence.messages('gateway', 'Hello').find((entry) => entry.connection === connection);
    const end = evidence.endsOf(connection)[0]?.at ?? evidence.ended;
    if (hello === undefined) return [];
    const asked = evidence.messages('gateway', 'Heartbeat').filter((entry) => entry.connection === connection);
    const beats = evidence.messages('client', 'Heartbeat').filter((entry) => entry.connection === connection);
    const answers = asked.map((ask) => beats.find(({ at }) => at >= ask.at && at < ask.at + SLACK_MS));
    const regular = beats.filter((beat) => !answers.includes(beat)); // one more may have been due just then
    const times = [hello.at, ...regular.map(({ at }) => at)];
    const late = times.find((at, i) => (times[i + 1] ?? end) - at > interval * 1.25 + SLACK_MS + lag);
    if (late !== undefined) {
      return [
        {
          grade: 'letter',
          says: `no heartbeat for more than ${seconds(interval * 1.25)}`,
          at: late,
          spec: 'gateway#sending-heartbeats',
        },
      ];
    }
    // One that follows a late one comes when it is due.
    const early = regular.find(
      ({ at }, i) =>
        i > 0 &&
        at - (regular[i - 1]?.at ?? 0) < interval * 0.75 - lag &&
        at - (regular[i - 2]?.at ?? at) < interval * 1.75,
    );
    return early === undefined
      ? []
      : [
          {
            grade: 'letter',
            says: `heartbeats come faster than every ${seconds(interval)}`,
            at: early.at,
            spec: 'gateway#sending-heartbeats',
          },
        ];
  });
};

/** Before the first event there is no sequence that a heartbeat could carry. */
export const nothingBeforeFirst: Check = (evidence) => {
  const [first] = evidence.messages('gateway', 'Dispatch');
  const wrong = evidence
    .messages('client', 'Heartbeat')
    .filter(({ at, payload }) => at < (first?.at ?? Number.POSITIVE_INFINITY) && fieldsOf(payload)['d'] !== null);
  const [{ at, payload } = { at: 0, payload: null }] = wrong;
  return wrong.length === 0
    ? []
    : [
        {
          grade: 'letter',
          says: `before the first event a heartbeat carries ${JSON.stringify(fieldsOf(payload)['d'])}, where null is documented`,
          at,
          spec: 'gateway#sending-heartbeats',
        },
      ];
};

/** A connection on which nothing is acknowledged is left, so many intervals and a little after it was struck, at most. */
export const isLeft =
  (intervals: number, grade: Grade): Check =>
  ({ wire, struck, interval, ended }) => {
    const end = wire.find(({ kind, at }) => (kind === 'close' || kind === 'drop') && at > struck);
    const took = (end?.at ?? ended) - struck;
    const limit = intervals * interval + LEAVING_MS;
    if (end !== undefined && took <= limit) return [];
    const says =
      end === undefined
        ? `the connection is not left within ${seconds(took)}`
        : `the connection is left after ${seconds(took)}, where ${seconds(limit)} would do`;
    return [{ grade, says, ...(end !== undefined && isOwnLimit(took) ? { tolerated: OWN_LIMIT } : {}) }];
  };

/** How long a client may take to leave once it is time to, in ms. */
const LEAVING_MS = 2_000;

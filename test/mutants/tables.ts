/** Mutants of the tables that the shard chart looks things up in: close codes, and the numbers of the policy. */
import {
  CLOSE_CODES,
  type CloseCode,
  closeCode,
  DEFAULT_POLICY,
  type Policy,
  shardMachine,
} from '../../machines/index.js';
import { judgeShard } from './judges.js';
import type { Candidate } from './score.js';

/** The policy, number by number, as the documentation or our reading of it has it; see the sections named. */
const DOCUMENTED_POLICY: Policy = {
  deadlines: {
    locate: 15_000,
    open: 10_000,
    hello: 20_000, // a session outlives a Hello that is late by so much
    permit: 60_000, // one identify window holds twelve lanes' worth
    ready: 300_000, // minutes: in an outage READY comes when the service can give one
    resumed: 60_000,
    close: 500,
    silence: 250,
    room: 60_000, // a session is kept for some minutes
    overdue: 5_000, // long enough to read what lies in every buffer on the way
  },
  waits: {
    quick: [0, 500],
    backoff: { base: 1_000, factor: 2, cap: 60_000 },
    invalidSession: [1_000, 5_000], // "wait a random amount of time between 1 and 5 seconds"
    cooldown: [5_000, 10_000],
  },
  resumeBudget: 3,
  stability: 1,
  zombieTest: 'ack', // "if a client does not receive a heartbeat ACK between its attempts"
  closeCode: 4900, // any but 1000 and 1001
  heartbeatInterval: [500, 3_600_000],
  invalidSession: 'resume',
  resumeAt: 'session',
  closeCodes: {},
};

const RECOVERIES = ['resume', 'identify', 'stop'] as const;
const WAITS = [undefined, 'backoff', 'cooldown'] as const;

/** Every close code with another recovery, another wait, or another number of resumes. */
export function closeCodeMutants(): Candidate[] {
  const codes = [...Object.keys(CLOSE_CODES).map(Number), 4999];
  return codes.flatMap((code) => {
    const row = closeCode(code);
    const changes: Partial<Record<keyof CloseCode, unknown>>[] = [
      ...RECOVERIES.filter((recovery) => recovery !== row.recovery).map((recovery) => ({ recovery })),
      // What does not come back waits for nothing.
      ...(row.recovery === 'stop' ? [] : WAITS.filter((wait) => wait !== row.wait).map((wait) => ({ wait }))),
      ...(row.recovery === 'resume' ? [{ attempts: row.attempts === undefined ? 1 : undefined }] : []),
    ];
    return changes.map((change) => ({
      name: `close code ${code}: ${Object.entries(change).flat().join(' ')}`,
      kind: 'table row changed',
      judge: () => {
        const policy = { ...DEFAULT_POLICY, closeCodes: { [code]: change as Partial<CloseCode> } };
        return judgeShard(shardMachine, { documented: { policy } }, [code, 1006]);
      },
    }));
  });
}

/** Every number of the policy, changed. */
export function policyMutants(): Candidate[] {
  return numbersIn(DEFAULT_POLICY).map(([path, value]) => ({
    name: `policy ${path.join('.')}: ${value + 1} instead of ${value}`,
    kind: 'table row changed',
    judge: async () => {
      const policy = structuredClone(DEFAULT_POLICY) as unknown as Record<string, unknown>;
      const holder = path.slice(0, -1).reduce<Record<string, unknown>>((at, key) => at[key] as never, policy);
      holder[path.at(-1) as string] = value + 1;
      return JSON.stringify(policy) === JSON.stringify(DOCUMENTED_POLICY) ? null : 'the policy is not as documented';
    },
  }));
}

/** Whether the policy is what is written here: otherwise its mutants prove nothing. */
export function policyIsAsDocumented(): boolean {
  return JSON.stringify(DEFAULT_POLICY) === JSON.stringify(DOCUMENTED_POLICY);
}

function numbersIn(value: object): [path: string[], value: number][] {
  return Object.entries(value).flatMap(([key, each]): [string[], number][] => {
    if (typeof each === 'number') return [[[key], each]];
    if (typeof each !== 'object' || each === null) return [];
    return numbersIn(each).map(([path, inner]) => [[key, ...path], inner]);
  });
}

import { describe, expect, it } from 'vitest';
import { type SessionsContractOptions, sessionsContract } from '../../src/contracts/sessions.js';
import type { KeptSession, SessionsPort } from '../../src/ports/index.js';
import { memorySessions } from '../../src/ports/memory-sessions.js';
import { brokenBy, claimsOf } from '../support/claims.js';

const right = (): SessionsContractOptions => {
  const sessions = memorySessions();
  return { sessions, reopen: () => sessions };
};
/** Sessions in memory with something changed. */
const changed = (change: (sessions: SessionsPort) => Partial<SessionsPort>) => (): SessionsContractOptions => {
  const sessions = memorySessions();
  return { sessions: { ...sessions, ...change(sessions) } };
};

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly make: () => SessionsContractOptions;
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'hold something from the start',
    breaks: 'is empty at first',
    make: changed(() => ({ load: async () => [{} as KeptSession] })),
  },
  {
    fault: 'keep one shard',
    breaks: 'gives back what was saved of each shard, as often as asked',
    make: changed(({ load }) => ({ load: async () => (await load()).slice(-1) })),
  },
  {
    fault: 'keep the first',
    breaks: 'keeps the last of a shard, also if none was waited for',
    make: changed(({ save }) => {
      const known = new Set<number>();
      return {
        async save(kept) {
          const isFirst = !known.has(kept.shard[0]);
          known.add(kept.shard[0]);
          if (isFirst) await save(kept);
        },
      };
    }),
  },
  {
    fault: 'know a shard by its id alone',
    breaks: 'keeps shards of another count apart',
    make: changed(({ load }) => ({
      load: async () => [...new Map((await load()).map((kept) => [kept.shard[0], kept])).values()],
    })),
  },
  {
    fault: 'keep what they are given',
    breaks: 'keeps a copy: later changes by the caller or a reader do not reach it',
    make: changed(() => {
      const all: KeptSession[] = [];
      return { save: async (kept) => void all.push(kept), load: async () => all };
    }),
  },
  {
    fault: 'begin with nothing in each process, and write that',
    breaks: 'shows what is saved to the next process, if it is made for that, and adds to what the last has saved',
    make: () => ({ sessions: memorySessions(), reopen: memorySessions }),
  },
];

describe('the contract of sessions', () => {
  it.each(claimsOf(sessionsContract(right)))('is met by sessions in memory: %s', async (claim) => {
    expect(await brokenBy(sessionsContract(right), claim)).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))('finds sessions that %s', async (_, { breaks, make }) => {
    expect(await brokenBy(sessionsContract(make), breaks)).not.toBeNull();
  });

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(sessionsContract(right))));
  });
});

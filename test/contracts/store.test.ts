import { describe, expect, it } from 'vitest';
import { type StoreContractOptions, storeContract } from '../../src/contracts/store.js';
import type { ResumeRecord, StorePort } from '../../src/ports/index.js';
import { memoryStore } from '../../src/ports/memory-store.js';
import { brokenBy, claimsOf } from '../support/claims.js';

const right = (): StoreContractOptions => {
  const store = memoryStore();
  return { store, reopen: () => store };
};
/** A store in memory with something changed. */
const changed = (change: (store: StorePort) => Partial<StorePort>) => (): StoreContractOptions => {
  const store = memoryStore();
  return { store: { ...store, ...change(store) } };
};

const EMPTY = 'is empty at first';
const SAVED = 'gives back what was saved, as often as asked';
const WITHOUT_URL = 'gives back a record without a resume URL';
const LAST = 'keeps the last of several records, also if none was waited for';
const CLEARED = 'is empty after clear, which may come twice';
const COPY = 'keeps a copy: later changes by the caller or a reader do not reach it';
const SHARED = 'shows the record to other processes, if it is made for that';

interface Fault {
  readonly fault: string;
  readonly breaks: string;
  readonly says: string;
  readonly make: () => StoreContractOptions;
}

const FAULTS: readonly Fault[] = [
  {
    fault: 'has a record from the start',
    breaks: EMPTY,
    says: 'what was loaded: expected null, got {}',
    make: changed(() => ({ load: async () => ({}) as ResumeRecord })),
  },
  {
    fault: 'never loads',
    breaks: EMPTY,
    says: 'load: nothing within 4000 ms',
    make: changed(() => ({ load: () => new Promise(() => {}) })),
  },
  {
    fault: 'is empty once it was read',
    breaks: SAVED,
    says: 'what was loaded again: expected {"version":1,',
    make: changed(({ load, clear }) => ({
      async load() {
        const record = await load();
        await clear();
        return record;
      },
    })),
  },
  {
    fault: 'rounds the time',
    breaks: SAVED,
    says: '"savedAt":1760000000123.5}, got {"version":1,',
    make: changed(({ save }) => ({ save: (record) => save({ ...record, savedAt: Math.trunc(record.savedAt) }) })),
  },
  {
    fault: 'drops what is null',
    breaks: WITHOUT_URL,
    says: 'what was loaded: expected {"version":1,"sessionId":"5f1d2b0c9e8a4d7fb3c6","resumeUrl":null,"sequence":0,',
    make: changed(({ load }) => ({
      async load() {
        const { resumeUrl, ...record } = (await load()) ?? {};
        return (resumeUrl === null ? record : { ...record, resumeUrl }) as ResumeRecord;
      },
    })),
  },
  {
    fault: 'keeps the first',
    breaks: LAST,
    says: 'the sequence: expected 19, got 0',
    make: changed(({ save }) => {
      let isFull = false;
      return {
        async save(record) {
          if (isFull) return;
          isFull = true;
          await save(record);
        },
      };
    }),
  },
  {
    fault: 'writes what is shorter first',
    breaks: LAST,
    says: 'the sequence: expected 19, got 9',
    make: changed(({ save }) => ({
      async save(record) {
        if (record.sequence < 10) await Promise.resolve();
        await save(record);
      },
    })),
  },
  {
    fault: 'is never empty again',
    breaks: CLEARED,
    says: 'what was loaded: expected null, got {"version":1,',
    make: changed(() => ({ clear: async () => {} })),
  },
  {
    fault: 'takes nothing after a clear',
    breaks: CLEARED,
    says: 'what was loaded after that: expected {"version":1,',
    make: changed(({ save, clear }) => {
      let isOver = false;
      return {
        save: async (record) => (isOver ? undefined : save(record)),
        clear: async () => {
          if (isOver) return;
          isOver = true;
          await clear();
        },
      };
    }),
  },
  {
    fault: 'keeps what the caller still holds',
    breaks: COPY,
    says: 'got {"version":1,"sessionId":"5f1d2b0c9e8a4d7fb3c6","resumeUrl":"wss://gateway-us-east1-b.discord.gg","sequence":8888,"shard":[9,16]',
    make: () => {
      let kept: ResumeRecord | null = null;
      const store: StorePort = {
        load: async () => kept,
        async save(record) {
          kept = record;
        },
        clear: async () => {},
      };
      return { store };
    },
  },
  {
    fault: 'gives its own record to readers',
    breaks: COPY,
    says: '"sequence":8888,"shard":[3,16]',
    make: () => {
      let kept: ResumeRecord | null = null;
      const store: StorePort = {
        load: async () => kept,
        async save(record) {
          kept = structuredClone(record);
        },
        clear: async () => {},
      };
      return { store };
    },
  },
  {
    fault: 'shows nothing to other processes',
    breaks: SHARED,
    says: 'what another process loads: expected {"version":1,',
    make: () => ({ store: memoryStore(), reopen: memoryStore }),
  },
  {
    fault: 'does not see what other processes do',
    breaks: SHARED,
    says: 'what is left: expected null, got {"version":1,',
    make: () => {
      const store = memoryStore();
      return { store, reopen: () => ({ ...store, clear: async () => {} }) };
    },
  },
];

describe('the store contract', () => {
  it.each(claimsOf(storeContract(right)))('is met by a store in memory: %s', async (claim) => {
    expect(await brokenBy(storeContract(right), claim)).toBeNull();
  });

  it('asks nothing of other processes of a store that is not made for them', async () => {
    expect(
      await brokenBy(
        storeContract(() => ({ store: memoryStore() })),
        SHARED,
      ),
    ).toBeNull();
  });

  it.each(FAULTS.map((each) => [each.fault, each] as const))(
    'finds a store that %s',
    async (_, { breaks, says, make }) => {
      expect(await brokenBy(storeContract(make), breaks)).toContain(says);
    },
  );

  it('has each of its claims broken here', () => {
    expect(new Set(FAULTS.map(({ breaks }) => breaks))).toEqual(new Set(claimsOf(storeContract(right))));
  });
});

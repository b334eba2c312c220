import type { ResumeRecord, StorePort } from '../ports/index.js';
import { assertEqual, type Claims, type ContractCase, cases, within } from './contract.js';

/** What the store contract needs. */
export interface StoreContractOptions {
  /** An empty store. */
  readonly store: StorePort;
  /** The same store as another process sees it, where it outlives this one. */
  readonly reopen?: () => StorePort;
}

const RECORD: ResumeRecord = {
  version: 1,
  sessionId: '5f1d2b0c9e8a4d7fb3c6',
  resumeUrl: 'wss://gateway-us-east1-b.discord.gg',
  sequence: 4211,
  shard: [3, 16],
  intents: 33281,
  wire: { version: 10, encoding: 'json', compress: 'zlib-stream' },
  savedAt: 1_760_000_000_123.5,
};

const loaded = (store: StorePort) => within(store.load(), 'load');

const CLAIMS: Claims<StoreContractOptions> = {
  async 'is empty at first'({ store }) {
    assertEqual(await loaded(store), null, 'what was loaded');
  },

  async 'gives back what was saved, as often as asked'({ store }) {
    await within(store.save(RECORD), 'save');
    assertEqual(await loaded(store), RECORD, 'what was loaded');
    assertEqual(await loaded(store), RECORD, 'what was loaded again');
  },

  async 'gives back a record without a resume URL'({ store }) {
    const record = { ...RECORD, resumeUrl: null, sequence: 0, shard: [0, 1] as const, intents: 0 };
    await within(store.save(record), 'save');
    assertEqual(await loaded(store), record, 'what was loaded');
  },

  async 'keeps the last of several records, also if none was waited for'({ store }) {
    const saves = Array.from({ length: 20 }, (_, sequence) => store.save({ ...RECORD, sequence }));
    await within(Promise.all(saves), 'save');
    assertEqual((await loaded(store))?.sequence, 19, 'the sequence');
  },

  async 'is empty after clear, which may come twice'({ store }) {
    await within(store.clear(), 'clear of an empty store');
    await within(store.save(RECORD), 'save');
    await within(store.clear(), 'clear');
    await within(store.clear(), 'a second clear');
    assertEqual(await loaded(store), null, 'what was loaded');
    await within(store.save(RECORD), 'save after clear');
    assertEqual(await loaded(store), RECORD, 'what was loaded after that');
  },

  async 'keeps a copy: later changes by the caller or a reader do not reach it'({ store }) {
    const record = { ...RECORD, shard: [3, 16] as [number, number] };
    const saved = store.save(record);
    record.sequence = 9999;
    record.shard[0] = 9;
    await within(saved, 'save');
    const read = (await loaded(store)) as { sequence?: number } | null;
    if (read) read.sequence = 8888;
    assertEqual(await loaded(store), RECORD, 'what was loaded');
  },

  async 'shows the record to other processes, if it is made for that'({ store, reopen }) {
    if (!reopen) return;
    await within(store.save(RECORD), 'save');
    assertEqual(await loaded(reopen()), RECORD, 'what another process loads');
    await within(reopen().clear(), 'clear by another process');
    assertEqual(await loaded(store), null, 'what is left');
  },
};

/** What every implementation of `StorePort` must do. */
export function storeContract(make: () => StoreContractOptions | Promise<StoreContractOptions>): ContractCase[] {
  return cases(make, CLAIMS);
}

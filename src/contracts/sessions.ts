import type { KeptSession, SessionsPort } from '../ports/index.js';
import { assertEqual, type Claims, type ContractCase, cases, within } from './contract.js';

/** What the contract of sessions needs: a port that nothing was saved to. */
export interface SessionsContractOptions {
  readonly sessions: SessionsPort;
  /** The same as another process sees it, where it outlives one. */
  readonly reopen?: () => SessionsPort;
}

const kept = (id: number, changes: Partial<KeptSession> = {}): KeptSession => ({
  version: 1,
  shard: [id, 16],
  resume: {
    version: 1,
    sessionId: `session-${id}`,
    resumeUrl: 'wss://gateway-us-east1-b.discord.gg',
    sequence: 1337 + id,
    shard: [id, 16],
    intents: 513,
    wire: { version: 10, encoding: 'json', compress: false },
    gatewayUrl: null,
    savedAt: 1_790_000_000_000,
  },
  identifies: { sent: [1_789_999_000_000, 1_789_999_900_000], left: 8, nextAt: 1_790_000_100_000 },
  savedAt: 1_790_000_000_000,
  ...changes,
});

/** What is kept, by shard. */
async function loaded(sessions: SessionsPort): Promise<readonly KeptSession[]> {
  const all = await within(sessions.load(), 'load');
  return [...all].sort((a, b) => a.shard[0] - b.shard[0]);
}

const CLAIMS: Claims<SessionsContractOptions> = {
  async 'is empty at first'({ sessions }) {
    assertEqual(await loaded(sessions), [], 'what was loaded');
  },

  async 'gives back what was saved of each shard, as often as asked'({ sessions }) {
    const bare = kept(2, { resume: null, identifies: { sent: [], left: 10, nextAt: null } });
    for (const each of [kept(1), kept(0), bare]) await within(sessions.save(each), 'save');
    assertEqual(await loaded(sessions), [kept(0), kept(1), bare], 'what was loaded');
    assertEqual(await loaded(sessions), [kept(0), kept(1), bare], 'what was loaded again');
  },

  async 'keeps the last of a shard, also if none was waited for'({ sessions }) {
    const saves = Array.from({ length: 40 }, (_, i) => sessions.save(kept(i % 2, { savedAt: i })));
    await within(Promise.all(saves), 'save');
    assertEqual(await loaded(sessions), [kept(0, { savedAt: 38 }), kept(1, { savedAt: 39 })], 'what was loaded');
  },

  async 'keeps shards of another count apart'({ sessions }) {
    const other = kept(1, { shard: [0, 2], resume: null });
    for (const each of [kept(0), other]) await within(sessions.save(each), 'save');
    const counts = (await loaded(sessions)).map(({ shard }) => shard[1]);
    assertEqual([...counts].sort(), [16, 2], 'the counts');
  },

  async 'keeps a copy: later changes by the caller or a reader do not reach it'({ sessions }) {
    const mine = { ...kept(0), identifies: { sent: [1], left: 9, nextAt: 2 } };
    const saved = sessions.save(mine);
    mine.identifies.sent.push(3);
    mine.identifies.left = 0;
    await within(saved, 'save');
    const [read] = (await loaded(sessions)) as unknown as { savedAt: number }[];
    if (read) read.savedAt = 7;
    assertEqual(
      await loaded(sessions),
      [kept(0, { identifies: { sent: [1], left: 9, nextAt: 2 } })],
      'what was loaded',
    );
  },

  async 'shows what is saved to the next process, if it is made for that, and adds to what the last has saved'(made) {
    const { sessions, reopen } = made;
    if (reopen === undefined) return;
    for (const each of [kept(0), kept(1)]) await within(sessions.save(each), 'save');
    const next = reopen();
    await within(next.save(kept(1, { savedAt: 5 })), 'save by the next process');
    assertEqual(await loaded(reopen()), [kept(0), kept(1, { savedAt: 5 })], 'what the one after it loads');
  },
};

/** What every implementation of `SessionsPort` must do. */
export function sessionsContract(
  make: () => SessionsContractOptions | Promise<SessionsContractOptions>,
): ContractCase[] {
  return cases(make, CLAIMS);
}

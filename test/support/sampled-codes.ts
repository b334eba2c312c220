import { closeCode, type ShardEvent, shardAbstraction } from '../../machines/index.js';

const { key, alphabet } = shardAbstraction;

/** The shard with a sample of close codes: of those that have the same recovery one in each state, in each another one. */
export const sampledCodes: typeof shardAbstraction = {
  ...shardAbstraction,
  alphabet: (snapshot) => {
    const turn = [...key(snapshot)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 0);
    const events = alphabet(snapshot);
    const kept = RECOVERIES.map((recovery) => {
      const alike = events.filter((event) => isClosed(event) && closeCode(event.code).recovery === recovery);
      return alike[turn % alike.length];
    });
    return events.filter((event) => !isClosed(event) || kept.includes(event));
  },
};

const RECOVERIES = ['resume', 'identify', 'stop'] as const;

function isClosed(event: ShardEvent): event is ShardEvent & { readonly type: 'closed' } {
  return event.type === 'closed';
}

import { demandKept, discreetKept, nameOfShard } from './kept-session.js';
import type { KeptSession, SessionsPort } from './sessions.js';

/** Keeps the sessions of a bot as long as the process lives: for tests, and for shards that are made again. */
export function memorySessions(): SessionsPort {
  const kept = new Map<string, KeptSession>();
  return {
    load: async () => [...kept.values()].map(discreetKept),
    async save(session) {
      demandKept(session);
      kept.set(nameOfShard(session), structuredClone(session));
    },
  };
}

import { demandRecord, discreetRecord } from './resume-record.js';
import type { ResumeRecord, StorePort } from './store.js';

/** Keeps a resume record as long as the process lives. */
export function memoryStore(): StorePort;
export function memoryStore(surplus?: unknown): StorePort {
  if (typeof surplus === 'string') throw new TypeError('memoryStore takes no file: fileStore does, of gatechart/file');
  let kept: ResumeRecord | null = null;
  return {
    load: async () => kept && discreetRecord(structuredClone(kept)),
    async save(record) {
      demandRecord(record);
      kept = structuredClone(record);
    },
    async clear() {
      kept = null;
    },
  };
}

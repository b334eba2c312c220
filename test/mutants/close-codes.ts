/** Mutants of the table that the shard chart looks close codes up in. */
import { CLOSE_CODES, type CloseCode, closeCode, DEFAULT_POLICY, shardMachine } from '../../machines/index.js';
import { judgeShard } from './judges.js';
import type { Candidate } from './score.js';

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

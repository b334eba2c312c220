/** A dispatch of a session, as it is kept for a replay. */
export interface KeptDispatch {
  readonly sequence: number;
  readonly name: string;
  readonly data: unknown;
}

/** The dispatches kept for a replay, in order, in runs: as snapshots never change, one more costs a copy of a run and not of all. */
export type ReplayBuffer = readonly (readonly KeptDispatch[])[];

/** The longest run; of a thousand dispatches that makes some thirty runs of thirty. */
const RUN = 32;

/** The buffer with one dispatch more, and what had to go so that `limit` are left. */
export function keep(
  buffer: ReplayBuffer,
  dispatch: KeptDispatch,
  limit: number,
): { readonly buffer: ReplayBuffer; readonly lost: KeptDispatch | undefined } {
  const last = buffer.at(-1);
  const isFull = last === undefined || last.length >= RUN;
  const longer = isFull ? [...buffer, [dispatch]] : [...buffer.slice(0, -1), [...last, dispatch]];
  const count = longer.reduce((sum, run) => sum + run.length, 0);
  return count <= limit ? { buffer: longer, lost: undefined } : shortened(longer, count - limit);
}

function shortened(buffer: ReplayBuffer, by: number): ReturnType<typeof keep> {
  const [first = [], ...rest] = buffer;
  if (by > first.length) return shortened(rest, by - first.length);
  const left = first.slice(by);
  return { buffer: left.length === 0 ? rest : [left, ...rest], lost: first[by - 1] };
}

/** What is kept of the dispatches after a sequence number. */
export function keptSince(buffer: ReplayBuffer, sequence: number): readonly KeptDispatch[] {
  return buffer.flat().filter((dispatch) => dispatch.sequence > sequence);
}

/** The newest dispatch kept. */
export function newestKept(buffer: ReplayBuffer): KeptDispatch | undefined {
  return buffer.at(-1)?.at(-1);
}

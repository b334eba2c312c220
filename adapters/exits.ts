/** What is to run when the process exits. */
const runs = new Set<() => void>();

/**
 * Runs something when the process exits, before those that write to disks; the returned function takes that back. There
 * is one listener for all, since of many the process warns.
 */
export function onExit(run: () => void): () => void {
  if (runs.size === 0) process.prependListener('exit', runAll);
  runs.add(run);
  return () => {
    if (runs.delete(run) && runs.size === 0) process.off('exit', runAll);
  };
}

function runAll(): void {
  for (const run of [...runs]) run();
}

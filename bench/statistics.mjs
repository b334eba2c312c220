/** Figures of rounds become medians and ratios. */
import { CLIENTS, LOADS } from './loads.mjs';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The results of a run, each client of each load as one row: medians of its figures, and of the ratios to the reference
 * in the same round, with the least and the most of those.
 */
export function summary(results) {
  const loads = Object.entries(results.loads).map(([name, { figures, reference, without, failures, ...rest }]) => {
    const base = figures[reference] ?? [];
    const rows = Object.entries(figures).map(([client, runs]) => row(client, runs, base));
    const missing = Object.entries({ ...without, ...failures }).map(([client, why]) => ({
      client,
      says: CLIENTS[client].says,
      why,
    }));
    return { name, ...LOADS[name], ...rest, reference, rows, missing };
  });
  return { ...results, loads };
}

function row(client, runs, base) {
  const keys = Object.keys(runs[0] ?? {});
  const medians = Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key]))]));
  const { says, isOurs = false } = CLIENTS[client];
  if (medians.cpu === undefined) return { client, says, isOurs, ...medians };
  const ratios = runs.flatMap((run, i) => (base[i] ? [run.cpu / base[i].cpu] : []));
  return {
    client,
    says,
    isOurs,
    ...medians,
    perSecond: 1e6 / medians.time,
    ratio: median(ratios),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
  };
}

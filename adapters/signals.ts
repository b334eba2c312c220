import { constants } from 'node:os';
import { demandShape, type Fields, listOf, oneOf, wholeNumber } from '../machines/kit/shape.js';

/** A shard, as far as signals are concerned. */
export interface Stoppable {
  /** Whether its session is kept for the next process, so that it is left to that. */
  readonly keepsSession?: boolean;
  stop(): Promise<unknown>;
  detach(): Promise<unknown>;
}

/** How a process ends. */
export interface SignalOptions {
  /** Unless told, SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[];
  /** What becomes of the sessions. Unless told they are left to the next process where `sessions` keeps them, and else ended. */
  readonly how?: 'stop' | 'detach';
  /** How long the shards have, in ms: 10 s unless told. */
  readonly deadline?: number;
}

const NAMES = Object.keys(constants.signals);
const OPTIONS: Fields = {
  fields: {
    signals: listOf({ ...oneOf(...NAMES), says: 'the name of a signal, such as SIGTERM' }),
    how: oneOf('stop', 'detach'),
    deadline: wholeNumber('a time in milliseconds, above 0', 1, 2 ** 31 - 1),
  },
};

/**
 * Shuts down cleanly when a signal comes: all shards stop or detach, and the process exits with 128 and the number of the
 * signal, as shells expect it, also where the deadline passes before. A second signal ends it at once. Call it before
 * `start`: until then a signal kills the process as it is. A `start` that a signal interrupts rejects with `ERR_STOPPED`,
 * which ends the process too soon where nothing catches it. The returned function takes it back.
 */
export function onSignals(shards: Stoppable | readonly Stoppable[], options: SignalOptions = {}): () => void {
  demandShape('', options, OPTIONS);
  const { signals = ['SIGINT', 'SIGTERM'], how, deadline = 10_000 } = options;
  const all = 'stop' in shards ? [shards] : [...shards];
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(128 + constants.signals[signal]);
    if (isEnding) exit();
    isEnding = true;
    setTimeout(exit, deadline);
    const leave = async (shard: Stoppable) => shard[how ?? (shard.keepsSession ? 'detach' : 'stop')]();
    void Promise.allSettled(all.map(leave)).then(exit);
  };
  for (const signal of signals) process.on(signal, end);
  return () => {
    for (const signal of signals) process.off(signal, end);
  };
}

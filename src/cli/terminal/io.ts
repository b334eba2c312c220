import { messageOf, printableLines } from '../../telling/printable.js';

/** Where a command writes; `process.stdout` fits. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** All that a command has of the world around it. */
export interface Io {
  readonly out: Output;
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted with an `Interruption`. */
  readonly signal: AbortSignal;
  /** Of this package. */
  readonly version: string;
}

/** Why a command was cut short, and the exit code that says so: 128 and the number of the signal. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  constructor(
    readonly signal: keyof typeof EXIT_CODES,
    readonly exitCode: number = EXIT_CODES[signal],
  ) {
    super(`interrupted by ${signal}`);
  }
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGPIPE: 141 };

/** The command was called in a way that makes no sense; the message says what to write instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says what is wrong on standard error. */
export function complain({ err }: Pick<Io, 'err'>, error: unknown): void {
  err.write(`gatechart: ${printableLines(messageOf(error))}\n`);
}

/** Waits; less if interrupted. Never rejects. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Waits until interrupted. */
export function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** What the processes that play mutants and the one that hands them out say to each other. */
import { atMost } from '../../support/slowness.js';

/** Asks for a mutant, and says of which source it is one. */
export interface Question {
  readonly id: string;
  readonly file: string;
}

/** What is the matter with a mutant. The first answer of a process is about none: it is ready. */
export interface Answer {
  readonly id: string | null;
  /** What tells it from the original; null if nothing does. */
  readonly by: string | null;
  /** Set where no test reaches it. */
  readonly unreached?: true;
  /** What it leaves behind in its process: no other mutant can be played there fairly, nor was it perhaps itself. */
  readonly leaves?: string;
  /** Set where the process has played enough. */
  readonly spent?: true;
}

/** The module that holds tests and sources: the tests by their files. */
export interface Bundle {
  readonly files: Readonly<Record<string, () => Promise<unknown>>>;
}

/** What a test may take beyond a multiple of what it takes without a mutant. */
export const TEST_TIMEOUT = atMost(80);
/** A mutant that takes longer does not end. */
export const MUTANT_TIMEOUT = atMost(10_000);

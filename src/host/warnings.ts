/** What a host says to people, and how it calls what is not ours. */
import { attempted, guarded } from '../guard/guarded.js';
import { type Outage, whatWillNotPass } from '../locating/outages.js';
import type { Redactor } from '../redact/redact.js';
import { printable } from '../telling/printable.js';

/** Longer reasons of ports are cut, in characters. */
const LONGEST_REASON = 1000;

/** The warnings of one host. */
export class Warnings {
  readonly #listener: { warned(problem: string, error?: unknown): void };
  readonly #secrets: Redactor;
  /** The last outage that was told of. */
  #outage: string | null = null;

  constructor(listener: { warned(problem: string, error?: unknown): void }, secrets: Redactor) {
    this.#listener = listener;
    this.#secrets = secrets;
  }

  warn(problem: string, error?: unknown): void {
    this.#listener.warned(problem, error);
  }

  /** What an adapter returns; `otherwise` if it throws, which is told. */
  guard<T>(what: string, run: () => T, otherwise: T): T {
    return guarded(run, (error) => this.#adapterThrew(what, error), otherwise);
  }

  /** Whether an adapter did it without throwing, which is told. */
  attempt(what: string, run: () => unknown): boolean {
    return attempted(run, (error) => this.#adapterThrew(what, error));
  }

  /** What will not pass by itself is told once, and again when something else was in between. */
  outage(what: string, outage: Outage): void {
    const says = whatWillNotPass(outage);
    const told = says && `${what}: ${says}`;
    if (told !== null && told !== this.#outage) this.warn(told);
    this.#outage = told ?? this.#outage;
  }

  /** The same for an error that neither a code nor a status stands for: what it says is all that is known. */
  unnamedOutage(problem: string, error: unknown): void {
    const told = `${problem}: ${(error as Error).message}`;
    if (told !== this.#outage) this.warn(problem, error);
    this.#outage = told;
  }

  /** The Gateway was reached: the next outage is another one. */
  outageIsOver(): void {
    this.#outage = null;
  }

  /** A wait that somebody else asks for, within what makes sense, in ms. */
  bounded(by: string, ms: number, most: number): number {
    if (!(ms > most)) return ms;
    const [asked, obeyed] = [ms, most].map((each) => Math.ceil(each / 1000));
    this.warn(`${by} says to wait ${asked} s: it is asked again after ${obeyed} s`);
    return most;
  }

  /** A text from outside, as it goes into causes, errors and logs. */
  shown(text: string, longest = LONGEST_REASON): string {
    return printable(this.#secrets.text(text).slice(0, longest));
  }

  #adapterThrew(what: string, error: unknown): void {
    this.warn(`an adapter threw: ${what}`, error);
  }
}

import { demandGiven, isFunction } from '../../machines/kit/shape.js';

/**
 * One claim that every implementation of a port must meet. It needs no test framework:
 * `for (const claim of storeContract(make)) test(claim.name, claim.run)`.
 */
export interface ContractCase {
  readonly name: string;
  /** Rejects with a `ContractError` if the claim does not hold. */
  run(): Promise<void>;
}

/** An implementation of a port does not do what the port promises; the message says what it does instead. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code = 'ERR_CONTRACT';
}

/** What a port must do, by name. */
export type Claims<Made> = Record<string, (made: Made) => Promise<void>>;

/** Throws a `TypeError` for what makes nothing. */
export function demandMaker(make: unknown): void {
  demandGiven('make', make, isMaker);
}

const isMaker = { says: 'a function that makes a fresh one for each claim', holds: isFunction.holds };

/** Builds the cases of a suite from its claims, each of which gets a port of its own. */
export function cases<Made>(make: () => Made | Promise<Made>, claims: Claims<Made>): ContractCase[] {
  demandMaker(make);
  return Object.entries(claims).map(([name, holds]) => ({ name, run: async () => holds(await make()) }));
}

/** Throws a `ContractError` unless the condition holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new ContractError(message);
}

/** Throws a `ContractError` unless both are the same as JSON. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  assert(is === shouldBe, `${what}: expected ${excerpt(shouldBe)}, got ${excerpt(is)}`);
}

const excerpt = (json: string | undefined) => (json && json.length > 300 ? `${json.slice(0, 300)}...` : json);

/** Throws a `ContractError` if the call throws. */
export function assertSilent(call: () => unknown, what: string): void {
  try {
    call();
  } catch (error) {
    throw new ContractError(`${what} throws ${error}`);
  }
}

/** What the promise rejects with; throws a `ContractError` if it does not. */
export async function rejection(promise: Promise<unknown>, what: string, ms?: number): Promise<unknown> {
  let value: unknown;
  try {
    value = await within(promise, what, ms);
  } catch (error) {
    if (error instanceof ContractError) throw error;
    return error;
  }
  throw new ContractError(`${what}: expected a rejection, got ${excerpt(JSON.stringify(value))}`);
}

/** The promise's value, or a `ContractError` if it takes longer than `ms`: less than frameworks give a test. */
export async function within<T>(promise: Promise<T>, what: string, ms = 4000): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ContractError(`${what}: nothing within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets real time pass. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

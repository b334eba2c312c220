/**
 * Calls to what is not ours: ports, listeners, inspectors. What one of them throws, or gives that cannot be, is told and
 * changes nothing else.
 */

/** Is told what went wrong. */
export type Warn = (problem: string, error?: unknown) => void;

/** What `run` returns; if it throws, that is told, and `otherwise` comes instead. A promise that rejects is told as well. */
export function guarded<T>(run: () => T, onError: (error: unknown) => void): T | undefined;
export function guarded<T>(run: () => T, onError: (error: unknown) => void, otherwise: T): T;
export function guarded<T>(run: () => T, onError: (error: unknown) => void, otherwise?: T): T | undefined {
  try {
    const returned = run();
    watchRejection(returned, onError);
    return returned;
  } catch (error) {
    onError(error);
    return otherwise;
  }
}

/** Whether `run` did not throw. That, and what it returns if that rejects, is told. */
export function attempted(run: () => unknown, onError: (error: unknown) => void): boolean {
  const attempt = () => {
    watchRejection(run(), onError);
    return true;
  };
  return guarded(attempt, onError, false);
}

/** Tells of a promise, or anything with a `then`, that rejects; all else has nothing to tell. */
export function watchRejection(returned: unknown, onError: (error: unknown) => void): void {
  if (typeof returned !== 'object' || returned === null) return;
  const { then } = returned as { then?: unknown };
  if (typeof then !== 'function') return;
  const derived: unknown = then.call(returned, undefined, onError);
  if (!(returned instanceof Promise)) Promise.resolve(derived).catch(onError); // an async `then` may reject itself
}

/** A span of time that somebody else gave, in ms; undefined if it is none. */
export function spanOf(ms: unknown): number | undefined {
  return typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Tells a problem once. Later: whoever just makes a shard listens to it by then. */
export function once(warn: Warn): Warn {
  const told = new Set<string>();
  return (problem, error) => {
    if (told.has(problem)) return;
    told.add(problem);
    queueMicrotask(() => warn(problem, error));
  };
}

/** An observer of the user's, as a function. That it throws or rejects is told once, and it is still told what happens. */
export function guardedObserver<T>(observer: { next?(value: T): void } | ((value: T) => void), warn: Warn) {
  const tell = once(warn);
  const failed = (error: unknown) => tell('the inspector threw', error);
  return (value: T): void => {
    attempted(() => (typeof observer === 'function' ? observer(value) : observer.next?.(value)), failed);
  };
}

/**
 * Errors of ports, which may hold anything: requests with the token in their headers, getters that throw, circles. One
 * that holds no secret, and nothing that could not be looked into, is handed on as it is; of any other a plain copy.
 */
import { isSecretField, LEFT_OUT } from './fields.js';

/** How what an error holds is cleaned. */
export interface Cleaner {
  text(text: string): string;
  /** A plain copy of anything but an error. */
  plain(value: unknown): unknown;
}

/** So many objects in an error are looked into. */
const MOST_OBJECTS = 1000;
/** And so many fields of each. */
const MOST_KEYS = 10_000;

/** The error itself, or a plain copy without secrets. Never throws. */
export function errorWithoutSecrets(error: unknown, cleaner: Cleaner): unknown {
  try {
    return isHarmless(error, cleaner, new Set()) ? error : copied(error, cleaner, new Map());
  } catch {
    return new Error(LEFT_OUT);
  }
}

/** The code of an error, as systems give it; undefined if it has none. Never throws. */
export function codeOf(error: unknown): string | undefined {
  try {
    const { code } = (error ?? {}) as { code?: unknown };
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whether all of it could be looked into, and none of it is a secret. */
function isHarmless(value: unknown, cleaner: Cleaner, seen: Set<object>): boolean {
  if (typeof value === 'string') return cleaner.text(value) === value;
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null || seen.has(value)) return true;
  if (seen.size >= MOST_OBJECTS || !hasPlainForm(value, cleaner)) return false;
  seen.add(value);
  if (value instanceof Error && !isHarmless(value.name, cleaner, seen)) return false;
  const keys = Reflect.ownKeys(value);
  if (keys.length > MOST_KEYS) return false;
  return keys.every((key) => {
    const name = typeof key === 'string' ? key : (key.description ?? '');
    const { get } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    if (get !== undefined && key !== 'stack') return false;
    const inner = (value as Record<PropertyKey, unknown>)[key];
    return cleaner.text(name) === name && !isSecretField(name, inner) && isHarmless(inner, cleaner, seen);
  });
}

/** Whether an object says nothing but what its own properties do: arrays, plain objects, errors. */
function hasPlainForm(value: object, cleaner: Cleaner): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!(value instanceof Error)) return prototype === null || PLAIN.has(prototype);
  for (let each = prototype, left = MOST_OBJECTS; !ERRORS.has(each); each = Object.getPrototypeOf(each), left -= 1) {
    if (each === null || left === 0 || decidesItself(each as object, cleaner)) return false;
  }
  return true;
}

const PLAIN: ReadonlySet<unknown> = new Set([Object.prototype, Array.prototype]);

const ERRORS: ReadonlySet<unknown> = new Set(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    ({ prototype }) => prototype,
  ),
);

/** Whether a class of errors decides what is shown of it, or has fields, but for its name, that are computed or may be secret. */
function decidesItself(prototype: object, { text }: Cleaner): boolean {
  const fields = Object.getOwnPropertyDescriptors(prototype) as Record<PropertyKey, PropertyDescriptor>;
  return Reflect.ownKeys(fields).some((key) => {
    const { get, value } = fields[key] ?? {};
    if (SPEAKS.has(key) || (key !== 'name' && get !== undefined)) return true;
    const shown: unknown = key === 'constructor' && typeof value === 'function' ? value.name : value;
    return typeof shown === 'string' ? text(shown) !== shown : typeof shown === 'object' && shown !== null;
  });
}

const SPEAKS: ReadonlySet<PropertyKey> = new Set([
  'toString',
  'toJSON',
  'valueOf',
  Symbol.toPrimitive,
  Symbol.for('nodejs.util.inspect.custom'),
]);

/** What stays of an error: name, message, stack, code, and the same of its causes. */
function copied(value: unknown, cleaner: Cleaner, copies: Map<object, Error>): unknown {
  if (typeof value === 'string') return cleaner.text(value);
  if (typeof value === 'function' || typeof value === 'symbol') return LEFT_OUT;
  if (typeof value !== 'object' || value === null) return value;
  if (!(value instanceof Error)) return cleaner.plain(value);
  const before = copies.get(value);
  if (before !== undefined || copies.size >= MOST_OBJECTS) return before ?? LEFT_OUT;
  const copy = new Error(textOf(value, 'message', cleaner));
  copies.set(value, copy);
  copy.name = textOf(value, 'name', cleaner) || 'Error';
  copy.stack = textOf(value, 'stack', cleaner);
  const [code, cause, errors] = [read(value, 'code'), read(value, 'cause'), read(value, 'errors')];
  if (typeof code === 'string') Object.assign(copy, { code: cleaner.text(code) });
  if (cause !== undefined) define(copy, 'cause', copied(cause, cleaner, copies));
  if (Array.isArray(errors))
    define(
      copy,
      'errors',
      errors.slice(0, MOST_OBJECTS).map((each) => copied(each, cleaner, copies)),
    );
  return copy;
}

function textOf(error: Error, field: string, { text }: Cleaner): string {
  const value = read(error, field);
  return typeof value === 'string' ? text(value) : '';
}

function read(error: Error, field: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[field];
  } catch {
    return LEFT_OUT;
  }
}

/** As the platform has it: not enumerable. */
function define(error: Error, field: string, value: unknown): void {
  Object.defineProperty(error, field, { value, writable: true, configurable: true });
}

import { closest } from './closest.js';

/** What a value must be, in words that follow "it must be", and as a test. */
export interface Rule {
  readonly says: string;
  holds(value: unknown): boolean;
}

/** What an object may have: each field may be left out, and there is no other. */
export interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
  /** What to write for names that are none, as other libraries have them. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** What an object of any names may have: what a name must be, and each value. */
export interface Entries {
  readonly key: Rule;
  readonly each: Shape;
}

/** What a value must be. */
export type Shape = Rule | Fields | Entries;

/** What is wrong with a value that has a name. */
export interface Misfit {
  /** The path to it, such as `policy.deadlines.open`. */
  readonly name: string;
  readonly value: unknown;
  /** As a sentence that begins with the name. */
  readonly says: string;
}

/** The first misfit of a value; null if it is as it must be. `undefined` stands for a value that was left out. */
export function misfit(name: string, value: unknown, shape: Shape): Misfit | null {
  if (value === undefined) return null;
  if ('holds' in shape) return shape.holds(value) ? null : wrong(name, value, shape.says);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(name, value, 'an object');
  for (const [key, each] of Object.entries(value)) {
    const path = name === '' ? key : `${name}.${key}`;
    const found = 'fields' in shape ? ofField(path, key, each, shape) : ofEntry(path, key, each, shape);
    if (found !== null) return found;
  }
  return null;
}

function ofField(path: string, key: string, value: unknown, shape: Fields): Misfit | null {
  const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
  return field === undefined ? unknownField(path, key, shape) : misfit(path, value, field);
}

function ofEntry(path: string, key: string, value: unknown, { key: rule, each }: Entries): Misfit | null {
  if (!rule.holds(key)) return { name: path, value: key, says: `${nameOf(path)} is not named after ${rule.says}` };
  return misfit(path, value, each);
}

/** Throws what is wrong with a value: a `RangeError` for a number or a list of numbers, else a `TypeError`. */
export function demandShape(name: string, value: unknown, shape: Shape): void {
  const found = misfit(name, value, shape);
  if (found === null) return;
  throw isOfNumbers(found.value) ? new RangeError(found.says) : new TypeError(found.says);
}

/** The same for what may not be left out. */
export function demandGiven(name: string, value: unknown, shape: Shape): void {
  demandShape(name, value ?? null, shape);
}

/** Throws a `TypeError` for a name that is none of those known but much like one; any other may be known elsewhere. */
export function demandSpelled(by: string, names: readonly string[], known: readonly string[]): void {
  for (const name of names) {
    const meant = known.includes(name) ? undefined : closest(name, known);
    if (meant !== undefined) throw new TypeError(`${by} takes no ${name}: write ${meant}`);
  }
}

const isOfNumbers = (value: unknown): boolean =>
  typeof value === 'number' ||
  (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number'));

const WITH = 'an object with ';

function wrong(name: string, value: unknown, mustBe: string): Misfit {
  const called = typeof value === 'function' && mustBe.startsWith(WITH) ? ', perhaps what it returns' : '';
  return {
    name,
    value,
    says: `${name === '' ? 'the argument' : name} is ${shown(value)}; it must be ${mustBe}${called}`,
  };
}

function unknownField(path: string, key: string, { fields, instead: others = {} }: Fields): Misfit {
  const known = Object.keys(fields);
  const meant = Object.hasOwn(others, key) ? others[key] : closest(key, known);
  const instead = meant === undefined ? `; there are ${known.join(', ')}` : `: write ${meant}`;
  return { name: path, value: undefined, says: `there is no option ${nameOf(path)}${instead}` };
}

const nameOf = (path: string) => (/^[\w.$-]{1,80}$/.test(path) ? path : 'of that name');

/** Shows a value where nothing secret can be in it: what looks like a word, a number, or a short list of these. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'number')
    return `${value}`;
  if (typeof value === 'string') return /^[\w -]{0,40}$/.test(value) ? `'${value}'` : 'a string';
  if (Array.isArray(value)) return value.length <= 4 ? `[${value.map(shown).join(', ')}]` : 'a list';
  return kindOf(value);
}

/** What kind of value it is, in words. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  return `${/^[aeiou]/.test(typeof value) ? 'an' : 'a'} ${typeof value}`;
}

/** Rules for what occurs everywhere. */
export const ANYTHING: Rule = { says: 'anything', holds: () => true };
export const isTrueOrFalse: Rule = { says: 'true or false', holds: (value) => typeof value === 'boolean' };
export const isText: Rule = { says: 'a string', holds: (value) => typeof value === 'string' };
export const isFileName: Rule = {
  says: 'the name of a file, as a string',
  holds: (value) => typeof value === 'string' && value !== '',
};
export const isFunction: Rule = { says: 'a function', holds: (value) => typeof value === 'function' };

/** A whole number within bounds, both included. */
export function wholeNumber(says: string, least: number, most = Number.MAX_SAFE_INTEGER): Rule {
  return { says, holds: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most };
}

/** A port to listen on; 0 is any free one. */
export const isPort: Rule = /* @__PURE__ */ wholeNumber('a whole number from 0 to 65535', 0, 65_535);

/** One of a few words. */
export function oneOf(...words: readonly string[]): Rule {
  return { says: `one of '${words.join("', '")}'`, holds: (value) => words.includes(value as string) };
}

/** An object with methods. */
export function withMethods(...names: readonly string[]): Rule {
  const says = `${WITH}${names.map((name) => `${name}()`).join(', ')}`;
  const hasAll = (value: object) =>
    names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return { says, holds: (value) => isObject(value) && hasAll(value) };
}

/** A list whose entries all keep a rule. */
export function listOf({ says, holds }: Rule): Rule {
  return { says: `a list, each entry ${says}`, holds: (value) => Array.isArray(value) && value.every(holds) };
}

/** A chart, as XState makes it. */
export const isChart: Rule = {
  says: 'a chart, such as shardMachine or what createMachine returns',
  holds: (value) => isObject(value) && 'root' in value && 'transition' in value,
};

/** What can be gone through, and is no text. */
export function entriesOf(says: string): Rule {
  return { says, holds: (value) => isObject(value) && Symbol.iterator in value };
}

export const isNumber: Rule = { says: 'a number', holds: (value) => typeof value === 'number' };

/** An object that is no list. */
export const isPlainObject: Rule = {
  says: 'an object',
  holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** An object or a function. */
export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

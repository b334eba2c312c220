import { COMMANDS, type Command, type CommandOpcode, type Field, type FieldType } from './commands.js';
import { Opcode } from './opcodes.js';

/**
 * What is wrong with the `d` of a command, as "Send Events" has it: a sentence that begins with the field; null if nothing
 * is. Fields that the documentation does not know are passed over.
 */
export function problemOfCommand(op: CommandOpcode, data: unknown): string | null {
  if (!Object.hasOwn(COMMANDS, op)) return `opcode ${op} is none of the documented commands`;
  const { name, fields }: Command = COMMANDS[op];
  if (fields === null) return null;
  if (!isRecord(data)) return `${name} is ${kindOf(data)}; it must be an object`;
  return problemOfFields('', data, fields);
}

/**
 * The same for one that has arrived. Some clients write ids as numbers, and presences with fields that are left out, null or
 * an empty status; Discord reads that.
 */
export function problemOfArrived(op: CommandOpcode, data: unknown): string | null {
  if (!isRecord(data)) return problemOfCommand(op, data);
  return problemOfCommand(
    op,
    op === Opcode.PresenceUpdate ? wholePresence(data) : withTextIds(data, COMMANDS[op]?.fields ?? null),
  );
}

function wholePresence(data: Readonly<Record<string, unknown>>): object {
  const told = Object.entries(data).filter(([, value]) => value !== null && value !== '');
  return { since: null, activities: [], status: 'online', afk: false, ...Object.fromEntries(told) };
}

function withTextIds(data: Readonly<Record<string, unknown>>, fields: Command['fields']): object {
  const asText = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(asText);
    return typeof value === 'number' && Number.isInteger(value) ? `${value}` : value;
  };
  const isId = (name: string) => fields?.[name]?.type.some((type) => type.startsWith('snowflake')) ?? false;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, isId(name) ? asText(value) : value]));
}

/** What is wrong with a presence, in Identify or by itself ("Update Presence"). */
export function problemOfPresence(presence: unknown): string | null {
  return problemOfCommand(3, presence);
}

function problemOfFields(
  path: string,
  data: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Field>>,
): string | null {
  for (const [name, field] of Object.entries(fields)) {
    const problem = problemOfField(path + name, data[name], field, data);
    if (problem !== null) return problem;
  }
  return null;
}

function problemOfField(
  name: string,
  value: unknown,
  field: Field,
  data: Readonly<Record<string, unknown>>,
): string | null {
  if (value === undefined || (value === null && field.required === false)) return absent(name, field, data);
  const type = field.type.find((each) => isOf(each, value));
  if (type === undefined) return `${name} is ${kindOf(value)}; it must be ${wanted(field)}`;
  const entries = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && type === 'integer[]' && field.items !== undefined && value.length !== field.items) {
    return `${name} has ${value.length} entries; it must have ${field.items}`;
  }
  if (Array.isArray(value) && field.items !== undefined && value.length > field.items) {
    return `${name} has ${value.length} entries; there may be ${field.items}`;
  }
  for (const [i, entry] of entries.entries()) {
    const problem = problemOfEntry(Array.isArray(value) ? `${name}[${i}]` : name, entry, field);
    if (problem !== null) return problem;
  }
  return null;
}

function problemOfEntry(name: string, value: unknown, { least, most, bytes, values, fields }: Field): string | null {
  if (typeof value === 'number' && value < (least ?? value)) return `${name} is ${value}; the least is ${least}`;
  if (typeof value === 'number' && value > (most ?? value)) return `${name} is ${value}; the most is ${most}`;
  if (typeof value === 'string' && bytes !== undefined && bytesOf(value) > bytes) {
    return `${name} has ${bytesOf(value)} bytes; there may be ${bytes}`;
  }
  if (typeof value === 'string' && values !== undefined && !values.includes(value)) {
    return `${name} is ${kindOf(value)}; it must be one of ${values.join(', ')}`;
  }
  return fields === undefined || !isRecord(value) ? null : problemOfFields(`${name}.`, value, fields);
}

function absent(name: string, { required }: Field, data: Readonly<Record<string, unknown>>): string | null {
  if (required === false) return null;
  if (required === true) return `${name} is missing`;
  if ('with' in required)
    return data[required.with] === undefined ? null : `${name} is missing beside ${required.with}`;
  return data[required.unless] === undefined ? `${name} or ${required.unless} is missing` : null;
}

/** What each type is, in a test and in words. A snowflake as a number would have lost its last digits. */
const TYPES: Readonly<Record<FieldType, readonly [holds: (value: unknown) => boolean, says: string]>> = {
  string: [(value) => typeof value === 'string', 'a string'],
  integer: [(value) => Number.isSafeInteger(value), 'a whole number'],
  boolean: [(value) => typeof value === 'boolean', 'true or false'],
  object: [(value) => isRecord(value), 'an object'],
  snowflake: [(value) => typeof value === 'string' && /^\d{1,20}$/.test(value), 'an id as a string of digits'],
  null: [(value) => value === null, 'null'],
  'string[]': [listOf('string'), 'a list of strings'],
  'integer[]': [listOf('integer'), 'a list of whole numbers'],
  'object[]': [listOf('object'), 'a list of objects'],
  'snowflake[]': [listOf('snowflake'), 'a list of ids as strings of digits'],
};

function listOf(type: 'string' | 'integer' | 'object' | 'snowflake') {
  return (value: unknown): boolean => Array.isArray(value) && value.every((entry) => isOf(type, entry));
}

function isOf(type: FieldType, value: unknown): boolean {
  const [holds] = TYPES[type];
  return holds(value);
}

const wanted = ({ type, values }: Field) =>
  values === undefined ? type.map((each) => TYPES[each][1]).join(' or ') : `one of ${values.join(', ')}`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const utf8 = new TextEncoder();
const bytesOf = (text: string) => utf8.encode(text).byteLength;

/** A value in words, or itself where it is a word. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return value === null ? 'null' : 'missing';
  if (typeof value === 'string') return /^[\w -]{0,40}$/.test(value) ? `"${value}"` : 'a string';
  if (typeof value === 'number') return `the number ${value}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

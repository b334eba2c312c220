/** The payloads that a client sends, as JSON Schema, from the documented table of commands. */
import { COMMANDS, type CommandOpcode, type Field, type FieldType } from '../../machines/index.js';
import type { JsonSchema } from './schema.js';

const SNOWFLAKE: JsonSchema = { type: 'string', pattern: '^[0-9]{1,20}$' };

/** What `d` of a command holds. */
export function commandSchema(op: CommandOpcode): JsonSchema {
  const { fields } = COMMANDS[op] as { readonly fields: Readonly<Record<string, Field>> | null };
  return fields === null ? { type: ['integer', 'null'], description: 'the last sequence received' } : objectOf(fields);
}

function objectOf(fields: Readonly<Record<string, Field>>): JsonSchema {
  const entries = Object.entries(fields);
  const required = entries.filter(([, field]) => field.required === true).map(([name]) => name);
  const unless = entries.flatMap(([name, { required: how }]) =>
    typeof how === 'object' && 'unless' in how ? [{ anyOf: [{ required: [name] }, { required: [how.unless] }] }] : [],
  );
  const together = entries.flatMap(([name, { required: how }]) =>
    typeof how === 'object' && 'with' in how ? [[how.with, [name]] as const] : [],
  );
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, fieldSchema(field)])),
    ...(required.length > 0 ? { required } : {}),
    ...(unless.length > 0 ? { allOf: unless } : {}),
    ...(together.length > 0 ? { dependencies: Object.fromEntries(together) } : {}),
  };
}

function fieldSchema(field: Field): JsonSchema {
  const kinds = field.type.map((type) => typed(type, field));
  const [only, ...more] = kinds;
  const schema = only !== undefined && more.length === 0 ? only : { anyOf: kinds };
  return {
    ...schema,
    ...(field.default === undefined ? {} : { default: field.default }),
    ...notesOf(field),
  };
}

/** What JSON Schema has no keyword for. */
function notesOf({ bytes, bits }: Field): JsonSchema {
  if (bytes !== undefined) return { description: `at most ${bytes} bytes of UTF-8` };
  if (bits === undefined) return {};
  const names = Object.entries(bits).map(([name, value]) => `${name} ${value}`);
  return { description: `bits: ${names.join(', ')}` };
}

function typed(type: FieldType, { least, most, bytes, items, values, fields }: Field): JsonSchema {
  if (type.endsWith('[]')) return listOf(type.slice(0, -2) as FieldType, { items, values, fields });
  if (type === 'object') return objectOf(fields ?? {});
  if (type === 'snowflake') return SNOWFLAKE;
  return {
    type,
    ...(type === 'integer' && least !== undefined ? { minimum: least } : {}),
    ...(type === 'integer' && most !== undefined ? { maximum: most } : {}),
    ...(type === 'string' && bytes !== undefined ? { maxLength: bytes } : {}), // a character has a byte at least
    ...(type === 'string' && values !== undefined ? { enum: values } : {}),
  };
}

/** A list, or of integers a tuple. */
function listOf(
  type: FieldType,
  { items, values, fields }: { [K in 'items' | 'values' | 'fields']: Field[K] },
): JsonSchema {
  const each = type === 'object' ? objectOf(fields ?? {}) : type === 'snowflake' ? SNOWFLAKE : { type };
  const isTuple = type === 'integer';
  return {
    type: 'array',
    items: { ...each, ...(values === undefined ? {} : { enum: values }) },
    ...(items === undefined ? {} : { maxItems: items }),
    ...(items !== undefined && isTuple ? { minItems: items } : {}),
  };
}

/**
 * Makes vectors/payloads.schema.json: the payload of each dispatch as JSON Schema (draft-07), from the types of
 * discord-api-types that `DispatchEvents` names. Part of `npm run generate`.
 */
import { createGenerator } from 'ts-json-schema-generator';
import { type DispatchEventName, EVENTS } from '../machines/protocol/events.js';
import type { JsonSchema } from '../src/spec/schema.js';

/** What a type cannot say of an event: other payloads that it has. */
const ALSO: { readonly [K in DispatchEventName]?: string } = {
  GUILD_CREATE: 'APIUnavailableGuild', // as READY announces guilds
};

/** The file as text. */
export function payloadsSchema(): string {
  const made = createGenerator({
    path: 'machines/protocol/events.ts',
    tsconfig: 'tsconfig.json',
    type: 'DispatchEvents',
    skipTypeCheck: true,
    additionalProperties: true, // Discord adds fields without notice
    jsDoc: 'none',
    topRef: false,
  }).createSchema('DispatchEvents');
  const names = namesFor(Object.keys(made.definitions ?? {}));
  const { definitions, properties } = withNames(made, names) as { [K in 'definitions' | 'properties']: JsonSchema };
  const file = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Payloads of the Discord Gateway',
    description: 'What `d` of each dispatch holds, by its name, made from discord-api-types.',
    type: 'object',
    properties: Object.fromEntries(
      Object.keys(EVENTS).map((name) => {
        const also = ALSO[name as DispatchEventName];
        const own = (properties as Record<string, JsonSchema>)[name] ?? {};
        return [name, also === undefined ? own : { anyOf: [own, { $ref: `#/definitions/${also}` }] }];
      }),
    ),
    definitions: Object.fromEntries(
      Object.entries(definitions as Record<string, JsonSchema>).map(([name, each]) => [name, withBits(name, each)]),
    ),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Flags are any of their bits together, and not one of them, as the type of their names has it. */
function withBits(name: string, schema: JsonSchema): JsonSchema {
  const { enum: bits } = schema as { readonly enum?: readonly number[] };
  return !name.endsWith('Flags') || bits === undefined
    ? schema
    : { type: 'integer', minimum: 0, description: `bits: ${bits.join(', ')}` };
}

/** Names that may stand in a reference, for those that the generator makes of types with parameters. */
function namesFor(given: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    given.map((name) => {
      const plain = name.replace(/<.*$/s, '').replace(/[^A-Za-z0-9_]/g, '_');
      let unique = plain;
      for (let i = 2; taken.has(unique); i += 1) unique = `${plain}_${i}`;
      taken.add(unique);
      return [name, unique];
    }),
  );
}

/** The same with these names, and without lists of no value at all, which the generator makes of enumerations that overlap. */
function withNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => withNames(each, names));
  if (typeof value !== 'object' || value === null) return value;
  const isPossible = ([key, each]: readonly [string, unknown]) =>
    key !== 'enum' || (each as readonly unknown[]).length > 0;
  return Object.fromEntries(
    Object.entries(value)
      .filter(isPossible)
      .map(([key, each]) => {
        if (key === '$ref') return [key, `#/definitions/${names.get(decodeURIComponent(String(each).slice(14)))}`];
        if (key === 'definitions') {
          const entries = Object.entries(each as object).map(([name, one]) => [names.get(name), withNames(one, names)]);
          return [key, Object.fromEntries(entries)];
        }
        return [key, withNames(each, names)];
      }),
  );
}

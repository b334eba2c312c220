/** The specification as documents for machines: JSON Schema, and AsyncAPI. Plain data; nothing of them is written by hand twice. */
import { API_VERSIONS, CLIENT_CLOSE_CODES, CLOSE_CODES, INTENTS } from '../../machines/index.js';
import { type MessageKind, messages } from './messages.js';
import type { JsonSchema, PayloadsSchema } from './schema.js';

/** The formats there are, and what each is. */
export const FORMATS = {
  asyncapi: 'AsyncAPI 3.1: the Gateway as a channel, every message in both directions, and their schemas',
  'json-schema': 'JSON Schema (draft-07) of every message, with those of each direction apart',
} as const;
export type SpecFormat = keyof typeof FORMATS;

/** What a document is made of. */
export interface SpecOptions {
  readonly payloads: PayloadsSchema;
  /** Of gatechart, for the document to name. */
  readonly version: string;
}

const TITLE = 'Discord Gateway';
const SAYS =
  'The payloads of the Discord Gateway, version 10, as JSON. Made by gatechart from the documented tables and from ' +
  'discord-api-types; not by Discord.';

/** A document in one of the formats. */
export function specification(format: SpecFormat, options: SpecOptions): JsonSchema {
  return format === 'asyncapi' ? asyncApi(options) : jsonSchema(options);
}

function jsonSchema({ payloads, version }: SpecOptions): JsonSchema {
  const all = messages(payloads);
  const of = (by: MessageKind['by']) => ({
    oneOf: all.filter((each) => each.by === by).map(({ name }) => ({ $ref: `#/definitions/${name}` })),
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `https://gatechart.invalid/${version}/gateway.schema.json`,
    title: TITLE,
    description: SAYS,
    anyOf: [{ $ref: '#/definitions/sent' }, { $ref: '#/definitions/received' }],
    definitions: {
      sent: { description: 'What a client sends.', ...of('client') },
      received: { description: 'What the Gateway sends.', ...of('gateway') },
      ...Object.fromEntries(
        all.map(({ name, title, says, schema }) => [name, { title, description: says, ...schema }]),
      ),
      ...payloads.definitions,
    },
  };
}

function asyncApi({ payloads, version }: SpecOptions): JsonSchema {
  const all = messages(payloads);
  const inChannel = ({ name }: MessageKind) => ({ $ref: `#/channels/gateway/messages/${name}` });
  const operation = (by: MessageKind['by'], action: 'send' | 'receive', summary: string) => ({
    action,
    channel: { $ref: '#/channels/gateway' },
    summary,
    messages: all.filter((each) => each.by === by).map(inChannel),
  });
  return {
    asyncapi: '3.1.0',
    id: 'urn:discord:gateway',
    info: {
      title: TITLE,
      version: '10',
      description: `${SAYS}\n\n${closeCodes()}\n\n${intents()}`,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
      tags: [{ name: 'discord' }, { name: 'gateway' }],
      'x-gatechart': version,
    },
    defaultContentType: 'application/json',
    servers: {
      gateway: {
        host: 'gateway.discord.gg',
        protocol: 'wss',
        description: 'The main URL, which Get Gateway Bot tells. A session is resumed at the one that READY names.',
        tags: [{ name: 'production' }],
      },
    },
    channels: {
      gateway: {
        address: '/',
        description: 'One connection of one shard.',
        servers: [{ $ref: '#/servers/gateway' }],
        messages: Object.fromEntries(all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET', query: QUERY, bindingVersion: '0.1.0' } },
      },
    },
    operations: {
      send: operation('client', 'send', 'What a client sends.'),
      receive: operation('gateway', 'receive', 'What the Gateway sends.'),
    },
    components: {
      messages: Object.fromEntries(
        all.map(({ name, title, says, schema }) => [
          name,
          { name, title, summary: says, contentType: 'application/json', payload: inComponents(schema) },
        ]),
      ),
      schemas: inComponents(payloads.definitions),
    },
  };
}

/** The query of the Gateway URL ("Gateway URL Params"). */
const QUERY: JsonSchema = {
  type: 'object',
  properties: {
    v: { type: 'integer', enum: versions() },
    encoding: { type: 'string', enum: ['json', 'etf'] },
    compress: { type: 'string', enum: ['zlib-stream', 'zstd-stream'] },
  },
  required: ['v', 'encoding'],
};

function versions(): readonly number[] {
  return Object.entries(API_VERSIONS).flatMap(([version, status]) => (status === 'available' ? [Number(version)] : []));
}

/** The same with references into `components`. */
function inComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inComponents);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === '$ref'
        ? [key, String(each).replace('#/definitions/', '#/components/schemas/')]
        : [key, inComponents(each)],
    ),
  );
}

function closeCodes(): string {
  const rows = Object.entries(CLOSE_CODES).map(
    ([code, { name, recovery, says }]) => `| ${code} | ${name} | ${recovery} | ${says} |`,
  );
  const ours = Object.entries(CLIENT_CLOSE_CODES).map(
    ([code, { session, says }]) => `| ${code} | the session ${session} | ${says} |`,
  );
  return [
    '## Close codes of the Gateway',
    '',
    '| code | name | then | |',
    '| - | - | - | - |',
    ...rows,
    '',
    '## Close codes of a client',
    '',
    '| code | | for |',
    '| - | - | - |',
    ...ours,
  ].join('\n');
}

function intents(): string {
  const rows = Object.entries(INTENTS).map(([name, { bit }]) => `| ${name} | 1 << ${bit} |`);
  return ['## Intents', '', '| intent | bit |', '| - | - |', ...rows].join('\n');
}

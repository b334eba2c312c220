/** The documents on what really crosses the wire, both ways, and what they say of what should not. */
import { Ajv, type ValidateFunction } from 'ajv';
import { beforeAll, expect, it } from 'vitest';
import { createShard, Opcode } from '../../src/index.js';
import { type LogEntry, startSimulator } from '../../src/simulator/index.js';
import { specification } from '../../src/spec/documents.js';
import { payloads } from '../../src/spec/payloads.js';
import { until } from '../support/leftovers.js';

let sent: ValidateFunction;
const byName = new Map<string, ValidateFunction>();

beforeAll(() => {
  const ajv = new Ajv({ strict: false });
  ajv.addSchema(specification('json-schema', { payloads: payloads(), version: '0.0.0' }), 'gateway');
  const schemaOf = (name: string) => ajv.getSchema(`gateway#/definitions/${name}`) as ValidateFunction;
  sent = schemaOf('sent');
  for (const name of Object.keys(payloads().properties)) byName.set(name, schemaOf(name));
  for (const name of ['Hello', 'HeartbeatACK', 'Heartbeat', 'Reconnect', 'InvalidSession'])
    byName.set(name, schemaOf(`${name}Received`));
});

const NAMES: Readonly<Record<number, string>> = {
  [Opcode.Hello]: 'Hello',
  [Opcode.HeartbeatAck]: 'HeartbeatACK',
  [Opcode.Heartbeat]: 'Heartbeat',
  [Opcode.Reconnect]: 'Reconnect',
  [Opcode.InvalidSession]: 'InvalidSession',
};

/** What is wrong with a message, if anything. */
function problemOf({ direction, payload }: LogEntry): string | null {
  const { op, t } = payload as { op: number; t?: string };
  const validate = direction === 'client' ? sent : byName.get(t ?? NAMES[op] ?? '');
  if (validate === undefined) return `there is no schema for op ${op} ${t}`;
  return validate(payload) ? null : `${t ?? `op ${op}`}: ${JSON.stringify(validate.errors?.slice(0, 3))}`;
}

function firstGuild(entries: readonly LogEntry[]): string {
  const payloads = entries.map(({ payload }) => payload as { t?: string; d: { id: string } } | undefined);
  return payloads.find((payload) => payload?.t === 'GUILD_CREATE')?.d.id ?? '';
}

it('every message of a session that goes wrong fits the schema of its kind', async () => {
  const simulator = await startSimulator({
    heartbeatInterval: 500,
    dispatchesPerSecond: 200,
    log: 100_000,
    guilds: 3,
  });
  const shard = createShard({ token: 'a.b.c', restUrl: simulator.restUrl, intents: 0x1ffff & ~0xf000 });
  try {
    await shard.start();
    const guild_id = firstGuild(simulator.log.entries);
    await shard.send(Opcode.PresenceUpdate, { status: 'idle', activities: [{ name: 'x', type: 0 }] });
    await shard.send(Opcode.VoiceStateUpdate, { guild_id, channel_id: null, self_mute: true, self_deaf: false });
    await shard.requestGuildMembers({ guild_id, query: '', limit: 0, presences: true });
    await shard.requestSoundboardSounds({ guild_ids: [guild_id] });
    await shard.requestChannelInfo({ guild_id, fields: ['status'] });
    for (const order of ['requestHeartbeat', 'requestReconnect', 'dropTcp'] as const) {
      const before = simulator.log.last;
      simulator.control[order]();
      await until(async () => shard.isReady && simulator.log.last > before + 200);
    }
    await shard.stop();
  } finally {
    await shard.stop();
    await simulator.close();
  }
  const messages = simulator.log.entries.filter(({ kind }) => kind === 'text');
  const problems = messages.map(problemOf).filter((problem) => problem !== null);
  expect([...new Set(problems)].slice(0, 5)).toEqual([]);
  const kinds = new Set(messages.map(({ direction, payload }) => `${direction} ${(payload as { op: number }).op}`));
  expect(kinds.size).toBeGreaterThan(9);
}, 60_000);

import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, shardAbstraction, shardMachine, stateName } from '../../machines/index.js';
import { verdict } from '../../src/conformance/rules.js';
import { explore } from '../../src/exploring/graph.js';
import { pathTo } from '../../src/exploring/paths.js';
import { Puppet } from '../support/puppet.js';

/** Frames that no client should have to read, by what is wrong with them. None of them may change anything. */
const GARBAGE: Record<string, string | Uint8Array> = {
  'not JSON': 'ceci n’est pas du JSON',
  'half of a message': '{"op":0,"t":"MESSAGE_CREATE","s":7,"d":{',
  empty: '',
  'a space': ' ',
  null: 'null',
  true: 'true',
  'an array': '[]',
  'an array with a message': '[{"op":11}]',
  'a number': '11',
  'a string': '"op"',
  'an empty object': '{}',
  'no op': '{"t":"MESSAGE_CREATE","s":9,"d":{}}',
  'op null': '{"op":null,"d":null}',
  'op as text': '{"op":"11"}',
  'op with a fraction': '{"op":0.5}',
  'op beyond all numbers': '{"op":1e999}',
  'unknown op': '{"op":99,"d":null}',
  'negative op': '{"op":-1}',
  'an op that only clients send': '{"op":2,"d":{"token":"x"}}',
  'dispatch without s': '{"op":0,"t":"MESSAGE_CREATE","d":{}}',
  'dispatch with s null': '{"op":0,"t":"MESSAGE_CREATE","s":null,"d":{}}',
  'dispatch with s as text': '{"op":0,"t":"MESSAGE_CREATE","s":"8","d":{}}',
  'dispatch with negative s': '{"op":0,"t":"MESSAGE_CREATE","s":-5,"d":{}}',
  'dispatch with s beyond all numbers': '{"op":0,"t":"MESSAGE_CREATE","s":1e300,"d":{}}',
  'dispatch without t': '{"op":0,"s":8,"d":{}}',
  'dispatch with t null': '{"op":0,"s":8,"t":null,"d":{}}',
  'dispatch with empty t': '{"op":0,"s":8,"t":"","d":{}}',
  'dispatch without d': '{"op":0,"s":8,"t":"MESSAGE_CREATE"}',
  'READY without d': '{"op":0,"s":1,"t":"READY"}',
  'READY with d null': '{"op":0,"s":1,"t":"READY","d":null}',
  'READY with an array': '{"op":0,"s":1,"t":"READY","d":[]}',
  'Hello without d': '{"op":10}',
  'Hello without an interval': '{"op":10,"d":{}}',
  'Hello with interval null': '{"op":10,"d":{"heartbeat_interval":null}}',
  'Hello with interval 0': '{"op":10,"d":{"heartbeat_interval":0}}',
  'Hello with interval 1': '{"op":10,"d":{"heartbeat_interval":1}}',
  'Hello with a negative interval': '{"op":10,"d":{"heartbeat_interval":-41250}}',
  'Hello with an interval as text': '{"op":10,"d":{"heartbeat_interval":"41250"}}',
  'Hello with an endless interval': '{"op":10,"d":{"heartbeat_interval":1e999}}',
  'Hello with an interval that no timer can hold': '{"op":10,"d":{"heartbeat_interval":1000000000000}}',
  'prototype pollution': '{"__proto__":{"op":7},"constructor":{"op":9}}',
  'binary zeros': new Uint8Array(16),
  'binary JSON on a text connection': new TextEncoder().encode('{"op":7,"d":null}'),
  'no UTF-8': Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d),
};

const graph = explore(shardMachine, { ...shardAbstraction, roots: { documented: { policy: DEFAULT_POLICY } } });
const open = [...graph.nodes.values()].filter(({ snapshot }) => snapshot.matches({ running: 'connection' }));

describe.each(Object.entries(GARBAGE))('%s', (_, data) => {
  it('changes nothing in any state: not the state, not the session, not the timers, and nothing is sent', async () => {
    for (const node of open) {
      const puppet = await at(node);
      const before = sight(puppet);
      puppet.say(data, typeof data !== 'string');
      puppet.say(data, typeof data !== 'string');
      // While reading on after a missed ACK, any message restarts the short silence: the same timers, anew.
      expect(sight(puppet), node.key).toEqual(before);
      expect(verdict(puppet.scene, { timed: false }), node.key).toEqual([]);
      puppet.stop();
    }
  });
});

describe('messages that lack something, and still mean something', () => {
  const everyOpenState = open.filter((node) => stateName(node.snapshot.value).includes('.open('));

  it('op 9 without d is an Invalid Session that promises nothing', async () => {
    for (const node of everyOpenState) {
      const puppet = await at(node);
      puppet.say('{"op":9}');
      expect(stateName(puppet.actor.getSnapshot().value), node.key).toBe('running.connection.closing.reconnecting');
      expect(puppet.actor.getSnapshot().context.session, node.key).toBeNull();
      puppet.stop();
    }
  });

  it.each(['{"op":11}', '{"op":11,"d":null,"s":null,"t":null}', '{"op":11,"s":99,"d":{}}'])(
    'an ACK is an ACK, with or without the rest: %s',
    async (ack) => {
      const puppet = await run([
        'start',
        'located',
        'opened',
        'hello',
        'permitGranted',
        'ready',
        'timer.firstHeartbeat',
      ]);
      puppet.say(ack);
      expect(stateName(puppet.actor.getSnapshot().value)).toContain('heartbeat.beating.acked');
      expect(puppet.actor.getSnapshot().context.sequence).toBe(1);
    },
  );

  it('takes a first dispatch with s 0 as a sequence, and resumes from it', async () => {
    const puppet = await run(['start', 'located', 'opened', 'hello', 'permitGranted']);
    puppet.say('{"op":0,"s":0,"t":"READY","d":{"session_id":"zero","resume_gateway_url":"wss://x.discord.gg"}}');
    expect(puppet.actor.getSnapshot().context).toMatchObject({ sequence: 0, session: { id: 'zero' } });
    for (const event of ['closed', 'timer.reconnect', 'opened', 'hello'] as const)
      await puppet.pull(eventNamed(puppet, event));
    expect(puppet.scene.connections[1]?.entries.at(-1)?.payload).toMatchObject({ op: 6, d: { seq: 0 } });
  });

  it('hands on a dispatch of an unknown name, and one whose d is an array', async () => {
    const puppet = await run(['start', 'located', 'opened', 'hello', 'permitGranted', 'ready']);
    puppet.say('{"op":0,"s":2,"t":"NEVER_HEARD_OF","d":{}}');
    puppet.say('{"op":0,"s":3,"t":"PRESENCES_REPLACE","d":[]}');
    expect(puppet.dispatched).toEqual([1, 2, 3]);
  });

  it('does not let a flood of garbage pass for an ACK, nor keep a dead connection for longer than an interval', async () => {
    const puppet = await run([
      'start',
      'located',
      'opened',
      'hello',
      'permitGranted',
      'ready',
      'timer.firstHeartbeat',
      'timer.heartbeat',
    ]);
    for (let i = 0; i < 1_000; i += 1) puppet.say('}');
    expect(stateName(puppet.actor.getSnapshot().value)).toContain('overdue');
    await puppet.pull({ type: 'timer.overdue' });
    expect(stateName(puppet.actor.getSnapshot().value)).toBe('running.connection.closing.reconnecting');
  });

  it('takes READY without a session id, says so, and identifies next time', async () => {
    const puppet = await run(['start', 'located', 'opened', 'hello', 'permitGranted']);
    puppet.say('{"op":0,"s":1,"t":"READY","d":{"resume_gateway_url":"wss://x.discord.gg"}}');
    puppet.say('{"op":0,"s":2,"t":"GUILD_CREATE","d":{}}');
    expect(puppet.dispatched).toEqual([1, 2]);
    expect(puppet.warnings).toEqual(['READY came without a session id: this session cannot be resumed']);
    for (const event of ['closed', 'timer.reconnect', 'opened', 'hello'] as const)
      await puppet.pull(eventNamed(puppet, event));
    expect(stateName(puppet.actor.getSnapshot().value)).toContain('queuedForIdentify');
  });

  it.each([
    undefined,
    null,
    7,
    '',
    'not a URL',
    'https://gateway.discord.gg',
    'ws://gateway.discord.gg',
    'wss://discord.gg.evil.com',
    'wss://evil.com',
    'wss://user:pass@gateway.discord.gg',
  ])('resumes at the main URL when the resume URL is %s', async (url) => {
    const puppet = await run(['start', 'located', 'opened', 'hello', 'permitGranted']);
    puppet.say(JSON.stringify({ op: 0, s: 1, t: 'READY', d: { session_id: 'kept', resume_gateway_url: url } }));
    expect(puppet.actor.getSnapshot().context.session).toEqual({ id: 'kept', url: null });
    expect(puppet.warnings).toHaveLength(1);
  });
});

async function at(node: (typeof open)[number]): Promise<Puppet> {
  const puppet = new Puppet();
  for (const { event } of pathTo(node)) await puppet.pull(event);
  return puppet;
}

async function run(events: readonly string[]): Promise<Puppet> {
  const puppet = new Puppet();
  for (const event of events) await puppet.pull(eventNamed(puppet, event));
  return puppet;
}

function eventNamed(puppet: Puppet, type: string) {
  const alphabet = shardAbstraction.alphabet(puppet.actor.getSnapshot());
  const event =
    type === 'closed'
      ? alphabet.find((each) => shardAbstraction.label(each) === 'closed (1006)')
      : alphabet.find((each) => each.type === type);
  if (event === undefined) throw new Error(`the alphabet has no ${type}`);
  return event;
}

function sight(puppet: Puppet) {
  const snapshot = puppet.actor.getSnapshot();
  const { session, sequence, heartbeatInterval } = snapshot.context;
  return {
    state: stateName(snapshot.value),
    session,
    sequence,
    heartbeatInterval,
    sent: puppet.sent,
    running: puppet.running,
    dispatched: puppet.dispatched,
  };
}

import { describe, expect, it } from 'vitest';
import * as payloads from '../../src/simulator/payloads.js';
import { BOT } from '../../src/simulator/world.js';

describe('payloads without a sequence', () => {
  it.each([
    ['Hello', payloads.hello(41_250), '{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}'],
    ['a request for a heartbeat', payloads.heartbeatRequest(), '{"t":null,"s":null,"op":1,"d":null}'],
    ['a Heartbeat ACK', payloads.heartbeatAck(), '{"t":null,"s":null,"op":11,"d":null}'],
    ['Reconnect', payloads.reconnect(), '{"t":null,"s":null,"op":7,"d":null}'],
    ['Invalid Session', payloads.invalidSession(false), '{"t":null,"s":null,"op":9,"d":false}'],
    ['Invalid Session to resume', payloads.invalidSession(true), '{"t":null,"s":null,"op":9,"d":true}'],
  ])('%s has null as its t and s, in the order in which Discord sends its keys', (_, payload, json) => {
    expect(JSON.stringify(payload)).toBe(json);
  });
});

describe('dispatch', () => {
  it('has the keys t, s, op and d in the order in which Discord sends them', () => {
    const payload = payloads.dispatch({ sequence: 3, name: 'MESSAGE_CREATE', data: { id: '5' } });
    expect(JSON.stringify(payload)).toBe('{"t":"MESSAGE_CREATE","s":3,"op":0,"d":{"id":"5"}}');
  });

  it('has no d without data, as in JSON', () => {
    expect(Object.keys(payloads.dispatch({ sequence: 3, name: 'A', data: undefined }))).toEqual(['t', 's', 'op']);
  });
});

describe('readyData', () => {
  const facts = {
    sessionId: 'S1',
    resumeUrl: 'wss://gateway-us-east1-b.discord.gg',
    shard: [0, 2] as const,
    guilds: ['41771983423143937', '41771983423143938'],
    version: 10,
  };
  it('names the session, the guilds as unavailable, the bot and its application', () => {
    expect(payloads.readyData(facts)).toMatchObject({
      v: 10,
      user: BOT,
      guilds: [
        { id: '41771983423143937', unavailable: true },
        { id: '41771983423143938', unavailable: true },
      ],
      session_id: 'S1',
      resume_gateway_url: 'wss://gateway-us-east1-b.discord.gg',
      shard: [0, 2],
      application: { id: '80351110224678912', flags: 0, flags_new: '0' },
    });
  });

  it('has no shard where Identify named none, and no guilds where there are none', () => {
    const data = payloads.readyData({ ...facts, shard: null, guilds: [] });
    expect([Object.keys(data).includes('shard'), data.guilds]).toEqual([false, []]);
  });

  it('has the lists that some clients read, though they are not documented', () => {
    const { private_channels, presences, relationships, user_settings } = payloads.readyData(facts);
    expect([private_channels, presences, relationships, user_settings]).toEqual([[], [], [], {}]);
  });
});

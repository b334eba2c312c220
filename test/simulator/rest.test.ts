import { describe, expect, it } from 'vitest';
import { simulatedClock } from '../../src/ports/clock.js';
import { Gateway } from '../../src/simulator/gateway.js';
import type { GatewayOptions } from '../../src/simulator/options.js';
import { errorOf, restReply } from '../../src/simulator/rest.js';
import {
  application,
  BOT,
  BOT_ID,
  botMember,
  channelsOf,
  guildOf,
  guildsOf,
  membersOf,
  rolesOf,
} from '../../src/simulator/world.js';

const URL = 'ws://127.0.0.1:4747';
const [GUILD = '', ...OTHERS] = guildsOf([0, 1], 3);

function asking(options: GatewayOptions = {}) {
  const gateway = new Gateway({ token: 'T', ...options }, simulatedClock());
  const ask = async (route: string, { authorization = 'Bot T' as string | undefined, body = {} as unknown } = {}) => {
    const [method = '', target = ''] = route.split(' ');
    const [path = '', query = ''] = target.split('?');
    const { status, body: answer } = await restReply(gateway, URL, {
      method,
      path,
      query: new URLSearchParams(query),
      authorization,
      body: () => (body instanceof Error ? Promise.reject(body) : Promise.resolve(body)),
    });
    return [status, answer];
  };
  return { gateway, ask };
}

describe('what clients ask before they connect', () => {
  it.each<[string, unknown]>([
    ['GET /gateway', { url: URL }],
    ['GET /users/@me', BOT],
    [`GET /users/${BOT_ID}`, BOT],
    ['GET /oauth2/applications/@me', application(3)],
    ['GET /applications/@me', application(3)],
    [`GET /guilds/${GUILD}`, guildOf(GUILD)],
    [`GET /guilds/${GUILD}/roles`, rolesOf(GUILD)],
    [`GET /guilds/${GUILD}/channels`, channelsOf(GUILD)],
    [`GET /guilds/${GUILD}/members/@me`, botMember(GUILD)],
    [`GET /guilds/${GUILD}/members/${membersOf(GUILD)[2]?.user.id}`, membersOf(GUILD)[2]],
    [`GET /users/${membersOf(GUILD)[2]?.user.id}`, membersOf(GUILD)[2]?.user],
    ...channelsOf(GUILD).map((channel) => [`GET /channels/${channel.id}`, channel] as [string, unknown]),
  ])('is answered from the simulated world: %s', async (route, body) => {
    expect(await asking().ask(route)).toEqual([200, body]);
  });

  it('is the URL of the Gateway with its limits', async () => {
    expect(await asking({ shards: 2 }).ask('GET /gateway/bot')).toMatchObject([200, { url: URL, shards: 2 }]);
  });

  it('is which guilds the bot is in, two hundred of them at most', async () => {
    const [status, guilds] = await asking().ask('GET /users/@me/guilds');
    expect([status, guilds]).toMatchObject([
      200,
      [GUILD, ...OTHERS].map((id) => ({ id, owner: false, permissions: '8' })),
    ]);
    expect((await asking({ guilds: 1_000 }).ask('GET /users/@me/guilds'))[1]).toHaveLength(200);
    expect((await asking({ shards: 2 }).ask('GET /users/@me/guilds'))[1]).toHaveLength(6);
  });

  it.each([
    ['?limit=2', 0, 2],
    ['?limit=1000', 0, 6],
    ['', 0, 1],
    [`?limit=10&after=${membersOf(GUILD)[0]?.user.id}`, 1, 5],
    ['?limit=no', 0, 0],
    ['?limit=1&after=no', 0, 0],
  ])('is the members of a guild by id, page by page: %s', async (query, first, count) => {
    const [status, members] = await asking().ask(`GET /guilds/${GUILD}/members${query}`);
    const sorted = [...membersOf(GUILD)].sort((a, b) => Number(BigInt(a.user.id) - BigInt(b.user.id)));
    // The bot is older than the guild.
    expect([status, members]).toEqual([
      200,
      sorted.slice(query.includes('after=1') ? 2 : first, 100).slice(0, count - (query.includes('after=1') ? 1 : 0)),
    ]);
  });
});

describe('what there is not', () => {
  it.each([
    ['GET /guilds/1', 10_004, 'Unknown Guild'],
    [`GET /guilds/${OTHERS[0]}`, 10_004, 'Unknown Guild'],
    [`GET /guilds/${channelsOf(GUILD)[0].id}`, 10_004, 'Unknown Guild'],
    ['GET /guilds/1/roles', 10_004, 'Unknown Guild'],
    ['GET /channels/1', 10_003, 'Unknown Channel'],
    [`GET /channels/${GUILD}`, 10_003, 'Unknown Channel'],
    [`GET /guilds/${GUILD}/members/1`, 10_007, 'Unknown Member'],
    ['GET /users/1', 10_013, 'Unknown User'],
    ['GET /applications/1/commands', 10_002, 'Unknown Application'],
    [`PUT /applications/${BOT_ID}/guilds/1/commands`, 10_004, 'Unknown Guild'],
  ])('is unknown by the code for it: %s', async (route, code, message) => {
    expect(await asking({ guilds: 1 }).ask(route)).toEqual([404, { code, message }]);
  });

  it.each([
    'GET /nowhere',
    'DELETE /gateway',
    'POST /channels/1/messages',
    'GET /gateway/',
    'GET /guilds/me',
    'HEAD /users/@me',
  ])('is a route of which the answer says that the simulator has none: %s', async (route) => {
    const message = `404: Not Found: the simulator has no route ${route}`;
    expect(await asking().ask(route)).toEqual([404, { code: 0, message }]);
  });

  it('is named without tokens', async () => {
    const { ask } = asking({ token: 'secret' });
    expect(await ask('GET /x/secret')).toMatchObject([404, { message: expect.stringContaining('GET /x/[token]') }]);
    expect(await ask('POST /interactions/1/abc/callback')).toMatchObject([
      404,
      { message: expect.stringContaining('POST /interactions/1/[token]/callback') },
    ]);
  });
});

describe('a wrong token', () => {
  const CLOSED = ['/gateway/bot', '/users/@me', '/applications/@me', `/guilds/${GUILD}`, '/channels/1'];
  it.each(CLOSED)('is answered with 401: %s', async (path) => {
    for (const authorization of [undefined, 'T', 'Bearer T', 'Bot wrong', 'Bot ']) {
      // Undefined would be the default.
      const [status, body] = await asking().ask(`GET ${path}`, { authorization: authorization ?? '' });
      expect([status, body]).toEqual([401, { message: '401: Unauthorized', code: 0 }]);
    }
  });

  it('does not matter for the URL of the Gateway', async () => {
    expect((await asking().ask('GET /gateway', { authorization: '' }))[0]).toBe(200);
  });
});

describe('application commands', () => {
  const path = `/applications/${BOT_ID}/commands`;
  const ofGuild = `/applications/@me/guilds/${GUILD}/commands`;

  it('are listed as they were registered, global ones and those of a guild', async () => {
    const { ask } = asking();
    expect(await ask(`GET ${path}`)).toEqual([200, []]);
    expect(await ask(`PUT ${path}`, { body: [{ name: 'a' }, { name: 'b' }] })).toMatchObject([
      200,
      [{ name: 'a', application_id: BOT_ID }, { name: 'b' }],
    ]);
    expect(await ask(`POST ${ofGuild}`, { body: { name: 'c' } })).toMatchObject([201, { name: 'c', guild_id: GUILD }]);
    expect(await ask(`GET ${path}`)).toMatchObject([200, [{ name: 'a' }, { name: 'b' }]]);
    expect(await ask(`GET ${ofGuild}`)).toMatchObject([200, [{ name: 'c' }]]);
  });

  it('are forgotten with a reset', async () => {
    const { ask, gateway } = asking();
    await ask(`PUT ${path}`, { body: [{ name: 'a' }] });
    gateway.control.reset();
    expect(await ask(`GET ${path}`)).toEqual([200, []]);
  });

  it.each([
    ['PUT', { name: 'a' }, 50_035],
    ['POST', [], 50_035],
    ['PUT', new Error('no JSON'), 50_109],
  ])('are refused where they make no sense: %s', async (method, body, code) => {
    expect(await asking().ask(`${method} ${path}`, { body })).toMatchObject([400, { code }]);
  });
});

describe('errorOf', () => {
  it.each([
    [{ status: 404, body: { message: 'Unknown Guild' } }, 'Unknown Guild'],
    [{ status: 200, body: { message: 'x' } }, undefined],
    [{ status: 503 }, undefined],
    [{ status: 400, body: { message: 7 } }, undefined],
  ])('of %j is %s', (reply, message) => {
    expect(errorOf(reply)).toBe(message);
  });
});

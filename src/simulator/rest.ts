/** The part of Discord's API that clients ask before they connect and soon after: of the simulated world, read-only. */
import { BOT_PREFIX } from '../redact/token.js';
import type { Gateway } from './gateway.js';
import { bare, isRecord } from './log.js';
import { application, BOT, BOT_ID, channelsOf, guildHolding, guildOf, guildsOf, membersOf, rolesOf } from './world.js';

/** An HTTP status, and what goes with it. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to the API. */
export interface RestRequest {
  readonly method: string;
  /** Without the prefix `/api` and a version. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  /** The body, read as JSON; rejects with what is wrong with it. */
  body(): Promise<unknown>;
}

/** Answers a request to the API of a Gateway at `url`. */
export async function restReply(gateway: Gateway, url: string, request: RestRequest): Promise<Reply> {
  const { method, path } = request;
  for (const { pattern, isOpen, answer } of ROUTES) {
    const parts = pattern.exec(`${method} ${path}`);
    if (parts === null) continue;
    if (!isOpen && !isAuthorized(gateway, request)) return UNAUTHORIZED;
    const ids = parts.slice(1).map((id) => (id === '@me' ? BOT_ID : id));
    return await answer({ gateway, url, request, ids });
  }
  return problem(404, 0, `404: Not Found: the simulator has no route ${method} ${gateway.shown(path)}`);
}

/** An error as Discord writes it. */
const problem = (status: number, code: number, message: string): Reply => ({ status, body: { message, code } });
const ok = (body: unknown): Reply => ({ status: 200, body });
const UNAUTHORIZED = problem(401, 0, '401: Unauthorized');
const UNKNOWN = {
  channel: problem(404, 10_003, 'Unknown Channel'),
  guild: problem(404, 10_004, 'Unknown Guild'),
  member: problem(404, 10_007, 'Unknown Member'),
  user: problem(404, 10_013, 'Unknown User'),
  application: problem(404, 10_002, 'Unknown Application'),
};

function isAuthorized(gateway: Gateway, { authorization }: RestRequest): boolean {
  const isBot = authorization?.startsWith(BOT_PREFIX) === true && bare(authorization) !== '';
  return isBot && gateway.isRightToken(authorization);
}

interface Asked {
  readonly gateway: Gateway;
  readonly url: string;
  readonly request: RestRequest;
  /** What stands for `:id` in the path, in order; `@me` is the bot. */
  readonly ids: readonly string[];
}

interface Route {
  readonly pattern: RegExp;
  /** Whether it is answered without a token. */
  readonly isOpen: boolean;
  answer(asked: Asked): Reply | Promise<Reply>;
}

type Answer = Route['answer'];
const route = (text: string, answer: Answer, isOpen = false): Route => ({
  pattern: new RegExp(`^${text.replaceAll(':id', '(@me|\\d{1,20})')}$`),
  isOpen,
  answer,
});

/** An answer about a guild of the bot. */
const ofGuild =
  (answer: (guild: string, asked: Asked) => Reply): Answer =>
  (asked) => {
    const [id = ''] = asked.ids;
    const guild = guildHolding(id, asked.gateway.guilds);
    return guild === null || guild !== id ? UNKNOWN.guild : answer(guild, asked);
  };

/** A request that is refused by order, or else answered. */
const unlessRefused =
  (answer: Answer): Answer =>
  (asked) => {
    const refused = asked.gateway.refusesGetGateway();
    if (refused === null) return answer(asked);
    const { status, retryAfter } = refused;
    const message = `${status}: ordered to fail`;
    if (retryAfter === undefined) return { status, body: { message } };
    return { status, body: { message, retry_after: retryAfter }, headers: { 'retry-after': `${retryAfter}` } };
  };

const theApplication: Answer = ({ gateway }) => ok(application(guildsInAll(gateway).length));
const MEMBERS_OF_A_PAGE = 1_000;

const ROUTES: readonly Route[] = [
  route(
    'GET /gateway',
    unlessRefused(({ url }) => ok({ url })),
    true,
  ),
  route(
    'GET /gateway/bot',
    unlessRefused(({ gateway, url, request }) =>
      isAuthorized(gateway, request) ? ok({ url, ...gateway.getGatewayBot() }) : UNAUTHORIZED,
    ),
    true, // the order to fail comes first
  ),
  route('GET /users/@me', () => ok(BOT)),
  route('GET /users/@me/guilds', ({ gateway }) => ok(guildsInAll(gateway).map(partialGuild))),
  route('GET /users/:id', userNamed),
  route('GET /oauth2/applications/@me', theApplication),
  route('GET /applications/@me', theApplication),
  route(
    'GET /guilds/:id',
    ofGuild((guild) => ok(guildOf(guild))),
  ),
  route(
    'GET /guilds/:id/roles',
    ofGuild((guild) => ok(rolesOf(guild))),
  ),
  route(
    'GET /guilds/:id/channels',
    ofGuild((guild) => ok(channelsOf(guild))),
  ),
  route(
    'GET /guilds/:id/members',
    ofGuild((guild, { request: { query } }) => ok(pageOf(membersOf(guild), query))),
  ),
  route(
    'GET /guilds/:id/members/:id',
    ofGuild((guild, { ids: [, id] }) => {
      const member = membersOf(guild).find(({ user }) => user.id === id);
      return member === undefined ? UNKNOWN.member : ok(member);
    }),
  ),
  route('GET /channels/:id', ({ gateway, ids: [id = ''] }) => {
    const guild = guildHolding(id, gateway.guilds);
    const channel = guild === null ? undefined : channelsOf(guild).find((each) => each.id === id);
    return channel === undefined ? UNKNOWN.channel : ok(channel);
  }),
  route('(?:GET|PUT|POST) /applications/:id/commands', (asked) => commands(asked, null)),
  route('(?:GET|PUT|POST) /applications/:id/guilds/:id/commands', (asked) => {
    const [, id = ''] = asked.ids;
    return guildHolding(id, asked.gateway.guilds) === id ? commands(asked, id) : UNKNOWN.guild;
  }),
];

function userNamed({ gateway, ids: [id = ''] }: Asked): Reply {
  if (id === BOT_ID) return ok(BOT);
  const guild = guildHolding(id, gateway.guilds);
  const user = guild === null ? undefined : membersOf(guild).find((member) => member.user.id === id)?.user;
  return user === undefined ? UNKNOWN.user : ok(user);
}

async function commands({ gateway, request, ids: [application] }: Asked, guild: string | null): Promise<Reply> {
  if (application !== BOT_ID) return UNKNOWN.application;
  if (request.method === 'GET') return ok(gateway.commands.of(guild));
  let body: unknown;
  try {
    body = await request.body();
  } catch {
    return problem(400, 50_109, 'The request body contains invalid JSON.');
  }
  const isOne = request.method === 'POST';
  const answer = isOne ? gateway.commands.add(guild, body) : gateway.commands.replace(guild, body);
  if (answer === null)
    return problem(400, 50_035, `Invalid Form Body: ${isOne ? 'a command' : 'a list of commands'} with names`);
  return { status: isOne ? 201 : 200, body: answer };
}

/** The guilds of all recommended shards, as many as fit on a page. */
function guildsInAll(gateway: Gateway): readonly string[] {
  const { shards } = gateway.getGatewayBot();
  const count = gateway.guilds ?? 3 * shards;
  return guildsOf([0, 1], Math.min(count, GUILDS_OF_A_PAGE));
}

const GUILDS_OF_A_PAGE = 200;

function partialGuild(id: string) {
  const { name, icon, banner, features } = guildOf(id);
  return { id, name, icon, banner, features, owner: false, permissions: '8' };
}

/** "List Guild Members": sorted by id, after one, and as many as the limit. */
function pageOf(members: ReturnType<typeof membersOf>, query: URLSearchParams) {
  const [after, limit] = [query.get('after') ?? '0', query.get('limit') ?? '1'];
  if (!/^\d{1,20}$/.test(after) || !/^\d{1,4}$/.test(limit)) return [];
  return members
    .filter(({ user }) => BigInt(user.id) > BigInt(after))
    .sort((a, b) => (BigInt(a.user.id) < BigInt(b.user.id) ? -1 : 1))
    .slice(0, Math.min(Number(limit), MEMBERS_OF_A_PAGE));
}

/** The message of an answer that reports an error. */
export function errorOf({ status, body }: Reply): string | undefined {
  return status >= 400 && isRecord(body) && typeof body.message === 'string' ? body.message : undefined;
}

/** The simulator's HTTP side: Get Gateway, Get Gateway Bot, and the control of the simulator itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseShallow } from '../trace/shallow.js';
import type { Control, Target } from './control.js';
import type { FaultName } from './faults.js';
import type { Gateway } from './gateway.js';
import { bare, isRecord } from './log.js';

/** Longest request body, in bytes. */
const LONGEST_BODY = 1 << 20;

/** Whether a request comes from this machine and not from a web page elsewhere: its Host and, if there is one, its Origin say so. */
export function isLocal({ headers: { host, origin } }: IncomingMessage): boolean {
  return isLoopback(`http://${host ?? ''}`) && (origin === undefined || isLoopback(origin));
}

/** The URL of a request; null if it has none that makes sense. */
export function urlOf({ url }: IncomingMessage): URL | null {
  try {
    return new URL(url ?? '/', 'http://simulator');
  } catch {
    return null;
  }
}

function isLoopback(url: string): boolean {
  try {
    return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
  } catch {
    return false;
  }
}

/** An HTTP status, and what goes with it. */
interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request; never throws. */
export async function answer(gateway: Gateway, url: string, request: IncomingMessage, response: ServerResponse) {
  const { status, body, headers } = await replyTo(gateway, url, request);
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...pagesAllowed(url, request), ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function replyTo(gateway: Gateway, url: string, request: IncomingMessage): Promise<Reply> {
  if (!isLocal(request)) return FORBIDDEN;
  if (!mayRead(url, request)) return FORBIDDEN_TO_PAGES;
  const path = pathOf(request);
  const route = `${request.method} ${path.replace(/^\/api\/v\d+\//, '/api/')}`;
  if (request.method === 'OPTIONS') return { status: 204 };
  if (route === 'GET /api/gateway') return refusal(gateway) ?? { status: 200, body: { url } };
  if (route === 'GET /api/gateway/bot') return refusal(gateway) ?? getGatewayBot(gateway, url, request);
  if (route === 'GET /_control') return { status: 200, body: gateway.control.state() };
  if (request.method !== 'POST' || !path.startsWith(CONTROL_PATH)) return NOT_FOUND;
  return await obey(gateway.control, path.slice(CONTROL_PATH.length), request);
}

const CONTROL_PATH = '/_control/';
const FORBIDDEN: Reply = { status: 403, body: { message: 'only this machine may use the simulator' } };
const FORBIDDEN_TO_PAGES: Reply = { status: 403, body: { message: 'no other page may control the simulator' } };
const NOT_FOUND: Reply = { status: 404, body: { message: '404: Not Found', code: 0 } };
const UNAUTHORIZED: Reply = { status: 401, body: { message: '401: Unauthorized', code: 0 } };

/** Whether the page that asks, if it is one, may: any of this machine may be a client, and none but our own in control. */
function mayRead(url: string, request: IncomingMessage): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  const isControl = `${pathOf(request)}/`.startsWith(CONTROL_PATH);
  return isLocal(request) && (!isControl || portOf(origin) === portOf(url));
}

function pathOf(request: IncomingMessage): string {
  return urlOf(request)?.pathname ?? '';
}

function portOf(url: string): string {
  const { protocol, port } = new URL(url);
  return port || (/^(https|wss):$/.test(protocol) ? '443' : '80');
}

/** Pages that may ask may read the answers. */
function pagesAllowed(url: string, request: IncomingMessage): Readonly<Record<string, string>> {
  const { origin } = request.headers;
  if (origin === undefined || !mayRead(url, request)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-headers': 'authorization, content-type, user-agent',
    vary: 'origin',
  };
}

function refusal(gateway: Gateway): Reply | null {
  const refused = gateway.refusesGetGateway();
  if (refused === null) return null;
  const { status, retryAfter } = refused;
  const message = `${status}: ordered to fail`;
  if (retryAfter === undefined) return { status, body: { message } };
  return { status, body: { message, retry_after: retryAfter }, headers: { 'retry-after': `${retryAfter}` } };
}

function getGatewayBot(gateway: Gateway, url: string, { headers: { authorization } }: IncomingMessage): Reply {
  const isBot = authorization?.startsWith('Bot ') === true && bare(authorization) !== '';
  if (!isBot || !gateway.isRightToken(authorization)) return UNAUTHORIZED;
  return { status: 200, body: { url, ...gateway.getGatewayBot() } };
}

/** What may be ordered over HTTP, with the arguments by name. */
type Orders = Readonly<Record<string, (control: Control, args: Record<string, unknown>) => unknown>>;

const ORDERS: Orders = {
  dispatch: (control, { name, data, ...target }) => {
    if (typeof name !== 'string') throw new TypeError('name must be the name of an event');
    return control.dispatch(name, data ?? null, targetFrom(target));
  },
  requestHeartbeat: (control, args) => control.requestHeartbeat(targetFrom(args)),
  requestReconnect: (control, args) => control.requestReconnect(targetFrom(args)),
  invalidateSession: (control, { resumable, ...target }) =>
    control.invalidateSession(resumable === true, targetFrom(target)),
  closeWith: (control, { code, ...target }) => control.closeWith(Number(code), targetFrom(target)),
  dropTcp: (control, args) => control.dropTcp(targetFrom(args)),
  injectFault: (control, { name, ...options }) => control.injectFault(name as FaultName, options),
  clearFaults: (control) => control.clearFaults(),
  configure: (control, args) => control.configure(args),
};

function targetFrom({ connection, sessionId }: Record<string, unknown>): Target {
  return {
    ...(connection === undefined ? {} : { connection: Number(connection) }),
    ...(sessionId === undefined ? {} : { sessionId: String(sessionId) }),
  };
}

async function obey(control: Control, order: string, request: IncomingMessage): Promise<Reply> {
  const run = Object.hasOwn(ORDERS, order) ? ORDERS[order] : undefined;
  if (run === undefined) return problem(404, `There is no ${order}; there are ${Object.keys(ORDERS).join(', ')}`);
  // A form of a web page cannot have this type without asking first.
  const { 'content-type': type = '' } = request.headers;
  if (!/^application\/json\b/.test(type)) return problem(415, 'content-type must be application/json');
  try {
    const args: unknown = parseShallow((await bodyOf(request)) || '{}');
    if (!isRecord(args)) throw new TypeError('the body must be a JSON object');
    return { status: 200, body: { reached: run(control, args) ?? null } };
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : String(error));
  }
}

const problem = (status: number, message: string): Reply => ({ status, body: { message } });

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LONGEST_BODY) throw new RangeError('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

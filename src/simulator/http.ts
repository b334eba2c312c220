/** The simulator's HTTP side: Discord's API, as far as there is one, and the control of the simulator itself; who may use them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../machines/protocol/loopback.js';
import { parseShallow } from '../telling/shallow.js';
import { logReply, obey, waitReply } from './control-http.js';
import type { Gateway } from './gateway.js';
import { errorOf, type Reply, restReply } from './rest.js';

/** Longest request body, in bytes. */
const LONGEST_BODY = 1 << 20;

/** Whether a request comes from this machine and not from a web page elsewhere: its Host and, if there is one, its Origin say so. */
export function isLocal({ headers: { host, origin } }: IncomingMessage): boolean {
  return isOfThisMachine(`http://${host ?? ''}`) && (origin === undefined || isOfThisMachine(origin));
}

/** The URL of a request; null if it has none that makes sense. */
export function urlOf({ url }: IncomingMessage): URL | null {
  try {
    return new URL(url ?? '/', 'http://simulator');
  } catch {
    return null;
  }
}

function isOfThisMachine(url: string): boolean {
  try {
    return isLoopback(new URL(url));
  } catch {
    return false;
  }
}

/** Answers a request; never throws. */
export async function answer(gateway: Gateway, url: string, request: IncomingMessage, response: ServerResponse) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const reply = await replyTo(gateway, url, request, gone.signal);
  const { status, body, headers } = reply;
  const path = pathOf(request);
  if (!isControl(path)) gateway.requested(request.method ?? '', path, status, errorOf(reply));
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...pagesAllowed(url, request), ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function replyTo(gateway: Gateway, url: string, request: IncomingMessage, gone: AbortSignal): Promise<Reply> {
  if (!isLocal(request)) return FORBIDDEN;
  if (!mayRead(url, request)) return FORBIDDEN_TO_PAGES;
  if (request.method === 'OPTIONS') return { status: 204 };
  const { method = '', headers } = request;
  const path = pathOf(request);
  const query = urlOf(request)?.searchParams ?? new URLSearchParams();
  if (isControl(path)) return await control(gateway, path.slice(CONTROL_PATH.length), query, request, gone);
  return await restReply(gateway, url, {
    method,
    path: path.replace(/^(\/api)?(\/v\d+)?(?=\/)/, ''),
    query,
    authorization: headers.authorization,
    body: async () => parseShallow(await bodyOf(request)),
  });
}

async function control(
  gateway: Gateway,
  name: string,
  query: URLSearchParams,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<Reply> {
  const route = `${request.method} ${name}`;
  if (route === 'GET ') return { status: 200, body: gateway.control.state() };
  if (route === 'GET log') return logReply(gateway, query);
  if (route === 'GET wait') return await waitReply(gateway, query, gone);
  if (request.method !== 'POST') return problem(404, `There is no ${route}: GET log and wait, and POST orders`);
  // A form of a web page cannot have this type without asking first.
  const { 'content-type': type = '' } = request.headers;
  if (!/^application\/json\b/.test(type)) return problem(415, 'content-type must be application/json');
  try {
    return obey(gateway, name, parseShallow((await bodyOf(request)) || '{}'));
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : String(error));
  }
}

const isControl = (path: string): boolean => `${path}/`.startsWith(CONTROL_PATH);

const CONTROL_PATH = '/_control/';
const FORBIDDEN: Reply = { status: 403, body: { message: 'only this machine may use the simulator' } };
const FORBIDDEN_TO_PAGES: Reply = { status: 403, body: { message: 'no other page may control the simulator' } };

/** Whether the page that asks, if it is one, may: any of this machine may be a client, and none but our own in control. */
function mayRead(url: string, request: IncomingMessage): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  return isLocal(request) && (!isControl(pathOf(request)) || portOf(origin) === portOf(url));
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

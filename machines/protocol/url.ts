import { ANYTHING, demandGiven, demandShape, type Fields, isText, isTrueOrFalse, listOf } from '../kit/shape.js';
import { hostnameOf, isLoopback } from './loopback.js';

/** The Gateway versions ever published and what became of them ("API Versioning"). */
export const API_VERSIONS = {
  10: 'available',
  9: 'available',
  8: 'deprecated',
  7: 'deprecated',
  6: 'deprecated', // and still the default where no version is given
  5: 'discontinued',
  4: 'discontinued',
  3: 'discontinued',
} as const;

/** A Gateway version that is available. */
export type GatewayVersion = 9 | 10;
/** The encodings of "Gateway URL Query String Params". */
export const ENCODINGS = ['json', 'etf'] as const;
/** How payloads are encoded. */
export type GatewayEncoding = (typeof ENCODINGS)[number];
/** The transport compressions of "Gateway URL Query String Params"; payload compression is asked for in Identify. */
export const COMPRESSIONS = ['zlib-stream', 'zstd-stream'] as const;
/** How the connection is compressed, from the Gateway to the client only. */
export type GatewayCompression = (typeof COMPRESSIONS)[number];

/** The query of a Gateway URL ("Gateway URL Query String Params"). */
export interface GatewayUrlOptions {
  /** 10 by default; always sent, since without it Discord falls back on a deprecated one. */
  readonly version?: GatewayVersion | undefined;
  /** `json` by default. */
  readonly encoding?: GatewayEncoding | undefined;
  /** None by default. */
  readonly compress?: GatewayCompression | undefined;
}

/** What a Gateway URL says; `null` where its query says nothing. */
export interface ParsedGatewayUrl {
  /** The URL without fragment, with a path. May hold credentials: not for logs. */
  readonly href: string;
  /** Host and, unless it is the scheme's own, port. */
  readonly host: string;
  /** Whether the host is this machine itself. */
  readonly loopback: boolean;
  readonly version: GatewayVersion | null;
  readonly encoding: GatewayEncoding | null;
  readonly compress: GatewayCompression | null;
}

/** A Gateway URL, or a part of one, that cannot be used; the message says which part and what to do, and shows the host alone. */
export class InvalidGatewayUrlError extends TypeError {
  override readonly name = 'InvalidGatewayUrlError';
  readonly code = 'ERR_GATEWAY_URL';
  constructor(
    /** The part at fault. */
    readonly part: 'url' | 'scheme' | 'version' | 'encoding' | 'compress' | 'host',
    /** What is wrong and what to do. */
    reason: string,
  ) {
    super(reason);
  }
}

/** What the parameters may be is checked where they are part of the URL. */
const QUERY: Fields = { fields: { version: ANYTHING, encoding: ANYTHING, compress: ANYTHING } };
const TRUST: Fields = { fields: { gatewayUrl: ANYTHING, allowHosts: listOf(isText) } };
const SECURITY: Fields = { fields: { allowInsecure: isTrueOrFalse } };

/**
 * The URL to connect to: `base`, as Get Gateway Bot or READY gave it, with the query of "Gateway URL Query String Params".
 * Other parameters of `base` stay. Throws an `InvalidGatewayUrlError`.
 */
export function gatewayUrl(base: string, options: GatewayUrlOptions = {}): string {
  demandShape('', options, QUERY);
  const { version = 10, encoding = 'json', compress } = options;
  const url = webSocketUrlOf(base);
  const query = { v: `${version}`, encoding, compress };
  for (const [name, value] of Object.entries(query)) {
    url.searchParams.delete(name);
    if (value !== undefined) url.searchParams.append(name, value);
  }
  checkQuery(url);
  return url.href;
}

/**
 * Checks a Gateway URL: `wss`, or `ws` on loopback or with `allowInsecure`; and whatever its query says.
 * Throws an `InvalidGatewayUrlError` ("Connecting").
 */
export function parseGatewayUrl(url: string, options: { readonly allowInsecure?: boolean } = {}): ParsedGatewayUrl {
  demandShape('', options, SECURITY);
  const { allowInsecure = false } = options;
  const parsed = webSocketUrlOf(url);
  const loopback = isLoopback(parsed);
  if (parsed.protocol === 'ws:' && !loopback && !allowInsecure) {
    throw new InvalidGatewayUrlError(
      'scheme',
      `${at(parsed)} would send the token unencrypted: use wss://, or set allowInsecure if the network is trusted`,
    );
  }
  return { href: parsed.href, host: parsed.host, loopback, ...checkQuery(parsed) };
}

function webSocketUrlOf(text: string): URL {
  const url = urlOf(text);
  if (isWebSocket(url)) return url;
  // Nothing of it is shown: in `user:password@host` the user would pass for a scheme.
  throw new InvalidGatewayUrlError('scheme', 'the Gateway URL is not a WebSocket URL: use wss://');
}

/** What decides where a token may go. */
export interface TrustOptions {
  /** The configured Gateway URL: its own host and port are trusted, and plain `ws` on loopback if it is on loopback itself. */
  readonly gatewayUrl: string;
  /** See `isTrustedHost`. */
  readonly allowHosts?: readonly string[];
}

/**
 * The `resume_gateway_url` of READY if the token may be sent there, else null: the session is then resumed at the main URL.
 * Under `discord.gg` and on loopback only 443 and the port of the configured Gateway are: another is another server.
 * Never throws for a URL, since that comes from the network ("Resuming").
 */
export function trustedResumeUrl(url: string, trust: TrustOptions): string | null {
  demandGiven('', trust, TRUST);
  const { gatewayUrl: main, allowHosts } = trust;
  const [resume, configured] = [parsedOrNull(url), parsedOrNull(main)];
  if (resume === null || configured === null || !isWebSocket(resume) || hasUserinfo(resume)) return null;
  const isSamePort = portOf(resume) === portOf(configured);
  const trusted =
    isTrustedHost(resume, allowHosts) ||
    (isDiscord(resume) && isSamePort) ||
    (isLoopback(resume) && isLoopback(configured) && (isSamePort || portOf(resume) === '443')) ||
    (isSameHost(resume, configured) && isNoWorse(resume, configured));
  return trusted ? resume.href : null;
}

/**
 * Whether the token may be sent to `url`: it is `wss`, and its host is `discord.gg` or under it, on 443, or matches an entry of `allowHosts`:
 * `host` (on any port), `host:port`, or `*.domain` for the hosts under a domain. Never throws: what is no URL is not trusted.
 */
export function isTrustedHost(url: string | URL, allowHosts: readonly string[] = []): boolean {
  const parsed = parsedOrNull(url);
  if (parsed === null || parsed.protocol !== 'wss:' || hasUserinfo(parsed)) return false;
  return (isDiscord(parsed) && portOf(parsed) === '443') || allowHosts.some((entry) => matches(parsed, entry));
}

/** Returns `allowHosts` if every entry has one of the forms of `isTrustedHost`; throws an `InvalidGatewayUrlError` for one that has not. */
export function checkAllowHosts(allowHosts: readonly string[]): readonly string[] {
  demandGiven('allowHosts', allowHosts, listOf(isText));
  for (const entry of allowHosts) {
    if (hostPattern(entry) === null) {
      throw new InvalidGatewayUrlError(
        'host',
        'an entry of allowHosts is not a host: write host, host:port or *.domain, without scheme and path',
      );
    }
  }
  return allowHosts;
}

const isDiscord = (url: URL): boolean => url.protocol === 'wss:' && /^(.*\.)?discord\.gg$/.test(hostnameOf(url));

const portOf = (url: URL): string => url.port || (url.protocol === 'wss:' ? '443' : '80');

const hasUserinfo = (url: URL): boolean => url.username !== '' || url.password !== '';

const isWebSocket = (url: URL): boolean => url.protocol === 'wss:' || url.protocol === 'ws:';

const isNoWorse = (url: URL, than: URL): boolean => url.protocol === 'wss:' || than.protocol === 'ws:';

const isSameHost = (a: URL, b: URL): boolean => hostnameOf(a) === hostnameOf(b) && a.port === b.port;

function matches(url: URL, entry: string): boolean {
  const pattern = hostPattern(entry);
  if (pattern === null) return false;
  const host = hostnameOf(url);
  if (pattern.under) return host.endsWith(`.${pattern.host}`);
  return host === pattern.host && (pattern.port === null || pattern.port === portOf(url));
}

/** An entry of `allowHosts`, parsed as a URL would be, so that case, punycode and IPv6 come out alike; null if it is none. */
function hostPattern(entry: string): { under: boolean; host: string; port: string | null } | null {
  const under = entry.startsWith('*.');
  const text = under ? entry.slice(2) : entry;
  if (!/^[^\s/?#@\\*]+$/.test(text)) return null;
  const url = parsedOrNull(`wss://${text}`);
  if (url === null) return null;
  const port = /:(\d+)$/.exec(text)?.[1];
  if (under && port !== undefined) return null;
  return { under, host: hostnameOf(url), port: port === undefined ? null : url.port || '443' };
}

function parsedOrNull(url: string | URL): URL | null {
  try {
    const parsed = new URL(url);
    parsed.hash = ''; // WebSocket refuses a fragment
    return parsed;
  } catch {
    return null;
  }
}

function urlOf(text: string): URL {
  const url = parsedOrNull(text);
  // What cannot be parsed cannot be redacted either, so it is not shown.
  if (url === null)
    throw new InvalidGatewayUrlError('url', 'the Gateway URL is not a URL: use one such as wss://gateway.discord.gg');
  return url;
}

function checkQuery(url: URL): Pick<ParsedGatewayUrl, 'version' | 'encoding' | 'compress'> {
  return {
    version: versionOf(url),
    encoding: choiceOf(url, 'encoding', ENCODINGS),
    compress: choiceOf(url, 'compress', COMPRESSIONS),
  };
}

function versionOf(url: URL): GatewayVersion | null {
  const v = url.searchParams.get('v');
  if (v === null) return null;
  const version = /^\d{1,3}$/.test(v) ? Number(v) : Number.NaN;
  const status = API_VERSIONS[version as keyof typeof API_VERSIONS];
  if (status === 'available') return version as GatewayVersion;
  const reason = status === undefined ? 'does not exist' : `is ${status}`;
  throw new InvalidGatewayUrlError('version', `${at(url)} asks for version ${shown(v)}, which ${reason}: use v=10`);
}

function choiceOf<T extends string>(url: URL, part: 'encoding' | 'compress', choices: readonly T[]): T | null {
  const value = url.searchParams.get(part);
  if (value === null || choices.includes(value as T)) return value as T | null;
  const use = `use ${choices.map((choice) => `${part}=${choice}`).join(' or ')}${part === 'compress' ? ', or leave it out' : ''}`;
  throw new InvalidGatewayUrlError(part, `${at(url)} asks for ${part} ${shown(value)}, which does not exist: ${use}`);
}

/** Scheme and host alone: user, path and query may hold secrets. */
const at = (url: URL): string => `the Gateway URL ${url.protocol}//${url.host}`;

const shown = (value: string): string => (/^[\w.-]{1,20}$/.test(value) ? value : 'something else');

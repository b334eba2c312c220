/**
 * What keeps a connection from coming about: most of it passes, and is tried again. What cannot be the network, and will
 * be there tomorrow too, is said in words.
 */
import { spanOf } from '../guard/guarded.js';
import { LocateError } from '../ports/index.js';

/** What the system, or HTTP, says of a connection that did not come about. */
export interface Outage {
  /** Of the system or of TLS, such as ENOTFOUND. */
  readonly systemCode?: string;
  /** With which the WebSocket, or Get Gateway Bot, was answered. */
  readonly httpStatus?: number;
}

/** As much of it as is what it should be: adapters and locators may say anything. */
export function outageOf(said: { readonly systemCode?: unknown; readonly httpStatus?: unknown }): Outage {
  const systemCode = systemCodeOf(said.systemCode);
  const { httpStatus } = said;
  return {
    ...(systemCode === undefined ? {} : { systemCode }),
    ...(isCount(httpStatus) ? { httpStatus } : {}),
  };
}

/** Whether it is a whole number of at least 0. */
export const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

/** Why a locator fails; whatever else it says is 'unreachable'. */
const REASONS = ['unauthorized', 'rateLimited', 'unavailable'] as const;

/** A failed question for the Gateway's URL, as the chart is told of it. */
export interface LocateFailure {
  readonly reason: LocateError['reason'];
  readonly retryAfter?: number;
  readonly outage: Outage;
}

/** A failure that says nothing of itself. */
export const UNREACHABLE: LocateFailure = { reason: 'unreachable', outage: {} };

/** What a locator's error says; null if it is no `LocateError`. May throw, as what ports reject with may. */
export function locateFailure(error: unknown): LocateFailure | null {
  if (!(error instanceof LocateError)) return null;
  const reason = REASONS.find((each) => each === error.reason) ?? 'unreachable';
  const retryAfter = spanOf(error.retryAfter);
  return { reason, outage: outageOf(error), ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** The first row that fits; codes are those of Node and of OpenSSL. */
const CODES: readonly (readonly [codes: RegExp, says: string])[] = [
  [/^ENOTFOUND$/, 'its host has no address: check the name in the URL, and the DNS of this machine'],
  [
    /^(UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT)/,
    'nobody whom this machine trusts vouches for its certificate: a proxy that looks into TLS, or an authority of your own; name that in NODE_EXTRA_CA_CERTS',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired: check the clock of this machine, then the server'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet: check the clock of this machine'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another host: check the name in the URL'],
  [/^(CERT_|UNABLE_TO_|INVALID_CA|PATH_LENGTH_EXCEEDED)/, 'its certificate is not valid'],
  [/^(EPROTO|ERR_SSL_\w+|ERR_TLS_\w+)$/, 'it does not speak TLS as we do: check that the URL is right, and the proxy'],
  [/^ERR_INVALID_(PROTOCOL|URL|ARG_\w+)$/, 'an agent or another setting of the socket does not fit the URL'],
  [/^(EACCES|EPERM)$/, 'this machine does not let us connect: check its firewall and sandbox'],
];

/** The same for HTTP statuses. 429 and 5xx pass, and are not here. */
const STATUSES: readonly (readonly [statuses: RegExp, says: string])[] = [
  [/^407$/, 'a proxy wants to know who we are'],
  [/^40[13]$/, 'it does not let us in: a proxy or firewall, or its own rules. Of the token this says nothing'],
  [/^(404|405|410|426|400)$/, 'nothing there speaks the protocol: check the URL'],
  [/^[23]/, 'something else answers in its place, as captive portals and proxies do'],
  [/^4(?!08|25|29)/, 'it refuses us'],
];

/** The code of an error of the system or of TLS; undefined for anything else, which may hold what is no code. */
export function systemCodeOf(code: unknown): string | undefined {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}

/** A sentence about what will not pass by itself; null where waiting may help, or where nothing is known. */
export function whatWillNotPass({ systemCode: code, httpStatus }: Outage): string | null {
  const row =
    CODES.find(([codes]) => code !== undefined && codes.test(code)) ??
    STATUSES.find(([statuses]) => httpStatus !== undefined && statuses.test(`${httpStatus}`));
  if (row === undefined) return null;
  return `${row[1]} (${code ?? `HTTP ${httpStatus}`})`;
}

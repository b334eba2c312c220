/** Fields that hold a secret wherever they stand, in what charts remember and in what messages hold. */

/** The kinds of secrets, as their placeholders name them. */
export type SecretKind = 'token' | 'session' | 'resume url';

/** Kinds of secrets by field. A map: an object would take `constructor` for one. */
export type Fields = ReadonlyMap<string, SecretKind>;

export const FIELDS: Fields = new Map<string, SecretKind>([
  ['token', 'token'],
  ['session_id', 'session'],
  ['sessionId', 'session'],
  ['offered', 'session'],
  ['resume_gateway_url', 'resume url'],
  ['resumeUrl', 'resume url'],
]);

/** Of an object under `session`. */
export const SESSION_FIELDS: Fields = new Map<string, SecretKind>([
  ...FIELDS,
  ['id', 'session'],
  ['url', 'resume url'],
]);

/** What stands for what cannot be shown. */
export const LEFT_OUT = '<left out>';

/** Headers, as requests hold them. */
const HEADERS = /^(proxy-)?authorization$|^(set-)?cookie$/i;

/** Whether a field of an error holds a secret, by its name. */
export function isSecretField(name: string, value: unknown): boolean {
  return value !== null && value !== undefined && value !== '' && (FIELDS.has(name) || HEADERS.test(name));
}

/** Whether a text stands for a secret already. */
export function isPlaceholder(text: string): boolean {
  return text === LEFT_OUT || /^<(another )?(token|session|resume url)( \d{1,9})?>$/.test(text);
}

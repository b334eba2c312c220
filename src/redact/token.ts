/** The bot token: as it stands on the wire, and as users write it, which is checked and never shown. */

/** What stands before a bot's token in an Authorization header. In Identify and Resume it may. */
export const BOT_PREFIX = 'Bot ';

const SET = 'set it to the bot token, for example process.env.DISCORD_TOKEN';

/** What a token cannot be, and what to do; the first row that fits. */
const WRONG: readonly (readonly [what: RegExp, says: string])[] = [
  [/^(|undefined|null)$/, `token is empty: is DISCORD_TOKEN set? If not, ${SET}`],
  [/^(['"`]|%22)/, 'token begins with a quote: leave out the quotes, also in the file or setting that it comes from'],
  [
    /^(Bearer|OAuth)\b/i,
    'token is the access token of a user (Bearer): a bot has one of its own, in the Developer Portal under Bot',
  ],
  [/^\w+=/, 'token begins with the name of a variable: take what stands behind the equals sign'],
  [/^\$\{?\w+\}?$|^<.*>$|^your[-_ ]/i, `token is a placeholder: ${SET}`],
  [/\s/, 'token holds a space or a line break: copy it again, as one piece'],
  [/[^\x21-\x7e]/, 'token holds a character that no token has: copy it again'],
];

/** A token from the wire, bare. */
export const withoutBot = (token: string): string =>
  token.startsWith(BOT_PREFIX) ? token.slice(BOT_PREFIX.length) : token;

/** The token alone, without `Bot ` before it and spaces around. Throws a `TypeError` that says what to do, and does not show it. */
export function bareToken(token: unknown): string {
  if (typeof token !== 'string') throw new TypeError(`token is missing: ${SET}`);
  const bare = withoutBot(token.trim().replace(/^bot(\s+|$)/i, BOT_PREFIX));
  const wrong = WRONG.find(([what]) => what.test(bare));
  if (wrong !== undefined) throw new TypeError(wrong[1]);
  return bare;
}

/** The bot token as users hand it over: checked, and never shown. */

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

/** The token alone, without `Bot ` before it and spaces around. Throws a `TypeError` that says what to do, and does not show it. */
export function bareToken(token: unknown): string {
  if (typeof token !== 'string') throw new TypeError(`token is missing: ${SET}`);
  const bare = token.trim().replace(/^Bot(\s+|$)/i, '');
  const wrong = WRONG.find(([what]) => what.test(bare));
  if (wrong !== undefined) throw new TypeError(wrong[1]);
  return bare;
}

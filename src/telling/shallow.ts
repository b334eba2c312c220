/** Arrays and objects within each other; what we know of has less than 30. */
const MOST_DEPTH = 200;

/**
 * What JSON says that came from elsewhere and is to be copied, shown or written again, all of which recurses: a hundred
 * thousand brackets would end the process. Throws a `RangeError` if it nests deeper than 200, and what `JSON.parse` throws.
 */
export function parseShallow(text: string): unknown {
  if (isDeep(text)) throw new RangeError(`the JSON is more than ${MOST_DEPTH} deep`);
  return JSON.parse(text);
}

function isDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (isText) at += Number(code === BACKSLASH);
    else if (code === BRACKET || code === BRACE) depth += 1;
    else if (code === BRACKET + 2 || code === BRACE + 2) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Those that close come two after those that open. */
const BRACKET = 0x5b;
const BRACE = 0x7b;

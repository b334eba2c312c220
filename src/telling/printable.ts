/** What goes to terminals, into pictures and into files of code, some of it from the network: it may not give orders there. */

/** Control characters and newlines, what changes the direction of text or is not seen, and halves of a character. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;
const ALL_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** The text in one line, with a dot for each character that a terminal would obey, or a reader not see. */
export function printable(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(ALL_UNPRINTABLE, '\u00b7') : text;
}

/** The same of each line of a text. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** A value as JSON in one line: the same value, of which a terminal obeys nothing. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return UNPRINTABLE.test(text) ? text.replace(ALL_UNPRINTABLE, escaped) : text;
}

/** A text within a diagram of Mermaid: what would end it, begin markup or configure the page is written as entities. */
export function inMermaid(text: string): string {
  return printable(text)
    .replace(/[#;<>]/g, (character) => ENTITIES[character] ?? character)
    .replace(/%{2,}/g, (percents) => '#37;'.repeat(percents.length));
}

const ENTITIES: Readonly<Record<string, string>> = { '#': '#35;', ';': '#59;', '<': '#lt;', '>': '#gt;' };

/** A text within SVG or HTML, also in an attribute. */
export function inMarkup(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A value as JSON within a script of HTML, where `</script>` would end it and `<!--` hide the rest. */
export function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** A text in a cell of a Markdown table. */
export function inCell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

/** A text as a literal of JavaScript, in single quotes. */
export function inCode(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(ALL_UNPRINTABLE, escaped)}'`;
}

/** A value from outside as text. Never throws. */
export function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? (JSON.stringify(value) ?? '') : String(value);
}

/** A value from outside as a number, or NaN. Never throws. */
export function asNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number(asText(value));
}

/** A time in ms since 1970, as far as it is one. */
export function isoTime(ms: number): string {
  return Math.abs(ms) <= LATEST ? new Date(ms).toISOString() : 'a time that is none';
}

/** The last that a `Date` can tell. */
const LATEST = 8.64e15;

/** As JSON escapes it; within JSON such characters stand in strings alone. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }).join('');
}

/** What an error says, whatever was thrown. Never throws. */
export function messageOf(error: unknown): string {
  try {
    const says: unknown = error instanceof Error ? error.message : error;
    return typeof says === 'object' && says !== null ? 'something that is no error' : String(says);
  } catch {
    return 'something that cannot be shown';
  }
}

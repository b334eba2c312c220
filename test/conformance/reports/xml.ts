/** Reads XML as strictly as these reports need it: whatever is not well-formed throws. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const TOKEN = /<\?xml [^?]*\?>|<\/([\w-]+)\s*>|<([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;

/** All elements, in the order in which they begin. */
export function elementsOf(xml: string): readonly Element[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not stand in XML
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml))
    throw new Error('a character that XML cannot hold');
  const elements: Element[] = [];
  const open: Element[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${xml.slice(at, at + 60)}`);
    const [, closes, opens, attributes = '', isEmpty, text] = match;
    if (closes !== undefined && open.pop()?.name !== closes) throw new Error(`</${closes}> closes something else`);
    if (opens !== undefined) {
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value = '']) => [
        name,
        decoded(value),
      ]);
      const element = { name: opens, attributes: Object.fromEntries(pairs), text: '' };
      elements.push(element);
      if (isEmpty === '') open.push(element);
    }
    const parent = open.at(-1);
    if (text !== undefined && parent !== undefined) parent.text += decoded(text);
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return elements;
}

function decoded(text: string): string {
  return text.replace(/&(\w*);?/g, (whole, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !whole.endsWith(';')) throw new Error(`there is no entity ${whole}`);
    return character;
  });
}

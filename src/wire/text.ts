/** Bytes of Node's Buffer, which makes strings faster than a TextDecoder does. */
type NodeBytes = Uint8Array & { utf8Slice?(): string };

const utf8 = new TextDecoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of bytes in UTF-8. Throws if they are not. */
export function textOf(bytes: NodeBytes): string {
  const text = bytes.utf8Slice?.() ?? utf8.decode(bytes);
  // Strict decoding takes longer, and only where a character was replaced could it find anything.
  return text.includes('\ufffd') ? strictUtf8.decode(bytes) : text;
}

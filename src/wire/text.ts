/** Bytes of Node's Buffer, which makes strings faster than a TextDecoder does. */
type NodeBytes = Uint8Array & { latin1Slice?(): string; utf8Slice?(): string };

interface NodeBuffer {
  isAscii(bytes: Uint8Array): boolean;
}

/** Node's own module where there is one. It is asked for by name so that a bundle for browsers does not look for it. */
const { isAscii } = ((
  globalThis as { process?: { getBuiltinModule?(name: string): NodeBuffer | undefined } }
).process?.getBuiltinModule?.('node:buffer') ?? {}) as Partial<NodeBuffer>;

const utf8 = new TextDecoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of bytes in UTF-8. Throws if they are not. */
export function textOf(bytes: NodeBytes): string {
  if (bytes.latin1Slice !== undefined && isAscii?.(bytes)) return bytes.latin1Slice(); // most messages, in a sixth of the time
  const text = bytes.utf8Slice?.() ?? utf8.decode(bytes);
  // Strict decoding takes longer, and only where a character was replaced could it find anything.
  return text.includes('\ufffd') ? strictUtf8.decode(bytes) : text;
}

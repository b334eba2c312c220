/** WebSocket frames of a server (RFC 6455, section 5.2): one per message, not masked. */

const TEXT = 0x81;
const BINARY = 0x82;

/** The frame of one message. */
export function frame(payload, isBinary) {
  const { length } = payload;
  const opcode = isBinary ? BINARY : TEXT;
  let head;
  if (length < 126) head = Buffer.from([opcode, length]);
  else if (length < 65_536) {
    head = Buffer.from([opcode, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
  } else {
    head = Buffer.from([opcode, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(length, 6);
  }
  return Buffer.concat([head, payload]);
}

/** Frames joined to pieces of at least so many bytes, to be written at once. */
export function batches(frames, bytes = 512 * 1024) {
  const pieces = [];
  let piece = [];
  let size = 0;
  for (const each of frames) {
    piece.push(each);
    size += each.length;
    if (size < bytes) continue;
    pieces.push(Buffer.concat(piece, size));
    piece = [];
    size = 0;
  }
  if (size > 0) pieces.push(Buffer.concat(piece, size));
  return pieces;
}

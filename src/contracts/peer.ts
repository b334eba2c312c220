/**
 * The other end of the socket contract: a WebSocket server that does as it is told, well-behaved or not. The contract
 * asks for it as an interface so that it may run in another process, which it must if the tests run in a browser.
 */

/** A frame, or a message in several. `size` asks for that many bytes of `pattern` instead of given data. */
export type PeerFrame =
  | { readonly type: 'text'; readonly data: string; readonly fragments?: number }
  | { readonly type: 'text' | 'binary'; readonly size: number; readonly fragments?: number }
  /** Without a code the frame is empty. */
  | { readonly type: 'close'; readonly code?: number; readonly reason?: string }
  /** A frame with a reserved opcode. */
  | { readonly type: 'invalid' };

/** A step of a script. Steps are done one after the other. */
export type PeerStep =
  /** Answers the upgrade; the frames go out in the same TCP write as the answer. */
  | { readonly step: 'accept'; readonly frames?: readonly PeerFrame[] }
  /** Answers the upgrade with another HTTP status than 101. */
  | { readonly step: 'refuse'; readonly status: number }
  /** Sends the frames in one TCP write. */
  | { readonly step: 'send'; readonly frames: readonly PeerFrame[] }
  /** Waits until so many messages have come in all. */
  | { readonly step: 'receive'; readonly messages: number }
  | { readonly step: 'wait'; readonly ms: number }
  /** Leaves what comes in the network. */
  | { readonly step: 'stopReading' }
  /** From here on close frames are not answered. */
  | { readonly step: 'ignoreClose' }
  /** From here on a client that ends its half of the TCP connection is not followed. */
  | { readonly step: 'ignoreEnd' }
  /** Ends the TCP connection without a close frame. */
  | { readonly step: 'drop' };

/** What a peer saw of a connection. */
export interface PeerRecord {
  readonly messages: readonly PeerMessage[];
  /** The code of the close frame that came: 1005 if it had none, null if there was no frame. */
  readonly closeCode: number | null;
}

/** A message that a peer received: text as it is, bytes in hexadecimal, empty if longer than 64 KiB. */
export interface PeerMessage {
  readonly isBinary: boolean;
  readonly size: number;
  readonly data: string;
}

/** A connection to come, at a URL of its own. */
export interface PeerConnection {
  readonly url: string;
  /** Resolves when its TCP connection has ended. */
  ended(): Promise<PeerRecord>;
}

/**
 * A server on this machine. Where the script has ended it answers a close frame with the same code, or with nothing if
 * it has sent one itself, and then ends the TCP connection. Bytes that it sends never depend on what the client does.
 */
export interface SocketPeer {
  /** A URL on this machine at which nobody listens. */
  readonly nowhere: string;
  /** What to do with the next connection. */
  play(script: readonly PeerStep[]): Promise<PeerConnection>;
}

/** Bytes that tell where they are: printable, so that they are text too. */
export function pattern(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = 33 + ((i + (i >>> 8) * 7 + (i >>> 16) * 11) % 90);
  return bytes;
}

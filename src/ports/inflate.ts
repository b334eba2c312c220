import type { GatewayCompression } from '../../machines/client.js';

/** How messages are compressed: within one stream for each connection, or each by itself ("Transport Compression", "Payload Compression"). */
export type Compression = GatewayCompression | 'payload';

/** Who hears from an inflater. */
export interface InflateCallbacks {
  /** A whole message, in the order they were written. The bytes are the inflater's again when this returns. */
  inflated(bytes: Uint8Array): void;
  /** The data is corrupt, or a message too large; nothing follows. `problem` quotes none of it. */
  failed(problem: string): void;
}

/** Decompresses what one connection receives. None of its methods throws. */
export interface Inflater {
  /**
   * Takes the next bytes, which are not written to any more. With `isEnd` a message ends here, and exactly one call of
   * `inflated` or `failed` follows: before this returns, or later where the platform is not synchronous.
   */
  write(data: Uint8Array, isEnd: boolean): void;
  /** Lets go of all memory. No callback is called any more. */
  close(): void;
}

/** Settings of one inflater. */
export interface InflateOptions {
  /** The largest message, decompressed, in bytes. A larger one is `failed` before the memory is taken. */
  readonly maxBytes: number;
}

/** Makes inflaters. */
export interface InflatePort {
  /** Whether it can decompress this here. */
  supports(compression: Compression): boolean;
  /** An inflater for a new connection. Only for what is supported. */
  open(compression: Compression, options: InflateOptions, callbacks: InflateCallbacks): Inflater;
}

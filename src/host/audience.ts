/** What a shard delivers, and to whom. */
import type { Wanted } from '../wire/decode.js';

/** What a dispatch says of itself besides its data. */
export interface DispatchHead {
  readonly name: string;
  /** Null where the Gateway gave it none. */
  readonly sequence: number | null;
  /** Missed while disconnected, and sent again before RESUMED. */
  readonly replayed: boolean;
  /** Names its session without giving it away, the same in every process; null where it has no id. */
  readonly session: string | null;
}

/** A dispatch, as it came. */
export interface Dispatch extends DispatchHead {
  readonly data: unknown;
}

/** A message as it came, decompressed: JSON as text or the bytes of it, ETF as bytes. */
export type RawMessage = string | Uint8Array;

/** Where dispatches are delivered. */
export interface Audience {
  /** Which dispatches are to be parsed; asked for each, directly by the decoder. */
  readonly wanted: Wanted;
  /** A dispatch that was parsed, before it is delivered or skipped: it may answer a request. */
  answered?(name: string, data: unknown, sequence: number | null): void;
  /** A dispatch, and the message it came in, whose bytes are another's again when this returns. */
  dispatch(dispatch: Dispatch, message: RawMessage): void;
  /** The same for one that is not wanted. */
  skipped(head: DispatchHead, message: RawMessage): void;
}

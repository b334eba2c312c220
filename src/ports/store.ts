import type { GatewayEncoding, GatewayVersion } from '../../machines/client.js';
import type { Compression } from './inflate.js';

/** How the connections of a session are spoken: a resume has to keep to it ("Resuming"). */
export interface WireParameters {
  readonly version: GatewayVersion;
  readonly encoding: GatewayEncoding;
  readonly compress: Compression | false;
}

/** A session to be resumed later, elsewhere: plain JSON. It holds no token, but whoever has the token and it has the session. */
export interface ResumeRecord {
  readonly version: 1;
  readonly sessionId: string;
  readonly resumeUrl: string | null;
  /** The last sequence that was handled, so that whatever was not comes again. */
  readonly sequence: number;
  readonly shard: readonly [id: number, count: number];
  readonly intents: number;
  readonly wire: WireParameters;
  /** The Gateway URL that was configured, without userinfo and query; null if Discord was asked for it, and absent in records of before. */
  readonly gatewayUrl?: string | null;
  /** When it was made, in ms since 1970. */
  readonly savedAt: number;
}

/** Keeps a resume record. */
export interface StorePort {
  load(): Promise<ResumeRecord | null>;
  save(record: ResumeRecord): Promise<void>;
  clear(): Promise<void>;
}

/** Where what is shown comes from. */
import type { Line } from '../model/lines.js';

/** Who hears of a source. */
export interface Listener {
  line(line: Line): void;
  /** Something that makes no sense came. */
  strange(): void;
  status(status: Status): void;
}

/** How a source does, for the head of the page. */
export interface Status {
  readonly kind: 'none' | 'live' | 'lost' | 'file';
  readonly says: string;
}

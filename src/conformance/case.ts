/** A case: what the Gateway does, and what a client has to do about it. */
import type { FaultName, FaultOptions, GatewayOptions, LogEntry } from '../simulator/index.js';
import type { ControlOrder, Order, Told } from './control.js';
import type { Evidence } from './evidence.js';

/** What the script can wait for: the next of its kind after the one it waited for before. */
export type Landmark = 'open' | 'identify' | 'resume' | 'ready' | 'resumed' | 'live' | 'message' | 'end' | 'heartbeat';

/** A step of the Gateway's side. Times in ms. */
export type Step =
  /** What is waited for need not come where it says `orNot`. */
  | { readonly until: Landmark; readonly within?: number; readonly orNot?: true }
  | { readonly wait: number }
  /** Something that the client tells, from the last order to it on. */
  | { readonly hear: Told; readonly within?: number }
  /** An order to the client. */
  | { readonly tell: Exclude<ControlOrder, { order: 'send' }> }
  /** So many commands at once; `{guild}` in the data is a guild of the session. */
  | { readonly send: number; readonly op: number; readonly d: (number: number) => unknown }
  /** The process ends, without a word, and another begins with the record that it told last. */
  | { readonly restart: true }
  /** Heartbeat intervals. */
  | { readonly beats: number }
  /** The steps again and again for so long, in ms; what they wait for need not come before the end. */
  | { readonly during: number; readonly steps: readonly Step[] }
  | { readonly order: 'dropTcp' | 'requestReconnect' | 'requestHeartbeat' }
  | { readonly order: 'closeWith'; readonly code: number }
  | { readonly order: 'invalidateSession'; readonly resumable: boolean }
  | { readonly order: 'dispatch'; readonly name: string; readonly data: unknown }
  | { readonly fault: FaultName; readonly options?: FaultOptions }
  | { readonly clear: true }
  | { readonly configure: GatewayOptions };

/** How strongly the documentation says so: `must`, `should`, or not at all, where a client still has to survive. */
export type Level = 'must' | 'should' | 'robustness';

/** What a finding costs, worst first. */
export const GRADES = {
  crash: 'the process ends',
  budget: 'identifies are spent, of which a bot has 1,000 a day',
  stuck: 'the client does not come back',
  return: 'the client comes back where it must not',
  loss: 'messages are lost',
  double: 'messages arrive twice',
  sockets: 'connections are opened faster than they should be',
  secret: 'a secret is printed',
  letter: 'the documentation says otherwise',
} as const;
export type Grade = keyof typeof GRADES;

/** Something that is wrong, or noteworthy. */
export interface Finding {
  readonly grade: Grade;
  /** A sentence. */
  readonly says: string;
  /** The clause that it breaks, where it is another than the case's. */
  readonly spec?: string;
  /** When, for the timeline. */
  readonly at?: number;
  /** Within the documentation's freedom, or a matter of taste: why. */
  readonly tolerated?: string;
}

/** What is held against the evidence. */
export type Check = (evidence: Evidence) => readonly Finding[];

/** One case. */
export interface Case {
  /** Stable, with a group before the slash, such as `close/4009-live`. */
  readonly id: string;
  /** The section of Discord's documentation. */
  readonly spec: string;
  readonly level: Level;
  /** What the client has to be able to do; `not tested` with one that is not. */
  readonly needs?: readonly Order[];
  /** What the client has to do, as a sentence. */
  readonly says: string;
  /** What the simulated Gateway is like. */
  readonly gateway?: GatewayOptions;
  /** Played before the client starts. */
  readonly before?: readonly Step[];
  readonly script: readonly Step[];
  /**
   * What on the wire is the thing that happens to the client: what it does is judged from then on, and without it the verdict
   * is `not reached`. Where it is left out, the first order of the script.
   */
  readonly strikes?: (entry: LogEntry) => boolean;
  /** How long is watched after the script, in ms; less once `isSettled`. */
  readonly watch: number;
  /** Whether nothing more can be learned. */
  readonly isSettled?: (evidence: Evidence) => boolean;
  /** Null where the client came to what the case is about; else what is missing, and the verdict is `not reached`. */
  readonly reached?: (evidence: Evidence) => string | null;
  readonly checks: readonly Check[];
  /** What the usual checks find and this case takes: rules by their sentences. */
  readonly except?: readonly string[];
  /** Measures time, so that few of its kind may run at once. */
  readonly timed?: boolean;
  /** Played with `--profile quick` as well. */
  readonly quick?: boolean;
}

/** The ways in which `gatechart soak` makes a shard lose its connection. */
import type { RandomPort } from '../../ports/index.js';
import type { Control } from '../../simulator/index.js';

/** A way to lose a connection. */
export interface Loss {
  readonly says: string;
  /** How often it is drawn, relative to the others. */
  readonly weight: number;
  /** How many resumes are to fail in the middle of the replay, before one succeeds. */
  readonly cutReplays?: (random: RandomPort) => number;
  strike(control: Control, random: RandomPort): void;
}

const KEEPING = [1000, 1001, 1011, 1012, 4000, 4001, 4002, 4008, 4999];
const ENDING = [4003, 4005, 4006, 4007, 4009];
const pick = (codes: readonly number[], random: RandomPort) => codes[Math.floor(random() * codes.length)] as number;

// biome-ignore format: aligned table
const ROWS = {
  closed:             { weight: 20, says: 'closed by the Gateway, session kept',       strike: (control, random) => control.closeWith(pick(KEEPING, random)) },
  reconnectRequested: { weight: 20, says: 'asked to reconnect (op 7)',                 strike: (control) => control.requestReconnect() },
  tcpCut:             { weight: 20, says: 'TCP cut',                                   strike: (control) => control.dropTcp() },
  interrupted:        { weight: 10, says: 'Invalid Session, d true (op 9)',            strike: (control) => control.invalidateSession(true) },
  cutInReplay:        { weight: 10, says: 'TCP cut, and again during the replay',      strike: (control) => control.dropTcp(), cutReplays: (random) => 1 + Math.floor(random() * 2) },
  resumeDropped:      { weight: 5,  says: 'TCP cut, next resume accepted and dropped', strike: (control) => { control.injectFault('resumeThenDrop', { times: 1 }); control.dropTcp(); } },
  resumeHostRefused:  { weight: 5,  says: 'TCP cut, resume host refuses',              strike: (control) => { control.injectFault('refuseResumeHost'); control.dropTcp(); } },
  closeIgnored:       { weight: 3,  says: 'op 7, our close is not answered',           strike: (control) => { control.injectFault('ignoreClose'); control.requestReconnect(); } },
  helloWithheld:      { weight: 2,  says: 'TCP cut, next Hello withheld',              strike: (control) => { control.injectFault('withholdHello', { times: 1 }); control.dropTcp(); } },
  zombie:             { weight: 1,  says: 'ACKs swallowed: a zombie',                  strike: (control) => control.injectFault('swallowAcks') },
  silence:            { weight: 1,  says: 'dead, while TCP stays up: a zombie',        strike: (control) => control.injectFault('goSilent') },
  invalidated:        { weight: 2,  says: 'Invalid Session, d false: session lost',    strike: (control) => control.invalidateSession(false) },
  closedForGood:      { weight: 1,  says: 'closed with a code that ends the session',  strike: (control, random) => control.closeWith(pick(ENDING, random)) },
} as const satisfies Record<string, Loss>;

/** The name of a way to lose a connection. */
export type LossName = keyof typeof ROWS;

/** The ways, by name. */
export const LOSSES: Readonly<Record<LossName, Loss>> = ROWS;

const TOTAL = Object.values(ROWS).reduce((sum, { weight }) => sum + weight, 0);

/** Draws a way by weight. */
export function drawLoss(random: RandomPort): LossName {
  let left = random() * TOTAL;
  for (const [name, { weight }] of Object.entries(ROWS)) {
    left -= weight;
    if (left < 0) return name as LossName;
  }
  return 'tcpCut';
}

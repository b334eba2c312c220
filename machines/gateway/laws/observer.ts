/** Somebody who has read the documentation and watches the Gateway's side: what comes in, what it sends, and no state. */

import type { EdgeView, Observer } from '../../kit/invariants.js';
import type { GatewayContext, GatewayEffects, GatewayEvent } from '../vocabulary.js';

export type GatewayEdge = EdgeView<GatewayContext, GatewayEvent>;

/** What the watcher knows of the connection. */
export interface GatewaySeen {
  /** `closing` once the Gateway has sent a close frame; `silent` after `fault.goSilent`. */
  readonly link: 'none' | 'open' | 'closing' | 'silent';
  readonly greeted: boolean;
  /** `starting` from an accepted Identify to READY, `replaying` from an accepted Resume to RESUMED. */
  readonly stage: 'none' | 'starting' | 'replaying' | 'live';
  /** The one answer that is left out, as ordered. */
  readonly without: 'nothing' | 'hello' | 'ready' | 'resumed' | 'acks' | 'replay' | 'close';
  /** Whether the answer that is due now is being held back. */
  readonly held: boolean;
  readonly reads: boolean;
  readonly askedToLeave: boolean;
}

const NO_CONNECTION: GatewaySeen = {
  link: 'none',
  greeted: false,
  stage: 'none',
  without: 'nothing',
  held: false,
  reads: true,
  askedToLeave: false,
};

const WITHOUT: Readonly<Partial<Record<GatewayEvent['type'], GatewaySeen['without']>>> = {
  'fault.withholdHello': 'hello',
  'fault.withholdReady': 'ready',
  'fault.withholdResumed': 'resumed',
  'fault.swallowAcks': 'acks',
  'fault.resumeThenDrop': 'replay',
  'fault.ignoreClose': 'close',
  'fault.end': 'nothing',
};

/** The watcher of the Gateway's side. */
export const gatewayObserver: Observer<GatewayContext, GatewayEvent, GatewaySeen> = {
  begin: NO_CONNECTION,
  see: (seen, move) => {
    const heard = hearGateway(seen, move);
    return move.instructions.reduce((at, { type }) => act(at, type as keyof GatewayEffects, move.event), heard);
  },
};

/** What an event alone tells. */
function hearGateway(seen: GatewaySeen, { event, from }: GatewayEdge): GatewaySeen {
  if (event.type === 'connected') return { ...NO_CONNECTION, link: 'open' };
  if (seen.link === 'none') return seen;
  if (event.type === 'closed') return endsLink(seen, event.code) ? NO_CONNECTION : seen;
  if (seen.link !== 'open') return seen;
  const without = WITHOUT[event.type] ?? seen.without;
  switch (event.type) {
    case 'received.identify':
      if (!seen.greeted && without === 'hello') return { ...seen, held: true };
      return isAwaited(seen) && refusal(event) === null ? { ...seen, stage: 'starting' } : seen;
    case 'received.resume':
      if (!seen.greeted && without === 'hello') return { ...seen, held: true };
      return isAwaited(seen) && fateOfResume(event, from.snapshot.context) === 'replay'
        ? { ...seen, stage: 'replaying' }
        : seen;
    case 'fault.goSilent':
      return { ...NO_CONNECTION, link: 'silent' };
    case 'fault.stopReading':
      return { ...seen, reads: false };
    case 'fault.startReading':
      return { ...seen, reads: true };
    case 'fault.end':
      return { ...seen, without, held: false, reads: true };
    case 'timer.hello':
      return { ...seen, held: without === 'hello' };
    case 'timer.ready':
      return { ...seen, held: without === 'ready' };
    case 'timer.replay':
      return { ...seen, held: without === 'resumed' && from.snapshot.context.backlog.length === 0 };
    default:
      return { ...seen, without };
  }
}

function act(seen: GatewaySeen, effect: keyof GatewayEffects, event: GatewayEvent): GatewaySeen {
  switch (effect) {
    case 'sendHello':
      return { ...seen, greeted: true };
    case 'sendReady':
    case 'sendResumed':
      return { ...seen, stage: 'live' };
    case 'sendInvalidSession':
      return { ...seen, stage: 'none', held: false };
    case 'sendReconnect':
      return { ...seen, askedToLeave: true };
    case 'close':
      return { ...NO_CONNECTION, link: 'closing' };
    case 'dropTcp':
      return event.type === 'connected' ? seen : NO_CONNECTION; // what is dropped then is the connection before
    default:
      return seen;
  }
}

/** Whether the client's close, or its loss, ends the connection here: unless it is not heard. */
export function endsLink({ link, without }: GatewaySeen, code: number): boolean {
  if (link === 'closing' || code === 1006) return true;
  return link === 'open' && without !== 'close';
}

/** Whether Identify or Resume may come now: also before Hello, which it then brings, unless that is left out. */
export function isAwaited({ link, greeted, stage, held, without }: GatewaySeen): boolean {
  return link === 'open' && stage === 'none' && (greeted || (!held && without !== 'hello'));
}

/** The close code that an Identify earns, 9 for Invalid Session, or null if nothing is wrong with it. */
export function refusal(event: GatewayEvent & { type: 'received.identify' }): number | null {
  if (!event.tokenMatches) return 4004;
  if (!event.shardValid) return 4010;
  if (event.shardingRequired) return 4011;
  if (!event.versionValid) return 4012;
  if (!event.intentsValid) return 4013;
  if (!event.intentsAllowed) return 4014;
  return event.permitted ? null : 9;
}

/** What an awaited Resume leads to: a close code, 9 for Invalid Session, or a replay. */
export function fateOfResume(
  event: GatewayEvent & { type: 'received.resume' },
  { session }: GatewayContext,
): number | 'replay' {
  if (!event.tokenMatches) return 4004;
  if (session === null || session.id !== event.sessionId) return 9;
  if (event.sequence > session.sequence) return 4007;
  return event.sequence < session.floor ? 9 : 'replay';
}

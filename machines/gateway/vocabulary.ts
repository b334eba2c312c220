/**
 * The words of the Gateway chart: its events, effects, context, guards, actions and delays.
 * The chart (chart.ts and its parts) holds names only; what they do stands here, a line each. What they mean to people: words.ts.
 */

import { and, assign, cancel, not, setup, stateIn } from 'xstate';
import { effect } from '../kit/gate.js';
import { ANYTHING, demandGiven, type Fields } from '../kit/shape.js';
import { clientCloseCode, closeCode } from '../protocol/close-codes.js';
import type { GatewayCause, GatewayCauseName } from './causes.js';
import { type KeptDispatch, keep, keptSince, type ReplayBuffer } from './replay-buffer.js';

/** A session: plain data, so that it can move from one connection's chart to another's. */
export interface GatewaySession {
  readonly id: string;
  /** The last `s` given out. */
  readonly sequence: number;
  /** The last `s` that can no longer be replayed; READY, with 1, never can. */
  readonly floor: number;
  /** The dispatches since, in order. RESUMED is not among them: its number is skipped in a replay. */
  readonly buffer: ReplayBuffer;
}

/** How the Gateway behaves where the documentation leaves it open, as plain data. Times are in ms. */
export interface GatewaySettings {
  /** What Hello says. */
  readonly heartbeatInterval: number;
  /** Heartbeat intervals without a heartbeat after which the connection is closed. */
  readonly heartbeatGrace: number;
  /** The code it is then closed with; not documented. 1000 is what has been seen, and leaves the session; with 4009 it ends. */
  readonly missedHeartbeatCode: number;
  /** How long Hello, READY and each part of a replay take. A client that identifies or resumes before Hello gets it at once. */
  readonly helloDelay: number;
  readonly readyDelay: number;
  readonly replayDelay: number;
  /** Dispatches in one part of a replay. */
  readonly replayBatch: number;
  /** Dispatches kept for a replay. */
  readonly replayBuffer: number;
  /** How long a session without a connection is kept: "a few minutes". */
  readonly sessionRetention: number;
  /** How long the client may stay after Reconnect. */
  readonly reconnectGrace: number;
  /** How long the client may take to answer a close. */
  readonly closeGrace: number;
}

/** What the Gateway does unless told otherwise. */
export const DEFAULT_GATEWAY_SETTINGS: GatewaySettings = {
  heartbeatInterval: 41_250,
  heartbeatGrace: 1.5,
  missedHeartbeatCode: 1000,
  helloDelay: 0,
  readyDelay: 0,
  replayDelay: 0,
  replayBatch: 100,
  replayBuffer: 1_000,
  sessionRetention: 180_000,
  reconnectGrace: 5_000,
  closeGrace: 5_000,
};

/** The deadlines of the chart; each is a timer's id, its delay's name, and `timer.<name>` its event. */
export const GATEWAY_TIMERS = ['hello', 'ready', 'replay', 'heartbeat', 'leave', 'close', 'retention'] as const;
/** The name of a deadline. */
export type GatewayTimer = (typeof GATEWAY_TIMERS)[number];

/** What the client did. `closed` with 1006: the connection was lost without a close frame. */
export type ClientEvent =
  /** A new connection, with the number that the events of this connection carry from now on. */
  | { readonly type: 'connected'; readonly number: number }
  | { readonly type: 'closed'; readonly connection: number; readonly code: number }
  /** Identify, with the answers to what only the host can check, and the id that a new session would have. */
  | ({ readonly type: 'received.identify'; readonly connection: number; readonly sessionId: string } & IdentifyFacts)
  | {
      readonly type: 'received.resume';
      readonly connection: number;
      readonly sessionId: string;
      readonly sequence: number;
      readonly tokenMatches: boolean;
    }
  | { readonly type: 'received.heartbeat'; readonly connection: number; readonly sequence: number | null }
  /** Any other legal command. */
  | ({ readonly type: 'received.command'; readonly connection: number } & ReceivedCommand)
  | { readonly type: 'received.unknownOpcode'; readonly connection: number; readonly opcode: number }
  | { readonly type: 'received.undecodable'; readonly connection: number }
  /** More than 4096 bytes. */
  | { readonly type: 'received.tooLarge'; readonly connection: number }
  /** The payload that breaks the limit of 120 per 60 s, whatever it holds. */
  | { readonly type: 'received.tooMany'; readonly connection: number };

/** A command of the client, other than Identify, Resume and heartbeats. */
export interface ReceivedCommand {
  readonly opcode: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What has to hold for an Identify, in the order of "Gateway Close Event Codes". */
export interface IdentifyFacts {
  readonly tokenMatches: boolean;
  readonly shardValid: boolean;
  readonly shardingRequired: boolean;
  readonly versionValid: boolean;
  readonly intentsValid: boolean;
  readonly intentsAllowed: boolean;
  /** No other identify of this lane within 5 s. */
  readonly permitted: boolean;
}

/** What happens at the Gateway. */
export type GatewayOccurrence =
  /** A dispatch for the session, wherever its client is. */
  | { readonly type: 'dispatch'; readonly name: string; readonly data: unknown }
  /** Op 1. */
  | { readonly type: 'requestHeartbeat' }
  /** Op 7. */
  | { readonly type: 'requestReconnect' }
  /** Op 9; without a connection the session just ends. */
  | { readonly type: 'invalidateSession'; readonly resumable: boolean }
  | { readonly type: 'closeWith'; readonly code: number }
  /** A session comes over from another connection, about to be resumed on this one; or it goes to another. */
  | { readonly type: 'adopt'; readonly session: GatewaySession }
  | { readonly type: 'release' };

/** What goes wrong, on this connection only. One answer at a time is left out; `fault.end` puts everything right but silence. */
export type GatewayFault =
  | { readonly type: 'fault.withholdHello' }
  | { readonly type: 'fault.withholdReady' }
  | { readonly type: 'fault.withholdResumed' }
  | { readonly type: 'fault.swallowAcks' }
  /** A resume is accepted, and the TCP connection dropped before anything is replayed. */
  | { readonly type: 'fault.resumeThenDrop' }
  /** The client's close frame is not answered, and sending goes on. */
  | { readonly type: 'fault.ignoreClose' }
  | { readonly type: 'fault.end' }
  /** Dead, but for TCP: nothing is read or sent any more. */
  | { readonly type: 'fault.goSilent' }
  /** Nothing is read from TCP any more, so that the client's sends pile up; sending goes on. */
  | { readonly type: 'fault.stopReading' }
  | { readonly type: 'fault.startReading' }
  | { readonly type: 'fault.dropTcp' }
  | { readonly type: 'fault.malformed'; readonly kind: string }
  /** So many sequence numbers are left out. */
  | { readonly type: 'fault.skipSequence'; readonly by: number };

/** Every event of the Gateway chart. */
export type GatewayEvent = ClientEvent | GatewayOccurrence | GatewayFault | { readonly type: `timer.${GatewayTimer}` };

/** What the chart asks its host to do. */
export interface GatewayEffects {
  sendHello: { readonly interval: number };
  sendReady: { readonly sessionId: string; readonly sequence: number };
  sendDispatch: KeptDispatch;
  /** A part of a replay, in order. */
  sendReplay: { readonly dispatches: readonly KeptDispatch[] };
  sendResumed: { readonly sequence: number };
  sendAck: Record<never, never>;
  sendHeartbeatRequest: Record<never, never>;
  sendReconnect: Record<never, never>;
  sendInvalidSession: { readonly resumable: boolean };
  /** What belongs to a command: chunks of members, say. */
  answerCommand: ReceivedCommand;
  /** A frame that is not what it should be. `sequence` is the session's, for those that show one. */
  sendRaw: { readonly kind: string; readonly sequence: number };
  /** Our close frame. */
  close: { readonly code: number };
  /** The close frame that answers the client's. */
  answerClose: { readonly code: number };
  dropTcp: { readonly connection: number };
  stopReading: Record<never, never>;
  startReading: Record<never, never>;
  report: { readonly cause: GatewayCause };
}

/** What the chart remembers. */
export interface GatewayContext {
  readonly settings: GatewaySettings;
  /** The number of the newest connection. */
  readonly connection: number;
  /** The session that is live or can be resumed here. */
  readonly session: GatewaySession | null;
  /** The id of the session that READY will begin. */
  readonly offered: string;
  /** What is still to be replayed. */
  readonly backlog: readonly KeptDispatch[];
}

/** What the Gateway starts from. */
export interface GatewayInput {
  readonly settings?: Partial<GatewaySettings>;
}

const INPUT: Fields = {
  fields: {
    settings: { fields: Object.fromEntries(Object.keys(DEFAULT_GATEWAY_SETTINGS).map((name) => [name, ANYTHING])) },
  },
};

/** The context of a Gateway that nobody has connected to. */
export function gatewayContext(input: GatewayInput = {}): GatewayContext {
  demandGiven('input', input, INPUT);
  const { settings } = input;
  return {
    settings: { ...DEFAULT_GATEWAY_SETTINGS, ...settings },
    connection: 0,
    session: null,
    offered: '',
    backlog: [],
  };
}

const OPEN = '#gateway.connection.open';

/** The chart's words, to write a chart with: `gatewaySetup.createMachine({ ... })`. */
export const gatewaySetup = setup({
  types: {} as {
    context: GatewayContext;
    events: GatewayEvent;
    input: GatewayInput | undefined;
    tags: 'ready';
    meta: { readonly spec: string };
  },

  delays: {
    hello: ({ context }) => context.settings.helloDelay,
    ready: ({ context }) => context.settings.readyDelay,
    replay: ({ context }) => context.settings.replayDelay,
    heartbeat: ({ context }) => context.settings.heartbeatInterval * context.settings.heartbeatGrace,
    leave: ({ context }) => context.settings.reconnectGrace,
    close: ({ context }) => context.settings.closeGrace,
    retention: ({ context }) => context.settings.sessionRetention,
  } satisfies Record<GatewayTimer, (args: { context: GatewayContext }) => number>,

  guards: {
    hasSession: ({ context }) => context.session !== null,
    hasBacklog: ({ context }) => context.backlog.length > 0,

    // Identify, as the host checked it.
    failsAuthentication: ({ event }) => 'tokenMatches' in event && !event.tokenMatches,
    asksForInvalidVersion: ({ event }) => event.type === 'received.identify' && !event.versionValid,
    hasInvalidShard: ({ event }) => event.type === 'received.identify' && !event.shardValid,
    needsSharding: ({ event }) => event.type === 'received.identify' && event.shardingRequired,
    hasInvalidIntents: ({ event }) => event.type === 'received.identify' && !event.intentsValid,
    hasDisallowedIntents: ({ event }) => event.type === 'received.identify' && !event.intentsAllowed,
    comesTooSoon: ({ event }) => event.type === 'received.identify' && !event.permitted,

    // Resume, against the session kept here.
    namesUnknownSession: ({ context, event }) =>
      event.type === 'received.resume' && event.sessionId !== context.session?.id,
    namesUnknownSequence: ({ context: { session }, event }) =>
      event.type === 'received.resume' && session !== null && event.sequence > session.sequence,
    comesTooLate: ({ context: { session }, event }) =>
      event.type === 'received.resume' && session !== null && event.sequence < session.floor,

    // Whether a close ends the session: by the client with 1000 and 1001, by the Gateway as the table of codes has it.
    isLost: ({ event }) => event.type === 'closed' && event.code === 1006,
    endsSession: ({ event }) => event.type === 'closed' && clientCloseCode(event.code).session === 'ends',
    orderEndsSession: ({ event }) => event.type === 'closeWith' && closeCode(event.code).recovery !== 'resume',
    silenceEndsSession: ({ context }) => closeCode(context.settings.missedHeartbeatCode).recovery !== 'resume',
    isResumable: ({ event }) => event.type === 'invalidateSession' && event.resumable,

    // What goes on in the other regions.
    isGreeting: stateIn(`${OPEN}.session.greeting`),
    withholdsHello: stateIn(`${OPEN}.answers.withoutHello`),
    givesHello: and([stateIn(`${OPEN}.session.greeting.due`), not(stateIn(`${OPEN}.answers.withoutHello`))]),
    withholdsReady: stateIn(`${OPEN}.answers.withoutReady`),
    withholdsResumed: stateIn(`${OPEN}.answers.withoutResumed`),
    swallowsAcks: stateIn(`${OPEN}.answers.withoutAcks`),
    dropsResumes: stateIn(`${OPEN}.answers.withoutReplay`),
  },

  actions: {
    // What the chart remembers.
    numberConnection: assign(({ event }) => (event.type === 'connected' ? { connection: event.number } : {})),
    takeOffer: assign(({ event }) => (event.type === 'received.identify' ? { offered: event.sessionId } : {})),
    startSession: assign({ session: ({ context }) => ({ id: context.offered, sequence: 1, floor: 1, buffer: [] }) }),
    takeSession: assign(({ event }) => (event.type === 'adopt' ? { session: event.session } : {})),
    forgetSession: assign({ session: null }),
    /** The dispatch gets its number and is kept, also while its client is here: nobody knows what will have arrived. */
    keepDispatch: assign(({ context, event }) => ({ session: withDispatch(context, event) })),
    /** RESUMED has a number of its own and is never replayed. */
    numberResumed: assign({ session: ({ context }) => skipped(context.session, 1) }),
    skipSequence: assign(({ context, event }) =>
      event.type === 'fault.skipSequence' ? { session: skipped(context.session, event.by) } : {},
    ),
    /** What is malformed about a dispatch need not be its number: it gets the next, and nobody replays it. */
    numberRaw: assign({ session: ({ context }) => skipped(context.session, 1) }),
    takeBacklog: assign(({ context, event }) => ({ backlog: missedSince(context.session, event) })),
    /** What is dispatched during a replay comes after it. */
    queueDispatch: assign({
      backlog: ({ context, event }) => [...context.backlog, ...missedSince(context.session, event)],
    }),
    dropBatch: assign({ backlog: ({ context }) => context.backlog.slice(context.settings.replayBatch) }),
    forgetBacklog: assign({ backlog: [] }),

    // Timers: the event of a deadline, its id and its delay carry one name.
    disarm: cancel((_, { timer }: { timer: GatewayTimer }) => timer),

    // Effects: typed here, done by the host.
    sendHello: effect<GatewayEffects['sendHello']>(),
    sendReady: effect<GatewayEffects['sendReady']>(),
    sendDispatch: effect<GatewayEffects['sendDispatch']>(),
    sendReplay: effect<GatewayEffects['sendReplay']>(),
    sendResumed: effect<GatewayEffects['sendResumed']>(),
    sendAck: effect<GatewayEffects['sendAck']>(),
    sendHeartbeatRequest: effect<GatewayEffects['sendHeartbeatRequest']>(),
    sendReconnect: effect<GatewayEffects['sendReconnect']>(),
    sendInvalidSession: effect<GatewayEffects['sendInvalidSession']>(),
    answerCommand: effect<GatewayEffects['answerCommand']>(),
    sendRaw: effect<GatewayEffects['sendRaw']>(),
    close: effect<GatewayEffects['close']>(),
    answerClose: effect<GatewayEffects['answerClose']>(),
    dropTcp: effect<GatewayEffects['dropTcp']>(),
    stopReading: effect<GatewayEffects['stopReading']>(),
    startReading: effect<GatewayEffects['startReading']>(),
    report: effect<GatewayEffects['report']>(),
  },
});

/** The session with one dispatch more, and the oldest gone if they are too many. */
function withDispatch({ session, settings }: GatewayContext, event: GatewayEvent): GatewaySession | null {
  if (session === null || event.type !== 'dispatch') return session;
  const sequence = session.sequence + 1;
  const { buffer, lost } = keep(
    session.buffer,
    { sequence, name: event.name, data: event.data },
    settings.replayBuffer,
  );
  return { ...session, sequence, buffer, floor: lost?.sequence ?? session.floor };
}

function skipped(session: GatewaySession | null, by: number): GatewaySession | null {
  return session === null ? null : { ...session, sequence: session.sequence + by };
}

/** What a resume has to replay; or, of a dispatch that has just been kept, the dispatch. */
function missedSince(session: GatewaySession | null, event: GatewayEvent): readonly KeptDispatch[] {
  if (session === null) return [];
  if (event.type === 'dispatch') return [{ sequence: session.sequence, name: event.name, data: event.data }];
  return event.type === 'received.resume' ? keptSince(session.buffer, event.sequence) : [];
}

/** What an event tells of its cause, beyond its type. */
function detail(event: GatewayEvent): Omit<GatewayCause, 'name'> {
  switch (event.type) {
    case 'closed':
    case 'closeWith':
      return { closeCode: event.code };
    case 'received.command':
    case 'received.unknownOpcode':
      return { frame: `op ${event.opcode}` };
    case 'fault.malformed':
      return { frame: event.kind };
    default:
      return {};
  }
}

// Helpers that make the chart's lines short. Each stands for actions of the vocabulary.

/** Starts a timer: `timer.<name>` arrives after the delay of the same name, unless it is disarmed. */
export function armGateway(timer: GatewayTimer) {
  return gatewaySetup.raise({ type: `timer.${timer}` }, { id: timer, delay: timer });
}

/** The event once more, for the state that it leads to. */
export const raiseAgain = gatewaySetup.raise(({ event }) => event);

/** Stops a timer. */
export function disarmGateway(timer: GatewayTimer) {
  return { type: 'disarm', params: { timer } } as const;
}

/** The reason for a transition, reported on the transition itself. The function is named after it: the chart as data shows the name. */
export function reporting(name: GatewayCauseName) {
  const params = ({ event }: { event: GatewayEvent }) => ({ cause: { name, ...detail(event) } });
  return { type: 'report', params: Object.defineProperty(params, 'name', { value: name }) } as const;
}

/**
 * The Gateway's side, as one client may observe it, over one connection after another: the mirror of shard.ts, in the
 * order of Discord's documentation. Hello, the checks of Identify, READY, the replay of a resume, every close code for
 * the fault that earns it, and what may go wrong on the way, as events (`fault.swallowAcks`).
 *
 * A seat for one client: the Gateway is `listening`, perhaps with a session that waits to be resumed, or has a
 * `connection`. Who serves many clients runs a chart for each connection, and moves a session that is resumed elsewhere
 * as data (`release` there, `adopt` here). Whether a token matches, intents exist or 120 payloads have been exceeded
 * only the host can tell: it says so in the event. Like the shard chart this one holds no I/O, and `connected` gives
 * the number that every later event of the connection carries.
 */
import { gated } from '../kit/gate.js';
import {
  armGateway as arm,
  disarmGateway as disarm,
  type GatewayContext,
  type GatewayEvent,
  gatewayContext,
  gatewaySetup,
  raiseAgain,
  reporting,
} from './vocabulary.js';

interface Args {
  readonly context: GatewayContext;
  readonly event: GatewayEvent;
}

const CONNECTION = '#gateway.connection';
const SESSION = `${CONNECTION}.open.session`;
const CLOSING = `${CONNECTION}.closing`;

const closeWith = (code: number) => ({ type: 'close', params: { code } }) as const;
const orderedCode = ({ event }: Args) => ({ code: event.type === 'closeWith' ? event.code : 1000 });
const closeAsOrdered = { type: 'close', params: orderedCode } as const;
const missedHeartbeatCode = ({ context }: Args) => ({ code: context.settings.missedHeartbeatCode });
const closeUnheard = { type: 'close', params: missedHeartbeatCode } as const;
const answerClose = {
  type: 'answerClose',
  params: ({ event }: Args) => ({ code: event.type === 'closed' ? event.code : 1000 }),
} as const;
const dropTcp = { type: 'dropTcp', params: ({ context }: Args) => ({ connection: context.connection }) } as const;
const invalidSession = (resumable: boolean) => ({ type: 'sendInvalidSession', params: { resumable } }) as const;
const sendHello = {
  type: 'sendHello',
  params: ({ context }: Args) => ({ interval: context.settings.heartbeatInterval }),
} as const;
const sendReady = {
  type: 'sendReady',
  params: ({ context }: Args) => ({ sessionId: context.session?.id ?? '', sequence: context.session?.sequence ?? 0 }),
} as const;
const sendReplay = {
  type: 'sendReplay',
  params: ({ context }: Args) => ({ dispatches: context.backlog.slice(0, context.settings.replayBatch) }),
} as const;
const sendResumed = {
  type: 'sendResumed',
  params: ({ context }: Args) => ({ sequence: context.session?.sequence ?? 0 }),
} as const;
const sendReconnect = { type: 'sendReconnect', params: {} } as const;
const sendDispatch = {
  type: 'sendDispatch',
  params: ({ context, event }: Args) => ({
    sequence: context.session?.sequence ?? 0,
    name: event.type === 'dispatch' ? event.name : '',
    data: event.type === 'dispatch' ? event.data : null,
  }),
} as const;
const answerCommand = {
  type: 'answerCommand',
  params: ({ event }: Args) =>
    event.type === 'received.command' ? { opcode: event.opcode, data: event.data } : { opcode: -1, data: {} },
} as const;

const sendRaw = {
  type: 'sendRaw',
  params: ({ context, event }: Args) => ({
    kind: event.type === 'fault.malformed' ? event.kind : '',
    sequence: context.session?.sequence ?? 0,
  }),
} as const;

/** A second Identify or Resume on one connection. */
const alreadyAuthenticated = {
  target: CLOSING,
  actions: ['forgetSession', closeWith(4005), reporting('alreadyAuthenticated')],
} as const;
/** An Identify or Resume that comes before Hello brings it, and is then judged like any other. */
const early = [
  { guard: 'withholdsHello', target: `${SESSION}.greeting.withheld`, actions: [reporting('helloWithheld')] },
  { target: `${SESSION}.awaitingIdentify`, actions: [sendHello, reporting('helloSent'), raiseAgain] },
] as const;
const notAuthenticated = { target: CLOSING, actions: [closeWith(4003), reporting('notAuthenticated')] } as const;
const beforeHello = { target: CLOSING, actions: [closeWith(4003), reporting('beforeHello')] } as const;

/** A session that was live here is resumed elsewhere: for the client of this connection it is gone. */
const taken = { target: CLOSING, actions: ['forgetSession', closeWith(4009), reporting('sessionTaken')] } as const;

export const gatewayMachine = gated(
  gatewaySetup.createMachine({
    id: 'gateway',
    context: ({ input }) => gatewayContext(input),
    initial: 'listening',
    meta: { spec: 'gateway#resuming' },
    // Wherever its client is: what happens is kept for the session, and another connection may take it away.
    on: {
      dispatch: {
        guard: 'hasSession',
        actions: ['keepDispatch'],
        description: 'It is kept, to be replayed when the session is resumed.',
      },
      'fault.skipSequence': { guard: 'hasSession', actions: ['skipSequence', reporting('sequenceSkipped')] },
      release: { guard: 'hasSession', actions: ['forgetSession', reporting('sessionTaken')] },
    },
    states: {
      listening: {
        meta: { spec: 'gateway#connecting' },
        description: 'No connection.',
        initial: 'looking',
        on: {
          connected: { target: 'connection', actions: ['numberConnection', reporting('connected')] },
        },
        states: {
          looking: {
            meta: { spec: 'gateway#disconnecting' },
            description: 'Left at once.',
            always: [{ guard: 'hasSession', target: 'keeping' }, { target: 'empty' }],
          },
          empty: {
            meta: { spec: 'gateway#connecting' },
            description: 'There is nothing to resume.',
            on: { adopt: { target: 'keeping', actions: ['takeSession', reporting('sessionGiven')] } },
          },
          keeping: {
            meta: { spec: 'gateway#resuming' },
            description:
              'The session waits to be resumed, for a few minutes; what is dispatched meanwhile is kept for it.',
            entry: arm('retention'),
            exit: disarm('retention'),
            on: {
              'timer.retention': { target: 'empty', actions: ['forgetSession', reporting('sessionExpired')] },
              release: { target: 'empty', actions: ['forgetSession', reporting('sessionTaken')] },
              invalidateSession: { target: 'empty', actions: ['forgetSession', reporting('sessionInvalidated')] },
            },
          },
        },
      },

      connection: {
        meta: { spec: 'gateway#connection-lifecycle' },
        description: 'A WebSocket, from its handshake until it is closed, lost or dropped.',
        initial: 'open',
        on: {
          connected: {
            target: 'connection',
            reenter: true,
            actions: [dropTcp, 'numberConnection', reporting('connectedAnew')],
            description: 'A client may be back before the loss of its old connection shows.',
          },
          'fault.dropTcp': { target: 'listening', actions: [dropTcp, reporting('dropped')] },
        },
        states: {
          open: {
            meta: { spec: 'gateway#connection-lifecycle' },
            description: 'The session, the heartbeat, a request to leave and what goes wrong, side by side.',
            type: 'parallel',
            on: {
              // Disconnecting: 1000 and 1001 end the session, everything else leaves it.
              closed: [
                { guard: 'isLost', target: '#gateway.listening', actions: [reporting('lost')] },
                {
                  guard: 'endsSession',
                  target: '#gateway.listening',
                  actions: ['forgetSession', answerClose, reporting('endedByClient')],
                },
                { target: '#gateway.listening', actions: [answerClose, reporting('closedByClient')] },
              ],
              // Gateway Close Event Codes, as far as they hold at any time; the others stand where they are earned.
              'received.unknownOpcode': { target: 'closing', actions: [closeWith(4001), reporting('opcodeUnknown')] },
              'received.undecodable': { target: 'closing', actions: [closeWith(4002), reporting('undecodable')] },
              'received.tooLarge': { target: 'closing', actions: [closeWith(4002), reporting('tooLarge')] },
              'received.tooMany': { target: 'closing', actions: [closeWith(4008), reporting('tooMany')] },
              closeWith: [
                {
                  guard: 'orderEndsSession',
                  target: 'closing',
                  actions: ['forgetSession', closeAsOrdered, reporting('closedByOrder')],
                },
                { target: 'closing', actions: [closeAsOrdered, reporting('closedByOrder')] },
              ],
              requestHeartbeat: {
                actions: [{ type: 'sendHeartbeatRequest', params: {} }, reporting('heartbeatRequested')],
              },
              'fault.goSilent': { target: 'silent', actions: [reporting('silenced')] },
              'fault.malformed': { actions: ['numberRaw', sendRaw, reporting('malformed')] },
            },
            states: {
              session: {
                meta: { spec: 'gateway#identifying' },
                initial: 'greeting',
                states: {
                  greeting: {
                    meta: { spec: 'gateway#hello-event' },
                    description: 'The Gateway speaks first.',
                    initial: 'due',
                    on: {
                      'received.heartbeat': beforeHello,
                      'received.command': beforeHello,
                    },
                    states: {
                      due: {
                        meta: { spec: 'gateway#hello-event' },
                        entry: arm('hello'),
                        exit: disarm('hello'),
                        on: {
                          'timer.hello': [
                            { guard: 'withholdsHello', target: 'withheld', actions: [reporting('helloWithheld')] },
                            { target: `${SESSION}.awaitingIdentify`, actions: [sendHello, reporting('helloSent')] },
                          ],
                          'received.identify': early,
                          'received.resume': early,
                          adopt: {
                            actions: ['takeSession', reporting('sessionGiven')],
                            description:
                              'From the connection it was on: a resume that comes before Hello is about to name it.',
                          },
                        },
                      },
                      withheld: {
                        meta: { spec: 'fault' },
                        on: { 'fault.end': 'due' },
                      },
                    },
                  },

                  awaitingIdentify: {
                    meta: { spec: 'gateway#identifying' },
                    description: 'Identify or Resume is awaited; heartbeats are all else that may come.',
                    on: {
                      'received.identify': [
                        {
                          guard: 'failsAuthentication',
                          target: CLOSING,
                          actions: [closeWith(4004), reporting('authenticationFailed')],
                        },
                        {
                          guard: 'hasInvalidShard',
                          target: CLOSING,
                          actions: [closeWith(4010), reporting('shardInvalid')],
                        },
                        {
                          guard: 'needsSharding',
                          target: CLOSING,
                          actions: [closeWith(4011), reporting('shardingRequired')],
                        },
                        {
                          guard: 'asksForInvalidVersion',
                          target: CLOSING,
                          actions: [closeWith(4012), reporting('versionInvalid')],
                        },
                        {
                          guard: 'hasInvalidIntents',
                          target: CLOSING,
                          actions: [closeWith(4013), reporting('intentsInvalid')],
                        },
                        {
                          guard: 'hasDisallowedIntents',
                          target: CLOSING,
                          actions: [closeWith(4014), reporting('intentsDisallowed')],
                        },
                        { guard: 'comesTooSoon', actions: [invalidSession(false), reporting('identifiedTooSoon')] },
                        { target: 'starting', actions: ['takeOffer', reporting('identified')] },
                      ],
                      'received.resume': [
                        {
                          guard: 'failsAuthentication',
                          target: CLOSING,
                          actions: [closeWith(4004), reporting('authenticationFailed')],
                        },
                        { guard: 'namesUnknownSession', actions: [invalidSession(false), reporting('sessionUnknown')] },
                        {
                          guard: 'namesUnknownSequence',
                          target: CLOSING,
                          actions: ['forgetSession', closeWith(4007), reporting('sequenceUnknown')],
                        },
                        {
                          guard: 'comesTooLate',
                          actions: ['forgetSession', invalidSession(false), reporting('replayLost')],
                        },
                        { target: 'replaying', actions: ['takeBacklog', reporting('resuming')] },
                      ],
                      'received.command': notAuthenticated,
                      invalidateSession: [
                        { guard: 'isResumable', actions: [invalidSession(true), reporting('sessionInterrupted')] },
                        { actions: ['forgetSession', invalidSession(false), reporting('sessionInvalidated')] },
                      ],
                      adopt: {
                        actions: ['takeSession', reporting('sessionGiven')],
                        description: 'From the connection it was on, as a resume is about to name it here.',
                      },
                    },
                  },

                  starting: {
                    meta: { spec: 'gateway#identifying' },
                    description: 'The identify is accepted; in an outage READY takes as long as it takes.',
                    initial: 'due',
                    on: {
                      'received.identify': alreadyAuthenticated,
                      'received.resume': alreadyAuthenticated,
                      'received.command': notAuthenticated,
                      invalidateSession: {
                        target: 'awaitingIdentify',
                        actions: [invalidSession(false), reporting('sessionInvalidated')],
                        description: 'The session could not be started.',
                      },
                    },
                    states: {
                      due: {
                        meta: { spec: 'gateway#ready-event' },
                        entry: arm('ready'),
                        exit: disarm('ready'),
                        on: {
                          'timer.ready': [
                            { guard: 'withholdsReady', target: 'withheld', actions: [reporting('readyWithheld')] },
                            { target: `${SESSION}.live`, actions: ['startSession', sendReady, reporting('ready')] },
                          ],
                        },
                      },
                      withheld: {
                        meta: { spec: 'fault' },
                        on: { 'fault.end': 'due' },
                      },
                    },
                  },

                  replaying: {
                    meta: { spec: 'gateway#resuming' },
                    description: 'What the client missed, in order and with its own numbers; RESUMED comes last.',
                    exit: 'forgetBacklog',
                    initial: 'due',
                    on: {
                      dispatch: {
                        actions: ['keepDispatch', 'queueDispatch'],
                        description: 'It takes its place behind the others.',
                      },
                      'received.identify': alreadyAuthenticated,
                      'received.resume': alreadyAuthenticated,
                      'received.command': { actions: [answerCommand, reporting('commanded')] },
                      invalidateSession: [
                        {
                          guard: 'isResumable',
                          target: 'awaitingIdentify',
                          actions: [invalidSession(true), reporting('sessionInterrupted')],
                        },
                        {
                          target: 'awaitingIdentify',
                          actions: ['forgetSession', invalidSession(false), reporting('sessionInvalidated')],
                        },
                      ],
                      release: taken,
                    },
                    states: {
                      due: {
                        meta: { spec: 'gateway#resuming' },
                        entry: arm('replay'),
                        exit: disarm('replay'),
                        on: {
                          'timer.replay': [
                            {
                              guard: 'dropsResumes',
                              target: '#gateway.listening',
                              actions: [dropTcp, reporting('resumeDropped')],
                            },
                            {
                              guard: 'hasBacklog',
                              target: 'due',
                              reenter: true,
                              actions: [sendReplay, 'dropBatch'],
                              description: 'The next part of what the client missed.',
                            },
                            { guard: 'withholdsResumed', target: 'withheld', actions: [reporting('resumedWithheld')] },
                            {
                              target: `${SESSION}.live`,
                              actions: ['numberResumed', sendResumed, reporting('resumed')],
                            },
                          ],
                        },
                      },
                      withheld: {
                        meta: { spec: 'fault' },
                        on: { 'fault.end': 'due' },
                      },
                    },
                  },

                  live: {
                    meta: { spec: 'gateway#ready-event' },
                    description: 'Dispatches go out as they come; commands are taken.',
                    on: {
                      dispatch: { actions: ['keepDispatch', sendDispatch] },
                      'received.identify': alreadyAuthenticated,
                      'received.resume': alreadyAuthenticated,
                      'received.command': { actions: [answerCommand, reporting('commanded')] },
                      invalidateSession: [
                        {
                          guard: 'isResumable',
                          target: 'awaitingIdentify',
                          actions: [invalidSession(true), reporting('sessionInterrupted')],
                        },
                        {
                          target: 'awaitingIdentify',
                          actions: ['forgetSession', invalidSession(false), reporting('sessionInvalidated')],
                        },
                      ],
                      release: taken,
                    },
                  },
                },
              },

              heartbeat: {
                meta: { spec: 'gateway#sending-heartbeats' },
                initial: 'unexpected',
                states: {
                  unexpected: {
                    meta: { spec: 'gateway#sending-heartbeats' },
                    description: 'Until Hello has named the interval.',
                    on: {
                      'timer.hello': { guard: 'givesHello', target: 'expected' },
                      'received.identify': { guard: 'givesHello', target: 'expected' },
                      'received.resume': { guard: 'givesHello', target: 'expected' },
                      'fault.stopReading': 'unread',
                    },
                  },
                  expected: {
                    meta: { spec: 'gateway#sending-heartbeats' },
                    description: 'One has to come within the interval and some grace.',
                    entry: arm('heartbeat'),
                    exit: disarm('heartbeat'),
                    on: {
                      'received.heartbeat': [
                        {
                          guard: 'swallowsAcks',
                          target: 'expected',
                          reenter: true,
                          actions: [reporting('ackWithheld')],
                        },
                        {
                          target: 'expected',
                          reenter: true,
                          actions: [{ type: 'sendAck', params: {} }, reporting('heartbeat')],
                        },
                      ],
                      'timer.heartbeat': [
                        {
                          guard: 'silenceEndsSession',
                          target: CLOSING,
                          actions: ['forgetSession', closeUnheard, reporting('heartbeatMissing')],
                        },
                        { target: CLOSING, actions: [closeUnheard, reporting('heartbeatMissing')] },
                      ],
                      'fault.stopReading': 'unread',
                    },
                  },
                  unread: {
                    meta: { spec: 'fault' },
                    description: 'Nothing is read, so nothing can be expected.',
                    entry: [{ type: 'stopReading', params: {} }, reporting('faultBegun')],
                    exit: [{ type: 'startReading', params: {} }, reporting('faultEnded')],
                    on: {
                      'fault.startReading': [{ guard: 'isGreeting', target: 'unexpected' }, { target: 'expected' }],
                      'fault.end': [{ guard: 'isGreeting', target: 'unexpected' }, { target: 'expected' }],
                    },
                  },
                },
              },

              stay: {
                meta: { spec: 'gateway#reconnect' },
                initial: 'welcome',
                states: {
                  welcome: {
                    meta: { spec: 'gateway#reconnect' },
                    on: {
                      requestReconnect: {
                        target: 'overdue',
                        actions: [sendReconnect, reporting('reconnectRequested')],
                      },
                    },
                  },
                  overdue: {
                    meta: { spec: 'gateway#reconnect' },
                    description: 'The client has been asked to leave. If it does not, we close.',
                    entry: arm('leave'),
                    exit: disarm('leave'),
                    on: {
                      requestReconnect: { actions: [sendReconnect, reporting('reconnectRequested')] },
                      'timer.leave': { target: CLOSING, actions: [closeWith(1001), reporting('overstayed')] },
                    },
                  },
                },
              },

              answers: {
                meta: { spec: 'fault' },
                description: 'Which of its answers the Gateway leaves out.',
                initial: 'complete',
                on: {
                  'fault.withholdHello': { target: '.withoutHello', actions: [reporting('faultBegun')] },
                  'fault.withholdReady': { target: '.withoutReady', actions: [reporting('faultBegun')] },
                  'fault.withholdResumed': { target: '.withoutResumed', actions: [reporting('faultBegun')] },
                  'fault.swallowAcks': { target: '.withoutAcks', actions: [reporting('faultBegun')] },
                  'fault.resumeThenDrop': { target: '.withoutReplay', actions: [reporting('faultBegun')] },
                  'fault.ignoreClose': { target: '.withoutClose', actions: [reporting('faultBegun')] },
                  'fault.end': { target: '.complete', actions: [reporting('faultEnded')] },
                },
                states: {
                  complete: { meta: { spec: 'gateway#connection-lifecycle' } },
                  withoutHello: { meta: { spec: 'fault' } },
                  withoutReady: { meta: { spec: 'fault' } },
                  withoutResumed: { meta: { spec: 'fault' } },
                  withoutAcks: { meta: { spec: 'fault' } },
                  withoutReplay: { meta: { spec: 'fault' } },
                  withoutClose: {
                    meta: { spec: 'fault' },
                    description: 'The client may send nothing after its close frame, but will still be sent to.',
                    on: {
                      closed: [
                        { guard: 'isLost', target: '#gateway.listening', actions: [reporting('lost')] },
                        { actions: [reporting('closeIgnored')] },
                      ],
                    },
                  },
                },
              },
            },
          },

          closing: {
            meta: { spec: 'gateway#disconnecting' },
            description: 'Our close frame is out. A client that does not answer it is dropped.',
            entry: arm('close'),
            exit: disarm('close'),
            on: {
              closed: { target: '#gateway.listening', actions: [reporting('closeAnswered')] },
              'timer.close': { target: '#gateway.listening', actions: [dropTcp, reporting('closeTimedOut')] },
            },
          },

          silent: {
            meta: { spec: 'fault' },
            description: 'As if the other side had lost its power. Only TCP tells when the client is gone.',
            on: {
              closed: [
                { guard: 'isLost', target: '#gateway.listening', actions: [reporting('lost')] },
                { actions: [reporting('closeIgnored')] },
              ],
            },
          },
        },
      },
    },
  }),
);

/**
 * The client side of one Gateway connection and its session, as Discord's documentation tells it, in its order.
 *
 * Three levels: the shard is `stopped`, `running` or `failed`; while running it is looking for the Gateway, holds one
 * connection, or waits for the next; on a connection, from Hello on, the session and the heartbeat go on side by side.
 *
 * The chart holds no I/O. Effects are named actions that a host carries out, timers are events (`timer.hello`) that it
 * delivers, and answers to questions that are no longer open never get in (gate.ts). The words used here are
 * explained in vocabulary.ts, the reasons in causes.ts, every number in policy.ts.
 */
import { gated } from '../kit/gate.js';
import {
  arm,
  because,
  disarm,
  lifeSign,
  onTraffic,
  type ShardContext,
  sendHeartbeat,
  shardContext,
  shardSetup,
  waitFor,
} from './vocabulary.js';

/** Closes the connection and comes back: the session stays (any code but 1000 and 1001), or ends with it (1000). */
const closeKeeping = {
  type: 'closeSocket',
  params: ({ context }: { context: ShardContext }) => ({ code: context.policy.closeCode }),
} as const;
const closeEnding = { type: 'closeSocket', params: { code: 1000 } } as const;

const request = ({ context }: { context: ShardContext }) => ({ request: context.request });

const CONNECTION = '#shard.running.connection';
const OPEN = `${CONNECTION}.open`;

/** What answers a heartbeat. */
const onAck = {
  heartbeatAck: { target: 'acked', actions: [...because('acknowledged'), lifeSign] },
  ...onTraffic({ guard: 'trafficIsLife', target: 'acked', actions: [...because('aliveByTraffic'), lifeSign] }),
} as const;

/** The next heartbeat, on its time, where the ACK of the last is not there yet. */
const nextLap = [sendHeartbeat, arm('heartbeat')] as const;

/** The end of a connection whose peer is dead. */
const zombied = {
  target: `${CONNECTION}.closing.reconnecting`,
  actions: [closeKeeping, waitFor('retry'), ...because('zombied')],
} as const;

/** The burst in which a sign of life came is read. */
const burstOver = {
  target: `${OPEN}.heartbeat.beating.awaitingAck`,
  actions: [...because('burstOver')],
} as const;

/** How what a dispatch brings is counted: what is new by its number; the rest is told. */
const onDispatch = {
  dispatch: [
    { guard: 'isNew', actions: ['takeSequence', 'forgiveResumes'] },
    { guard: 'isNumbered', actions: [...because('repeated')], description: 'It was there before: not delivered.' },
    { actions: [...because('unnumbered')], description: 'Delivered; a resume would not know of it.' },
  ],
  dispatched: { actions: ['takeSequence', 'forgiveResumes'] },
} as const;

/** A replay is not silent while we do not read: its deadline begins anew when we do. */
const notSilent = { guard: 'isPaused', actions: [disarm('resumed'), arm('resumed')] } as const;

/** The end of a lap ends the pause in it. */
const pauseOver = { target: 'flowing', actions: [...because('pauseOver')] } as const;

export const shardMachine = gated(
  shardSetup.createMachine({
    id: 'shard',
    context: ({ input }) => shardContext(input),
    initial: 'stopped',
    states: {
      stopped: {
        meta: { spec: 'user' },
        description: 'Nothing is open and nothing is awaited. A session kept by detach is resumed at the next start.',
        on: {
          start: { target: 'running', actions: ['startCounting', ...because('started')] },
        },
      },

      running: {
        meta: { spec: 'gateway#connections' },
        initial: 'choosing',
        // Orders, where nothing that could be closed in an orderly way is open: whatever was begun is dropped.
        on: {
          stop: { target: 'stopped', actions: ['forgetSession', ...because('stopped')] },
          detach: { target: 'stopped', actions: [...because('detached')] },
          reconnect: [
            { guard: 'isFresh', target: '.choosing', actions: ['forgetSession', ...because('renewed')] },
            { target: '.choosing', actions: [...because('restarted')] },
          ],
        },
        states: {
          choosing: {
            meta: { spec: 'gateway#connecting' },
            description:
              'Left at once: to the URL of the session, else to the main one, which may have to be asked for.',
            always: [
              {
                guard: 'cannotResume',
                target: 'choosing',
                reenter: true,
                actions: ['forgetSession', ...because('resumesSpent')],
                description: 'Before the URL is chosen: the new session must not be asked for at the resume URL.',
              },
              { guard: 'hasResumeUrl', target: 'connection', actions: [...because('resumeUrlKnown')] },
              { guard: 'knowsGateway', target: 'connection', actions: [...because('gatewayKnown')] },
              { target: 'locating', actions: [...because('gatewayUnknown')] },
            ],
          },

          locating: {
            meta: { spec: 'gateway#get-gateway-bot' },
            description: 'Looks up the Gateway URL.',
            tags: ['degraded'],
            entry: ['numberRequest', { type: 'locateGateway', params: request }, arm('locate')],
            exit: [{ type: 'cancelLocate', params: request }, disarm('locate')],
            on: {
              located: { target: 'connection', actions: ['takeGatewayUrl', ...because('located')] },
              locateFailed: [
                {
                  guard: 'isUnauthorized',
                  target: '#shard.failed',
                  actions: ['forgetSession', ...because('unauthorized')],
                  description: 'A bad token stays bad: stop.',
                },
                { target: 'waiting', actions: ['waitAsTold', ...because('locateFailed')] },
              ],
              'timer.locate': { target: 'waiting', actions: [waitFor('retry'), ...because('locateTimedOut')] },
            },
          },

          connection: {
            meta: { spec: 'gateway#connection-lifecycle' },
            description: 'Owns one WebSocket: opened on entry, dropped on exit whatever the reason.',
            entry: [
              'numberConnection',
              {
                type: 'openSocket',
                params: ({ context }) => ({
                  connection: context.connection,
                  url: context.session?.url ?? context.gatewayUrl ?? '',
                }),
              },
            ],
            exit: { type: 'dropSocket', params: ({ context }) => ({ connection: context.connection }) },
            initial: 'reaching',
            // Gateway Close Event Codes: one row for each recovery; attempts, waits and fault are looked up in the table.
            on: {
              closed: [
                {
                  guard: 'forbidsReconnect',
                  target: '#shard.failed',
                  actions: ['forgetSession', ...because('closedForGood')],
                },
                {
                  guard: 'demandsIdentify',
                  target: 'waiting',
                  actions: ['forgetSession', 'waitAsTold', ...because('closedForIdentify')],
                },
                {
                  target: 'waiting',
                  actions: ['limitResumes', 'waitAsTold', ...because('closedForResume')],
                },
              ],
            },
            states: {
              reaching: {
                meta: { spec: 'gateway#connecting' },
                description: 'Until Hello. A failure here costs the URL, not the session.',
                tags: ['degraded'],
                initial: 'opening',
                on: {
                  closed: [
                    {
                      guard: 'forbidsReconnect',
                      target: '#shard.failed',
                      actions: ['forgetSession', ...because('closedForGood')],
                    },
                    {
                      guard: 'demandsIdentify',
                      target: '#shard.running.waiting',
                      actions: ['forgetUrl', 'forgetSession', 'waitAsTold', ...because('closedForIdentify')],
                    },
                    {
                      target: '#shard.running.waiting',
                      actions: ['forgetUrl', 'waitAsTold', ...because('closedForResume')],
                      description: 'No resume was tried here.',
                    },
                  ],
                },
                states: {
                  opening: {
                    meta: { spec: 'gateway#connecting' },
                    description:
                      'The WebSocket handshake. A stop in this state has no open connection to close with 1000.',
                    entry: arm('open'),
                    exit: disarm('open'),
                    on: {
                      opened: { target: 'awaitingHello', actions: [...because('opened')] },
                      'timer.open': {
                        target: '#shard.running.waiting',
                        actions: ['forgetUrl', waitFor('retry'), ...because('openTimedOut')],
                      },
                    },
                  },
                  awaitingHello: {
                    meta: { spec: 'gateway#hello-event' },
                    description: 'Nothing is sent before Hello.',
                    entry: arm('hello'),
                    exit: disarm('hello'),
                    on: {
                      hello: [
                        {
                          guard: 'hasSession',
                          target: `${OPEN}.session.resuming`,
                          actions: ['takeInterval', ...because('helloBeforeResume')],
                        },
                        {
                          target: `${OPEN}.session.queuedForIdentify`,
                          actions: ['takeInterval', 'forgetSession', ...because('helloBeforeIdentify')],
                          description: 'Not even the sequence of a session that could not be resumed is left.',
                        },
                      ],
                      reconnectRequested: {
                        target: `${CONNECTION}.closing.reconnecting`,
                        actions: [closeKeeping, waitFor('retry'), ...because('reconnectRequested')],
                        description: 'Op 7 may come before or instead of Hello, and says nothing of the URL.',
                      },
                      undecodable: {
                        target: `${CONNECTION}.closing.reconnecting`,
                        actions: ['forgetUrl', closeKeeping, waitFor('retry'), ...because('undecodable')],
                      },
                      'timer.hello': {
                        target: `${CONNECTION}.closing.reconnecting`,
                        actions: ['forgetUrl', closeKeeping, waitFor('retry'), ...because('helloTimedOut')],
                      },
                      stop: {
                        target: `${CONNECTION}.closing.stopping`,
                        actions: ['forgetSession', closeEnding, ...because('stopped')],
                      },
                      detach: {
                        target: `${CONNECTION}.closing.stopping`,
                        actions: [closeKeeping, ...because('detached')],
                      },
                      heartbeatRequested: { actions: [...because('unexpected')] },
                      heartbeatAck: { actions: [...because('unexpected')] },
                      invalidSession: { actions: [...because('unexpected')] },
                      ready: { actions: [...because('unexpected')] },
                      resumed: { actions: [...because('unexpected')] },
                      dispatch: { actions: [...because('unexpected')] },
                      malformed: { actions: [...because('malformed')] },
                      unknownOpcode: { actions: [...because('unknownOpcode')] },
                    },
                  },
                },
              },

              open: {
                meta: { spec: 'gateway#connection-lifecycle' },
                description: 'From Hello on: the session, the heartbeat and how the socket is read, side by side.',
                type: 'parallel',
                on: {
                  reconnectRequested: {
                    target: 'closing.reconnecting',
                    actions: [closeKeeping, waitFor('retry'), ...because('reconnectRequested')],
                    description: 'Reconnect and resume; the close must not end the session.',
                  },
                  invalidSession: [
                    {
                      guard: 'mayResume',
                      target: 'closing.reconnecting',
                      actions: [closeKeeping, waitFor('invalidSession'), ...because('sessionInterrupted')],
                    },
                    {
                      target: 'closing.reconnecting',
                      actions: [
                        'forgetSession',
                        closeEnding,
                        waitFor('invalidSession'),
                        ...because('sessionInvalidated'),
                      ],
                      description: 'A new connection to the main URL, and a new session.',
                    },
                  ],
                  undecodable: {
                    target: 'closing.reconnecting',
                    actions: [closeKeeping, waitFor('retry'), ...because('undecodable')],
                    description: 'Whatever was not understood is replayed; to stay would be to be deaf.',
                  },
                  stop: {
                    target: 'closing.stopping',
                    actions: ['forgetSession', closeEnding, ...because('stopped')],
                  },
                  detach: {
                    target: 'closing.stopping',
                    actions: [closeKeeping, ...because('detached')],
                  },
                  reconnect: [
                    {
                      guard: 'isFresh',
                      target: 'closing.reconnecting',
                      actions: ['forgetSession', closeEnding, waitFor('order'), ...because('renewed')],
                    },
                    {
                      target: 'closing.reconnecting',
                      actions: [closeKeeping, waitFor('order'), ...because('restarted')],
                    },
                  ],
                },
                states: {
                  session: {
                    meta: { spec: 'gateway#identifying' },
                    initial: 'queuedForIdentify', // never taken: Hello chooses
                    // What has no place where the states below do not list it.
                    on: {
                      hello: { actions: [...because('unexpected')], description: 'A second Hello changes nothing.' },
                      ready: { actions: [...because('unexpected')] },
                      resumed: { actions: [...because('unexpected')] },
                      dispatch: { actions: [...because('unexpected')] },
                      malformed: { actions: [...because('malformed')] },
                      unknownOpcode: { actions: [...because('unknownOpcode')] },
                    },
                    states: {
                      queuedForIdentify: {
                        meta: { spec: 'gateway#rate-limiting' },
                        description:
                          'Identifies are limited per 5 s and per day; heartbeats go on while we wait for a permit.',
                        tags: ['degraded'],
                        entry: ['numberRequest', { type: 'requestPermit', params: request }, arm('permit')],
                        exit: [{ type: 'cancelPermit', params: request }, disarm('permit')],
                        on: {
                          permitGranted: { target: 'identifying', actions: [...because('permitted')] },
                          permitRefused: [
                            {
                              guard: 'isRefusedForGood',
                              target: `${CONNECTION}.closing.failing`,
                              actions: [closeEnding, ...because('permitRefused')],
                            },
                            {
                              target: `${CONNECTION}.closing.reconnecting`,
                              actions: [closeKeeping, 'waitAsTold', ...because('permitDelayed')],
                            },
                          ],
                          'timer.permit': {
                            actions: [disarm('permit'), arm('permit'), ...because('stillQueued')],
                            description: 'Said, then waited on: a visible state, not a hang.',
                          },
                        },
                      },
                      identifying: {
                        meta: { spec: 'gateway#identifying' },
                        description:
                          'The deadline is long: in an outage READY comes when the service can give one, and each retry costs one of the day.',
                        tags: ['degraded'],
                        entry: [{ type: 'sendIdentify', params: {} }, arm('ready')],
                        exit: disarm('ready'),
                        on: {
                          ready: { target: 'ready', actions: ['takeSession', ...because('ready')] },
                          'timer.ready': {
                            target: `${CONNECTION}.closing.reconnecting`,
                            actions: [closeKeeping, waitFor('retry'), ...because('readyTimedOut')],
                          },
                        },
                      },
                      resuming: {
                        meta: { spec: 'gateway#resuming' },
                        description:
                          'Missed dispatches arrive in order, then RESUMED. One deadline is for silence, the other for all of it; a resume has failed if nothing came that was not there before.',
                        tags: ['streaming', 'replaying', 'degraded'],
                        entry: [
                          'countResume',
                          {
                            type: 'sendResume',
                            params: ({ context }) => ({
                              sessionId: context.session?.id ?? '',
                              sequence: context.sequence ?? 0,
                            }),
                          },
                          arm('resumed'),
                          arm('replay'),
                        ],
                        exit: [disarm('resumed'), disarm('replay')],
                        on: {
                          dispatch: [
                            {
                              guard: 'isNew',
                              actions: ['takeSequence', 'forgiveResumes', disarm('resumed'), arm('resumed')],
                            },
                            ...onDispatch.dispatch.slice(1),
                          ],
                          dispatched: {
                            actions: ['takeSequence', 'forgiveResumes', disarm('resumed'), arm('resumed')],
                          },
                          resumed: { target: 'ready', actions: ['takeSequence', ...because('resumed')] },
                          ready: {
                            target: 'ready',
                            actions: ['takeSession', ...because('readyInstead')],
                            description: 'A new session, for which nobody asked.',
                          },
                          'timer.resumed': [
                            { guard: 'isPaused', actions: [arm('resumed'), ...because('replayPaused')] },
                            {
                              target: `${CONNECTION}.closing.reconnecting`,
                              actions: [closeKeeping, waitFor('retry'), ...because('resumeTimedOut')],
                            },
                          ],
                          'timer.replay': {
                            target: `${CONNECTION}.closing.reconnecting`,
                            actions: [closeKeeping, waitFor('retry'), ...because('replayTimedOut')],
                          },
                          backlogDrained: notSilent,
                          'timer.firstHeartbeat': notSilent,
                          'timer.heartbeat': notSilent,
                        },
                      },
                      ready: {
                        meta: { spec: 'gateway#ready-event' },
                        description: 'The session lives: dispatches arrive, commands may be sent.',
                        tags: ['streaming', 'ready'],
                        on: onDispatch,
                        initial: 'settling',
                        states: {
                          settling: {
                            meta: { spec: 'policy#stability' },
                            description: 'Counts as good only after it has held.',
                            entry: arm('settle'),
                            exit: disarm('settle'),
                            on: { 'timer.settle': { target: 'unproven', actions: [...because('longEnough')] } },
                          },
                          unproven: {
                            meta: { spec: 'policy#stability' },
                            description: 'Time alone proves nothing: the peer has to answer a heartbeat.',
                            on: { lifeSign: { target: 'settled', actions: ['forgive', ...because('settled')] } },
                          },
                          settled: {
                            meta: { spec: 'policy#stability' },
                            tags: ['settled'],
                          },
                        },
                      },
                    },
                  },

                  heartbeat: {
                    meta: { spec: 'gateway#sending-heartbeats' },
                    initial: 'jittering',
                    on: {
                      heartbeatRequested: {
                        actions: [sendHeartbeat, ...because('heartbeatRequested')],
                        description: 'Answered at once; neither the running timer nor the zombie test knows of it.',
                      },
                    },
                    states: {
                      jittering: {
                        meta: { spec: 'gateway#sending-heartbeats' },
                        description: 'The first heartbeat goes out after a random part of the interval.',
                        entry: arm('firstHeartbeat'),
                        exit: disarm('firstHeartbeat'),
                        on: { 'timer.firstHeartbeat': { target: 'beating', actions: [...because('firstHeartbeat')] } },
                      },
                      beating: {
                        meta: { spec: 'gateway#sending-heartbeats' },
                        description: "One lap per interval: the timer is the lap's, so a late ACK cannot stretch it.",
                        entry: [sendHeartbeat, arm('heartbeat')],
                        exit: disarm('heartbeat'),
                        initial: 'awaitingAck',
                        states: {
                          awaitingAck: {
                            meta: { spec: 'gateway#heartbeat-interval' },
                            on: {
                              ...onAck,
                              backlogFull: { guard: 'mayPause', target: 'excused' },
                              'timer.heartbeat': { target: 'overdue', actions: [...because('ackMissing'), ...nextLap] },
                            },
                          },
                          excused: {
                            meta: { spec: 'policy#backpressure' },
                            description:
                              'Reading was paused before the ACK was there: if it is late, that may be our own doing. The next heartbeat goes out in time.',
                            tags: ['degraded'],
                            on: {
                              ...onAck,
                              'timer.heartbeat': {
                                target: 'catchingUp',
                                actions: [...because('ackExcused'), ...nextLap],
                              },
                            },
                          },
                          catchingUp: {
                            meta: { spec: 'policy#backpressure' },
                            description:
                              'The lap after that: there is no pause before an ACK was read, so that a dead peer is found.',
                            tags: ['degraded'],
                            on: {
                              ...onAck,
                              'timer.heartbeat': { target: 'overdue', actions: [...because('ackMissing'), ...nextLap] },
                            },
                          },
                          acked: {
                            meta: { spec: 'gateway#heartbeat-interval' },
                            on: {
                              'timer.heartbeat': {
                                target: `${OPEN}.heartbeat.beating`,
                                reenter: true,
                                actions: [...because('heartbeatDue')],
                              },
                            },
                          },
                          overdue: {
                            meta: { spec: 'gateway#heartbeat-interval' },
                            description:
                              'The ACK of the lap before is missing. Heartbeats go on, and what already lies in the buffer is read before the peer is called dead: until the socket was found empty.',
                            tags: ['degraded'],
                            entry: arm('overdue'),
                            exit: disarm('overdue'),
                            initial: 'listening',
                            on: {
                              heartbeatAck: {
                                target: 'awaitingAck',
                                actions: [...because('acknowledgedLate'), lifeSign],
                                description: 'It answers the heartbeat before.',
                              },
                            },
                            states: {
                              listening: {
                                meta: { spec: 'gateway#heartbeat-interval' },
                                entry: arm('silence'),
                                exit: disarm('silence'),
                                on: {
                                  ...onTraffic({
                                    guard: 'trafficIsLife',
                                    target: 'alive',
                                    actions: [...because('aliveByTraffic'), lifeSign],
                                  }),
                                  'timer.silence': zombied,
                                  'timer.overdue': zombied,
                                  'timer.heartbeat': { actions: [...because('stillMissing'), ...nextLap] },
                                },
                              },
                              alive: {
                                meta: { spec: 'policy#zombieTest' },
                                description:
                                  'Where any message counts as life: what is read in this burst does not vouch for the heartbeat that is out.',
                                entry: arm('silence'),
                                exit: disarm('silence'),
                                on: {
                                  'timer.silence': burstOver,
                                  'timer.overdue': burstOver,
                                  'timer.heartbeat': {
                                    target: `${OPEN}.heartbeat.beating`,
                                    reenter: true,
                                    actions: [...because('heartbeatDue')],
                                  },
                                },
                              },
                            },
                          },
                        },
                      },
                    },
                  },

                  reading: {
                    meta: { spec: 'policy#backpressure' },
                    description:
                      'What nobody has taken yet is kept; when it fills the buffer, TCP is to hold the Gateway back.',
                    initial: 'flowing',
                    states: {
                      flowing: {
                        meta: { spec: 'policy#backpressure' },
                        on: {
                          backlogFull: { guard: 'mayPause', target: 'paused', actions: [...because('backlogFull')] },
                        },
                      },
                      paused: {
                        meta: { spec: 'policy#backpressure' },
                        description: 'Our own heartbeats and commands go out. Every lap begins reading.',
                        tags: ['paused', 'degraded'],
                        entry: { type: 'pauseSocket', params: {} },
                        exit: { type: 'resumeSocket', params: {} },
                        on: {
                          backlogDrained: { target: 'flowing', actions: [...because('backlogDrained')] },
                          'timer.firstHeartbeat': pauseOver,
                          'timer.heartbeat': pauseOver,
                        },
                      },
                    },
                  },
                },
              },

              closing: {
                meta: { spec: 'gateway#disconnecting' },
                description: 'Our close frame is out. A peer that does not answer it is dropped.',
                entry: arm('close'),
                exit: disarm('close'),
                initial: 'reconnecting', // never taken: every way in names the state
                states: {
                  reconnecting: {
                    meta: { spec: 'gateway#reconnect' },
                    description: 'To come back after a wait.',
                    tags: ['degraded'],
                    on: {
                      // The Gateway's own close frame may have crossed ours: what it says holds.
                      closed: [
                        {
                          guard: 'crossesForGood',
                          target: '#shard.failed',
                          actions: ['forgetSession', ...because('closedForGood')],
                        },
                        {
                          guard: 'crossesForIdentify',
                          target: '#shard.running.waiting',
                          actions: ['forgetSession', 'waitAsCrossed', ...because('closedForIdentify')],
                        },
                        {
                          target: '#shard.running.waiting',
                          actions: ['limitResumes', 'waitAsCrossed', ...because('closeAnswered')],
                        },
                      ],
                      'timer.close': { target: '#shard.running.waiting', actions: [...because('closeTimedOut')] },
                      stop: { target: 'stopping', actions: ['forgetSession', ...because('stopped')] },
                      detach: { target: 'stopping', actions: [...because('detached')] },
                      reconnect: [
                        { guard: 'isFresh', actions: ['forgetSession', waitFor('order'), ...because('renewed')] },
                        { actions: [waitFor('order'), ...because('restarted')] },
                      ],
                    },
                  },
                  stopping: {
                    meta: { spec: 'gateway#disconnecting' },
                    description: 'To stop, by order.',
                    on: {
                      closed: [
                        {
                          guard: 'crossesForGood',
                          target: '#shard.stopped',
                          actions: ['forgetSession', ...because('closedForGood')],
                        },
                        {
                          guard: 'crossesForIdentify',
                          target: '#shard.stopped',
                          actions: ['forgetSession', ...because('closedForIdentify')],
                        },
                        { target: '#shard.stopped', actions: [...because('closeAnswered')] },
                      ],
                      'timer.close': { target: '#shard.stopped', actions: [...because('closeTimedOut')] },
                      stop: { actions: ['forgetSession', ...because('stopped')] },
                      detach: {
                        actions: [...because('detached')],
                        description: 'Keeps the session if a stop has not ended it.',
                      },
                      reconnect: { actions: [...because('stoppingAlready')] },
                    },
                  },
                  failing: {
                    meta: { spec: 'gateway#session-start-limit-object' },
                    description: 'To fail: nothing more can be done without an order.',
                    tags: ['failing'],
                    on: {
                      closed: { target: '#shard.failed', actions: [...because('closeAnswered')] },
                      'timer.close': { target: '#shard.failed', actions: [...because('closeTimedOut')] },
                      stop: { target: 'stopping', actions: [...because('stopped')] },
                      detach: { target: 'stopping', actions: [...because('detached')] },
                      reconnect: { actions: [...because('stoppingAlready')] },
                    },
                  },
                },
              },
            },
          },

          waiting: {
            meta: { spec: 'policy#waits' },
            description: 'Until the next try: quick after a connection that had held, longer with every failure.',
            tags: ['degraded'],
            entry: arm('reconnect'),
            exit: disarm('reconnect'),
            on: {
              'timer.reconnect': { target: 'choosing', actions: ['countAttempt', ...because('waited')] },
            },
          },
        },
      },

      failed: {
        meta: { spec: 'gateway#disconnecting' },
        description: 'Trying again would fail again: the reason needs a person. A start begins anew.',
        tags: ['failing'],
        on: {
          start: { target: 'running', actions: ['startCounting', ...because('started')] },
        },
      },
    },
  }),
);

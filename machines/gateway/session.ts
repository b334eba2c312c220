/** The Gateway's side of a session: Hello, the checks of Identify and Resume, READY, the replay, dispatches. */
import { close, dropTcp, explained, invalidSession, LISTENING, SESSION, stay, timed, to, when } from './rows.js';
import { type GatewayContext, type GatewayEvent, gatewaySetup, raiseAgain } from './vocabulary.js';

interface Args {
  readonly context: GatewayContext;
  readonly event: GatewayEvent;
}

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

/** A second Identify or Resume on one connection. */
const alreadyAuthenticated = close(4005, 'alreadyAuthenticated', 'forgetSession');
const notAuthenticated = close(4003, 'notAuthenticated');
const beforeHello = close(4003, 'beforeHello');
const authenticationFailed = when('failsAuthentication', close(4004, 'authenticationFailed'));
const commanded = stay('commanded', answerCommand);

const withheldHello = when('withholdsHello', to(`${SESSION}.greeting.withheld`, 'helloWithheld'));
const helloSent = to(`${SESSION}.awaitingIdentify`, 'helloSent', sendHello);
/** An Identify or Resume that comes before Hello brings it, and is then judged like any other. */
const early = [withheldHello, { ...helloSent, actions: [...helloSent.actions, raiseAgain] }];

/** A session that was live here is resumed elsewhere: for the client of this connection it is gone. */
const taken = close(4009, 'sessionTaken', 'forgetSession');

/** A session that is live or replayed is invalidated. */
const invalidated = [
  when('isResumable', to('awaitingIdentify', 'sessionInterrupted', invalidSession(true))),
  to('awaitingIdentify', 'sessionInvalidated', 'forgetSession', invalidSession(false)),
];

const withheld = { meta: { spec: 'fault' }, on: { 'fault.end': 'due' } } as const;

const greeting = gatewaySetup.createStateConfig({
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
      ...timed('hello'),
      on: {
        'timer.hello': [when('withholdsHello', to('withheld', 'helloWithheld')), helloSent],
        'received.identify': early,
        'received.resume': early,
        adopt: explained(
          'From the connection it was on: a resume that comes before Hello is about to name it.',
          stay('sessionGiven', 'takeSession'),
        ),
      },
    },
    withheld,
  },
});

const awaitingIdentify = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#identifying' },
  description: 'Identify or Resume is awaited; heartbeats are all else that may come.',
  on: {
    'received.identify': [
      authenticationFailed,
      when('hasInvalidShard', close(4010, 'shardInvalid')),
      when('needsSharding', close(4011, 'shardingRequired')),
      when('asksForInvalidVersion', close(4012, 'versionInvalid')),
      when('hasInvalidIntents', close(4013, 'intentsInvalid')),
      when('hasDisallowedIntents', close(4014, 'intentsDisallowed')),
      when('comesTooSoon', stay('identifiedTooSoon', invalidSession(false))),
      to('starting', 'identified', 'takeOffer'),
    ],
    'received.resume': [
      authenticationFailed,
      when('namesUnknownSession', stay('sessionUnknown', invalidSession(false))),
      when('namesUnknownSequence', close(4007, 'sequenceUnknown', 'forgetSession')),
      when('comesTooLate', stay('replayLost', 'forgetSession', invalidSession(false))),
      to('replaying', 'resuming', 'takeBacklog'),
    ],
    'received.command': notAuthenticated,
    invalidateSession: [
      when('isResumable', stay('sessionInterrupted', invalidSession(true))),
      stay('sessionInvalidated', 'forgetSession', invalidSession(false)),
    ],
    adopt: explained(
      'From the connection it was on, as a resume is about to name it here.',
      stay('sessionGiven', 'takeSession'),
    ),
  },
});

const starting = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#identifying' },
  description: 'The identify is accepted; in an outage READY takes as long as it takes.',
  initial: 'due',
  on: {
    'received.identify': alreadyAuthenticated,
    'received.resume': alreadyAuthenticated,
    'received.command': notAuthenticated,
    invalidateSession: explained(
      'The session could not be started.',
      to('awaitingIdentify', 'sessionInvalidated', invalidSession(false)),
    ),
  },
  states: {
    due: {
      meta: { spec: 'gateway#ready-event' },
      ...timed('ready'),
      on: {
        'timer.ready': [
          when('withholdsReady', to('withheld', 'readyWithheld')),
          to(`${SESSION}.live`, 'ready', 'startSession', sendReady),
        ],
      },
    },
    withheld,
  },
});

const replaying = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#resuming' },
  description: 'What the client missed, in order and with its own numbers; RESUMED comes last.',
  exit: 'forgetBacklog',
  initial: 'due',
  on: {
    dispatch: explained('It takes its place behind the others.', { actions: ['keepDispatch', 'queueDispatch'] }),
    'received.identify': alreadyAuthenticated,
    'received.resume': alreadyAuthenticated,
    'received.command': commanded,
    invalidateSession: invalidated,
    release: taken,
  },
  states: {
    due: {
      meta: { spec: 'gateway#resuming' },
      ...timed('replay'),
      on: {
        'timer.replay': [
          when('dropsResumes', to(LISTENING, 'resumeDropped', dropTcp)),
          {
            guard: 'hasBacklog',
            target: 'due',
            reenter: true,
            actions: [sendReplay, 'dropBatch'],
            description: 'The next part of what the client missed.',
          },
          when('withholdsResumed', to('withheld', 'resumedWithheld')),
          to(`${SESSION}.live`, 'resumed', 'numberResumed', sendResumed),
        ],
      },
    },
    withheld,
  },
});

const live = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#ready-event' },
  description: 'Dispatches go out as they come; commands are taken.',
  tags: ['ready'],
  on: {
    dispatch: { actions: ['keepDispatch', sendDispatch] },
    'received.identify': alreadyAuthenticated,
    'received.resume': alreadyAuthenticated,
    'received.command': commanded,
    invalidateSession: invalidated,
    release: taken,
  },
});

export const session = gatewaySetup.createStateConfig({
  meta: { spec: 'gateway#identifying' },
  initial: 'greeting',
  states: { greeting, awaitingIdentify, starting, replaying, live },
});

/** The session on an open connection: a permit, Identify or Resume, and what is ready ("Identifying", "Resuming"). */
import {
  anew,
  CONNECTION,
  closeEndingSession,
  closeKeepingSession,
  explained,
  MAKING_ROOM,
  RECONNECTING,
  reconnect,
  request,
  stay,
  timed,
  to,
  when,
} from './rows.js';
import { arm, disarm, shardSetup, waitFor } from './vocabulary.js';

/** How what a dispatch brings is counted: what is new by its number; the rest is told. */
const counted = ['takeSequence', 'forgiveResumes'] as const;
const repeated = explained('It was there before: not delivered.', when('isNumbered', stay('repeated')));
const unnumbered = explained('Delivered; a resume would not know of it.', stay('unnumbered'));

/** A replay is not silent while we do not read: its deadline begins anew when we do. */
const restartDeadlineIfPaused = when('isPaused', { actions: [...anew('resumed')] });

const queuedForIdentify = shardSetup.createStateConfig({
  meta: { spec: 'gateway#rate-limiting' },
  description: 'Identifies are limited per 5 s and per day; heartbeats go on while we wait for a permit.',
  tags: ['degraded'],
  entry: ['numberRequest', { type: 'requestPermit', params: request }, arm('permit')],
  exit: [{ type: 'cancelPermit', params: request }, disarm('permit')],
  on: {
    permitGranted: to('identifying', 'permitted'),
    permitRefused: [
      when('isRefusedForGood', to(`${CONNECTION}.closing.failing`, 'permitRefused', closeEndingSession)),
      to(RECONNECTING, 'permitDelayed', closeKeepingSession, 'waitAsTold'),
    ],
    'timer.permit': explained(
      'Said, then waited on: a visible state, not a hang.',
      stay('stillQueued', ...anew('permit')),
    ),
  },
});

const identifying = shardSetup.createStateConfig({
  meta: { spec: 'gateway#identifying' },
  description:
    'The deadline is long: in an outage READY comes when the service can give one, and each retry costs one of the day.',
  tags: ['degraded'],
  entry: [{ type: 'sendIdentify', params: {} }, arm('ready')],
  exit: disarm('ready'),
  on: {
    ready: to('ready', 'ready', 'takeSession'),
    'timer.ready': reconnect('readyTimedOut'),
  },
});

const resuming = shardSetup.createStateConfig({
  meta: { spec: 'gateway#resuming' },
  description:
    'Missed dispatches arrive in order, then RESUMED. One deadline is for silence, the other for all of it; a resume has failed if nothing came that was not there before.',
  tags: ['streaming', 'replaying', 'degraded'],
  entry: [
    'countResume',
    {
      type: 'sendResume',
      params: ({ context }) => ({ sessionId: context.session?.id ?? '', sequence: context.sequence ?? 0 }),
    },
    arm('resumed'),
    arm('replay'),
  ],
  exit: [disarm('resumed'), disarm('replay')],
  on: {
    dispatch: [when('isNew', { actions: [...counted, ...anew('resumed')] }), repeated, unnumbered],
    dispatched: { actions: [...counted, ...anew('resumed')] },
    resumed: to('ready', 'resumed', 'takeSequence'),
    ready: explained('A new session, for which nobody asked.', to('ready', 'readyInstead', 'takeSession')),
    'timer.resumed': [
      when('isPaused', stay('replayPaused', arm('resumed'))), //
      reconnect('resumeTimedOut'),
    ],
    'timer.replay': reconnect('replayTimedOut'),
    backlogDrained: restartDeadlineIfPaused,
    'timer.firstHeartbeat': restartDeadlineIfPaused,
    'timer.heartbeat': restartDeadlineIfPaused,
  },
});

const ready = shardSetup.createStateConfig({
  meta: { spec: 'gateway#ready-event' },
  description: 'The session lives: dispatches arrive, commands may be sent.',
  tags: ['streaming', 'ready'],
  on: {
    dispatch: [when('isNew', { actions: [...counted] }), repeated, unnumbered],
    dispatched: { actions: [...counted] },
  },
  initial: 'settling',
  states: {
    settling: {
      meta: { spec: 'policy#stability' },
      description: 'Counts as good only after it has held.',
      ...timed('settle'),
      on: { 'timer.settle': to('unproven', 'longEnough') },
    },
    unproven: {
      meta: { spec: 'policy#stability' },
      description: 'Time alone proves nothing: the peer has to answer a heartbeat.',
      on: { lifeSign: to('settled', 'settled', 'forgive') },
    },
    settled: {
      meta: { spec: 'policy#stability' },
      tags: ['settled'],
    },
  },
});

export const session = shardSetup.createStateConfig({
  meta: { spec: 'gateway#identifying' },
  initial: 'queuedForIdentify', // never taken: Hello chooses
  // What has no place where the states below do not list it.
  on: {
    hello: explained('A second Hello changes nothing.', stay('unexpected')),
    ready: stay('unexpected'),
    resumed: stay('unexpected'),
    dispatch: stay('unexpected'),
    malformed: stay('malformed'),
    unknownOpcode: stay('unknownOpcode'),
    backlogOverflowed: [
      explained(
        "The Gateway's replay buffer holds what ours cannot: no failure of a resume.",
        when(
          'hasSession',
          to(MAKING_ROOM, 'backlogOverflowed', 'goBack', 'forgiveResumes', closeKeepingSession, waitFor('retry')),
        ),
      ),
      stay('overflowedForGood'),
    ],
  },
  states: { queuedForIdentify, identifying, resuming, ready },
});

/**
 * Cases that are made: each thing that a Gateway can do, at each place of a connection that the wire can tell apart. What
 * has to follow is transcribed from the documentation below; the charts know nothing of it, and are not asked.
 */
import { Opcode } from '../../../machines/protocol/opcodes.js';
import { type LogEntry, MALFORMED, type MalformedKind } from '../../simulator/index.js';
import type { Case, Check, Level, Step } from '../case.js';
import {
  comesBack,
  heartbeatsInTime,
  identifies,
  identifiesAtMost,
  keepsSecrets,
  messagesFlow,
  NOTED,
  noFlood,
  nothingLost,
  resumes,
  rulesHold,
  runsOn,
  runsOnOnceReady,
  settledAfter,
  settledOrStays,
  socketsAtMost,
  staysAway,
  staysOnConnection,
} from '../checks.js';
import { type Evidence, now } from '../evidence.js';
import { fieldsOf } from '../fields.js';
import { LIVE } from './live.js';

/** Where a connection is when something happens to it, and how it is brought there. */
interface Spot {
  readonly name: string;
  readonly says: string;
  /** Whether there is a session that could be resumed. */
  readonly hasSession: boolean;
  /** The steps, given what is to happen there. */
  stage(what: What): Pick<Case, 'before' | 'script'>;
}

/** What happens: as an order on the live connection, or as a fault that waits for its place. */
interface What {
  readonly order: Step;
  readonly fault: (at: 'greeting' | 'awaitingIdentify' | 'starting' | 'replaying') => Step;
}

const BACK: Step = { until: 'live', within: 25_000 };

const SPOTS: readonly Spot[] = [
  {
    name: 'hello',
    says: 'on the first connection, in the place of Hello',
    hasSession: false,
    stage: ({ fault }) => ({ before: [fault('greeting')], script: [BACK] }),
  },
  {
    name: 'identify',
    says: 'after Hello, before Identify is read',
    hasSession: false,
    stage: ({ fault }) => ({ before: [fault('awaitingIdentify')], script: [BACK] }),
  },
  {
    name: 'starting',
    says: 'after Identify, in the place of READY',
    hasSession: false,
    stage: ({ fault }) => ({ before: [fault('starting')], script: [BACK] }),
  },
  {
    name: 'live',
    says: 'while the session is live',
    hasSession: true,
    stage: ({ order }) => ({ script: [...LIVE, order, BACK] }),
  },
  {
    name: 'back',
    says: 'in the place of Hello, when the client comes back',
    hasSession: true,
    stage: ({ fault }) => ({ script: [...LIVE, fault('greeting'), { order: 'dropTcp' }, BACK] }),
  },
  {
    name: 'resuming',
    says: 'after Resume, in the place of RESUMED',
    hasSession: true,
    stage: ({ fault }) => ({ script: [...LIVE, fault('replaying'), { order: 'dropTcp' }, BACK] }),
  },
];

/** A process that ends before there was a session is one that has to be started again; later it has lost one. */
const runs = ({ hasSession }: Spot, { mayEnd = false } = {}): Check =>
  hasSession || mayEnd ? runsOn({ mayEnd }) : runsOnOnceReady;

const USUAL: readonly Check[] = [noFlood, keepsSecrets, nothingLost, identifiesAtMost(4), socketsAtMost(12)];

/** Gateway Close Event Codes, and codes that clients meet beside them: what follows where there is a session. */
type After = 'resume' | 'identify' | 'either' | 'never';
const CLOSES: readonly (readonly [code: number, after: After, level: Level])[] = [
  [4000, 'resume', 'must'],
  [4001, 'resume', 'must'],
  [4002, 'resume', 'must'],
  [4003, 'either', 'must'],
  [4004, 'never', 'must'],
  [4005, 'either', 'must'],
  [4007, 'identify', 'must'],
  [4008, 'resume', 'must'],
  [4009, 'identify', 'must'],
  [4010, 'never', 'must'],
  [4011, 'never', 'must'],
  [4012, 'never', 'must'],
  [4013, 'never', 'must'],
  [4014, 'never', 'must'],
  [1000, 'either', 'robustness'],
  [1001, 'either', 'robustness'],
  [1011, 'resume', 'robustness'],
  [1012, 'resume', 'robustness'],
  [4006, 'either', 'robustness'],
  [4099, 'either', 'robustness'],
];

const FOLLOWS: Readonly<Record<After, string>> = {
  resume: 'the session is resumed',
  identify: 'a new session is begun',
  either: 'the client comes back',
  never: 'the client stays away',
};

function closeCases(): Case[] {
  return CLOSES.flatMap(([code, after, level]) =>
    SPOTS.map((spot): Case => {
      // A connection that went wrong in the same way twice in a row may end the session.
      const isSecond = spot.name === 'resuming' && code === 4001;
      const follows = isSecond ? 'either' : spot.hasSession || after === 'never' ? after : 'identify';
      const what: What = {
        order: { order: 'closeWith', code },
        fault: (at) => ({ fault: 'closeWith', options: { code, at, times: 1 } }),
      };
      const { before = [], script } = spot.stage(what);
      const isFatal = follows === 'never';
      return {
        id: `close-${code}/${spot.name}`,
        spec: 'gateway#gateway-close-event-codes',
        level,
        says: `Close code ${code} ${spot.says}: ${FOLLOWS[follows]}`,
        before,
        script: isFatal ? script.slice(0, -1) : script,
        strikes: ({ kind, direction, code: told }) => kind === 'close' && direction === 'gateway' && told === code,
        watch: isFatal ? 20_000 : 6_000,
        isSettled: isFatal ? fatalSettled : settledAfter(2_500),
        checks: [
          ...USUAL,
          rulesHold(follows === 'identify' || follows === 'either' ? EITHER_MOVE : [], NOTED),
          runs(spot, { mayEnd: isFatal }),
          ...(isFatal ? [staysAway] : [comesBack(), messagesFlow]),
          ...(follows === 'resume' ? [resumes] : follows === 'identify' && spot.hasSession ? [identifies] : []),
        ],
        quick: spot.name === 'live' && [4000, 4004, 4007, 4009, 4014].includes(code),
      };
    }),
  );
}

/** Where a Resume is in vain, or an Identify needless, but neither is forbidden: what follows is judged by other checks. */
const EITHER_MOVE = [
  'a session is resumed before it is given up',
  'Resume carries the token, the session of the last READY and the last sequence received in it',
  'a session is first resumed at the URL that READY gave, and a new one begun at the main URL',
];

/** Six seconds without a sign, or a process that has ended, is for good. */
const FOR_GOOD_MS = 6_000;
function fatalSettled({ struck, items, exit }: Evidence): boolean {
  if (!Number.isFinite(struck)) return false;
  return exit !== null || (items.length > 0 && now() - struck > FOR_GOOD_MS);
}

function lossCases(): Case[] {
  return SPOTS.map((spot): Case => {
    const what: What = {
      order: { order: 'dropTcp' },
      fault: (at) => ({ fault: 'dropTcp', options: { at, times: 1 } }),
    };
    return {
      id: `drop/${spot.name}`,
      spec: 'gateway#disconnecting',
      level: 'must',
      says: `The connection is lost ${spot.says}: ${spot.hasSession ? 'the session is resumed' : 'the client connects again'}`,
      ...spot.stage(what),
      strikes: ({ kind, direction }) => kind === 'drop' && direction === 'gateway',
      watch: 6_000,
      isSettled: settledAfter(2_500),
      checks: [...USUAL, rulesHold(), runs(spot), comesBack(), messagesFlow, ...(spot.hasSession ? [resumes] : [])],
      quick: spot.name === 'live' || spot.name === 'resuming',
    };
  });
}

const isOp =
  (op: Opcode, d?: unknown) =>
  (entry: LogEntry): boolean => {
    const payload = fieldsOf(entry.payload);
    return (
      entry.direction === 'gateway' &&
      entry.kind === 'text' &&
      payload['op'] === op &&
      (d === undefined || payload['d'] === d)
    );
  };

function reconnectCases(): Case[] {
  return SPOTS.map((spot): Case => {
    const what: What = {
      order: { order: 'requestReconnect' },
      fault: (at) => ({ fault: 'requestReconnect', options: { at, times: 1 } }),
    };
    return {
      id: `op-7/${spot.name}`,
      spec: 'gateway#reconnect',
      level: 'must',
      says: `Reconnect (op 7) ${spot.says}: ${spot.hasSession ? 'the session is resumed' : 'the client connects again'}`,
      ...spot.stage(what),
      strikes: isOp(Opcode.Reconnect),
      watch: 8_000,
      isSettled: settledAfter(2_500),
      checks: [
        ...USUAL,
        rulesHold([], NOTED),
        runs(spot),
        comesBack(),
        messagesFlow,
        ...(spot.hasSession ? [resumes] : []),
      ],
      quick: spot.name === 'live',
    };
  });
}

function invalidCases(): Case[] {
  return [true, false].flatMap((resumable) =>
    SPOTS.filter(({ name, hasSession }) =>
      resumable ? hasSession && name !== 'back' : name !== 'hello' && name !== 'back',
    ).map((spot): Case => {
      const what: What = {
        order: { order: 'invalidateSession', resumable },
        fault: (at) => ({ fault: 'invalidateSession', options: { resumable, at, times: 1 } }),
      };
      const isResumed = resumable && spot.hasSession;
      return {
        id: `op-9-${resumable}/${spot.name}`,
        spec: 'gateway#invalid-session',
        level: 'must',
        says: `Invalid Session, d ${resumable}, ${spot.says}: ${isResumed ? 'the session is resumed' : 'a new session is begun, on another connection'}`,
        ...spot.stage(what),
        strikes: isOp(Opcode.InvalidSession, resumable),
        watch: 8_000,
        isSettled: settledAfter(2_500),
        checks: [
          ...USUAL,
          rulesHold(),
          runs(spot),
          comesBack(),
          messagesFlow,
          ...(isResumed ? [resumes] : spot.hasSession ? [identifies] : []),
        ],
        quick: spot.name === 'live',
      };
    }),
  );
}

/** What is sent now is no scheduled heartbeat. */
const BETWEEN_BEATS: readonly Step[] = [{ until: 'heartbeat' }, { wait: 500 }];

function requestCases(): Case[] {
  return SPOTS.filter(({ name }) => name === 'identify' || name === 'live' || name === 'resuming').map((spot): Case => {
    const what: What = {
      order: { order: 'requestHeartbeat' },
      fault: (at) => ({ fault: 'requestHeartbeat', options: { at, times: 1 } }),
    };
    const { before = [], script } = spot.stage(what);
    return {
      id: `op-1/${spot.name}`,
      spec: 'gateway#heartbeat-requests',
      level: 'must',
      says: `A heartbeat is asked for (op 1) ${spot.says}: it is sent at once, and the connection goes on`,
      before,
      script: spot.name === 'live' ? [...LIVE, ...BETWEEN_BEATS, what.order] : script,
      strikes: isOp(Opcode.Heartbeat),
      watch: spot.name === 'live' ? 7_000 : 6_000,
      checks: [
        ...USUAL,
        rulesHold([], NOTED),
        runsOn(),
        comesBack(),
        messagesFlow,
        staysOnConnection(),
        ...(spot.name === 'live' ? [heartbeatsInTime] : []),
      ],
      quick: spot.name === 'live',
    };
  });
}

/** Sequences that are wrong by intent are no business of the rules on sequences. */
const SEQUENCE_RULES = [
  'a heartbeat carries the last sequence received, or null before the first',
  'Resume carries the token, the session of the last READY and the last sequence received in it',
];
const OTHER_RULES = [...SEQUENCE_RULES, 'op 9 ends the connection, and the next begins 1 to 5 s later at the earliest'];

/** Frames that demand more than to be survived. */
const DEMANDING: ReadonlySet<string> = new Set(['reconnectWithoutData', 'invalidWithoutData', 'invalidWithText']);

function malformedCases(): Case[] {
  const kinds = (Object.keys(MALFORMED) as MalformedKind[]).filter((kind) => !kind.startsWith('ready'));
  return kinds.flatMap((kind): Case[] => {
    const isHello = kind.startsWith('hello');
    const options = { kind, times: 1 } as const;
    const live: Case = {
      id: `malformed-${kind}/live`,
      spec: 'gateway#payload-structure',
      level: 'robustness',
      says: `The Gateway sends ${MALFORMED[kind].says}: the client goes on, or comes back`,
      script: [...LIVE, { fault: 'malformed', options: { kind } }],
      watch: 12_000,
      ...(kind === 'giant' ? {} : { isSettled: DEMANDING.has(kind) ? settledAfter(2_500) : settledOrStays(2_500) }),
      checks: [
        noFlood,
        keepsSecrets,
        identifiesAtMost(3),
        socketsAtMost(6),
        rulesHold(OTHER_RULES, NOTED),
        runsOn(),
        comesBack(),
        ...(kind === 'dispatchAhead' ? [] : [messagesFlow]), // whoever believes it takes what follows for old
        ...(DEMANDING.has(kind)
          ? []
          : [staysOnConnection({ tolerated: 'what was not understood may be taken for the end of the stream' })]),
      ],
      quick: ['notJson', 'unknownOpcode', 'dispatchOfNoRecord'].includes(kind),
    };
    if (!isHello) return [live];
    return [
      live,
      {
        ...live,
        id: `malformed-${kind}/hello`,
        says: `The Gateway sends ${MALFORMED[kind].says} in the place of Hello: the client goes on, or comes back`,
        before: [{ fault: 'malformed', options: { ...options, at: 'greeting' } }],
        script: [BACK],
        watch: 12_000,
        isSettled: settledAfter(4_000),
        checks: [noFlood, keepsSecrets, identifiesAtMost(3), socketsAtMost(12), runsOn(), comesBack()],
        quick: false,
      },
    ];
  });
}

/** All of them, in the order of a connection's life. */
export const GENERATED: readonly Case[] = [
  ...requestCases(),
  ...lossCases(),
  ...reconnectCases(),
  ...invalidCases(),
  ...closeCases(),
  ...malformedCases(),
];

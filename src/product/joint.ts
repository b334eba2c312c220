/**
 * What joins the two charts: the effects of each become what the other one hears, as hosts, sockets and the wire would
 * have it, without clocks, bytes and numbers. src/simulator and src/host do the same for real.
 */

import type { gatewayMachine } from '../../machines/gateway/chart.js';
import {
  clientCloseCode,
  type GatewayEffects,
  type GatewayEvent,
  type KeptDispatch,
  type ShardEffects,
  type ShardEvent,
} from '../../machines/index.js';
import type { Instruction } from '../../machines/kit/pure.js';
import type { shardMachine } from '../../machines/shard/chart.js';
import { LIMITED, NO_ACKS, RESUMED_HERE, type SliceName, TAKEN, withHandled } from './aside.js';
import { ChartStates, COLOURED_NAME, type GatewayFacts, gatewayForm, type ShardFacts, shardForm } from './charts.js';
import {
  type Draft,
  disown,
  forgetColour,
  type GatewayState,
  isHeard,
  isRead,
  isShared,
  type JointState,
  normalise,
  type ShardState,
} from './joint-state.js';
import { ageOf, bitsOf, CORRUPT, closeBits, FOLLOWED, GIVEN_UP, kindOf } from './messages.js';
import type { Property } from './properties.js';
import { EMPTY } from './queues.js';

/** The two charts and how they are set up. */
export interface Charts {
  readonly shard: typeof shardMachine;
  readonly gateway: typeof gatewayMachine;
  readonly shardInput: Parameters<ChartStates<typeof shardMachine, ShardFacts>['begin']>[0];
  readonly gatewayInput: Parameters<ChartStates<typeof gatewayMachine, GatewayFacts>['begin']>[0];
  /** Which sequence the record of `detach` holds, where it is asked for: as it should, the last one handled. */
  readonly record?: 'handled' | 'received';
  readonly slice?: SliceName;
}

const NONE: readonly string[] = [];

/** A timer of the Gateway, told from one of the shard. */
export const ofGateway = (timer: string): string => `${timer} of the Gateway`;

/** Effects that are seen from the state, or change nothing here. */
const UNSEEN: readonly string[] = ['pauseSocket', 'resumeSocket', 'stopReading', 'startReading', 'answerCommand'];

/** Whether an effect has to be carried out here: of reports, those alone that blame the client. */
const matters = ({ type, params }: Instruction): boolean =>
  type === 'report'
    ? FAULTS_OF_CLIENT.includes((params as GatewayEffects['report']).cause.name)
    : !UNSEEN.includes(type);

/** Causes for which the Gateway closes and only the client can be to blame. */
const FAULTS_OF_CLIENT = [
  'opcodeUnknown',
  'undecodable',
  'beforeHello',
  'notAuthenticated',
  'alreadyAuthenticated',
  'sequenceUnknown',
];

/** What one step did beyond the state that it led to. */
export interface Outcome {
  /** The first property that the step breaks. */
  broken: Property | null;
  opensSocket: boolean;
  /** Whether a permit was granted in this step. */
  isPermitted: boolean;
  /** Whether the shard was told, or ordered, that its session is over; and to stop or to fail. */
  endsSession: boolean;
  endsShard: boolean;
}

/** Someone who wants to know what is sent, and whether it can reach anybody. */
export type SendListener = (by: 'shard' | 'gateway', message: number, isHeard: boolean) => void;

/** Both charts, joined. With `exact` nothing is renamed: for a single run. */
export class Joint {
  readonly shards: ChartStates<typeof shardMachine, ShardFacts>;
  readonly gateways: ChartStates<typeof gatewayMachine, GatewayFacts>;
  /** The timers that each chart started in the step. */
  /** Whether both sides knew the same session before the shard's step. */
  #wasShared = false;
  #shardStarted = NONE;
  #gatewayStarted = NONE;
  readonly outcome: Outcome = {
    broken: null,
    opensSocket: false,
    isPermitted: false,
    endsSession: false,
    endsShard: false,
  };
  /** Whether it is noted when a resume was sent, and whether dispatches are handled by and by. */
  readonly countsResumes: boolean;
  readonly handles: boolean;
  witness: SendListener | undefined;

  constructor(
    readonly charts: Charts,
    readonly exact = false,
  ) {
    this.countsResumes = charts.slice === 'codes';
    this.handles = charts.slice === 'handled';
    this.shards = new ChartStates({ ...shardForm(charts.shard), matters }, exact);
    this.gateways = new ChartStates({ ...gatewayForm(charts.gateway), matters }, exact);
  }

  begin(): JointState {
    return this.finished({
      shard: this.shards.begin(this.charts.shardInput),
      gateway: this.gateways.begin(this.charts.gatewayInput),
      up: EMPTY,
      down: EMPTY,
      socket: 'none',
      isSeated: false,
      question: 'none',
      late: 'none',
      isLateFollowed: false,
      colour: 0,
      isDelivered: false,
      aside: 0,
    });
  }

  /** Another shard in the place of this one, with its session at a sequence. */
  beginAgain(draft: Draft, sequence: number): void {
    const { session } = draft.shard.snapshot.context;
    draft.shard = this.shards.begin({ ...this.charts.shardInput, session, sequence });
  }

  /** Before each step. */
  forget(): void {
    this.outcome.broken = null;
    this.outcome.opensSocket = false;
    this.outcome.isPermitted = false;
    this.outcome.endsSession = false;
    this.outcome.endsShard = false;
    this.#shardStarted = NONE;
    this.#gatewayStarted = NONE;
  }

  /** The timers that the step started, or started anew, of either chart. */
  started(): readonly string[] {
    return [...this.#shardStarted, ...this.#gatewayStarted.map(ofGateway)];
  }

  /** Names what the step broke, unless an earlier thing was. */
  breaks(property: Property): void {
    this.outcome.broken ??= property;
  }

  /** Tells the shard of an event; false if its state does not handle it. */
  tellShard(
    draft: Draft,
    number: number,
    event: (snapshot: ShardState['snapshot'], number: number) => ShardEvent,
  ): boolean {
    const { to, effects, starts, isHandled } = this.shards.step(draft.shard, number, event);
    const before = draft.shard.facts;
    this.#wasShared = isShared(draft);
    draft.shard = to;
    this.#shardStarted = starts;
    for (const effect of effects) carryOut(this.#forShard, draft, effect);
    if (before !== to.facts) this.#checkShard(before, to.facts);
    return isHandled;
  }

  #checkShard(before: ShardFacts, after: ShardFacts): void {
    const { endsSession, endsShard } = this.outcome;
    if (after.isEnding && !before.isEnding && !endsShard) this.breaks('idleUnasked');
    if (this.#wasShared && after.sessionId === null && !endsSession && before.resumes === 0) this.breaks('givenUp');
  }

  /** Tells the Gateway of an event; false if its state does not handle it. */
  tellGateway(
    draft: Draft,
    number: number,
    event: (snapshot: GatewayState['snapshot'], number: number) => GatewayEvent,
  ): boolean {
    const before = draft.gateway.facts.sessionId;
    const { to, effects, starts, isHandled } = this.gateways.step(draft.gateway, number, event);
    draft.gateway = to;
    this.#gatewayStarted = starts;
    if (to.facts.sessionId !== before) disown(draft);
    for (const effect of effects) carryOut(this.#forGateway, draft, effect);
    return isHandled;
  }

  /** The state that a step led to, in its normal form. */
  finished(draft: Draft): JointState {
    if (draft.late !== 'none') forgetLateAnswer(draft);
    if (draft.aside !== 0) noteSession(draft);
    const { colour, isDelivered, shard } = draft;
    if (colour !== 0 && !isDelivered && isShared(draft) && shard.facts.sequence >= colour) this.breaks('lost');
    forgetColour(draft);
    if (!this.exact) normalise(draft, this.shards, this.gateways);
    else if (draft.colour === 0 && draft.gateway.facts.isColoured) {
      draft.gateway = this.gateways.rename(draft.gateway, { mask: null, shared: true, plain: true });
    }
    return draft;
  }

  /** Puts a message on its way to the client, if there still is one. */
  #sendDown(draft: Draft, message: number): void {
    this.witness?.('gateway', message, isRead(draft));
    const isSwallowed = (draft.aside & NO_ACKS) !== 0 && kindOf(message) === 'heartbeatAck';
    if (isRead(draft) && !isSwallowed) draft.down = draft.down.plus(message);
  }

  #sendUp(draft: Draft, message: number): void {
    this.witness?.('shard', message, isHeard(draft));
    if (draft.socket !== 'open') this.breaks('sentUnopened');
    else if (isHeard(draft) && !draft.gateway.facts.isDeaf) draft.up = draft.up.plus(message);
  }

  readonly #forShard: Handlers<ShardEffects> = {
    locateGateway: (draft) => ask(draft, 'locate'),
    requestPermit: (draft) => ask(draft, 'permit'),
    cancelLocate: giveUpQuestion,
    cancelPermit: giveUpQuestion,
    openSocket: (draft) => this.#open(draft),
    dropSocket: (draft) => this.#drop(draft),
    sendHeartbeat: (draft) => this.#sendUp(draft, bitsOf('heartbeat')),
    sendIdentify: (draft) => {
      draft.aside &= ~LIMITED;
      if (!this.outcome.isPermitted) this.breaks('identifiedUnasked');
      this.#sendUp(draft, bitsOf('identify'));
    },
    sendResume: (draft, { sessionId, sequence }) => {
      const foreign = sessionId !== draft.gateway.facts.sessionId;
      if ((draft.aside & LIMITED) !== 0) this.breaks('resumedTooOften');
      if (this.countsResumes) draft.aside |= RESUMED_HERE;
      this.#sendUp(draft, bitsOf('resume', foreign ? { foreign } : { sequence }));
    },
    closeSocket: (draft, { code }) => {
      const isEnd = clientCloseCode(code).session === 'ends';
      if (isEnd && isShared(draft)) this.breaks('endedKept');
      if (!isEnd && this.#wasShared && draft.shard.facts.sessionId === null) this.breaks('leftBehind');
      this.#sendUp(draft, closeBits(code));
      draft.socket = 'closing';
    },
    pauseSocket: () => {}, // seen from the state
    resumeSocket: () => {},
    report: () => {},
  };

  #open(draft: Draft): void {
    if (draft.socket !== 'none') this.breaks('twoSockets');
    this.outcome.opensSocket = true;
    draft.aside &= ~RESUMED_HERE;
    draft.socket = 'asked';
    draft.isSeated = false;
    draft.down = draft.down.outdated(FOLLOWED);
  }

  /** The Gateway learns of it as TCP tells it: behind what was sent before, or instead of it if it was not reading. */
  #drop(draft: Draft): void {
    const isTold = draft.socket !== 'none' && draft.socket !== 'over' && isHeard(draft);
    if (isTold) draft.up = (draft.gateway.facts.isDeaf ? EMPTY : draft.up).plus(bitsOf('lost'));
    draft.socket = 'none';
    draft.isSeated = false;
    const { down } = draft;
    draft.down = down.outdated(down.length > 0 && ageOf(down.head) === FOLLOWED ? FOLLOWED : GIVEN_UP);
  }

  readonly #forGateway: Handlers<GatewayEffects> = {
    sendHello: (draft) => this.#sendDown(draft, bitsOf('hello')),
    sendReady: (draft, { sequence }) => this.#sendDown(draft, bitsOf('ready', { sequence })),
    sendDispatch: (draft, dispatch) => this.#sendDown(draft, dispatchMessage(dispatch)),
    sendReplay: (draft, { dispatches }) => {
      for (const dispatch of dispatches) this.#sendDown(draft, dispatchMessage(dispatch));
    },
    sendResumed: (draft, { sequence }) => this.#sendDown(draft, bitsOf('resumed', { sequence })),
    sendAck: (draft) => this.#sendDown(draft, bitsOf('heartbeatAck')),
    sendHeartbeatRequest: (draft) => this.#sendDown(draft, bitsOf('heartbeatRequested')),
    sendReconnect: (draft) => this.#sendDown(draft, bitsOf('reconnectRequested')),
    sendInvalidSession: (draft, { resumable }) =>
      this.#sendDown(draft, bitsOf('invalidSession', { sequence: resumable ? 1 : 0 })),
    sendRaw: (draft, { kind }) => this.#sendDown(draft, bitsOf('malformed', { sequence: kind === CORRUPT ? 1 : 0 })),
    close: (draft, { code }) => this.#sendDown(draft, closeBits(code)),
    answerClose: (draft, { code }) => this.#sendDown(draft, closeBits(code)),
    dropTcp: (draft) => {
      draft.up = draft.up.old;
      this.#sendDown(draft, bitsOf('lost'));
    },
    answerCommand: () => {}, // no command is sent
    stopReading: () => {}, // seen from the state
    startReading: () => {},
    report: () => this.breaks('faultOfClient'), // the others are left out
  };

  /** The shard's newest connection takes the Gateway's seat, whoever held it. */
  seat(draft: Draft, number: number, event: (snapshot: GatewayState['snapshot']) => GatewayEvent): boolean {
    draft.up = draft.up.outdated(FOLLOWED);
    const isHandled = this.tellGateway(draft, number, event); // what it drops is the old connection, which nobody reads
    draft.isSeated = true;
    draft.socket = 'answered';
    this.#sendDown(draft, bitsOf('opened'));
    return isHandled;
  }
}

/** A chart's effects, each done to a draft. */
type Handlers<Effects> = { readonly [K in keyof Effects]: (draft: Draft, params: Effects[K]) => void };

/** What one of the handlers does, whichever it is. */
function carryOut<Effects>(handlers: Handlers<Effects>, draft: Draft, { type, params }: Instruction): void {
  handlers[type as keyof Effects](draft, params as Effects[keyof Effects]);
}

function ask(draft: Draft, question: 'locate' | 'permit'): void {
  draft.question = question;
  if (draft.late !== 'none') draft.isLateFollowed = true;
}

function giveUpQuestion(draft: Draft): void {
  if (draft.question === 'none') return;
  draft.late = draft.question;
  draft.isLateFollowed = false;
  draft.question = 'none';
}

/** No answer is later than that: of the locator once a socket is open, of permits once the session is ready. */
function forgetLateAnswer(draft: Draft): void {
  const { isReady, isIdle } = draft.shard.facts;
  const isTooLate = isReady || isIdle || (draft.late === 'locate' && draft.socket === 'open');
  if (!isTooLate) return;
  draft.late = 'none';
  draft.isLateFollowed = false;
}

/** What is noted of a session ends with it. */
function noteSession(draft: Draft): void {
  const { sessionId, isSettled } = draft.shard.facts;
  if (sessionId === null || isSettled) draft.aside &= ~(RESUMED_HERE | LIMITED);
  if (sessionId === null || isShared(draft)) draft.aside &= ~TAKEN;
  if (!isShared(draft)) draft.aside = withHandled(draft.aside, 0);
}

const dispatchMessage = ({ sequence, name }: KeptDispatch): number =>
  bitsOf('dispatch', { sequence, coloured: name === COLOURED_NAME });

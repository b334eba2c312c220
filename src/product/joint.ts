/**
 * What joins the two charts: the effects of each become what the other one hears, as hosts, sockets and the wire would
 * have it, without clocks, bytes and numbers. src/simulator and src/host do the same for real.
 */

import type { gatewayMachine } from '../../machines/gateway/chart.js';
import type { GatewayEffects, GatewayEvent, KeptDispatch, ShardEffects, ShardEvent } from '../../machines/index.js';
import type { Instruction } from '../../machines/kit/pure.js';
import type { shardMachine } from '../../machines/shard/chart.js';
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
  outdated,
  type ShardState,
} from './joint-state.js';
import { ageOf, CORRUPT, CURRENT, closeMessage, FOLLOWED, GIVEN_UP, messageOf } from './messages.js';
import type { Property } from './properties.js';

/** The two charts and how they are set up. */
export interface Charts {
  readonly shard: typeof shardMachine;
  readonly gateway: typeof gatewayMachine;
  readonly shardInput: Parameters<ChartStates<typeof shardMachine, ShardFacts>['begin']>[0];
  readonly gatewayInput: Parameters<ChartStates<typeof gatewayMachine, GatewayFacts>['begin']>[0];
}

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
}

/** Someone who wants to know what is sent, and whether it can reach anybody. */
export type SendListener = (by: 'shard' | 'gateway', message: number, isHeard: boolean) => void;

/** Both charts, joined. With `exact` nothing is renamed: for a single run. */
export class Joint {
  readonly shards: ChartStates<typeof shardMachine, ShardFacts>;
  readonly gateways: ChartStates<typeof gatewayMachine, GatewayFacts>;
  readonly outcome: Outcome = { broken: null, opensSocket: false, isPermitted: false };
  witness: SendListener | undefined;

  constructor(
    private readonly charts: Charts,
    readonly exact = false,
  ) {
    this.shards = new ChartStates(shardForm(charts.shard), exact);
    this.gateways = new ChartStates(gatewayForm(charts.gateway), exact);
  }

  begin(): JointState {
    return this.finished({
      shard: this.shards.begin(this.charts.shardInput),
      gateway: this.gateways.begin(this.charts.gatewayInput),
      up: '',
      down: '',
      socket: 'none',
      isSeated: false,
      question: 'none',
      late: 'none',
      isLateFollowed: false,
      colour: 0,
      isDelivered: false,
    });
  }

  /** Before each step. */
  forget(): void {
    this.outcome.broken = null;
    this.outcome.opensSocket = false;
    this.outcome.isPermitted = false;
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
    const { to, effects, isHandled } = this.shards.step(draft.shard, number, event);
    draft.shard = to;
    for (const effect of effects) carryOut(this.#forShard, draft, effect);
    return isHandled;
  }

  /** Tells the Gateway of an event; false if its state does not handle it. */
  tellGateway(
    draft: Draft,
    number: number,
    event: (snapshot: GatewayState['snapshot'], number: number) => GatewayEvent,
  ): boolean {
    const before = draft.gateway.facts.sessionId;
    const { to, effects, isHandled } = this.gateways.step(draft.gateway, number, event);
    draft.gateway = to;
    if (to.facts.sessionId !== before) disown(draft);
    for (const effect of effects) carryOut(this.#forGateway, draft, effect);
    return isHandled;
  }

  /** The state that a step led to, in its normal form. */
  finished(draft: Draft): JointState {
    if (draft.late !== 'none') forgetLateAnswer(draft);
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
  #sendDown(draft: Draft, message: string): void {
    this.witness?.('gateway', message.charCodeAt(0), isRead(draft));
    if (isRead(draft)) draft.down += message;
  }

  #sendUp(draft: Draft, message: string): void {
    this.witness?.('shard', message.charCodeAt(0), isHeard(draft));
    if (draft.socket !== 'open') this.breaks('sentUnopened');
    else if (isHeard(draft) && !draft.gateway.facts.isDeaf) draft.up += message;
  }

  readonly #forShard: Handlers<ShardEffects> = {
    locateGateway: (draft) => ask(draft, 'locate'),
    requestPermit: (draft) => ask(draft, 'permit'),
    cancelLocate: giveUpQuestion,
    cancelPermit: giveUpQuestion,
    openSocket: (draft) => this.#open(draft),
    dropSocket: (draft) => this.#drop(draft),
    sendHeartbeat: (draft) => this.#sendUp(draft, messageOf('heartbeat')),
    sendIdentify: (draft) => {
      if (!this.outcome.isPermitted) this.breaks('identifiedUnasked');
      this.#sendUp(draft, messageOf('identify'));
    },
    sendResume: (draft, { sessionId, sequence }) => {
      const foreign = sessionId !== draft.gateway.facts.sessionId;
      this.#sendUp(draft, messageOf('resume', foreign ? { foreign } : { sequence }));
    },
    closeSocket: (draft, { code }) => {
      this.#sendUp(draft, closeMessage(code));
      draft.socket = 'closing';
    },
    pauseSocket: () => {}, // seen from the state
    resumeSocket: () => {},
    report: () => {},
  };

  #open(draft: Draft): void {
    if (draft.socket !== 'none') this.breaks('twoSockets');
    this.outcome.opensSocket = true;
    draft.socket = 'asked';
    draft.isSeated = false;
    draft.down = outdated(draft.down, FOLLOWED);
  }

  /** The Gateway learns of it as TCP tells it: behind what was sent before, or instead of it if it was not reading. */
  #drop(draft: Draft): void {
    const isTold = draft.socket !== 'none' && draft.socket !== 'over' && isHeard(draft);
    if (isTold) draft.up = (draft.gateway.facts.isDeaf ? '' : draft.up) + messageOf('lost');
    draft.socket = 'none';
    draft.isSeated = false;
    draft.down = outdated(
      draft.down,
      draft.down !== '' && ageOf(draft.down.charCodeAt(0)) === FOLLOWED ? FOLLOWED : GIVEN_UP,
    );
  }

  readonly #forGateway: Handlers<GatewayEffects> = {
    sendHello: (draft) => this.#sendDown(draft, messageOf('hello')),
    sendReady: (draft, { sequence }) => this.#sendDown(draft, messageOf('ready', { sequence })),
    sendDispatch: (draft, dispatch) => this.#sendDown(draft, dispatchMessage(dispatch)),
    sendReplay: (draft, { dispatches }) => {
      for (const dispatch of dispatches) this.#sendDown(draft, dispatchMessage(dispatch));
    },
    sendResumed: (draft, { sequence }) => this.#sendDown(draft, messageOf('resumed', { sequence })),
    sendAck: (draft) => this.#sendDown(draft, messageOf('heartbeatAck')),
    sendHeartbeatRequest: (draft) => this.#sendDown(draft, messageOf('heartbeatRequested')),
    sendReconnect: (draft) => this.#sendDown(draft, messageOf('reconnectRequested')),
    sendInvalidSession: (draft, { resumable }) =>
      this.#sendDown(draft, messageOf('invalidSession', { sequence: resumable ? 1 : 0 })),
    sendRaw: (draft, { kind }) => this.#sendDown(draft, messageOf('malformed', { sequence: kind === CORRUPT ? 1 : 0 })),
    close: (draft, { code }) => this.#sendDown(draft, closeMessage(code)),
    answerClose: (draft, { code }) => this.#sendDown(draft, closeMessage(code)),
    dropTcp: (draft) => {
      draft.up = [...draft.up].filter((message) => ageOf(message.charCodeAt(0)) !== CURRENT).join('');
      this.#sendDown(draft, messageOf('lost'));
    },
    answerCommand: () => {}, // no command is sent
    stopReading: () => {}, // seen from the state
    startReading: () => {},
    report: (_, { cause }) => {
      if (FAULTS_OF_CLIENT.includes(cause.name)) this.breaks('faultOfClient');
    },
  };

  /** The shard's newest connection takes the Gateway's seat, whoever held it. */
  seat(draft: Draft, number: number, event: (snapshot: GatewayState['snapshot']) => GatewayEvent): boolean {
    draft.up = outdated(draft.up, FOLLOWED);
    const isHandled = this.tellGateway(draft, number, event); // what it drops is the old connection, which nobody reads
    draft.isSeated = true;
    draft.socket = 'answered';
    this.#sendDown(draft, messageOf('opened'));
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

const dispatchMessage = ({ sequence, name }: KeptDispatch): string =>
  messageOf('dispatch', { sequence, coloured: name === COLOURED_NAME });

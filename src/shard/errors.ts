import {
  CAUSES,
  type Cause,
  COMMANDS,
  type CommandOpcode,
  closeCode,
  type InvalidGatewayUrlError,
  type InvalidIntentsError,
} from '../../machines/client.js';
import type { LocateError } from '../ports/locator.js';

/** Every error of gatechart that ends something. `code` is stable; messages may be reworded. */
export abstract class GatewayError extends Error {
  abstract readonly code: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Discord closed the connection with a code that forbids reconnecting ("Gateway Close Event Codes"). */
export class GatewayClosedError extends GatewayError {
  readonly code = 'ERR_GATEWAY_CLOSED';
  constructor(
    readonly closeCode: number,
    /** What the close frame said. */
    readonly reason: string | undefined,
  ) {
    const { name, says } = rowOf(closeCode);
    super(`The Gateway closed the connection with ${closeCode} ${name}: ${says}`);
  }
}

/** Discord refuses the token: Get Gateway Bot answered 401. */
export class UnauthorizedError extends GatewayError {
  readonly code = 'ERR_UNAUTHORIZED';
  constructor() {
    super('Discord refuses the token (401): set the current token of the application, without spaces around it');
  }
}

/** No identify is allowed, and waiting would not change it. */
export class IdentifyRefusedError extends GatewayError {
  readonly code = 'ERR_IDENTIFY_REFUSED';
  constructor(readonly reason: string) {
    super(`The identify was refused for good: ${reason}. Ask the permit port why, then start again`);
  }
}

/** A start that was given up: stopped, detached or aborted before READY or RESUMED. */
export class StoppedError extends GatewayError {
  readonly code = 'ERR_STOPPED';
  constructor() {
    super('The shard was stopped before it was ready');
  }
}

/** We did something that the protocol does not allow here; nothing was sent. */
export class LocalProtocolError extends GatewayError {
  constructor(
    readonly code: 'ERR_PAYLOAD_TOO_LARGE' | 'ERR_RESUME_RECORD' | 'ERR_SNAPSHOT' | 'ERR_COMMAND',
    message: string,
  ) {
    super(message);
  }
}

/** Why a command was not sent, by reason, and what to do. */
const REJECTIONS = {
  stopped: 'the shard does not run: start it first',
  detached: 'the shard was detached: send it with the shard that resumes its session',
  failed: 'the shard has failed: `closed` and the event failed say why',
  queueFull: 'the queue is full: send less often, or set a larger queue.size',
  dropped: 'newer commands have filled the queue: send less often, or set a larger queue.size',
  notReady: 'the shard is not ready, and has no queue: wait for READY or RESUMED, or set the option queue',
  rateLimited: 'the budget is used up, and there is no queue: wait until budget.nextAt, or set the option queue',
  notTaken: 'the socket would not take it: see the warning before this',
} as const;

/** Why a command was not sent. */
export type CommandRejection = keyof typeof REJECTIONS;

/** A command was not sent, and will not be. */
export class CommandRejectedError extends GatewayError {
  readonly code = 'ERR_COMMAND_REJECTED';
  constructor(
    readonly opcode: number,
    readonly reason: CommandRejection,
  ) {
    super(`${nameOf(opcode)} was not sent: ${REJECTIONS[reason]}`);
  }
}

/** Why a request got no answer, by reason, and what to do. */
const UNANSWERED = {
  timeout: 'nothing came for as long as `timeout` says: ask again, or wait longer',
  rateLimited: 'Discord has refused it (RATE_LIMITED) each time it was asked: ask less often',
  abandoned: 'the loop over its parts was left',
  sessionLost: 'the session ended before all of the answer was there: ask again',
  stopped: 'the shard was stopped',
  detached: 'the shard was detached',
  failed: 'the shard has failed: `closed` and the event failed say why',
} as const;

/** Why a request got no answer. */
export type RequestFailure = keyof typeof UNANSWERED;

/** A request was sent, and its answer did not come, or not all of it. */
export class RequestError extends GatewayError {
  readonly code = 'ERR_REQUEST';
  constructor(
    readonly opcode: number,
    readonly reason: RequestFailure,
  ) {
    super(`${nameOf(opcode)} was not answered: ${UNANSWERED[reason]}`);
  }
}

/** A consumer read too slowly, and its bounded buffer ran over. */
export class BufferOverflowError extends GatewayError {
  readonly code = 'ERR_BUFFER_OVERFLOW';
  constructor(
    /** The option `buffer`. */
    readonly capacity: number,
    /** The option `bufferBytes`. */
    readonly capacityBytes: number,
  ) {
    super(
      `More than ${capacity} dispatches or ${capacityBytes} bytes of them wait to be read: ` +
        'read faster, ask for fewer events, or set a larger buffer or bufferBytes',
    );
  }
}

/** Something below the chart broke; a defect of gatechart or of a port. */
export class InternalError extends GatewayError {
  readonly code = 'ERR_INTERNAL';
}

/** What a shard fails with. */
export type ShardFailure = GatewayClosedError | UnauthorizedError | IdentifyRefusedError | InternalError;

/** Every error class of `gatechart`: a `switch` over `code` narrows to one of them. */
export type AnyGatewayError =
  | ShardFailure
  | StoppedError
  | LocalProtocolError
  | CommandRejectedError
  | RequestError
  | BufferOverflowError
  | LocateError
  | InvalidGatewayUrlError
  | InvalidIntentsError;

/** The error for a shard that failed, by the cause of it. */
export function failure(cause: Cause): ShardFailure {
  switch (cause.name) {
    case 'closedForGood':
      return new GatewayClosedError(cause.closeCode ?? 1006, cause.reason);
    case 'unauthorized':
      return new UnauthorizedError();
    case 'permitRefused':
      return new IdentifyRefusedError(cause.reason ?? 'no reason given');
    default:
      return new InternalError(`The shard failed: ${CAUSES[cause.name].says}`);
  }
}

const rowOf = closeCode;

/** A command by its name in "Send Events". */
const nameOf = (opcode: number): string =>
  Object.hasOwn(COMMANDS, opcode) ? COMMANDS[opcode as CommandOpcode].name : `Opcode ${opcode}`;

import {
  CAUSES,
  type Cause,
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
    readonly code: 'ERR_NOT_READY' | 'ERR_PAYLOAD_TOO_LARGE' | 'ERR_RESUME_RECORD' | 'ERR_SNAPSHOT' | 'ERR_COMMAND',
    message: string,
  ) {
    super(message);
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

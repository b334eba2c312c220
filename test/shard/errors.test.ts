import { describe, expect, it } from 'vitest';
import type { Cause } from '../../machines/index.js';
import {
  BufferOverflowError,
  CommandRejectedError,
  failure,
  GatewayClosedError,
  GatewayError,
  IdentifyRefusedError,
  InternalError,
  LocalProtocolError,
  RequestError,
  StoppedError,
  UnauthorizedError,
} from '../../src/shard/errors.js';

/** An error as users see it: its name, its stable code, and what it says. */
const shown = ({ name, code, message }: GatewayError) => `${name} ${code}: ${message}`;

describe('every error of a shard has a name, a stable code and a sentence', () => {
  it.each<[GatewayError, string]>([
    [
      new GatewayClosedError(4014, undefined),
      'GatewayClosedError ERR_GATEWAY_CLOSED: The Gateway closed the connection with 4014 Disallowed intent(s): ' +
        'a privileged intent is neither enabled nor approved; ' +
        'enable GUILD_MEMBERS, GUILD_PRESENCES or MESSAGE_CONTENT in the Developer Portal, or leave it out',
    ],
    [
      new UnauthorizedError(),
      'UnauthorizedError ERR_UNAUTHORIZED: Discord refuses the token (401): ' +
        'set the current token of the application, without spaces around it',
    ],
    [
      new IdentifyRefusedError('not today'),
      'IdentifyRefusedError ERR_IDENTIFY_REFUSED: The identify was refused for good: not today. ' +
        'Ask the permit port why, then start again',
    ],
    [new StoppedError(), 'StoppedError ERR_STOPPED: The shard was stopped before it was ready'],
    [new LocalProtocolError('ERR_COMMAND', 'not so'), 'LocalProtocolError ERR_COMMAND: not so'],
    [
      new CommandRejectedError(3, 'queueFull'),
      'CommandRejectedError ERR_COMMAND_REJECTED: Update Presence was not sent: ' +
        'the queue is full: send less often, or set a larger queue.size',
    ],
    [
      new CommandRejectedError(99, 'stopped'),
      'CommandRejectedError ERR_COMMAND_REJECTED: Opcode 99 was not sent: the shard does not run: start it first',
    ],
    [
      new RequestError(8, 'timeout'),
      'RequestError ERR_REQUEST: Request Guild Members was not answered: ' +
        'nothing came for as long as `timeout` says: ask again, or wait longer',
    ],
    [
      new BufferOverflowError(7, 99),
      'BufferOverflowError ERR_BUFFER_OVERFLOW: More than 7 dispatches or 99 bytes of them wait to be read: ' +
        'read faster, ask for fewer events, or set a larger buffer or bufferBytes',
    ],
    [new InternalError('a port broke'), 'InternalError ERR_INTERNAL: a port broke'],
  ])('%s', (error, says) => {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toBeInstanceOf(Error);
    expect(shown(error)).toBe(says);
  });

  it('carries its facts as fields', () => {
    expect(new GatewayClosedError(4004, 'bye')).toMatchObject({ closeCode: 4004, reason: 'bye' });
    expect(new IdentifyRefusedError('not today')).toMatchObject({ reason: 'not today' });
    expect(new BufferOverflowError(7, 99)).toMatchObject({ capacity: 7, capacityBytes: 99 });
    expect(new CommandRejectedError(3, 'dropped')).toMatchObject({ opcode: 3, reason: 'dropped' });
    expect(new RequestError(31, 'rateLimited')).toMatchObject({ opcode: 31, reason: 'rateLimited' });
  });
});

describe('the error of a shard that failed', () => {
  it.each<[Cause, GatewayError]>([
    [{ name: 'closedForGood', closeCode: 4004, reason: 'bye' }, new GatewayClosedError(4004, 'bye')],
    [{ name: 'closedForGood' }, new GatewayClosedError(1006, undefined)],
    [{ name: 'unauthorized' }, new UnauthorizedError()],
    [{ name: 'permitRefused', reason: 'not today' }, new IdentifyRefusedError('not today')],
    [{ name: 'permitRefused' }, new IdentifyRefusedError('no reason given')],
    [{ name: 'zombied' }, new InternalError('The shard failed: no ACK: the connection is a zombie')],
  ])('comes from its cause: %j', (cause, error) => {
    const made = failure(cause);
    expect(shown(made)).toBe(shown(error));
    expect({ ...made }).toEqual({ ...error });
  });
});

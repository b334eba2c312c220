import { LIMITS } from '../../machines/protocol/limits.js';
import { Opcode } from '../../machines/protocol/opcodes.js';
import type { LimiterPort, OutgoingPayload, SendLane, SendLimiter } from '../ports/index.js';
import { assert, assertEqual, type Claims, type ContractCase, cases } from './contract.js';

const START = 1_000_000;
const INTERVAL = 41_250;
const { count, windowMs } = LIMITS.sends;
/** What is sent so far apart arrives outside of the window, whatever its way. */
const ARRIVES_APART_MS = windowMs + 500;
/** Whoever waits longer than this waits in vain. */
const LONGEST_WAIT_MS = 2 * windowMs;

const payload = (lane: SendLane, op: number, data: unknown = null): OutgoingPayload => ({ lane, op, data });
const COMMAND = payload('user', Opcode.RequestChannelInfo, { guild_id: '1', fields: ['status'] });
const VOICE = payload('voice', Opcode.VoiceStateUpdate, { guild_id: '1', channel_id: null });
const PRESENCE = payload('user', Opcode.PresenceUpdate, { since: null, activities: [], status: 'idle', afk: false });
const BEAT = payload('heartbeat', Opcode.Heartbeat);
const ANSWER = payload('answer', Opcode.Heartbeat);
const IDENTIFY = payload('session', Opcode.Identify);
const members = (guild: string) =>
  payload('user', Opcode.RequestGuildMembers, { guild_id: guild, query: '', limit: 0 });

/** A connection on which time passes: scheduled heartbeats are sent when they are due, other payloads when they may be. */
class Connection {
  readonly limiter: SendLimiter;
  now = START;
  readonly sentAt: number[] = [];
  #beatAt: number;

  constructor(port: LimiterPort, firstBeat = 5_000) {
    this.limiter = port.open();
    this.#beatAt = 0;
    this.connect(firstBeat);
  }

  connect(firstBeat = 5_000): void {
    this.limiter.connected();
    this.sentAt.length = 0;
    this.#beatAt = this.now + firstBeat;
    this.limiter.expectHeartbeat(this.#beatAt, INTERVAL, this.now);
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const end = this.now + ms;
    while (this.#beatAt <= end) {
      this.now = this.#beatAt;
      this.#beatAt += INTERVAL;
      this.send(BEAT);
      this.limiter.expectHeartbeat(this.#beatAt, INTERVAL, this.now);
    }
    this.now = end;
  }

  /** Sends at once, asked or not. */
  send(what: OutgoingPayload): void {
    this.sentAt.push(this.now);
    this.limiter.sent(what, this.now);
  }

  wait(what: OutgoingPayload): number {
    const wait = this.limiter.wait(what, this.now);
    assert(Number.isFinite(wait) && wait >= 0, `wait is ${wait}`);
    return wait;
  }

  /** Sends as soon as it may be; how long that took. */
  sendWhenAllowed(what: OutgoingPayload): number {
    const start = this.now;
    for (let wait = this.wait(what); wait > 0; wait = this.wait(what)) {
      assert(this.now + wait - start <= LONGEST_WAIT_MS, `a payload waits for more than ${LONGEST_WAIT_MS} ms`);
      this.pass(wait);
    }
    this.send(what);
    return this.now - start;
  }

  /** Sends all that may be sent now. */
  sendAllowed(what: OutgoingPayload): number {
    let sent = 0;
    for (; sent <= count && this.wait(what) === 0; sent += 1) this.send(what);
    return sent;
  }

  /** Holds what was sent against the limit. */
  assertWithinLimit(): void {
    const tooClose = this.sentAt.findIndex((at, i) => (this.sentAt[i + count] ?? Infinity) - at < ARRIVES_APART_MS);
    assert(tooClose < 0, `${count + 1} payloads within ${ARRIVES_APART_MS} ms`);
  }
}

const CLAIMS: Claims<LimiterPort> = {
  async 'never lets 121 payloads arrive within 60 s, whenever heartbeats fall due'(port) {
    for (const firstBeat of [1, 20_000, 41_000]) {
      const connection = new Connection(port, firstBeat);
      connection.send(IDENTIFY);
      for (let i = 0; i < 3 * count; i += 1) connection.sendWhenAllowed(i % 3 === 0 ? VOICE : COMMAND);
      connection.assertWithinLimit();
    }
  },

  async 'leaves room for an answer to op 1, and for every scheduled heartbeat when many are asked for'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    connection.sendAllowed(COMMAND);
    assertEqual(connection.wait(ANSWER), 0, 'an answer waits');
    connection.sendAllowed(ANSWER);
    for (let i = 0; i < count; i += 1) connection.sendWhenAllowed(ANSWER);
    connection.assertWithinLimit();
  },

  async 'keeps a place for Identify, however many heartbeats are asked for before it'(port) {
    const connection = new Connection(port);
    connection.sendAllowed(ANSWER);
    connection.send(IDENTIFY);
    for (let i = 0; i < count; i += 1) connection.sendWhenAllowed(COMMAND);
    connection.assertWithinLimit();
  },

  async 'lets most of the budget go at once, and begins afresh with each connection'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    const sent = connection.sendAllowed(COMMAND);
    assert(sent >= 110, `${sent} commands may be sent at once`);
    assert(connection.wait(COMMAND) > 0, 'one more may be sent');
    connection.connect();
    connection.send(IDENTIFY);
    assertEqual(connection.sendAllowed(COMMAND), sent, 'commands on a new connection');
  },

  async 'lets five presences go in 20 s, on whatever connections, and holds up nothing else'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    assertEqual(connection.sendAllowed(PRESENCE), LIMITS.presenceUpdates.count, 'presences at once');
    assertEqual(connection.wait(COMMAND), 0, 'a command waits');
    connection.connect();
    const wait = connection.wait(PRESENCE);
    assert(wait >= LIMITS.presenceUpdates.windowMs, `the sixth presence waits for ${wait} ms`);
    connection.sendWhenAllowed(PRESENCE);
  },

  async 'lets a guild be asked for all its members once in 30 s, and holds up nothing else'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    connection.send(members('1'));
    assertEqual(connection.wait(members('2')), 0, 'another guild waits');
    assertEqual(connection.wait(COMMAND), 0, 'a command waits');
    const took = connection.sendWhenAllowed(members('1'));
    assert(took >= LIMITS.requestGuildMembers.everyMemberMs, `the same guild waits for ${took} ms`);
  },

  async 'waits for as long as Discord has refused'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    connection.limiter.refused(members('1'), 3_000, connection.now);
    assertEqual(connection.wait(members('1')), 3_000, 'wait');
    assertEqual(connection.wait(members('2')), 0, 'another guild waits');
  },

  async 'says how much is left, and when there is more'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    const { left, nextAt } = connection.limiter.look(connection.now);
    assertEqual(nextAt, null, 'while some are left, nextAt');
    assertEqual(connection.sendAllowed(COMMAND), left, 'commands at once');
    const after = connection.limiter.look(connection.now);
    assertEqual(after.left, 0, 'left');
    assertEqual(after.nextAt, connection.now + connection.wait(COMMAND), 'nextAt');
  },

  async 'waits for no longer after a clock was set back than if all had just been sent'(port) {
    const connection = new Connection(port);
    connection.send(IDENTIFY);
    connection.sendAllowed(COMMAND);
    connection.now -= 3_600_000;
    const wait = connection.wait(COMMAND);
    assert(wait > 0 && wait <= LONGEST_WAIT_MS, `a command waits for ${wait} ms`);
  },
};

/** What every implementation of `LimiterPort` must do. */
export function limiterContract(make: () => LimiterPort | Promise<LimiterPort>): ContractCase[] {
  return cases(make, CLAIMS);
}

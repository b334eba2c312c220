/** Faults of limits, permits and locator: how often the client does what. */
import { type Fault, inPart } from '../fault.js';

export const LIMITS: readonly Fault[] = [
  ...inPart('limits', 'src/limits', [
    [
      'two hundred payloads leave in a minute',
      'send-limiter.ts',
      '  const { count = LIMITS.sends.count,',
      '  const { count = 200,',
      'send/two-hundred',
    ],
    [
      'places come back after half a minute',
      'send-limiter.ts',
      'windowMs = LIMITS.sends.windowMs, marginMs',
      'windowMs = 25_000, marginMs',
      'send/two-hundred',
    ],
    [
      'no place is kept for heartbeats',
      'send-limiter.ts',
      '    for (let due = Math.max(at, this.#latest); due < end; due += interval) times.push(due);',
      '',
      'send/two-hundred',
    ],
    [
      'what was sent is not counted',
      'send-limiter.ts',
      "    if (lane !== 'heartbeat' || this.#countsBeats) this.#sent = this.#sent.concat(now);",
      '',
      'send/two-hundred',
    ],
    [
      'permits are granted at once',
      'memory-permits.ts',
      'spacing = LIMITS.identifies.windowMs + MARGIN_MS',
      'spacing = 0',
      'session/second-identify-waits',
    ],
    [
      'permits come four seconds apart',
      'memory-permits.ts',
      'spacing = LIMITS.identifies.windowMs + MARGIN_MS',
      'spacing = 3_500',
      'session/second-identify-waits',
    ],
    [
      'a permit that was used frees its lane',
      'memory-permits.ts',
      "    if (use === 'used') this.#holds.push({ ...hold, until: now + this.#spacing });",
      '',
      'session/second-identify-waits',
    ],
    [
      'presences have no limit of their own',
      'send-limiter.ts',
      '    const { count, windowMs } = LIMITS.presenceUpdates;',
      '    const { count, windowMs } = { ...LIMITS.presenceUpdates, count: 100 };',
      'send/presences',
    ],
  ]),
  ...inPart('limits', 'src/host', [
    [
      'permits are not settled as used',
      'questions.ts',
      "    if (this.#permit) this.#settle(this.#permit, 'used');",
      '',
      'session/second-identify-waits',
    ],
    [
      'a limiter is asked and not listened to',
      'outgoing.ts',
      'this.#limiter?.wait(payload, this.#now))) ?? 0;',
      'this.#limiter?.wait(payload, this.#now))) === null ? 1 : 0;',
      'send/two-hundred',
    ],
    [
      'heartbeats wait for a place as commands do',
      'host.ts',
      '      this.#beat(sequence);\n      this.#outgoing.scheduled();',
      "      if (this.wait({ lane: 'user', op: 1, data: null }) === 0) this.#beat(sequence);\n      this.#outgoing.scheduled();",
      'send/two-hundred',
    ],
  ]),
  ...inPart('limits', 'src/locating', [
    [
      '429 of Get Gateway Bot is not waited out',
      'rest-locator.ts',
      '      const retryAfter = await retryAfterOf(response);',
      '      const retryAfter = 1;',
      'refused/get-gateway-for-a-while',
    ],
    [
      'a token that is refused over HTTP is tried for ever',
      'rest-locator.ts',
      'if (response.status === 401 && isSecond) {',
      'if (response.status === 999 && isSecond) {',
      'refused/token-over-http',
    ],
    [
      'seconds of 429 are taken for milliseconds',
      'rest-locator.ts',
      'Math.ceil(Number(seconds ?? Number.NaN) * 1000)',
      'Math.ceil(Number(seconds ?? Number.NaN))',
      'refused/get-gateway-for-a-while',
    ],
    [
      'a Get Gateway Bot that fails once is for good',
      'rest-locator.ts',
      '    throw failed(`HTTP ',
      "    if (response.status === 503) throw new LocateError('unauthorized', 'gone');\n    throw failed(`HTTP ",
      'refused/get-gateway',
    ],
  ]),
];

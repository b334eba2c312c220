/**
 * Faults as clients have them, one at a time, in our own client: what the conformance kit has to find. Each replaces one
 * piece of a source, which has to be there exactly once.
 */

/** Where a fault is. */
export type Part = 'chart' | 'host' | 'wire' | 'limits';

/** One fault, and the cases of which at least one has to fail with it. */
export interface Fault {
  readonly part: Part;
  /** What the client does wrong. */
  readonly says: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  readonly cases: readonly string[];
}

type Row = readonly [says: string, file: string, find: string, replace: string, ...cases: readonly string[]];

const inPart = (part: Part, folder: string, rows: readonly Row[]): readonly Fault[] =>
  rows.map(([says, file, find, replace, ...cases]) => ({
    part,
    says,
    file: `${folder}/${file}`,
    find,
    replace,
    cases,
  }));

const ENDING = "{ type: 'closeSocket', params: { code: 1000 } }";
const RECONNECTING = "'#shard.running.connection.closing.reconnecting'";

const CHART = inPart('chart', 'machines/shard', [
  // Heartbeats
  [
    'the first heartbeat comes after a whole interval, always',
    'vocabulary.ts',
    'firstHeartbeat: (c) => [0, c.heartbeatInterval],',
    'firstHeartbeat: (c) => [c.heartbeatInterval, c.heartbeatInterval],',
    'storm/short-sessions',
  ],
  [
    'the first heartbeat comes at once, always',
    'vocabulary.ts',
    'firstHeartbeat: (c) => [0, c.heartbeatInterval],',
    'firstHeartbeat: () => [0, 0],',
    'storm/short-sessions',
  ],
  [
    'heartbeats come twice as often',
    'vocabulary.ts',
    'heartbeat: fixed((c) => c.heartbeatInterval),',
    'heartbeat: fixed((c) => c.heartbeatInterval / 2),',
    'life/heartbeats',
  ],
  [
    'heartbeats come half as often',
    'vocabulary.ts',
    'heartbeat: fixed((c) => c.heartbeatInterval),',
    'heartbeat: fixed((c) => c.heartbeatInterval * 2),',
    'life/heartbeats',
  ],
  [
    'there is one heartbeat and no more',
    'heartbeat.ts',
    "acked: {\n      meta: { spec: 'gateway#heartbeat-interval' },\n      on: { 'timer.heartbeat': again(BEATING, 'heartbeatDue') },",
    "acked: {\n      meta: { spec: 'gateway#heartbeat-interval' },",
    'life/heartbeats',
  ],
  [
    'a heartbeat carries null, always',
    'vocabulary.ts',
    'params: ({ context }: { context: ShardContext }) => ({ sequence: context.sequence }),',
    'params: () => ({ sequence: null }),',
    'life/heartbeats',
  ],
  [
    'a heartbeat carries the next sequence',
    'vocabulary.ts',
    'params: ({ context }: { context: ShardContext }) => ({ sequence: context.sequence }),',
    'params: ({ context }: { context: ShardContext }) => ({ sequence: (context.sequence ?? 0) + 1 }),',
    'life/heartbeats',
  ],
  [
    'op 1 is not answered',
    'heartbeat.ts',
    "stay('heartbeatRequested', sendHeartbeat),",
    "stay('heartbeatRequested'),",
    'op-1/live',
  ],
  [
    'op 1 is answered twice',
    'heartbeat.ts',
    "stay('heartbeatRequested', sendHeartbeat),",
    "stay('heartbeatRequested', sendHeartbeat, sendHeartbeat),",
    'op-1/live',
  ],
  [
    'a missing ACK is no reason to leave',
    'heartbeat.ts',
    "const ackMissing = andThen(to('overdue', 'ackMissing'), ...nextBeat);",
    "const ackMissing = again(BEATING, 'heartbeatDue');",
    'silent/zombie',
  ],
  [
    'a zombied connection is closed with 1000',
    'overdue.ts',
    "const zombied = reconnect('zombied');",
    `const zombied = to(${RECONNECTING}, 'zombied', ${ENDING}, { type: 'waitFor', params: { wait: 'retry' } });`,
    'silent/zombie',
  ],
  [
    'any message counts as an ACK',
    'policy.ts',
    "  zombieTest: 'ack',",
    "  zombieTest: 'anyTraffic',",
    'silent/zombie-with-dispatches',
  ],
  [
    'after a missing ACK a new session is begun',
    'overdue.ts',
    "const zombied = reconnect('zombied');",
    "const zombied = reconnect('zombied', 'forgetSession');",
    'silent/zombie',
  ],
  // Hello, Identify, Resume
  [
    'a Hello that does not come is waited for, for ever',
    'reaching.ts',
    "    'timer.hello': reconnect('helloTimedOut', 'forgetUrl'),\n",
    '',
    'silent/hello',
  ],
  [
    'a second Hello stops the client',
    'session.ts',
    "explained('A second Hello changes nothing.', stay('unexpected'))",
    "explained('A second Hello changes nothing.', to('#shard.stopped', 'unexpected'))",
    'malformed-secondHello/live',
  ],
  ['a session is never resumed', 'reaching.ts', "when('hasSession', to(", "when('isFresh', to(", 'drop/live'],
  [
    'Identify is sent without a permit',
    'reaching.ts',
    "session.queuedForIdentify`, 'helloBeforeIdentify'",
    "session.identifying`, 'helloBeforeIdentify'",
    'session/second-identify-waits',
  ],
  [
    'a resume names an old sequence',
    'session.ts',
    'sequence: context.sequence ?? 0 }),\n    },\n    arm',
    'sequence: Math.max(0, (context.sequence ?? 0) - 35) }),\n    },\n    arm',
    'session/replay',
  ],
  [
    'a resume names the sequence after the last',
    'session.ts',
    'sequence: context.sequence ?? 0 }),\n    },\n    arm',
    'sequence: (context.sequence ?? 0) + 1 }),\n    },\n    arm',
    'drop/live',
  ],
  [
    'a session is resumed at the main URL',
    'chart.ts',
    "url: context.session?.url ?? context.gatewayUrl ?? '',",
    "url: context.gatewayUrl ?? context.session?.url ?? '',",
    'drop/live',
  ],
  [
    'what is replayed is not handed on',
    'session.ts',
    "tags: ['streaming', 'replaying', 'degraded'],",
    "tags: ['replaying', 'degraded'],",
    'session/replay',
  ],
  [
    'a resume URL that refuses is tried for ever',
    'reaching.ts',
    "onResume: ['forgetUrl', 'waitAsTold'],",
    "onResume: ['waitAsTold'],",
    'refused/resume-host',
  ],
  // Op 7, op 9
  [
    'op 7 ends the session',
    'open.ts',
    "to(RECONNECTING, 'reconnectRequested', closeKeepingSession,",
    "to(RECONNECTING, 'reconnectRequested', closeEndingSession,",
    'op-7/live',
  ],
  [
    'after op 7 a new session is begun',
    'open.ts',
    "to(RECONNECTING, 'reconnectRequested', closeKeepingSession,",
    "to(RECONNECTING, 'reconnectRequested', 'forgetSession', closeKeepingSession,",
    'op-7/live',
  ],
  [
    'op 7 before Hello is not heard',
    'reaching.ts',
    "reconnect('reconnectRequested'),",
    "stay('unexpected'),",
    'op-7/hello',
  ],
  [
    'op 7 stops the client',
    'open.ts',
    "to(RECONNECTING, 'reconnectRequested', closeKeepingSession, waitFor('retry'))",
    "to(STOPPING, 'reconnectRequested', closeKeepingSession)",
    'op-7/live',
  ],
  [
    'op 9 with true costs the session',
    'open.ts',
    "to(RECONNECTING, 'sessionInterrupted', closeKeepingSession,",
    "to(RECONNECTING, 'sessionInterrupted', 'forgetSession', closeEndingSession,",
    'op-9-true/live',
  ],
  [
    'after op 9 with false the session is resumed',
    'open.ts',
    "to(RECONNECTING, 'sessionInvalidated', 'forgetSession', closeEndingSession,",
    "to(RECONNECTING, 'sessionInvalidated', closeKeepingSession,",
    'op-9-false/live',
  ],
  [
    'op 9 stops the client',
    'open.ts',
    "to(RECONNECTING, 'sessionInvalidated', 'forgetSession', closeEndingSession, waitFor('invalidSession'))",
    "to(STOPPING, 'sessionInvalidated', 'forgetSession', closeEndingSession)",
    'op-9-false/live',
  ],
  // Leaving and coming back
  [
    'the client does not come back after a lost connection',
    'chart.ts',
    "on: { 'timer.reconnect': to('choosing', 'waited', 'countAttempt') },",
    "on: { 'timer.reconnect': to('#shard.stopped', 'waited') },",
    'drop/live',
  ],
  [
    'the client comes back after a minute',
    'policy.ts',
    '    backoff: { base: 1_000,',
    '    backoff: { base: 60_000,',
    'drop/live',
  ],
  [
    'waits do not grow',
    'chart.ts',
    "to('choosing', 'waited', 'countAttempt')",
    "to('choosing', 'waited')",
    'refused/handshakes',
  ],
  [
    'RESUMED forgives all failures',
    'session.ts',
    "resumed: to('ready', 'resumed', 'takeSequence'),",
    "resumed: to('ready', 'resumed', 'takeSequence', 'forgive'),",
    'loop/drop-when-live',
  ],
  [
    'the connection is left with a code that ends the session',
    'policy.ts',
    '  closeCode: 4900,',
    '  closeCode: 1001,',
    'op-7/live',
  ],
  [
    'a stop before Hello is not heard',
    'reaching.ts',
    "stop: to(STOPPING, 'stopped', 'forgetSession', closeEndingSession),",
    "stop: stay('unexpected'),",
    'stop/before-hello',
  ],
  [
    'after a stop the client comes back',
    'open.ts',
    "stop: to(STOPPING, 'stopped', 'forgetSession', closeEndingSession),",
    "stop: to(RECONNECTING, 'stopped', 'forgetSession', closeEndingSession, waitFor('retry')),",
    'stop/live',
  ],
  [
    'a stop while it waits is not heard',
    'chart.ts',
    "          stop: to('stopped', 'stopped', 'forgetSession'),\n",
    '',
    'stop/waiting',
  ],
  [
    'detach ends the session',
    'open.ts',
    "detach: to(STOPPING, 'detached', closeKeepingSession),",
    "detach: to(STOPPING, 'detached', closeEndingSession),",
    'detach/live',
  ],
  [
    'a refused token is tried again',
    'vocabulary.ts',
    "event.type === 'locateFailed' && event.reason === 'unauthorized',",
    'false,',
    'refused/token-over-http',
  ],
  // What has no place
  [
    'a malformed message stops the client',
    'session.ts',
    "malformed: stay('malformed'),",
    "malformed: to('#shard.stopped', 'malformed'),",
    'malformed-number/live',
  ],
  [
    'an unknown opcode stops the client',
    'session.ts',
    "unknownOpcode: stay('unknownOpcode'),",
    "unknownOpcode: to('#shard.stopped', 'unknownOpcode'),",
    'malformed-unknownOpcode/live',
  ],
]);

const CLOSE_CODES = inPart('chart', 'machines/protocol', [
  [
    '4004 is followed by a reconnect',
    'close-codes.ts',
    "4004: { name: 'Authentication failed', recovery: 'stop',",
    "4004: { name: 'Authentication failed', recovery: 'identify',",
    'close-4004/live',
  ],
  [
    '4014 is followed by a resume',
    'close-codes.ts',
    "4014: { name: 'Disallowed intent(s)',  recovery: 'stop',",
    "4014: { name: 'Disallowed intent(s)',  recovery: 'resume',",
    'close-4014/live',
  ],
  [
    '4011 is followed by a reconnect',
    'close-codes.ts',
    "4011: { name: 'Sharding required',     recovery: 'stop',",
    "4011: { name: 'Sharding required',     recovery: 'identify',",
    'close-4011/identify',
  ],
  [
    '4009 stops the client',
    'close-codes.ts',
    "4009: { name: 'Session timed out',     recovery: 'identify',",
    "4009: { name: 'Session timed out',     recovery: 'stop',",
    'close-4009/live',
  ],
  [
    '4007 stops the client',
    'close-codes.ts',
    "4007: { name: 'Invalid seq',           recovery: 'identify',",
    "4007: { name: 'Invalid seq',           recovery: 'stop',",
    'close-4007/live',
  ],
  [
    '4000 costs the session',
    'close-codes.ts',
    "4000: { name: 'Unknown error',         recovery: 'resume',",
    "4000: { name: 'Unknown error',         recovery: 'identify',",
    'close-4000/live',
  ],
  [
    '4008 stops the client',
    'close-codes.ts',
    "4008: { name: 'Rate limited',          recovery: 'resume',",
    "4008: { name: 'Rate limited',          recovery: 'stop',",
    'close-4008/live',
  ],
  [
    '1001 stops the client',
    'close-codes.ts',
    "1001: { name: 'Going away',            recovery: 'resume',",
    "1001: { name: 'Going away',            recovery: 'stop',",
    'close-1001/live',
  ],
  [
    'a lost connection costs the session',
    'close-codes.ts',
    "1006: { name: 'Abnormal closure',      recovery: 'resume',",
    "1006: { name: 'Abnormal closure',      recovery: 'identify',",
    'drop/live',
  ],
  [
    'an unknown close code stops the client',
    'close-codes.ts',
    "name: 'Unknown close code',\n  recovery: 'resume',",
    "name: 'Unknown close code',\n  recovery: 'stop',",
    'close-4099/live',
  ],
]);

const HOST = [
  ...inPart('host', 'src/host', [
    [
      'what is replayed is dropped',
      'host.ts',
      '      this.#deliver(incoming, message, replaying);\n      return;',
      '      if (!replaying) this.#deliver(incoming, message, replaying);\n      return;',
      'session/replay',
    ],
    [
      'every tenth dispatch is lost',
      'host.ts',
      '      this.#deliver(incoming, message, replaying);\n      return;',
      '      if (sequence % 10 !== 0) this.#deliver(incoming, message, replaying);\n      return;',
      'life/burst',
    ],
    [
      'the chart is told of dispatches too late',
      'batch.ts',
      '  take(): PendingDispatches | null {\n    const pending = this.#pending;',
      '  take(): PendingDispatches | null {\n    const pending = this.#pending;\n    if (pending !== null && pending.count < 40) return null;',
      'life/heartbeats',
    ],
    [
      'ACKs are not heard',
      'host.ts',
      "    if (type === 'hello') this.#chart.send",
      "    if (type === 'heartbeatAck') return;\n    if (type === 'hello') this.#chart.send",
      'life/heartbeats',
    ],
    [
      'op 7 is not heard',
      'host.ts',
      "    if (type === 'hello') this.#chart.send",
      "    if (type === 'reconnectRequested') return;\n    if (type === 'hello') this.#chart.send",
      'op-7/live',
    ],
    [
      'op 9 is not heard',
      'host.ts',
      "    if (type === 'hello') this.#chart.send",
      "    if (type === 'invalidSession') return;\n    if (type === 'hello') this.#chart.send",
      'op-9-false/live',
    ],
    [
      'Identify is sent twice',
      'host.ts',
      '    if (this.#say(Opcode.Identify, data)) this.#questions.identified();',
      '    this.#say(Opcode.Identify, data);\n    if (this.#say(Opcode.Identify, data)) this.#questions.identified();',
      'life/connects',
    ],
    [
      'Identify lacks the properties',
      'host.ts',
      '    const given = { token, ...identify } as IdentifyData;',
      '    const { properties, ...rest } = identify;\n    const given = { token, ...rest } as IdentifyData;',
      'life/connects',
    ],
    [
      'Resume has another token',
      'host.ts',
      '{ token: this.#settings.token, session_id: sessionId, seq: sequence }',
      "{ token: '', session_id: sessionId, seq: sequence }",
      'drop/live',
    ],
    [
      'the token is printed',
      'host.ts',
      '    const given = { token, ...identify } as IdentifyData;',
      '    const given = { token, ...identify } as IdentifyData;\n    console.error(given);',
      'life/connects',
    ],
    [
      'the payload of Resume is printed',
      'host.ts',
      '    this.#say(Opcode.Resume, {',
      '    console.error(this.#settings.token);\n    this.#say(Opcode.Resume, {',
      'drop/live',
    ],
    [
      'a connection that was given up is left open',
      'host.ts',
      '    this.#outgoing.ended();\n    connection?.drop();',
      '    this.#outgoing.ended();',
      'silent/network',
    ],
    [
      'every connection is closed with 1000',
      'host.ts',
      '    this.#connection?.close(code);',
      '    this.#connection?.close(1000);',
      'op-7/live',
    ],
    [
      'close codes are not looked at',
      'connection.ts',
      '      code: isCount(code) ? code : NO_CLOSE_FRAME.code,',
      '      code: NO_CLOSE_FRAME.code,',
      'close-4004/live',
    ],
    [
      'the session id of READY is cut short',
      'host.ts',
      '    return discreet({ id, url: trusted });',
      '    return discreet({ id: id.slice(0, -1), url: trusted });',
      'drop/live',
    ],
    [
      'the resume URL of READY is not taken',
      'host.ts',
      '    return discreet({ id, url: trusted });',
      '    return discreet({ id, url: null });',
      'drop/live',
    ],
  ]),
  ...inPart('host', 'src/shard', [
    [
      'dispatches are handed on twice',
      'subscribers.ts',
      '    if (isNew) this.#tell(dispatch);',
      '    if (isNew) this.#tell(dispatch);\n    if (isNew) this.#tell(dispatch);',
      'life/connects',
    ],
    [
      'dispatches of a replay are handed on twice',
      'subscribers.ts',
      '    if (isNew) this.#tell(dispatch);',
      '    if (isNew) this.#tell(dispatch);\n    if (replayed) this.#tell(dispatch);',
      'session/replay',
    ],
    [
      'dispatches are handed on late, and out of order',
      'subscribers.ts',
      '    if (isNew) this.#tell(dispatch);',
      '    if (isNew) setTimeout(() => this.#tell(dispatch), (sequence ?? 0) % 2 === 0 ? 0 : 400);',
      'session/replay',
    ],
    [
      'a failure is not told',
      'shard.ts',
      "    this.#call(name, news);\n    if (error !== null) this.#call('failed', { error });",
      '    this.#call(name, news);',
      'tell/failure',
    ],
    [
      'a failure is told with another code',
      'shard.ts',
      'const error = failure(this.#failing);',
      'const error = failure({ ...this.#failing, closeCode: 4010 });',
      'tell/failure',
    ],
    [
      'the record of detach is ahead of what was handled',
      'record.ts',
      '    sequence,\n    shard: [shard[0], shard[1]],',
      '    sequence: sequence + 5,\n    shard: [shard[0], shard[1]],',
      'detach/live',
    ],
    [
      'the record of detach is of another session',
      'record.ts',
      '    sessionId: session.id,',
      "    sessionId: 'another',",
      'detach/live',
    ],
    [
      'the record of detach is behind what was handled',
      'record.ts',
      '    sequence,\n    shard: [shard[0], shard[1]],',
      '    sequence: Math.max(1, sequence - 5),\n    shard: [shard[0], shard[1]],',
      'detach/live',
    ],
    [
      'commands that wait are forgotten at a stop',
      'outbox.ts',
      '      command.reject(new CommandRejectedError(command.payload.op, reason));\n    }',
      '    }',
      'send/stopped-meanwhile',
    ],
    [
      'commands that wait are told as sent',
      'outbox.ts',
      '    if (gaveWay?.command === waiting)',
      "    waiting.resolve('sent');\n    if (gaveWay?.command === waiting)",
      'send/while-away',
    ],
    [
      'commands that wait are sent twice',
      'outbox.ts',
      "      if (outcome === 'sent') command.resolve('sent');",
      "      if (outcome === 'sent') { this.#link.send(command); command.resolve('sent'); }",
      'send/while-away',
    ],
  ]),
];

const WIRE = inPart('wire', 'src/wire', [
  [
    'd of op 9 is not looked at: the session is resumed',
    'decode.ts',
    'resumable: d === true }',
    'resumable: true }',
    'op-9-false/live',
  ],
  [
    'd of op 9 is not looked at: a new session is begun',
    'decode.ts',
    'resumable: d === true }',
    'resumable: false }',
    'op-9-true/live',
  ],
  [
    'what is no JSON ends the process',
    'decode.ts',
    "  } catch {\n    return { type: 'undecodable', problem: 'not JSON' };",
    '  } catch {\n    process.exit(4);',
    'malformed-notJson/live',
  ],
  [
    'null is taken for an object',
    'decode.ts',
    "  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('not an object');",
    '  if (value === null) process.exit(5);',
    'malformed-null/live',
  ],
  [
    'a number for a name ends the process',
    'decode.ts',
    "  if (typeof t !== 'string' || t === '') return malformed('a dispatch without a name (t)');",
    "  if (typeof t === 'number') process.exit(6);\n  if (typeof t !== 'string' || t === '') return malformed('a dispatch without a name (t)');",
    'malformed-dispatchWithNumberType/live',
  ],
  [
    'a dispatch without a sequence counts as the last of all',
    'decode.ts',
    '  const sequence = s ?? null;',
    '  const sequence = s ?? 1e6;',
    'malformed-dispatchWithNull/live',
  ],
  [
    'messages are not known by their names',
    'decode.ts',
    '  wanted.all() || name',
    '  wanted.all() && name',
    'life/connects',
  ],
  [
    'an unknown opcode counts as a dispatch',
    'decode.ts',
    "    ? { type: 'unknownOpcode', opcode: op }",
    "    ? { type: 'skipped', name: 'X', sequence: 1e6 }",
    'malformed-unknownOpcode/live',
  ],
  [
    'op 7 is taken for op 9',
    'decode.ts',
    "      return { type: 'reconnectRequested' };",
    "      return { type: 'invalidSession', resumable: false };",
    'op-7/live',
  ],
  [
    'op 11 is taken for op 1',
    'decode.ts',
    "      return { type: 'heartbeatAck' };",
    "      return { type: 'heartbeatRequested' };",
    'life/heartbeats',
  ],
  [
    'payloads lack d',
    'encode.ts',
    'JSON.stringify({ op, d })',
    'JSON.stringify(op === 1 ? { op } : { op, d })',
    'life/heartbeats',
  ],
  [
    'payloads that are too large are sent',
    'encode.ts',
    '  return message.length * 3 > LIMITS.payloadBytes && utf8.encode(message).length > LIMITS.payloadBytes;',
    '  return false;',
    'send/too-large',
  ],
]);

const LIMITS = [
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
      'permits are never granted',
      'memory-permits.ts',
      '    if (busy.has(lane) || left <=',
      '    if (left > 0 || left <=',
      'life/connects',
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
  ]),
];

/** All of them. */
export const FAULTS: readonly Fault[] = [...CHART, ...CLOSE_CODES, ...HOST, ...WIRE, ...LIMITS];

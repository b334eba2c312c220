/**
 * Mutants that behave like what they were made of, one by one, each with the reason. A mutant that is killed may not be
 * listed, and one that survives has to be.
 */
export const EQUIVALENT: Readonly<Record<string, string>> = {
  'shard: running.choosing: always [1 of 4]: to nowhere':
    'its actions drop the session, and a transient state looks at its rows again after any of them: entered anew or not',
  'shard: running.choosing: always [1 of 4]: without entering anew':
    'the state has no entry and no exit actions that entering it anew could repeat',
  'shard: running.connection: closed [1 of 3]: after the next row':
    'no close code forbids reconnecting and demands an identify: the two guards exclude each other',
  'shard: running.connection.reaching: closed [1 of 3]: after the next row':
    'no close code forbids reconnecting and demands an identify: the two guards exclude each other',
  'shard: running.connection.closing.reconnecting: closed [1 of 3]: after the next row':
    'no close code forbids reconnecting and demands an identify: the two guards exclude each other',
  'shard: running.connection.closing.stopping: closed [1 of 3]: after the next row':
    'no close code forbids reconnecting and demands an identify: the two guards exclude each other',
  'shard: running.connection.open.session.queuedForIdentify: timer.permit: without action 1 disarm permit':
    'the timer has just run out, so there is nothing to disarm',
  'shard: running.connection.open.heartbeat.beating.acked: timer.heartbeat: without entering anew':
    'the target is a state around the source: it is left and entered in either case',

  'Gateway: listening.empty: adopt: to listening.looking':
    'the transient state goes on to keeping, as there is a session now',
  'Gateway: listening.keeping: timer.retention: to listening.looking':
    'the transient state goes on to empty, as the session is gone',
  'Gateway: listening.keeping: release: to listening.looking':
    'the transient state goes on to empty, as the session is gone',
  'Gateway: listening.keeping: invalidateSession: to listening.looking':
    'the transient state goes on to empty, as the session is gone',
  'Gateway: connection: connected: without entering anew':
    'the state has no entry and no exit actions of its own, and those inside it are left and entered in either case',
  'Gateway: connection.open: closed [1 of 3]: after the next row':
    '1006 is not among the codes that end the session: the two guards exclude each other',
  'Gateway: connection.open.session.awaitingIdentify: received.resume [3 of 5]: after the next row':
    'no sequence is both beyond the last and before the first that is kept: the two guards exclude each other',

  'src/limits/send-limiter.ts SlidingLog.#countsBeats: true → false':
    'a host says `connected` before anything else, which sets it',
  'src/limits/send-limiter.ts SlidingLog.#owesSession: true → false':
    'a host says `connected` before anything else, which sets it',
  'src/limits/send-limiter.ts NO_TIMES: [] → ["Stryker was here"]': 'what is no time neither counts nor is kept',
  'src/limits/send-limiter.ts SlidingLog.refused: guild !== null → true': 'nothing asks for the guild that is null',
  'src/limits/send-limiter.ts SlidingLog.sent: guild !== null → true': 'nothing asks for the guild that is null',
  'src/limits/send-limiter.ts SlidingLog.look.reserve: \'user\' → ""': 'the reserve asks only whether it is an answer',
  'src/limits/send-limiter.ts SlidingLog.#room: room > enough → true':
    'it would look more closely than is needed, to the same end',
  'src/limits/send-limiter.ts SlidingLog.#room: room > enough → room >= enough':
    'it would look more closely than is needed, to the same end',
  'src/limits/send-limiter.ts SlidingLog.#ownLimit.members: guild === null → false':
    'nothing is noted of the guild that is null',
  'src/limits/send-limiter.ts SlidingLog.#closeGuild: at <= now → false':
    'what is past holds nothing up; it takes memory alone',
  'src/limits/send-limiter.ts SlidingLog.#closeGuild: at <= now → at < now':
    'what is past holds nothing up; it takes memory alone',
  'src/limits/send-limiter.ts SlidingLog.#closeGuild: this.#members.delete(other); → nothing':
    'what is past holds nothing up; it takes memory alone',
  'src/limits/send-limiter.ts SlidingLog.#setBack: [] → ["Stryker was here"]':
    'without a guild there is no map to write to',
  'src/limits/send-limiter.ts SlidingLog.#setBack: this.#members?.set → this.#members.set':
    'the loop goes over guilds of the map, of which there are none without it',
  'src/host/outgoing.ts Outgoing.connected: this.#limiter?.connected → this.#limiter.connected':
    'the limiter is null only where its `open` has thrown, which was told: what is thrown after is not',
  'src/host/outgoing.ts Outgoing.expectHeartbeat: this.#limiter?.expectHeartbeat → this.#limiter.expectHeartbeat':
    'the limiter is null only where its `open` has thrown, which was told: what is thrown after is not',
  'src/host/outgoing.ts Outgoing.refused: this.#limiter?.refused → this.#limiter.refused':
    'the limiter is null only where its `open` has thrown, which was told: what is thrown after is not',
  'src/host/outgoing.ts Outgoing.look: this.#limiter?.look → this.#limiter.look':
    'the limiter is null only where its `open` has thrown, which was told: what is thrown after is not',
  'src/limits/send-limiter.ts SlidingLog.refused: this.#closeGuild(guild, now + retryAfter, now) → this.#closeGuild(guild, now + retryAfter)':
    'what is past holds nothing up; it takes memory alone',
  'src/limits/send-limiter.ts SlidingLog.sent: this.#closeGuild(guild, now + LIMITS.requestGuildMembers.everyMemberMs + this.#margin, now) → this.#closeGuild(guild, now + LIMITS.requestGuildMembers.everyMemberMs + this.#margin)':
    'what is past holds nothing up; it takes memory alone',
  'src/limits/send-limiter.ts isUpTo: Number.POSITIVE_INFINITY → (undefined as never)':
    'nothing is at most undefined either',
  'src/host/outgoing.ts Outgoing.#ask: guarded<T | undefined>(run, (error) => this.#threw(error), undefined) → guarded(run, (error) => this.#threw(error))':
    'what is left out is undefined',
  'src/limits/send-limiter.ts counting: at + window > now → at + window >= now':
    'what has just grown old counts nowhere: each place that looks at it compares with the time itself',
  'src/shard/runs.ts Runs.end: this.#preparation?.ended → this.#preparation.ended':
    'while it is preparing there is a preparation',
  'src/shard/subscribers.ts Subscribers.beginAfter: Math.max(this.#heard, sequence) → Math.max(this.#heard)':
    'the host hands on nothing that is not above that sequence',
  'src/limits/budgeted-permits.ts BudgetedPermits.#isOrdered: false → true':
    'without credit there were ten identifies, the first of which ended the order',
  "src/host/host.ts Host.received: incoming.type === 'dispatch' → true":
    'READY is never skipped: the comparison is there for the compiler',
  'src/host/connection.ts NO_CLOSE_FRAME: false → true':
    'the host tells the chart nothing of wasClean; the type asks for it',
  'src/host/connection.ts Connection.constructor: \'\' → "Stryker was here!"':
    'only dispatches are handed on with their message, and they always come with it',
  "src/host/connection.ts Connection.#closed: this.#warnings.guard('closed', () => end.error !== undefined, false) → this.#warnings.guard('closed', () => end.error !== undefined)":
    'undefined and false are the same to the condition',
  "src/host/connection.ts Connection.bufferedAmount: this.#warnings.guard('bufferedAmount', () => this.#socket?.bufferedAmount ?? 0, 0) → this.#warnings.guard('bufferedAmount', () => this.#socket?.bufferedAmount ?? 0)":
    'the host takes 0 for undefined, and no more than 0 waits either way',
  'src/host/connection.ts Connection.#isPaused: false → true':
    'it is read only after pauseSocket or resumeSocket has set it',
  "src/host/host.ts Host.#ready.session: incoming.type === 'dispatch' → true":
    'a dispatch that was skipped has no data',
  'src/host/questions.ts Questions.cancel: this.#open = null; → nothing':
    'a question that is aborted again stays aborted',
  'src/host/batch.ts Batch.#flushWhenRead: this.#clock.whenRead?.(() => { const count = this.#pending?.count ?? 0; if (count === known || turns… → this.#clock.whenRead(() => { const count = this.#pending?.count ?? 0; if (count === known || turns =…':
    'it is called only where the clock has whenRead',
  'src/host/host.ts Host.#receiveDispatch.leaps: sequence !== null → true':
    'null less a number is a number of 0 or below, which is no leap',
  'src/host/batch.ts Batch.#flushWhenRead.count: 0 → 1':
    'where the chart was told of all, a reading more or less finds nothing to tell it',
  'src/limits/memory-permits.ts MemoryPermits.#holds: [] → ["Stryker was here"]':
    'what has no time up to which it holds is dropped before anything else',
  'src/limits/memory-permits.ts MemoryPermits.#pump: this.#timer !== undefined → true':
    'to clear no timer does nothing: the contract of the clock port',
  'src/limits/memory-permits.ts MemoryPermits.request: { once: true } → {}': 'a signal is aborted once',
  'src/limits/memory-permits.ts MemoryPermits.request: true → false': 'a signal is aborted once',
  'src/locating/rest-locator.ts json: reader?.read → reader.read':
    'the second chunk is read from the reader of the first',
  'src/locating/rest-locator.ts json: reader?.cancel → reader.cancel': 'a chunk was read from it',
  'src/locating/rest-locator.ts json: { return undefined; } → {}': 'a function that returns nothing returns undefined',
  "src/locating/rest-locator.ts retryAfterOf: response.headers.get('retry-after')?.trim() → response.headers.get('retry-after')":
    'fetch trims the values of headers, and Number ignores spaces around digits',
  'src/locating/rest-locator.ts gatewayInfo: /^wss?:$/ → /^wss?:/': 'the protocol of a URL ends with its colon',
  'src/wire/decode.ts dispatchAfter: { return null; } → {}':
    'its caller asks whether there is a message, and undefined is none either',
  "src/wire/decode.ts unknownOpcode: typeof op === 'number' → true": 'whatever is an integer is a number',
  "src/wire/decode.ts dispatchAfter.rest: typeof data === 'string' → true":
    'bytes have a slice as well, which copies: it takes longer',
  'src/wire/decoder.ts ConnectionDecoder.#proceed: this.#later.length === 0 → false':
    'shift of an empty list gives undefined',
  'src/wire/encode.ts encode: \'json\' → ""': "all that is not 'etf' is JSON",
  'src/wire/encode.ts isTooLarge: message.length * 3 > LIMITS.payloadBytes → true':
    'it is the quick test before the exact one',
  'src/wire/encode.ts isTooLarge: message.length * 3 > LIMITS.payloadBytes → message.length * 3 >= LIMITS.payloadBytes':
    'it is the quick test before the exact one, and three times a whole number is never 4096',
  'src/wire/decoder.ts NOTHING: -1 → +1': 'a message of less than four bytes makes no marker after this value either',
  'src/shard/record.ts continuationOf.url: resumeUrl === null → false':
    'null is no URL that may be trusted: it stays null',
  'src/shard/backlog.ts Backlog.reader.reader: this.#readers.filter((each) => each !== reader) → this.#readers':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  'src/shard/backlog.ts Backlog.reader.reader: each !== reader → true':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  "src/shard/backlog.ts Backlog.#overflowed.droppable: typeof overflow === 'string' → false":
    'the text has no drop, and a set of undefined is empty',
  'src/shard/backlog.ts Backlog.#overflowed.droppable: \'string\' → ""':
    'the text has no drop, and a set of undefined is empty',
  'src/shard/backlog.ts Backlog.#overflowed.droppable: [] → ["Stryker was here"]': 'it is no name of a dispatch',
  'src/shard/health.ts nameOf: known === undefined → true': 'a string of its own says the same: only memory is saved',
  'src/shard/health.ts nameOf: known === undefined → false': 'a string of its own says the same: only memory is saved',
  'src/shard/health.ts nameOf: known === undefined → known !== undefined':
    'a string of its own says the same: only memory is saved',
  'src/wire/decoder.ts ConnectionDecoder.#inflate.at: Math.max(0, data.length - 4) → Math.max(0)':
    'all bytes are looked at instead of the last four: it takes longer',
  'src/wire/decoder.ts ConnectionDecoder.#inflate.at: 4 → 5': 'one byte more is looked at, and shifted out again',
  'src/wire/decoder.ts ConnectionDecoder.#inflate: 0 → 1': 'there is a byte at every place below the length',
  'src/wire/encode.ts isTooLarge: 3 → 4':
    'it is the quick test before the exact one: more messages are counted exactly',
  'src/wire/decoder.ts NOTHING: 1 → 2': 'a message of less than four bytes makes no marker after this value either',
  'src/shard/backlog.ts Backlog.reader.reader: this.#readers = this.#readers.filter((each) => each !== reader); → nothing':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  'src/shard/backlog.ts Backlog.#dropped: 0 → 1':
    'it is set to 0 when a buffer becomes full, and nothing is dropped before that',
  'src/shard/backlog.ts Backlog.abandon: this.#readers = NONE; → nothing':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  'src/shard/health.ts nameOf: names.set(name, name); → nothing':
    'a string of its own says the same: only memory is saved',
  'src/shard/health.ts nameOf: names.set(name, name) → names.set(name)':
    'a string of its own says the same: only memory is saved',
  'src/shard/running.ts Running.#onSnapshot: this.#reading !== null → true':
    'it spares the look at the state, which changes nothing where nothing is read out',
  'src/shard/running.ts Running.#drawn: 0 → 1': 'each wait is drawn before anybody asks what it was drawn with',
  'src/shard/news.ts News.#announce: cause !== undefined → true':
    'it is called with at least one cause: the comparison is there for the compiler',
  'src/shard/logic.ts emitting: () => false → () => undefined': 'what it returns is only ever used as a condition',
  'src/shard/listeners.ts Listeners.remove: this.#byEvent?.set → this.#byEvent.set':
    'it is reached only where a listener is left, so that there are listeners',
  "src/shard/shard.ts Shard.#backlogHost.mayBeAway: this.#settings.overflow === 'resume' && !this.#runs.isBroken → (this.#settings.overflow === 'resume')":
    'an actor that has broken takes no event; the development build of XState would write so on the console',
  'src/shard/shard.ts Shard.#pause: this.#running?.host → this.#running.host':
    'a buffer is filled by dispatches, which come from a host',
  'src/shard/runs.ts Runs.started: this.#starting === null → false':
    'a session becomes ready only in a run, which begins with a start that is kept until the run is settled',
  'src/shard/runs.ts Runs.settle: this.#signal?.removeEventListener → this.#signal.removeEventListener':
    'there is a listener to remove only where there is a signal',
  'src/shard/runs.ts Runs.settle: this.#abort → true':
    'where nothing listens to the signal null is removed from it, which does nothing',
  'src/shard/subscribers.ts Subscribers.#received: 0 → 1': 'a start sets it before there is any dispatch',
  'src/shard/shard.ts Shard.constructor: unregister(this.#actor); → nothing':
    'only memory: the actor system of all shards would keep a shard that nobody holds',
  'src/shard/runs.ts Runs.started: return; → nothing':
    'a session becomes ready only in a run, which begins with a start that is kept until the run is settled',
  'src/shard/runs.ts Runs.settle: this.#abort = null; → nothing':
    'the next start sets it anew, and removing a listener that was removed does nothing',
  'src/shard/options.ts PROPERTIES: (globalThis as { process?: { platform?: string } }).process?.platform → (globalThis as { process?: { platform?: string; }; }).process.platform':
    'there is a process wherever unit tests run; where there is none, in a browser, test/shard/chromium.runtime.test.ts would fail',
  'src/shard/options.ts PROPERTIES: \'browser\' → ""':
    'there is a process wherever unit tests run; in a browser it is what Discord is told of the system, and no code reads it',
  'src/shard/options.ts shardSettings.identify: options.properties === undefined → false':
    'to spread undefined adds nothing',
  'src/shard/options.ts numberOf.number: ++lastNumber → --lastNumber':
    'any number that no other object has will do: it is only part of a key',
  'src/shard/options.ts lastNumber: 0 → 1': 'any number that no other object has will do: it is only part of a key',
  'src/shard/logic.ts LOGIC.start: machine.start(snapshot); → nothing':
    'it starts the actors that a restored snapshot holds, and the chart spawns none',
  'src/shard/running.ts guardedPorts.isOurs: clock === settings.clock && random === settings.random → false':
    'only memory: a copy of the settings says the same',
  'src/shard/shard.ts Shard.isReady: this.#running?.host → this.#running.host':
    'a session becomes ready only by a host: the question is there for the compiler',
  'src/shard/listeners.ts Listeners.call: returned !== undefined → true':
    'only speed: undefined is no promise to watch',
  'src/host/connection.ts Connection.#isUnread: this.#socket?.drop → this.#socket.drop':
    'something waits to be sent, so that there is a socket: the question mark is for the compiler',
  'src/host/questions.ts bareInfo: url === info.url → false': 'a copy with the same URL says the same',
  'src/wire/decoder.ts ConnectionDecoder.#inflated: this.#isOver → false':
    'what comes after the end finds nothing that waits for it, and a second failure is not told',
  'src/wire/decoder.ts ConnectionDecoder.#inflated: return; → nothing':
    'what comes after the end finds nothing that waits for it, and a second failure is not told',
  'src/shard/shard.ts Shard.#remarkOn: this.#warn(remark, undefined) → this.#warn(remark)':
    'an argument that is left out is undefined',
  'src/host/connection.ts Connection.send: this.#socket?.send → this.#socket.send':
    'isOpen is false where there is no socket: the question mark is for the compiler',
  "src/shard/running.ts Running.draw: timer === 'reconnect' → true":
    'no other time is drawn in the step that begins a wait, and none during it',
  "src/host/connection.ts Connection.whenReadOut.ask: this.#warnings.guard('whenEmpty', () => socket?.whenEmpty?.bind(socket), undefined) → this.#warnings.guard('whenEmpty', () => socket?.whenEmpty?.bind(socket))":
    'an argument that is left out is undefined',
  'src/host/tap.ts Taps.arrived: tap.arrived → true':
    'only speed: a tap without the method is not called in either case',
  'src/host/tap.ts Taps.received: tap.received → true':
    'only speed: a tap without the method is not called in either case',
  'src/host/tap.ts Taps.arrived: tap.arrived?.(message) → tap.arrived(message)':
    'it is called only where there is the method: the question mark is for the compiler',
  'src/host/tap.ts Taps.received: tap.received?.(connection, message) → tap.received(connection, message)':
    'it is called only where there is the method: the question mark is for the compiler',
  "src/host/connection.ts Connection.canPause: this.#warnings.guard('pause', () => this.#socket?.pause !== undefined, false) → this.#warnings.guard('pause', () => this.#socket?.pause !== undefined)":
    'undefined and false are the same to the condition',
  "src/host/connection.ts Connection.isOpen: this.#warnings.guard('isOpen', () => socket.isOpen !== false, false) → this.#warnings.guard('isOpen', () => socket.isOpen !== false)":
    'undefined and false are the same to the condition',
  'src/shard/running.ts NO_TAPS: [] → ["Stryker was here"]':
    'a text has none of the methods of a tap, so that it is never called',
  'src/shard/running.ts Running.#putsOff: this.#reading = null; → nothing':
    'the step that follows leaves the state, after which it is null',

  "machines/shard/vocabulary.ts shardSetup: event.type === 'permitRefused' → true":
    'no other event says null of retryAfter: the comparison is there for the compiler',
  "machines/shard/vocabulary.ts shardSetup: event.type === 'reconnect' → true":
    'no other event has fresh: the comparison is there for the compiler',
  "machines/shard/vocabulary.ts shardSetup: event.type === 'invalidSession' → true":
    'no other event has resumable: the comparison is there for the compiler',

  "machines/shard/vocabulary.ts shardSetup.{ attempts }: event.type === 'closed' → true":
    'an event without a code has the row of unknown codes, which says nothing of attempts',
  "machines/shard/vocabulary.ts recoveryAfter: event.type === 'closed' → true":
    'an event without a code has the row of unknown codes, whose recovery is neither stop nor identify',
  "machines/shard/vocabulary.ts recoveryAfterCrossing.isOurs: event.type === 'closed' → true":
    'no other event has a code: the comparison is there for the compiler',
  "machines/shard/vocabulary.ts waitAfter: event.type === 'closed' → true":
    'an event without a code has the row of unknown codes, which says nothing of a wait',

  'machines/shard/vocabulary.ts detail: default: return {}; → default:': 'to spread undefined adds nothing',
  "machines/gateway/vocabulary.ts gatewaySetup: event.type === 'invalidateSession' → true":
    'no other event has resumable: the comparison is there for the compiler',

  'machines/gateway/vocabulary.ts detail: default: return {}; → default:': 'to spread undefined adds nothing',
  'machines/kit/gate.ts demandKnown: (implementations as Provided)?.actions → (implementations as Provided).actions':
    'XState, which is given them next, throws the same for undefined',

  'machines/protocol/url.ts isTrustedHost: [] → ["Stryker was here"]': 'a text with spaces is no host',
  'machines/protocol/url.ts portOf: \'80\' → ""': 'only ws URLs have it, which are compared with each other alone',
  'machines/protocol/url.ts parseGatewayUrl: { href: parsed.href, host: parsed.host, loopback, ...checkQuery(parsed) } → { href: parsed.href, host: parsed.host, ...checkQuery(parsed), loopback }':
    'what the query says has other names',
  'machines/shard/policy.ts POLICY: /^40(0\\d|1[0-6])$/ → /^40(0\\d|1[0-6])/': 'what is looked at has four digits',
  'machines/shard/policy.ts POLICY: /^40(0\\d|1[0-6])$/ → /40(0\\d|1[0-6])$/': 'what is looked at has four digits',
  'machines/gateway/replay-buffer.ts keep.isFull: last === undefined || last.length >= RUN → true':
    'only speed: how the dispatches are divided into runs is not seen',
  'machines/gateway/replay-buffer.ts keep.isFull: last.length >= RUN → false':
    'only speed: how the dispatches are divided into runs is not seen',
  'machines/gateway/replay-buffer.ts keep.isFull: last.length >= RUN → last.length < RUN':
    'only speed: how the dispatches are divided into runs is not seen',
  'machines/gateway/replay-buffer.ts keep.isFull: last.length >= RUN → last.length > RUN':
    'only speed: how the dispatches are divided into runs is not seen',
  'machines/gateway/replay-buffer.ts RUN: 32 → 33': 'only speed: how the dispatches are divided into runs is not seen',
  'machines/gateway/replay-buffer.ts keep: count <= limit → count < limit':
    'to shorten by 0 changes nothing and loses nothing',
  'machines/gateway/replay-buffer.ts shortened.[first = [], ...rest]: [] → ["Stryker was here"]':
    'there is a run to shorten: the default is for the compiler',
  'machines/gateway/replay-buffer.ts shortened.[first = [], ...rest]: [] → (undefined as never)':
    'there is a run to shorten: the default is for the compiler',
  'src/ports/clock.ts realClock: setImmediate === undefined → false':
    'there is setImmediate wherever unit tests run; in a browser test/shard/chromium.runtime.test.ts would fail',
  'src/ports/clock.ts simulatedClock.setTimeout: lastId += 1 → lastId -= 1':
    'any number that no other timer has will do',
  'src/ports/clock.ts simulatedClock.setTimeout: 1 → 2': 'any number that no other timer has will do',
  'src/ports/clock.ts simulatedClock.lastId: 0 → 1': 'any number that no other timer has will do',
  'src/ports/clock.ts passTime: next !== undefined → true': 'undefined is not below any number',
  'src/ports/clock.ts promisesSettle: i < 10 → i <= 10': 'how many turns promises get is our choice',
  'src/ports/clock.ts promisesSettle.i: 0 → 1': 'how many turns promises get is our choice',
  'src/ports/clock.ts promisesSettle: 10 → 11': 'how many turns promises get is our choice',
  'src/ports/clock.ts realClock.reading: 0 → 1': 'it is over when the first timer is late',
  'src/ports/clock.ts realClock.reading: 0 → 1 (2)': 'it is over when the first timer is late',
  'src/ports/clock.ts realClock.run: pending.delete(timer); → nothing':
    'only memory: to clear what has run does nothing',
  'src/ports/clock.ts realClock.stop: pending.clear(); → nothing': 'only memory: to clear a timer twice does nothing',
  'src/ports/clock.ts simulatedClock.set: Math.max(time, next[1].due) → Math.max(next[1].due)':
    'a timer is due no earlier than when it was armed, and all before it have run',
  'src/wire/head.ts beginning.end: Math.min(HEAD_BYTES, bytes.length) → Math.min(bytes.length)':
    'only speed: the head stands at the beginning',
  'src/wire/head.ts beginning: bytes.latin1Slice?.(0, end) → bytes.latin1Slice?.(0)':
    'only speed: the head stands at the beginning',
  'src/wire/head.ts beginning: bytes.subarray(0, end) → bytes.subarray(0)':
    'only speed: the head stands at the beginning',
  'src/wire/head.ts HEAD_BYTES: 120 → 121': 'only speed: the head stands at the beginning',

  'machines/shard/vocabulary.ts shardSetup: 1 → 2 (2)': 'a sequence is 0 or more',

  "src/host/questions.ts Questions.#locateFailed: { type: 'locateFailed', request, reason, ...(wait === undefined ? {} : { retryAfter: this.#warnings.… → { type: 'locateFailed', request, reason, ...outage, ...(wait === undefined ? {} : { retryAfter: this…":
    'an outage has other names',
  "src/host/questions.ts Questions.#requestPermit.retryAfter: wait && this.#warnings.bounded('the permit port', wait, LONGEST_WAITS.identify) → (this.#warnings.bounded('the permit port', wait, LONGEST_WAITS.identify))":
    'null and 0 are below any bound',
  'src/host/questions.ts bareInfo: info.url → (info as any).shards': 'a copy with the same URL says the same',

  "machines/gateway/vocabulary.ts gatewaySetup: event.type === 'received.identify' → true (3)":
    'no other event has shardingRequired: the comparison is there for the compiler',
  'src/shard/news.ts News.warned: { problem, ...said } → { ...said, problem }': 'an error is all that is said besides',

  "machines/shard/vocabulary.ts shardSetup: 'sequence' in event && event.sequence !== null → (event.sequence !== null)":
    'undefined is above no sequence',
  'machines/shard/vocabulary.ts shardSetup: { name: cause, ...detail(event) } → { ...detail(event), name: cause }':
    'what an event tells has other names',
  "machines/shard/vocabulary.ts waitAfter: 'retryAfter' in event && typeof event.retryAfter === 'number' → (typeof event.retryAfter === 'number')":
    'undefined is no number',
  'machines/shard/vocabulary.ts detail: { reason: event.reason, ...(event.retryAfter === undefined ? {} : { retryAfter: event.retryAfter }),… → { reason: event.reason, ...outage(event), ...(event.retryAfter === undefined ? {} : { retryAfter: ev…':
    'an outage has other names',
  'machines/shard/vocabulary.ts detail: { closeCode: event.code, ...(event.reason ? { reason: event.reason } : {}), ...(event.retryAfter ===… → { closeCode: event.code, ...(event.reason ? { reason: event.reason } : {}), ...outage(event), ...(ev…':
    'an outage has other names',
  'machines/shard/vocabulary.ts onTraffic.on: { ...row, actions: [...actions] } → { actions: [...actions], ...row }':
    'the actions are taken out of the row before',
  "machines/shard/vocabulary.ts onTraffic.answered: { ...row, actions: [sendHeartbeat, ...because('heartbeatRequested'), ...actions], } → { actions: [sendHeartbeat, ...because('heartbeatRequested'), ...actions], ...row }":
    'the actions are taken out of the row before',
  'machines/gateway/vocabulary.ts reporting.params: { name, ...detail(event) } → { ...detail(event), name }':
    'what an event tells has other names',

  'src/shard/options.ts recordOptions: { to, ...rest } → { ...rest, to }': 'to was taken out of the rest',
  'src/shard/options.ts recordOptions: { ...rest, to: openTrace(to) } → { to: openTrace(to), ...rest }':
    'to was taken out of the rest',
  'src/limits/budgeted-permits.ts BudgetedPermits.#sent: [] → ["Stryker was here"]':
    'what is no time is not of the last 24 hours',
  'src/limits/identify-storm.ts StormMeter.#sent: [] → ["Stryker was here"]': 'what is no time is not of the last hour',
  'src/limits/identify-storm.ts StormMeter.#isStorm: false → true': 'the first identify is no storm, and says so',
  'src/limits/identify-storm.ts StormMeter.look: since !== undefined → true':
    'a storm has a first identify: the question is there for the compiler',
  'src/limits/identify-storm.ts StormMeter.take: [...this.#sent, now].slice(-MOST_KNOWN) → [...this.#sent, now]':
    'only memory: nobody orders a thousand identifies within an hour',
  'src/limits/identify-day.ts IdentifyDay.take.later: each <= at → each < at': 'those of one time are the same',
  'src/limits/identify-day.ts IdentifyDay.wait: first === undefined → false':
    'where none are left, as many were sent: the question is there for the compiler',
  "machines/shard/vocabulary.ts shardSetup: event.type === 'backlogOverflowed' && sequence !== null → true":
    'it is the action of that event alone, and a dispatch was counted before it: the question is there for the compiler',
  'src/shard/shard.ts Shard.#follow: this.#failing === null → false':
    'what has failed has the tag `failing`, so that a cause is there: the question is there for the compiler',
  'src/host/host.ts Host.#keepPresence: guarded<PresenceData | null>(() => JSON.parse(JSON.stringify(data)), ignore, this.#presence) → guarded(() => JSON.parse(JSON.stringify(data)), ignore)':
    'what was sent has been encoded already: only ETF takes what JSON does not, such as a bigint, and no presence has one',
  'src/shard/shard.ts Shard.#continue.earlier: this.#keeper?.load → this.#keeper.load':
    'it is called where there is a keeper alone: the question is there for the compiler',
  'src/shard/subscribers.ts Subscribers.#count: sequence !== null → true':
    'null counts as 0, which is the highest of nothing',
  'src/shard/options.ts demandEncodable: Opcode.Identify → (Opcode as any).PresenceUpdate':
    'what can be encoded can be with any opcode',
  'src/shard/backlog.ts Backlog.reader: [...this.#readers, reader] → [reader, ...this.#readers]':
    'no reader sees in which order the others are given a dispatch',
  'src/limits/budgeted-permits.ts BudgetedPermits.#requestOnce.permit: { ...options, ordered: true } → { ordered: true, ...options }':
    'the host asks without saying whether it is an order',
};

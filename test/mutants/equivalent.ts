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
  'shard: running.connection.open.session.queuedForIdentify: timer.permit: disarm locate instead of action 1 disarm permit':
    'the timer has just run out, and locate does not run while a connection is open: neither is there to disarm',
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

  'src/host/host.ts Host.#view: { streaming: false, replaying: false } → {}': 'both are asked for as conditions alone',
  'src/host/host.ts NO_CLOSE_FRAME: false → true': 'the host tells the chart nothing of wasClean; the type asks for it',
  'src/host/host.ts Host.openSocket.decoder: \'\' → "Stryker was here!"':
    'only dispatches are handed on with their message, and they always come with it',
  'src/host/host.ts Host.openSocket.connection: false → true':
    'it is read only after pauseSocket or resumeSocket has set it',
  'src/host/host.ts Host.#tellWhenRead: this.#settings.clock.whenRead?.(() => { const count = this.#untold?.count ?? 0; if (count === known … → this.#settings.clock.whenRead(() => { const count = this.#untold?.count ?? 0; if (count === known ||…':
    'it is called only where the clock has whenRead',
  "src/host/host.ts Host.#receiveDispatch.session: incoming.type === 'dispatch' → true":
    'a dispatch that was skipped has no data',
  'src/host/host.ts Host.#cancelQuestion: this.#question = null; → nothing':
    'a question that is aborted again stays aborted',
  'src/host/host.ts Host.#tellWhenRead.count: 0 → 1':
    'where the chart was told of all, a reading more or less finds nothing to tell it',
  'src/host/memory-permits.ts memoryPermits.pump: Math.max(hold.until, busy.get(laneOf(hold)) ?? 0) → Math.max(hold.until)':
    'it wakes up once in between, looks at all holds again, and grants nothing',
  'src/host/memory-permits.ts memoryPermits.pump: timer = undefined; → nothing':
    'a timer that was cleared is cleared again',
  'src/host/memory-permits.ts memoryPermits.pump: 0 → 1':
    'a hold ends later than now, which is more than 1 ms since 1970',
  'src/host/memory-permits.ts memoryPermits.pump: busy.set(laneOf(waiting), Infinity) → busy.set(laneOf(waiting))':
    'a lane that is busy for an unknown time counts as busy for ever',
  "src/host/memory-permits.ts memoryPermits: signal.addEventListener('abort', leave, { once: true }) → signal.addEventListener('abort', leave)":
    'a signal is aborted once',
  'src/host/memory-permits.ts memoryPermits.holds: [] → ["Stryker was here"]':
    'what has no time up to which it holds is dropped before anything else',
  'src/host/memory-permits.ts memoryPermits.pump: timer !== undefined → true':
    'to clear no timer does nothing: the contract of the clock port',
  'src/host/memory-permits.ts memoryPermits: { once: true } → {}': 'a signal is aborted once',
  'src/host/memory-permits.ts memoryPermits: true → false': 'a signal is aborted once',
  'src/host/rest-locator.ts json: reader?.read → reader.read': 'the second chunk is read from the reader of the first',
  'src/host/rest-locator.ts json: reader?.cancel → reader.cancel': 'a chunk was read from it',
  'src/host/rest-locator.ts json: { return undefined; } → {}': 'a function that returns nothing returns undefined',
  "src/host/rest-locator.ts retryAfterOf: response.headers.get('retry-after')?.trim() → response.headers.get('retry-after')":
    'fetch trims the values of headers, and Number ignores spaces around digits',
  'src/host/rest-locator.ts gatewayInfo: /^wss?:$/ → /^wss?:/': 'the protocol of a URL ends with its colon',
};

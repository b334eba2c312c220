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

  'src/host/host.ts: statement removed: this.#question = null;': 'a question that is aborted again stays aborted',
  'src/host/memory-permits.ts: statement removed: timer = undefined;': 'a timer that was cleared is cleared again',
  'src/shard/backlog.ts: statement removed: this.#readers = this.#readers.filter((each) => each !== reader);':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  'src/shard/backlog.ts: statement removed: this.#readers = NONE;':
    'an iterator that has ended takes nothing and holds nothing: only its memory is given back',
  'src/shard/health.ts: === to !==: if (known === undefined) names.set(name, name);':
    'a string of its own says the same: only memory is saved',
  'src/shard/logic.ts: statement removed: machine.start(snapshot);':
    'it starts the actors that a restored snapshot holds, and the chart spawns none',
  'src/shard/shard.ts: statement removed: isSettled = false;': 'what is not set is not true either',
  'src/shard/shard.ts: return removed: if (this.#starting === null) return;': 'whatever becomes ready was started',
  'src/shard/shard.ts: statement removed: this.#starting = STARTED;':
    'a start that came about answers like any other: only memory is saved',
  'src/shard/shard.ts: statement removed: this.#abort = null;':
    'a listener that was taken off the signal is taken off again, at most',
  'src/shard/shard.ts: statement removed: forget(this.#actor);':
    'nothing asks the system of actors for a shard: only memory is saved',
  'src/shard/shard.ts: || to &&: if (session === null || held === null) return null;':
    'the first is made of the second, and there is no session without a sequence',
  "src/wire/decode.ts: === to !==: const rest = typeof data === 'string' ? data.slice(dataAt, -1) : data.subarray(dataAt, -1);":
    'text is then parsed as a whole, and bytes are copied first: it takes longer',
  'src/wire/encode.ts: > to >=: return message.length * 3 > LIMITS.payloadBytes && utf8.encode(message).length > LIMITS.payloadBytes;':
    'it is the quick test before the exact one, and three times a whole number is never 4096',
};

/**
 * Mutants that survive and are not equivalent: what they break is tested, by test/shard/backpressure.test.ts and
 * test/trace, but not by the judges of the mutants. They count against the score; one that is killed may not be listed.
 */
export const OPEN: ReadonlySet<string> = new Set([
  'src/host/host.ts: !== to ===: return this.#connection?.socket?.pause !== undefined;',
  'src/host/host.ts: statement removed: this.#settings.secrets.publish(url);',
  'src/host/host.ts: === to !==: if (connection === null) return;',
  'src/host/host.ts: negated: if (connection === null) return;',
  'src/host/host.ts: return removed: if (connection === null) return;',
  'src/host/host.ts: statement removed: connection.isPaused = true;',
  "src/host/host.ts: statement removed: this.#guard('pause', () => connection.socket?.pause?.());",
  'src/host/host.ts: === to !==: if (connection === null) return; (2)',
  'src/host/host.ts: negated: if (connection === null) return; (2)',
  'src/host/host.ts: return removed: if (connection === null) return; (2)',
  'src/host/host.ts: statement removed: connection.isPaused = false;',
  'src/host/host.ts: === to !==: if (this.#connection === connection && !connection.isPaused)',
  'src/host/host.ts: && to ||: if (this.#connection === connection && !connection.isPaused)',
  "src/host/host.ts: statement removed: this.#guard('resume', () => connection.socket?.resume?.());",
  'src/shard/dispatches.ts: !== to ===: return this.#end !== null;',
  'src/shard/dispatches.ts: statement removed: this.#owner.read();',
  'src/shard/dispatches.ts: statement removed: this.#unread = this.#unread.filter(({ dispatch }) => !names.has(dispatch.name));',
  'src/shard/dispatches.ts: - to +: return length - this.#unread.length;',
  'src/shard/dispatches.ts: statement removed: this.#owner.read(); (2)',
  'shard: running.connection.open.session.resuming: timer.firstHeartbeat: without isPaused',
  'shard: running.connection.open.session.resuming: timer.heartbeat: without isPaused',
]);

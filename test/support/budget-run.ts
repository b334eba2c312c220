/**
 * A whole shard that is given commands, asked for heartbeats, cut off and put to sleep as chance has it, on simulated time,
 * and a judge who sees what crossed the wire and knows nothing of the limiter.
 */
import { zlibInflate } from '../../adapters/zlib.js';
import { passTime, simulatedClock } from '../../src/ports/clock.js';
import type { LimiterPort, Permit, SocketCallbacks } from '../../src/ports/index.js';
import { seededRandom } from '../../src/ports/random.js';
import { type Shard, shardsOn } from '../../src/shard/index.js';

/** A payload on the wire. */
interface Sent {
  readonly op: number;
  readonly data: unknown;
  /** When, by the time of the shard. */
  readonly at: number;
  /** When, by the time of the Gateway, which goes on where the shard's stands still. */
  readonly gatewayAt: number;
}

/** One connection. */
export interface Wire {
  readonly sent: Sent[];
  readonly helloAt: number;
  /** When op 1 was received, by the time of the shard. */
  readonly asked: number[];
  closedAt: number;
}

/** What became of a command. */
interface Command {
  readonly id: number;
  outcomes: string[];
}

/** What may happen besides commands. */
export interface Weather {
  readonly interval: number;
  /** Whether time may stand still, be set back, or pass while timers do not run. */
  readonly jumps?: boolean;
  readonly reconnects?: boolean;
  readonly policy?: 'coalesce' | 'rejectNewest' | 'dropOldest';
  readonly size?: number;
  readonly limiter?: LimiterPort;
}

/** What one run has shown. */
export interface BudgetRun {
  readonly wires: readonly Wire[];
  readonly commands: readonly Command[];
  /** Times at which a command waited although the judge found a place for it. */
  readonly wasted: readonly string[];
  readonly interval: number;
}

const GRANTED: Permit = { granted: true, settle: () => {} };
/** The first heartbeat comes after this part of the interval. */
const FIRST = 0.5;
const LIMIT = 120;
const WINDOW_MS = 60_000;
/** When a place is to come back. */
const BACK_MS = 61_000;

/** Plays one shard for some minutes. */
export async function budgetRun(seed: number, minutes: number, weather: Weather): Promise<BudgetRun> {
  const draw = seededRandom(seed);
  const sim = simulatedClock(1_000_000);
  const wires: Wire[] = [];
  const commands: Command[] = [];
  const wasted: string[] = [];
  let [stoodStill, setBack, sleepsUntil] = [0, 0, 0];
  let current: SocketCallbacks | null = null;
  const later = (fn: () => void, ms = 5) => sim.setTimeout(fn, ms);
  const clock = {
    now: () => sim.now() - setBack,
    setTimeout: (fn: () => void, ms: number) => {
      const timer = { id: undefined as unknown };
      const run = () => {
        if (sim.now() < sleepsUntil) timer.id = sim.setTimeout(run, sleepsUntil - sim.now());
        else fn();
      };
      timer.id = sim.setTimeout(run, ms);
      return timer;
    },
    clearTimeout: (timer: unknown) => sim.clearTimeout((timer as { id: unknown }).id),
  };

  const open = (callbacks: SocketCallbacks) => {
    const wire: Wire = { sent: [], helloAt: sim.now() + 10, asked: [], closedAt: Number.POSITIVE_INFINITY };
    wires.push(wire);
    current = callbacks;
    const say = (payload: object, ms?: number) =>
      later(() => wire.closedAt === Number.POSITIVE_INFINITY && callbacks.message(JSON.stringify(payload), false), ms);
    let sequence = 1;
    later(() => callbacks.opened(), 5);
    say({ op: 10, d: { heartbeat_interval: weather.interval } }, 10);
    const end = () => {
      wire.closedAt = Math.min(wire.closedAt, sim.now());
    };
    return {
      get isOpen() {
        return wire.closedAt === Number.POSITIVE_INFINITY;
      },
      bufferedAmount: 0,
      send(message: string | Uint8Array) {
        const { op, d } = JSON.parse(String(message));
        wire.sent.push({ op, data: d, at: sim.now(), gatewayAt: sim.now() + stoodStill });
        if (op === 1) say({ op: 11 });
        if (op === 2) say({ op: 0, t: 'READY', s: sequence++, d: { session_id: 's', resume_gateway_url: '' } });
        if (op === 6) say({ op: 0, t: 'RESUMED', s: 1_000 + sequence++, d: {} });
      },
      close() {
        end();
        later(() => callbacks.closed({ code: 1000, reason: '', wasClean: true }));
      },
      drop: end,
    };
  };

  const shard = shardsOn({
    socket: () => ({ open: (_, __, callbacks) => open(callbacks) }),
    inflate: zlibInflate,
  }).createShard({
    token: 'token',
    intents: 1,
    url: 'wss://gateway.discord.gg/',
    clock,
    random: () => FIRST,
    permits: { request: async () => GRANTED, update() {} },
    queue: { size: weather.size ?? 1_000, policy: weather.policy ?? 'rejectNewest' },
    ...(weather.limiter === undefined ? {} : { limiter: weather.limiter }),
  }) as unknown as Shard;

  const command = (op: number, data: (id: number) => object, signal?: AbortSignal) => {
    const entry: Command = { id: commands.length + 1, outcomes: [] };
    commands.push(entry);
    shard
      .sendRaw(op, data(entry.id), signal === undefined ? {} : { signal })
      .then(
        (outcome) => outcome,
        (error: { reason?: string }) => error.reason ?? String(error),
      )
      .then((outcome) => entry.outcomes.push(outcome));
  };
  const plain = () => command(99, (id) => ({ id }));
  const actions: (() => void)[] = [
    plain,
    () => repeat(draw() * 30, plain),
    () => repeat(draw() * 150, plain),
    () => command(4, (id) => ({ id, guild_id: `${Math.floor(draw() * 3)}` })),
    () => {
      const controller = new AbortController();
      command(99, (id) => ({ id }), controller.signal);
      later(() => controller.abort('aborted'), draw() * 20_000);
    },
    () => repeat(draw() ** 3 * 60, () => ask()),
    () => ask(),
  ];
  const ask = () => {
    const wire = wires.at(-1);
    if (wire === undefined || sim.now() < wire.helloAt + 10 || wire.closedAt < sim.now()) return;
    wire.asked.push(sim.now());
    current?.message('{"op":1,"d":null}', false);
  };
  if (weather.reconnects) {
    actions.push(
      () => shard.reconnect({ fresh: draw() < 0.5 }),
      () => {
        const wire = wires.at(-1);
        if (wire === undefined || wire.closedAt < sim.now() || sim.now() < wire.helloAt) return;
        wire.closedAt = sim.now();
        current?.closed({ code: 4000, reason: '', wasClean: true });
      },
    );
  }
  if (weather.jumps) {
    actions.push(
      () => {
        stoodStill += draw() * 100_000;
      },
      () => {
        setBack += draw() ** 4 * 4_000_000;
      },
      () => {
        sleepsUntil = sim.now() + draw() * 20_000;
      },
    );
  }

  const judge = () => {
    const wire = wires.at(-1);
    if (weather.jumps || wire === undefined || !shard.isReady || shard.budget.waiting === 0) return;
    if (hasPlace(wire, sim.now(), weather.interval))
      wasted.push(`${sim.now() - wire.helloAt}: ${shard.budget.waiting} wait`);
  };

  void shard.start();
  const end = sim.now() + minutes * 60_000;
  while (sim.now() < end) {
    await passTime(sim, Math.ceil(draw() ** 3 * 30_000));
    judge();
    actions[Math.floor(draw() * actions.length)]?.();
    await passTime(sim, 0);
    judge();
  }
  if (draw() < 0.5) void shard.stop();
  else void shard.detach();
  await passTime(sim, 30_000);
  return { wires, commands, wasted, interval: weather.interval };
}

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i += 1) run();
}

/** When heartbeats are due on a connection, before a time. */
function beatsOf({ helloAt }: Wire, interval: number, until: number): number[] {
  const beats: number[] = [];
  for (let at = helloAt + FIRST * interval; at < until; at += interval) beats.push(at);
  return beats;
}

/**
 * Whether one more payload could be sent: with it, one answer to op 1 and every heartbeat that falls due, no place would be
 * given twice before it is back.
 */
function hasPlace(wire: Wire, now: number, interval: number): boolean {
  const beats = beatsOf(wire, interval, now + BACK_MS).filter((at) => at > now);
  const all = [...wire.sent.map(({ at }) => at), now, now, ...beats];
  return [now, ...beats].every((moment) => all.filter((at) => at <= moment && at > moment - BACK_MS).length <= LIMIT);
}

/** How a run breaks what has to hold; nothing if it does not. */
export function complaintsAbout({ wires, commands, wasted, interval }: BudgetRun, hasJumps: boolean): string[] {
  const complaints = wasted.map((each) => `a place is left unused after ${each}`);
  for (const [i, wire] of wires.entries()) {
    const { sent } = wire;
    for (let first = 0; first + LIMIT < sent.length; first += 1) {
      // The first may arrive 500 ms late, the last at once.
      const between = (sent[first + LIMIT]?.gatewayAt ?? 0) - (sent[first]?.gatewayAt ?? 0);
      if (between < WINDOW_MS + 500) complaints.push(`connection ${i}: ${LIMIT + 1} payloads in ${between} ms`);
    }
    if (hasJumps) continue;
    const end = Math.min(wire.closedAt, sent.at(-1)?.at ?? 0);
    const beats = new Set(sent.filter(({ op }) => op === 1).map(({ at }) => at));
    for (const due of beatsOf(wire, interval, end))
      if (!beats.has(due)) complaints.push(`connection ${i}: no heartbeat at ${due - wire.helloAt}`);
    for (const at of wire.asked) {
      const isAnswered = [...beats].some((beat) => beat >= at && beat <= at + BACK_MS);
      if (at + BACK_MS < end && !isAnswered) complaints.push(`connection ${i}: op 1 at ${at} is not answered`);
    }
  }
  const onWire = new Map<unknown, number>();
  for (const { op, data } of wires.flatMap(({ sent }) => sent)) {
    const { id } = (op > 2 && op !== 6 ? data : {}) as { id?: unknown };
    if (id !== undefined) onWire.set(id, (onWire.get(id) ?? 0) + 1);
  }
  for (const { id, outcomes } of commands) {
    const [outcome] = outcomes;
    if (outcomes.length !== 1) complaints.push(`command ${id} ends in ${outcomes.join() || 'nothing'}`);
    if ((onWire.get(id) ?? 0) !== (outcome === 'sent' ? 1 : 0))
      complaints.push(`command ${id} was sent ${onWire.get(id) ?? 0} times and is ${outcome}`);
  }
  return complaints;
}

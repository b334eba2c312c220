import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock, type SnapshotFrom } from 'xstate';
import { FAULTLESS } from '../../../machines/gateway/laws/identify-facts.js';
import {
  CLOSE_CODES,
  closeCode,
  DEFAULT_GATEWAY_SETTINGS,
  GATEWAY_CAUSES,
  GATEWAY_TIMERS,
  type GatewayCause,
  type GatewayEvent,
  type GatewayInput,
  type GatewaySession,
  gatewayAbstraction,
  gatewayMachine,
  type IdentifyFacts,
  type Instruction,
  pure,
  stateName,
} from '../../../machines/index.js';
import { explore, rowsOf, statesOf } from '../../../src/exploring/graph.js';
import { coverageOf, pathsOf } from '../../../src/exploring/paths.js';

const graph = explore(gatewayMachine, gatewayAbstraction);
const nodes = [...graph.nodes.values()];
const timerOf = (event: { type: string }) => (event.type.startsWith('timer.') ? event.type.slice(6) : undefined);

describe('the Gateway chart, explored', () => {
  it('has a few thousand states at most', () => {
    expect(nodes.length).toBeGreaterThan(500);
    expect(nodes.length).toBeLessThan(4000);
  });

  it('has every state, row and edge covered by the paths of the criterion "transitions"', () => {
    const { stateNodes, rows, states, transitions } = coverageOf(graph, pathsOf(graph, 'transitions'));
    expect([...stateNodes.missing, ...rows.missing, ...states.missing, ...transitions.missing]).toEqual([]);
    expect(stateNodes.of).toBe(statesOf(gatewayMachine).length);
    expect(rows.of).toBe(rowsOf(gatewayMachine).length);
  });

  it('arms no timer twice, leaves none behind, and handles every one that runs', () => {
    const problems: string[] = [];
    for (const node of nodes) {
      const handled = new Set(node.edges.flatMap(({ event }) => timerOf(event) ?? []));
      if (!sameSet(handled, node.armed))
        problems.push(`${node.key}: ${[...node.armed]} run, ${[...handled]} are handled`);
    }
    for (const edge of graph.edges) {
      const running = new Set(edge.from.armed);
      running.delete(timerOf(edge.event) ?? '');
      for (const { type, params } of edge.instructions) {
        const { timer } = params as { timer: string };
        if (type === 'arm' && running.has(timer)) problems.push(`${edge.from.key}: ${edge.label} arms ${timer} twice`);
        if (type === 'arm') running.add(timer);
        if (type === 'disarm') running.delete(timer);
      }
      if (!sameSet(running, edge.to.armed)) problems.push(`${edge.from.key}: ${edge.label} leaves ${[...running]}`);
    }
    expect(problems).toEqual([]);
  });

  it('sends nothing without a connection, nothing after its close frame, and nothing once it is silent', () => {
    const isSending = ({ type }: Instruction) =>
      type.startsWith('send') || type === 'close' || type === 'answerCommand';
    const quiet = nodes.filter(({ snapshot: { value } }) =>
      /^listening|^connection\.(closing|silent)/.test(stateName(value)),
    );
    const wrong = quiet.flatMap(({ key, edges }) =>
      edges.filter(({ instructions }) => instructions.some(isSending)).map(({ label }) => `${key}: ${label}`),
    );
    expect(quiet.length).toBeGreaterThan(5);
    expect(wrong).toEqual([]);
  });

  it('closes with one code at most on each edge, and then does nothing but close', () => {
    for (const { instructions, to, label } of graph.edges) {
      const closes = instructions.filter(({ type }) => type === 'close');
      expect(closes.length, label).toBeLessThanOrEqual(1);
      if (closes.length === 1) expect(stateName(to.snapshot.value)).toBe('connection.closing');
    }
  });

  it('has a session wherever one is live, replayed or kept, and none where it waits for the first', () => {
    const having = (pattern: RegExp) => {
      const found = nodes.filter(({ snapshot }) => pattern.test(stateName(snapshot.value)));
      return new Set(found.map(({ snapshot }) => snapshot.context.session !== null));
    };
    expect(having(/session\.(live|replaying)|^listening\.keeping/)).toEqual(new Set([true]));
    expect(having(/^listening\.empty/)).toEqual(new Set([false]));
  });

  it('can leave every state without a fault, and drops a client that does not answer its close', () => {
    for (const { snapshot, edges, key } of nodes) {
      const away = edges.some(({ to, event }) => to.key !== key && !event.type.startsWith('fault.'));
      expect(away, key).toBe(true);
      if (snapshot.matches({ connection: 'closing' }))
        expect(edges.some(({ event }) => timerOf(event) === 'close')).toBe(true);
    }
  });

  it('behaves the same for all snapshots that the abstraction takes for one', () => {
    const { pure: chart } = graph;
    const outcomes = (snapshot: SnapshotFrom<typeof gatewayMachine>, armed: ReadonlySet<string>) =>
      gatewayAbstraction.alphabet(snapshot).map((event) => {
        const timer = timerOf(event);
        if (timer !== undefined && !armed.has(timer)) return '';
        const { snapshot: next, instructions, rows } = chart.step(snapshot, event);
        if (rows.length === 0) return '';
        return [gatewayAbstraction.key(next), ...instructions.map(({ type }) => type)].join('; ');
      });
    const known = new Map(nodes.map((node) => [node, outcomes(node.snapshot, node.armed)]));
    // Every way into a state brings a snapshot of its own: one in fifty is tried.
    const tried = graph.edges.filter((_, n) => n % 50 === 0);
    const different = tried.filter(({ after, to }) => outcomes(after, to.armed).join() !== known.get(to)?.join());
    expect(different.map(({ from, label }) => `${from.key}: ${label}`)).toEqual([]);
    expect(tried.length).toBeGreaterThan(100);
  });

  it('gives every state a section, and every cause a use', () => {
    for (const id of statesOf(gatewayMachine)) {
      if (id !== 'gateway') expect(gatewayMachine.getStateNodeById(id).meta?.spec, id).toBeTypeOf('string');
    }
    const used = new Set(graph.edges.flatMap(({ instructions }) => causesIn(instructions)));
    expect(Object.keys(GATEWAY_CAUSES).filter((name) => !used.has(name as never))).toEqual([]);
  });
});

/** A Gateway under test: events in, what it sent out; timers by hand. */
function seat(input: GatewayInput = {}) {
  const chart = pure(gatewayMachine);
  let { snapshot } = chart.initial(input);
  let instructions: readonly Instruction[] = [];
  const tell = (event: GatewayEvent) => {
    ({ snapshot, instructions } = chart.step(snapshot, event));
    return sent();
  };
  const sent = () => instructions.filter(({ type }) => !['arm', 'disarm', 'report'].includes(type)).map(asText);
  const connection = () => snapshot.context.connection;
  const steps = {
    tell,
    delayOf: (timer: string) =>
      instructions.flatMap(({ type, params }) =>
        type === 'arm' && (params as { timer: string }).timer === timer ? [(params as { delay: number }).delay] : [],
      )[0],
    causes: () => causesIn(instructions),
    get state() {
      return stateName(snapshot.value);
    },
    get session() {
      return snapshot.context.session;
    },
    connect() {
      tell({ type: 'connected', number: connection() + 1 });
      return tell({ type: 'timer.hello' });
    },
    identify: (facts: Partial<IdentifyFacts> = {}, sessionId = 'S1') =>
      tell({ type: 'received.identify', connection: connection(), sessionId, ...FAULTLESS, ...facts }),
    resume: (sequence: number, sessionId = 'S1', tokenMatches = true) =>
      tell({ type: 'received.resume', connection: connection(), sessionId, sequence, tokenMatches }),
    heartbeat: (sequence: number | null = null) =>
      tell({ type: 'received.heartbeat', connection: connection(), sequence }),
    command: () => tell({ type: 'received.command', connection: connection(), opcode: 3, data: {} }),
    close: (code: number) => tell({ type: 'closed', connection: connection(), code }),
    dispatch: (data: unknown = {}) => tell({ type: 'dispatch', name: 'MESSAGE_CREATE', data }),
    /** Up to READY. */
    live() {
      steps.connect();
      steps.identify();
      tell({ type: 'timer.ready' });
      return steps;
    },
  };
  return steps;
}

const asText = ({ type, params }: Instruction) => {
  const values = Object.values(params as Record<string, unknown>);
  return values.length === 0
    ? type
    : `${type} ${values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : value)).join(' ')}`;
};

const causesIn = (instructions: readonly Instruction[]) =>
  instructions.flatMap(({ type, params }) =>
    type === 'report' ? [(params as { cause: GatewayCause }).cause.name] : [],
  );

const sameSet = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((one) => b.has(one));

describe('Hello', () => {
  it('comes first and names the interval', () => {
    expect(seat({ settings: { heartbeatInterval: 45_000 } }).connect()).toEqual(['sendHello 45000']);
  });

  const connected = () => {
    const gateway = seat();
    gateway.tell({ type: 'connected', number: 1 });
    return gateway;
  };

  it.each(['heartbeat', 'command'] as const)('is waited for: a %s before it is closed with 4003', (what) => {
    expect(connected()[what]()).toEqual(['close 4003']);
  });

  it('is brought by an Identify that comes before it, which is then judged like any other', () => {
    const gateway = connected();
    expect(gateway.identify()).toEqual(['sendHello 41250']);
    expect(gateway.causes()).toEqual(['helloSent', 'identified']);
    expect(gateway.delayOf('heartbeat')).toBe(61_875);
    expect(gateway.tell({ type: 'timer.ready' })).toEqual(['sendReady S1 1']);
    expect(connected().identify({ tokenMatches: false })).toEqual(['sendHello 41250', 'close 4004']);
    expect(connected().identify({ permitted: false })).toEqual(['sendHello 41250', 'sendInvalidSession false']);
  });

  it('is brought by a Resume that comes before it, with the session from where it was', () => {
    const gateway = connected();
    const session = { id: 'S1', sequence: 3, floor: 1, buffer: [] };
    expect(gateway.tell({ type: 'adopt', session })).toEqual([]);
    expect(gateway.resume(3)).toEqual(['sendHello 41250']);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 4']);
    expect(connected().resume(3)).toEqual(['sendHello 41250', 'sendInvalidSession false']);
  });

  it('may be withheld from a client that identifies before it: the Identify gets no answer', () => {
    const gateway = connected();
    gateway.tell({ type: 'fault.withholdHello' });
    expect(gateway.identify()).toEqual([]);
    expect(gateway.causes()).toEqual(['helloWithheld']);
    expect([gateway.identify(), gateway.resume(1)]).toEqual([[], []]);
    gateway.tell({ type: 'fault.end' });
    expect(gateway.identify()).toEqual(['sendHello 41250']);
  });
});

describe('Identify', () => {
  const REFUSALS: readonly (readonly [keyof IdentifyFacts, boolean, number])[] = [
    ['tokenMatches', false, 4004],
    ['shardValid', false, 4010],
    ['shardingRequired', true, 4011],
    ['versionValid', false, 4012],
    ['intentsValid', false, 4013],
    ['intentsAllowed', false, 4014],
  ];
  it.each(REFUSALS)('is refused when %s is %s, with %i', (fact, value, code) => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.identify({ [fact]: value })).toEqual([`close ${code}`]);
    expect(gateway.state).toBe('connection.closing');
  });

  it('that comes too soon gets Invalid Session, and may come again', () => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.identify({ permitted: false })).toEqual(['sendInvalidSession false']);
    gateway.identify();
    expect(gateway.tell({ type: 'timer.ready' })).toEqual(['sendReady S1 1']);
  });

  it('begins a new session with READY as its number 1, and what follows counts on', () => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.identify()).toEqual([]);
    expect(gateway.tell({ type: 'timer.ready' })).toEqual(['sendReady S1 1']);
    expect(gateway.dispatch('a')).toEqual(['sendDispatch 2 MESSAGE_CREATE a']);
    expect(gateway.dispatch('b')).toEqual(['sendDispatch 3 MESSAGE_CREATE b']);
  });

  it.each(['identify', 'resume'] as const)(
    'cannot be followed by another %s: 4005, and the session is gone',
    (what) => {
      const gateway = seat().live();
      expect(what === 'identify' ? gateway.identify() : gateway.resume(1)).toEqual(['close 4005']);
      gateway.close(4005);
      expect(gateway.state).toBe('listening.empty');
    },
  );

  it('has to come before any command: 4003', () => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.command()).toEqual(['close 4003']);
  });

  it('is not over before READY: a command until then is closed with 4003', () => {
    const gateway = seat();
    gateway.connect();
    gateway.identify();
    expect(gateway.command()).toEqual(['close 4003']);
  });
});

describe('heartbeats', () => {
  it.each([
    ['before Identify', (gateway: ReturnType<typeof seat>) => void gateway.connect()],
    ['when live', (gateway: ReturnType<typeof seat>) => void gateway.live()],
  ])('are acknowledged %s, one by one', (_, begin) => {
    const gateway = seat();
    begin(gateway);
    expect(gateway.heartbeat()).toEqual(['sendAck']);
    expect(gateway.heartbeat(1)).toEqual(['sendAck']);
  });

  it('that stay away end the connection, and not the session', () => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.delayOf('heartbeat')).toBe(
      DEFAULT_GATEWAY_SETTINGS.heartbeatInterval * DEFAULT_GATEWAY_SETTINGS.heartbeatGrace,
    );
    const other = seat().live();
    expect(other.tell({ type: 'timer.heartbeat' })).toEqual(['close 1000']);
    other.close(1000);
    expect(other.state).toBe('listening.keeping');
  });

  it('that stay away end the session where the setting says 4009', () => {
    const gateway = seat({ settings: { missedHeartbeatCode: 4009 } }).live();
    expect(gateway.tell({ type: 'timer.heartbeat' })).toEqual(['close 4009']);
    gateway.close(4009);
    expect(gateway.state).toBe('listening.empty');
  });

  it('can be asked for at any time', () => {
    expect(seat().live().tell({ type: 'requestHeartbeat' })).toEqual(['sendHeartbeatRequest']);
  });
});

describe('what the client must not send', () => {
  it.each([
    ['received.unknownOpcode', 4001],
    ['received.undecodable', 4002],
    ['received.tooLarge', 4002],
    ['received.tooMany', 4008],
  ] as const)('%s is closed with %i, at any time, and the session stays', (type, code) => {
    const gateway = seat();
    gateway.connect();
    const event = { type, connection: 1, opcode: 99 } as GatewayEvent;
    expect(gateway.tell(event)).toEqual([`close ${code}`]);
    const live = seat().live();
    expect(live.tell(event)).toEqual([`close ${code}`]);
    live.close(code);
    expect(live.state).toBe('listening.keeping');
  });
});

describe('Resume', () => {
  /** A session with 2 to 4 dispatched, of which the client closed after. */
  const interrupted = (input: GatewayInput = {}) => {
    const gateway = seat(input).live();
    for (const data of ['a', 'b', 'c']) gateway.dispatch(data);
    gateway.close(4900);
    return gateway;
  };

  it('replays what was missed in order with its own numbers, then RESUMED with the next', () => {
    const gateway = interrupted();
    gateway.dispatch('d');
    gateway.connect();
    expect(gateway.resume(3)).toEqual([]);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual([
      'sendReplay [{"sequence":4,"name":"MESSAGE_CREATE","data":"c"},{"sequence":5,"name":"MESSAGE_CREATE","data":"d"}]',
    ]);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 6']);
    expect(gateway.dispatch('e')).toEqual(['sendDispatch 7 MESSAGE_CREATE e']);
  });

  it('puts what is dispatched meanwhile behind the replay and before RESUMED', () => {
    const gateway = interrupted({ settings: { replayBatch: 1 } });
    gateway.connect();
    gateway.resume(3);
    expect(gateway.dispatch('d')).toEqual([]);
    const sent = Array.from({ length: 3 }, () => gateway.tell({ type: 'timer.replay' })).flat();
    expect(sent).toEqual([
      'sendReplay [{"sequence":4,"name":"MESSAGE_CREATE","data":"c"}]',
      'sendReplay [{"sequence":5,"name":"MESSAGE_CREATE","data":"d"}]',
      'sendResumed 6',
    ]);
  });

  it('can be repeated when the connection is lost in the middle', () => {
    const gateway = interrupted({ settings: { replayBatch: 1 } });
    gateway.connect();
    gateway.resume(1);
    gateway.tell({ type: 'timer.replay' });
    gateway.close(1006);
    gateway.connect();
    gateway.resume(2);
    const sent = Array.from({ length: 3 }, () => gateway.tell({ type: 'timer.replay' })).flat();
    expect(sent.at(-1)).toBe('sendResumed 5');
    expect(sent.join()).toContain('"b"');
    expect(sent.join()).not.toContain('"a"');
  });

  it('does not replay RESUMED: its number is skipped', () => {
    const gateway = interrupted();
    gateway.connect();
    gateway.resume(4);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 5']);
    gateway.dispatch('d');
    gateway.close(1006);
    gateway.connect();
    gateway.resume(4);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual([
      'sendReplay [{"sequence":6,"name":"MESSAGE_CREATE","data":"d"}]',
    ]);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 7']);
  });

  it('of an unknown session gets Invalid Session, d false, and Identify may follow on the same connection', () => {
    const gateway = seat();
    gateway.connect();
    expect(gateway.resume(5, 'nobody')).toEqual(['sendInvalidSession false']);
    gateway.identify();
    expect(gateway.tell({ type: 'timer.ready' })).toEqual(['sendReady S1 1']);
  });

  it('after a number that was never given is closed with 4007, and the session is gone', () => {
    const gateway = interrupted();
    gateway.connect();
    expect(gateway.resume(5)).toEqual(['close 4007']);
    gateway.close(4007);
    expect(gateway.state).toBe('listening.empty');
  });

  it('after more was missed than is kept gets Invalid Session', () => {
    const gateway = interrupted({ settings: { replayBuffer: 2 } });
    gateway.connect();
    expect(gateway.resume(1)).toEqual(['sendInvalidSession false']);
    expect(gateway.session).toBeNull();
    const other = interrupted({ settings: { replayBuffer: 2 } });
    other.connect();
    expect(other.resume(2)).toEqual([]);
  });

  it('cannot go back before READY', () => {
    const gateway = interrupted();
    gateway.connect();
    expect(gateway.resume(0)).toEqual(['sendInvalidSession false']);
  });

  it('with a wrong token is closed with 4004, and costs nobody the session', () => {
    const gateway = interrupted();
    gateway.connect();
    expect(gateway.resume(4, 'S1', false)).toEqual(['close 4004']);
    gateway.close(4004);
    expect(gateway.state).toBe('listening.keeping');
  });

  it('is possible for the retention, and not after', () => {
    const gateway = seat({ settings: { sessionRetention: 60_000 } }).live();
    gateway.close(1006);
    expect(gateway.delayOf('retention')).toBe(60_000);
    gateway.tell({ type: 'timer.retention' });
    expect(gateway.session).toBeNull();
    gateway.connect();
    expect(gateway.resume(1)).toEqual(['sendInvalidSession false']);
  });

  it('moves a session from one connection to another as data', () => {
    const old = interrupted();
    const session = old.session as GatewaySession;
    const fresh = seat();
    fresh.connect();
    fresh.tell({ type: 'adopt', session });
    old.tell({ type: 'release' });
    expect(old.state).toBe('listening.empty');
    fresh.resume(3);
    expect(fresh.tell({ type: 'timer.replay' }).join()).toContain('"c"');
  });

  it('takes a session from a connection that is still open, which is then closed with 4009', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'release' })).toEqual(['close 4009']);
    expect(gateway.session).toBeNull();
  });
});

describe('ends of a connection', () => {
  it.each([
    [1000, 'listening.empty', 'answerClose 1000'],
    [1001, 'listening.empty', 'answerClose 1001'],
    [1005, 'listening.keeping', 'answerClose 1005'],
    [4900, 'listening.keeping', 'answerClose 4900'],
    [4000, 'listening.keeping', 'answerClose 4000'],
    [1006, 'listening.keeping', undefined],
  ] as const)('the client ends it with %i: %s', (code, state, answer) => {
    const gateway = seat().live();
    expect(gateway.close(code)).toEqual(answer === undefined ? [] : [answer]);
    expect(gateway.state).toBe(state);
  });

  const CODES = Object.keys(CLOSE_CODES).map(Number);
  it.each(CODES)('the Gateway ends it with %i, and the session goes as the table has it', (code) => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'closeWith', code })).toEqual([`close ${code}`]);
    gateway.close(code);
    expect(gateway.state).toBe(closeCode(code).recovery === 'resume' ? 'listening.keeping' : 'listening.empty');
  });

  it('a close that is not answered ends in a dropped connection', () => {
    const gateway = seat().live();
    gateway.tell({ type: 'closeWith', code: 4000 });
    expect(gateway.delayOf('close')).toBe(5_000);
    expect(gateway.tell({ type: 'timer.close' })).toEqual(['dropTcp 1']);
  });

  it('a client may be back before the loss of its old connection shows', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'connected', number: 2 })).toEqual(['dropTcp 1']);
    expect(gateway.tell({ type: 'timer.hello' })).toEqual(['sendHello 41250']);
    gateway.resume(1);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 2']);
  });

  it('what an old connection still says changes nothing', () => {
    const gateway = seat().live();
    gateway.close(4900);
    gateway.connect();
    expect(gateway.tell({ type: 'closed', connection: 1, code: 1000 })).toEqual([]);
    expect(gateway.state).toContain('awaitingIdentify');
  });
});

describe('Reconnect and Invalid Session', () => {
  it('Reconnect may come before Hello, and a client that stays is closed with 1001 and keeps its session', () => {
    const gateway = seat();
    gateway.tell({ type: 'connected', number: 1 });
    expect(gateway.tell({ type: 'requestReconnect' })).toEqual(['sendReconnect']);
    const live = seat().live();
    live.tell({ type: 'requestReconnect' });
    expect(live.delayOf('leave')).toBe(5_000);
    expect(live.tell({ type: 'timer.leave' })).toEqual(['close 1001']);
    live.close(1001);
    expect(live.state).toBe('listening.keeping');
  });

  it('Invalid Session, d true, leaves the session to be resumed', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'invalidateSession', resumable: true })).toEqual(['sendInvalidSession true']);
    expect(gateway.resume(1)).toEqual([]);
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 2']);
  });

  it('Invalid Session, d false, ends it; a command in flight is then closed with 4003', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'invalidateSession', resumable: false })).toEqual(['sendInvalidSession false']);
    expect(gateway.session).toBeNull();
    expect(gateway.command()).toEqual(['close 4003']);
  });

  it('answers an Identify when the session could not be started', () => {
    const gateway = seat();
    gateway.connect();
    gateway.identify();
    expect(gateway.tell({ type: 'invalidateSession', resumable: false })).toEqual(['sendInvalidSession false']);
    expect(gateway.state).toContain('awaitingIdentify');
  });

  it('ends a session that waits to be resumed', () => {
    const gateway = seat().live();
    gateway.close(1006);
    gateway.tell({ type: 'invalidateSession', resumable: false });
    expect(gateway.state).toBe('listening.empty');
  });
});

describe('faults', () => {
  it('withholds Hello until the fault ends', () => {
    const gateway = seat();
    gateway.tell({ type: 'connected', number: 1 });
    gateway.tell({ type: 'fault.withholdHello' });
    expect(gateway.tell({ type: 'timer.hello' })).toEqual([]);
    expect(gateway.causes()).toEqual(['helloWithheld']);
    gateway.tell({ type: 'fault.end' });
    expect(gateway.tell({ type: 'timer.hello' })).toEqual(['sendHello 41250']);
  });

  it('withholds READY until the fault ends', () => {
    const gateway = seat();
    gateway.connect();
    gateway.tell({ type: 'fault.withholdReady' });
    gateway.identify();
    expect(gateway.tell({ type: 'timer.ready' })).toEqual([]);
    expect(gateway.heartbeat()).toEqual(['sendAck']);
    gateway.tell({ type: 'fault.end' });
    expect(gateway.tell({ type: 'timer.ready' })).toEqual(['sendReady S1 1']);
  });

  it('withholds RESUMED, and not the replay', () => {
    const gateway = seat().live();
    gateway.dispatch('a');
    gateway.close(4900);
    gateway.connect();
    gateway.tell({ type: 'fault.withholdResumed' });
    gateway.resume(1);
    expect(gateway.tell({ type: 'timer.replay' }).join()).toContain('"a"');
    expect(gateway.tell({ type: 'timer.replay' })).toEqual([]);
    gateway.tell({ type: 'fault.end' });
    expect(gateway.tell({ type: 'timer.replay' })).toEqual(['sendResumed 3']);
  });

  it('swallows ACKs while everything else goes on', () => {
    const gateway = seat().live();
    gateway.tell({ type: 'fault.swallowAcks' });
    expect(gateway.heartbeat()).toEqual([]);
    expect(gateway.dispatch('a')).toEqual(['sendDispatch 2 MESSAGE_CREATE a']);
    gateway.tell({ type: 'fault.end' });
    expect(gateway.heartbeat()).toEqual(['sendAck']);
  });

  it('goes silent: nothing is sent or answered, and what is dispatched waits for the resume', () => {
    const gateway = seat().live();
    gateway.tell({ type: 'fault.goSilent' });
    expect([gateway.heartbeat(), gateway.dispatch('a'), gateway.close(4900)]).toEqual([[], [], []]);
    expect(gateway.state).toBe('connection.silent');
    gateway.close(1006);
    gateway.connect();
    gateway.resume(1);
    expect(gateway.tell({ type: 'timer.replay' }).join()).toContain('"a"');
  });

  it('stops reading, expects no heartbeat meanwhile, and goes on', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'fault.stopReading' })).toEqual(['stopReading']);
    expect(gateway.tell({ type: 'timer.heartbeat' })).toEqual([]);
    expect(gateway.tell({ type: 'fault.startReading' })).toEqual(['startReading']);
    expect(gateway.heartbeat()).toEqual(['sendAck']);
  });

  it('ignores the close frame of the client, and goes on sending', () => {
    const gateway = seat().live();
    gateway.tell({ type: 'fault.ignoreClose' });
    expect(gateway.close(4900)).toEqual([]);
    expect(gateway.dispatch('a')).toEqual(['sendDispatch 2 MESSAGE_CREATE a']);
    gateway.close(1006);
    expect(gateway.state).toBe('listening.keeping');
  });

  it('accepts a resume and drops the connection, again and again', () => {
    const gateway = seat().live();
    gateway.dispatch('a');
    for (let n = 0; n < 3; n += 1) {
      gateway.tell({ type: 'fault.dropTcp' });
      gateway.connect();
      gateway.tell({ type: 'fault.resumeThenDrop' });
      gateway.resume(1);
      expect(gateway.tell({ type: 'timer.replay' }).map((text) => text.split(' ')[0])).toEqual(['dropTcp']);
      expect(gateway.state).toBe('listening.keeping');
    }
  });

  it('drops TCP without a close frame, and sends malformed frames with the next number of the session', () => {
    const gateway = seat().live();
    expect(gateway.tell({ type: 'fault.malformed', kind: 'notJson' })).toEqual(['sendRaw notJson 2']);
    expect(gateway.tell({ type: 'fault.dropTcp' })).toEqual(['dropTcp 1']);
    expect(gateway.state).toBe('listening.keeping');
  });

  it('skips sequence numbers', () => {
    const gateway = seat().live();
    gateway.tell({ type: 'fault.skipSequence', by: 5 });
    expect(gateway.dispatch('a')).toEqual(['sendDispatch 7 MESSAGE_CREATE a']);
  });
});

/** What a host of the chart implements, all or nothing. */
const EFFECTS = [
  ...['sendDispatch', 'sendReplay', 'sendResumed', 'sendAck', 'sendHeartbeatRequest', 'sendReconnect'],
  ...['sendInvalidSession', 'sendRaw', 'answerCommand', 'answerClose', 'stopReading', 'startReading'],
];

describe('in an actor', () => {
  it('runs its timers on the clock and leaves none behind', () => {
    const clock = new SimulatedClock();
    const sent: string[] = [];
    const note = (type: string) => () => void sent.push(type);
    const idle = Object.fromEntries(EFFECTS.map((name) => [name, () => {}]));
    const machine = gatewayMachine.provide({
      actions: {
        ...idle,
        sendHello: note('hello'),
        sendReady: note('ready'),
        close: note('close'),
        dropTcp: note('drop'),
      },
    });
    const actor = createActor(machine, { clock, input: { settings: { helloDelay: 10, readyDelay: 10 } } }).start();
    actor.send({ type: 'connected', number: 1 });
    clock.increment(10);
    actor.send({ type: 'received.identify', connection: 1, sessionId: 'S1', ...FAULTLESS });
    clock.increment(10);
    clock.increment(70_000);
    clock.increment(5_000);
    expect(sent).toEqual(['hello', 'ready', 'close', 'drop']);
    expect(actor.getSnapshot().value).toEqual({ listening: 'keeping' });
    clock.increment(180_000);
    expect(actor.getSnapshot().value).toEqual({ listening: 'empty' });
    actor.stop();
  });

  it('has a delay for every timer', () => {
    expect(Object.keys(gatewayMachine.implementations.delays)).toEqual([...GATEWAY_TIMERS]);
  });
});

import { createInspector } from '@statelyai/inspect';
import { describe, expect, it, vi } from 'vitest';
import { createActor, createMachine, fromCallback, type InspectionEvent } from 'xstate';
import { DEFAULT_POLICY, gatewayMachine, shardMachine } from '../../machines/index.js';
import { baseOf, messageOf } from '../../src/inspect/messages.js';
import { collecting, plain, play, RESUME_URL } from '../support/inspection.js';

describe('the messages', () => {
  it("are those of the package's own inspector, but for what we name, add and leave out", () => {
    const theirs: object[] = [];
    const { inspect } = createInspector({ send: (event) => theirs.push(event) });
    const { messages, inspector } = collecting({ payloads: true });
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      play((seen) => {
        inspect.next?.(seen);
        inspector.next(seen);
      });
      vi.runAllTimers(); // the package sends when the process is idle
    } finally {
      vi.useRealTimers();
    }
    expect(theirs).toHaveLength(18);
    const standIn = messages[0]?.sessionId;
    const ours = plain(messages.filter(({ sessionId }) => sessionId === standIn));
    const expected = plain(theirs);
    expect(ours).toHaveLength(expected.length);
    for (const [at, message] of expected.entries()) {
      const { definition, sourceId, snapshot, event, ...rest } = ours[at];
      const told = JSON.stringify(message.snapshot ?? {})
        .replaceAll('secret-session', '<session 1>')
        .replaceAll(RESUME_URL, '<resume url 1>');
      expect(rest).toEqual((({ definition, sourceId, snapshot, event, ...theirRest }) => theirRest)(message));
      expect(typeof definition).toBe(typeof message.definition);
      // The package looks at an actor some time after it began.
      if (message.type === '@xstate.snapshot') expect(snapshot).toEqual(JSON.parse(told));
      expect(event?.type).toBe(message.event?.type);
    }
  });

  it('show a chart with names where there is code, and the delays of its timers', () => {
    const { messages, inspector } = collecting();
    play(inspector.next);
    const definition = JSON.parse((messages[0] as { definition: string }).definition);
    expect(definition.id).toBe('shard');
    const { locating, connection, waiting } = definition.states.running.states;
    expect(locating.entry).toEqual([
      'numberRequest',
      { type: 'locateGateway', params: { computedBy: 'request' } },
      { type: 'arm', params: { timer: 'locate', delay: 'locate' } },
    ]);
    expect(locating.exit).toContainEqual({ type: 'disarm', params: { timer: 'locate' } });
    expect(locating.description).toBe('Looks up the Gateway URL.');
    expect(connection.on.closed[0]).toMatchObject({ guard: 'forbidsReconnect', target: '#shard.failed' });
    expect(waiting.on['timer.reconnect'].actions).toContainEqual({ type: 'remember', params: { cause: 'waited' } });
  });

  it.each([
    ['shard', shardMachine, { policy: DEFAULT_POLICY }],
    ['Gateway', gatewayMachine, {}],
  ])('hold the %s chart whole, and nothing of its code', (_, machine, input) => {
    const { messages, inspector } = collecting();
    createActor(machine as typeof shardMachine, { inspect: inspector.next, input })
      .start()
      .stop();
    const { definition = '' } = messages[0] as { definition?: string };
    expect(definition).not.toMatch(
      /"type":"(params|raise(?!","params":\{"event":("\(computed\)"|\{"type":"lifeSign"\}))|cancel|assign|\(anonymous\))"|=>|function/,
    );
    const states = (node: { states?: object }): number =>
      Object.values(node.states ?? {}).reduce((sum, inner) => sum + 1 + states(inner), 0);
    expect(states(JSON.parse(definition))).toBe(states(machine.config as { states: object }));
  });
});

/** Everything as it is. */
const all = <T>(value: T): T => value;

/** An inspection event as XState makes them, of as much of an actor as is looked at. */
const seen = (type: string, given: object = {}, actor: object = {}) =>
  ({
    type,
    rootId: 'x:0',
    actorRef: { id: 'lamp', sessionId: 'x:1', getSnapshot: () => ({ status: 'active', value: 'off' }), ...actor },
    ...given,
  }) as unknown as InspectionEvent;

const base = {
  _version: '0.7.2',
  createdAt: expect.stringMatching(/^\d{13}$/),
  id: null,
  rootId: 'x:0',
  sessionId: 'x:1',
};

describe('what all messages have', () => {
  it('is the version of the protocol, the moment as text, and the ids of root and actor', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000, toFake: ['Date'] });
    try {
      expect(baseOf('x:1', 'x:0')).toEqual({ ...base, createdAt: '1700000000000' });
      expect(baseOf('x:1', undefined)).toHaveProperty('rootId', undefined);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the message about an actor', () => {
  it('has its name, its chart, its parent and its snapshot', () => {
    const machine = createMachine({ id: 'bulb', initial: 'off', states: { off: {} } });
    expect(messageOf(seen('@xstate.actor', {}, { logic: machine, _parent: { sessionId: 'x:9' } }), all)).toEqual({
      type: '@xstate.actor',
      ...base,
      name: 'lamp',
      definition: '{"id":"bulb","initial":"off","states":{"off":{}}}',
      parentId: 'x:9',
      snapshot: { status: 'active', value: 'off' },
    });
  });

  it.each([
    ['its id, where it was given one', { id: 'lamp' }, { id: 'bulb' }, 'lamp'],
    ['that of its chart, where its id is that of its session', { id: 'x:1' }, { id: 'bulb' }, 'bulb'],
    ['that of its session, where its chart has no id', { id: 'x:1' }, {}, 'x:1'],
    ['that of its session, where it has no chart', { id: 'x:1' }, undefined, 'x:1'],
  ])('names it by %s', (_, actor, config, name) => {
    expect(messageOf(seen('@xstate.actor', {}, { ...actor, logic: { config } }), all)).toMatchObject({ name });
  });

  it('gives an actor without a chart a definition of its name alone', () => {
    const actor = createActor(fromCallback(() => {}));
    const message = messageOf(seen('@xstate.actor', { actorRef: actor }), all);
    expect(message).toMatchObject({ name: actor.sessionId, definition: `{"id":"${actor.sessionId}"}` });
  });

  it.each([
    ['is still being made', { getSnapshot: () => undefined }],
    [
      'cannot be asked yet',
      {
        getSnapshot: () => {
          throw new Error('not yet');
        },
      },
    ],
  ])('says that an actor is active which %s', (_, actor) => {
    expect(messageOf(seen('@xstate.actor', {}, actor), all)).toMatchObject({ snapshot: { status: 'active' } });
  });
});

describe('the message about an event', () => {
  it('has the event and who sent it', () => {
    const event = { type: 'press', by: 'hand' };
    expect(messageOf(seen('@xstate.event', { event, sourceRef: { sessionId: 'x:7' } }), all)).toEqual({
      type: '@xstate.event',
      ...base,
      event,
      sourceId: 'x:7',
    });
  });

  it('has no source where an event came from outside', () => {
    const message = messageOf(seen('@xstate.event', { event: { type: 'press' }, sourceRef: undefined }), all);
    expect(message).toHaveProperty('sourceId', undefined);
  });

  it('says in JSON what JSON has no words for', () => {
    const shared = { on: true };
    const circle: Record<string, unknown> = { first: shared, second: shared };
    circle.self = circle;
    circle.list = [circle, { deeper: circle }, shared];
    const event = {
      type: 'press',
      big: 2n ** 64n,
      error: Object.assign(new TypeError('no light'), { secret: 1 }),
      run() {},
      circle,
    };
    expect(messageOf(seen('@xstate.event', { event }), all)).toMatchObject({
      event: {
        type: 'press',
        big: '18446744073709551616',
        error: { name: 'TypeError', message: 'no light' },
        circle: {
          first: { on: true },
          second: { on: true },
          self: '[circular]',
          list: ['[circular]', { deeper: '[circular]' }, { on: true }],
        },
      },
    });
    const shown = JSON.stringify(messageOf(seen('@xstate.event', { event }), all));
    expect(shown).not.toContain('run');
    expect(shown).not.toContain('secret');
  });
});

describe('the message about a snapshot', () => {
  it('has the snapshot, and the event that led to it', () => {
    const [event, snapshot] = [{ type: 'press' }, { status: 'active', value: 'on' }];
    expect(messageOf(seen('@xstate.snapshot', { event, snapshot }), all)).toEqual({
      type: '@xstate.snapshot',
      ...base,
      event,
      snapshot,
    });
  });
});

describe('a message', () => {
  it('shows events and snapshots only as far as they may be shown', () => {
    const shown = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('secret', '<secret>'));
    const [event, snapshot] = [
      { type: 'press', by: 'secret' },
      { status: 'active', context: 'secret' },
    ];
    const messages = ['@xstate.actor', '@xstate.event', '@xstate.snapshot'].map((type) =>
      messageOf(seen(type, { event, snapshot }, { getSnapshot: () => snapshot }), shown),
    );
    expect(messages).toMatchObject([
      { snapshot: { context: '<secret>' } },
      { event: { by: '<secret>' } },
      { event: { by: '<secret>' }, snapshot: { context: '<secret>' } },
    ]);
  });

  it.each(['@xstate.microstep', '@xstate.action'])('is none for %s, which the protocol does not have', (type) => {
    expect(messageOf(seen(type, { event: { type: 'press' } }), all)).toBeNull();
  });
});

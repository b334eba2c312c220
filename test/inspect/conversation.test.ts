import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import { Conversation } from '../../src/inspect/conversation.js';

const all = <T>(value: T): T => value;

/** A conversation after actors have come, by session id and chart. */
function conversationOf(...actors: readonly (readonly [sessionId: string, chart: unknown])[]): Conversation {
  const conversation = new Conversation();
  for (const [sessionId, chart] of actors) conversation.join(sessionId, chart);
  return conversation;
}

const action = (sessionId: string, type: string, params?: unknown) =>
  ({ type: '@xstate.action', actorRef: { sessionId }, action: { type, params } }) as unknown as InspectionEvent & {
    type: '@xstate.action';
  };

const hello = { type: 'hello', connection: 1 };
const identify = { type: 'received.identify', connection: 1 };

describe('the source of what an actor gets', () => {
  it('is the other side: the Gateway for a shard, the shard for the Gateway', () => {
    const conversation = conversationOf(['s', 'shard'], ['g', 'gateway']);
    expect(conversation.sourceOf('s', hello)).toBe('g');
    expect(conversation.sourceOf('g', identify)).toBe('s');
  });

  it.each([
    ['of what did not come over the wire', 's', { type: 'timer.hello' }],
    ['of what an actor gets that is neither', 'l', hello],
    ['of what an unknown actor gets', 'x', hello],
  ])('is unknown %s', (_, sessionId, event) => {
    const conversation = conversationOf(['s', 'shard'], ['g', 'gateway'], ['l', 'lamp'], ['u', undefined]);
    expect(conversation.sourceOf(sessionId, event)).toBeUndefined();
  });

  it('is the newest connection of the Gateway, which stays in mind when it is gone', () => {
    const conversation = conversationOf(['s', 'shard'], ['g1', 'gateway'], ['g2', 'gateway']);
    expect(conversation.sourceOf('s', hello)).toBe('g2');
    conversation.leave('g1');
    conversation.leave('g2');
    expect(conversation.sourceOf('s', hello)).toBe('g2');
    conversation.join('g3', 'gateway');
    expect(conversation.sourceOf('s', hello)).toBe('g3');
    expect(conversation.sourceOf('g1', identify)).toBeUndefined();
  });

  it('is forgotten with its stand-in once it is gone and a newer connection is there', () => {
    const conversation = conversationOf(['s', 'shard'], ['g1', 'gateway']);
    conversation.leave('g1');
    conversation.join('g2', 'gateway');
    expect(conversation.sourceOf('g1', identify)).toBeUndefined();
    conversation.introduce('g2', identify);
    conversation.leave('s');
    conversation.introduce('g2', identify);
    expect(conversation.sourceOf('g2', identify)).toBe('g2:peer');
    conversation.leave('g2');
    conversation.join('g3', 'gateway');
    conversation.join('g2', 'gateway');
    expect(conversation.sourceOf('g2', identify)).toBeUndefined();
  });

  it('is unknown where there are several shards, until one is left', () => {
    const conversation = conversationOf(['s1', 'shard'], ['s2', 'shard'], ['g', 'gateway']);
    expect(conversation.sourceOf('s1', hello)).toBeUndefined();
    expect(conversation.sourceOf('g', identify)).toBeUndefined();
    conversation.leave('s2');
    expect(conversation.sourceOf('s1', hello)).toBe('g');
    expect(conversation.sourceOf('g', identify)).toBe('s1');
    expect(conversation.sourceOf('s2', hello)).toBeUndefined();
  });

  it('is the stand-in of an actor, once that was introduced', () => {
    const conversation = conversationOf(['s', 'shard']);
    expect(conversation.sourceOf('s', hello)).toBeUndefined();
    conversation.introduce('s', hello);
    expect(conversation.sourceOf('s', hello)).toBe('s:peer');
  });

  it('is the other side again when that joins after a stand-in', () => {
    const conversation = conversationOf(['s', 'shard']);
    conversation.introduce('s', hello);
    conversation.join('g', 'gateway');
    expect(conversation.sourceOf('s', hello)).toBe('g');
  });
});

describe('a stand-in', () => {
  it.each([
    ['Gateway', 'shard'],
    ['client', 'gateway'],
  ])('is an actor without a chart, named %s to a %s, and introduced once', (name, chart) => {
    const conversation = conversationOf(['a', chart]);
    expect(conversation.introduce('a', hello)).toEqual([
      {
        type: '@xstate.actor',
        _version: expect.any(String),
        createdAt: expect.any(String),
        id: null,
        rootId: 'a:peer',
        sessionId: 'a:peer',
        name,
        definition: `{"id":"${name}"}`,
        parentId: undefined,
        snapshot: { status: 'active' },
      },
    ]);
    expect(conversation.introduce('a', hello)).toEqual([]);
  });

  it('is introduced for each side where there are several shards, and who talks to whom is uncertain', () => {
    const conversation = conversationOf(['s1', 'shard'], ['s2', 'shard'], ['g', 'gateway']);
    const ids = ['s1', 's2', 'g'].flatMap((id) => conversation.introduce(id, hello).map(({ sessionId }) => sessionId));
    expect(ids).toEqual(['s1:peer', 's2:peer', 'g:peer']);
  });

  it.each([
    ['for an event that did not come over the wire', 's', { type: 'start' }],
    ['for an actor that is neither', 'l', hello],
    ['for an unknown actor', 'x', hello],
  ])('is not needed %s', (_, sessionId, event) => {
    expect(conversationOf(['s', 'shard'], ['l', 'lamp']).introduce(sessionId, event)).toEqual([]);
  });

  it('is not needed where the other side is inspected itself', () => {
    const conversation = conversationOf(['s', 'shard'], ['g', 'gateway']);
    expect(conversation.introduce('s', hello)).toEqual([]);
    expect(conversation.introduce('g', identify)).toEqual([]);
  });
});

describe('what is sent to a stand-in', () => {
  it.each([
    ['shard', 'sendHeartbeat', 'Heartbeat'],
    ['shard', 'sendIdentify', 'Identify'],
    ['shard', 'sendResume', 'Resume'],
    ['shard', 'closeSocket', 'close'],
    ['gateway', 'sendHello', 'Hello'],
    ['gateway', 'sendReady', 'READY'],
    ['gateway', 'sendResumed', 'RESUMED'],
    ['gateway', 'sendAck', 'Heartbeat ACK'],
    ['gateway', 'sendHeartbeatRequest', 'Heartbeat'],
    ['gateway', 'sendReconnect', 'Reconnect'],
    ['gateway', 'sendInvalidSession', 'Invalid Session'],
    ['gateway', 'close', 'close'],
    ['gateway', 'answerClose', 'close'],
  ])('of a %s is, for the effect %s, an event %s', (chart, effect, type) => {
    const messages = conversationOf(['a', chart]).heard(action('a', effect), all);
    expect(messages.map((message) => [message.type, 'event' in message ? message.event.type : null])).toEqual([
      ['@xstate.actor', null],
      ['@xstate.event', type],
      ['@xstate.snapshot', type],
    ]);
  });

  it('has the details of the effect, as far as they may be shown, and the sender', () => {
    const conversation = conversationOf(['s', 'shard']);
    conversation.introduce('s', hello);
    const shown = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('secret', '<secret>'));
    const base = { _version: expect.any(String), createdAt: expect.any(String), id: null };
    const peer = { rootId: 's:peer', sessionId: 's:peer' };
    const event = { type: 'Resume', connection: 2, token: '<secret>' };
    expect(conversation.heard(action('s', 'sendResume', { connection: 2, token: 'secret' }), shown)).toEqual([
      { type: '@xstate.event', ...base, ...peer, event, sourceId: 's' },
      { type: '@xstate.snapshot', ...base, ...peer, event, snapshot: { status: 'active' } },
    ]);
  });

  it('keeps the name of the message, whatever the effect has as its type', () => {
    const [, message] = conversationOf(['g', 'gateway']).heard(action('g', 'sendHello', { type: 'odd' }), all);
    expect(message).toMatchObject({ event: { type: 'Hello' } });
  });

  it.each([
    ['what does not go over the wire', action('s', 'locateGateway')],
    ['what the other side sends', action('s', 'sendHello')],
    ['the effects of an actor that is neither', action('l', 'sendIdentify')],
    ['the effects of an unknown actor', action('x', 'sendIdentify')],
  ])('is nothing for %s', (_, seen) => {
    expect(conversationOf(['s', 'shard'], ['l', 'lamp']).heard(seen, all)).toEqual([]);
  });

  it('is nothing where the other side is inspected itself, as that says what it gets', () => {
    const conversation = conversationOf(['s', 'shard'], ['g', 'gateway']);
    expect(conversation.heard(action('s', 'sendIdentify'), all)).toEqual([]);
    expect(conversation.heard(action('g', 'sendHello'), all)).toEqual([]);
  });
});

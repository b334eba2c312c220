import { describe, expect, it } from 'vitest';
import {
  endsLink,
  fateOfResume,
  type GatewaySeen,
  isAwaited,
  refusal,
} from '../../../../machines/gateway/laws/observer.js';
import type { GatewayContext, GatewayEvent } from '../../../../machines/gateway/vocabulary.js';
import {
  CONTEXT,
  closed,
  closeWith,
  EVENT,
  type GatewayStep,
  gatewayBench,
  identify,
  kept,
  resume,
  SESSION,
} from '../../../support/gateway-steps.js';
import { does } from '../../../support/hand-steps.js';

const bench = gatewayBench();

/** What changes with each step of a run, one step after the other. */
function changes(seen: Partial<GatewaySeen>, ...steps: readonly GatewayStep[]): Partial<GatewaySeen>[] {
  let before = bench.known(seen);
  return steps.map((step) => {
    const after = bench.see({ ...step, seen: before });
    const changed = Object.entries(after).filter(([fact, value]) => value !== before[fact as keyof GatewaySeen]);
    before = after;
    return Object.fromEntries(changed);
  });
}

const greeting: Partial<GatewaySeen> = { link: 'open' };
const open: Partial<GatewaySeen> = { link: 'open', greeted: true };
const starting: Partial<GatewaySeen> = { ...open, stage: 'starting' };
const replaying: Partial<GatewaySeen> = { ...open, stage: 'replaying' };
const live: Partial<GatewaySeen> = { ...open, stage: 'live' };
const closing: Partial<GatewaySeen> = { link: 'closing' };
const silent: Partial<GatewaySeen> = { link: 'silent' };
const withSession: Partial<GatewayContext> = { session: SESSION };

const hello = { event: { type: 'timer.hello' }, does: [does('sendHello', { interval: 41_250 })] } as const;
const ready = { event: { type: 'timer.ready' }, does: [does('sendReady', { sessionId: 's2', sequence: 1 })] } as const;
const part = { event: { type: 'timer.replay' }, does: [does('sendReplay', { dispatches: [kept(4)] })] } as const;
const resumed = { event: { type: 'timer.replay' }, does: [does('sendResumed', { sequence: 5 })] } as const;

describe('the observer of a Gateway', () => {
  it('knows of no connection at first', () => {
    expect(bench.known()).toEqual({
      link: 'none',
      greeted: false,
      stage: 'none',
      without: 'nothing',
      held: false,
      reads: true,
      askedToLeave: false,
    });
  });

  it('follows a client from its connection to READY and its close', () => {
    expect(
      changes({}, { event: EVENT.connected }, hello, { event: identify() }, ready, {
        event: closed(1000),
        does: [does('answerClose', { code: 1000 })],
      }),
    ).toEqual([
      { link: 'open' },
      { greeted: true },
      { stage: 'starting' },
      { stage: 'live' },
      { link: 'none', greeted: false, stage: 'none' },
    ]);
  });

  it('follows a resume from the first part of the replay to RESUMED', () => {
    expect(
      changes(
        open,
        { context: withSession, event: resume(3) },
        { context: { ...withSession, backlog: [kept(4)] }, ...part },
        { context: withSession, ...resumed },
      ),
    ).toEqual([{ stage: 'replaying' }, {}, { stage: 'live' }]);
  });

  it('takes no Identify or Resume that is refused or has no place', () => {
    const refused = [
      identify({ tokenMatches: false }),
      identify({ permitted: false }),
      resume(3, 's0'),
      resume(1),
      resume(5),
    ];
    for (const event of refused) expect(changes(open, { context: withSession, event })).toEqual([{}]);
    for (const seen of [{ ...greeting, held: true }, starting, replaying, live, closing]) {
      expect(changes(seen, { context: withSession, event: identify() })).toEqual([{}]);
      expect(changes(seen, { context: withSession, event: resume(3) })).toEqual([{}]);
    }
  });

  it('takes an Identify or Resume that comes before Hello, unless Hello is left out', () => {
    const early = [
      { event: identify(), does: hello.does },
      { context: withSession, event: resume(3), does: hello.does },
    ];
    expect(early.map((step) => changes(greeting, step))).toEqual([
      [{ greeted: true, stage: 'starting' }],
      [{ greeted: true, stage: 'replaying' }],
    ]);
    for (const event of [identify(), resume(3)]) {
      expect(changes({ ...greeting, without: 'hello' }, { context: withSession, event })).toEqual([{ held: true }]);
    }
  });

  it('takes a session that is invalidated for one that may be begun again on the connection', () => {
    expect(
      changes(live, { event: EVENT.invalidate, does: [does('sendInvalidSession', { resumable: false })] }),
    ).toEqual([{ stage: 'none' }]);
    const held = { ...starting, without: 'ready', held: true } as const;
    expect(
      changes(held, { event: EVENT.invalidate, does: [does('sendInvalidSession', { resumable: false })] }),
    ).toEqual([{ stage: 'none', held: false }]);
  });

  it('remembers that the client was asked to leave', () => {
    expect(changes(live, { event: EVENT.requestReconnect, does: [does('sendReconnect')] })).toEqual([
      { askedToLeave: true },
    ]);
  });

  it('forgets all but the close once the Gateway has closed', () => {
    const seen = { ...live, without: 'acks', reads: false, askedToLeave: true } as const;
    expect(
      changes(seen, { event: closeWith(4000), does: [does('close', { code: 4000 })] }, { event: closed(4000) }),
    ).toEqual([
      { link: 'closing', greeted: false, stage: 'none', without: 'nothing', reads: true, askedToLeave: false },
      { link: 'none' },
    ]);
  });

  it('forgets all of a connection that is dropped, unless it is the one before', () => {
    const drop = [does('dropTcp', { connection: 3 })];
    expect(changes(live, { event: { type: 'fault.dropTcp' }, does: drop })).toEqual([
      { link: 'none', greeted: false, stage: 'none' },
    ]);
    expect(changes(live, { event: EVENT.connected, does: drop })).toEqual([{ greeted: false, stage: 'none' }]);
    expect(changes(closing, { event: { type: 'timer.close' }, does: drop })).toEqual([{ link: 'none' }]);
  });

  it('hears nothing where there is no connection, or none that is read', () => {
    for (const seen of [{}, closing, silent]) {
      for (const event of [
        identify(),
        EVENT.heartbeat,
        { type: 'fault.swallowAcks' },
        { type: 'fault.stopReading' },
      ] as const) {
        expect(changes(seen, { event })).toEqual([{}]);
      }
    }
  });
});

describe('faults', () => {
  it.each<[GatewayEvent['type'], GatewaySeen['without']]>([
    ['fault.withholdHello', 'hello'],
    ['fault.withholdReady', 'ready'],
    ['fault.withholdResumed', 'resumed'],
    ['fault.swallowAcks', 'acks'],
    ['fault.resumeThenDrop', 'replay'],
    ['fault.ignoreClose', 'close'],
  ])('%s leaves out %s until it ends, or another begins', (type, without) => {
    const begin = { event: { type } as GatewayEvent };
    expect(changes(live, begin, { event: { type: 'fault.end' } })).toEqual([{ without }, { without: 'nothing' }]);
    expect(bench.see({ seen: { ...live, without: 'nothing' }, ...begin }).without).toBe(without);
    const other = without === 'acks' ? 'fault.ignoreClose' : 'fault.swallowAcks';
    expect(changes({ ...live, without }, { event: { type: other } })).toEqual([
      { without: without === 'acks' ? 'close' : 'acks' },
    ]);
  });

  it('hold back the answer that is due, and no other', () => {
    const due = (seen: Partial<GatewaySeen>, type: GatewayEvent['type'], context: Partial<GatewayContext> = {}) =>
      bench.see({ seen, context, event: { type } as GatewayEvent }).held;
    expect(due({ ...greeting, without: 'hello' }, 'timer.hello')).toBe(true);
    expect(due({ ...greeting, without: 'ready' }, 'timer.hello')).toBe(false);
    expect(due({ ...starting, without: 'ready' }, 'timer.ready')).toBe(true);
    expect(due({ ...starting, without: 'acks' }, 'timer.ready')).toBe(false);
    expect(due({ ...replaying, without: 'resumed' }, 'timer.replay')).toBe(true);
    expect(due({ ...replaying, without: 'resumed' }, 'timer.replay', { backlog: [kept(4)] })).toBe(false);
    expect(due({ ...replaying, without: 'ready' }, 'timer.replay')).toBe(false);
  });

  it('end with all that was held back, and reading goes on', () => {
    const seen = { ...starting, without: 'ready', held: true, reads: false } as const;
    expect(changes(seen, { event: { type: 'fault.end' } })).toEqual([{ without: 'nothing', held: false, reads: true }]);
  });

  it('stop and start reading', () => {
    expect(changes(live, { event: { type: 'fault.stopReading' } }, { event: { type: 'fault.startReading' } })).toEqual([
      { reads: false },
      { reads: true },
    ]);
  });

  it('silence a connection, of which only the loss is seen', () => {
    expect(
      changes(
        { ...live, without: 'acks' },
        { event: { type: 'fault.goSilent' } },
        { event: closed(1000) },
        { event: closed(1006) },
      ),
    ).toEqual([{ link: 'silent', greeted: false, stage: 'none', without: 'nothing' }, {}, { link: 'none' }]);
  });

  it('ignore the close of the client, and not its loss', () => {
    expect(changes({ ...live, without: 'close' }, { event: closed(1000) })).toEqual([{}]);
    expect(bench.see({ seen: { ...live, without: 'close' }, event: closed(1006) })).toEqual(bench.known());
  });
});

describe('endsLink', () => {
  it.each<[Partial<GatewaySeen>, number, boolean]>([
    [live, 1000, true],
    [live, 1006, true],
    [{ ...live, without: 'close' }, 4900, false],
    [{ ...live, without: 'close' }, 1006, true],
    [closing, 4900, true],
    [{ ...closing, without: 'close' }, 4900, true],
    [silent, 1000, false],
    [silent, 1006, true],
  ])('of %j by %i is %s', (seen, code, ends) => {
    expect(endsLink(bench.known(seen), code)).toBe(ends);
  });
});

describe('isAwaited', () => {
  it('is so before a session, on an open connection, unless Hello is left out', () => {
    const [leftOut, heldBack] = [
      { ...greeting, without: 'hello' as const },
      { ...greeting, held: true },
    ];
    const all = { leftOut, heldBack, greeting, open, starting, replaying, live, closing, silent, none: {} };
    expect(
      Object.entries(all)
        .filter(([, seen]) => isAwaited(bench.known(seen)))
        .map(([name]) => name),
    ).toEqual(['greeting', 'open']);
  });
});

describe('the code that an Identify earns', () => {
  it.each([
    [{ tokenMatches: false }, 4004],
    [{ shardValid: false }, 4010],
    [{ shardingRequired: true }, 4011],
    [{ versionValid: false }, 4012],
    [{ intentsValid: false }, 4013],
    [{ intentsAllowed: false }, 4014],
    [{ permitted: false }, 9],
    [{}, null],
  ])('is, for %j, %j', (facts, code) => {
    expect(refusal(identify(facts))).toBe(code);
  });

  it('is that of the first fault, in the order of the documentation', () => {
    expect(refusal(identify({ permitted: false, intentsAllowed: false, shardValid: false }))).toBe(4010);
    expect(refusal(identify({ permitted: false, intentsAllowed: false }))).toBe(4014);
    expect(refusal(identify({ tokenMatches: false, shardValid: false }))).toBe(4004);
  });
});

describe('the fate of a Resume', () => {
  const fate = (event: ReturnType<typeof resume>, session: GatewayContext['session'] = SESSION) =>
    fateOfResume(event, { ...CONTEXT, session });

  it('is a replay from the last dispatch back to the last that is not kept', () => {
    expect([resume(4), resume(3), resume(2)].map((event) => fate(event))).toEqual(['replay', 'replay', 'replay']);
  });

  it('is Invalid Session for what is no longer kept', () => {
    expect([fate(resume(1)), fate(resume(0))]).toEqual([9, 9]);
  });

  it('is 4007 for a sequence that was never sent', () => {
    expect(fate(resume(5))).toBe(4007);
  });

  it('is Invalid Session for a session that does not exist, whatever its sequence', () => {
    expect([fate(resume(4, 's0')), fate(resume(99, 's0')), fate(resume(4), null)]).toEqual([9, 9, 9]);
  });

  it('is 4004 for a wrong token, whatever else is wrong', () => {
    expect([fate(resume(4, 's1', false)), fate(resume(99, 's0', false), null)]).toEqual([4004, 4004]);
  });
});

/** The checks of ordered cases on evidence written by hand: what passes, and each fault that fails alone. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/conformance/case.js';
import { ORDERED } from '../../../src/conformance/cases/ordered.js';
import type { Told } from '../../../src/conformance/control.js';
import { judge } from '../../../src/conformance/verdict.js';
import { Scenario } from '../scenario.js';

class Ordered extends Scenario {
  asked(order: 'send' | 'stop' | 'detach' | 'block', id?: number): this {
    return this.item({
      at: this.evidence.ended,
      kind: 'asked',
      order,
      says: order,
      ...(id === undefined ? {} : { id }),
    });
  }

  told(what: Told, fields: Record<string, unknown> = {}): this {
    return this.item({ at: this.evidence.ended, kind: 'told', what, fields });
  }

  command(): this {
    return this.client({ op: 8, d: {} });
  }
}

/** Findings of a case, by grade and sentence; those that are tolerated are marked. */
function found(id: string, scenario: Scenario): readonly string[] {
  const each = ORDERED.find((one) => one.id === id);
  if (each === undefined) throw new Error(`there is no case ${id}`);
  scenario.evidence.struck = 0;
  const line = ({ grade, says, tolerated }: Finding) => `${tolerated === undefined ? '' : '~'}${grade}: ${says}`;
  return judge(each, scenario.evidence).findings.map(line);
}

const live = () => new Ordered().live().message('1').deliver('1');
const stopped = (scenario: Ordered, code = 1000) =>
  scenario.asked('stop').after(50).close('client', code).close('gateway', code).told('closed');

describe('the cases in which a client is told to stop', () => {
  it('pass one that leaves with 1000 and stays away, whether its process ends or not', () => {
    expect(found('stop/live', stopped(live()))).toEqual([]);
    expect(found('stop/live', stopped(live()).exit('ends with exit code 0', true))).toEqual([]);
  });

  it('pass one that was not connected', () => {
    expect(found('stop/waiting', live().drop().after(100).asked('stop').told('closed'))).toEqual([]);
  });

  it('fail one that stays, or leaves late', () => {
    const stays = ['stuck: the connection is not left within 10 s of the order to stop'];
    expect(found('stop/live', live().asked('stop').after(20_000).told('closed'))).toEqual(stays);
    expect(found('stop/silent', live().asked('stop').after(10_001).drop('client'))).toEqual(stays);
    expect(found('stop/silent', live().asked('stop').after(10_000).drop('client'))).toEqual([]);
  });

  it('fail one that comes back, other than by what had been on its way', () => {
    const back = (ms: number) => stopped(live()).after(ms).open();
    expect(found('stop/live', back(400))).toEqual([]);
    expect(found('stop/live', back(600))).toEqual(['return: it connects again after the order to stop']);
  });

  it('tolerate a code that keeps the session', () => {
    expect(found('stop/live', stopped(live(), 4000))).toEqual(['~letter: it leaves with 4000']);
    expect(found('stop/live', live().asked('stop').drop('client'))).toEqual([
      '~letter: it leaves without a close frame',
    ]);
  });
});

describe('the cases in which a client is told to detach', () => {
  const detached = (code: number) =>
    live().asked('detach').close('client', code).told('record', { record: {} }).after(600);

  it('pass one whose session another process resumes', () => {
    expect(found('detach/live', detached(4900).back())).toEqual([]);
  });

  it('fail one that ends its session, or begins another', () => {
    expect(found('detach/live', detached(1000).back())).toContain(
      'budget: it leaves with 1000, which ends the session',
    );
    expect(found('detach/live', detached(4900).live('other'))).toContain(
      'budget: it identifies, although its session could be resumed',
    );
  });

  it('fail one that resumes after what never came', () => {
    const ahead = detached(4900).open(true).hello().resume('session', 7).resumed();
    expect(found('detach/live', ahead)).toEqual(['loss: a Resume names sequence 7, and the last that came was 2']);
  });
});

describe('the cases in which a client is told to send', () => {
  it('pass one that tells one outcome of each', () => {
    expect(found('send/one', live().asked('send', 1).command().told('sent', { id: 1 }))).toEqual([]);
  });

  it('fail one that tells nothing, two things, or what is not so', () => {
    const sent = () => live().asked('send', 1).command();
    expect(found('send/one', sent())).toEqual(['loss: nothing is told of 1 command of 1']);
    expect(found('send/one', sent().told('sent', { id: 1 }).told('rejected', { id: 1 }))).toEqual([
      'double: two outcomes are told of 1 command',
    ]);
    expect(found('send/one', sent().told('rejected', { id: 1 }))).toEqual([
      'double: 1 commands arrived, and 0 are told to be sent',
    ]);
    expect(found('send/one', live().asked('send', 1).told('rejected', { id: 1 }))).toEqual([
      'loss: 0 commands reached the Gateway, where 1 should',
    ]);
  });

  it('fail one that tells a command to be sent which leaves later, or never', () => {
    const told = () => live().asked('send', 1).told('sent', { id: 1 });
    expect(found('send/one', told().after(400).command())).toEqual([]);
    const early = 'loss: 1 command had been told to be sent, and 0 had left';
    expect(found('send/one', told().after(600).command())).toEqual([early]);
    expect(found('send/one', told())).toContain(early);
  });

  const presence = (name: number) => ({ op: 3, d: { activities: [{ name: `${name}`, type: 0 }] } });
  const beating = (scenario: Ordered, ms: number) => {
    for (let left = ms; left > 0; left -= 3_000) scenario.after(Math.min(left, 3_000)).beat();
    return scenario;
  };
  /** As many presences are asked for, and these leave, so many ms apart. */
  const presences = (asked: number, names: readonly number[], ms = 0) => {
    const scenario = live();
    for (let id = 1; id <= asked; id += 1) scenario.asked('send', id);
    for (const name of names) beating(scenario.client(presence(name)), ms);
    return scenario;
  };

  it('pass one that sends five presences in twenty seconds, and leaves out all but the last of the rest', () => {
    const rest = beating(presences(12, [1, 2, 3, 4, 5]), 19_600).client(presence(12));
    expect(found('send/presences', rest)).toEqual([]);
    expect(found('send/presences', presences(12, [1, 2, 3, 4, 5, 12], 4_000))).toEqual([]);
  });

  it('pass one that refuses presences that come too soon', () => {
    expect(found('send/presences', presences(6, [1, 2, 3, 4, 5]).told('rejected', { id: 6 }))).toEqual([]);
  });

  it('fail one that sends more than five presences in twenty seconds, or never the last', () => {
    expect(found('send/presences', presences(6, [1, 2, 3, 4, 5, 6], 3_000))).toEqual([
      'letter: 6 presences leave within 20 s, where 5 may',
    ]);
    const lost = ['loss: the last presence was not refused, and did not reach the Gateway'];
    expect(found('send/presences', presences(6, [1, 2, 3, 4, 5]))).toEqual(lost);
    expect(found('send/presences', presences(1, []))).toEqual(lost);
  });

  it('fail one that sends before Hello', () => {
    const early = new Ordered().open().asked('send', 1).command().told('sent', { id: 1 });
    expect(found('send/before-hello', early)[0]).toMatch(/^letter: nothing is sent before Hello: client message/);
    const later = new Ordered().open().asked('send', 1).told('rejected', { id: 1 });
    expect(found('send/before-hello', later)).toEqual([]);
  });

  it('fail one that sends more than 120 payloads in a minute', () => {
    const burst = live();
    for (let id = 1; id <= 121; id += 1) burst.asked('send', id).command().told('sent', { id });
    expect(found('send/two-hundred', burst).map((says) => says.slice(0, 40))).toEqual([
      'letter: no more than 120 payloads are se',
    ]);
  });
});

describe('the cases in which a client computes', () => {
  it('fail one that takes an ACK that waits to be read for missing', () => {
    const computing = () => live().beat().after(3_000).asked('block').after(3_500);
    expect(found('block/over-an-ack', computing().beat())).toEqual([]);
    expect(found('block/over-an-ack', computing().close('client', 4000).close('gateway', 4000).back())).toEqual([
      'letter: it gives up a connection that is good',
    ]);
  });
});

describe('the cases in which a client tells', () => {
  const failed = (fields: object) =>
    live()
      .close('gateway', 4004)
      .after(10)
      .told('failed', { ...fields });

  it('want the close code as the reason', () => {
    expect(found('tell/failure', failed({ code: 4004 }))).toEqual([]);
    expect(found('tell/failure', failed({ reason: 'gone' }))).toEqual([
      'letter: it tells {"reason":"gone"}, without the code 4004',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { effects, has, sends, timers, unless } from '../../../../../machines/shard/laws/invariants/steps.js';
import { arms, disarms, does } from '../../../../support/hand-steps.js';
import { EVENT, shardBench } from '../../../../support/shard-steps.js';

const { move } = shardBench();
const doing = (...instructions: Parameters<typeof move>[0]['does'] & object) =>
  move({ event: EVENT.stop, does: instructions });

describe('a step', () => {
  const step = doing(
    disarms('heartbeat'),
    does('closeSocket', { code: 4900 }),
    does('report', { cause: { name: 'stopped' } }),
    arms('close', 500),
    does('report', { cause: { name: 'pauseOver' } }),
    arms('reconnect', 0),
  );

  it('gives the parameters of every effect of a name, in order', () => {
    expect(effects(step, 'report')).toEqual([{ cause: { name: 'stopped' } }, { cause: { name: 'pauseOver' } }]);
    expect(effects(step, 'closeSocket')).toEqual([{ code: 4900 }]);
    expect(effects(step, 'dropSocket')).toEqual([]);
  });

  it('has an effect if it does any of those named', () => {
    expect(has(step, 'closeSocket')).toBe(true);
    expect(has(step, 'dropSocket', 'closeSocket')).toBe(true);
    expect(has(step, 'dropSocket', 'openSocket')).toBe(false);
    expect(has(step)).toBe(false);
  });

  it('names the timers that it arms, and those that it disarms', () => {
    expect(timers(step, 'arm')).toEqual(['close', 'reconnect']);
    expect(timers(step, 'disarm')).toEqual(['heartbeat']);
    expect(timers(doing(), 'arm')).toEqual([]);
  });

  it.each(['sendHeartbeat', 'sendIdentify', 'sendResume'])('sends with %s', (effect) => {
    expect(sends(doing(does(effect)))).toBe(true);
  });

  it.each(['openSocket', 'closeSocket', 'requestPermit', 'report'])('sends nothing with %s', (effect) => {
    expect(sends(doing(does(effect)))).toBe(false);
  });
});

describe('unless', () => {
  it('says what is broken where something does not hold', () => {
    expect([unless(true, 'it is late'), unless(false, 'it is late')]).toEqual([null, 'it is late']);
  });
});

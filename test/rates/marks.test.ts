import { describe, expect, it } from 'vitest';
import { type Marks, marksOf } from '../../src/rates/marks.js';

const NOTHING: Marks = {
  opens: false,
  locates: false,
  ends: false,
  closes: false,
  asks: false,
  identifies: false,
  resumes: false,
  beats: false,
  heard: null,
  told: null,
};
const doing = (...types: string[]) => types.map((type) => ({ type, params: {} }));

describe('the marks of a step', () => {
  it.each([
    ['openSocket', 'opens'],
    ['locateGateway', 'locates'],
    ['dropSocket', 'ends'],
    ['cancelLocate', 'ends'],
    ['closeSocket', 'closes'],
    ['requestPermit', 'asks'],
    ['sendIdentify', 'identifies'],
    ['sendResume', 'resumes'],
    ['sendHeartbeat', 'beats'],
  ])('tell by %s that it %s', (effect, mark) => {
    expect(marksOf({ type: 'timer.heartbeat' }, doing(effect, 'report'))).toEqual({ ...NOTHING, [mark]: true });
  });

  it('take a heartbeat that the Gateway asked for as none', () => {
    expect(marksOf({ type: 'heartbeatRequested', connection: 1 }, doing('sendHeartbeat'))).toEqual(NOTHING);
  });

  it('tell what was heard', () => {
    const heard = (event: Parameters<typeof marksOf>[0]) => marksOf(event, []).heard;
    expect(heard({ type: 'hello', connection: 1, interval: 1 })).toBe('hello');
    expect(heard({ type: 'ready', connection: 1, sequence: 1, session: null })).toBe('ready');
    expect(heard({ type: 'resumed', connection: 1, sequence: 1 })).toBe('ready');
    expect(heard({ type: 'heartbeatAck', connection: 1 })).toBe('ack');
    expect(heard({ type: 'invalidSession', connection: 1, resumable: true })).toBe('invalidSession');
    expect(heard({ type: 'closed', connection: 1, code: 4008 })).toBe('4008');
    expect(heard({ type: 'closed', connection: 1, code: 4000 })).toBeNull();
    expect(heard({ type: 'closed', connection: 1, code: 1006, httpStatus: 429 })).toBe('handshakeRefused');
  });

  it('tell for how long to wait, where that was told', () => {
    const told = (retryAfter: number | null) =>
      marksOf({ type: 'permitRefused', request: 1, reason: '', retryAfter }, []).told;
    expect([told(0), told(70), told(null)]).toEqual([0, 70, null]);
  });
});

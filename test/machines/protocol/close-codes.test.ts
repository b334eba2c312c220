/** The tables against documented.json, a transcription of Discord's documentation made apart from them, in both directions. */
import { describe, expect, it } from 'vitest';
import { CLOSE_CODES, type CloseCode, clientCloseCode, closeCode } from '../../../machines/protocol/close-codes.js';
import documented from './documented.json' with { type: 'json' };

const codes = Object.keys(CLOSE_CODES).map(Number);

describe('Gateway Close Event Codes', () => {
  const rows = documented.closeCodes as [number, string, 'reconnect' | 'stop', CloseCode['recovery']][];
  const others = documented.otherCloseCodes.filter(([code]) => code !== 'unknown') as [number, string, string][];

  it.each(rows)('%i %s: the documentation says %s, we %s', (code, name, docs, recovery) => {
    const row = closeCode(code);
    expect(row).toMatchObject({ name, recovery, documented: true });
    expect(row.recovery === 'stop').toBe(docs === 'stop');
  });

  it('have no row in 4000-4999 that is neither documented nor marked', () => {
    const own = codes.filter((code) => code >= 4000);
    const marked = own.filter((code) => !closeCode(code).documented);
    expect(marked).toEqual([4006]);
    expect(own.filter((code) => !marked.includes(code))).toEqual(rows.map(([code]) => code));
  });

  it.each(others)('%i is %s and leads to: %s', (code, status, recovery) => {
    expect(closeCode(code)).toMatchObject({ recovery, documented: status === 'documented' });
  });

  it('let every WebSocket code from 1000 to 1015 be resumed', () => {
    const websocket = codes.filter((code) => code < 4000);
    expect(websocket).toEqual(Array.from({ length: 16 }, (_, i) => 1000 + i));
    for (const code of websocket) expect(closeCode(code).recovery).toBe('resume');
  });

  it('allow one resume after 1000 and 4001', () => {
    expect(codes.filter((code) => closeCode(code).attempts !== undefined)).toEqual([1000, 4001]);
    expect([closeCode(1000).attempts, closeCode(4001).attempts]).toEqual([1, 1]);
  });

  it('ask for a cool-down after 4008, and for a back-off where the peer or the network is in trouble', () => {
    const waiting = (wait: CloseCode['wait']) => codes.filter((code) => closeCode(code).wait === wait);
    expect(waiting('cooldown')).toEqual([4008]);
    expect(waiting('backoff')).toEqual([1002, 1003, 1004, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 4005]);
  });

  it('are the fault of the client where it sent something wrong, its user included', () => {
    const faulty = codes.filter((code) => code >= 4000 && closeCode(code).fault === 'client');
    expect(faulty).toEqual([4001, 4002, 4003, 4004, 4005, 4007, 4008, 4010, 4011, 4012, 4013, 4014]);
    expect(closeCode(4000).fault).toBe('gateway');
    expect([4006, 4009].map((code) => closeCode(code).fault)).toEqual(['nobody', 'nobody']);
  });

  it.each([999, 1016, 3000, 4015, 4016, 4900, -1, Number.NaN])('lead to a resume for the unknown code %d', (code) => {
    expect(closeCode(code)).toMatchObject({ name: 'Unknown close code', recovery: 'resume', documented: false });
  });

  it('read as a clause that fits behind a colon', () => {
    for (const code of codes) expect(closeCode(code).says).toMatch(/^(?!.*\.$)\S.{10,}/);
  });
});

describe('closing from our side', () => {
  it.each(documented.clientCloseCodes as [number, 'ends' | 'stays'][])('with %i: the session %s', (code, session) => {
    expect(clientCloseCode(code).session).toBe(session);
  });

  it('ends the session with 1000 and 1001 only', () => {
    const ending = Array.from({ length: 5000 }, (_, code) => code).filter(
      (code) => clientCloseCode(code).session === 'ends',
    );
    expect(ending).toEqual([1000, 1001]);
  });

  it('marks as portable what the standard WebSocket takes: 1000 and 3000-4999', () => {
    const portable = [1000, 1001, 1002, 1012, 2999, 3000, 4900, 4999, 5000].filter(
      (code) => clientCloseCode(code).portable,
    );
    expect(portable).toEqual([1000, 3000, 4900, 4999]);
  });

  it('has the name of the code where it has no row of its own', () => {
    expect(clientCloseCode(4009)).toEqual({
      name: 'Session timed out',
      session: 'stays',
      portable: true,
      says: 'leaves the session',
    });
    expect(clientCloseCode(4321).name).toBe('Unknown close code');
    expect(clientCloseCode(4900).name).toBe('Reconnecting');
  });
});

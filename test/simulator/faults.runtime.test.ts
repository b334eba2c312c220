import { describe, expect, it } from 'vitest';
import { MALFORMED, type MalformedFrame, type MalformedKind } from '../../src/simulator/index.js';
import { IDENTIFY, inShort, sessionIdOf } from './client.js';
import { came, greeted, live, peer, QUERY, simulator, until } from './loopback.js';

describe('close codes and faults, over loopback', () => {
  it('every close code arrives', async () => {
    const { url, control } = await simulator();
    for (const code of [
      1000, 1001, 4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009, 4010, 4011, 4012, 4013, 4014,
    ]) {
      const client = await live(url);
      control.closeWith(code);
      expect(await until(() => client.end)).toBe(code);
    }
  });

  it('a code that is not allowed is refused here, and not by a crash', async () => {
    const { control, url } = await simulator();
    await live(url);
    expect(() => control.closeWith(1006)).toThrow(TypeError);
  });

  it('every malformed frame arrives as it is', async () => {
    const { url, resumeUrl, control } = await simulator();
    const client = await live(url);
    const session = { sessionId: sessionIdOf(client.payloads), resumeUrl };
    const before = client.frames.length;
    const first = control.state().sessions[0]!.sequence + 1; // each has a number of its own
    const kinds = Object.keys(MALFORMED) as MalformedKind[];
    for (const kind of kinds) control.injectFault('malformed', { kind });
    await until(() => client.frames.length === before + kinds.length);
    for (const [index, kind] of kinds.entries()) {
      const [got, sent] = [
        client.frames[before + index],
        (MALFORMED[kind] as MalformedFrame).frame(first + index, session),
      ];
      expect(typeof got === 'string' ? got : [...(got ?? [])], kind).toEqual(
        typeof sent === 'string' ? sent : [...sent],
      );
    }
  });

  it('TCP ends without a close frame', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    control.dropTcp();
    expect(await until(() => client.end)).toBe(1006);
  });

  it('the close frame of the client is not answered, and sending goes on', async () => {
    const { url, control, log } = await simulator();
    const client = await live(url);
    control.injectFault('ignoreClose');
    client.socket.close(4900);
    await until(() => log.of(1).some(({ kind }) => kind === 'close'));
    control.dispatch('LATE', {});
    await came(client, 'LATE 2');
    expect(client.end).toBeNull();
    client.socket.terminate();
    await until(() => log.of(1).at(-1)?.kind === 'drop');
    expect(control.state().sessions).toMatchObject([{ connection: null, ended: false }]);
  });

  it('a silent Gateway says nothing and answers nothing', async () => {
    const { url, control, log } = await simulator();
    const client = await live(url);
    control.injectFault('goSilent');
    client.send(1, 1);
    client.socket.close(4900);
    await until(() => log.of(1).some(({ kind }) => kind === 'close'));
    control.dispatch('LOST', {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.end).toBeNull();
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'READY 1']);
  });

  it('a Gateway that stops reading holds TCP back, and goes on when the fault ends', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    control.injectFault('stopReading');
    client.send(1, 1);
    const filler = 'x'.repeat(1 << 16);
    await until(() => {
      for (let n = 0; n < 16; n += 1) client.socket.send(filler);
      return client.socket.bufferedAmount > 8 << 20;
    });
    control.dispatch('STILL_SENT', {});
    await came(client, 'STILL_SENT 2');
    expect(client.payloads.map(inShort)).not.toContain('op 11');
    control.clearFaults();
    await came(client, 'op 11');
    expect(await until(() => client.end)).toBe(4002);
  });

  it('the host for resumes refuses while the main one does not', async () => {
    const { url, resumeUrl, control } = await simulator();
    control.injectFault('refuseResumeHost');
    const refused = peer(`${resumeUrl}?v=10&encoding=json`);
    expect(await until(() => refused.status)).toBe(503);
    await greeted(url);
    control.injectFault('refuseConnections', { status: 429 });
    const other = peer(`${url}${QUERY}`);
    expect(await until(() => other.status)).toBe(429);
  });

  it('withheld answers come once the faults end', async () => {
    const { url, control } = await simulator();
    control.injectFault('withholdReady');
    const client = await greeted(url);
    client.send(2, IDENTIFY);
    client.send(1, null);
    await came(client, 'op 11');
    expect(client.payloads.map(inShort)).toEqual(['op 10', 'op 11']);
    control.clearFaults();
    await came(client, 'READY 1');
  });

  it('a resume is accepted and dropped', async () => {
    const { url, control } = await simulator();
    const client = await live(url);
    client.socket.terminate();
    control.injectFault('resumeThenDrop', { times: 1 });
    const next = await greeted(url);
    next.send(6, { token: 'T', session_id: sessionIdOf(client.payloads), seq: 1 });
    expect(await until(() => next.end)).toBe(1006);
  });
});

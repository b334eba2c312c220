/** What a host asks of its locator and its permit port, and what it makes of the answers. Every port is a stub; the lines are what happens, written by hand. */
import { describe, expect, it } from 'vitest';
import { LocateError } from '../../src/ports/index.js';
import { HostBench, INFO, MAIN, OPEN, open } from '../support/host-bench.js';

describe('the questions of a host', () => {
  it('asks the locator, and hands on its answer', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve(INFO);
    await b.idle();

    expect(b.lines).toEqual(['locate', 'limit 999 0', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`]);
  });

  it('takes an answer without a limit', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve({ ...INFO, sessionStartLimit: null });
    await b.idle();

    expect(b.lines).toEqual(['locate', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`]);
  });

  it('tells of no answer where nobody was asked', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve({ ...INFO, shards: null, sessionStartLimit: null });
    await b.idle();

    expect(b.lines).toEqual(['locate', `tell located request=3 url="${MAIN}"`]);
  });

  it('tells of an answer with nothing but a limit, and of no password in its URL', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.locating?.resolve({ ...INFO, url: `${MAIN.replace('//', '//user:passw0rd@')}?key=abc`, shards: null });
    await b.idle();

    expect(b.lines).toEqual(['locate', 'limit 999 0', `located ${MAIN}`, `tell located request=3 url="${MAIN}"`]);
  });

  it('is deaf to a locator whose question was cancelled', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.host.effects.cancelLocate({ request: 3 });
    b.locating?.resolve(INFO);
    await b.idle();
    b.host.effects.locateGateway({ request: 4 });
    b.host.effects.cancelLocate({ request: 4 });
    b.locating?.reject(new Error('aborted'));
    await b.idle();

    expect(b.lines).toEqual(['locate', 'abort locate', 'locate', 'abort locate']);
  });

  it('learns no URL from a locator whose question was cancelled', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 3 });
    b.host.effects.cancelLocate({ request: 3 });
    b.locating?.resolve({ ...INFO, url: `${MAIN}?key=late` });
    await b.idle();
    open(b);

    expect(b.lines.slice(2)).toEqual([OPEN]);
  });

  it('hands on why the locator failed', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new LocateError('rateLimited', 'on purpose', 7));
    await b.idle();
    b.host.effects.locateGateway({ request: 2 });
    b.locating?.reject(new LocateError('unauthorized', 'on purpose'));
    await b.idle();

    expect(b.lines).toEqual([
      'locate',
      'tell locateFailed request=1 reason="rateLimited" retryAfter=7',
      'locate',
      'tell locateFailed request=2 reason="unauthorized"',
    ]);
  });

  it('tells why the locator failed, where that is a reason that there is', async () => {
    const b = new HostBench();
    for (const reason of ['unauthorized', 'rateLimited', 'unavailable', 'unreachable', 'tired', undefined]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError(reason as 'unavailable', 'on purpose'));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('tell'))).toEqual(
      ['unauthorized', 'rateLimited', 'unavailable', 'unreachable', 'unreachable', 'unreachable'].map(
        (reason) => `tell locateFailed request=1 reason="${reason}"`,
      ),
    );
  });

  it('tells of an outage the code of the system and the HTTP status, where they are such', async () => {
    const b = new HostBench();
    const longest = `E${'X'.repeat(60)}`;
    for (const options of [
      { systemCode: 'ECONNRESET' },
      { systemCode: 'E2' },
      { systemCode: longest },
      { httpStatus: 0 },
      { systemCode: 'E' },
      { systemCode: `${longest}X` },
      { systemCode: 'at ECONNRESET' },
      { systemCode: 'eCONNRESET' },
      { systemCode: 'ECONNRESET at' },
      { systemCode: ['ECONNRESET'] as never },
      { httpStatus: -1 },
      { httpStatus: 503.5 },
      { httpStatus: '503' as never },
    ]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('unreachable', 'on purpose', undefined, options));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('tell'))).toEqual(
      [
        ' systemCode="ECONNRESET"',
        ' systemCode="E2"',
        ` systemCode="${longest}"`,
        ' httpStatus=0',
        ...Array.from({ length: 9 }, () => ''),
      ].map((outage) => `tell locateFailed request=1 reason="unreachable"${outage}`),
    );
  });

  it('warns once of what a locator says where no code stands for it', async () => {
    const b = new HostBench();
    const refused = (says: string, systemCode?: string) =>
      new LocateError('unreachable', says, undefined, { systemCode });
    for (const error of [
      refused('bad port'),
      refused('bad port'),
      refused('reset', 'ECONNRESET'),
      refused('no permission'),
    ]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(error);
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the Gateway URL could not be had',
      'warn the Gateway URL could not be had',
    ]);
    expect(b.errors).toEqual([expect.stringContaining('bad port'), expect.stringContaining('no permission')]);
  });

  it('warns once of a Get Gateway Bot that will not be had by waiting, and not of a token that is refused', async () => {
    const b = new HostBench();
    for (const httpStatus of [401, 404, 404, 503, 404, 403]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('unavailable', 'on purpose', undefined, { httpStatus }));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn Get Gateway Bot cannot be asked: nothing there speaks the protocol: check the URL (HTTP 404)',
      'warn Get Gateway Bot cannot be asked: it does not let us in: a proxy or firewall, or its own rules. Of the token this says nothing (HTTP 403)',
    ]);
  });

  it('waits no longer than makes sense, whoever says so, and tells of it', async () => {
    const hour = 3_600_000;
    const b = new HostBench();
    for (const retryAfter of [hour, hour + 1]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('rateLimited', 'on purpose', retryAfter));
      await b.idle();
    }
    for (const retryAfter of [24 * hour, 600 * hour, null]) {
      b.host.effects.requestPermit({ request: 2 });
      b.queueing?.resolve({ granted: false, reason: 'no', retryAfter });
      await b.idle();
    }
    b.host.effects.locateGateway({ request: 3 });
    const limit = { total: 9, remaining: 0, resetAfter: 600 * hour, maxConcurrency: 1 };
    b.locating?.resolve({ ...INFO, sessionStartLimit: limit });
    await b.idle();

    expect(b.lines.filter((line) => /^(tell|warn|limit)/.test(line))).toEqual([
      'tell locateFailed request=1 reason="rateLimited" retryAfter=3600000',
      'warn Get Gateway Bot says to wait 3601 s: it is asked again after 3600 s',
      'tell locateFailed request=1 reason="rateLimited" retryAfter=3600000',
      'tell permitRefused request=2 reason="no" retryAfter=86400000',
      'warn the permit port says to wait 2160000 s: it is asked again after 86400 s',
      'tell permitRefused request=2 reason="no" retryAfter=86400000',
      'tell permitRefused request=2 reason="no" retryAfter=null',
      'warn the session start limit says to wait 2160000 s: it is asked again after 86400 s',
      'limit 0 86400000',
      'tell located request=3 url="wss://gateway.discord.gg/"',
    ]);
  });

  it('takes any other failure, and a URL to which no token may go, for no answer', async () => {
    const b = new HostBench();
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.reject(new Error('on purpose'));
    await b.idle();
    b.host.effects.locateGateway({ request: 2 });
    b.locating?.resolve({ ...INFO, url: 'ws://gateway.discord.gg' });
    await b.idle();

    expect(b.lines).toEqual([
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=1 reason="unreachable"',
      'locate',
      'warn the Gateway URL could not be had',
      'tell locateFailed request=2 reason="unreachable"',
    ]);
  });

  it('uses a permit when Identify goes out with it', async () => {
    const b = new HostBench();
    open(b);
    b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();

    expect(b.lines).toEqual([
      OPEN,
      'permit 2 of 4',
      'tell permitGranted request=5',
      'socket 1 send {"op":2,"d":{"token":"secret","intents":1,"shard":[2,4],"properties":{"os":"os","browser":"b","device":"d"}}}',
      'permit used',
    ]);
  });

  it('asks for the identifies that are left where the permits want to be told, and then for a permit', async () => {
    const b = new HostBench({ isStale: () => true });
    b.host.effects.requestPermit({ request: 5 });
    await b.idle();
    expect(b.lines).toEqual(['timer 5000', 'locate 30000']);
    b.locating?.resolve(INFO);
    await b.idle();
    expect(b.lines.slice(2)).toEqual(['limit 999 0', 'permit 2 of 4']);
    expect(b.cleared).toEqual([1]);
  });

  it.each<[string, (b: HostBench) => void]>([
    ['has no answer in five seconds', (b) => b.timers[0]?.()],
    ['fails', (b) => b.locating?.reject(new Error('on purpose'))],
    ['tells of no identifies', (b) => b.locating?.resolve({ ...INFO, sessionStartLimit: null })],
  ])('asks for a permit all the same where that question %s', async (_, happens) => {
    const b = new HostBench({ isStale: () => true });
    b.host.effects.requestPermit({ request: 5 });
    await b.idle();
    happens(b);
    await b.idle();
    expect(b.lines.filter((line) => !line.startsWith('abort'))).toEqual([
      'timer 5000',
      'locate 30000',
      'permit 2 of 4',
    ]);
    expect(b.cleared).toEqual([1]);
  });

  it('asks for no permit once that is of no interest', async () => {
    const b = new HostBench({ isStale: () => true });
    b.host.effects.requestPermit({ request: 5 });
    b.host.effects.cancelPermit({ request: 5 });
    await b.idle();
    expect(b.lines).toEqual(['timer 5000', 'locate 30000', 'abort locate']);
  });

  it('asks for a permit at once where the permits know enough, or cannot say', async () => {
    const knowing = new HostBench({ isStale: () => false });
    const breaking = new HostBench({
      isStale() {
        throw new Error('on purpose');
      },
    });
    for (const b of [knowing, breaking]) b.host.effects.requestPermit({ request: 5 });
    expect(knowing.lines).toEqual(['permit 2 of 4']);
    expect(breaking.lines).toEqual(['warn an adapter threw: isStale', 'permit 2 of 4']);
  });

  it('tells of a storm, and keeps what a later process has to know', async () => {
    const b = new HostBench();
    b.host.restoreIdentifies({ sent: [1, 2, 3, 4], left: 6, nextAt: 60_000 });
    expect([b.host.storm, b.host.keptIdentifies.left]).toEqual([null, 6]);
    open(b);
    b.onTell = ({ type }) => type === 'permitGranted' && b.host.effects.sendIdentify({});
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    expect(b.lines).toContain('storm 5');
    expect(b.host.storm).toEqual({ identifies: 5, since: 1, share: 10 });
    expect(b.host.keptIdentifies).toEqual({ sent: [1, 2, 3, 4, 1_000], left: 5, nextAt: 60_000 });
  });

  it('gives a permit back with which nothing was sent, or that comes too late', async () => {
    const b = new HostBench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.host.effects.cancelPermit({ request: 6 });
    b.queueing?.resolve(b.permit());
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'tell permitGranted request=5',
      'permit unused',
      'permit 2 of 4',
      'abort permit',
      'permit unused',
    ]);
  });

  it('hands on a refusal, unless nobody asks any more', async () => {
    const b = new HostBench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.host.effects.cancelPermit({ request: 6 });
    b.queueing?.resolve({ granted: false, reason: 'none left', retryAfter: 9 });
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'tell permitRefused request=5 reason="none left" retryAfter=9',
      'permit 2 of 4',
      'abort permit',
    ]);
  });

  it('survives permits that throw', async () => {
    const b = new HostBench();
    b.throws = 'settle';
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.reject(new Error('on purpose'));
    await b.idle();
    b.host.effects.requestPermit({ request: 6 });
    b.queueing?.resolve(b.permit());
    await b.idle();
    b.host.effects.requestPermit({ request: 7 });
    b.host.effects.cancelPermit({ request: 7 });
    b.queueing?.reject(new Error('aborted'));
    await b.idle();

    expect(b.lines).toEqual([
      'permit 2 of 4',
      'warn the permit to identify could not be had',
      'tell permitRefused request=5 reason="the permit port failed" retryAfter=5000', // one window of a lane
      'permit 2 of 4',
      'tell permitGranted request=6',
      'permit unused',
      'warn an adapter threw: settle a permit',
      'permit 2 of 4',
      'abort permit',
    ]);
  });

  it('cuts a reason that a permit port gives to 1,000 characters', async () => {
    const b = new HostBench();
    b.host.effects.requestPermit({ request: 5 });
    b.queueing?.resolve({ granted: false, reason: 'x'.repeat(1_001), retryAfter: null });
    await b.idle();
    expect(b.lines.at(-1)).toBe(`tell permitRefused request=5 reason="${'x'.repeat(1_000)}" retryAfter=null`);
  });

  it('sends Identify without a permit where the chart asks for none', () => {
    const b = new HostBench();
    open(b);
    b.host.effects.sendIdentify({});
    expect(b.lines.slice(1)).toEqual([expect.stringMatching(/^socket 1 send \{"op":2,/)]);
  });

  it('takes a Gateway URL without encryption where that is allowed', async () => {
    const b = new HostBench({ allowInsecure: true });
    b.host.effects.locateGateway({ request: 1 });
    b.locating?.resolve({ ...INFO, url: 'ws://own.example', sessionStartLimit: null });
    await b.idle();
    expect(b.lines).toEqual(['locate', 'located ws://own.example', 'tell located request=1 url="ws://own.example/"']);
  });

  it('warn of no locator whose failure has a status or a code', async () => {
    const b = new HostBench();
    for (const options of [{ httpStatus: 503 }, { systemCode: 'ECONNRESET' }]) {
      b.host.effects.locateGateway({ request: 1 });
      b.locating?.reject(new LocateError('unreachable', 'on purpose', undefined, options));
      await b.idle();
    }
    expect(b.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });
});

/** The table against documented.json, a transcription of Discord's documentation made apart from it. */
import { describe, expect, it } from 'vitest';
import { identifiesPerDay, LIMITS } from '../../../machines/protocol/limits.js';
import documented from './documented.json' with { type: 'json' };

describe('limits', () => {
  it('are the documented ones', () => {
    const { sends, presenceUpdates, identifies, largeThreshold, requestGuildMembers, invalidSessionWaitMs } = LIMITS;
    expect({
      sends: [sends.count, sends.windowMs],
      payloadBytes: LIMITS.payloadBytes,
      presenceUpdates: [presenceUpdates.count, presenceUpdates.windowMs],
      identifies: [identifies.perLane, identifies.windowMs, identifies.perDay],
      largeThreshold: [largeThreshold.least, largeThreshold.most, largeThreshold.default],
      requestGuildMembers: {
        userIdsMax: requestGuildMembers.userIds,
        nonceMaxBytes: requestGuildMembers.nonceBytes,
        queryMaxResults: requestGuildMembers.queryResults,
        chunkMax: requestGuildMembers.chunkMembers,
        allMembersPerGuildMs: requestGuildMembers.everyMemberMs,
      },
      invalidSessionWaitMs: [invalidSessionWaitMs.least, invalidSessionWaitMs.most],
      guildsPerShard: LIMITS.guildsPerShard,
      memberListSuppressedAboveMembers: LIMITS.listedMembers,
      privilegedReviewUsers: LIMITS.privilegedReviewUsers,
      largeBotGuilds: LIMITS.veryLargeBotGuilds,
    }).toEqual(documented.limits);
  });

  it.each([
    [1, 1_000],
    [150_000, 1_000],
    [150_001, 2_000],
    [400_000, 2_000],
    [400_200, 2_001],
    [400_300, 2_001],
    [500_000, 2_500],
    [2_000_000, 10_000],
  ])('let a bot in %i guilds identify %i times a day', (guilds, identifies) => {
    expect(identifiesPerDay(guilds)).toBe(identifies);
  });
});

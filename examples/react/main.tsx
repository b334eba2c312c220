import { createShardLogic, memoryPermits, realClock } from 'gatechart';
import { createMemoryGateway } from 'gatechart/simulator';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ShardPanel } from './shard-panel.js';

/** A Gateway in this very page: no network, and no token that could leak. */
const clock = realClock();
const gateway = createMemoryGateway({ clock, heartbeatInterval: 5_000, dispatchesPerSecond: 1, latency: 20 });
const logic = createShardLogic({
  token: 'not-a-token',
  intents: ['GUILDS', 'GUILD_MESSAGES'],
  socket: gateway.socketPort,
  locator: gateway.locator,
  permits: memoryPermits({ clock }),
});

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <ShardPanel logic={logic} clock={clock} control={gateway.control} />
  </StrictMode>,
);

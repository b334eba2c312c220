import { createBot, createLogger, Intents, LogLevels } from '@discordeno/bot';

const { DISCORD_TOKEN, GATECHART_REST } = process.env;

const bot = createBot({
  token: DISCORD_TOKEN,
  intents: Intents.Guilds | Intents.GuildMessages,
  rest: { proxy: { baseUrl: GATECHART_REST } },
  desiredProperties: { message: { id: true } },
  loggerFactory: (name) => createLogger({ name, logLevel: LogLevels.Warn }),
  events: {
    ready: () => console.log('READY'),
    messageCreate: ({ id }) => console.log(`MSG ${id}`),
  },
});
bot.gateway.events.resumed = () => console.log('RESUMED');
await bot.start();

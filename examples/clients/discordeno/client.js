import { createBot, createLogger, Intents, LogLevels } from '@discordeno/bot';

const { API_URL, BOT_TOKEN } = process.env;

const bot = createBot({
  token: BOT_TOKEN,
  intents: Intents.Guilds | Intents.GuildMessages | Intents.MessageContent,
  rest: { proxy: { baseUrl: API_URL } },
  desiredProperties: { message: { content: true } },
  loggerFactory: (name) => createLogger({ name, logLevel: LogLevels.Warn }),
  events: {
    ready: () => console.log('READY'),
    messageCreate: ({ content }) => console.log(`MSG ${content}`),
  },
});
bot.gateway.events.resumed = () => console.log('RESUMED');
await bot.start();

import os

import hikari

intents = hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES | hikari.Intents.MESSAGE_CONTENT
bot = hikari.GatewayBot(
    os.environ["BOT_TOKEN"],
    intents=intents,
    rest_url=os.environ["API_URL"] + "/v10",
    banner=None,
    logs="WARNING",
)


@bot.listen()
async def on_ready(_: hikari.StartedEvent) -> None:
    print("READY", flush=True)


@bot.listen()
async def on_resumed(_: hikari.ShardResumedEvent) -> None:
    print("RESUMED", flush=True)


@bot.listen()
async def on_message(event: hikari.GuildMessageCreateEvent) -> None:
    print("MSG", event.content, flush=True)


bot.run(check_for_updates=False)

import os

import hikari

bot = hikari.GatewayBot(
    os.environ["BOT_TOKEN"],
    intents=hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT,
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

import os

import hikari

bot = hikari.GatewayBot(
    os.environ["DISCORD_TOKEN"],
    intents=hikari.Intents.ALL_UNPRIVILEGED,
    rest_url=os.environ["GATECHART_REST"] + "/v10",
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
    print("MSG", event.message_id, flush=True)


bot.run(check_for_updates=False)

import logging
import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["GATECHART_REST"] + "/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATECHART_GATEWAY"])

intents = discord.Intents.default()
client = discord.Client(intents=intents)


@client.event
async def on_ready():
    print("READY", flush=True)


@client.event
async def on_resumed():
    print("RESUMED", flush=True)


@client.event
async def on_message(message):
    print("MSG", message.id, flush=True)


client.run(os.environ["DISCORD_TOKEN"], log_level=logging.WARNING)

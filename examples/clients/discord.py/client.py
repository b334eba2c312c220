import logging
import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

Route.BASE = os.environ["API_URL"] + "/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["GATEWAY_URL"])

intents = discord.Intents.default()
intents.message_content = True
client = discord.Client(intents=intents)


@client.event
async def on_ready():
    print("READY", flush=True)


@client.event
async def on_resumed():
    print("RESUMED", flush=True)


@client.event
async def on_message(message):
    print("MSG", message.content, flush=True)


client.run(os.environ["BOT_TOKEN"], log_level=logging.WARNING)

"""A client of the Gateway in Python, written from Discord's documentation, for the conformance kit. Needs `websockets`.

gatechart conform -- python examples/conformance/client.py
"""
import asyncio
import json
import os
import random
import urllib.request

import websockets

TOKEN, REST = os.environ["DISCORD_TOKEN"], os.environ["GATECHART_REST"]
FATAL = {4004, 4010, 4011, 4012, 4013, 4014}
NEW_SESSION = {1000, 1001, 4003, 4007, 4009}
IDENTIFY = {"token": TOKEN, "intents": 513, "properties": {"os": "linux", "browser": "py", "device": "py"}}
session, seq, acked = None, None, True


async def beat(ws, interval):
    global acked
    acked = True
    await asyncio.sleep(interval * random.random())
    while acked:
        acked = False
        await ws.send(json.dumps({"op": 1, "d": seq}))
        await asyncio.sleep(interval)
    await ws.close(4900)


async def connect(url):
    global session, seq, acked
    async with websockets.connect(f"{url}/?v=10&encoding=json", max_size=None, close_timeout=2) as ws:
        beats = None
        try:
            async for frame in ws:
                payload = json.loads(frame)
                op, d, t = payload["op"], payload.get("d"), payload.get("t")
                if payload.get("s") is not None:
                    seq = payload["s"]
                if op == 10:
                    beats = asyncio.create_task(beat(ws, d["heartbeat_interval"] / 1000))
                    resume = session and {"token": TOKEN, "session_id": session["session_id"], "seq": seq}
                    await ws.send(json.dumps({"op": 6, "d": resume} if resume else {"op": 2, "d": IDENTIFY}))
                elif op == 11:
                    acked = True
                elif op == 1:
                    await ws.send(json.dumps({"op": 1, "d": seq}))
                elif op in (7, 9):
                    session = None if op == 9 and d is not True else session
                    await ws.close(4900)
                elif t == "READY":
                    session = d
                elif t == "MESSAGE_CREATE":
                    print("MSG", d["id"], flush=True)
        except websockets.ConnectionClosed:
            pass
        finally:
            if beats:
                beats.cancel()
        return ws.close_code


async def main():
    global session, seq
    request = urllib.request.Request(f"{REST}/v10/gateway/bot", headers={"Authorization": f"Bot {TOKEN}"})
    url, wait = json.load(urllib.request.urlopen(request))["url"], 1
    while True:
        began, code = asyncio.get_running_loop().time(), None
        try:
            code = await connect(session["resume_gateway_url"] if session else url)
        except (OSError, websockets.InvalidHandshake):
            pass
        if code in FATAL:
            raise SystemExit(f"closed with {code}")
        if code in NEW_SESSION:
            session, seq = None, None
        wait = 1 if asyncio.get_running_loop().time() - began > 30 else min(wait * 2, 60)
        await asyncio.sleep(wait * random.uniform(0.5, 1) if session else max(5, wait))


asyncio.run(main())

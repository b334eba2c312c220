"""A Gateway client without I/O: told what happens, it says what is to be done. It has no backpressure.

Written from the documentation and the policy in the vectors. All that it remembers is flat, and replaced as a whole.
"""

import copy
import random

# Close codes, by what the documentation says or leaves to us: `recovery` is resume unless told.
CODES = {
    **{code: {"wait": "backoff"} for code in (1002, 1003, 1004, *range(1007, 1016))},
    **{code: {"recovery": "stop"} for code in (4004, 4010, 4011, 4012, 4013, 4014)},
    **{code: {"recovery": "identify"} for code in (4003, 4006, 4007, 4009)},
    1000: {"attempts": 1},
    4001: {"attempts": 1},
    4005: {"recovery": "identify", "wait": "backoff"},
    4008: {"wait": "cooldown"},
}
READY = {"settling", "unproven", "settled"}
OPEN = {"queued", "identifying", "resuming", *READY}


class Client:
    def __init__(self, policy):
        self.policy = policy
        self.state, self.then = "stopped", None
        self.session = self.url = self.sequence = None
        self.connection = self.request = self.interval = 0
        self.resumes = self.attempts = 0
        self.wait = "retry"
        self.beat = None
        self.running = frozenset()
        self.effects = ()

    def __deepcopy__(self, _):
        return copy.copy(self)

    def handle(self, on):
        self.effects = []
        if self.is_stale(on):
            return []
        if on["kind"] == "order":
            getattr(self, on["order"])(on)
        elif on["kind"] == "timer":
            self.running -= {on["timer"]}
            self.timeout(on["timer"])
        elif on["kind"] == "answer":
            getattr(self, on["answer"])(on)
        elif on["kind"] == "socket":
            getattr(self, on["event"])(on)
        elif "payload" in on:
            self.message(on["payload"])
        elif "undecodable" in on and self.is_connected():
            self.give_up()
        return self.effects

    def is_stale(self, on):
        """An answer to a question that is no longer open."""
        return on.get("connection", self.connection) != self.connection or on.get("request", self.request) != self.request

    def is_connected(self):
        return self.state == "hello" or self.state in OPEN

    # Orders

    def start(self, _):
        if self.state in ("stopped", "failed"):
            self.resumes, self.attempts = 0, 1
            self.choose()

    def stop(self, _):
        self.end(keep=False)

    def detach(self, _):
        self.end(keep=True)

    def end(self, keep):
        if self.state in ("stopped", "failed"):
            return
        if not keep:
            self.forget()
        if self.state == "closing":
            self.then = "stopped"
        elif self.is_connected():
            self.close(self.policy["closeCode"] if keep else 1000, "stopped")
        else:
            self.leave("stopped")

    def reconnect(self, on):
        if self.state in ("stopped", "failed") or self.then in ("stopped", "failed"):
            return
        if on["fresh"]:
            self.forget()
        if self.state in OPEN:
            self.close(1000 if on["fresh"] else self.policy["closeCode"], "waiting", "order")
        elif self.state == "closing":
            self.wait = "order"
        else:
            self.leave("choosing")
            self.choose()

    # Finding the Gateway

    def choose(self):
        if self.session and (self.resumes >= self.policy["resumeBudget"] or self.sequence is None):
            self.forget()
        if (self.session and self.session["url"]) or self.url:
            self.connect()
        else:
            self.state = "locating"
            self.request += 1
            self.do("locateGateway", request=self.request)
            self.arm("locate")

    def located(self, on):
        if self.state == "locating":
            self.disarm("locate")
            self.url = on["url"]
            self.connect()

    def locateFailed(self, on):
        if self.state != "locating":
            return
        if on["reason"] == "unauthorized":
            self.forget()
            self.leave("failed", answered=True)
        else:
            self.wait_for(self.told(on) or "retry", answered=True)

    def connect(self):
        self.state = "opening"
        self.connection += 1
        self.do("openSocket", connection=self.connection, url=(self.session and self.session["url"]) or self.url)
        self.arm("open")

    def opened(self, _):
        if self.state == "opening":
            self.disarm("open")
            self.state = "hello"
            self.arm("hello")

    # A connection

    def message(self, payload):
        op, d = payload["op"], payload["d"]
        if op == 0:
            self.dispatch(payload)
        elif op == 1 and self.state in OPEN:
            self.send_heartbeat()
        elif op == 7 and self.is_connected():
            self.close(self.policy["closeCode"], "waiting", "retry")
        elif op == 9 and self.state in OPEN:
            self.invalid(resumable=d is True)
        elif op == 10 and self.state == "hello":
            self.hello(d["heartbeat_interval"])
        elif op == 11 and self.state in OPEN:
            self.acknowledged()

    def invalid(self, resumable):
        kept = resumable and self.policy["invalidSession"] == "resume" and self.session and self.sequence is not None
        if not kept:
            self.forget()
        self.close(self.policy["closeCode"] if kept else 1000, "waiting", "invalidSession")

    def hello(self, interval):
        self.disarm("hello")
        self.interval = interval
        if self.session:
            self.state = "resuming"
            self.resumes += 1
            self.do("sendResume", sessionId=self.session["id"], sequence=self.sequence)
            self.arm("resumed")
            self.arm("replay")
        else:
            self.forget()
            self.state = "queued"
            self.request += 1
            self.do("requestPermit", request=self.request)
            self.arm("permit")
        self.beat = "jittering"
        self.arm("firstHeartbeat")

    def permitGranted(self, _):
        if self.state == "queued":
            self.disarm("permit")
            self.state = "identifying"
            self.do("sendIdentify")
            self.arm("ready")

    def permitRefused(self, on):
        if self.state != "queued":
            return
        if on["retryAfter"] is None:
            self.close(1000, "failed", answered=True)
        else:
            self.close(self.policy["closeCode"], "waiting", on["retryAfter"], answered=True)

    def dispatch(self, payload):
        name, sequence = payload["t"], payload["s"]
        if name == "READY" and self.state in ("identifying", "resuming"):
            self.take_session(payload["d"])
            self.sequence, self.resumes = sequence, 0
            self.settle()
        elif name == "RESUMED" and self.state == "resuming":
            self.is_new(sequence)
            self.settle()
        elif name not in ("READY", "RESUMED") and (self.state == "resuming" or self.state in READY):
            if self.is_new(sequence):
                self.resumes = 0
                if self.state == "resuming":
                    self.arm("resumed")

    def take_session(self, d):
        url = d.get("resume_gateway_url") if self.policy["resumeAt"] == "session" else None
        self.session = {"id": d["session_id"], "url": url} if "session_id" in d else None

    def is_new(self, sequence):
        """Within a session the sequence only grows; a dispatch without one moves nothing."""
        new = sequence is not None and (self.sequence is None or sequence > self.sequence)
        self.sequence = sequence if new else self.sequence
        return new

    def settle(self):
        self.disarm("ready", "resumed", "replay")
        self.state = "settling"
        self.arm("settle")

    # Heartbeats

    def send_heartbeat(self):
        self.do("sendHeartbeat", sequence=self.sequence)

    def next_beat(self):
        if self.beat == "awaitingAck":
            self.beat = "overdue"
            self.arm("silence")
            self.arm("overdue")
        elif self.beat != "overdue":
            self.beat = "awaitingAck"
        self.send_heartbeat()
        self.arm("heartbeat")

    def acknowledged(self):
        if self.beat in ("jittering", "acked"):
            return  # it answers one that the Gateway had asked for
        self.disarm("silence", "overdue")
        self.beat = "awaitingAck" if self.beat == "overdue" else "acked"
        if self.state == "unproven":
            self.state = "settled"
            self.forgive()

    def forgive(self):
        self.resumes = self.attempts = 0

    # Closes

    def closed(self, on):
        recovery = self.row(on["code"]).get("recovery", "resume")
        if self.state == "closing":
            return self.crossed(on, recovery)
        if self.state not in ("opening", "hello") and self.state not in OPEN:
            return None
        if recovery == "stop":
            self.forget()
            return self.leave("failed", over=True)
        if self.state not in OPEN:
            self.forget_url()
        elif recovery == "resume":
            self.limit(on["code"])
        if recovery == "identify":
            self.forget()
        return self.wait_for(self.told(on) or self.row(on["code"]).get("wait", "retry"), over=True)

    def row(self, code):
        return {**CODES.get(code, {}), **self.policy["closeCodes"].get(str(code), {})}

    def told(self, on):
        """How long we were told to wait, in ms."""
        return on.get("retryAfter")

    def limit(self, code):
        """A resume that ended so, and brought nothing, was the last."""
        attempts = self.row(code).get("attempts")
        if self.session and attempts is not None and self.resumes >= attempts:
            self.resumes = max(self.resumes, self.policy["resumeBudget"])

    def crossed(self, on, recovery):
        """Our close is answered, or the Gateway's own crossed it: then what it says holds."""
        if on["code"] in (1000, self.policy["closeCode"]):
            recovery = "resume"
        if recovery != "resume" and self.then != "failed":
            self.forget()
        if self.then == "waiting":
            if recovery == "resume":
                self.limit(on["code"])
            told = self.told(on) or self.row(on["code"]).get("wait")
            self.wait = told if told and isinstance(self.wait, str) else self.wait
        self.leave("failed" if recovery == "stop" and self.then == "waiting" else self.then, over=True)

    # Timers

    def timeout(self, timer):
        if timer == "reconnect":
            self.attempts += 1
            self.choose()
        elif timer == "close":
            self.leave(self.then)
        elif timer == "permit":
            self.arm("permit")
        elif timer == "settle":
            self.state = "unproven"  # until a heartbeat is acknowledged
        elif timer in ("firstHeartbeat", "heartbeat"):
            self.next_beat()
        elif timer in ("open", "locate"):
            if timer == "open":
                self.forget_url()
            self.wait_for("retry")
        else:
            self.give_up()

    # Ways out

    def give_up(self):
        if self.state == "hello":
            self.forget_url()
        self.close(self.policy["closeCode"], "waiting", "retry")

    def close(self, code, then, wait=None, answered=False):
        if self.state == "queued" and not answered:
            self.do("cancelPermit", request=self.request)
        self.disarm(*self.running)
        self.do("closeSocket", code=code)
        self.state, self.then, self.wait, self.beat = "closing", then, wait or self.wait, None
        self.arm("close")

    def wait_for(self, wait, **how):
        self.wait = wait
        self.leave("waiting", **how)

    def leave(self, to, answered=False, over=False):
        """Whatever was begun is dropped; a question that is answered and a socket that is closed are over anyway."""
        if self.state == "locating" and not answered:
            self.do("cancelLocate", request=self.request)
        if self.state == "queued":
            self.do("cancelPermit", request=self.request)
        if self.state in ("opening", "hello", "closing", *OPEN) and not over:
            self.do("dropSocket", connection=self.connection)
        self.disarm(*self.running)
        self.state, self.then, self.beat = to, None, None
        if to == "waiting":
            self.arm("reconnect")

    def forget(self):
        self.session, self.sequence, self.resumes = None, None, 0

    def forget_url(self):
        if self.session and self.session["url"]:
            self.session = {**self.session, "url": None}
        else:
            self.url = None

    # Times

    def span(self, timer):
        """How long a timer may take, in ms: from the least to the most."""
        waits, deadlines = self.policy["waits"], self.policy["deadlines"]
        if timer == "firstHeartbeat":
            return (0, self.interval)
        if timer == "reconnect":
            return self.wait_span()
        length = {
            "heartbeat": self.interval,
            "settle": max(self.policy["stability"] * self.interval, waits["backoff"]["cap"] / 2),
            "silence": min(deadlines["silence"], self.interval),
            "replay": deadlines["ready"],
        }.get(timer, deadlines.get(timer))
        return (length, length)

    def wait_span(self):
        waits = self.policy["waits"]
        growing = self.backoff()
        retry = waits["quick"] if self.attempts == 0 else growing
        if not isinstance(self.wait, str):
            return (self.wait + retry[0], self.wait + retry[1])
        if self.wait in ("cooldown", "invalidSession"):
            own = waits[self.wait]
            return own if self.attempts == 0 else (max(own[0], growing[0]), max(own[1], growing[1]))
        return {"order": (0, 0), "backoff": growing, "retry": retry}[self.wait]

    def backoff(self):
        backoff = self.policy["waits"]["backoff"]
        most = min(backoff["cap"], backoff["base"] * backoff["factor"] ** max(0, self.attempts - 1))
        return (most / 2, most)

    def arm(self, timer):
        self.running |= {timer}
        self.do("arm", timer=timer, ms=random.uniform(*self.span(timer)))

    def disarm(self, *timers):
        for timer in self.running.intersection(timers):
            self.do("disarm", timer=timer)
        self.running -= {*timers}

    def do(self, what, **params):
        self.effects.append({"do": what, **params})


class Idle:
    """A client that never does anything."""

    def __init__(self, policy):
        pass

    def handle(self, _):
        return []

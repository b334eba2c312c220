"""A Gateway client without I/O: told what happens, it says what is to be done. The lifecycle only, no heartbeat yet.

Written from the documentation and the policy in the vectors. It shows timers that it starts, not those it stops.
"""

import random

# Close codes that forbid reconnecting, and those after which the session is gone; all others are resumed.
FATAL = {4004, 4010, 4011, 4012, 4013, 4014}
GONE = {4003, 4005, 4006, 4007, 4009}
ONE_RESUME = {1000, 4001}
BACKOFF = {1002, 1003, 1004, *range(1007, 1016), 4005}
COOLDOWN = {4008}
BUDGET = 3  # resumes in a row that brought nothing
READY = {"settling", "unproven"}
OPEN = {"queued", "identifying", "resuming", *READY}
TIMES = {
    "locate": 15e3, "open": 10e3, "hello": 20e3, "permit": 60e3,
    "ready": 300e3, "resumed": 60e3, "replay": 300e3, "close": 500,
}


class Client:
    WAIVES = ("disarm", "cancelLocate", "cancelPermit")

    def __init__(self):
        self.state, self.then = "stopped", None
        self.session = self.url = self.sequence = None
        self.connection = self.request = self.interval = 0
        self.resumes = self.attempts = 0
        self.wait = "retry"
        self.effects = []

    def handle(self, on):
        self.effects = []
        if on["kind"] == "order":
            getattr(self, on["order"])(on)
        elif on["kind"] == "timer":
            self.timeout(on["timer"])
        elif on["kind"] == "answer":
            getattr(self, on["answer"])(on)
        elif on["kind"] == "socket":
            getattr(self, on["event"])(on)
        elif "payload" in on:
            self.message(on["payload"])
        elif "undecodable" in on and (self.state == "hello" or self.state in OPEN):
            self.give_up()
        return self.effects

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
        if not keep and self.then != "failed":
            self.forget()
        if self.state == "closing":
            self.then = "stopped"
        elif self.state == "hello" or self.state in OPEN:
            self.close(4900 if keep else 1000, "stopped")
        else:
            self.leave("stopped")

    def reconnect(self, on):
        if self.state in ("stopped", "failed") or self.then in ("stopped", "failed"):
            return
        if on["fresh"]:
            self.forget()
        if self.state in OPEN:
            self.close(1000 if on["fresh"] else 4900, "waiting", "order")
        elif self.state == "closing":
            self.wait = "order"
        else:
            self.leave("choosing")
            self.choose()

    # Finding the Gateway

    def choose(self):
        if self.session and (self.resumes >= BUDGET or self.sequence is None):
            self.forget()
        if (self.session and self.session["url"]) or self.url:
            self.connect()
        else:
            self.state = "locating"
            self.request += 1
            self.do("locateGateway", request=self.request)
            self.arm("locate")

    def located(self, on):
        self.url = on["url"]
        self.connect()

    def locateFailed(self, on):
        if on["reason"] == "unauthorized":
            self.forget()
            self.leave("failed")
        else:
            self.wait_for(on.get("retryAfter") or "retry")

    def connect(self):
        self.state = "opening"
        self.connection += 1
        self.do("openSocket", connection=self.connection, url=(self.session and self.session["url"]) or self.url)
        self.arm("open")

    def opened(self, _):
        self.state = "hello"
        self.arm("hello")

    # A connection

    def message(self, payload):
        op, d = payload["op"], payload["d"]
        if op == 0:
            self.dispatch(payload)
        elif op == 10 and self.state == "hello":
            self.hello(d["heartbeat_interval"])
        elif op == 7 and (self.state == "hello" or self.state in OPEN):
            self.close(4900, "waiting", "retry")
        elif op == 9 and self.state in OPEN:
            resumable = d is True and self.session is not None and self.sequence is not None
            if not resumable:
                self.forget()
            self.close(4900 if resumable else 1000, "waiting", "invalidSession")

    def hello(self, interval):
        self.interval = interval
        if self.session:
            self.state = "resuming"
            self.resumes += 1
            self.do("sendResume", sessionId=self.session["id"], sequence=self.sequence)
            self.arm("resumed")
            self.arm("replay")
        else:
            self.state = "queued"
            self.request += 1
            self.do("requestPermit", request=self.request)
            self.arm("permit")
        self.do("arm", timer="firstHeartbeat", ms=random.uniform(0, interval))

    def permitGranted(self, _):
        self.state = "identifying"
        self.do("sendIdentify")
        self.arm("ready")

    def permitRefused(self, on):
        if on["retryAfter"] is None:
            self.close(1000, "failed")
        else:
            self.close(4900, "waiting", on["retryAfter"])

    def dispatch(self, payload):
        name, d = payload["t"], payload["d"]
        if name == "READY" and self.state in ("identifying", "resuming"):
            has_id = "session_id" in d
            self.session = {"id": d["session_id"], "url": d.get("resume_gateway_url")} if has_id else None
            self.sequence, self.resumes = payload["s"], 0
            self.settle()
        elif name == "RESUMED" and self.state == "resuming":
            self.is_new(payload["s"])
            self.settle()
        elif name not in ("READY", "RESUMED") and (self.state == "resuming" or self.state in READY):
            if self.is_new(payload["s"]):
                self.resumes = 0
                if self.state == "resuming":
                    self.arm("resumed")

    def is_new(self, sequence):
        """Within a session the sequence only grows; a dispatch without one moves nothing."""
        new = sequence is not None and (self.sequence is None or sequence > self.sequence)
        self.sequence = sequence if new else self.sequence
        return new

    def settle(self):
        self.state = "settling"
        self.do("arm", timer="settle", ms=max(self.interval, 30e3))

    def closed(self, on):
        code = on["code"]
        if self.state == "closing":
            return self.crossed(code)
        if self.state in ("opening", "hello") and code not in FATAL:
            self.forget_url()
        if code in FATAL:
            self.forget()
            return self.leave("failed")
        if code in GONE:
            self.forget()
        elif self.state in OPEN:
            self.limit(code)
        self.wait_for(on.get("retryAfter") or self.asked(code) or "retry")

    def limit(self, code):
        """A resume that ended so, and brought nothing, was the last."""
        if code in ONE_RESUME and self.session and self.resumes > 0:
            self.resumes = max(self.resumes, BUDGET)

    def asked(self, code):
        return "cooldown" if code in COOLDOWN else "backoff" if code in BACKOFF else None

    def crossed(self, code):
        """Our close is answered, or the Gateway's own crossed it: then what it says holds."""
        if code in FATAL | GONE and self.then != "failed":
            self.forget()
        if self.then == "waiting":
            self.limit(code)
            self.wait = self.asked(code) if self.asked(code) and isinstance(self.wait, str) else self.wait
        self.leave("failed" if code in FATAL and self.then == "waiting" else self.then)

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
            self.state = "unproven"  # until a heartbeat is acknowledged, which this client does not send
        elif timer in ("hello", "ready", "resumed", "replay"):
            self.give_up()
        else:
            if timer == "open":
                self.forget_url()
            self.wait_for("retry")

    # Ways out

    def give_up(self):
        if self.state == "hello":
            self.forget_url()
        self.close(4900, "waiting", "retry")

    def close(self, code, then, wait=None):
        self.do("closeSocket", code=code)
        self.state, self.then, self.wait = "closing", then, wait or self.wait
        self.arm("close")

    def wait_for(self, wait):
        self.wait = wait
        self.leave("waiting")

    def leave(self, to):
        if self.state in ("opening", "hello", "closing") or self.state in OPEN:
            self.do("dropSocket", connection=self.connection)
        self.state, self.then = to, None
        if to == "waiting":
            self.do("arm", timer="reconnect", ms=random.uniform(*self.span()))

    def span(self):
        most = min(60e3, 1e3 * 2 ** max(0, self.attempts - 1))
        growing = (most / 2, most)
        retry = (0, 500) if self.attempts == 0 else growing
        if not isinstance(self.wait, str):
            return (self.wait + retry[0], self.wait + retry[1])
        if self.wait in ("cooldown", "invalidSession"):
            own = (5e3, 10e3) if self.wait == "cooldown" else (1e3, 5e3)
            return own if self.attempts == 0 else (max(own[0], growing[0]), max(own[1], growing[1]))
        return {"order": (0, 0), "backoff": growing, "retry": retry}[self.wait]

    def forget(self):
        self.session, self.sequence, self.resumes = None, None, 0

    def forget_url(self):
        if self.session and self.session["url"]:
            self.session = {**self.session, "url": None}
        else:
            self.url = None

    def arm(self, timer):
        self.do("arm", timer=timer, ms=TIMES[timer])

    def do(self, what, **params):
        self.effects.append({"do": what, **params})


class Forgetful(Client):
    """Wrong on purpose: it takes every loss of the connection for the end of the session."""

    def closed(self, on):
        if self.state != "closing":
            self.forget()
        super().closed(on)


class Idle:
    """A client that never does anything."""

    def handle(self, stimulus):
        return []

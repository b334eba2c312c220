"""Wrong twins of the client: each differs from it in one thing that is easy to get wrong. The vectors notice them all.

    python3 twins.py                       # one line for each: the first vector that it fails
    python3 twins.py --part transitions    # the same with a part of the vectors alone
    python3 twins.py --of NoBackoff        # one twin alone

Exit code 1 if one passes.
"""

import argparse
import random
import sys

from client import CODES, OPEN, READY, Client
from runner import VECTORS, Draws, name_of, run, steps_of, vectors_in


# Sequences


class JumpIsFatal(Client):
    """A jump in `s` ends the session."""

    def is_new(self, sequence):
        if sequence is not None and self.sequence is not None and sequence > self.sequence + 1:
            self.forget()
            self.close(1000, "waiting", "retry")
        return super().is_new(sequence)


class SequenceGoesBack(Client):
    """The last `s` counts, however low it is."""

    def is_new(self, sequence):
        new = super().is_new(sequence)
        self.sequence = self.sequence if sequence is None else sequence
        return new


class NoSequenceForgets(Client):
    """A dispatch without a number is remembered as one."""

    def is_new(self, sequence):
        new = super().is_new(sequence)
        self.sequence = sequence if sequence is None else self.sequence
        return new


class EqualIsNew(Client):
    """A dispatch that was there before counts as new if it was the last one."""

    def is_new(self, sequence):
        return super().is_new(sequence) or (sequence is not None and sequence == self.sequence)


class RepeatIsNew(Client):
    """Every dispatch shows that a resume brought something."""

    def is_new(self, sequence):
        return super().is_new(sequence) or sequence is not None


class DeadSequence(Client):
    """The sequence outlives its session, in heartbeats until READY."""

    def forget(self):
        sequence = self.sequence
        super().forget()
        self.sequence = sequence


class ReadyKeepsSequence(Client):
    """A new session goes on where the sequence of the old one was."""

    def dispatch(self, payload):
        before = self.sequence
        super().dispatch(payload)
        if payload["t"] == "READY" and None not in (before, self.sequence):
            self.sequence = max(before, self.sequence)


class ResumedIsNotCounted(Client):
    """The `s` of RESUMED is not taken."""

    def dispatch(self, payload):
        super().dispatch({**payload, "s": None} if payload["t"] == "RESUMED" else payload)


class ResumedSetsSequence(Client):
    """The `s` of RESUMED is taken as it is."""

    def dispatch(self, payload):
        resuming = self.state == "resuming"
        super().dispatch(payload)
        if payload["t"] == "RESUMED" and resuming:
            self.sequence = payload["s"]


class CountsBeforeReady(Client):
    """What comes before READY counts for the session to come."""

    def dispatch(self, payload):
        if self.state == "queued":
            self.is_new(payload["s"])
        super().dispatch(payload)


class ZeroIsNone(Client):
    """A sequence of 0 is taken for none."""

    def is_new(self, sequence):
        return super().is_new(sequence or None)


# Heartbeats


class FirstIntervalForEver(Client):
    """The interval of the first Hello is kept on later connections."""

    def hello(self, interval):
        super().hello(self.interval or interval)


class SecondHelloCounts(Client):
    """A second Hello on a connection changes the interval."""

    def message(self, payload):
        super().message(payload)
        if payload["op"] == 10 and self.state in OPEN:
            self.interval = payload["d"]["heartbeat_interval"]


class RequestArmsZombieTest(Client):
    """A requested heartbeat awaits an ACK like the others."""

    def message(self, payload):
        super().message(payload)
        if payload["op"] == 1 and self.beat == "acked":
            self.beat = "awaitingAck"


class RequestRestartsBeat(Client):
    """A requested heartbeat puts the next one off."""

    def message(self, payload):
        super().message(payload)
        if payload["op"] == 1 and "heartbeat" in self.running:
            self.arm("heartbeat")


class RequestDisarmsZombieTest(Client):
    """A requested heartbeat is taken for a sign of life."""

    def message(self, payload):
        super().message(payload)
        if payload["op"] == 1 and self.beat == "awaitingAck":
            self.beat = "acked"


class AckRestartsBeat(Client):
    """The interval is counted from the ACK."""

    def acknowledged(self):
        super().acknowledged()
        if "heartbeat" in self.running:
            self.arm("heartbeat")


class LateAckIsNone(Client):
    """An ACK that comes after the next heartbeat does not save the connection."""

    def acknowledged(self):
        if self.beat != "overdue":
            super().acknowledged()


class LateAckCountsTwice(Client):
    """An ACK that comes after the next heartbeat is taken for that one's too."""

    def acknowledged(self):
        overdue = self.beat == "overdue"
        super().acknowledged()
        if overdue:
            self.beat = "acked"


class ZombieAtOnce(Client):
    """A missing ACK ends the connection without a look at what has arrived."""

    def next_beat(self):
        if self.beat == "awaitingAck":
            self.give_up()
        else:
            super().next_beat()


class NeverAZombie(Client):
    """No ACK is ever missed."""

    def next_beat(self):
        self.beat = "acked"
        super().next_beat()


class ZombieEndsSession(Client):
    """A dead connection is closed with 1000, which ends the session."""

    def timeout(self, timer):
        if timer in ("silence", "overdue"):
            self.close(1000, "waiting", "retry")
        else:
            super().timeout(timer)


class NoJitter(Client):
    """The first heartbeat waits for all of the interval."""

    def span(self, timer):
        return (self.interval, self.interval) if timer == "firstHeartbeat" else super().span(timer)


# Resumes


class Forgetful(Client):
    """Every loss of the connection is taken for the end of the session."""

    def closed(self, on):
        if self.state != "closing":
            self.forget()
        super().closed(on)


class ResumesAreNotCounted(Client):
    """A session is resumed for ever."""

    def hello(self, interval):
        before = self.resumes
        super().hello(interval)
        self.resumes = before


class ResumesAreNotForgiven(Client):
    """What a resume brings does not forgive those before it."""

    def dispatch(self, payload):
        before = self.resumes
        super().dispatch(payload)
        if payload["t"] not in ("READY", "RESUMED"):
            self.resumes = before


class ResumedForgivesResumes(Client):
    """RESUMED alone counts as a success."""

    def dispatch(self, payload):
        super().dispatch(payload)
        if payload["t"] == "RESUMED" and self.state in READY:
            self.resumes = 0


class OneResumeTooMany(Client):
    """A close code that allows one resume is resumed again."""

    def limit(self, code):
        pass


class OneResumeTooFew(Client):
    """A close code that allows one resume is never resumed."""

    def limit(self, code):
        if self.row(code).get("attempts") is not None:
            self.forget()


class ReadyInsteadKeepsSession(Client):
    """READY in answer to a Resume does not replace the session."""

    def take_session(self, d):
        if self.state != "resuming":
            super().take_session(d)


class SecondReadyCounts(Client):
    """A READY that nobody asked for replaces the session."""

    def dispatch(self, payload):
        if payload["t"] == "READY" and self.state in READY:
            self.take_session(payload["d"])
        super().dispatch(payload)


class OldResumeUrl(Client):
    """A session without a URL of its own is resumed at that of the one before."""

    def take_session(self, d):
        old = self.session
        super().take_session(d)
        if self.session and not self.session["url"] and old:
            self.session = {**self.session, "url": old["url"]}


class SessionWithoutId(Client):
    """READY without a session id leaves the session before it."""

    def take_session(self, d):
        if "session_id" in d:
            super().take_session(d)


class SilenceIsCountedOnce(Client):
    """The deadline of a replay is for all of it, whatever arrives."""

    def arm(self, timer):
        if timer != "resumed" or timer not in self.running:
            super().arm(timer)


# URLs


class ResumeUrlForEver(Client):
    """A resume URL that leads nowhere is tried again."""

    def forget_url(self):
        if not (self.session and self.session["url"]):
            super().forget_url()


class UrlForEver(Client):
    """A Gateway URL that leads nowhere is tried again."""

    def forget_url(self):
        if self.session and self.session["url"]:
            super().forget_url()


class BothUrlsForgotten(Client):
    """A resume URL that leads nowhere costs the main URL too."""

    def forget_url(self):
        super().forget_url()
        self.url = None


class SessionGoesWithUrl(Client):
    """A resume URL that leads nowhere costs the session."""

    def forget_url(self):
        if self.session and self.session["url"]:
            self.forget()
        else:
            super().forget_url()


class MainUrlForEver(Client):
    """A session is resumed at the URL of its first connection."""

    def take_session(self, d):
        super().take_session({name: value for name, value in d.items() if name != "resume_gateway_url"})


# Waits


class NoBackoff(Client):
    """Failures in a row are not counted."""

    def timeout(self, timer):
        before = self.attempts
        super().timeout(timer)
        self.attempts = before


class CountsTwice(Client):
    """Every failure counts twice."""

    def timeout(self, timer):
        if timer == "reconnect":
            self.attempts += 1
        super().timeout(timer)


class NoCap(Client):
    """The back-off grows without an end."""

    def backoff(self):
        most = self.policy["waits"]["backoff"]["base"] * self.policy["waits"]["backoff"]["factor"] ** max(0, self.attempts - 1)
        return (most / 2, most)


class LinearBackoff(Client):
    """The back-off grows by its base each time."""

    def backoff(self):
        backoff = self.policy["waits"]["backoff"]
        most = min(backoff["cap"], backoff["base"] * max(1, self.attempts))
        return (most / 2, most)


class NeverForgiven(Client):
    """What has held does not forgive the failures before it."""

    def forgive(self):
        self.resumes = 0


class ReadyForgives(Client):
    """READY or RESUMED forgives all failures, so that a session that ends at once is asked for again at once."""

    def settle(self):
        super().settle()
        self.attempts = 0


class TimeForgives(Client):
    """Failures are forgiven after a time, without a heartbeat that was acknowledged."""

    def timeout(self, timer):
        super().timeout(timer)
        if timer == "settle":
            self.state = "settled"
            self.forgive()


class StartGoesOnCounting(Client):
    """A start does not forgive what failed before the stop."""

    def start(self, on):
        attempts, begins = self.attempts, self.state in ("stopped", "failed")
        super().start(on)
        if begins:
            self.attempts = max(attempts, 1)


class StartKeepsResumes(Client):
    """A start goes on counting the resumes that failed before it."""

    def start(self, on):
        resumes, begins = self.resumes, self.state in ("stopped", "failed")
        if begins and resumes >= self.policy["resumeBudget"]:
            self.forget()
        super().start(on)


class NoWaitAfterInvalidSession(Client):
    """Op 9 is followed by the next try at once."""

    def close(self, code, then, wait=None, answered=False):
        super().close(code, then, "retry" if wait == "invalidSession" else wait, answered)


class InvalidSessionDoesNotGrow(Client):
    """The wait after op 9 is the same however often it comes."""

    def wait_span(self):
        return self.policy["waits"]["invalidSession"] if self.wait == "invalidSession" else super().wait_span()


class NoCooldown(Client):
    """After 4008 the next try comes like after any loss."""

    def row(self, code):
        return {name: value for name, value in super().row(code).items() if value != "cooldown"}


class PermitDelayIgnored(Client):
    """A permit that comes later is asked for at once."""

    def permitRefused(self, on):
        super().permitRefused({**on, "retryAfter": on["retryAfter"] and 1})


class RetryAfterIgnored(Client):
    """Nobody tells it how long to wait."""

    def told(self, on):
        return None


class WaitIsKept(Client):
    """Who was told how long to wait waits as long after every later loss."""

    def wait_for(self, wait, **how):
        super().wait_for(wait if isinstance(self.wait, str) or not isinstance(wait, str) else self.wait, **how)


class OrderWaits(Client):
    """A reconnect that was ordered waits like any other."""

    def reconnect(self, on):
        super().reconnect(on)
        self.wait = "retry" if self.wait == "order" else self.wait


# Closes and orders


class StopKeepsSession(Client):
    """A stop leaves a session to resume, which its own close code has ended."""

    def stop(self, on):
        kept = self.session, self.sequence
        super().stop(on)
        self.session, self.sequence = kept


class DetachEndsSession(Client):
    """A detach forgets the session."""

    def detach(self, on):
        super().detach(on)
        self.forget()


class FreshKeepsSession(Client):
    """A reconnect with a new session resumes the old one."""

    def reconnect(self, on):
        kept = self.session, self.sequence, self.resumes
        super().reconnect(on)
        if self.state == "closing":
            self.session, self.sequence, self.resumes = kept


class StopLosesToReconnect(Client):
    """A stop while the connection closes for a reconnect is forgotten."""

    def stop(self, on):
        if self.then != "waiting":
            super().stop(on)


class FailureKeepsSession(Client):
    """A close code that forbids reconnecting leaves the session."""

    def closed(self, on):
        kept = self.session, self.sequence
        super().closed(on)
        if self.state == "failed":
            self.session, self.sequence = kept


class ReconnectEndsSession(Client):
    """Op 7 is answered with 1000, which ends the session."""

    def message(self, payload):
        if payload["op"] == 7 and self.is_connected():
            self.close(1000, "waiting", "retry")
        else:
            super().message(payload)


class InvalidSessionIsLost(Client):
    """Op 9 ends the session whatever it says."""

    def invalid(self, resumable):
        super().invalid(False)


class InvalidSessionIsKept(Client):
    """After op 9 the session is resumed whatever it says."""

    def invalid(self, resumable):
        super().invalid(True)


class CrossingIsNotRead(Client):
    """A close of the Gateway that crosses our own is taken for its answer."""

    def crossed(self, on, recovery):
        super().crossed({**on, "code": 1000}, recovery)


class CrossingDoesNotCoolDown(Client):
    """A 4008 that crosses our own close is not waited for."""

    def crossed(self, on, recovery):
        super().crossed({**on, "code": 1006} if on["code"] == 4008 else on, recovery)


class CloseCodeIsForgotten(Client):
    """4006 is taken for a code like any other."""

    def row(self, code):
        return {} if code == 4006 else super().row(code)


class MalformedIsFatal(Client):
    """A message that cannot be understood ends the connection."""

    def handle(self, on):
        return super().handle({"kind": "frame", "connection": on["connection"], "undecodable": True} if "text" in on else on)


class UnknownOpcodeIsFatal(Client):
    """An opcode that is unknown ends the connection."""

    def message(self, payload):
        if payload["op"] > 11 and self.is_connected():
            self.give_up()
        super().message(payload)


# What is over


class OldSocketsCount(Client):
    """What comes from an earlier connection is taken for the one that is open."""

    def is_stale(self, on):
        return super().is_stale({**on, "connection": self.connection})


class OldAnswersCount(Client):
    """The answer to an earlier request is taken for that to the last."""

    def is_stale(self, on):
        return super().is_stale({**on, "request": self.request})


class IdentifiesTwice(Client):
    """A permit that is told twice is used twice."""

    def permitGranted(self, on):
        if self.state == "identifying":
            self.state = "queued"
        super().permitGranted(on)


class LocatedTwice(Client):
    """A URL that is told again is connected to again."""

    def located(self, on):
        if self.state == "opening":
            self.state = "locating"
        super().located(on)


class SocketClosesTwice(Client):
    """A second report of a lost connection counts as another loss."""

    def closed(self, on):
        if self.state == "waiting":
            self.wait_for("retry")
        super().closed(on)


class StartsTwice(Client):
    """A start begins again whatever is going on."""

    def start(self, on):
        if self.state == "waiting":
            self.leave("stopped")
        super().start(on)


class TimersRunOn(Client):
    """A timer is not stopped once what it waited for is there."""

    def disarm(self, *timers):
        super().disarm(*(timer for timer in timers if timer != "hello"))


class RequestsRunOn(Client):
    """A request is not given up when nobody needs its answer any more."""

    def do(self, what, **params):
        if what not in ("cancelLocate", "cancelPermit"):
            super().do(what, **params)


# The policy


class OwnCloseCode(Client):
    """The close code that keeps a session is fixed."""

    def close(self, code, *args, **how):
        super().close(code if code == 1000 else 4900, *args, **how)


class OwnBudget(Client):
    """The number of resumes is fixed."""

    def __init__(self, policy):
        super().__init__({**policy, "resumeBudget": 3})


class OwnTable(Client):
    """The close codes are those of the documentation, whatever the policy says of them."""

    def row(self, code):
        return CODES.get(code, {})


class OwnStability(Client):
    """A connection has held after one interval, whatever the policy says."""

    def __init__(self, policy):
        super().__init__({**policy, "stability": 1})


class ResumesWhereTold(Client):
    """A session is resumed at its own URL, even behind a proxy."""

    def __init__(self, policy):
        super().__init__({**policy, "resumeAt": "session"})


TWINS = [twin for twin in Client.__subclasses__() if twin.__module__ == __name__]


def first_failure(twin, suites):
    """The first vector that a twin fails, or the first timer that it leaves nothing to chance of; None if it passes all."""
    for file, steps in suites:
        random.seed(1)  # what is drawn within a span is the same each time
        draws = Draws()
        for step, result in run(twin, file, steps, draws):
            if result is not None:
                return f"vector {step.id}, {name_of(step.on)}"
        for timer in draws.not_drawn():
            return f"timer {timer} is not drawn"
    return None


def suites_of(path, part):
    """A file of vectors with the steps that a client without backpressure can take: its stories, and all; or a part alone."""
    file = vectors_in(path)
    steps = [step for step in steps_of(file) if "backlog" not in step.labels]
    for name in [part] if part else ["stories", None]:
        first, end = file["parts"].get(name, (0, 0)) if name else (0, len(file["steps"]))
        wanted = {each.id for step in steps if first <= step.id < end for each in step.way()}
        yield file, [step for step in steps if step.id in wanted]


def main():
    parser = argparse.ArgumentParser(description="Plays the vectors on wrong clients.")
    parser.add_argument("--part", help="a part of the vectors alone, such as transitions")
    parser.add_argument("--of", action="append", help="only this twin, by its name")
    options = parser.parse_args()
    part, twins = options.part, [twin for twin in TWINS if options.of is None or twin.__name__ in options.of]
    suites = sorted((suite for path in VECTORS for suite in suites_of(path, part)), key=lambda suite: len(suite[1]))
    noticed = 0
    for twin in [Client, *twins]:
        found = first_failure(twin, suites)
        noticed += twin is not Client and found is not None
        print(f"{twin.__name__}: {found or 'passes'}")
    print(f"{noticed} of {len(twins)} wrong twins noticed")
    sys.exit(0 if noticed == len(twins) else 1)


if __name__ == "__main__":
    main()

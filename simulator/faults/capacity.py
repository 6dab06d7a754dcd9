"""Refusal by capacity: so many a second (a token bucket), and a queue of so many emptied at some rate.

Levels follow the world's clock and are kept for each account: capacity belongs to a peer, not to a person.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.faults.fault import Fault, Visit
from simulator.faults.trouble import number
from simulator.world import Moment, Refusal, Refused

ACCOUNTS = 1_000
"""Accounts whose levels one fault remembers; when there are more it starts anew."""


def refuse(fault: Fault, visit: Visit, now: Moment) -> Refused | None:
    """What the fault says to one more message; None takes it."""
    rule = RULES.get(fault.name)
    return rule(fault, visit.account or "-", now) if rule else None


def _throttle(fault: Fault, account: str, now: Moment) -> Refused | None:
    rate, burst = number(fault, "rate"), number(fault, "burst")
    left = _moved(fault, account, now, start=burst, slope=rate, least=0.0, most=burst)
    if left < 1:
        return Refused(Refusal.THROTTLED, retry_after=(1 - left) / rate)
    fault.state[f"level {account}"] = left - 1
    return None


def _queue(fault: Fault, account: str, now: Moment) -> Refused | None:
    rate, length = number(fault, "rate"), number(fault, "length")
    waiting = _moved(fault, account, now, start=0.0, slope=-rate, least=0.0, most=length)
    if waiting + 1 > length:
        return Refused(Refusal.QUEUE_FULL, retry_after=(waiting + 1 - length) / rate)
    fault.state[f"level {account}"] = waiting + 1
    return None


def _moved(
    fault: Fault, account: str, now: Moment, *, start: float, slope: float, least: float, most: float
) -> float:
    """The account's level, brought up to `now`."""
    if f"level {account}" not in fault.state and len(fault.state) > 2 * ACCOUNTS:
        fault.state.clear()
    level = fault.state.get(f"level {account}", start)
    since = fault.state.get(f"since {account}", float(now))
    level = min(max(level + slope * (now - since) / 1000, least), most)
    fault.state[f"level {account}"], fault.state[f"since {account}"] = level, float(now)
    return level


RULES: dict[str, Callable[[Fault, str, Moment], Refused | None]] = {"throttle": _throttle, "queue": _queue}

"""The simulator's journal, followed page by page: what happened to each message on the other side.

Times are those of the simulator's machine (`wall`), which the load test takes for its own: flows are measured
as a stopwatch beside both programs would, whatever the world's clock does.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from harness import control

KINDS = (
    "mt.submitted", "mt.refused", "report.due", "reply.written", "reply.handed", "reply.lost", "fault.hit",
    "door.call",
)  # fmt: skip
PAGE = 10_000
MARK = re.compile(r"\(#([0-9a-f]{8})\)")
DELIVERED, BY_HAND = "delivered", "by hand"
SUBMIT = {"sms": "/outboundmessages", "voice": "/Calls"}
"""The call at each HTTP door that hands a message over."""

Flow = Callable[[str, int, int], None]
"""Takes a flow's name, the millisecond at which it ended, and how many it took."""


class Journal:
    """What the journal told since the run began: request ids by survey, flows, refusals, injected faults."""

    def __init__(self, flow: Flow, since: int, strangers: Collection[str] = ()) -> None:
        """Messages and replies of `strangers`, accounts of the gateway that are not the service's, are passed
        over; faults that hit them are told apart.
        """
        self._flow, self.after, self.began = flow, since, since
        self.forgotten = 0
        self.seen: dict[str, set[str]] = defaultdict(set)
        """Request ids that reached the gateway, by the mark in their question."""
        self.hits: Counter[tuple[str, str]] = Counter()
        """Injected faults: how often each hit, by name and place."""
        self._strangers = frozenset(strangers)
        self.hits_elsewhere: Counter[str] = Counter()
        """Those of them that hit strangers, by place."""
        self.lost: Counter[str] = Counter()
        """Replies that were lost on their way, by what lost them."""
        self.submitted = self.written = self.handed = 0
        self._refusals: Counter[str] = Counter()
        self._reference: dict[str, str] = {}
        self._delivered: dict[str, int] = {}
        self._written: dict[str, int] = {}
        self._came: dict[str, int] = {}

    def follow(self) -> bool:
        """Read what is new; whether there was anything."""
        began = self.after
        while True:
            page = control("/journal", query={"after": self.after, "limit": PAGE, "kind": ",".join(KINDS)})
            self.forgotten += int(page["forgotten"])
            for entry in page["entries"]:
                self._take(entry)
            moved, self.after = page["after"] > self.after, page["after"]
            if not moved or page["after"] >= page["last"]:
                return self.after > began

    def _take(self, entry: Mapping[str, Any]) -> None:
        if entry["account"] in self._strangers:
            if entry["kind"] == "fault.hit":
                self._fault_hit(entry, 0)
                self.hits_elsewhere[str(entry["facts"]["where"])] += 1
            return
        take = getattr(self, "_" + entry["kind"].replace(".", "_"))
        take(entry, _milliseconds(entry["wall"]))

    def _mt_submitted(self, entry: Mapping[str, Any], at: int) -> None:
        self.submitted += 1
        mark = MARK.search(entry["facts"].get("text") or "")
        reference = entry["facts"].get("reference")
        if mark and reference:
            self.seen[mark[1]].add(reference)
            self._reference[entry["message"]] = reference

    def _report_due(self, entry: Mapping[str, Any], at: int) -> None:
        """The handset has it."""
        reference = self._reference.pop(entry["message"], None)
        if reference is not None and entry["facts"].get("cause") == DELIVERED:
            self._came[reference] = at
            self._delivered[entry["message"]] = at

    def arrivals(self) -> Iterator[tuple[str, int]]:
        """Request ids whose question was delivered, and when; each is told once."""
        while self._came:
            yield self._came.popitem()

    def _reply_written(self, entry: Mapping[str, Any], at: int) -> None:
        self.written += 1
        self._written[entry["facts"]["reply"]] = at
        delivered = self._delivered.pop(entry["facts"].get("answers") or "", None)
        if delivered is not None and entry["facts"].get("phenomenon") != BY_HAND:
            self._flow("delivered→replied", at, at - delivered)

    def _reply_handed(self, entry: Mapping[str, Any], at: int) -> None:
        """The service has acknowledged it, and it acknowledges only what is counted for good."""
        written = self._written.pop(entry["facts"]["reply"], None)
        if written is not None:
            self.handed += 1
            self._flow("replied→counted", at, at - written)

    def _reply_lost(self, entry: Mapping[str, Any], at: int) -> None:
        if self._written.pop(entry["facts"].get("reply"), None) is None:
            self.written += 1
        self.lost[str(entry["facts"].get("why") or "?")] += 1

    def _mt_refused(self, entry: Mapping[str, Any], at: int) -> None:
        self._refusals["carrier"] += 1

    def _door_call(self, entry: Mapping[str, Any], at: int) -> None:
        facts = entry["facts"]
        submits = SUBMIT.get(str(facts.get("door")))
        if submits and submits in str(facts.get("path")) and int(facts.get("status") or 0) >= 400:
            self._refusals["door"] += 1

    def _fault_hit(self, entry: Mapping[str, Any], at: int) -> None:
        self.hits[str(entry["facts"]["name"]), str(entry["facts"]["where"])] += 1

    @property
    def refused(self) -> int:
        """Submissions that got a no. An HTTP door notes its answer, the carrier its reason: the same no."""
        return max(self._refusals.values(), default=0)

    @property
    def unheard(self) -> int:
        """Replies that were written and neither taken nor lost."""
        return len(self._written)


def present() -> int:
    """The number of the journal's last entry."""
    return int(control("/journal", query={"limit": 1})["last"])


def _milliseconds(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)

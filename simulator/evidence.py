"""What is asked of the truth, and what it answers: the selection, the report, and why it is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from simulator.entry import iso
from simulator.reckoning import BRUSSELS, Account, Asked, Figures
from simulator.world import Moment

WINDOW_MS = 72 * 3_600_000
VALIDITY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions are meant; what is None selects all. A period includes both its ends."""

    addresses: frozenset[str] | None = None
    references: frozenset[str] | None = None
    messages: frozenset[str] | None = None
    account: str | None = None
    channel: str | None = None
    question: str | None = None
    since: Moment | None = None
    until: Moment | None = None
    window_ms: int = WINDOW_MS
    validity_ms: int = VALIDITY_MS
    zone: tzinfo = BRUSSELS

    def takes(self, asked: Asked) -> bool:
        """Whether `asked` belongs to it."""
        return (
            (self.addresses is None or asked.address in self.addresses)
            and (self.references is None or asked.reference in self.references)
            and (self.messages is None or asked.message in self.messages)
            and (self.account is None or asked.account == self.account)
            and (self.channel is None or asked.channel == self.channel)
            and (self.question is None or asked.text == self.question)
            and (self.since is None or asked.counted_from >= self.since)
            and (self.until is None or asked.counted_from <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The selection may reach back to questions of which nothing is known any more."""

    before: Moment
    detail: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect service reports, and why. `strangers`: selected addresses the gateway never saw."""

    figures: Figures
    report: Mapping[str, object]
    accounts: tuple[Account, ...]
    strangers: tuple[str, ...]
    doubts: int
    """Replies written by hand without a meaning, which no figure here counts."""
    unheard: int
    """Replies of these people that the peer has not taken: one that never asks would never count them."""

    def as_json(self, *, evidence: bool = True) -> dict[str, object]:
        """As the control API gives it."""
        people = [evidence_of(each) for each in self.accounts] if evidence else []
        people += [{"address": each, "state": "NEVER_SUBMITTED"} for each in self.strangers if evidence]
        return {"report": self.report, "doubts": self.doubts, "unheard": self.unheard, "people": people}


def evidence_of(account: Account) -> dict[str, object]:
    """One question: what the person wrote, what they meant, what counts of it, and what state it is in."""
    asked, counts = account.asked, account.counts
    meant = counts or (account.replies[-1][0].reply if account.replies else None)
    return {
        "address": asked.address,
        "channel": asked.channel,
        "message": asked.message,
        "reference": asked.reference,
        "handed": iso(asked.handed[1]) if asked.handed else None,
        "wrote": [heard.reply.text for heard, _ in account.replies],
        "meant": {"verdict": meant.meaning, "score": meant.score} if meant else None,
        "counted": {"response": account.response, "score": counts.score if counts else None},
        "state": account.state.value,
        "failed": account.state.value == "FAILED",
        "replies": [
            {
                "id": heard.reply.id,
                "at": iso(heard.at),
                "text": heard.reply.text,
                "verdict": heard.reply.meaning,
                "score": heard.reply.score,
                "did": did,
            }
            for heard, did in account.replies
        ],
    }

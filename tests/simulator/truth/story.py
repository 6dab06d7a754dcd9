"""A world's journal, told entry by entry, and what is true of it."""

from simulator.clock import Clock, Mode
from simulator.journal import Journal, Kind
from simulator.reckoning import Figures
from simulator.truth import Ledger, Selection, Truth
from simulator.world import Moment

START = Moment(1_800_000_000_000)
HOUR = 3_600_000
ANNA, BERT = "+32470000001", "+32470000002"
ALL = Selection()


class Story:
    """A journal written by hand, and the ledger that hears it."""

    def __init__(self, keep: int = 1_000) -> None:
        self.clock = Clock(Mode.FROZEN, start=START)
        self.journal, self.ledger = Journal(self.clock), Ledger(keep)
        self.journal.listen(self.ledger)

    def at(self, hours: float) -> "Story":
        self.clock._base = START + int(hours * HOUR)
        return self

    def sent(
        self, message: str, address: str = ANNA, *, account: str = "a", reference: str | None = None
    ) -> "Story":
        self.journal.record(
            Kind.MT_SUBMITTED, message=message, address=address, account=account,
            channel="SMS", text="Question?", reference=reference,
        )  # fmt: skip
        return self

    def refused(self, *, permanent: bool, address: str = ANNA, reference: str | None = None) -> "Story":
        self.journal.record(
            Kind.MT_REFUSED, address=address, account="a", channel="SMS", text="Question?",
            reference=reference, refusal="x", permanent=permanent,
        )  # fmt: skip
        return self

    def report(self, message: str, status: str) -> "Story":
        self.journal.record(Kind.REPORT_HANDED, message=message, address=ANNA, account="a", status=status)
        return self

    def delivered(self, message: str) -> "Story":
        return self.report(message, "DeliveredToTerminal")

    def impossible(self, message: str) -> "Story":
        return self.report(message, "DeliveryImpossible")

    def wrote(self, reply: str, meaning: str | None, score: int | None = None) -> "Story":
        self.journal.record(Kind.REPLY_WRITTEN, reply=reply, text=f"{score}", meaning=meaning, score=score)
        return self

    def heard(self, reply: str, address: str = ANNA, account: str = "a") -> "Story":
        self.journal.record(Kind.REPLY_HANDED, address=address, account=account, reply=reply, channel="SMS")
        return self

    def good(self, reply: str, score: int, address: str = ANNA) -> "Story":
        return self.wrote(reply, "good", score).heard(reply, address)

    def bad(self, reply: str, verdict: str = "no_score", address: str = ANNA) -> "Story":
        return self.wrote(reply, verdict).heard(reply, address)

    def truth(self, selection: Selection = ALL) -> Truth:
        told = self.ledger.tell(selection, self.clock.now())
        assert isinstance(told, Truth)
        return told

    def figures(self, selection: Selection = ALL) -> Figures:
        return self.truth(selection).figures

    def states(self) -> list[str]:
        return [each.state.value for each in self.truth().accounts]

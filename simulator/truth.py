"""The ledger of what was asked and meant, fed by the journal, and the truth for a selection (gateway.md).

Bounded: of the oldest questions it forgets everything, and then it says so rather than guess.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator

from simulator.backlog import AT_A_TIME, Backlog
from simulator.evidence import Forgotten as Forgotten
from simulator.evidence import Selection as Selection
from simulator.evidence import Truth as Truth
from simulator.journal import Batch, Entry, Kind, iso
from simulator.reckoning import (
    Account,
    Asked,
    Heard,
    Written,
    count,
    report,
    settle,
)
from simulator.world import Moment

CORRELATED_MS = 48 * 3_600_000
"""For so long a second submission under a reference is the same message again."""
TEXTS = 10_000  # distinct question texts kept once; more are kept as they come

Person = tuple[str, str, str]
"""Account, channel and address: one conversation."""


class Ledger:
    """Keeps what it needs of the latest `keep` questions. Feed it every entry of the journal, in order."""

    def __init__(self, keep: int = 1_000_000) -> None:
        self._keep = keep
        self._feeds: dict[Kind, Callable[[Entry], None]] = {
            Kind.MT_SUBMITTED: self._submitted,
            Kind.MT_REFUSED: self._refused,
            Kind.MT_BOTCHED: self._botched,
            Kind.REPORT_HANDED: self._reported,
            Kind.REPLY_WRITTEN: self._wrote,
            Kind.REPLY_HANDED: self._heard,
            Kind.REPLY_LOST: self._lost,
            Kind.WORLD_RESET: self._reset,
        }
        self._backlog = Backlog(keep, self._feeds.keys(), self._read, self._passed_over)
        self._forget_all()

    def _forget_all(self) -> None:
        self._asked: OrderedDict[int, Asked] = OrderedDict()
        self._by_message: dict[str, Asked] = {}
        self._by_reference: dict[tuple[Person, str], Asked] = {}
        self._lines: set[tuple[str, str]] = set()
        self._untaken: dict[tuple[Person, str], Asked] = {}
        self._people: defaultdict[Person, list[Asked]] = defaultdict(list)
        self._replies: defaultdict[Person, list[Heard]] = defaultdict(list)
        self._written: OrderedDict[str, Written] = OrderedDict()
        self._heard_ids: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._unheard: OrderedDict[str, Person] = OrderedDict()
        self._texts: dict[str, str] = {}
        self._forgotten: Moment | None = None
        self._backlog.clear()

    def __call__(self, entry: Entry) -> None:
        feed = self._feeds.get(entry.kind)
        if feed is not None:
            if not self._backlog or entry.kind is Kind.WORLD_RESET:
                feed(entry)
            else:
                self._backlog.put(entry)

    def take(self, batch: Batch) -> None:
        """Many entries, read when somebody asks for the truth. Of those too, only the latest are kept."""
        self._backlog.put(batch)

    def catch_up(self, until: int, most: int = AT_A_TIME) -> bool:
        """Read some of the entries put off, up to number `until`; whether that is all."""
        return self._backlog.catch_up(until, most)

    def _read(self, entry: Entry) -> None:
        self._feeds[entry.kind](entry)

    def _passed_over(self, at: Moment | None) -> None:
        """What was to be read is forgotten; whatever was read is older."""
        while self._asked:
            self._forget(self._asked.popitem(last=False)[1])
        self._forgotten = self._forgotten if at is None else at

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it wants to hear of."""
        return frozenset(self._feeds)

    def __len__(self) -> int:
        self._backlog.read_all()
        return len(self._asked)

    # What the journal tells

    def _submitted(self, entry: Entry) -> None:
        asked = self._question(entry)
        if asked.handed is None and not asked.refused:
            asked.handed = (entry.seq, entry.at)
            asked.message = entry.message
            self._untaken.pop((_person(asked), asked.reference or asked.text), None)
        if entry.message is not None:
            self._by_message[entry.message] = asked

    def _refused(self, entry: Entry) -> None:
        asked = self._question(entry)
        if entry.facts.get("permanent") and asked.handed is None:
            asked.refused = True

    def _botched(self, entry: Entry) -> None:
        """Known as a question even if it was not taken; one that was taken has its own entry."""
        if not entry.facts.get("accepted"):
            self._question(entry)

    def _question(self, entry: Entry) -> Asked:
        """What this submission is about: a question known by its reference, one tried again, or a new one."""
        reference = _text(entry, "reference") or None
        person = (entry.account or "", _text(entry, "channel") or "SMS", entry.address or "")
        known = self._by_reference.get((person, reference)) if reference else None
        if known is not None and entry.at < known.at + CORRELATED_MS:
            return known
        text = _text(entry, "text")
        if len(self._texts) < TEXTS:
            text = self._texts.setdefault(text, text)
        waiting = self._untaken.get((person, reference or text))
        if waiting is not None:
            return waiting
        return self._new(Asked(entry.seq, entry.at, *person, text, reference))

    def _new(self, asked: Asked) -> Asked:
        self._asked[asked.seq] = asked
        self._people[_person(asked)].append(asked)
        self._lines.add((asked.account, asked.channel))
        self._untaken[_person(asked), asked.reference or asked.text] = asked
        if asked.reference:
            self._by_reference[_person(asked), asked.reference] = asked
        while len(self._asked) > self._keep:
            self._forget(self._asked.popitem(last=False)[1])
        return asked

    def _forget(self, asked: Asked) -> None:
        person = _person(asked)
        self._forgotten = asked.counted_from
        self._by_message.pop(asked.message or "", None)
        if asked.reference and self._by_reference.get((person, asked.reference)) is asked:
            del self._by_reference[person, asked.reference]
        if self._untaken.get((person, asked.reference or asked.text)) is asked:
            del self._untaken[person, asked.reference or asked.text]
        self._people[person].remove(asked)
        if not self._people[person]:
            del self._people[person]
            self._replies.pop(person, None)

    def _reported(self, entry: Entry) -> None:
        asked = self._by_message.get(entry.message or "")
        if asked is not None and len(asked.reports) < 16:
            asked.reports.append((entry.seq, entry.at, _text(entry, "status")))

    def _wrote(self, entry: Entry) -> None:
        meaning, score = entry.facts.get("meaning"), entry.facts.get("score")
        self._written[_text(entry, "reply")] = Written(
            id=_text(entry, "reply"),
            text=_text(entry, "text"),
            meaning=meaning if isinstance(meaning, str) else None,
            score=score if isinstance(score, int) else None,
        )
        self._unheard[_text(entry, "reply")] = (
            entry.account or "",
            self._channel_of(entry),
            entry.address or "",
        )
        for kept in (self._written, self._unheard):
            if len(kept) > 2 * self._keep:
                kept.popitem(last=False)

    def _heard(self, entry: Entry) -> None:
        """A duplicate hand-out changes nothing: the first counts."""
        identity = (entry.account or "", _text(entry, "reply"))
        self._unheard.pop(identity[1], None)
        reply = self._written.get(identity[1])
        if reply is None or identity in self._heard_ids:
            return
        self._heard_ids[identity] = None
        if len(self._heard_ids) > 2 * self._keep:
            self._heard_ids.popitem(last=False)
        person = (entry.account or "", self._channel_of(entry), entry.address or "")
        if person in self._people:
            asked = None if person[1] == "SMS" else self._by_message.get(entry.message or "")
            about = asked.seq if asked else None
            self._replies[person].append(Heard(entry.seq, entry.at, reply, about))

    def _lost(self, entry: Entry) -> None:
        """Lost by the world, nobody could have heard it; given up by a door, its peer never took it."""
        why = _text(entry, "why")
        if "fault" in why or why == "no conversation":
            self._unheard.pop(_text(entry, "reply"), None)

    def _channel_of(self, entry: Entry) -> str:
        asked = self._by_message.get(entry.message or "")
        told = _text(entry, "channel") or (asked.channel if asked else "")
        return told or ("EMAIL" if "@" in (entry.address or "") else "SMS")

    def _reset(self, entry: Entry) -> None:
        self._forget_all()

    # What is asked of it

    def tell(self, selection: Selection, now: Moment) -> Truth | Forgotten:
        """What a perfect service would report on `selection` at `now`."""
        self._backlog.read_all()
        if (forgotten := self._reaches_back(selection)) is not None:
            return forgotten
        chosen = [asked for asked in self._candidates(selection) if selection.takes(asked)]
        accounts = tuple(self._accounts(chosen, selection, now))
        figures = count(accounts)
        first = min((asked.counted_from for asked in chosen), default=now)
        seen = {asked.address for asked in chosen}
        return Truth(
            figures=figures,
            report=report(
                figures,
                now=now,
                since=first if selection.since is None else selection.since,
                until=now if selection.until is None else selection.until,
                zone=selection.zone,
            ),
            accounts=accounts,
            strangers=tuple(sorted((selection.addresses or frozenset()) - seen)),
            unheard=self._unheard_of(chosen),
            doubts=sum(did == "unknown" for each in accounts for _, did in each.replies),
        )

    def _unheard_of(self, chosen: list[Asked]) -> int:
        people = set(map(_person, chosen))
        return sum(person in people for person in self._unheard.values())

    def _candidates(self, selection: Selection) -> Iterable[Asked]:
        """At least every question that the selection takes; few where an index helps."""
        if selection.messages is not None:
            found = (self._by_message.get(each) for each in selection.messages)
            return sorted({each.seq: each for each in found if each}.values(), key=lambda each: each.seq)
        if selection.addresses is not None and len(selection.addresses) * len(self._lines) < len(self._asked):
            people = ((*line, address) for line in self._lines for address in selection.addresses)
            known = (asked for person in people for asked in self._people.get(person, ()))
            return sorted(known, key=lambda each: each.seq)
        return self._asked.values()

    def _accounts(self, chosen: list[Asked], selection: Selection, now: Moment) -> Iterator[Account]:
        """Settled person by person, since a reply may belong to a question outside the selection."""
        settled: dict[int, Account] = {}
        for person in dict.fromkeys(map(_person, chosen)):
            for account in settle(
                self._people[person],
                self._replies.get(person, ()),
                now=now,
                window_ms=selection.window_ms,
                validity_ms=selection.validity_ms,
            ):
                settled[account.asked.seq] = account
        return (settled[asked.seq] for asked in chosen)

    def _reaches_back(self, selection: Selection) -> Forgotten | None:
        before = self._forgotten
        if before is None or (selection.since is not None and selection.since > before):
            return None
        if selection.messages is not None and selection.messages <= self._by_message.keys():
            return None
        return Forgotten(
            before,
            f"only the latest {self._keep} questions are kept; ask about a period that begins after "
            f"{iso(before)}, about messages that are kept, or keep more messages",
        )


def _person(asked: Asked) -> Person:
    return asked.account, asked.channel, asked.address


def _text(entry: Entry, name: str) -> str:
    value = entry.facts.get(name)
    return value if isinstance(value, str) else ""

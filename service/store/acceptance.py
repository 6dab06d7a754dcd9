"""Claims on a person's contact interval, and the rows of accepted requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from service.clock import Moment
from service.domain import segments
from service.domain.request import AccountId, Channel, RequestId, SurveyId
from service.domain.survey import Question
from service.store.changes import Place
from service.store.engine import Tx

NO_SEGMENTS = 0
"""The set without tags; it has no row."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Until when a person is not to be contacted again, or that they never are."""

    until: Moment
    opted_out: bool


@dataclass(frozen=True, slots=True)
class NewRequest:
    """An accepted request as it is written down."""

    id: RequestId
    question: Question
    channel: Channel
    segment_set: int
    fingerprint: bytes = field(repr=False)
    sealed: bytes = field(repr=False)


def claim(
    tx: Tx, account: AccountId, fingerprints: Iterable[bytes], now: Moment, until: Moment
) -> set[bytes]:
    """Start the contact interval of these people. Of whom it succeeded: the others have one running, or
    opted out."""
    joined = b"".join(sorted(set(fingerprints)))
    if not joined:
        return set()
    return {
        row["fingerprint"]
        for row in tx.all("claim", account=account, fingerprints=joined, now=now, until=until)
    }


def contacts(tx: Tx, account: AccountId, fingerprints: Iterable[bytes]) -> dict[bytes, Contact]:
    """What is known of these people's last contact."""
    joined = b"".join(sorted(set(fingerprints)))
    if not joined:
        return {}
    rows = tx.all("contacts", account=account, fingerprints=joined)
    return {row["fingerprint"]: Contact(Moment(row["until"]), bool(row["opted_out"])) for row in rows}


def segment_set(tx: Tx, survey: SurveyId, tags: Iterable[str]) -> int:
    """The id of a set of tags in a survey; it is made when it is new."""
    distinct = segments.distinct(tags)
    if not distinct:
        return NO_SEGMENTS
    canonical = segments.canonical(distinct)
    row = tx.one("segment_set", survey=survey, canonical=canonical)
    if row is not None:
        return int(row["id"])
    made = tx.one("create_segment_set", survey=survey, canonical=canonical)
    if made is None:
        return int(tx.sole("segment_set", survey=survey, canonical=canonical)["id"])
    tx.many("create_segment", [{"set_id": made["id"], "tag": tag} for tag in distinct])
    return int(made["id"])


def write(
    tx: Tx,
    account: AccountId,
    survey: SurveyId,
    requests: Sequence[NewRequest],
    *,
    now: Moment,
    day: int,
    closes_at: Moment,
) -> None:
    """Make the requests, due at once. `day`: whose data key sealed them."""
    shared = {
        "account": account,
        "survey": survey,
        "now": now,
        "day": day,
        "closes_at": closes_at,
    }
    rows = [
        {
            **shared,
            "id": request.id.bytes,
            "question": request.question.id,
            "language": request.question.language,
            "channel": request.channel.value,
            "segment_set": request.segment_set,
            "fingerprint": request.fingerprint,
            "sealed": request.sealed,
        }
        for request in requests
    ]
    tx.many("create_request", rows)
    tx.many("create_envelope", rows)
    for request in requests:
        place = Place(survey, request.segment_set, request.channel.value, request.question.language, now)
        tx.changes.made(place)

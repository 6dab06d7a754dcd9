"""Whom a report on one person's moment accuses, and whom it does not."""

from __future__ import annotations

import culprits
import pytest
from book import Book, Call
from culprits import Search
from truth import Compared, Figures, Scope, Truth

LIES = {"address": "+32470000001", "wrote": ["9"], "meant": {"verdict": "good", "score": 9}}


class Reports:
    """Always says the same: two requests, both promoters."""

    def of(self, *_: object, **__: object) -> dict[str, dict[str, int]]:
        counts = {"totalRequests": 2, "goodResponses": 2, "badResponses": 0, "failed": 0}
        return {"nps": {"promoters": 2, "detractors": 0, "score": 100}, "responseStatistics": counts}


@pytest.fixture
def book() -> Book:
    """One call for one person."""
    made = Book()
    made.opened(1, "mark")
    made.accepted(Call(1, 1_000, 1_010, (("web", "r1"),)))
    made.take(made.hand_over())
    return made


@pytest.fixture(autouse=True)
def evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(culprits, "evidence", lambda requests: [LIES])


def search(book: Book) -> Search:
    truth = Truth(fates={"r1": "promoters", "r2": "silent"})
    reported, true = Figures.of_fates(["promoters"] * 2), Figures.of_fates(["promoters", "silent"])
    truth.compared = [Compared(Scope(1), reported, true)]
    return Search(book, truth, Reports(), 0)


def test_who_is_counted_twice_is_named(book: Book):
    (culprit,) = search(book).culprits()
    assert (culprit.request, culprit.address, culprit.counted) == (
        "r1",
        "+32470000001",
        "2 promoters, in 2 requests",
    )


def test_nobody_is_accused_for_a_request_of_the_same_moment_of_which_no_answer_told(book: Book):
    book.surveys[1].adopted.append("r2")
    assert search(book).culprits() == []

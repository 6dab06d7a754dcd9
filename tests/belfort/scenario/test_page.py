"""The page about a run: whole, harmless, and nothing in it from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from belfort.scenario.outcome import Beside, Blamed, Event, Outcome, Played, Verdict
from belfort.scenario.page import page
from belfort.scenario.telling import WORDS

HOSTILE = "<script>alert(1)</script>\"'&\x1b[31m"
VOID = {"meta", "path", "line", "rect", "br"}


def outcome(verdict: Verdict = Verdict.PASSED, people: int = 3, reported: float | None = 50) -> Outcome:
    figures = dict.fromkeys(WORDS, (2, 2)) | {"score": (reported, 50)}
    return Outcome(
        title=f"s[{HOSTILE}]", path="s", node=f"s::{HOSTILE}", story=HOSTILE, seed=1, lane=2,
        verdict=verdict, reason=HOSTILE, left=[HOSTILE],
        steps=[Played(3, 5, HOSTILE, HOSTILE, fine=verdict is Verdict.PASSED)],
        compared=[Beside(HOSTILE, figures)],
        blamed=[Blamed(HOSTILE, "1", (HOSTILE,), "9", "a", "b", HOSTILE)],
        events=[Event(f"2030-01-01T00:00:{second:02}.000Z", f"P{who}{HOSTILE}", what, HOSTILE)
                for second, what in enumerate(("asked", "reported", "wrote", "heard", "report lost"))
                for who in range(people)],
    )  # fmt: skip


class Balance(HTMLParser):
    """Every element that begins also ends, in order; scripts and addresses are noted."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.scripts, self.addresses = 0, [""] * 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        self.addresses += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.mark.parametrize("people", [0, 1, 3, 40])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_whatever_was_played_gives_a_whole_and_harmless_page(verdict: Verdict, people: int):
    text = page([outcome(verdict, people, None), outcome(Verdict.PASSED, people)])
    told = Balance(text)
    assert told.open == []
    assert told.scripts == 0
    assert all(address.startswith("#") for address in told.addresses)
    assert not re.search(r"https?://|url\(|@import", text)
    assert "alert(1)" in text


@pytest.mark.parametrize(
    ("reported", "said"), [(33.3, "+33.3"), (-250, "-250"), (float("inf"), "+inf"), (float("nan"), "+nan")]
)
def test_a_score_that_can_be_none_is_shown_as_it_was_reported(reported: float, said: str):
    text = page([outcome(Verdict.WRONG, reported=reported)])
    assert f"truth +50, report {said}<" in text
    assert Balance(text).open == []


def test_a_page_about_nothing_says_so():
    assert "nothing ran" in page([])


def test_what_went_wrong_stands_first_and_is_open():
    text = page([outcome(), outcome(Verdict.WRONG, reported=20)])
    assert text.index("wrong answer") < text.index(">passed<")
    first, second = re.findall(r"<article[^>]*><details( open)?>", text)
    assert (first, second) == (" open", "")
    assert "truth +50, report +20" in text


def test_an_outcome_survives_the_way_between_processes():
    for verdict in Verdict:
        told = outcome(verdict)
        assert Outcome.of_json(told.as_json()) == told

"""The book that workers fill and the master reads, and the pace that users keep."""

from __future__ import annotations

import json

from book import Book, Call
from pace import Pace


def filled() -> Book:
    worker = Book()
    worker.opened(7, "aa")
    worker.accepted(Call(7, 100, 120, (("web", "r1"), ("shop", "r2"))))
    worker.unanswered()
    worker.paced("Sender", 10, 8)
    return worker


def test_rows_go_from_worker_to_master_once():
    worker, master = filled(), Book()
    rows = json.loads(json.dumps(worker.hand_over()))  # as they travel
    master.take(rows)
    master.take(worker.hand_over())
    assert master.surveys[7].calls == [Call(7, 100, 120, (("web", "r1"), ("shop", "r2")))]
    assert (master.count, master.unsure, master.shortfall) == (2, 1, 1 - 8 / 10)


def test_what_only_the_gateway_saw_is_adopted():
    master = Book()
    master.take(filled().hand_over())
    assert master.adopt({"aa": {"r1", "r3"}, "bb": {"r4"}, "cc": {"r5"}}, {"aa": 7, "bb": 8}) == 2
    assert master.surveys[7].adopted == ["r3"]
    assert master.surveys[8].adopted == ["r4"]
    assert master.count == 4


def test_without_a_pace_there_is_no_shortfall():
    assert Book().shortfall is None


def test_a_user_who_is_late_is_short_of_calls():
    now = [0.0]
    pace = Pace(10, lambda: now[0])
    pace.made()
    assert pace.wait() == 0.1
    now[0] = 1.0
    pace.made()
    assert pace.wait() == 0
    assert pace.settle() == (10, 2)
    now[0] = 1.5
    assert pace.settle() == (5, 0)

"""What the door remembers is bounded: mails kept to be looked at, pairs on the greylist."""

from __future__ import annotations

from simulator.servers.mail.greylist import FORGET_MS, Greylist
from simulator.servers.mail.kept import KeptMails
from simulator.world import Moment


def test_of_more_octets_than_allowed_the_oldest_mails_go():
    kept = KeptMails(100)
    for number in range(5):
        kept.put(str(number), b"x" * 30)
    assert [kept.get(str(number)) is not None for number in range(5)] == [False, False, True, True, True]
    kept.put("2", b"y" * 40)  # another mail under the same id counts once
    assert kept.get("2") == b"y" * 40
    assert kept.get("3") is not None or kept.get("4") is not None
    kept.clear()
    assert kept.get("2") is None


def test_a_first_try_waits_a_later_one_passes_and_one_after_a_day_is_a_first_again():
    greylist, now = Greylist(), Moment(1_000_000)
    assert greylist.wait("a", "b", 60.0, now) == 60.0
    assert greylist.wait("a", "b", 60.0, Moment(now + 45_000)) == 15.0
    assert greylist.wait("a", "b", 60.0, Moment(now + 60_000)) == 0.0
    assert greylist.wait("a", "c", 60.0, Moment(now + 60_000)) == 60.0
    assert greylist.wait("a", "b", 60.0, Moment(now + FORGET_MS + 1)) == 60.0
    greylist.forget("a", "b")
    assert greylist.wait("a", "b", 60.0, Moment(now + FORGET_MS + 90_000)) == 60.0


def test_the_greylist_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr("simulator.servers.mail.greylist.MOST", 10)
    greylist = Greylist()
    for number in range(50):
        greylist.wait("a", str(number), 60.0, Moment(0))
    assert len(greylist) == 10

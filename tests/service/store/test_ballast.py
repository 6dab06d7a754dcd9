"""The reserve for a full disk."""

from __future__ import annotations

import os

from service.store.ballast import SIZE, Ballast


def test_it_takes_up_real_room_until_it_is_given_up(tmp_path):
    ballast, file = Ballast(tmp_path / "a.sqlite3"), tmp_path / "a.sqlite3.ballast"
    assert ballast.hold()
    assert file.stat().st_size == SIZE
    assert file.stat().st_blocks * 512 >= SIZE
    assert ballast.give_up()
    assert not file.exists()
    assert not ballast.give_up()
    assert ballast.hold()


def test_one_that_stands_there_already_is_kept(tmp_path):
    assert Ballast(tmp_path / "a.sqlite3").hold()
    again = Ballast(tmp_path / "a.sqlite3")
    assert again.hold()
    assert again.give_up()


def test_without_room_no_half_of_it_stays(tmp_path, monkeypatch):
    def no_room(handle: int, _offset: int, size: int) -> None:
        os.write(handle, b"x" * (size // 2))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", no_room)
    ballast = Ballast(tmp_path / "a.sqlite3")
    assert not ballast.hold()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert ballast.hold()


def test_a_folder_that_takes_no_file_is_no_trouble(tmp_path):
    assert not Ballast(tmp_path / "nowhere" / "a.sqlite3").hold()

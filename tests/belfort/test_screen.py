"""What people see."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from belfort.screen import busy, gauge, printable, progress, quoted


def test_the_needle_stands_where_the_score_is():
    assert gauge(-100).plain.startswith("−100 ┃")
    assert "┃ +100" in gauge(100).plain
    assert gauge(0).plain.count("┃") == 1
    assert gauge(None).plain == "no score yet"


@given(st.text())
def test_no_reply_can_steer_a_terminal(text):
    shown = quoted(text)
    assert shown.isprintable()
    assert len(shown) <= 36


def test_control_characters_become_blanks():
    assert printable("a\x1b[31mb\u2028c") == "a [31mb c"


class Terminal(io.StringIO):
    """Somewhere to write that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("file", "ci"), [(io.StringIO, ""), (Terminal, "true")])
def test_nothing_moves_where_nobody_watches(file, ci, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("CI", ci)
    out = file()
    console = Console(file=out)
    with progress(console) as bar, busy(console, "comparing"):
        bar.add_task("asking", total=1, note="")
    assert out.getvalue() == ""

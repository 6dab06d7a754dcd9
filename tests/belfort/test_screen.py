"""What people see."""

from hypothesis import given
from hypothesis import strategies as st

from belfort.screen import gauge, printable, quoted


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

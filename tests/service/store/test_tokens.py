"""Names of requests that nobody can guess."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.clock import Dice
from service.domain.request import Channel
from service.store.tokens import LENGTH, Tokens
from service.store.vault import Vault
from tests.service.rig import NOON

DICE = Dice(1)
TOKENS = Tokens(Vault(b"k" * 32, DICE))
ELSEWHERE = Tokens(Vault(b"e" * 32, DICE))
REQUEST = DICE.request_ids([NOON])[0]
TOKEN = TOKENS.of(Channel.EMAIL, REQUEST)


def test_a_token_names_its_request_again():
    assert TOKENS.request(Channel.EMAIL, TOKEN) == REQUEST


def test_it_is_fit_for_a_mailbox_and_for_a_path():
    assert re.fullmatch(r"[a-z2-7]{42}", TOKEN)
    assert len(TOKEN) == LENGTH


def test_capitals_do_not_matter():
    assert TOKENS.request(Channel.EMAIL, TOKEN.upper()) == REQUEST


def test_it_names_nothing_on_another_channel_or_under_another_key():
    assert TOKENS.request(Channel.VOICE, TOKEN) is None
    assert ELSEWHERE.request(Channel.EMAIL, TOKEN) is None


@pytest.mark.parametrize("place", range(LENGTH))
def test_no_letter_of_it_can_be_exchanged(place):
    """The last letter carries two spare bits, which say nothing and change nothing."""
    other = "a" if TOKEN[place] != "a" else "q"
    changed = TOKEN[:place] + other + TOKEN[place + 1 :]
    assert TOKENS.request(Channel.EMAIL, changed) in ({None} if place < LENGTH - 1 else {None, REQUEST})


@given(st.text(max_size=60) | st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=LENGTH, max_size=LENGTH))
def test_what_is_no_token_names_nothing(text):
    assert TOKENS.request(Channel.VOICE, text) is None

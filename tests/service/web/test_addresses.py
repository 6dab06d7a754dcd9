"""Which address a path is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web import addresses
from service.web.addresses import (
    BASE,
    NO_SURVEY,
    NOWHERE,
    QUESTION,
    REPORT,
    SEND,
    SURVEY,
    SURVEY_REPORT,
    SURVEYS,
)
from tests.service.web.caller import Caller


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/surveys", (SURVEYS, NO_SURVEY)),
        ("/report", (REPORT, NO_SURVEY)),
        ("/surveys/8", (SURVEY, 8)),
        ("/surveys/8/question", (QUESTION, 8)),
        ("/surveys/8/send", (SEND, 8)),
        ("/surveys/8/report", (SURVEY_REPORT, 8)),
        ("/surveys/9223372036854775807", (SURVEY, 2**63 - 1)),
        ("/surveys/9223372036854775808", (NOWHERE, NO_SURVEY)),
        ("/surveys/08", (NOWHERE, NO_SURVEY)),
        ("/surveys/\uff18", (NOWHERE, NO_SURVEY)),
        ("/surveys/8\n", (NOWHERE, NO_SURVEY)),
        ("", (NOWHERE, NO_SURVEY)),
    ],
)
def test_a_path_is_one_address_or_none(path: str, expected: tuple[str, int]) -> None:
    assert expected == addresses.find(BASE + path)


async def test_a_slash_in_disguise_is_no_slash(caller: Caller) -> None:
    survey = await caller.survey()
    for path in (f"/surveys/{survey}%2Freport", f"/surveys%2f{survey}"):
        assert (await caller.get(path)).status == 404


@given(st.text(max_size=40))
def test_no_path_makes_it_raise(path: str) -> None:
    resource, survey = addresses.find(BASE + "/" + path)
    assert (survey == NO_SURVEY) == (resource in (NOWHERE, SURVEYS, REPORT))

"""Problems as callers see them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.problems import Fault, Faults, Kind, Problem, escape, invalid, not_found


def test_a_problem_has_the_members_of_rfc_9457_and_the_platforms_fault() -> None:
    problem = Problem(Kind.CONFLICT, "No.", [Fault("Because.", pointer="/a"), Fault("So.", parameter="b")])
    assert json.loads(problem.body()) == {
        "type": "/docs#problem-conflict",
        "title": "The call conflicts with the present state",
        "status": 409,
        "detail": "No.",
        "errors": [{"pointer": "/a", "detail": "Because."}, {"parameter": "b", "detail": "So."}],
        "fault": {"code": 409, "message": "The call conflicts with the present state", "description": "No."},
    }


def test_a_pointer_to_the_whole_body_is_empty_and_still_told() -> None:
    assert Fault("x", pointer="").as_json() == {"pointer": "", "detail": "x"}


def test_one_fault_is_the_detail_and_more_are_counted() -> None:
    assert invalid([Fault("Only this.", pointer="/a")]).detail == "Only this."
    assert invalid([Fault("x", pointer="/a")] * 2).detail.startswith("2 things are wrong")


def test_faults_settle_only_when_there_are_any() -> None:
    Faults().settle()
    faults = Faults()
    faults.of("x", "wrong")
    with pytest.raises(Problem) as caught:
        faults.settle()
    assert caught.value.kind is Kind.INVALID_INPUT


def test_kinds_have_names_of_their_own() -> None:
    assert len({kind.value[1] for kind in Kind}) == len(Kind)
    assert not_found().kind.status == 404


def test_a_lone_surrogate_in_a_pointer_does_not_break_the_answer() -> None:
    answer = invalid([Fault("x", pointer="/\ud800")]).answer()
    assert isinstance(answer.body, bytes)
    assert json.loads(answer.body)["errors"][0]["pointer"] == "/?"


@given(st.text())
def test_an_escaped_name_is_one_step_that_reads_back(name: str) -> None:
    step = escape(name)
    assert "/" not in step
    assert step.replace("~1", "/").replace("~0", "~") == name

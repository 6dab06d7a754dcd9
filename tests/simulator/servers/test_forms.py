"""Input becomes values, or every fault is named with where it stands and what would be right."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Mode
from simulator.servers import forms
from simulator.servers.forms import Form, Written, json_body
from simulator.servers.problems import Problem
from tests.simulator.servers.doors import open_door, problem


async def echo(request: web.Request) -> web.Response:
    return web.json_response(dict(await json_body(request, 1.0)))


def errors_of(form: Form) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        form.done()
    return {fault.where: fault.detail for fault in caught.value.faults}


def test_every_fault_of_a_body_is_named_at_once():
    form = Form({"mode": "fozen", "rate": True, "speed": 2, "within": "soon"})
    form.required("mode", forms.one_of(Mode))
    form.optional("rate", forms.number(0, 10))
    form.optional("within", forms.seconds)
    form.required("why", forms.text())
    errors = errors_of(form)
    assert errors.keys() == {"/mode", "/rate", "/speed", "/within", "/why"}
    assert 'did you mean "frozen"?' in errors["/mode"]
    assert errors["/rate"] == "must be a number from 0 to 10"
    assert errors["/speed"] == "is not known here; known: mode, rate, why, within"
    assert errors["/why"] == "is required"


def test_an_unknown_member_gets_a_suggestion_and_its_pointer_is_escaped():
    form = Form({"mdoe": 1, "a/b~c": 2})
    form.optional("mode", forms.text())
    errors = errors_of(form)
    assert errors["/mdoe"] == 'is not known here; did you mean "mode"?'
    assert "/a~1b~0c" in errors


def test_what_is_left_out_or_null_takes_the_default():
    form = Form({"a": None})
    assert (form.optional("a", forms.text()), form.having("b", forms.whole(0, 9), 5)) == (None, 5)
    form.done()


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (forms.text(3), "abc", "abc"),
        (forms.whole(0, 10), 10, 10),
        (forms.whole(0, 10), Written("7"), 7),
        (forms.whole(-5, 10), Written("-5"), -5),
        (forms.number(0, 10), 2.5, 2.5),
        (forms.number(0, 10), Written("2.5"), 2.5),
        (forms.truth_value, Written("false"), False),
        (forms.truth_value, True, True),
        (forms.seconds, "2h", 7200.0),
        (forms.seconds, 0.25, 0.25),
        (forms.seconds, "90", 90.0),
        (forms.moment, "1970-01-01T01:00:00+01:00", 0),
        (forms.moment, "1970-01-01T01:00:00 01:00", 0),
        (forms.moment, "1970-01-01T00:00:01.2345Z", 1_234),
        (forms.moment, "1969-12-31T23:59:59.999Z", -1),
        (forms.list_of(forms.whole(0, 9), 3), Written("1,2,3"), [1, 2, 3]),
        (forms.list_of(forms.text(), 3), ["a"], ["a"]),
        (forms.address, "+32450000901", "+32450000901"),
        (forms.address, " 32450000901", "+32450000901"),
        (forms.address, "0450/00.09.01", "+32450000901"),
        (forms.address, "0032 450 00 09 01", "+32450000901"),
        (forms.address, "F00P09.L01@belfort.test", "f00p09.l01@belfort.test"),
    ],
)
def test_a_reader_takes_what_it_says(read, value, expected):
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (forms.text(3), "abcd"),
        (forms.text(3), 5),
        (forms.text(3, 1), ""),
        (forms.whole(0, 10), 11),
        (forms.whole(0, 10), True),
        (forms.whole(0, 10), 1.0),
        (forms.whole(0, 10), "7"),
        (forms.whole(0, 10), Written("٣")),
        (forms.number(0, 10), "7"),
        (forms.truth_value, "true"),
        (forms.list_of(forms.text(), 3), "a"),
        (forms.whole(0, 10), Written("1" * 5_000)),
        (forms.number(0, 10), float("nan")),
        (forms.number(0, 10), Written("1e1")),
        (forms.truth_value, Written("yes")),
        (forms.truth_value, 1),
        (forms.seconds, -1),
        (forms.seconds, float("inf")),
        (forms.seconds, True),
        (forms.seconds, []),
        (forms.moment, "2026-11-24T10:00:00"),
        (forms.moment, "2026-11-24"),
        (forms.moment, "0001-01-01T00:00:00+23:59x"),
        (forms.moment, 1_700_000_000),
        (forms.list_of(forms.whole(0, 9), 3), Written("1,2,3,4")),
        (forms.list_of(forms.whole(0, 9), 3), [1, "x"]),
        (forms.list_of(forms.whole(0, 9), 3), {}),
        (forms.address, "112"),
        (forms.address, "+3245000090145678"),
        (forms.address, "+32450000901\r\nX: y"),
        (forms.address, "٠٤٧٠"),
        (forms.address, "a@b\n"),
        (forms.address, None),
        (forms.one_of(Mode), 5),
        (forms.members, []),
    ],
)
def test_a_reader_refuses_the_rest_with_what_is_allowed(read, value):
    with pytest.raises(ValueError, match=r"must be|allowed|not known|at most"):
        read(value)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
READERS = [
    forms.text(5),
    forms.whole(0, 9),
    forms.number(0, 9),
    forms.truth_value,
    forms.seconds,
    forms.moment,
    forms.one_of(Mode),
    forms.word_of(("a", "b")),
    forms.list_of(forms.address, 3),
    forms.address,
    forms.members,
]


@given(value=ANYTHING, read=st.sampled_from(READERS))
def test_no_value_makes_a_reader_fail_otherwise(value, read):
    form = Form({"x": value})
    form.optional("x", read)
    try:
        form.done()
    except Problem as refused:
        json.dumps([fault.as_json() for fault in refused.faults]).encode()


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"{", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b"1", "must be a JSON object"),
        (b'{"a": NaN}', "NaN is not a JSON number"),
        (b'{"a": -Infinity}', "Infinity is not"),
        (b'{"a": 1, "a": 2}', "appears twice"),
        (b'{"a": "\\ud800"}', "half a surrogate"),
        (b'{"\\udfff": 1}', "half a surrogate"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
    ],
)
async def test_what_is_not_json_is_refused_with_the_reason(body, detail):
    async with open_door(web.post("/", echo)) as door:
        status, _, answer = await door.ask("POST", "/", body, Content_Type="application/json")
        assert status == 400
        assert detail in str(problem(answer)["detail"])


async def test_json_and_no_body_at_all_are_read():
    async with open_door(web.post("/", echo)) as door:
        status, _, answer = await door.ask(
            "POST", "/", '{"a": "één"}'.encode(), Content_Type="application/json"
        )
        assert (status, json.loads(answer)) == (200, {"a": "één"})
        assert (await door.ask("POST", "/"))[2] == b"{}"


async def test_a_parameter_given_twice_is_a_fault():
    async def ask(request: web.Request) -> web.Response:
        form = Form.of_query(request)
        form.optional("a", forms.text())
        form.done()
        return web.Response()

    async with open_door(web.get("/", ask)) as door:
        status, _, answer = await door.ask("GET", "/?a=1&a=2&b=3")
        assert status == 400
        assert problem(answer)["errors"] == [
            {"parameter": "a", "detail": "is given twice; say it once"},
            {"parameter": "b", "detail": "is not known here; known: a"},
        ]

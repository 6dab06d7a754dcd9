"""Submitting messages."""

import json

import pytest

from simulator.journal import Kind
from tests.simulator.servers.gateway import SEND, opened
from tests.simulator.servers.sms_http.forms import SILENT


async def test_numbers_that_are_none_are_told_apart_within_a_call_that_succeeds():
    numbers = [SILENT, "+3221234567", "+31612345678", "0470123456", "+32450070000", "x"]
    async with opened() as gateway:
        answer = await gateway.ask(SEND, json.dumps({"message": "0-10?", "destinations": numbers}))
        assert answer.status == 201
        assert [each["deliveryStatus"] for each in answer.json["deliveryInfo"]] == [
            "DeliveredToNetwork",
            "AddressInvalid",
            "AddressInvalid",
            "AddressInvalid",
            "DeliveryImpossible",
            "AddressInvalid",
        ]
        path = answer.json["resourceURL"].removeprefix(gateway.door.url)
        again = await gateway.get(path)
        assert (again.status, again.json) == (200, answer.json)


async def test_one_number_that_is_none_has_a_resource_too():
    async with opened() as gateway:
        answer = await gateway.send("+3221234567")
        assert (answer.status, answer.json["deliveryInfo"][0]["deliveryStatus"]) == (201, "AddressInvalid")
        assert (
            await gateway.get(answer.json["resourceURL"].removeprefix(gateway.door.url))
        ).json == answer.json


async def test_a_second_submission_under_a_reference_is_the_same_message():
    async with opened() as gateway:
        first = await gateway.send(SILENT, clientCorrelator="r-1", callbackData="r-1")
        second = await gateway.send(SILENT, clientCorrelator="r-1", callbackData="r-1")
        assert (second.status, second.json) == (201, first.json)
        assert [entry.kind for entry in gateway.entries(Kind.MT_SUBMITTED, Kind.MT_REPEATED)] == [
            Kind.MT_SUBMITTED,
            Kind.MT_REPEATED,
        ]


@pytest.mark.parametrize(
    ("number", "statuses", "codes"),
    [
        ("+32450070100", [429, 429, 201], [900800, 900800]),
        ("+32450070200", [503, 201], [700700]),
        ("+32450070500", [503, 503, 201], [101503, 101503]),
    ],
)
async def test_refusals_for_now_are_spelt_as_the_platform_does(number, statuses, codes):
    async with opened() as gateway:
        answers = [await gateway.send(number, clientCorrelator="r") for _ in statuses]
        assert [answer.status for answer in answers] == statuses
        assert [answer.json["fault"]["code"] for answer in answers[: len(codes)]] == codes
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers[: len(codes)])


async def test_a_connection_is_cut_after_accepting_and_the_repeat_is_known():
    async with opened() as gateway:
        with pytest.raises(ConnectionResetError):
            await gateway.send("+32450070400", clientCorrelator="r")
        assert (await gateway.send("+32450070400", clientCorrelator="r")).status == 201
        kinds = [entry.kind.value for entry in gateway.entries()]
        assert kinds.count("mt.submitted") == kinds.count("mt.botched") == kinds.count("mt.repeated") == 1


async def test_a_submission_that_times_out_gets_no_answer():
    async with opened(silence=0.1) as gateway:
        with pytest.raises(ConnectionResetError):
            await gateway.send("+32450070300")
        assert not gateway.entries(Kind.MT_SUBMITTED)


async def test_a_message_may_have_ten_parts_and_one_where_the_client_says_so():
    async with opened() as gateway:
        assert (await gateway.send(SILENT, "a" * 1_530)).status == 201
        long = await gateway.send(SILENT, "a" * 1_531)
        assert (long.status, long.json["fault"]["description"]) == (
            400,
            "message: takes 11 parts; at most 10 are sent",
        )
        forced = SEND.replace("=false", "=true")
        body = '{{"message": "{text}", "destinations": ["+32450030000"]}}'
        assert (await gateway.ask(forced, body.format(text="a" * 160))).status == 201
        assert (await gateway.ask(forced, body.format(text="a" * 161))).status == 400

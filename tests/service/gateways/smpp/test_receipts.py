"""Delivery receipts, in text and in parameters."""

from __future__ import annotations

import pytest

from service.domain.request import (
    Delivery,
)
from tests.service.gateways import centre as stub
from tests.service.gateways.centre import DATA, tlv
from tests.service.gateways.smpp.esme import PERSON, deliver, question


@pytest.mark.parametrize(
    ("stat", "delivery"),
    [
        (b"DELIVRD", Delivery.DELIVERED),
        (b"delivrd", Delivery.DELIVERED),
        (b"DELIVERED", Delivery.DELIVERED),
        (b"UNDELIV", Delivery.UNDELIVERED),
        (b"EXPIRED", Delivery.UNDELIVERED),
        (b"REJECTD", Delivery.UNDELIVERED),
        (b"DELETED", Delivery.UNDELIVERED),
        (b"ENROUTE", Delivery.UNDERWAY),
        (b"ACCEPTD", Delivery.UNDERWAY),
        (b"UNKNOWN", Delivery.UNDERWAY),
        (b"NEWWORD", Delivery.UNDERWAY),
    ],
)
async def test_a_receipt_in_the_standards_text_is_a_report(centre, gateway, inbox, stat, delivery):
    assert await deliver(centre, stub.receipt(b"77", stat)) == 0
    (report,) = inbox.reports
    assert (report.gateway_id, report.delivery, report.people) == ("77", delivery, (PERSON,))
    assert inbox.replies == []


async def test_a_receipt_may_come_as_data_sm_with_parameters_alone(centre, gateway, inbox):
    head = b"\0\1\x01" + b"32470000000\0" + b"\3\0" + b"8937\0"
    body = head + b"\4\0\0" + tlv(0x1E, b"a-b-c\0") + tlv(0x427, b"\2")
    assert await deliver(centre, body, DATA) == 0
    assert (inbox.reports[0].gateway_id, inbox.reports[0].delivery) == ("a-b-c", Delivery.DELIVERED)


async def test_a_receipt_of_a_message_that_was_just_sent_is_known_at_once(rig, centre, gateway, inbox):
    sent = question(rig)
    await gateway.submit(sent)
    await deliver(centre, stub.receipt(b"1"))
    assert inbox.reports[0].request == sent.request


async def test_an_id_that_reads_like_another_persons_is_not_taken_for_it(rig, centre, gateway, inbox):
    centre.ids = lambda number: b"%x" % (number + 9)  # the answer says a, b, …
    one, other = question(rig), question(rig, destination="+32470000001")
    for sent in (one, other):
        await gateway.submit(sent)
    centre.ids = lambda number: b"10"
    third = question(rig, destination="+32470000002")
    await gateway.submit(third)
    await deliver(centre, stub.receipt(b"10"))  # decimal for a, which went to PERSON
    (report,) = inbox.reports
    assert report.request is None
    assert "a" in report.other_ids


async def test_a_person_cannot_write_a_receipt(centre, gateway, inbox):
    await deliver(centre, stub.message(text=b"id:1 sub:001 dlvrd:001 stat:UNDELIV err:000"))
    assert (inbox.reports, len(inbox.replies)) == ([], 1)


async def test_a_receipt_without_an_id_is_taken_and_forgotten(rig, centre, gateway, inbox):
    assert await deliver(centre, stub.message(text=b"stat:DELIVRD", esm=4)) == 0
    assert inbox.reports == []
    assert rig.count("strays", kind="unreadable") == 1

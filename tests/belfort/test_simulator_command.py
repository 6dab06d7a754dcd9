"""`belfort simulator` beside somebody else's service: two accounts of the gateway that know nothing of each
other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from belfort.__main__ import main
from belfort.exits import Exit
from tests.belfort.child import belfort

NINE = "+32450000901"


@pytest.fixture(scope="module")
def card() -> Iterator[dict[str, Any]]:
    with belfort("simulator", "--json", "--tied", "--port", "0", "--profile", "instant") as child:
        assert child.stdout is not None
        yield json.loads(child.stdout.readline())


def call(card: dict[str, Any], account: int, path: str, body: Any = None) -> tuple[int, Any]:
    """A call of the SMS API as one of the accounts."""
    request = Request(  # noqa: S310  # the address comes from our own child
        f"{card['gateway']}/sms/1.0.0/sms/{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {card['accounts'][account]['token']}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310  # ditto
            return answer.status, json.load(answer)
    except HTTPError as refused:
        return refused.code, json.load(refused)


def replies(card: dict[str, Any], account: int, address: str = "shared") -> list[str]:
    told = call(card, account, f"inboundmessages/{address}")[1]["inboundSMSMessageList"]
    return [each["senderAddress"] for each in told["inboundSMSMessage"]]


def send(card: dict[str, Any], account: int, to: str, path: str = "outboundmessages") -> tuple[int, Any]:
    return call(card, account, path, {"message": "Score?", "destinations": [to]})


def test_the_line_of_addresses_has_two_accounts_and_the_first_again_beside_it(card):
    first, second = card["accounts"]
    assert {name: card[name] for name in first} == first
    assert first["client_id"] != second["client_id"]
    assert first["token"] != second["token"]


def test_accounts_do_not_see_each_others_messages_and_replies(card):
    status, told = send(card, 1, NINE)
    assert status == 201
    delivery = told["resourceURL"].removeprefix(f"{card['gateway']}/sms/1.0.0/sms/")
    assert call(card, 1, delivery)[0] == 200
    assert call(card, 0, delivery)[0] == 404
    assert (replies(card, 0), replies(card, 1)) == ([], [NINE])


def test_a_number_of_ones_own_is_listed_sends_and_gets_the_answers(card):
    assert call(card, 0, "dedicatedaddresses") == (200, {"dedicatedAddresses": ["8938"]})
    assert call(card, 1, "dedicatedaddresses") == (200, {"dedicatedAddresses": []})
    assert send(card, 0, "+32450000902", "outboundmessages/8938")[0] == 201
    assert send(card, 1, "+32450000902", "outboundmessages/8938")[0] == 404
    assert (replies(card, 0), replies(card, 0, "8938")) == ([], ["+32450000902"])


def test_the_shared_number_may_be_named_in_the_path(card):
    assert send(card, 0, "+32450000903", f"outboundmessages/{card['short_number']}")[0] == 201
    assert replies(card, 0, card["short_number"]) == ["+32450000903"]


def test_another_port_than_a_free_one_has_an_option_for_each_door(capsys):
    assert main(["simulator", "--port", "9000"]) == Exit.USAGE
    assert "--gateway-port" in capsys.readouterr().err

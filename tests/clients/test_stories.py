"""The same stories told to every client: what SMPP is used for, start to end (research of what clients insist
on stands behind them: ids that match, receipts never to a transmitter, unbind answered before the close)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from scenarios.programs import call
from tests.clients.esme import WAYS, Came, Esme
from tests.clients.town import Town
from tests.clients.with_net_smpp import NetSmpp
from tests.clients.with_smpplib import Smpplib
from tests.clients.with_twisted import Twisted

CLIENTS: dict[str, type[Esme]] = {"smpplib": Smpplib, "twisted": Twisted, "net-smpp": NetSmpp}
ROK, RINVPASWD, RINVSYSID, RSUBMITFAIL, RTHROTTLED = 0x00, 0x0E, 0x0F, 0x45, 0x58
RECEIPT, UDHI = 0x04, 0x40
ENROUTE, DELIVERED, UNDELIVERABLE = 1, 2, 5
LONG = "Hoe waarschijnlijk is het dat u ons zou aanbevelen aan een vriend of collega? " * 4
GSM = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà"
EXTENDED = {
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
SEPTETS = {
    **{each: bytes((place,)) for place, each in enumerate("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ")},
    **{chr(each): bytes((each,)) for each in range(0x20, 0x7B)},
    **dict(zip("¤¡ÄÖÑÜ§¿äöñüà", (bytes((each,)) for each in b"\x24\x40[\\]^_`{|}~\x7f"), strict=True)),
    "@": b"\x00", "$": b"\x02", "_": b"\x11",
    **{each: bytes((0x1B, septet)) for each, septet in EXTENDED.items()},
}  # fmt: skip
"""3GPP TS 23.038 §6.2.1, written down once more."""


def gsm(text: str) -> bytes:
    return b"".join(SEPTETS[each] for each in text)


@pytest.fixture
def connect(town: Town) -> Iterator[Callable[[type[Esme]], Esme]]:
    with ExitStack() as stack:
        yield lambda client: stack.enter_context(closing(client(town.port)))


Connect = Callable[[type[Esme]], Esme]
every_client = pytest.mark.parametrize("client", list(CLIENTS.values()), ids=list(CLIENTS))


def knowing(command: str) -> pytest.MarkDecorator:
    """The clients that can make this request."""
    able = {name: client for name, client in CLIENTS.items() if command in client.asks}
    return pytest.mark.parametrize("client", list(able.values()), ids=list(able))


def bound(connect: Connect, client: type[Esme], account: str, way: str = "transceiver") -> Esme:
    esme = connect(client)
    assert esme.bind(way, account) == ROK
    return esme


def sorted_out(esme: Esme, letters: int) -> tuple[list[Came], list[Came]]:
    """The next letters: receipts, and what people wrote."""
    came = [esme.next() for _ in range(letters)]
    receipts = [each for each in came if each.esm_class & 0x3C == RECEIPT]
    return receipts, [each for each in came if each not in receipts]


@every_client
@pytest.mark.parametrize("way", WAYS)
def test_it_binds_asks_whether_the_centre_is_there_and_unbinds(town, connect, client, way):
    esme = bound(connect, client, town.account(), way)
    assert esme.enquire() == ROK
    assert esme.unbind() == ROK


@every_client
@pytest.mark.parametrize(
    ("name", "password", "status"), [("", "wrong", RINVPASWD), ("x", "secret08", RINVSYSID)]
)
def test_who_is_not_known_is_not_bound(town, connect, client, name, password, status):
    assert connect(client).bind("transceiver", town.account() + name, password) == status


@every_client
@pytest.mark.parametrize(
    ("coding", "octets", "text"),
    [
        (0, gsm(GSM), GSM),
        (0, gsm("[{€}] | ~ ^ \\"), "[{€}] | ~ ^ \\"),
        (3, "ça coûte 9½".encode("latin-1"), "ça coûte 9½"),
        (8, "Πόσο; 0–10".encode("utf-16-be"), "Πόσο; 0–10"),
        (8, "0–10? 🧇😀".encode("utf-16-be"), "0–10? 🧇😀"),
        (4, bytes(range(100, 240)), bytes(range(100, 240)).decode("latin-1")),
    ],
    ids=["gsm", "extension", "latin-1", "ucs-2", "surrogates", "binary"],
)
def test_the_person_reads_what_was_written(town, connect, client, coding, octets, text):
    esme, to = bound(connect, client, town.account(), "transmitter"), town.person(3, 0)
    assert esme.submit(to, octets, data_coding=coding, registered_delivery=0).status == ROK
    assert town.message(to)["text"] == text


def _headers(form: Callable[[int, int], bytes]) -> Callable[[list[bytes]], list[dict[str, object]]]:
    def cut(parts: list[bytes]) -> list[dict[str, object]]:
        return [
            {"text": form(len(parts), number) + part, "esm_class": UDHI}
            for number, part in enumerate(parts, 1)
        ]

    return cut


def _sar(parts: list[bytes]) -> list[dict[str, object]]:
    return [
        {"text": part, "sar_msg_ref_num": 777, "sar_total_segments": len(parts), "sar_segment_seqnum": number}
        for number, part in enumerate(parts, 1)
    ]


WAYS_OF_LENGTH = {
    "udh-8": _headers(lambda total, number: bytes((5, 0, 3, 0xA7, total, number))),
    "udh-16": _headers(lambda total, number: bytes((6, 8, 4, 0xA7, 1, total, number))),
    "sar": _sar,
    "payload": lambda parts: [{"text": b"", "message_payload": b"".join(parts)}],
}


TOO_LONG = ("smpplib", "payload")
"""smpplib writes no message_payload above 260 octets; below, its data_sm carries one of 250."""


@pytest.mark.parametrize(
    ("name", "way"), [pair for pair in itertools.product(CLIENTS, WAYS_OF_LENGTH) if pair != TOO_LONG]
)
@pytest.mark.parametrize("coding", [0, 8])
def test_a_long_message_arrives_whole_and_each_part_has_a_receipt(town, connect, name, way, coding):
    octets, step = (gsm(LONG), 153) if coding == 0 else (LONG.encode("utf-16-be"), 134)
    pieces = WAYS_OF_LENGTH[way]([octets[at : at + step] for at in range(0, len(octets), step)])
    esme, to = bound(connect, CLIENTS[name], town.account()), town.person(3, 0)
    told = [esme.submit(to, piece.pop("text"), data_coding=coding, **piece) for piece in pieces]
    receipts, _ = sorted_out(esme, len(told))
    assert town.message(to)["text"] == LONG
    assert sorted(each.receipted_id for each in receipts) == sorted(each.id for each in told)
    assert {each.state for each in receipts} == {DELIVERED}


@every_client
@pytest.mark.parametrize(
    ("family", "stat", "state"), [(3, "DELIVRD", DELIVERED), (4, "UNDELIV", UNDELIVERABLE)]
)
def test_a_receipt_names_the_message_in_text_and_parameters(town, connect, client, family, stat, state):
    esme, to = bound(connect, client, town.account()), town.person(family, 0 if family == 3 else 1)
    told = esme.submit(to, b"0-10?")
    receipt = esme.next()
    assert receipt.text.startswith(f"id:{told.id} sub:001 ".encode())
    assert f" stat:{stat} ".encode() in receipt.text
    assert (receipt.receipted_id, receipt.state, receipt.esm_class) == (told.id, state, RECEIPT)
    assert (receipt.source, receipt.destination, receipt.data_coding) == (to, "8937", 0)


@every_client
def test_a_person_answers(town, connect, client):
    esme, to = bound(connect, client, town.account()), town.person(0, 7)
    esme.submit(to, b"0-10?")
    _, (reply,) = sorted_out(esme, 2)
    assert (reply.esm_class, reply.source, reply.destination, reply.text) == (0, to, "8937", b"7")
    town.ask("GET", f"/messages/wait?to=%2B{to}&state=heard&within=5s")


@every_client
@pytest.mark.parametrize("text", ["ja " * 90 + "9", "Нет 😀 " * 20], ids=["gsm", "surrogates"])
def test_a_long_answer_comes_in_parts_that_join_to_what_was_written(town, connect, client, text):
    esme, to = bound(connect, client, town.account()), town.person(3, 0)
    esme.submit(to, b"0-10?", registered_delivery=0)
    town.ask("POST", f"/people/%2B{to}/reply", {"text": text})
    parts = [esme.next()]
    total = parts[0].text[4]
    parts += [esme.next() for _ in range(total - 1)]
    assert total > 1
    assert {each.esm_class for each in parts} == {UDHI}
    octets = b"".join(each.text[6:] for each in sorted(parts, key=lambda each: each.text[5]))
    assert octets == (gsm(text) if text.isascii() else text.encode("utf-16-be"))


@every_client
def test_receipts_and_answers_go_to_the_receiver_and_never_to_the_transmitter(town, connect, client):
    account, to = town.account(), town.person(0, 9)
    sends, hears = bound(connect, client, account, "transmitter"), bound(connect, client, account, "receiver")
    told = sends.submit(to, b"0-10?")
    (receipt,), (reply,) = sorted_out(hears, 2)
    assert (receipt.receipted_id, reply.text) == (told.id, b"9")
    assert sends.enquire() == ROK  # and nothing else came before that answer, or the client would fail on it


@every_client
def test_too_fast_is_throttled_and_later_taken(town, connect, client):
    account, to = town.account(), town.person(3, 0)
    esme = bound(connect, client, account)
    order = {
        "fault": "throttle",
        "where": "smpp.submit",
        "match": {"accounts": [account]},
        "with": {"rate": 2},
    }
    town.ask("POST", "/faults", order)
    told = [esme.submit(to, b"0-10?", registered_delivery=0).status for _ in range(4)]
    assert told[0] == ROK
    assert RTHROTTLED in told
    while esme.submit(to, b"0-10?", registered_delivery=0).status == RTHROTTLED:
        pass


@every_client
def test_a_refused_message_says_why(town, connect, client):
    esme = bound(connect, client, town.account())
    assert esme.submit(town.person(7, 0), b"0-10?") == (RSUBMITFAIL, "", 0, 0)


@every_client
def test_the_centre_asks_a_silent_client_whether_it_is_there(town, connect, client):
    account, to = town.account(), town.person(3, 0)
    esme = bound(connect, client, account)
    esme.submit(to, b"0-10?", registered_delivery=0)
    town.ask("POST", f"/people/%2B{to}/reply", {"text": "8", "after": "2.5s"})
    assert esme.next().text == b"8"
    path = f"/control/v1/journal?format=jsonl&kind=pdu.in&account={account}"
    lines = str(call("GET", town.control + path).body)
    assert '"command":"enquire_link_resp"' in lines.replace(": ", ":")


@knowing("query_sm")
def test_a_message_can_be_asked_about(town, connect, client):
    esme = bound(connect, client, town.account())
    done, off = esme.submit(town.person(3, 0), b"?"), esme.submit(town.person(3, 1), b"?")
    esme.next()
    asked = {"source_addr_ton": 3, "source_addr_npi": 0, "source_addr": "8937"}
    assert esme.ask("query_sm", message_id=done.id, **asked) == (ROK, done.id, DELIVERED, 0)
    assert esme.ask("query_sm", message_id=off.id, **asked) == (ROK, off.id, ENROUTE, 0)


@knowing("replace_sm")
def test_a_message_under_way_is_replaced(town, connect, client):
    esme, to = bound(connect, client, town.account()), town.person(3, 1)
    told = esme.submit(to, b"?")
    new = {"source_addr_ton": 3, "source_addr_npi": 0, "source_addr": "8937", "registered_delivery": 1}
    assert esme.ask("replace_sm", message_id=told.id, short_message=b"0-10?", **new).status == ROK
    assert town.message(to)["text"] == "0-10?"


@knowing("cancel_sm")
def test_a_message_under_way_is_cancelled(town, connect, client):
    esme, to = bound(connect, client, town.account()), town.person(3, 1)
    told = esme.submit(to, b"?")
    between = {"source_addr_ton": 3, "source_addr_npi": 0, "source_addr": "8937",
               "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": to}  # fmt: skip
    assert esme.ask("cancel_sm", message_id=told.id, **between).status == ROK
    assert b"stat:DELETED" in esme.next().text


@knowing("data_sm")
def test_data_sm_carries_a_message_and_its_receipt_comes(town, connect, client):
    esme, to = bound(connect, client, town.account()), town.person(3, 0)
    told = esme.ask(
        "data_sm",
        source_addr_ton=3,
        source_addr_npi=0,
        source_addr="8937",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=to,
        esm_class=0,
        registered_delivery=1,
        data_coding=0,
        message_payload=b"y" * 250,
    )
    assert told.status == ROK
    assert esme.next().receipted_id == told.id
    assert town.message(to)["text"] == "y" * 250


@knowing("submit_multi")
def test_one_message_to_many_names_who_was_refused(town, connect, client):
    esme = bound(connect, client, town.account())
    to = [town.person(3, 0), town.person(3, 0), town.person(7, 0)]
    told = esme.ask(
        "submit_multi", source_addr="8937", destination_addr=to, short_message=b"?", registered_delivery=1
    )
    assert (told.status, told.refused) == (ROK, 1)
    assert {esme.next().source, esme.next().source} == set(to[:2])


def test_an_esme_that_is_called_by_outbind_binds_and_hears(town, connect):
    account, to = town.account(), town.person(0, 6)
    listens, sends = connect(Twisted), bound(connect, Smpplib, account, "transmitter")
    told = sends.submit(to, b"0-10?")
    listens.listen(town.outbind_port, account)
    town.ask("POST", "/smpp/outbind", {"port": town.outbind_port, "system_id": account})
    (receipt,), (reply,) = sorted_out(listens, 2)
    assert (receipt.receipted_id, reply.text) == (told.id, b"6")

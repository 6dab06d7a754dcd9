"""python-smpplib: blocking, one PDU at a time."""

from __future__ import annotations

import time
from typing import Any

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from tests.clients.esme import PASSWORD, PATIENCE, Came, Heard, Told, message


class Smpplib:
    """Read as its documentation says: `read_once`, with handlers."""

    asks = frozenset({"query_sm", "data_sm"})

    def __init__(self, port: int) -> None:
        self._client = Client("127.0.0.1", port, timeout=PATIENCE, allow_unknown_opt_params=True)
        self._heard = Heard()
        self._client.set_message_received_handler(self._received)
        self._client.set_message_sent_handler(self._sent)
        self._client.set_query_resp_handler(self._queried)
        self._client.set_error_pdu_handler(lambda _: None)  # the handlers for each kind hear of it too
        self._client.connect()

    def bind(self, way: str, account: str, password: str = PASSWORD) -> int:
        try:
            told = getattr(self._client, f"bind_{way}")(system_id=account, password=password)
        except exceptions.PDUError as refused:
            return int(refused.args[1])
        return int(told.status)

    def submit(self, to: str, text: bytes, **fields: Any) -> Told:
        return self._answer(self._client.send_message(**message(to, text, **fields)).sequence)

    def ask(self, command: str, **fields: Any) -> Told:
        if command == "query_sm":
            return self._answer(self._client.query_message(**fields).sequence)
        pdu = smpp.make_pdu(command, client=self._client, **fields)
        self._client.send_pdu(pdu)
        told = self._client.read_pdu()  # `read_once` passes over data_sm_resp
        return Told(told.status, (told.message_id or b"").decode())

    def next(self) -> Came:
        while not self._heard.letters:
            self._client.read_once(auto_send_enquire_link=False)
        return self._heard.letters.pop(0)

    def enquire(self) -> int:
        pdu = smpp.make_pdu("enquire_link", client=self._client)
        self._client.send_pdu(pdu)
        return int(self._client.read_pdu().status)

    def unbind(self) -> int:
        return int(self._client.unbind().status)

    def close(self) -> None:
        self._client.state = consts.SMPP_CLIENT_STATE_OPEN  # it warns of a session that was not unbound
        self._client.disconnect()

    def _answer(self, sequence: int) -> Told:
        deadline = time.monotonic() + PATIENCE
        while sequence not in self._heard.answers:
            assert time.monotonic() < deadline, "no answer"
            self._client.read_once(auto_send_enquire_link=False)
        return self._heard.answers.pop(sequence)

    def _sent(self, pdu: Any) -> None:
        self._keep(pdu, Told(pdu.status, (pdu.message_id or b"").decode()))

    def _queried(self, pdu: Any) -> None:
        self._keep(pdu, Told(pdu.status, (pdu.message_id or b"").decode(), pdu.message_state or 0))

    def _keep(self, pdu: Any, told: Told) -> None:
        self._heard.answers[pdu.sequence] = told

    def _received(self, pdu: Any) -> int:
        sar = (pdu.sar_msg_ref_num, pdu.sar_total_segments, pdu.sar_segment_seqnum)
        self._heard.letters.append(
            Came(
                pdu.esm_class,
                pdu.source_addr.decode(),
                pdu.destination_addr.decode(),
                pdu.short_message or pdu.message_payload or b"",
                pdu.data_coding,
                (pdu.receipted_message_id or b"").decode().rstrip("\0"),
                pdu.message_state or 0,
                None if sar[0] is None else sar,
            )
        )
        return int(consts.SMPP_ESME_ROK)

"""The program behind `with_twisted`: smpp.twisted3 on a reactor, lines of JSON in and out."""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from typing import Any

from smpp.pdu import operations, pdu_encoding, pdu_types
from smpp.pdu.error import SMPPTransactionError
from smpp.pdu.pdu_encoding import PDUEncoder
from smpp.twisted.client import (
    SMPPClientFactory,
    SMPPClientReceiver,
    SMPPClientTransceiver,
    SMPPClientTransmitter,
)
from smpp.twisted.config import SMPPClientConfig
from smpp.twisted.protocol import SMPPSessionStates
from twisted.internet import reactor, stdio
from twisted.protocols.basic import LineReceiver

PDUS = {
    "submit_sm": operations.SubmitSM,
    "data_sm": operations.DataSM,
    "query_sm": operations.QuerySM,
    "cancel_sm": operations.CancelSM,
    "replace_sm": operations.ReplaceSM,
    "enquire_link": operations.EnquireLink,
}
CLIENTS = {
    "transmitter": lambda config, _handler: SMPPClientTransmitter(config),
    "receiver": SMPPClientReceiver,
    "transceiver": SMPPClientTransceiver,
}
WORDS = ("source_addr_ton", "source_addr_npi", "dest_addr_ton", "dest_addr_npi", "esm_class", "data_coding",
         "registered_delivery", "replace_if_present_flag")  # fmt: skip


def read(name: str, value: Any) -> Any:
    """A value as the library wants it: octets for texts, its own words for numbers."""
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if isinstance(value, str):
        return value.encode()
    return (
        PDUEncoder.DefaultRequiredParamEncoders[name].decode(BytesIO(bytes((value,))))
        if name in WORDS
        else value
    )


def number(name: str, value: Any) -> int:
    """The number behind a word of the library's."""
    return int.from_bytes(PDUEncoder.DefaultRequiredParamEncoders[name].encode(value), "big")


def status_of(pdu: Any) -> int:
    return int.from_bytes(pdu_encoding.CommandStatusEncoder().encode(pdu.status), "big")


OUT, sys.stdout = sys.stdout, sys.stderr  # the library prints


def say(**line: Any) -> None:
    OUT.write(json.dumps(line) + "\n")
    OUT.flush()


class Orders(LineReceiver):
    """Reads the orders."""

    delimiter = b"\n"

    def __init__(self, port: int) -> None:
        self._port = port
        self._smpp: Any = None

    def lineReceived(self, line: bytes) -> None:
        order = json.loads(line)
        getattr(self, f"do_{order['do']}")(order)

    def connectionLost(self, reason: Any = None) -> None:
        reactor.stop()

    def do_bind(self, order: dict[str, Any]) -> None:
        config = SMPPClientConfig(
            host="127.0.0.1", port=self._port, username=order["account"], password=order["password"]
        )
        client = CLIENTS[order["way"]](config, self.letter)
        answer = client.connectAndBind()
        answer.addCallbacks(
            lambda smpp: self._bound(order, smpp), lambda failure: self._failed(order, failure)
        )

    def _bound(self, order: dict[str, Any], smpp: Any) -> None:
        self._smpp = smpp
        say(answer=order["number"], status=0)

    def _failed(self, order: dict[str, Any], failure: Any) -> None:
        if not failure.check(SMPPTransactionError):
            failure.printTraceback()
            os._exit(1)
        say(answer=order["number"], status=status_of(failure.value.response))

    def do_ask(self, order: dict[str, Any]) -> None:
        fields = {name: read(name, value) for name, value in order["fields"].items()}
        pdu = PDUS[order["command"]](**fields)
        # The library writes a payload only as long as the parameter it read last.
        self._smpp.encoder.optionEncoder.length = len(fields.get("message_payload", b""))
        sent = self._smpp.sendRequest(pdu, self._smpp.config().responseTimerSecs)
        sent.addCallbacks(
            lambda result: self._answered(order, result.response),
            lambda failure: self._failed(order, failure),
        )

    def _answered(self, order: dict[str, Any], pdu: Any) -> None:
        params = pdu.params
        state = params.get("message_state")
        say(
            answer=order["number"],
            status=status_of(pdu),
            id=(params.get("message_id") or b"").decode(),
            state=number("message_state", state) if state else 0,
        )

    def do_listen(self, order: dict[str, Any]) -> None:
        """Wait for an outbind; the library then binds as a receiver by itself."""
        config = SMPPClientConfig(host="", port=0, username=order["account"], password=order["password"])
        factory = SMPPClientFactory(config)
        factory.buildProtocolDeferred.addCallback(self._called)
        self._door = reactor.listenTCP(order["port"], factory, interface="127.0.0.1")
        say(answer=order["number"], status=0)

    def _called(self, smpp: Any) -> None:
        self._smpp = smpp
        smpp.setDataRequestHandler(self.letter)
        self._door.stopListening()

    def do_unbind(self, order: dict[str, Any]) -> None:
        self._smpp.unbindAndDisconnect().addCallbacks(
            lambda _: say(answer=order["number"], status=0), lambda failure: self._failed(order, failure)
        )

    def do_forget(self, order: dict[str, Any]) -> None:
        if self._smpp is None or self._smpp.sessionState is SMPPSessionStates.NONE:
            say(answer=order["number"], status=0)
        else:
            self._smpp.getDisconnectedDeferred().addCallback(lambda _: say(answer=order["number"], status=0))
            self._smpp.transport.abortConnection()

    def letter(self, smpp: Any, pdu: Any) -> Any:
        params = pdu.params
        state = params.get("message_state")
        sar = [params.get(name) for name in ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")]
        say(
            letter={
                "esm_class": number("esm_class", params["esm_class"]),
                "source": params["source_addr"].decode(),
                "destination": params["destination_addr"].decode(),
                "text": (params["short_message"] or params.get("message_payload") or b"").hex(),
                "data_coding": number("data_coding", params["data_coding"]),
                "receipted_id": (params.get("receipted_message_id") or b"").decode(),
                "state": number("message_state", state) if state else 0,
                "sar": sar if sar[0] is not None else None,
            }
        )
        return pdu_types.CommandStatus.ESME_ROK


def main() -> None:
    stdio.StandardIO(Orders(int(sys.argv[1])))
    reactor.run()


if __name__ == "__main__":
    main()

"""Answers the requests of a bound session: one table from command to what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from simulator.servers.smpp.asking import Asking
from simulator.servers.smpp.intake import Intake, Outcome
from simulator.wire.smpp.pdu import ANSWERS, Command, Pdu, answer
from simulator.world import Accident

STAGES: Mapping[Command, str] = {
    Command.BIND_TRANSMITTER: "bind",
    Command.BIND_RECEIVER: "bind",
    Command.BIND_TRANSCEIVER: "bind",
    Command.SUBMIT_SM: "submit",
    Command.SUBMIT_MULTI: "submit",
    Command.DATA_SM: "submit",
    Command.QUERY_SM: "status",
    Command.CANCEL_SM: "status",
    Command.REPLACE_SM: "status",
}
"""What the faults call the requests."""


class Served(NamedTuple):
    """The answer; the message it is about, for the journal; what goes wrong with the connection."""

    answer: Pdu
    message: str | None = None
    accident: Accident | None = None


class Serving:
    """Everything a bound session may ask for, for every session."""

    def __init__(self, intake: Intake, asking: Asking) -> None:
        self._intake, self._asking = intake, asking
        self._table: Mapping[Command, Callable[[Pdu, str], Served]] = {
            Command.SUBMIT_SM: self._submit,
            Command.DATA_SM: self._submit,
            Command.SUBMIT_MULTI: self._multi,
            Command.QUERY_SM: lambda pdu, account: self._about(asking.query(pdu, account), pdu),
            Command.CANCEL_SM: lambda pdu, account: self._about(asking.cancel(pdu, account), pdu),
            Command.REPLACE_SM: lambda pdu, account: self._about(asking.replace(pdu, account), pdu),
        }

    def serve(self, pdu: Pdu, account: str) -> Served:
        """Do what `pdu` asks; it must be one of the requests a bound session may make."""
        return self._table[pdu.command](pdu, account)

    def _submit(self, pdu: Pdu, account: str) -> Served:
        outcome = self._intake.submit(pdu, account)
        fields = {"message_id": outcome.id.encode()} if not outcome.status else {}
        return self._served(Pdu(ANSWERS[pdu.command], outcome.status, pdu.sequence, fields), outcome)

    def _multi(self, pdu: Pdu, account: str) -> Served:
        outcome, failed = self._intake.multi(pdu, account)
        if outcome.status:
            return self._served(answer(pdu, outcome.status), outcome)
        told = answer(pdu, message_id=outcome.id.encode(), unsuccess_sme=tuple(failed))
        return self._served(told, outcome)

    def _served(self, told: Pdu, outcome: Outcome) -> Served:
        message = self._intake.message_of(outcome.id) if outcome.id else None
        return Served(told, message, outcome.accident)

    def _about(self, told: Pdu, asked: Pdu) -> Served:
        return Served(told, self._intake.message_of(asked.fields["message_id"].decode("latin-1")))

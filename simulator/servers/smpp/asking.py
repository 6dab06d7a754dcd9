"""query_sm, cancel_sm and replace_sm: what a peer may ask and change about messages it submitted (SMPP 3.4
§4.8 to §4.10)."""

from __future__ import annotations

from simulator.carrier import Carrier
from simulator.clock import Clock
from simulator.delivery import Message, State, Which
from simulator.servers.smpp import numbers
from simulator.servers.smpp.intake import Intake
from simulator.servers.smpp.options import Options
from simulator.servers.smpp.outgoing import receipt_text
from simulator.servers.smpp.slips import Slip, slips_of, state_of, terms_of
from simulator.servers.smpp.values import wrong_value
from simulator.wire.smpp import alphabets, parts, times
from simulator.wire.smpp.alphabets import Alphabet
from simulator.wire.smpp.pdu import Pdu, answer
from simulator.wire.smpp.receipt import MessageState
from simulator.wire.smpp.status import Status
from simulator.world import Channel, Moment

MOST_CANCELLED = 10_000
"""Messages that one cancel_sm without an id withdraws."""


class Asking:
    """Serves the three requests for every session."""

    def __init__(self, carrier: Carrier, clock: Clock, intake: Intake, options: Options) -> None:
        self._carrier, self._clock, self._intake, self._options = carrier, clock, intake, options

    def query(self, pdu: Pdu, account: str) -> Pdu:
        """The state of a message."""
        identity = pdu.fields["message_id"]
        if self._intake.is_waiting(identity.decode("latin-1")):
            return _told(pdu, b"", MessageState.ENROUTE, 0)
        found = self._find(pdu, account)
        if not found:
            return answer(pdu, Status.RINVMSGID)
        message = next((each for each in found if each.cause is None or not each.cause.final), found[0])
        cause = message.cause
        if cause is None or not cause.final:
            return _told(pdu, b"", state_of(cause), 0)
        return _told(pdu, times.absolute(_done(message)), state_of(cause), cause.map_error)

    def _find(self, pdu: Pdu, account: str) -> list[Message]:
        """The message that is meant, if it is this account's and came from that source; of a submit_multi all
        of them."""
        identities = self._intake.messages_of(pdu.fields["message_id"].decode("latin-1"))
        source = pdu.fields["source_addr"]
        return [
            message
            for message in map(self._carrier.message, identities)
            if message is not None
            and message.account == account
            and any(slip.source.address == source for slip in slips_of(message.submission.slip))
        ]

    def cancel(self, pdu: Pdu, account: str) -> Pdu:
        """Withdraw one message, or all that are under way between two addresses."""
        wrong = wrong_value(pdu)
        if wrong is not None:
            return answer(pdu, wrong)
        if pdu.fields["message_id"]:
            found = self._find(pdu, account)
            if not found:
                return answer(pdu, Status.RINVMSGID)
        else:
            found = self._between(pdu, account)
        cancelled = [message for message in found if self._carrier.cancel(message)]
        return answer(pdu, Status.ROK if cancelled else Status.RCANCELFAIL)

    def _between(self, pdu: Pdu, account: str) -> list[Message]:
        fields = pdu.fields
        to = numbers.destination(fields["dest_addr_ton"], fields["destination_addr"])
        if isinstance(to, Status):
            return []
        which = Which(to=to, account=account, channel=Channel.SMS, state=State.UNDERWAY)
        return [
            message
            for message in self._carrier.messages(which, limit=MOST_CANCELLED)
            for slip in slips_of(message.submission.slip)[:1]
            if slip.source.address == fields["source_addr"]
        ]

    def replace(self, pdu: Pdu, account: str) -> Pdu:
        """Another text, and other times, for a message that is under way."""
        wrong = wrong_value(pdu)
        if wrong is not None:
            return answer(pdu, wrong)
        found = self._find(pdu, account)
        if not found:
            return answer(pdu, Status.RINVMSGID)
        fields, now = pdu.fields, self._clock.now()
        timing = times.timing(fields, now)
        if isinstance(timing, Status):
            return answer(pdu, timing)
        if fields["sm_default_msg_id"]:
            return answer(pdu, Status.RINVDFTMSGID)
        replaced = [self._replace(message, pdu, timing) for message in found]
        return answer(pdu, Status.ROK if any(replaced) else Status.RREPLACEFAIL)

    def _replace(self, message: Message, pdu: Pdu, timing: times.Timing) -> bool:
        """Whether `message` could still be replaced."""
        fields, old = pdu.fields, message.submission.terms
        terms = terms_of(
            fields["registered_delivery"], timing.schedule or old.not_before, timing.expiry or old.expires
        )
        slip = slips_of(message.submission.slip)[0]
        text, excerpt = self._read(fields["short_message"], slip)
        new = self._carrier.replace(message, text, terms)
        if new is None:
            return False
        slip = slips_of(new.submission.slip)[0]
        slip.terms, slip.text = terms, excerpt
        return True

    def _read(self, octets: bytes, slip: Slip) -> tuple[str, bytes]:
        """The new text, and how a receipt repeats it. In the alphabet of the message it replaces: replace_sm
        has no data_coding."""
        carried = parts.text_octets(parts.Content(octets), slip.alphabet)
        alphabet = Alphabet.GSM if slip.alphabet is Alphabet.PACKED else slip.alphabet
        return alphabets.decode(carried, alphabet), receipt_text(carried, alphabet)


def _told(pdu: Pdu, final_date: bytes, state: MessageState, error: int) -> Pdu:
    return answer(
        pdu,
        message_id=pdu.fields["message_id"],
        final_date=final_date,
        message_state=int(state),
        error_code=error,
    )


def _done(message: Message) -> Moment:
    """When the message took on its final state."""
    cause = message.cause
    names = (cause.name, cause.status.value) if cause else ()
    return next((event.at for event in message.events if event.detail in names), message.at)

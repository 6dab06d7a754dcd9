"""The other way to the gateway: somebody's ESME, bound to the SMPP door beside the service.

It submits as a company does that has no survey service, and waits for each answer and each receipt; both are
requests of Locust's. Its people are none of those whom the service asks, and its account is its own, so that
no reply goes astray.
"""

from __future__ import annotations

import logging
import os
import random
import time
from collections import deque
from typing import Any, ClassVar

import gevent
from gevent.event import AsyncResult
from gevent.lock import RLock
from locust import User, tag, task
from pace import Pace, paced, tell
from post import Post, Twice
from smpplib import consts
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as Broken
from smpplib.exceptions import PDUError
from smpplib.smpp import make_pdu

from users.company import RATE

DOOR = os.environ.get("BELFORT_SMPP", "")
"""host:port of the SMPP door; without it there are no ESMEs."""
ACCOUNTS = os.environ.get("BELFORT_SMPP_ACCOUNTS") or "belfort-smpp:secret08"
"""system_id:password, separated by commas: one for each process, since an account's receipts go to any of its
sessions.
"""
MESSAGE = {
    "source_addr": "8937", "source_addr_ton": consts.SMPP_TON_NWSPEC,
    "dest_addr_ton": consts.SMPP_TON_INTL, "dest_addr_npi": consts.SMPP_NPI_ISDN,
    "short_message": b"On a scale from 0-10, would you recommend us?", "registered_delivery": 1,
}  # fmt: skip
FINAL = {2: "DELIVERED", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIVERABLE", 8: "REJECTED"}
"""States of which a receipt must have told (SMPP 3.4 §5.2.28)."""
LOST = (Broken, PDUError, OSError, gevent.Timeout)
"""How a session, or the answer to something, is lost."""
ANSWER_SECONDS, RECEIPT_SECONDS, UNBIND_SECONDS, AGAIN_SECONDS = 10.0, 3.0, 1.0, 1.0
LOG = "smpplib"
logging.getLogger(LOG).setLevel(logging.ERROR)  # what goes wrong is told as a failure
post = Post()
"""Of all sessions of this process."""


def accounts() -> list[str]:
    """The system_id of every account that ESMEs may be."""
    return [each.partition(":")[0].strip() for each in ACCOUNTS.split(",")] if DOOR else []


class Session(Client):
    """One bound connection: read by a greenlet of its own, written by that one and the user's."""

    def __init__(self, door: str, heard: Any) -> None:
        host, _, port = door.rpartition(":")
        super().__init__(
            host, int(port), timeout=ANSWER_SECONDS, logger_name=LOG, allow_unknown_opt_params=True
        )
        self._writing, self._heard = RLock(), heard
        self.waiting: dict[int, AsyncResult] = {}
        """Who waits for the answer to which sequence number."""
        self.set_message_sent_handler(self._answered)
        self.set_query_resp_handler(self._answered)
        self.set_error_pdu_handler(lambda pdu: None)

    def message_received_handler(self, pdu: Any, **_: Any) -> None:
        if pdu.receipted_message_id:
            self._heard(bytes(pdu.receipted_message_id))

    def send_pdu(self, pdu: Any) -> bool:
        with self._writing:
            return bool(super().send_pdu(pdu))

    def serve(self) -> None:
        """Read until the connection ends; who waits then learns of it."""
        try:
            self.listen()
        except (Broken, PDUError, OSError, AttributeError) as end:  # AttributeError: closed while reading
            for waiting in self.waiting.values():
                waiting.set_exception(ConnectionResetError(f"the session ended: {end}"))
            self.waiting.clear()

    def submit(self, **about: Any) -> AsyncResult:
        """Send a message; the answer will be there."""
        return self._ask(make_pdu("submit_sm", client=self, **about))

    def query(self, message: bytes) -> AsyncResult:
        """Ask what has become of a message of ours."""
        about = {name: MESSAGE[name] for name in ("source_addr", "source_addr_ton")}
        return self._ask(make_pdu("query_sm", client=self, message_id=message.decode(), **about))

    def _ask(self, pdu: Any) -> AsyncResult:
        waiting = self.waiting[pdu.sequence] = AsyncResult()
        self.send_pdu(pdu)
        return waiting

    def leave(self) -> None:
        """Unbind, and close once that is answered or nobody does."""
        try:
            self.send_pdu(make_pdu("unbind", client=self))
            with gevent.Timeout(UNBIND_SECONDS, False):
                while self.state != consts.SMPP_CLIENT_STATE_OPEN:
                    gevent.sleep(0.01)
        except (Broken, OSError):
            pass
        self.disconnect()

    def _answered(self, pdu: Any) -> None:
        waiting = self.waiting.pop(pdu.sequence, None)
        if waiting is not None:
            waiting.set(pdu)


class Esme(User):
    """Submits at a pace, each message after the answer to the one before it."""

    weight = 1
    rate: ClassVar[float] = 20
    wait_time = paced
    abstract = not DOOR

    def on_start(self) -> None:
        self.pace = Pace(RATE or self.rate)
        self.session: Session | None = None
        self._sent: deque[bytes] = deque()

    def on_stop(self) -> None:
        """Wait a moment for the receipts that are still to come, ask after those that did not, unbind."""
        tell(self)
        with gevent.Timeout(RECEIPT_SECONDS, False):
            while any(post.is_due(each) for each in self._sent):
                gevent.sleep(0.05)
        began = time.perf_counter()
        for message in filter(post.is_due, self._sent):
            post.give_up(message)
            state = self._became(message)
            if state in FINAL:
                self._fire(
                    "receipt", began, AssertionError(f"no receipt for a message that is {FINAL[state]}")
                )
        self._unbind()

    def _became(self, message: bytes) -> int | None:
        """The message's state; None if it is not to be learned."""
        session = self.session or self._bind()
        try:
            return int(session.query(message).get(timeout=ANSWER_SECONDS).message_state) if session else None
        except (*LOST, TypeError):
            return None

    @tag("smpp")
    @task
    def submit(self) -> None:
        session = self.session or self._bind()
        if session is None:
            gevent.sleep(AGAIN_SECONDS)
            return
        began = time.perf_counter()
        try:
            answer = session.submit(destination_addr=somebody(), **MESSAGE).get(timeout=ANSWER_SECONDS)
        except LOST as failure:
            self._fire("submit_sm", began, failure)
            self._unbind()
            return
        self._fire("submit_sm", began, _refusal(answer.status))
        if not answer.status:
            self._await_receipt(bytes(answer.message_id), began)

    def _await_receipt(self, message: bytes, began: float) -> None:
        came = post.answered(message, began)
        if came is not None:
            self._fire("receipt", began, None, came)
            return
        self._sent.append(message)
        while self._sent and not post.is_due(self._sent[0]):
            self._sent.popleft()

    def _receipt(self, message: bytes) -> None:
        now = time.perf_counter()
        try:
            submitted = post.receipt(message, now)
        except Twice as twice:
            self._fire("receipt", now, twice, now)
            return
        if submitted is not None:
            self._fire("receipt", submitted, None, now)

    def _bind(self) -> Session | None:
        """A session as the account of this process; None if there is none to be had."""
        known = ACCOUNTS.split(",")
        place = getattr(self.environment.runner, "worker_index", 0) % len(known)
        system_id, _, password = known[place].strip().partition(":")
        began, session = time.perf_counter(), Session(DOOR, self._receipt)
        try:
            session.connect()
            session.bind_transceiver(system_id=system_id, password=password)
        except LOST as failure:
            self._fire("bind_transceiver", began, failure)
            session.disconnect()
            return None
        self._fire("bind_transceiver", began, None)
        gevent.spawn(session.serve)
        self.session = session
        return session

    def _unbind(self) -> None:
        session, self.session = self.session, None
        if session is not None:
            session.leave()

    def _fire(
        self, name: str, began: float, failure: BaseException | None, ended: float | None = None
    ) -> None:
        """A request of Locust's, from `began` to now or `ended`, in seconds of `perf_counter`."""
        took = (time.perf_counter() if ended is None else ended) - began
        self.environment.events.request.fire(
            request_type="SMPP", name=name, response_time=took * 1000, response_length=0,
            exception=failure, context={},
        )  # fmt: skip


def somebody() -> str:
    """An ordinary inhabitant's number, of a range in which the service asks nobody."""
    return f"32455{random.randint(0, 999_999):06}"


def _refusal(status: int) -> PDUError | None:
    return PDUError(consts.DESCRIPTIONS.get(status, hex(status))) if status else None

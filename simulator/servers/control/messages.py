"""`messages`: what was accepted, one message in full, and waiting for messages instead of sleeping."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from simulator.delivery import Message, State, Which
from simulator.journal import Entry, Journal, Kind, Match, iso
from simulator.servers import forms
from simulator.servers.control import mails
from simulator.servers.control.desk import Desk, World, answer
from simulator.servers.control.waiting import Wanted, heard_replies, wait
from simulator.servers.problems import Problem, did_you_mean, not_found
from simulator.world import Channel, MessageId, Moment

PAGE = 100
MOST = 1_000
MOST_WAITED = 100_000
WITHIN = 30.0
IN_FULL = 1_000
"""Journal entries shown with one message."""


class Became(NamedTuple):
    """What a word for the state of a message asks for."""

    state: State | None = None
    replied: bool = False
    heard: bool = False


ANY_STATE = Became()
STATES: Mapping[str, Became] = {
    "submitted": ANY_STATE,
    **{state.value: Became(state) for state in State},
    "failed": Became(State.UNDELIVERED),
    "replied": Became(replied=True),
    "heard": Became(heard=True),
}


class MessagesDesk:
    """The routes under `messages`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/messages", self.show, allow_head=False),
            web.get("/messages/wait", self.wait, allow_head=False),
            web.get("/messages/{id}", self.one, allow_head=False),
        ]

    async def show(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        wanted = read_wanted(form)
        after = form.having("after", forms.whole(0, 2**53), 0)
        newest = form.having("newest", forms.truth_value, False)
        limit = form.having("limit", forms.whole(1, MOST), PAGE)
        form.done()
        carrier = self._desk.world.carrier
        most = MOST_WAITED if wanted.heard else limit
        if newest:
            found = carrier.newest(wanted.which, most)
        else:
            found = carrier.messages(wanted.which, after=after, limit=most)
        found = [message for message in found if wanted.takes(message) and message.order > after][:limit]
        return answer(
            {
                "messages": [brief(message) for message in found],
                "after": max((message.order for message in found), default=after),
            }
        )

    async def one(self, request: web.Request) -> web.Response:
        forms.Form.of_query(request).done()
        message = self._desk.world.carrier.message(MessageId(request.match_info["id"]))
        if message is None:
            raise not_found("there is no such message; GET /control/v1/messages lists them")
        return answer(in_full(message, self._desk.world))

    async def wait(self, request: web.Request) -> web.Response:
        form = forms.Form.of_query(request)
        wanted = read_wanted(form, reply=form.optional("reply", forms.text(1_000, 1)))
        after = form.having("after", forms.whole(0, 2**53), 0)
        count = form.having("count", forms.whole(1, MOST_WAITED), 1)
        within = form.having("within", forms.seconds, WITHIN)
        form.done()
        most = self._desk.world.settings.max_waits
        if self._waiting >= most:
            raise Problem(503, f"{most} callers wait already", headers={"Retry-After": "1"})
        self._waiting += 1
        try:
            found, near = await wait(self._desk, wanted, after=after, count=count, within=within)
        finally:
            self._waiting -= 1
        shown = [brief(message) for message in found]
        if len(found) < count:
            raise Problem(
                408,
                f"{len(found)} of {count} came about within {within:g} s",
                found=shown,
                near=[{"message": brief(message), "because": because} for message, because in near],
            )
        return answer({"messages": shown, "after": max(message.order for message in found)})


def read_wanted(form: forms.Form, *, reply: str | None = None) -> Wanted:
    """The filters that list and wait share."""
    conditions = form.having("state", _state, ANY_STATE)
    return Wanted(
        Which(
            to=form.optional("to", forms.address),
            account=form.optional("account", forms.text(200, 1)),
            channel=form.optional("channel", forms.one_of(Channel)),
            reference=form.optional("reference", forms.text(1_000, 1)),
            text=form.optional("q", forms.text(1_000, 1)),
            state=conditions.state,
            replied=conditions.replied or None,
        ),
        heard=conditions.heard,
        reply=reply,
    )


def _state(value: object) -> Became:
    if not isinstance(value, str) or value not in STATES:
        raise ValueError(f"is not known; {did_you_mean(str(value)[:80], STATES)}")
    return STATES[value]


def brief(message: Message) -> dict[str, object]:
    """A message as lists show it."""
    told = message.submission
    return {
        "id": message.id,
        "order": message.order,
        "channel": told.channel.value,
        "account": told.account,
        "to": told.to,
        "sender": told.sender,
        "reference": told.reference,
        "text": told.text,
        "at": iso(message.at),
        "nth": message.nth,
        "state": message.state.value,
        "status": message.status.value,
        "cause": None if message.cause is None else message.cause.name,
        "replies": message.replies,
        "handedReplies": heard_replies(message),
    }


def in_full(message: Message, world: World) -> dict[str, object]:
    """A message with all that is known of it; of a mail also how it came, and how its answers went."""
    journal = world.journal
    entries = journal.read(seq_before(journal, message.at), Match(message=message.id), IN_FULL).entries
    return {
        **brief(message),
        "timeline": [
            {"at": iso(event.at), "what": event.what, "detail": event.detail} for event in message.events
        ],
        "wrote": [_wrote(entry, world) for entry in entries if entry.kind is Kind.REPLY_WRITTEN],
        "journal": [entry.as_json() for entry in entries],
        "raw": {"utf8": message.submission.text.encode("utf-8", "surrogatepass").hex()},
        "mail": mails.shown(world.mail_source(message.id)),
    }


def _wrote(entry: Entry, world: World) -> dict[str, object]:
    facts = entry.facts
    return {
        "reply": facts.get("reply"),
        "at": iso(entry.at),
        "text": facts.get("text"),
        "meaning": facts.get("meaning"),
        "score": facts.get("score"),
        "mail": mails.shown(world.mail_source(str(facts.get("reply")))),
    }


def seq_before(journal: Journal, moment: Moment) -> int:
    """The number of the last entry before `moment`: the journal is in order of the world's time."""

    class Moments:
        def __len__(self) -> int:
            return journal.last - journal.oldest + 1

        def __getitem__(self, place: int) -> Moment:
            return journal.read(journal.oldest + place - 1, limit=1).entries[0].at

    return journal.oldest + bisect_left(Moments(), moment) - 1

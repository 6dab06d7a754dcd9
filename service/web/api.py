"""The API's addresses and what is done at each (survey-api). Thin: rules of form stand in `forms` and
`queries`, rules of business in the verbs.

The first that applies answers: 401, 404, 405, 415, 413, 400, 409, 422. `Api.handle` and `Api._posted` are
that order, read from top to bottom.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import hdrs, web

from service.clock import Clock, Moment
from service.domain.request import AccountId, SurveyId
from service.report import Report
from service.store import surveys
from service.store.engine import Store, StoreUnavailable, Tx
from service.store.figures import Selection
from service.store.surveys import LanguageTaken
from service.web import addresses, answers, forms, queries
from service.web.access import Access
from service.web.addresses import BASE, QUESTION, REPORT, SEND, SURVEY, SURVEY_REPORT, SURVEYS
from service.web.body import parse, read_body, require_json
from service.web.edge import ACCOUNT, ROUTE, method_not_allowed
from service.web.idempotency import Answer, Keys, read_key
from service.web.known import KnownSurveys
from service.web.limits import Limit
from service.web.problems import Fault, Faults, Kind, Problem, not_found
from service.web.sending import Sending, Sends

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """A call that was let in: whose, about which survey (or NO_SURVEY), when."""

    http: web.Request
    account: AccountId
    survey: SurveyId
    now: Moment
    limits: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """As it stands in the request line."""
        return self.http.raw_path.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Work:
    """What a call is to do: a unit of work, and how what it gives is answered."""

    unit: Callable[[Tx], Any]
    answer: Callable[[Any], Answer] = lambda answer: answer

    def whole(self, tx: Tx) -> Answer:
        """Both in one transaction."""
        return self.answer(self.unit(tx))


Handler = Callable[["Api", Call], Awaitable[web.Response]]


class Api:
    """Everything under the base path that needs a token."""

    def __init__(
        self,
        *,
        access: Access,
        known: KnownSurveys,
        sends: Sends,
        report: Report,
        store: Store,
        keys: Keys,
        clock: Clock,
        calls: Limit,
        on_delete: Callable[[], None],
        body_deadline: float,
    ) -> None:
        self._access, self._known, self._sends, self._report = access, known, sends, report
        self._store, self._keys, self._clock, self._calls = store, keys, clock, calls
        self._on_delete, self._deadline = on_delete, body_deadline

    async def handle(self, http: web.Request) -> web.Response:
        """Answer any call under the base path. Errors: Problem, StoreUnavailable."""
        account = await self._access.account(http)
        http[ACCOUNT] = account
        # An escaped slash parts nothing (RFC 3986 §2.2).
        resource, survey = addresses.find(http.rel_url.path_safe)
        http[ROUTE] = resource
        call = Call(http, account, survey, self._clock.now())
        sending = resource == SEND and http.method == hdrs.METH_POST
        if not sending:
            call.limits = self._calls.take(account)
        try:
            return await self._handled(call, resource)
        except Problem as problem:
            if sending and not call.limits and problem.kind is not Kind.TOO_MANY:
                # What never came to sending counts as any other call.
                self._calls.take(account)
            raise

    async def _handled(self, call: Call, resource: str) -> web.Response:
        if resource not in RESOURCES:
            raise not_found()
        if call.survey and not await self._known.exists(call.account, call.survey):
            raise not_found()
        methods = RESOURCES[resource]
        method = hdrs.METH_GET if call.http.method == hdrs.METH_HEAD else call.http.method
        if method not in methods:
            raise method_not_allowed(_allowed(methods))
        return await methods[method](self, call)

    # What is done at each address.

    async def list_surveys(self, call: Call) -> web.Response:
        _no_parameters(call)
        found = await self._store.read(lambda tx: surveys.recent(tx, call.account))
        return _ok(call, [answers.survey(each) for each in found])

    async def get_survey(self, call: Call) -> web.Response:
        _no_parameters(call)
        found = await self._store.read(lambda tx: surveys.get(tx, call.account, call.survey))
        return _ok(call, answers.survey(_present(found)))

    async def delete_survey(self, call: Call) -> web.Response:
        _no_parameters(call)
        gone = await self._store.write(
            lambda tx: surveys.delete(tx, call.account, call.survey, call.now), erasing=True
        )
        self._known.forget(call.account, call.survey)
        if not gone:
            raise not_found()
        self._on_delete()
        return web.Response(status=204, headers=call.limits)

    async def create_survey(self, call: Call) -> web.Response:
        def form(value: Any, faults: Faults) -> Work:
            name, interaction, questions = forms.survey(value, faults)
            repeated = forms.repeated_language(questions)

            def unit(tx: Tx) -> Answer:
                if repeated is not None:
                    return _language_taken(f"/questions/{repeated}/language")
                made = surveys.create(tx, call.account, name, interaction, questions)
                return Answer(201, answers.text(answers.survey(made)), f"{BASE}/surveys/{made.id}")

            return Work(unit)

        return _sent_back(call, await self._posted(call, form))

    async def add_question(self, call: Call) -> web.Response:
        def form(value: Any, faults: Faults) -> Work:
            draft = forms.question(value, faults)

            def unit(tx: Tx) -> Answer:
                made = surveys.add_question(tx, call.account, call.survey, draft)
                if isinstance(made, LanguageTaken):
                    return _language_taken("/language")
                if made is None:
                    raise not_found()
                return Answer(201, answers.text(answers.question(made)))

            return Work(unit)

        return _sent_back(call, await self._posted(call, form))

    async def send(self, call: Call) -> web.Response:
        admitted: list[Sending] = []

        def form(value: Any, faults: Faults) -> Work:
            sending = self._sends.admit(value, faults, call.account, call.survey, call.now)
            admitted.append(sending)
            call.limits = sending.limits
            return Work(sending.unit, lambda decisions: Answer(202, sending.receipt(_present(decisions))))

        try:
            sent = await self._posted(call, form)
        except (Problem, StoreUnavailable):
            for sending in admitted:
                self._sends.give_back(sending)
            raise
        (sending,) = admitted
        if sent.replayed:
            self._sends.give_back(sending)
            call.limits = sending.limits
        else:
            self._sends.tell(sending)
        return _sent_back(call, sent)

    async def report(self, call: Call) -> web.Response:
        faults = Faults()
        query = queries.report(call.query, faults)
        faults.settle()
        selection = Selection(
            account=call.account,
            survey=call.survey or None,
            period=query.period,
            channel=query.channel,
            tags=query.segments,
            mode=query.mode,
        )
        found = _present(await self._report.figures(selection, details=query.details))
        # Now, not when the call began: what was accepted before this snapshot is not from the future.
        return _ok(call, answers.report(query, found, self._clock.now()))

    # The common part of every POST.

    async def _posted(self, call: Call, form: Callable[[Any, Faults], Work]) -> Answer:
        """Read the body, let `form` make a unit of work of it, and do that once."""
        require_json(call.http)
        raw = await read_body(call.http, self._deadline)
        faults = Faults()
        queries.parameters(call.query, (), faults)
        key = read_key(call.http, faults)
        value = parse(raw, faults)
        work = form(value, faults)
        faults.settle()
        if key is None:
            return work.answer(await self._store.write(work.unit))
        path = call.http.path
        return await self._keys.once(
            work.whole, account=call.account, path=path, key=key, body=value, now=call.now
        )


RESOURCES: Mapping[str, Mapping[str, Handler]] = {
    SURVEYS: {"GET": Api.list_surveys, "POST": Api.create_survey},
    SURVEY: {"GET": Api.get_survey, "DELETE": Api.delete_survey},
    QUESTION: {"POST": Api.add_question},
    SEND: {"POST": Api.send},
    SURVEY_REPORT: {"GET": Api.report},
    REPORT: {"GET": Api.report},
}


def _allowed(methods: Mapping[str, Handler]) -> frozenset[str]:
    return frozenset(methods) | ({hdrs.METH_HEAD} if hdrs.METH_GET in methods else frozenset())


def _no_parameters(call: Call) -> None:
    faults = Faults()
    queries.parameters(call.query, (), faults)
    faults.settle()


def _present(found: T | None) -> T:
    """404 for what went away since it was seen."""
    if found is None:
        raise not_found()
    return found


def _language_taken(pointer: str) -> Answer:
    detail = "The survey has a question in this language already; tags compare without case."
    return Answer(409, Problem(Kind.CONFLICT, detail, [Fault(detail, pointer=pointer)]).body())


def _ok(call: Call, value: Any) -> web.Response:
    return web.Response(
        body=answers.text(value).encode(), content_type="application/json", headers=call.limits
    )


def _sent_back(call: Call, answer: Answer) -> web.Response:
    headers = dict(call.limits)
    if answer.location is not None:
        headers[hdrs.LOCATION] = answer.location
    if answer.replayed:
        headers["Idempotency-Replayed"] = "true"
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    return web.Response(body=answer.text.encode(), status=answer.status, content_type=kind, headers=headers)

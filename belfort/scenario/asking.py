"""Steps of the one who asks: make surveys, add questions, send, delete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from belfort.campaign import BATCH, Customer
from belfort.client import Json
from belfort.ledger import Sent
from belfort.scenario import when
from belfort.scenario.book import Span
from belfort.scenario.lanes import known_as
from belfort.scenario.names import CHANNEL, SURVEY, Mention, Target, Targets, listed
from belfort.scenario.stage import Stage
from belfort.scenario.steps import Step, Unmet, verb
from belfort.scenario.values import LANGUAGES, TAGS, Either, Pairs, Particular, Several, text, whole, word

REASONS = (
    "INVALID_DESTINATION",
    "DESTINATION_NOT_SUPPORTED",
    "NO_QUESTION_IN_LANGUAGE",
    "OPTED_OUT",
    "CONTACTED_RECENTLY",
)
QUESTIONS = Pairs("questions by language", LANGUAGES, text("a question", 1_000))
REASON = word(*REASONS)
COUNTS = Pairs("how many for each reason", REASON, whole(1, 1_000_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSurvey(Step):
    name: str
    questions: Mapping[str, str]
    about: str = "general"

    def sentence(self) -> str:
        return f"Create the survey {self.name}, asking in {listed(tuple(self.questions))}."

    async def play(self, stage: Stage) -> str:
        made = await stage.api.create_survey(self.name, self.about, self.questions)
        stage.book.surveys[self.name] = int(made["id"])
        return f"survey {made['id']}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddQuestion(Step):
    survey: Mention
    questions: Mapping[str, str]

    def sentence(self) -> str:
        return f"Let {self.survey} be asked in {listed(tuple(self.questions))} as well."

    def surveys(self) -> Sequence[Mention]:
        return (self.survey,)

    async def play(self, stage: Stage) -> str:
        survey = stage.book.surveys[self.survey.name]
        for language, body in self.questions.items():
            await stage.api.ask("POST", f"/surveys/{survey}/question", {"body": body, "language": language})
        return f"{len(self.questions)} added"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSurvey(Step):
    survey: Mention

    def sentence(self) -> str:
        return f"Delete the survey {self.survey}."

    def surveys(self) -> Sequence[Mention]:
        return (self.survey,)

    async def play(self, stage: Stage) -> str:
        survey = stage.book.surveys[self.survey.name]
        await stage.api.ask("DELETE", f"/surveys/{survey}")
        stage.book.deleted.add(survey)
        return "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Step):
    survey: Mention
    to: Target
    channel: str = "SMS"
    language: str | None = None
    segments: tuple[str, ...] = ()
    refused: str | Mapping[str, int] = field(default_factory=dict)
    key: str | None = None

    def sentence(self) -> str:
        words = f"Send {self.survey} to {self.to.said}"
        words += f" by {self.channel}" if self.channel != "SMS" else ""
        words += f" in {self.language}" if self.language else ""
        words += f", tagged {listed(self.segments)}" if self.segments else ""
        words += f", under the key {self.key}" if self.key else ""
        words += f"; refused: {self._said_refused()}" if self.refused else ""
        return f"{words}."

    def _said_refused(self) -> str:
        if isinstance(self.refused, str):
            return f"all, {self.refused}"
        return listed(tuple(f"{count} {reason}" for reason, count in self.refused.items()))

    def surveys(self) -> Sequence[Mention]:
        return (self.survey,)

    def people(self) -> Sequence[Mention]:
        return self.to.people

    async def play(self, stage: Stage) -> str:
        customers = await self._customers(stage)
        if not customers:
            raise Unmet("somebody to send to", "nobody")
        refused: Counter[str] = Counter()
        for start in range(0, len(customers), BATCH):
            refused += await self._send(stage, customers[start : start + BATCH], self._key(start // BATCH))
        self._judge(refused, len(customers))
        return _told(len(customers) - refused.total(), refused)

    def _judge(self, refused: Counter[str], asked: int) -> None:
        expected = {self.refused: asked} if isinstance(self.refused, str) else dict(self.refused)
        if dict(refused) != expected:
            right = Counter(expected)
            raise Unmet(_told(asked - right.total(), right), _told(asked - refused.total(), refused))

    def _key(self, call: int) -> str | None:
        """Each of several calls has a key of its own."""
        return f"{self.key}-{call + 1}" if self.key is not None and call else self.key

    async def _send(self, stage: Stage, customers: Sequence[Customer], key: str | None) -> Counter[str]:
        """One call; what was accepted goes into the book, what was refused is counted by reason."""
        survey, book = stage.book.surveys[self.survey.name], stage.book
        first = book.next_number()
        requests = [self._request(stage, each, first + place) for place, each in enumerate(customers)]
        book.people |= {known_as(each.address) for each in customers}
        if key is not None:
            to = tuple(each.address for each in customers)
            requests = book.bodies.setdefault((survey, key, to), requests)
        began = await stage.now()
        answer = await stage.api.send(survey, requests, key=key)
        span, refused = Span(began, await stage.now()), Counter[str]()
        known = {row.request for row in book.ledger} if key else set()
        for place, (customer, result) in enumerate(zip(customers, answer["requests"], strict=True)):
            if result["status"] != "ACCEPTED":
                refused[result["reason"]] += 1
                book.rejected += 1
            elif result["id"] not in known:
                book.ledger.add(self._row(stage, customer, first + place, result, span))
                book.spans[first + place] = span
        return refused

    def _request(self, stage: Stage, customer: Customer, number: int) -> Json:
        own = sorted({stage.segment(tag) for tag in {*self.segments, *customer.segments}})
        request: Json = {"channel": self.channel, "destination": customer.address}
        request["segments"] = [*own, *stage.book.ledger.tags(number)]
        if customer.language:
            request["language"] = customer.language
        if customer.reference:
            request["referenceId"] = customer.reference
        return request

    def _row(self, stage: Stage, customer: Customer, number: int, result: Json, span: Span) -> Sent:
        return Sent(
            number=number,
            request=result["id"],
            address=customer.address,
            survey=stage.book.surveys[self.survey.name],
            channel=self.channel,
            language=customer.language or "",
            segments=frozenset({*self.segments, *customer.segments}),
            wave=when.written(span.first) if span.first == span.last else "",
        )

    async def _customers(self, stage: Stage) -> Sequence[Customer]:
        if self.to.customers:
            return [replace(each, language=self.language or each.language) for each in self.to.customers]
        if self.to.inhabitants is not None:
            return await self._inhabitants(stage, *self.to.inhabitants)
        if self.to.family:
            query = {"lane": str(stage.cast.lane), "channel": self.channel}
            found = await stage.control.ask("GET", "/numbers", query=query)
            return [
                self._customer(person["address"], person["language"])
                for person in found["people"]
                if person["number"]["family"] in self.to.family
            ]
        return [self._customer(address, None) for address in stage.cast.addresses(self.to.people)]

    async def _inhabitants(self, stage: Stage, first: int, last: int) -> list[Customer]:
        query = {"count": str(last - first + 1), "after": str(first - 1 + stage.harness.inhabitants_before)}
        query["channel"] = self.channel
        found = await stage.control.ask("GET", "/people", query=query)
        return [self._customer(person["address"], person["language"]) for person in found["people"]]

    def _customer(self, address: str, speaks: str | None) -> Customer:
        return Customer(address, self.language or speaks)


def _told(accepted: int, refused: Counter[str]) -> str:
    parts = [f"{accepted:,} accepted"]
    parts += [f"{count:,} refused as {reason}" for reason, count in sorted(refused.items())]
    return ", ".join(parts)


VERBS = (
    verb(
        "create_survey",
        "make a survey",
        CreateSurvey,
        ("name", text("a survey's name", 255), "its name"),
        Particular("ask", QUESTIONS, "its questions by language", "questions", needed=True),
        Particular("about", text("an interaction type", 255), "its interactionType; `general` if left out"),
    ),
    verb(
        "add_question",
        "let a survey be asked in another language",
        AddQuestion,
        ("survey", SURVEY, "which survey"),
        Particular("ask", QUESTIONS, "further questions by language", "questions", needed=True),
    ),
    verb(
        "send",
        "send a survey; what is not said to be refused must be accepted",
        Send,
        ("survey", SURVEY, "which survey"),
        Particular("to", Targets(), "to whom", needed=True),
        Particular("by", CHANNEL, "the channel; `SMS` if left out", "channel"),
        Particular("language", LANGUAGES, "which question is asked"),
        Particular("segments", Several(TAGS, 16), "the customers' tags"),
        Particular("refused", Either(REASON, COUNTS), "why all are refused, or how many for which reason"),
        Particular("key", text("an idempotency key", 255), "sent again under the same key, nothing happens"),
    ),
    verb(
        "delete_survey",
        "delete a survey with all that belongs to it",
        DeleteSurvey,
        ("survey", SURVEY, "which survey"),
    ),
)

"""A campaign: surveys in four languages, customers with segments, sent in batches; every accepted request
goes into the ledger.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from belfort.client import Answered, Json, SurveyApi
from belfort.ledger import Ledger, Sent

BATCH = 500

SURVEYS: dict[str, Mapping[str, str]] = {
    "waffles": {
        "nl-BE": "Hoe waarschijnlijk beveel je onze wafels aan? Antwoord met een cijfer van 0 tot 10.",
        "fr-BE": "Recommanderiez-vous nos gaufres à un ami? Répondez par une note de 0 à 10.",
        "de-BE": "Würden Sie unsere Waffeln weiterempfehlen? Antworten Sie mit einer Zahl von 0 bis 10.",
        "en-GB": "On a scale from 0-10, how likely are you to recommend our waffles to a friend?",
    },
    "biscuits": {
        "nl-BE": "Zou je onze koekjes aanraden aan een vriend? Stuur ons een score van 0 tot 10.",
        "fr-BE": "Quelle note de 0 à 10 donnez-vous à nos biscuits?",
        "de-BE": "Welche Note von 0 bis 10 geben Sie unseren Keksen?",
        "en-GB": "On a scale from 0-10, how likely are you to recommend our biscuits to a friend?",
    },
}
"""The documentation's own two products, in the languages of the country and in English."""

LOYALTY = ("gold", "silver", "bronze")
PLACES = ("web", "shop")


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody a survey is sent to."""

    address: str
    language: str | None
    segments: frozenset[str] = frozenset()
    reference: str | None = None
    line: int | None = None
    """Where they stand in the customer file, for messages about them."""
    channel: str | None = None
    """None: the campaign's."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A request the service did not take."""

    customer: Customer
    reason: str
    retry_after: str | None = None


@dataclass(slots=True)
class Campaign:
    """Sends surveys and remembers what became of each request."""

    api: SurveyApi
    channel: str = "SMS"
    tagged: bool = True
    """Whether each request carries the ledger's own tags, by which the oracle finds culprits."""
    ledger: Ledger = field(default_factory=lambda: Ledger(secrets.token_hex(4)))
    rejections: list[Rejection] = field(default_factory=list)

    async def send(
        self,
        survey: int,
        customers: Sequence[Customer],
        *,
        wave: str = "",
        batch: int = BATCH,
        progress: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Send `survey` to all `customers`, `batch` at a time; `progress` hears of each batch's size."""
        for chunk in _chunks(customers, batch):
            await self._send_batch(survey, chunk, wave)
            progress(len(chunk))

    async def _send_batch(self, survey: int, customers: Sequence[Customer], wave: str) -> None:
        """One call. If its form is refused, the rows at fault are put aside and the others sent again."""
        numbered = [(customer, number) for number, customer in enumerate(customers, self._next_number())]
        try:
            answer = await self.api.send(survey, [self._request(*each) for each in numbered])
        except Answered as refusal:
            faulty = _rows_at_fault(refusal)
            if not faulty:
                raise
            self.rejections += [Rejection(customers[row], why) for row, why in faulty.items()]
            rest = [customer for row, customer in enumerate(customers) if row not in faulty]
            if rest:
                await self._send_batch(survey, rest, wave)
            return
        for (customer, number), result in zip(numbered, answer["requests"], strict=True):
            self._note(survey, customer, number, result, wave)

    def _next_number(self) -> int:
        return len(self.ledger) + len(self.rejections)

    def _request(self, customer: Customer, number: int) -> Json:
        tags = self.ledger.tags(number) if self.tagged else ()
        request: Json = {"channel": customer.channel or self.channel, "destination": customer.address}
        request["segments"] = [*sorted(customer.segments), *tags]
        if customer.language:
            request["language"] = customer.language
        if customer.reference:
            request["referenceId"] = customer.reference
        return request

    def _note(self, survey: int, customer: Customer, number: int, result: Json, wave: str) -> None:
        if result["status"] == "ACCEPTED":
            self.ledger.add(
                Sent(
                    number=number,
                    request=result["id"],
                    address=customer.address,
                    survey=survey,
                    channel=customer.channel or self.channel,
                    language=customer.language or "",
                    segments=customer.segments,
                    wave=wave,
                )
            )
        else:
            self.rejections.append(Rejection(customer, result["reason"], result.get("retryAfter")))


def _rows_at_fault(refusal: Answered) -> dict[int, str]:
    """What a 400 says of single rows, by its JSON Pointers (RFC 6901): `/requests/17/destination`."""
    rows: dict[int, str] = {}
    listed = refusal.body.get("errors") if isinstance(refusal.body, Mapping) else None
    for fault in listed if refusal.status == 400 and isinstance(listed, list) else ():
        if not isinstance(fault, Mapping):
            continue
        parts = str(fault.get("pointer", "")).split("/")
        if len(parts) > 2 and parts[1] == "requests" and parts[2].isdigit():
            rows.setdefault(int(parts[2]), f"{'/'.join(parts[3:]) or 'row'}: {fault.get('detail')}")
    return rows


def _chunks(customers: Sequence[Customer], size: int) -> Iterator[Sequence[Customer]]:
    for start in range(0, len(customers), size):
        yield customers[start : start + size]


def segments_of(number: int) -> frozenset[str]:
    """Loyalty and place of the customer `number`: every combination occurs, in unequal shares."""
    return frozenset({LOYALTY[number * 7 % 10 % 3], PLACES[number * 3 % 5 % 2]})

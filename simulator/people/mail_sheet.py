"""The mail part of a population, read from a sheet: shares that are given replace the other's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace

from simulator.people.forms import Form
from simulator.people.mail_causes import MAIL_CAUSES
from simulator.people.mail_population import (
    CHARSETS,
    CLIENTS,
    ENCODINGS,
    FORMS,
    QUOTES,
    SIGNATURES,
    MailPopulation,
)
from simulator.people.shares import Shares
from simulator.people.tree import Node

DRESS: Mapping[str, Mapping[str, float]] = {
    "forms": FORMS,
    "quotes": QUOTES,
    "clients": CLIENTS,
    "signatures": SIGNATURES,
    "charsets": CHARSETS,
    "encodings": ENCODINGS,
}
PARTS = ("refused_at_once", "greylisted", "out_of_office", "complains", "footers", "pictures")
SECONDS = ("greylist_seconds", "delay_told", "expiry")
DELAYS = ("bounce", "reply")
WORDS = ("answers", "reach", "arrives", *PARTS, *SECONDS, *DRESS, "delays")


def mail(form: Form, node: Node, base: MailPopulation) -> MailPopulation:
    """The mail part in a mapping, over `base`; mistakes are noted in `form`."""
    items = form.mapping(node, WORDS)
    readers: dict[str, Callable[[Node], object]] = {
        "answers": form.part,
        "reach": lambda each: _reach(form, each),
        "arrives": form.mixture,
        **dict.fromkeys(PARTS, form.part),
        **dict.fromkeys(SECONDS, form.seconds),
        **{name: _of(form, known) for name, known in DRESS.items()},
    }
    changes = {name: read(items[name]) for name, read in readers.items() if name in items}
    if "answers" in changes:
        changes["answer_rate"] = changes.pop("answers")
    if "delays" in items:
        known = form.mapping(items["delays"], DELAYS)
        changes |= {f"{name}_delay": form.mixture(each) for name, each in known.items()}
    if form.mistakes:
        return base
    return replace(base, **changes)  # type: ignore[arg-type]  # each reader gives its field's type


def _of(form: Form, known: Mapping[str, float]) -> Callable[[Node], object]:
    return lambda node: form.shares(node, known)


def _reach(form: Form, node: Node) -> Shares[str] | None:
    """As for telephones: `delivered` is what the causes leave over."""
    parts = {cause: form.part(item) for cause, item in form.mapping(node, MAIL_CAUSES).items()}
    known = {cause: part for cause, part in parts.items() if part is not None}
    if len(known) != len(parts):
        return None
    total = sum(known.values())
    if total > 1 + 1e-9 or ("delivered" in known and total < 1 - 1e-3):
        form.wrong(node.where, f"the shares add up to {total:g}, not to 1; `delivered` may be left out")
        return None
    known.setdefault("delivered", max(0.0, 1 - total))
    return form.weighed(node, known)


def as_json(mail: MailPopulation) -> dict[str, object]:
    """The mail part in the words that `mail` reads."""
    return {
        "answers": mail.answer_rate,
        "reach": dict(mail.reach.items()),
        "arrives": [asdict(crowd) for crowd in mail.arrives.crowds],
        **{name: getattr(mail, name) for name in (*PARTS, *SECONDS)},
        **{name: dict(getattr(mail, name).items()) for name in DRESS},
        "delays": {
            name: [asdict(crowd) for crowd in getattr(mail, f"{name}_delay").crowds] for name in DELAYS
        },
    }

"""How inhabitants are with mail: a part of the population, with its shares and their sources.

Answers and bounces follow published figures where there are any; how mails are dressed (form, quote,
signature, charset) is estimated from what mail programs do by default.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simulator.people.shares import LogNormal, Mixture, Shares

HOUR = 3600.0

# About 0.7 % bounce (Campaign Monitor 2020); a Dutch benchmark saw 99.38 % accepted (2022). How these divide
# is estimated.
REACH = {
    "delivered": 0.9905,
    "mailbox unknown": 0.0040,
    "mailbox disabled": 0.0010,
    "mailbox full for good": 0.0010,
    "refused by a filter": 0.0010,
    "cannot be routed": 0.0005,
    "never taken": 0.0005,
    "server not reached": 0.0010,
    "mailbox full": 0.0003,
    "lost without a report": 0.0002,
}
STALE_REACH = REACH | {"delivered": 0.9345, "mailbox unknown": 0.060}  # 5 to 7 % on stale lists

OF_THE_MAILBOX = ("mailbox unknown", "mailbox disabled")
"""Causes that belong to the address: what is unknown today is unknown tomorrow."""
PASSES = ("server not reached", "mailbox full")
"""Causes of a delay, after which the mail arrives."""

FORMS = {"alternative": 0.62, "plain": 0.26, "html": 0.12}
QUOTES = {"below": 0.66, "none": 0.22, "above": 0.08, "inline": 0.04}
CLIENTS = {"gmail": 0.40, "outlook": 0.24, "apple": 0.22, "thunderbird": 0.08, "original": 0.06}
SIGNATURES = {"none": 0.58, "name": 0.16, "dashed": 0.12, "card": 0.08, "business": 0.06}
CHARSETS = {"utf-8": 0.84, "windows-1252": 0.06, "iso-8859-1": 0.06, "iso-8859-15": 0.035, "utf-16": 0.005}
ENCODINGS = {"quoted-printable": 0.62, "base64": 0.26, "8bit": 0.12}


@dataclass(frozen=True, slots=True)
class MailPopulation:
    """Shares are parts of a whole; delays are in seconds."""

    answer_rate: float = 0.15
    """Share of those reached who answer: 13 to 16 % of consumers (Satmetrix 2015)."""
    reach: Shares[str] = field(default_factory=lambda: Shares(REACH))
    """What becomes of a mail, by the name of its cause (`mail_causes`)."""
    refused_at_once: float = 0.6
    """Share of the unknown mailboxes whose server says so after the data; others bounce (estimate)."""
    greylisted: float = 0.02
    """Share of the people whose server takes a first try with 451 (estimate)."""
    greylist_seconds: float = 60.0
    out_of_office: float = 0.03
    """Share of the mails that meet somebody who is away (estimate)."""
    complains: float = 0.0005
    """Share of the mails somebody reports as spam: senders are asked to stay below 0.1 %."""
    bounce_delay: Mixture = field(
        default_factory=lambda: Mixture(LogNormal(0.9, 3, 0.8), LogNormal(0.1, HOUR, 1))
    )
    delay_told: float = 4 * HOUR
    """When a server tells that it still tries (RFC 3461 leaves it open; servers wait four hours),"""
    arrives: Mixture = field(default_factory=lambda: Mixture(LogNormal(1, 6 * HOUR, 0.6)))
    """when a mail that was delayed arrives,"""
    expiry: float = 5 * 24 * HOUR
    """and when a server gives up: four or five days (RFC 5321 §4.5.4.1)."""
    reply_delay: Mixture = field(
        default_factory=lambda: Mixture(LogNormal(0.7, 75 * 60, 1.4), LogNormal(0.3, 14 * HOUR, 0.7))
    )
    """Slower than by SMS (estimate)."""
    forms: Shares[str] = field(default_factory=lambda: Shares(FORMS))
    quotes: Shares[str] = field(default_factory=lambda: Shares(QUOTES))
    clients: Shares[str] = field(default_factory=lambda: Shares(CLIENTS))
    signatures: Shares[str] = field(default_factory=lambda: Shares(SIGNATURES))
    footers: float = 0.30
    """Share of the mails that end with a telephone's footer."""
    pictures: float = 0.05
    """Share of the mails that carry a logo or a card besides the text."""
    charsets: Shares[str] = field(default_factory=lambda: Shares(CHARSETS))
    encodings: Shares[str] = field(default_factory=lambda: Shares(ENCODINGS))


EVERYDAY_MAIL = MailPopulation()
STALE_MAIL = replace(EVERYDAY_MAIL, reach=Shares(STALE_REACH), answer_rate=0.10)
BUSY_MAIL = replace(EVERYDAY_MAIL, greylisted=0.15, out_of_office=0.10)
INSTANT_MAIL = replace(
    EVERYDAY_MAIL,
    answer_rate=0.25,
    reach=Shares({"delivered": 1.0}),
    greylisted=0.0,
    out_of_office=0.0,
    complains=0.0,
    bounce_delay=Mixture(),
    reply_delay=Mixture(),
)
CLEAN_MAIL = replace(EVERYDAY_MAIL, answer_rate=0.20)

"""Populations: how the inhabitants of a town are, as shares and delays, and the profiles that come with the
simulator.

A population is a value; what one inhabitant is and does with it stands in `subscriber` and `respondent`.
Sources of the figures are named beside them; those without a source are estimates and say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simulator.people import calling
from simulator.people.mail_population import (
    BUSY_MAIL,
    CLEAN_MAIL,
    EVERYDAY_MAIL,
    INSTANT_MAIL,
    STALE_MAIL,
    MailPopulation,
)
from simulator.people.shares import LogNormal, Mixture, Shares
from simulator.phrasebook.habits import SHARES
from simulator.phrasebook.phrase import Meaning

HOUR = 3600.0
DAY = 24 * HOUR

PERMANENT = ("unknown subscriber", "teleservice not provisioned", "call barred", "not sms capable")
"""Causes that belong to the number: who is unknown today is unknown tomorrow."""


@dataclass(frozen=True, slots=True)
class Night:
    """Hours (0..24, Brussels time) at which nobody answers: replies wait until the morning, spread over
    `spread` s."""

    begins: float = 23
    ends: float = 7
    spread: float = 2 * HOUR


@dataclass(frozen=True, slots=True)
class Population:
    """How inhabitants are. Shares are parts of a whole; delays are in seconds."""

    name: str
    regions: Shares[str]
    languages: Mapping[str, Shares[str]]
    """By region."""
    networks: Shares[str]
    ported: float
    """Share of the numbers that left the network their prefix was given to."""
    reach: Shares[str]
    """What becomes of a message, by the name of its cause (`world.CAUSE`); `no report` was delivered
    untold."""
    throttled: float
    """Share of the tries to submit that the centre answers with "too fast"."""
    answer_rate: float
    """Share of the persons reached who answer."""
    twice: float
    """Share of those who answer that answer a second time,"""
    corrects: float
    """and of these the share that corrects the score."""
    late: float
    """Share of those who answer that do so after the response window."""
    scores: Mapping[str, Shares[int]]
    """By language."""
    habits: Shares[str]
    """How good replies are written (`phrasebook.habits`)."""
    bad: Mapping[Meaning, float]
    """Shares of bad replies among all replies; the rest is good."""
    report_delay: Mixture
    reply_delay: Mixture
    """From the delivery on."""
    second_delay: Mixture
    late_delay: Mixture
    night: Night | None
    calling: calling.Calling = calling.EVERYDAY
    """How they are on the telephone."""
    expiry: float = DAY
    """How long the centre tries: a day is what operators use most."""
    script_report: float = 0.5
    """When the report on a number that does things comes, unless its row says otherwise,"""
    script_reply: float = 1.0
    """and when its person answers; both from the acceptance on."""
    mail: MailPopulation = EVERYDAY_MAIL
    """How they are with mail."""
    passing: Shares[str] = field(init=False, repr=False, compare=False)
    """The causes of `reach` that are drawn for each message,"""
    lost: tuple[tuple[str, float], ...] = field(init=False, repr=False, compare=False)
    """and those drawn once for a number, with their shares."""
    only: str | None = field(init=False, repr=False, compare=False)
    """The one cause that every message meets, if there is but one."""
    kinds: Shares[Meaning] = field(init=False, repr=False, compare=False)
    """What replies mean."""
    plain: bool = field(init=False, repr=False, compare=False)
    """Whether everybody who answers does so once, in time, and at any hour."""

    def __post_init__(self) -> None:
        passing = {cause: share for cause, share in self.reach.items() if cause not in PERMANENT}
        lost = tuple((cause, self.reach.share(cause)) for cause in PERMANENT if self.reach.share(cause))
        good = {Meaning.GOOD: max(0.0, 1 - sum(self.bad.values()))}
        for name, value in {
            "passing": Shares(passing or {"delivered": 1.0}),
            "lost": lost,
            "only": next(iter(passing or ("delivered",))) if len(passing) < 2 else None,
            "kinds": Shares({**self.bad, **good}),
            "plain": not (self.late or self.twice or self.night),
        }.items():
            object.__setattr__(self, name, value)


def scores_of(*shares: float) -> Shares[int]:
    """A score histogram from the eleven shares of 0..10."""
    if len(shares) != 11:
        raise ValueError(f"a score histogram has 11 shares, for the scores 0 to 10, not {len(shares)}")
    return Shares(dict(enumerate(shares)))


# Regions at 1 Jan 2019 (Eurydice); languages within them: estimate anchored on the national shares.
REGIONS = Shares({"flanders": 0.576, "wallonia": 0.318, "brussels": 0.106})
LANGUAGES = {
    "flanders": Shares({"nl": 0.94, "fr": 0.03, "en": 0.03}),
    "wallonia": Shares({"nl": 0.01, "fr": 0.95, "de": 0.02, "en": 0.02}),
    "brussels": Shares({"nl": 0.14, "fr": 0.72, "en": 0.14}),
}

# Order of the operators confirmed, figures estimated.
NETWORKS = Shares({"proximus": 0.39, "orange": 0.28, "telenet": 0.24, "other": 0.09})

# Dutch and Flemish people use 8 as a very good mark and avoid 9 and 10 (CheckMarket); the spikes at 0, 5, 8
# and 10 are deliberate. Estimates: -4 for Dutch, +16.5 for French speakers, -5 for a relation survey in
# Belgium at large.
SCORES: Mapping[str, Shares[int]] = {
    "nl": scores_of(0.040, 0.010, 0.015, 0.020, 0.025, 0.075, 0.085, 0.210, 0.290, 0.120, 0.110),
    "fr": scores_of(0.060, 0.015, 0.015, 0.020, 0.020, 0.075, 0.050, 0.115, 0.210, 0.155, 0.265),
    "de": scores_of(0.060, 0.015, 0.020, 0.025, 0.030, 0.090, 0.080, 0.170, 0.240, 0.120, 0.150),
    "en": scores_of(0.060, 0.015, 0.020, 0.025, 0.030, 0.090, 0.080, 0.170, 0.240, 0.120, 0.150),
}

# A maintained list: causes from vendors' error lists, shares estimated so that 96.5 % are delivered and told.
MAINTAINED = {
    "delivered": 0.965,
    "absent until expiry": 0.016,
    "unknown subscriber": 0.010,
    "teleservice not provisioned": 0.001,
    "call barred": 0.0015,
    "not sms capable": 0.0005,
    "memory full until expiry": 0.0005,
    "message waiting list full": 0.0002,
    "system failure": 0.002,
    "rejected by the operator": 0.001,
    "no report": 0.0023,
}
EVERYDAY_REACH = MAINTAINED | {"delivered": 0.951, "absent until expiry": 0.020, "unknown subscriber": 0.020}
FIRST_TIME_REACH = MAINTAINED | {
    "delivered": 0.870,
    "absent until expiry": 0.041,
    "unknown subscriber": 0.080,
}

# Receipt latency: ETSI (2006) saw a phone-to-phone time of 6 to 8 s; the mixture is an estimate around it.
QUICK = LogNormal(0.90, 4, 0.45)
REPORT_DELAY = Mixture(QUICK, LogNormal(0.08, 240, 1.3), LogNormal(0.02, 3 * HOUR, 0.9))
LATE_REPORT_DELAY = Mixture(
    LogNormal(0.75, 6, 0.6), LogNormal(0.05, 240, 1.3), LogNormal(0.20, 2 * HOUR, 0.8)
)

# Fitted to 60 % within 45 min (Chow et al. 2022) and 80 % within 2 h (OnePoint 2017): median 29.5 min.
REPLY_DELAY = Mixture(LogNormal(1, 29.5 * 60, 1.667))
SECOND_DELAY = Mixture(LogNormal(1, 60, 1.0))
LATE_DELAY = Mixture(LogNormal(1, 12 * HOUR, 0.7))  # beyond the window of three days

EVERYDAY = Population(
    name="everyday",
    regions=REGIONS,
    languages=LANGUAGES,
    networks=NETWORKS,
    ported=0.35,  # estimate: portability exists since 2002
    reach=Shares(EVERYDAY_REACH),
    throttled=0.0,
    answer_rate=0.25,  # 20 to 30 % for European operators' feedback (ResponseTek)
    twice=0.03,
    corrects=0.4,
    late=0.005,
    scores=SCORES,
    habits=Shares({kind.habit: kind.share for kind in SHARES if kind.meaning is Meaning.GOOD}),
    bad={
        meaning: sum(kind.share for kind in SHARES if kind.meaning is meaning)
        for meaning in Meaning
        if meaning is not Meaning.GOOD
    },
    report_delay=REPORT_DELAY,
    reply_delay=REPLY_DELAY,
    second_delay=SECOND_DELAY,
    late_delay=LATE_DELAY,
    night=Night(),
)

CLEAN_LIST = replace(EVERYDAY, name="clean-list", reach=Shares(MAINTAINED), answer_rate=0.30, mail=CLEAN_MAIL)

# 85 % reached on a first use, up to 20 % opt-outs on marketing lists (Burst SMS, Mozeo); milder here, as it
# is a survey.
FIRST_TIME_LIST = replace(
    EVERYDAY,
    name="first-time-list",
    reach=Shares(FIRST_TIME_REACH),
    answer_rate=0.15,
    bad={**EVERYDAY.bad, Meaning.OPT_OUT: 0.05, Meaning.NO_SCORE: 0.06},
    mail=STALE_MAIL,
    calling=calling.FIRST_TIME,
)

BAD_DAY = replace(EVERYDAY, name="bad-day", throttled=0.15, report_delay=LATE_REPORT_DELAY, mail=BUSY_MAIL)

INSTANT = replace(
    EVERYDAY,
    name="instant",
    reach=Shares({"delivered": 1.0}),
    twice=0.0,
    late=0.0,
    report_delay=Mixture(),
    reply_delay=Mixture(),
    second_delay=Mixture(),
    night=None,
    calling=calling.INSTANT,
    script_report=0.0,
    script_reply=0.0,
    mail=INSTANT_MAIL,
)

PROFILES: Mapping[str, Population] = {
    profile.name: profile for profile in (EVERYDAY, CLEAN_LIST, FIRST_TIME_LIST, BAD_DAY, INSTANT)
}
"""The named profiles; `everyday` is the default."""

"""Reports against a plain count over the same requests, by every selection."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accept import Accept, SendItem, SendOrder
from service.clock import Moment
from service.domain.period import Period
from service.domain.request import Channel, Event, SurveyId
from service.domain.segments import SegmentMode
from service.report import Report
from service.store import figures, outbox, surveys
from service.store.figures import Selection
from service.store.surveys import Draft
from tests.service.rig import HOUR, Rig, count_bad, count_good, mark_submitted, open_rig

BRUSSELS = ZoneInfo("Europe/Brussels")
# Around the end of summer time of 2026: the 25th has 25 hours.
START = round(datetime(2026, 10, 24, 20, tzinfo=BRUSSELS).timestamp() * 1000)
SPAN = 60 * HOUR
WEEK = 7 * 24 * HOUR
NEAR = st.one_of(
    st.integers(START - HOUR, START + SPAN + HOUR),
    st.sampled_from([START, START + 4 * HOUR, START + 4 * HOUR - 1]),
)
moments = st.one_of(NEAR, NEAR, st.integers(START - 3 * WEEK, START + 5 * WEEK))
"""Most lie close to one another, the others in four fortnights."""
TAGS = ("male", "customer", "vip")
VERDICTS = ("no_score", "ambiguous", "opt_out")


@dataclass(frozen=True)
class Fact:
    """One request as the plain count knows it."""

    survey: int
    at: int
    channel: Channel
    language: str
    tags: frozenset[str]
    fate: str | int | None


fates = st.one_of(st.none(), st.just("failed"), st.sampled_from(VERDICTS), st.integers(0, 10))
facts = st.builds(
    Fact,
    survey=st.integers(0, 1),
    at=moments,
    channel=st.sampled_from([Channel.SMS, Channel.VOICE]),
    language=st.sampled_from(["nl-BE", "FR"]),
    tags=st.frozensets(st.sampled_from(TAGS)),
    fate=fates,
)
bounds = st.one_of(st.none(), moments)
numbers = count()


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


async def two_surveys(rig: Rig) -> list[SurveyId]:
    drafts = [Draft("nl-BE", "?"), Draft("FR", "?")]
    return [
        (await rig.store.write(lambda tx: surveys.create(tx, rig.account, "s", "t", drafts))).id
        for _ in range(2)
    ]


def happen(rig: Rig, tx, survey: SurveyId, fact: Fact) -> None:
    """Accept one request and let it meet its fate, by the functions that the verbs use."""
    accept = Accept(rig.vault, rig.dice, channels=Channel, contact_interval_ms=HOUR, validity_ms=HOUR)
    item = SendItem(fact.channel, f"+324{70_000_000 + next(numbers)}", fact.language, tuple(fact.tags))
    [accepted] = accept.unit(SendOrder((item,)), rig.account, survey, Moment(fact.at))(tx)
    request = accepted.request
    if fact.fate == "failed":
        outbox.refuse(tx, request)
    elif isinstance(fact.fate, int):
        count_bad(tx, request, VERDICTS[fact.fate % 3])
        count_good(tx, request, fact.fate)
    elif fact.fate is not None:
        mark_submitted(tx, request, gateway_id="g", now=Moment(fact.at), window_ms=HOUR)
        outbox.move(tx, request, Event.UNDELIVERED)
        count_bad(tx, request, fact.fate)
        count_bad(tx, request, "empty")


class Undo(Exception):
    """Takes an example's requests away again."""


def plain(chosen: list[Fact]) -> tuple[object, ...]:
    """The figures, counted one by one."""
    good = [fact.fate for fact in chosen if isinstance(fact.fate, int)]
    bad = Counter(fact.fate for fact in chosen if isinstance(fact.fate, str) and fact.fate != "failed")
    promoters, detractors = sum(one >= 9 for one in good), sum(one <= 6 for one in good)
    score = None
    if good:
        exact = Fraction(100 * (promoters - detractors), len(good))
        score = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    return (
        len(chosen),
        sum(fact.fate == "failed" for fact in chosen),
        tuple(good.count(number) for number in range(11)),
        dict(bad),
        (promoters, detractors, score),
        len(good) + bad.total(),
    )


def told(figures) -> tuple[object, ...]:
    split = figures.split
    assert figures.responses == figures.good + figures.bad
    return (
        figures.requests,
        figures.failed,
        figures.scores,
        dict(figures.bad_by_verdict),
        (split.promoters, split.detractors, split.score),
        figures.responses,
    )


def brief_of(figures: tuple[object, ...]) -> tuple[object, ...]:
    """A report without details says neither which scores were given nor why others were bad."""
    return (*figures[:2], *figures[4:])


def chosen_by(fact: Fact, selection: Selection, ids: list[SurveyId]) -> bool:
    carried = [tag in fact.tags for tag in selection.tags]
    return (
        (selection.survey is None or ids[fact.survey] == selection.survey)
        and fact.at in selection.period
        and selection.channel in (None, fact.channel)
        and (not carried or (all(carried) if selection.mode is SegmentMode.ALL else any(carried)))
    )


async def test_every_report_is_what_counting_gives(rig):
    ids = await two_surveys(rig)
    report = Report(rig.store)
    loop = asyncio.get_running_loop()

    @given(
        st.lists(facts, max_size=25),
        st.sampled_from([None, *ids]),
        st.tuples(bounds, bounds),
        st.sampled_from([None, Channel.SMS, Channel.VOICE]),
        st.lists(st.sampled_from([*TAGS, "unknown"]), max_size=3),
        st.sampled_from(SegmentMode),
    )
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def holds(requests, survey, ends, channel, tags, mode):
        start, end = ends
        if start is not None and end is not None and start > end:
            start, end = end, start
        selection = Selection(rig.account, survey, Period(start, end), channel, tags, mode)

        def compare(tx) -> None:
            for fact in requests:
                happen(rig, tx, ids[fact.survey], fact)
            chosen = [fact for fact in requests if chosen_by(fact, selection, ids)]
            brief = report.findings(tx, selection)
            full = report.findings(tx, selection, details=True)
            assert told(full.total) == plain(chosen)
            assert brief_of(told(brief.total)) == brief_of(plain(chosen))
            assert brief.total.bad == full.total.bad
            assert brief.first == min((fact.at for fact in requests), default=None)
            compare_details(full.details, chosen)
            raise Undo

        with pytest.raises(Undo):
            asyncio.run_coroutine_threadsafe(rig.store.write(compare), loop).result(60)

    await asyncio.to_thread(holds)


def compare_details(details, chosen: list[Fact]) -> None:
    for apart, key in (
        (details.by_channel, lambda fact: fact.channel.value),
        (details.by_language, lambda fact: fact.language),
        (
            details.by_day,
            lambda fact: datetime.fromtimestamp(fact.at / 1000, UTC).astimezone(BRUSSELS).date(),
        ),
    ):
        names = {key(fact) for fact in chosen}
        assert list(apart) == sorted(names, key=str)
        for name in names:
            assert told(apart[name]) == plain([fact for fact in chosen if key(fact) == name])


async def send(rig: Rig, survey: SurveyId, fate: str | int | None, at: int = START) -> None:
    fact = Fact(0, at, Channel.SMS, "nl-BE", frozenset(), fate)
    await rig.store.write(lambda tx: happen(rig, tx, survey, fact))


async def test_without_requests_everything_is_zero_and_there_is_no_score(rig):
    found = await Report(rig.store).figures(Selection(rig.account, rig.survey.id), details=True)
    assert told(found.total) == (0, 0, (0,) * 11, {}, (0, 0, None), 0)
    assert (found.first, found.total.response_rate, found.details.by_day) == (None, None, {})


async def test_a_survey_of_another_account_has_no_report_and_counts_for_nobody_else(rig):
    theirs = await rig.other_survey()
    await send(rig, rig.survey.id, 9)
    report = Report(rig.store)
    assert await report.figures(Selection(rig.account, theirs.id)) is None
    account = rig.row("SELECT account FROM survey WHERE id = ?", theirs.id)[0]
    assert (await report.figures(Selection(account))).total.requests == 0
    assert (await report.figures(Selection(rig.account))).total.requests == 1


async def test_a_deleted_survey_counts_no_more_also_not_in_the_accounts_report(rig):
    ids = await two_surveys(rig)
    for survey in ids:
        await send(rig, survey, 10)
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, ids[0], Moment(START)))
    report = Report(rig.store)
    assert await report.figures(Selection(rig.account, ids[0])) is None
    assert (await report.figures(Selection(rig.account))).total.requests == 1


async def test_both_ends_of_a_period_belong_to_it(rig):
    await send(rig, rig.survey.id, 9)
    report = Report(rig.store)
    for start, end, expected in ((0, 0, 1), (1, 9, 0), (-9, -1, 0), (-9, 0, 1), (0, 9, 1)):
        found = await report.figures(Selection(rig.account, None, Period(START + start, START + end)))
        assert found.total.requests == expected, (start, end)


PARTS = {  # requests, failed, bad, promoters, passives, detractors
    9: (1, 0, 0, 1, 0, 0),
    7: (1, 0, 0, 0, 1, 0),
    3: (1, 0, 0, 0, 0, 1),
    "no_score": (1, 0, 1, 0, 0, 0),
    "failed": (1, 1, 0, 0, 0, 0),
}


async def test_an_hour_that_a_period_begins_or_ends_in_counts_in_part(rig):
    moments = [START + hour * HOUR + part * HOUR // 8 for hour in (4, 5, 51) for part in range(8)]
    fates = [*PARTS] * len(moments)
    for fate, moment in zip(fates, moments, strict=False):
        await send(rig, rig.survey.id, fate, moment)
    bounds = [None, *moments[::3], *(moment + 1 for moment in moments[1::3])]
    periods = [Period(start, end) for start in bounds for end in bounds]

    def counted(tx) -> list[tuple[int, ...]]:
        return [astuple(figures.counts(tx, Selection(rig.account, None, period))) for period in periods]

    for period, found in zip(periods, await rig.store.read(counted), strict=True):
        parts = [PARTS[fate] for fate, moment in zip(fates, moments, strict=False) if moment in period]
        assert found == tuple(map(sum, zip((0,) * 6, *parts, strict=True))), period


async def test_the_share_of_people_who_answered(rig):
    for fate in (9, "no_score", None):
        await send(rig, rig.survey.id, fate)
    total = (await Report(rig.store).figures(Selection(rig.account))).total
    assert total.response_rate == 0.6667


async def test_tags_that_differ_by_case_are_one_language(rig):
    drafts = ([Draft("FR", "?")], [Draft("fr", "?")])
    made = [
        await rig.store.write(lambda tx, d=one: surveys.create(tx, rig.account, "s", "t", d))
        for one in drafts
    ]
    for survey, language in zip(made, ("FR", "fr"), strict=True):
        fact = Fact(0, START, Channel.SMS, language, frozenset(), None)
        await rig.store.write(lambda tx, of=survey.id, f=fact: happen(rig, tx, of, f))
    found = await Report(rig.store).figures(Selection(rig.account), details=True)
    assert {tag: figures.requests for tag, figures in found.details.by_language.items()} == {"FR": 2}

"""Channel VOICE of the service against the simulator's exchange: two programs that share no code and meet on
the wire. What each number of family 08 does, what the report says of it, and what the truth says.
"""

from __future__ import annotations

from dataclasses import dataclass

from belfort.campaign import Campaign, Customer
from belfort.house import House
from belfort.ledger import Scope
from belfort.oracle import Oracle

QUESTION = {"nl-BE": "Hoe waarschijnlijk beveelt u ons aan? Druk een cijfer van 0 tot 10."}


@dataclass(frozen=True)
class Row:
    """A number of family 08, lane 01, and what a report on it alone says."""

    parameter: int
    failed: int = 0
    bad: int = 0
    score: int | None = None

    @property
    def number(self) -> str:
        return f"+3245008{self.parameter:02}01"

    def figures(self) -> dict[str, int]:
        good = int(self.score is not None)
        return {
            "totalRequests": 1,
            "totalResponses": good + self.bad,
            "goodResponses": good,
            "badResponses": self.bad,
            "failed": self.failed,
        }


BUSY, NO_ANSWER, VOICEMAIL = Row(1, failed=1), Row(2, failed=1), Row(3, failed=1)
HANGS_UP, WRONG_THEN_RIGHT, STAR, SILENCE = Row(4), Row(5, score=9), Row(6, bad=1), Row(7)
BARGES_IN, ONE_PAUSE_ZERO = Row(8, score=9), Row(9, score=10)
FAMILY = [
    BUSY, NO_ANSWER, VOICEMAIL, HANGS_UP, WRONG_THEN_RIGHT, STAR, SILENCE, BARGES_IN, ONE_PAUSE_ZERO,
]  # fmt: skip


async def called(numbers: list[str], **settings: str) -> tuple[dict[str, dict], bool]:
    """Each number is asked by voice in a house with these settings. What each one's report says, and whether
    every figure equals the truth."""
    environ = {"BELFORT_CLOCK": "frozen", "BELFORT_LOG_LEVEL": "error"}
    environ |= {f"BELFORT_{name.upper()}": value for name, value in settings.items()}
    async with await House.open(environ, free_ports=True) as house:
        where = house.where()
        async with where.api() as api, where.controls() as control:
            survey = (await api.create_survey("waffles", "general", QUESTION))["id"]
            campaign = Campaign(api, channel="VOICE")
            await campaign.send(survey, [Customer(number, "nl-BE") for number in numbers])
            await control.drain()
            own = {
                row.address: Scope(
                    row.address, row.__eq__, query={"segments": campaign.ledger.tags(row.number)[-1]}
                )
                for row in campaign.ledger
            }
            everything = Scope("channel VOICE", lambda row: True, query={"channel": "VOICE"})
            finding = await Oracle(api, control, campaign.ledger).judge([everything, *own.values()])
            said = {address: await api.report(**scope.query) for address, scope in own.items()}
    return said, finding.agrees


async def test_every_number_of_family_08_counts_as_the_table_says():
    said, agrees = await called([row.number for row in FAMILY])
    assert {number: report["responseStatistics"] for number, report in said.items()} == {
        row.number: row.figures() for row in FAMILY
    }
    promoters = sum(report["nps"]["promoters"] for report in said.values())
    assert (promoters, agrees) == (3, True)


async def test_one_pause_zero_is_one_where_the_key_is_waited_for_shortly():
    said, agrees = await called([ONE_PAUSE_ZERO.number], voice_key_wait="3s")
    assert (said[ONE_PAUSE_ZERO.number]["nps"]["detractors"], agrees) == (1, True)


async def test_without_a_second_chance_the_wrong_key_stays():
    said, agrees = await called([WRONG_THEN_RIGHT.number], voice_second_chances="0")
    assert (said[WRONG_THEN_RIGHT.number]["responseStatistics"]["badResponses"], agrees) == (1, True)


async def test_a_voicemail_that_nobody_detects_is_no_response_either():
    said, agrees = await called([VOICEMAIL.number], voice_machines="ignore")
    statistics = said[VOICEMAIL.number]["responseStatistics"]
    assert (statistics["totalResponses"], statistics["failed"], agrees) == (0, 0, True)


async def test_scores_landlines_and_ordinary_people_come_through():
    """Every score of family 00, and 60 people whose deeds nobody scripted, landlines among them."""
    scores = [f"+3245000{score:02}07" for score in range(11)]
    people = [f"+3247{number:07}" for number in range(1_000_000, 1_000_045)]
    landlines = [f"+322{number:07}" for number in range(2_200_000, 2_200_015)]
    said, agrees = await called(scores + people + landlines)
    assert [said[number]["responseStatistics"]["goodResponses"] for number in scores] == [1] * 11
    assert [said[number]["nps"]["promoters"] for number in scores] == [0] * 9 + [1, 1]
    assert [said[number]["nps"]["detractors"] for number in scores] == [1] * 7 + [0] * 4
    assert agrees


async def test_restcomms_dialect_comes_to_the_same_but_for_machines():
    """It tells only that a call is over: how it ended must be read; nobody looks who answered."""
    said, agrees = await called(
        [row.number for row in FAMILY], voice_dialect="restcomm", voice_ask_after="1m"
    )
    figures = {number: report["responseStatistics"] for number, report in said.items()}
    expected = {row.number: row.figures() for row in FAMILY} | {VOICEMAIL.number: SILENCE.figures()}
    assert (figures, agrees) == (expected, True)

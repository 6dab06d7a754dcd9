"""People who are contacted once: intervals, opt-outs, many calls and processes at the same moment."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import textwrap
from pathlib import Path

from service.accept import Accepted, Reason, Rejected, SendItem
from service.clock import Moment
from service.domain.request import Channel
from service.store import surveys
from service.store.surveys import Draft
from tests.service.rig import NOON
from tests.service.sending import DAY, ONE, TWO, accept_of, later, opt_out, reasons, send, sms


async def test_the_interval_ends_to_the_millisecond(rig):
    await send(rig, sms())
    later(rig, DAY - 1)
    assert await send(rig, sms()) == [Rejected(Reason.CONTACTED_RECENTLY, Moment(NOON + DAY))]
    later(rig, 1)
    assert reasons(await send(rig, sms())) == [None]


async def test_a_rejected_request_starts_no_interval(rig):
    assert reasons(await send(rig, sms(ONE, "fr"))) == [Reason.NO_QUESTION_IN_LANGUAGE]
    assert reasons(await send(rig, sms(ONE))) == [None]
    later(rig, DAY // 2)
    await send(rig, sms(ONE))
    later(rig, DAY // 2)
    assert reasons(await send(rig, sms(ONE))) == [None]


async def test_the_interval_is_the_accounts_over_all_its_surveys_and_channels(rig):
    both = accept_of(rig, channels=(Channel.SMS, Channel.VOICE))
    second = await rig.store.write(
        lambda tx: surveys.create(tx, rig.account, "second", "shop", [Draft("nl", "?")])
    )
    await send(rig, sms(ONE))
    assert reasons(await send(rig, sms(ONE), survey=second)) == [Reason.CONTACTED_RECENTLY]
    call = SendItem(Channel.VOICE, ONE)
    assert reasons(await send(rig, call, accept=both)) == [Reason.CONTACTED_RECENTLY]


async def test_another_account_has_intervals_and_opt_outs_of_its_own(rig):
    theirs = await rig.other_survey()
    account = rig.row("SELECT account FROM survey WHERE id = ?", theirs.id)[0]
    await send(rig, sms(ONE))
    await opt_out(rig, TWO)
    decisions = await send(rig, sms(ONE), sms(TWO), survey=theirs, account=account)
    assert reasons(decisions) == [None, None]


async def test_deleting_the_survey_ends_neither_interval_nor_opt_out(rig):
    second = await rig.store.write(
        lambda tx: surveys.create(tx, rig.account, "second", "shop", [Draft("nl", "?")])
    )
    await send(rig, sms(ONE), survey=second)
    await opt_out(rig, TWO)
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, second.id, rig.clock.now()))
    assert reasons(await send(rig, sms(ONE), sms(TWO))) == [Reason.CONTACTED_RECENTLY, Reason.OPTED_OUT]


async def test_an_opt_out_outlives_the_interval(rig):
    await send(rig, sms(ONE))
    await opt_out(rig, ONE)
    later(rig, 400 * DAY)
    assert await send(rig, sms(ONE)) == [Rejected(Reason.OPTED_OUT)]


async def test_of_fifty_calls_at_the_same_moment_exactly_one_is_accepted(rig):
    found = await asyncio.gather(*(send(rig, sms(ONE)) for _ in range(50)))
    assert sum(isinstance(decision, Accepted) for [decision] in found) == 1
    assert rig.row("SELECT count(*) FROM request") == (1,)


INSTANCE = """
    import asyncio, sys
    from pathlib import Path
    from service.accept import Accept, Accepted, SendItem, SendOrder
    from service.clock import Dice
    from service.domain.request import Channel
    from service.store.choice import database_at
    from service.store.engine import Store
    from service.store.vault import Vault

    DAY = 86_400_000

    async def main(path, url, account, survey, now):
        store, dice = await Store.open(database_at(url) or path), Dice()
        vault = Vault.open(path, "", dice)
        accept = Accept(vault, dice, channels=[Channel.SMS], contact_interval_ms=DAY, validity_ms=DAY)
        print("ready", flush=True)
        sys.stdin.readline()
        people = [f"+3247000{n:04d}" for n in range(20)]
        orders = [SendOrder((SendItem(Channel.SMS, one),)) for one in people]
        calls = [accept.unit(order, account, survey, now) for order in orders]
        found = await asyncio.gather(*(store.write(call) for call in calls))
        print(*(one for one, [what] in zip(people, found) if isinstance(what, Accepted)), flush=True)
        await store.close()

    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])))
"""


async def test_of_several_instances_exactly_one_accepts_each_person(rig):
    arguments = [str(rig.path), rig.url, str(rig.account), str(rig.survey.id), str(NOON)]
    children = [
        subprocess.Popen(  # noqa: ASYNC220 - started at once, then waited for
            [sys.executable, "-c", textwrap.dedent(INSTANCE), *arguments],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("\n")
        child.stdin.flush()
    won = " ".join(child.communicate(timeout=30)[0] for child in children).split()
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(won) == [f"+3247000{n:04d}" for n in range(20)]

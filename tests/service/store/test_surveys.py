"""Surveys and questions, seen by their account alone."""

from __future__ import annotations

import pytest

from service.domain.request import AccountId, SurveyId
from service.store import surveys
from service.store.surveys import Draft, LanguageTaken
from tests.service.rig import NOON, open_rig


@pytest.fixture
async def rig(tmp_path, engine):
    async with open_rig(tmp_path, database=engine()) as opened:
        yield opened


def stranger(rig):
    return AccountId(rig.account + 1)


async def make(rig, *languages):
    drafts = [Draft(language, f"How was it, in {language}?") for language in languages]
    return await rig.store.write(lambda tx: surveys.create(tx, rig.account, "waffles", "general", drafts))


async def get(rig, survey, account=None):
    return await rig.store.read(lambda tx: surveys.get(tx, account or rig.account, survey))


async def add(rig, survey, language, account=None):
    draft = Draft(language, "And now?")
    return await rig.store.write(lambda tx: surveys.add_question(tx, account or rig.account, survey, draft))


async def test_a_survey_comes_back_as_it_was_made(rig):
    made = await make(rig, "en-GB", "FR")
    assert await get(rig, made.id) == made
    assert [question.language for question in made.questions] == ["en-GB", "FR"]


async def test_the_newest_survey_comes_first_and_questions_in_their_order(rig):
    one, two = await make(rig, "nl", "fr", "en"), await make(rig, "de")
    found = await rig.store.read(lambda tx: surveys.recent(tx, rig.account))
    assert found == [two, one, rig.survey]


async def test_ids_are_never_used_again(rig):
    one = await make(rig, "nl")
    await rig.store.write(lambda tx: surveys.delete(tx, rig.account, one.id, NOON))
    await rig.store.write(lambda tx: tx.run("drop_survey", survey=one.id))
    two = await make(rig, "nl")
    assert two.id > one.id
    assert two.questions[0].id > one.questions[0].id


async def test_a_question_is_added_at_the_end(rig):
    made = await make(rig, "en-GB")
    added = await add(rig, made.id, "nl-BE")
    found = await get(rig, made.id)
    assert found.questions == (*made.questions, added)


async def test_a_language_can_be_asked_in_once_whatever_its_case(rig):
    made = await make(rig, "en-GB")
    assert await add(rig, made.id, "EN-gb") == LanguageTaken("EN-gb")
    assert await get(rig, made.id) == made


async def test_two_drafts_in_one_language_make_nothing(rig):
    before = rig.row("SELECT count(*) FROM survey")
    with pytest.raises(ValueError, match="one language"):
        await make(rig, "nl", "NL")
    assert rig.row("SELECT count(*) FROM survey") == before


async def test_another_account_sees_and_changes_nothing(rig):
    made, other = await make(rig, "nl"), stranger(rig)
    assert await get(rig, made.id, other) is None
    assert await add(rig, made.id, "fr", other) is None
    assert not await rig.store.write(lambda tx: surveys.delete(tx, other, made.id, NOON))
    assert await rig.store.read(lambda tx: surveys.recent(tx, other)) == []
    assert await get(rig, made.id) == made


async def test_a_deleted_survey_is_gone_for_everybody(rig):
    made = await make(rig, "nl")
    assert await rig.store.write(lambda tx: surveys.delete(tx, rig.account, made.id, NOON))
    assert await get(rig, made.id) is None
    assert await add(rig, made.id, "fr") is None
    assert await rig.store.read(lambda tx: surveys.recent(tx, rig.account)) == [rig.survey]
    assert not await rig.store.write(lambda tx: surveys.delete(tx, rig.account, made.id, NOON))


async def test_a_survey_that_never_was_is_none(rig):
    assert await get(rig, SurveyId(10**18)) is None

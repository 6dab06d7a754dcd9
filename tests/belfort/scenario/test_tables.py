"""The tables of the language against what they stand for: the published schema, the gateway's catalogue, the
settings of the two programs. The package itself may import neither program; a test may.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import yaml

from belfort.scenario.asking import REASONS
from belfort.scenario.cast import FAILS, VERDICTS
from belfort.scenario.expecting import SIGHTS, STATES
from belfort.scenario.harness import SETTINGS
from belfort.scenario.moving import FAULTS
from belfort.scenario.schema import schema
from belfort.scenario.verbs import VERBS, as_markdown
from service.accept import Reason
from service.config import Settings as ServiceSettings
from simulator.config import Settings as SimulatorSettings
from simulator.faults.catalogue import CATALOGUE
from simulator.people.person_sheet import TROUBLES
from simulator.phrasebook.phrase import Meaning
from simulator.servers.control.messages import STATES as STATES_THERE

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "belfort" / "scenario" / "schema.json"


class AsEditorsDo(yaml.SafeLoader):
    """YAML 1.2, where `off` and dates are texts."""


AsEditorsDo.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in rows if not tag.endswith(("bool", "timestamp")) or first in "tfTF"]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
SHIPPED = sorted((ROOT / "scenarios").rglob("*.belfort.yaml"))


def test_the_published_schema_is_the_one_that_the_reader_makes():
    """Mend with: belfort run --schema > belfort/scenario/schema.json"""
    assert json.loads(PUBLISHED.read_text()) == schema()
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_an_editor_finds_nothing_wrong_with_a_shipped_scenario(path: Path):
    text = path.read_text()
    read = yaml.load(text, Loader=AsEditorsDo)  # noqa: S506  # a safe loader all the same
    jsonschema.validate(read, schema(), jsonschema.Draft202012Validator)
    assert text.startswith("# yaml-language-server: $schema=../belfort/scenario/schema.json\n")


def test_an_editor_complains_of_an_unknown_word():
    wrong = {"belfort": 1, "story": "s", "steps": [{"advanse": "1d"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema(), jsonschema.Draft202012Validator)


def test_every_verb_says_what_it_does_and_what_stands_beside_it():
    for verb in VERBS.values():
        assert verb.about
        assert all(each.about for each in verb.members)
        taken = {field.name for field in fields(verb.step)} - {"place"}
        assert taken == {each.field for each in verb.members}, verb.name


def test_faults_are_those_of_the_gateway():
    assert {name: set(words) for name, words in FAULTS.items()} == {
        name: set(kind.parameters) for name, kind in CATALOGUE.items()
    }


def test_settings_are_settings_of_the_two_programs():
    known = {field.name for program in (ServiceSettings, SimulatorSettings) for field in fields(program)}
    assert {each.key for each in SETTINGS} <= known


def test_words_for_replies_states_and_reasons_are_those_of_the_programs():
    assert set(VERDICTS) == {meaning.value for meaning in Meaning} - {"good"}
    assert set(FAILS) == set(TROUBLES)
    assert {STATES.get(word, word) for word in SIGHTS if word != "nothing"} <= set(STATES_THERE)
    assert set(REASONS) == {reason.value for reason in Reason}


def test_the_page_of_the_language_has_the_table_of_the_reader():
    assert as_markdown() in (ROOT / "docs" / "scenarios.md").read_text()

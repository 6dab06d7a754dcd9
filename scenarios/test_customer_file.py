"""A real input: two thousand customers from a file, with numbers as people write them, duplicates and
foreigners.
"""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from faker import Faker

from scenarios.programs import belfort, running

ROWS = 2000
STYLES = ("+32{0}{1}{2}{3}", "0{0}{1}{2}{3}", "0{0} {1} {2} {3}", "0{0}/{1}.{2}.{3}", "0032 {0} {1} {2} {3}",
          "+32 (0){0} {1} {2} {3}", " 0{0}.{1}.{2}.{3} ")  # fmt: skip


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file; which rows cannot be sent is known by construction and stands in their reference."""
    fake, dice = Faker(["nl_BE", "fr_BE"]), random.Random(20261123)
    Faker.seed(20261123)
    path = tmp_path_factory.mktemp("crm") / "customers.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["destination", "language", "segments", "referenceId"])
        for row in range(ROWS):
            number, expected = _number(row, dice)
            language = dice.choice(["nl-BE", "fr-BE", "de-BE", "en-GB", ""])
            segments = "|".join(dice.sample(["gold", "silver", "web", "shop"], dice.randrange(3)))
            table.writerow([number, language, segments, f"{expected} {fake.last_name()} {row}"])
    return path


def _number(row: int, dice: random.Random) -> tuple[str, str]:
    kind = row % 40
    if kind == 7:
        return f"02 {dice.randrange(200, 800)} {dice.randrange(10, 99)} {dice.randrange(10, 99)}", "fixed"
    if kind == 17:
        return f"+33 6 {dice.randrange(10, 99)} 34 56 {dice.randrange(10, 99)}", "foreign"
    if kind == 27:
        return dice.choice(["niet gekend", "0472", "+32 400 00 00 00", "12345678901234567890"]), "wrong"
    unique = row - 1 if kind == 37 else row
    digits = f"{unique * 7919 % 1_000_000:06d}"
    pair = (f"47{unique % 7}", digits[:2], digits[2:4], digits[4:])
    return dice.choice(STYLES).format(*pair), "duplicate" if kind == 37 else "good"


def test_a_customer_file_is_sent_and_the_report_agrees_with_the_truth(customers: Path) -> None:
    with running("up", "--json", "--tied", "--port", "0", "--clock", "frozen") as harness:
        where = ["--url", harness.card["service"], "--control", harness.card["control"]]
        done = belfort("send", "--csv", str(customers), "--check", "--json", *where)
    assert done.returncode == 0, done.stderr
    assert "every figure equals the truth" in done.stderr
    answer = json.loads(done.stdout)
    assert len(answer["accepted"]) + len(answer["rejected"]) == ROWS
    _judge(customers, answer["rejected"])


def _judge(customers: Path, rejected: list[dict[str, object]]) -> None:
    """Exactly the rows that cannot be sent come back, each with its line and the reason that fits it."""
    lines = customers.read_text(encoding="utf-8-sig").splitlines()
    kinds = {number: line.rsplit(";", 1)[1].split()[0] for number, line in enumerate(lines[1:], 2)}
    reasons = {
        "fixed": {"DESTINATION_NOT_SUPPORTED"},
        "foreign": {"DESTINATION_NOT_SUPPORTED"},
        "wrong": {"INVALID_DESTINATION"},
        "duplicate": {"CONTACTED_RECENTLY"},
    }
    assert {row["line"] for row in rejected} == {line for line, kind in kinds.items() if kind != "good"}
    for row in rejected:
        assert row["reason"] in reasons[kinds[int(str(row["line"]))]], row

"""The README's example: `pytest pytest_belfort/example.py`."""


def test_a_promoter_and_a_detractor_cancel_out(belfort, phone):
    survey = belfort.surveys.create()
    belfort.surveys.send(survey, phone(score=9), phone(score=3), segments=["gold"])
    belfort.clock.advance("1h")  # no sleeping: the world's clock is yours
    assert belfort.surveys.report(survey)["nps"] == {"promoters": 1, "detractors": 1, "score": 0}
    belfort.truth.agrees(survey)  # says who wrote what if it does not

"""The survey service's own ESME on the same wire: questions long and short, in both alphabets, receipts,
replies in parts, and the goodbye, with tshark listening."""

from __future__ import annotations

import json

from scenarios.programs import belfort, call, running
from tests.clients.esme import PASSWORD

QUESTIONS = {
    "en-GB": "0-10?",
    "nl-BE": "Hoe waarschijnlijk is het dat u ons aanbeveelt? " * 5 + "0-10",
    "fr-BE": "De 0 à 10 : nous recommanderiez-vous ? 🧇 " * 4 + "0-10",
}
LONG_ANSWER = "9 " + "omdat de wafels zo lekker waren " * 8


def test_a_survey_over_smpp_is_well_formed_from_the_bind_to_the_unbind(town, tmp_path):
    account, database = town.account(), str(tmp_path / "survey.sqlite3")
    made = json.loads(belfort("account", "create", "w", "--database", database, "--json").stdout)
    smpp = ("--gateway", "smpp", "--smpp-port", str(town.port), "--smpp-system-id", account)
    where = ("--json", "--tied", "--port", "0", "--database", database)
    people = {language: "+" + town.person(3, 0) for language in QUESTIONS}
    with running("service", *where, *smpp, "--smpp-password", PASSWORD, "--smpp-sessions", "2") as service:
        base = f"{service.card['service']}/survey/1.0.0"
        login = f"client_id={made['client_id']}&client_secret={made['client_secret']}"
        token = call("POST", f"{base}/token?grant_type=client_credentials&{login}").body["access_token"]
        questions = [{"language": language, "body": body} for language, body in QUESTIONS.items()]
        survey = {"name": "n", "interactionType": "i", "questions": questions}
        number = call("POST", f"{base}/surveys", survey, token=token).body["id"]
        requests = [
            {"channel": "SMS", "destination": to, "language": language} for language, to in people.items()
        ]
        sent = call("POST", f"{base}/surveys/{number}/send", {"requests": requests}, token=token)
        assert sent.body["accepted"] == len(people)
        for language, to in people.items():
            town.ask("GET", f"/messages/wait?to=%2B{to[1:]}&state=delivered&within=10s")
            assert town.message(to[1:])["text"] == QUESTIONS[language]
            answer = {"text": LONG_ANSWER, "meaning": "good", "score": 9}
            town.ask("POST", f"/people/%2B{to[1:]}/reply", answer)
            town.ask("GET", f"/messages/wait?to=%2B{to[1:]}&state=heard&within=10s")
        report = call("GET", f"{base}/report", token=token).body
        assert report["nps"]["promoters"] == report["responseStatistics"]["goodResponses"] == len(people)
        assert service.stop() == 0
    journal = town.ask("GET", f"/journal?format=jsonl&kind=pdu.in&account={account}")
    assert journal.count('"unbind"') == 2

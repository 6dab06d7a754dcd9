"""A CRM: everything that the API can do, in the mix of a company's own system."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from harness import BASE
from locust import tag, task

from users.company import Colleague, people


def accepted(answer: Mapping[str, Any]) -> list[str]:
    """Ids of the requests that were accepted; somebody who was asked a while ago is not."""
    return [each["id"] for each in answer["requests"] if each["status"] == "ACCEPTED"]


class Crm(Colleague):
    """Makes, lists and deletes surveys, adds questions, repeats calls under their key, asks too early."""

    weight = 1
    rate = 4

    @tag("crm")
    @task(5)
    def send_and_repeat(self) -> None:
        """The same call under the same key: the same answer, and nothing is sent."""
        requests, key = people(2, referenceId=secrets.token_hex(8)), secrets.token_hex(16)
        first = self.send(self.survey, requests, key=key)
        if not first:
            return
        with self.client.post(
            f"{BASE}/surveys/{self.survey}/send",
            json={"requests": requests},
            headers={**self.headers, "Idempotency-Key": key},
            name="POST /surveys/{id}/send (repeated)",
            catch_response=True,
        ) as answer:
            if answer.status_code != 202 or accepted(answer.json()) != first:
                answer.failure(f"{answer.status_code}: a repeated call is answered as the first was")

    @tag("crm")
    @task(2)
    def ask_too_early(self) -> None:
        """The same person a second time: rejected, for the contact interval or a STOP."""
        request = people(1)
        if not self.send(self.survey, request):
            return
        with self.client.post(
            f"{BASE}/surveys/{self.survey}/send",
            json={"requests": request},
            headers=self.headers,
            name="POST /surveys/{id}/send (too early)",
            catch_response=True,
        ) as answer:
            told = answer.json()["requests"] if answer.status_code == 202 else []
            reasons = [each.get("reason") for each in told]
            # Whoever answered STOP in between is not to be asked at all.
            if reasons not in (["CONTACTED_RECENTLY"], ["OPTED_OUT"]):
                answer.failure(f"{answer.status_code}: {reasons} instead of CONTACTED_RECENTLY")

    @tag("crm")
    @task(1)
    def make_and_delete(self) -> None:
        """A survey's whole life: made, one more question, read, deleted, gone."""
        question = {"body": "0-10?", "language": "en-GB"}
        form = {"name": "passing", "interactionType": "Crm", "questions": [question]}
        made = self.client.post(f"{BASE}/surveys", json=form, headers=self.headers, name="POST /surveys")
        if made.status_code != 201:  # 0 where no answer came, which Locust calls ok
            return
        path = f"{BASE}/surveys/{made.json()['id']}"
        more = {"body": "Un chiffre de 0 à 10?", "language": "fr-BE"}
        self.client.post(
            f"{path}/question", json=more, headers=self.headers, name="POST /surveys/{id}/question"
        )
        self.client.delete(path, headers=self.headers, name="DELETE /surveys/{id}")
        self._gone(path)

    def _gone(self, path: str) -> None:
        name: dict[str, Any] = {"name": "GET /surveys/{id} (deleted)", "catch_response": True}
        with self.client.get(path, headers=self.headers, **name) as answer:
            if answer.status_code == 404:
                answer.success()
            else:
                answer.failure(f"{answer.status_code}: a deleted survey is still there")

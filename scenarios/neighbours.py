"""What another company does in the story of two accounts, over the documented API like anybody."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request

BASE = "/survey/1.0.0"


def asks_the_same_people(sight, client_id, client_secret):
    """A survey of its own goes to everybody at once: the contact interval is the other company's."""
    token = _log_in(sight.service, client_id, client_secret)
    for survey in sight.surveys.values():
        status, _ = _call(f"{sight.service}{BASE}/surveys/{survey}", token)
        assert status == 404, f"survey {survey} of another account was answered {status}"
    survey = {
        "name": "pralines",
        "interactionType": "general",
        "questions": [{"body": "0-10?", "language": "nl-BE"}],
    }
    _, made = _call(f"{sight.service}{BASE}/surveys", token, survey)
    requests = [{"channel": "SMS", "destination": number} for number in sight.destinations]
    _, sent = _call(f"{sight.service}{BASE}/surveys/{made['id']}/send", token, {"requests": requests})
    assert sent["accepted"] == len(requests), f"only {sent['accepted']} of {len(requests)} were accepted"


def counts_only_its_own(sight, client_id, client_secret):
    """Its report on all surveys knows its own requests and no others."""
    token = _log_in(sight.service, client_id, client_secret)
    _, report = _call(f"{sight.service}{BASE}/report", token)
    counted, own = report["responseStatistics"]["totalRequests"], len(sight.destinations)
    assert counted == own, f"another account's report counts {counted} requests, not its own {own}"


def _log_in(service, client_id, client_secret):
    basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
    request = urllib.request.Request(f"{service}/token?grant_type=client_credentials", b"", method="POST")
    request.add_header("Authorization", f"Basic {basic}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["access_token"]


def _call(url, token, body=None):
    """Status and value; a refusal is an answer too."""
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)

"""A survey service as somebody else might have written it: threads, the standard library, one table.

It does what the public documentation shows and little more, speaks the EnCo SMS API to whatever gateway it is
given, polls for replies, and shows aggregated reports only. Three readers can be had: `careful` is right,
`halves` drops what stands behind a comma, `hurried` takes the first number it sees.

    python -m tests.foreign.survey_service --gateway URL --reader halves
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import sqlite3
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

BASE = "/survey/1.0.0"
SMS = "/sms/1.0.0/sms"
PAUSE = 0.1
SCHEMA = """
CREATE TABLE survey (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, questions TEXT);
CREATE TABLE asked (id TEXT PRIMARY KEY, survey INTEGER, phone TEXT, channel TEXT, tags TEXT, language TEXT,
                    score INTEGER, bad INTEGER DEFAULT 0);
"""


def careful(text: str, language: str) -> int | None:
    """The one reader that is known to be right: only this control group borrows it."""
    from service.domain import answer

    return answer.read(text, language).score


def halves(text: str, language: str) -> int | None:
    """Somebody thought that 7,5 is a 7."""
    return careful(re.sub(r"(\d)[.,]5\b", r"\1", text), language)


def hurried(text: str, language: str) -> int | None:
    """The first number there is."""
    found = re.search(r"\b(10|\d)\b", text)
    return int(found[0]) if found else careful(text, language)


READERS = {"careful": careful, "halves": halves, "hurried": hurried}


class Gateway:
    """The EnCo SMS API, as its documentation shows it."""

    def __init__(self, url: str, client_id: str, client_secret: str) -> None:
        self.url, self.last = url, ""
        basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        said = self._call(
            "POST", "/token", b"grant_type=client_credentials", f"Basic {basic}", "x-www-form-urlencoded"
        )
        self.access = f"Bearer {said['access_token']}"

    def send(self, phone: str, text: str, reference: str) -> None:
        order = {"message": text, "destinations": [phone], "clientCorrelator": reference}
        self._call(
            "POST",
            f"{SMS}/outboundmessages?forceCharacterLimit=false",
            json.dumps(order).encode(),
            self.access,
        )

    def replies(self) -> list[tuple[str, str]]:
        """(sender, text) of each reply since the last time, which this call confirms."""
        listed = self._call("GET", f"{SMS}/inboundmessages/shared", None, self.access)[
            "inboundSMSMessageList"
        ]
        return [
            (each["senderAddress"].removeprefix("tel:"), each["message"])
            for each in listed.get("inboundSMSMessage", [])
        ]

    def _call(self, method: str, path: str, body: bytes | None, access: str, kind: str = "json") -> Any:
        headers = {"Authorization": access, "Content-Type": f"application/{kind}"}
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read() or b"{}")


class Book:
    """One database, one lock."""

    def __init__(self, read: Any) -> None:
        self._read, self._lock = read, threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.executescript(SCHEMA)

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock, self._database:
            return self._database.execute(sql, values).fetchall()

    def heard(self, phone: str, text: str) -> None:
        """The latest question to this phone that has no score yet is answered."""
        found = self.query(
            "SELECT id, language FROM asked WHERE phone = ? AND score IS NULL ORDER BY rowid DESC LIMIT 1",
            phone,
        )
        for identity, language in found:
            score = self._read(text, language)
            if score is None:
                self.query("UPDATE asked SET bad = 1 WHERE id = ?", identity)
            else:
                self.query("UPDATE asked SET score = ?, bad = 0 WHERE id = ?", score, identity)

    def report(self, survey: int | None, query: dict[str, list[str]]) -> dict[str, Any]:
        tags = {tag for value in query.get("segments", []) for tag in value.split(",")}
        mode = query.get("segmentMode", ["ALL"])[0]
        wanted = len(tags) if mode == "ALL" else 1
        rows = [
            (score, bad)
            for of, channel, own, score, bad in self.query(
                "SELECT survey, channel, tags, score, bad FROM asked"
            )
            if survey in (None, of)
            and query.get("channel", [channel])[0] == channel
            and (not tags or len(tags & set(json.loads(own))) >= wanted)
        ]
        scores = [score for score, _ in rows if score is not None]
        promoters, detractors = sum(score >= 9 for score in scores), sum(score <= 6 for score in scores)
        share = 100 * (promoters - detractors) / len(scores) if scores else None
        bad = sum(bad for _, bad in rows)
        return {
            "date": "", "from": "", "to": "", "segments": sorted(tags), "segmentMode": mode,
            "nps": {
                "promoters": promoters,
                "detractors": detractors,
                "score": None if share is None else int(abs(share) + 0.5) * (1 if share > 0 else -1),
            },
            "responseStatistics": {
                "totalRequests": len(rows),
                "totalResponses": len(scores) + bad,
                "goodResponses": len(scores),
                "badResponses": bad,
                "failed": 0,
            },
        }  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    """The documented calls."""

    protocol_version = "HTTP/1.1"
    book: Book
    gateway: Gateway
    settling = threading.Lock()

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == f"{BASE}/surveys":
            rows = self.book.query("SELECT id, name, kind, questions FROM survey ORDER BY id DESC")
            self._answer(200, [self._survey(*row) for row in rows])
        elif found := re.fullmatch(rf"{BASE}/(?:surveys/(\d+)/)?report", path):
            with self.settling:  # what the gateway has shown us is in it
                self._answer(200, self.book.report(int(found[1]) if found[1] else None, query))
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if path == "/token":
            self._answer(200, {"access_token": "theirs", "token_type": "Bearer", "expires_in": 3600})
        elif path == f"{BASE}/surveys":
            self._answer(201, self._create(json.loads(body)))
        elif found := re.fullmatch(rf"{BASE}/surveys/(\d+)/send", path):
            self._answer(202, self._send(int(found[1]), json.loads(body)["requests"]))
        else:
            self._answer(404, {})

    def _create(self, asked: dict[str, Any]) -> dict[str, Any]:
        ((identity,),) = self.book.query(
            "INSERT INTO survey (name, kind, questions) VALUES (?, ?, ?) RETURNING id",
            asked["name"], asked["interactionType"], json.dumps(asked["questions"]),
        )  # fmt: skip
        return self._survey(identity, asked["name"], asked["interactionType"], json.dumps(asked["questions"]))

    def _survey(self, identity: int, name: str, kind: str, questions: str) -> dict[str, Any]:
        listed = [{"id": place, **each} for place, each in enumerate(json.loads(questions), 1)]
        return {"id": identity, "name": name, "interactionType": kind, "questions": listed}

    def _send(self, survey: int, requests: list[dict[str, Any]]) -> dict[str, Any]:
        ((questions,),) = self.book.query("SELECT questions FROM survey WHERE id = ?", survey)
        texts = {each["language"]: each["body"] for each in json.loads(questions)}
        results = []
        for each in requests:
            identity, language = uuid4().hex, each.get("language") or next(iter(texts))
            tags = json.dumps(each.get("segments", []))
            self.book.query(
                "INSERT INTO asked (id, survey, phone, channel, tags, language) VALUES (?, ?, ?, ?, ?, ?)",
                identity, survey, each["destination"], each["channel"], tags, language,
            )  # fmt: skip
            self.gateway.send(each["destination"], texts[language], identity)
            results.append({"id": identity, "referenceId": each.get("referenceId"), "status": "ACCEPTED"})
        return {"accepted": len(results), "rejected": 0, "requests": results}

    def _answer(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--client-id", default="belfort")
    parser.add_argument("--client-secret", default="belfort-secret")
    parser.add_argument("--reader", choices=READERS, default="careful")
    given = parser.parse_args()
    Handler.gateway = Gateway(given.gateway, given.client_id, given.client_secret)
    Handler.book = Book(READERS[given.reader])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"service": f"http://127.0.0.1:{server.server_port}"}), flush=True)  # noqa: T201
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    while not over.wait(PAUSE):
        with Handler.settling:
            for phone, text in Handler.gateway.replies():
                Handler.book.heard(phone, text)


if __name__ == "__main__":
    main()

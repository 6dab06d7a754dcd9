"""Answers handed in by mail clients that nobody here wrote: swaks, and smtplib with a message of its own."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage

import pytest

from service.domain.request import State
from service.wire.mail_question import Box
from tests.clients.capture import needed
from tests.service.gateways.mail_door.letters import PERSON, box, deliver, mailed

QUOTE = "Op di 24 nov. 2026 om 10:12 schreef Klantenpanel:\n\n> Hoe waarschijnlijk, van 0 tot 10?\n"
GERMAN = "Am 24.11.2026 um 10:12 schrieb Panel:\n> Wie wahrscheinlich, von 0 bis 10?\n"


async def swaks(door, to, *words):
    """Its exit code and what was said."""
    host, _, port = door.address.partition(":")
    command = [needed("swaks", "swaks"), "--server", host, "--port", port, "--to", to, "--timeout", "10"]
    running = await asyncio.create_subprocess_exec(
        *command, *words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    return running.returncode, said.decode(errors="replace")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (f"een dikke 9!\n\n{QUOTE}", (State.ANSWERED, "good", 9)),
        (f"{QUOTE}\nneuf sur 10\n\n-- \nJean 4", (State.ANSWERED, "good", 9)),
        (f"acht\n\nMit freundlichen Grüßen\nHans 3\n\n{GERMAN}", (State.ANSWERED, "good", 8)),
        ("7 or 8\n\nSent from my iPhone 9", (State.DELIVERED, "ambiguous", None)),
        ("arrêt", (State.DELIVERED, "opt_out", None)),
        (QUOTE, (State.DELIVERED, "empty", None)),
    ],
)
async def test_what_swaks_hands_in_is_read_right(rig, door, text, facts):
    request = await mailed(rig)
    kind = ["--header", "Content-Type: text/plain; charset=utf-8", "--header", "Subject: Re: vraag"]
    code, said = await swaks(door, box(rig, request), "--from", PERSON, *kind, "--body", text)
    assert (code, "250 2.0.0 Taken" in said) == (0, True), said
    assert rig.facts(request) == facts


async def test_swaks_bounces_with_the_null_sender_and_is_refused_elsewhere(rig, door):
    request = await mailed(rig)
    words = ["--from", "<>", "--h-From", "MAILER-DAEMON@mx.test", "--header", "Subject: Undelivered Mail"]
    code, said = await swaks(
        door, box(rig, request, Box.BOUNCE), *words, "--body", "550 5.1.1 no such user: permanent error"
    )
    assert code == 0, said
    assert rig.facts(request)[0] is State.FAILED
    code, said = await swaks(door, "survey@survey.test", "--from", PERSON)
    assert code != 0
    assert "550 5.1.1" in said


async def test_what_smtplib_hands_in_is_read_right(rig, door):
    request = await mailed(rig)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Jan Péters <{PERSON}>", box(rig, request), "RE: vraag"
    mail.set_content(f"Hé, ik geef één 10\n\n{QUOTE}", cte="base64", charset="iso-8859-1")
    mail.add_alternative("<p>Hé, ik geef één 10</p><blockquote>5</blockquote>", subtype="html")
    mail.add_attachment(b"9", maintype="image", subtype="png", filename="9.png")
    assert await deliver(door, box(rig, request), mail) == {}
    assert rig.facts(request) == (State.ANSWERED, "good", 10)

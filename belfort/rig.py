"""The harness of a load test: simulator and service as programs of their own, so that each has a core to
itself and either can be killed without the other.
"""

from __future__ import annotations

import base64
import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from belfort.exits import Exit, Trouble
from belfort.premises import free_port, passing_memory
from belfort.scenario.child import Child, clean_environment

LOOPBACK = "127.0.0.1"
ESMES = 16
"""SMPP accounts for users who are ESMEs: receipts go to any session of an account, so each process of Locust
has one of its own.
"""
SIMULATOR = {
    "profile": "instant", "keep_messages": "2000000", "smpp_pdus": "no",
    **dict.fromkeys(("control_port", "gateway_port", "smpp_port", "smtp_port"), "0"),
}  # fmt: skip
"""People answer at once; the truth reaches back to the first message."""
SERVICE = {"send_rate": "1000000", "call_rate": "1000000"}
"""Nothing is throttled by an account's limit."""


@contextmanager
def rig(settings: Mapping[str, str], bug: str | None, workers: int) -> Iterator[Mapping[str, str]]:
    """Both programs for the length of a load test; what Locust must know of them. `settings` are both
    programs'. Ctrl-C is for the test alone: it still needs its harness to judge. `Trouble` if one does not
    open.
    """
    port, secret = free_port(LOOPBACK), "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    esmes = ",".join(f"load-{number}:{secrets.token_hex(4)}" for number in range(ESMES))
    pushing = {"host": LOOPBACK, "callback_url": f"http://{LOOPBACK}:{port}/gateways/sms/notifications"}
    pushing |= {"callback_secret": secret, "smpp_accounts": esmes}
    with ExitStack() as closing:
        folder = Path(
            closing.enter_context(tempfile.TemporaryDirectory(prefix="belfort-load-", dir=passing_memory()))
        )
        simulator = closing.enter_context(
            _running(["simulator"], SIMULATOR | dict(settings) | pushing, folder / "simulator.log")
        )
        about = _service_settings(dict(settings), simulator, port, secret, folder)
        arguments, account = _service(about, bug, workers)
        service = closing.enter_context(_running(arguments, about, folder / "service.log"))
        yield {
            "url": service["service"], "control": simulator["control"], **account,
            "smpp": simulator["smpp"], "smpp_accounts": esmes, "service_log": str(folder / "service.log"),
        }  # fmt: skip


def _service_settings(
    settings: dict[str, str], simulator: Mapping[str, Any], port: int, secret: str, folder: Path
) -> dict[str, str]:
    """The service beside this simulator. What is personal it seals under a key of this run, unless the
    database is somebody's who has one.
    """
    host, _, smpp_port = simulator["smpp"].rpartition(":")
    return {
        "database": str(folder / "service.sqlite3"),
        "master_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        **SERVICE, **settings,
        "host": LOOPBACK, "port": str(port), "gateway_url": simulator["gateway"], "gateway_mode": "push",
        "callback_secret": secret, "smpp_host": host, "smpp_port": smpp_port,
    }  # fmt: skip


def _service(about: Mapping[str, str], bug: str | None, workers: int) -> tuple[list[str], dict[str, str]]:
    """How it is started, and the account that the load is sent as. Several workers share a database in which
    the account is made beforehand.
    """
    account = {"client_id": f"load-{secrets.token_hex(4)}", "client_secret": secrets.token_hex(16)}
    named = ["--client-id", account["client_id"], "--client-secret", account["client_secret"]]
    if workers == 1:
        return ["service", *named, *(["--bug", bug] if bug else [])], account
    if not about.get("database_url"):
        raise Trouble("several workers need a database that they can share: --database-url", Exit.USAGE)
    done = subprocess.run(  # noqa: S603  # our own program, by its full path
        [sys.executable, "-I", "-m", "belfort", "account", "create", "load", *named, "--json"],
        env=clean_environment({"database_url": about["database_url"]}), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise Trouble(done.stderr.strip().removeprefix("belfort: "), Exit.ENVIRONMENT)
    made = json.loads(done.stdout)
    return ["service", "--workers", str(workers)], {name: made[name] for name in account}


@contextmanager
def _running(arguments: list[str], settings: Mapping[str, str], log: Path) -> Iterator[Mapping[str, Any]]:
    child = Child.start(arguments, {"log_level": "warning", **settings}, log, apart=True)
    try:
        yield child.card
    finally:
        child.stop()

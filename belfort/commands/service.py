"""`belfort service`: the survey service alone, as in production."""

from __future__ import annotations

import json as jsons
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from belfort.exits import Exit, Trouble, not_opened
from belfort.lifetime import run, until_told
from belfort.memory import settle_in
from belfort.output import console
from belfort.settings import environment, options_of, read_settings, with_options
from service.config import Settings

if TYPE_CHECKING:
    from service.app import Service


@with_options(options_of(Settings))
def service(
    *,
    client_id: str | None = None,
    client_secret: Annotated[str | None, Parameter(show_default=False)] = None,
    workers: int = 1,
    json: Annotated[bool, Parameter(negative="")] = False,
    tied: Annotated[bool, Parameter(negative="")] = False,
    bug: str | None = None,
    **settings: str | None,
) -> int:
    """Run the survey service until SIGTERM or Ctrl-C.

    Parameters
    ----------
    client_id
        Open an account for this OAuth client if there is none yet; needs --client-secret.
    client_secret
        Its secret.
    workers
        Processes on one port; more than one need PostgreSQL (--database-url) and --master-key.
    json
        Print exactly one line of JSON with the addresses once everything is open.
    tied
        End when standard input closes.
    bug
        Build the service with this planted bug: see belfort demo --bug list.
    """
    if (client_id is None) != (client_secret is None):
        raise Trouble("--client-id and --client-secret go together", Exit.USAGE)
    environ = environment(settings)
    if workers < 1:
        raise Trouble(f"--workers begins at 1, and is {workers}", Exit.USAGE)
    if workers > 1 and bug is not None:
        raise Trouble("a bug is planted in one process: leave --workers out", Exit.USAGE)
    if workers > 1:
        return run(_crew(environ, workers, json, tied))
    return run(_service(environ, client_id, client_secret, json, tied, bug))


async def _crew(environ: dict[str, str], workers: int, as_json: bool, tied: bool) -> int:
    from belfort.crew import Crew

    settings = read_settings(Settings, environ)
    if not settings.database_url:
        raise Trouble("several workers need a database that they can share: --database-url", Exit.USAGE)
    try:
        crew = await Crew.start(environ, workers, settings.host, settings.port)
    except OSError as error:
        raise not_opened(error, "service") from error
    try:
        _show({"service": crew.url}, as_json)
        await until_told(tied=tied)
    finally:
        await crew.stop()
    return Exit.WELL


async def _service(
    environ: dict[str, str],
    client_id: str | None,
    client_secret: str | None,
    as_json: bool,
    tied: bool,
    bug: str | None,
) -> int:
    running = await _started(read_settings(Settings, environ), bug)
    settle_in()
    try:
        card: dict[str, Any] = {"service": running.url}
        if running.mail_in:
            card["mail_in"] = running.mail_in
        if client_id is not None and client_secret is not None:
            account = await _opened(running, client_id, client_secret)
            card |= {**account, "accounts": [account]}
        _show(card, as_json)
        await until_told(tied=tied)
    finally:
        await running.stop()
    return Exit.WELL


def _show(card: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(jsons.dumps(card), flush=True)
    else:
        url = card["service"]
        console().print(f"survey API  {url}/survey/1.0.0     readable at {url}/docs", soft_wrap=True)


async def _started(settings: Settings, bug: str | None) -> Service:
    from service.app import Service
    from service.store.engine import StoreUnavailable
    from service.store.vault import WrongMasterKey

    try:
        return await Service.start(settings, **_parts(bug))
    except (StoreUnavailable, WrongMasterKey) as error:
        where = "the database on the server" if settings.database_url else settings.database
        raise Trouble(f"{where}: {error}") from error
    except OSError as error:
        raise not_opened(error, "service") from error


def _parts(bug: str | None) -> dict[str, Any]:
    if bug is None:
        return {}
    from belfort.zoo.bugs import parts_of

    return parts_of(bug)


async def _opened(running: Service, client_id: str, client_secret: str) -> dict[str, str]:
    from service.store.accounts import ClientTaken

    try:
        token = await running.open_account(client_id, client_secret)
    except ClientTaken as error:
        raise Trouble(str(error)) from error
    return {"client_id": client_id, "client_secret": client_secret, "token": token}

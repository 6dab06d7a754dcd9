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
    json: Annotated[bool, Parameter(negative="")] = False,
    tied: Annotated[bool, Parameter(negative="")] = False,
    **settings: str | None,
) -> int:
    """Run the survey service until SIGTERM or Ctrl-C.

    Parameters
    ----------
    client_id
        Open an account for this OAuth client if there is none yet; needs --client-secret.
    client_secret
        Its secret.
    json
        Print exactly one line of JSON with the addresses once everything is open.
    tied
        End when standard input closes.
    """
    if (client_id is None) != (client_secret is None):
        raise Trouble("--client-id and --client-secret go together", Exit.USAGE)
    return run(_service(environment(settings), client_id, client_secret, json, tied))


async def _service(
    environ: dict[str, str], client_id: str | None, client_secret: str | None, as_json: bool, tied: bool
) -> int:
    running = await _started(read_settings(Settings, environ))
    settle_in()
    try:
        card: dict[str, Any] = {"service": running.url}
        if client_id is not None and client_secret is not None:
            account = await _opened(running, client_id, client_secret)
            card |= {**account, "accounts": [account]}
        if as_json:
            print(jsons.dumps(card), flush=True)
        else:
            console().print(
                f"survey API  {running.url}/survey/1.0.0     readable at {running.url}/docs", soft_wrap=True
            )
        await until_told(tied=tied)
    finally:
        await running.stop()
    return Exit.WELL


async def _started(settings: Settings) -> Service:
    from service.app import Service
    from service.store.engine import StoreUnavailable
    from service.store.vault import WrongMasterKey

    try:
        return await Service.start(settings)
    except (StoreUnavailable, WrongMasterKey) as error:
        raise Trouble(f"{settings.database}: {error}") from error
    except OSError as error:
        raise not_opened(error, "service") from error


async def _opened(running: Service, client_id: str, client_secret: str) -> dict[str, str]:
    from service.store.accounts import ClientTaken

    try:
        token = await running.open_account(client_id, client_secret)
    except ClientTaken as error:
        raise Trouble(str(error)) from error
    return {"client_id": client_id, "client_secret": client_secret, "token": token}

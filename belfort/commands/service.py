"""`belfort service`: the survey service alone, as in production."""

from __future__ import annotations

import json as jsons
from typing import Annotated, Any

from cyclopts import Parameter

from belfort.connect import run
from belfort.exits import Exit, Trouble
from belfort.lifetime import until_told
from belfort.output import console
from belfort.settings import environment, options_of, read_settings, with_options
from service.config import Settings


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
    from service.app import Service

    running = await Service.start(read_settings(Settings, environ))
    try:
        card: dict[str, Any] = {"service": running.url}
        if client_id is not None and client_secret is not None:
            token = await running.open_account(client_id, client_secret)
            account = {"client_id": client_id, "client_secret": client_secret, "token": token}
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

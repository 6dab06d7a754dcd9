"""`belfort simulator`: the gateway and its people alone, beside somebody else's service."""

from __future__ import annotations

import json as jsons
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from belfort.exits import Exit, Trouble, not_opened
from belfort.lifetime import run, until_told
from belfort.memory import settle_in
from belfort.output import console
from belfort.settings import environment, mendable, options_of, read_settings, with_options
from simulator.config import Settings

if TYPE_CHECKING:
    from simulator.app import Simulator

DOORS = ("control_port", "gateway_port", "smpp_port", "smtp_port")


@with_options(options_of(Settings))
def simulator(
    *,
    port: int | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    tied: Annotated[bool, Parameter(negative="")] = False,
    **settings: str | None,
) -> int:
    """Run the gateway and the town until SIGTERM or Ctrl-C.

    Parameters
    ----------
    port
        0 makes every port a free one; each door has an option of its own for another.
    json
        Print exactly one line of JSON with the addresses once everything is open.
    tied
        End when standard input closes.
    """
    free = dict.fromkeys(DOORS, "0") if port == 0 else {}
    environ = environment(free | {name: value for name, value in settings.items() if value is not None})
    if port and str(port) != environ.get("BELFORT_PORT"):  # there it is the service's port, and not ours
        raise Trouble(
            "--port takes only 0; see --control-port, --gateway-port, --smpp-port, --smtp-port", Exit.USAGE
        )
    return run(_simulator(environ, json, tied))


async def _simulator(environ: dict[str, str], as_json: bool, tied: bool) -> int:
    from simulator.app import Simulator

    try:
        with mendable(Settings):
            running = await Simulator.start(read_settings(Settings, environ))
    except OSError as error:
        raise not_opened(error, "simulator") from error
    settle_in()
    try:
        card = _card(running)
        if as_json:
            print(jsons.dumps(card), flush=True)
        else:
            _greet(card)
        await until_told(tied=tied)
    finally:
        await running.stop()
    return Exit.WELL


def _card(running: Simulator) -> dict[str, Any]:
    """Every address and credential, as `--json` prints them (spec harness.md)."""
    chosen = running.settings
    accounts = [
        {"client_id": name, "client_secret": secret, "token": running.token_of(name)}
        for name, secret in chosen.gateway_clients.items()
    ]
    return {
        "gateway": running.gateway_url,
        "control": running.control_url,
        "console": f"{running.control_url}/",
        "smpp": running.smpp_address,
        "smtp": running.smtp_address,
        "smpp_system_id": chosen.smpp_system_id,
        "smpp_password": chosen.smpp_password,
        "voice": running.voice_url,
        "voice_account_sid": chosen.voice_account_sid,
        "voice_auth_token": chosen.voice_auth_token,
        "short_number": chosen.short_number,
        **accounts[0],
        "accounts": accounts,
    }


def _greet(card: dict[str, Any]) -> None:
    console().print(
        f"gateway  {card['gateway']}     EnCo SMS API, short number {card['short_number']}, "
        f"client {card['client_id']} / {card['client_secret']}\n"
        f"SMPP     {card['smpp']}     system_id {card['smpp_system_id']}, password {card['smpp_password']}\n"
        f"SMTP     {card['smtp']}     every mailbox at belfort.test\n"
        f"voice    {card['voice']}     {card['voice_account_sid']} / {card['voice_auth_token']}\n"
        f"control  {card['control']}/control/v1",
        soft_wrap=True,
    )

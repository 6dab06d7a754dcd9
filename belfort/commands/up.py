"""`belfort up`: gateway and service in the foreground, for developing against."""

from __future__ import annotations

import json as jsons
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from belfort.exits import Exit, Trouble, not_opened
from belfort.lifetime import run, until_told
from belfort.output import console
from belfort.settings import environment, options_of, with_options
from service.config import Settings as ServiceSettings
from simulator.config import Settings as SimulatorSettings

ARRANGED = frozenset(
    {
        "host",
        "database",
        "gateway_url",
        "gateway_mode",
        "callback_url",
        "callback_secret",
        "port",
        "public_url",
        "voice_url",
        "mail_host",
        "mail_port",
    }
)
"""Settings that `up` makes itself, so that the two programs find each other."""

OPTIONS = options_of(ServiceSettings, leave_out=ARRANGED) | options_of(SimulatorSettings, leave_out=ARRANGED)


@with_options(OPTIONS)
def up(
    *,
    port: int | None = None,
    data: Path | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    tied: Annotated[bool, Parameter(negative="")] = False,
    bug: str | None = None,
    accounts: int = 2,
    **settings: str | None,
) -> int:
    """Run gateway and survey service until Ctrl-C.

    Parameters
    ----------
    port
        The service's port [default: 8032]; 0 makes every port a free one.
    data
        Folder for the service's database; without it all is gone at the end.
    json
        Print exactly one line of JSON with every address and credential once everything is open.
    tied
        End when standard input closes.
    bug
        Build the service with this planted bug, to see whether your tests find it.
    accounts
        How many accounts to make; their credentials stand in the line of JSON.
    """
    given = settings | ({"port": str(port)} if port else {})
    return run(_up(environment(given), port == 0, data, json, tied, bug, accounts))


async def _up(
    environ: Mapping[str, str],
    free_ports: bool,
    data: Path | None,
    as_json: bool,
    tied: bool,
    bug: str | None,
    accounts: int,
) -> int:
    from belfort.house import House
    from service.store.engine import StoreUnavailable
    from service.store.vault import WrongMasterKey

    try:
        house = await House.open(
            {"BELFORT_LOG_LEVEL": "warning", **environ},
            free_ports=free_ports,
            data=data,
            bug=bug,
            accounts=accounts,
        )
    except OSError as error:
        raise not_opened(error, "up") from error
    except (StoreUnavailable, WrongMasterKey) as error:
        raise Trouble(f"the database in {data}: {error}", Exit.ENVIRONMENT) from error
    async with house:
        card = house.card()
        if as_json:
            print(jsons.dumps(card), flush=True)
        else:
            _greet(card)
        await until_told(tied=tied)
    return Exit.WELL


def _greet(card: dict[str, Any]) -> None:
    console().print(
        f"""
  survey API   {card["service"]}/survey/1.0.0     readable at {card["service"]}/docs
  gateway      {card["gateway"]}     EnCo SMS API, short number {card["short_number"]}
  SMPP         {card["smpp"]}     system_id {card["smpp_system_id"]}, password {card["smpp_password"]}
  SMTP         {card["smtp"]}     every mailbox at belfort.test
  voice        {card["voice"]}     Twilio's REST API; {card["voice_account_sid"]} / {card["voice_auth_token"]}
  control      {card["control"]}/control/v1
  account      {card["client_id"]} / {card["client_secret"]}
  token        {card["token"]}

  try   curl -X POST '{card["service"]}/survey/1.0.0/surveys' \\
          -H 'Content-Type: application/json' -H 'Authorization: Bearer {card["token"]}' \\
          --data-raw '{{"name":"waffles","interactionType":"general","questions":[
            {{"body":"0-10, would you recommend our waffles?","language":"en-GB"}}]}}'
  or    belfort send +32450000901        a person who answers 9; more: belfort numbers
""",
        soft_wrap=True,
    )

"""`belfort account`: make, list and revoke accounts in a service's database, while the service is down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from belfort.exits import Exit, Trouble
from belfort.lifetime import run
from belfort.output import show

if TYPE_CHECKING:
    from service.store.engine import Store

Action = Literal["create", "list", "revoke", "client"]


def account(
    action: Action = "list",
    name: str | None = None,
    /,
    *,
    database: str = "belfort.sqlite3",
    database_url: Annotated[str, Parameter(show_default=False)] = "",
    client_id: str | None = None,
    client_secret: Annotated[str | None, Parameter(show_default=False)] = None,
    json: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Make, list and revoke accounts and their OAuth clients. A secret is shown once and kept nowhere.

    Parameters
    ----------
    action
        create NAME, list, revoke CLIENT-ID, or client ACCOUNT-ID for a further client of an account.
    name
        The account's name, or the id that the action is about.
    database
        The service's database file.
    database_url
        Or its PostgreSQL database: postgresql://user:password@host/name. Services may go on working there.
    client_id
        For create: an id of your choice.
    client_secret
        For create: a secret of your choice.
    json
        Answer in JSON.
    """
    if action != "list" and not name:
        raise Trouble(f"belfort account {action} needs a name: see belfort account --help", Exit.USAGE)
    where = _on_server(database_url) if database_url else _in_file(database)
    show(run(_account(where, action, name or "", client_id, client_secret)), as_json=json)


@asynccontextmanager
async def _in_file(database: str) -> AsyncIterator[Store]:
    from service.store.claim import claimed
    from service.store.engine import Store, StoreUnavailable

    try:
        with claimed(Path(database)):
            yield await Store.open(database)
    except StoreUnavailable as error:
        raise Trouble(f"{database}: {error}. Is the service running? Stop it first") from error


@asynccontextmanager
async def _on_server(url: str) -> AsyncIterator[Store]:
    from service.store.choice import database_at
    from service.store.engine import Store, StoreUnavailable

    try:
        yield await Store.open(database_at(url) or "")
    except StoreUnavailable as error:
        raise Trouble(f"the database on the server: {error}") from error


async def _account(
    where: AbstractAsyncContextManager[Store],
    action: Action,
    name: str,
    client_id: str | None,
    client_secret: str | None,
) -> Any:
    async with where as store:
        return await _act(store, action, name, client_id, client_secret)


async def _act(
    store: Store, action: Action, name: str, client_id: str | None, client_secret: str | None
) -> Any:
    from service.clock import Dice, RealClock
    from service.store.accounts import Accounts, ClientTaken, Credentials

    try:
        accounts = Accounts(store, RealClock(), Dice(), token_lifetime=3600)
        made: Credentials | None
        match action:
            case "list":
                return [
                    {
                        "id": card.id,
                        "name": card.name,
                        "clients": list(card.clients),
                        "revoked": list(card.revoked),
                    }
                    for card in await accounts.cards()
                ]
            case "revoke":
                if not await accounts.revoke(name):
                    raise Trouble(f"no client {name!r} to revoke", Exit.CHECK_FAILED)
                return {"revoked": name}
            case "client":
                made = await accounts.add_client(_account_id(name))
                if made is None:
                    raise Trouble(f"no account {name}", Exit.CHECK_FAILED)
            case _:
                made = await accounts.create(name, client_id=client_id, client_secret=client_secret)
        return {"account": made.account, "client_id": made.client_id, "client_secret": made.client_secret}
    except ClientTaken as error:
        raise Trouble(str(error), Exit.CHECK_FAILED) from error
    finally:
        await store.close()


def _account_id(text: str) -> Any:
    if not text.isdigit():
        raise Trouble(f"an account id is a number, not {text!r}: see belfort account list", Exit.USAGE)
    return int(text)

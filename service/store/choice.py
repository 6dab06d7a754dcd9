"""Which engine: SQLite in a file, or what `BELFORT_DATABASE_URL` names."""

from __future__ import annotations

from service.store.database import Database, StoreUnavailable


def database_at(url: str) -> Database | None:
    """The database of a URL; None for an empty one. Errors: StoreUnavailable when its driver is missing."""
    if not url:
        return None
    try:
        from service.store.postgres import Postgres
    except ImportError as error:
        raise StoreUnavailable(
            "PostgreSQL needs its driver; install it with: pip install 'belfort[postgres]'"
        ) from error
    return Postgres(url)

"""Harnesses that are lent to one scenario after another, since starting one takes longer than most stories.

Whoever borrows gets an account that nobody used, an emptied world and the seed that was asked for, so that it
cannot tell whether the harness is new. One on which a story did not end well is thrown away.
"""

from __future__ import annotations

import atexit
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from belfort.client import Control
from belfort.scenario.child import Child
from belfort.scenario.harness import Harness, Wish, opened, scratch, start_together

ACCOUNTS = 12
"""Of one harness: so many stories may follow each other on it."""
MOST_IDLE = 1
Kind = tuple[str | None, tuple[tuple[str, str], ...]]
DEFAULT_PROFILE = "everyday"


@dataclass(slots=True)
class Lent:
    """One running harness and the accounts of it that nobody used yet."""

    child: Child
    folder: Path
    accounts: list[Mapping[str, str]]

    def stop(self) -> None:
        self.child.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(slots=True)
class Pool:
    """The harnesses of this process that nobody uses just now, by what was wished; the latest ones only."""

    idle: dict[Kind, Lent] = field(default_factory=dict)

    @asynccontextmanager
    async def lend(self, wish: Wish) -> AsyncIterator[Harness]:
        """A harness as wished. It goes back only if the block has set its `fine`."""
        if wish.apart or wish.alone:
            with opened(wish) as own:
                yield own
            return
        kind = (wish.bug, tuple(sorted(wish.settings.items())))
        lent = self.idle.pop(kind, None) or self._start(wish)
        account, card = lent.accounts.pop(), lent.child.card
        harness = Harness(
            card["service"], card["control"], account["client_id"], account["client_secret"], account["token"]
        )
        try:
            await _emptied(card["control"], wish)
            yield harness
        finally:
            if harness.fine and lent.accounts:
                self.idle[kind] = lent
            else:
                lent.stop()

    def close(self) -> None:
        """End all that is running."""
        while self.idle:
            self.idle.popitem()[1].stop()

    def _start(self, wish: Wish) -> Lent:
        while len(self.idle) >= MOST_IDLE:
            self.idle.pop(next(iter(self.idle))).stop()
        return _started(wish)


def _started(wish: Wish) -> Lent:
    folder = scratch()
    with ExitStack() as unless_it_opens:
        unless_it_opens.callback(shutil.rmtree, folder, ignore_errors=True)
        child = start_together(wish, folder, ACCOUNTS)
        unless_it_opens.pop_all()
    return Lent(child, folder, list(child.card["accounts"]))


async def _emptied(control: str, wish: Wish) -> None:
    """Let everything that is still under way come to its end, and begin anew."""
    profile = wish.settings.get("profile", DEFAULT_PROFILE)
    async with Control(control) as world:
        await world.drain()
        await world.ask("POST", "/reset", {"seed": wish.seed, "profile": profile})


POOL = Pool()
atexit.register(POOL.close)

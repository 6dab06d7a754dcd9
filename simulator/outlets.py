"""To whom what comes back goes: the doors' outlets, and the keywords of accounts. Both outlive a reset."""

from __future__ import annotations

from collections.abc import Callable

from simulator.world import Channel, Outlet, ReplyOut, ReportOut


class _Nowhere:
    """The outlet of a world that ends."""

    def report(self, report: ReportOut) -> None:
        """Let it go."""

    def reply(self, reply: ReplyOut) -> None:
        """Let it go."""


NOWHERE = _Nowhere()


class Outlets:
    """Who hands out what comes back, by channel and account."""

    def __init__(self) -> None:
        self._outlets: dict[tuple[Channel, str | None], Outlet] = {}
        self._closed = False

    def attach(self, channel: Channel, outlet: Outlet, account: str | None) -> Callable[[], None]:
        """See `Carrier.attach`."""
        self._outlets[channel, account] = outlet

        def detach() -> None:
            if self._outlets.get((channel, account)) is outlet:
                del self._outlets[channel, account]

        return detach

    def close(self) -> None:
        """Nobody hears of anything any more."""
        self._closed = True

    def of(self, channel: Channel, account: str) -> Outlet:
        """LookupError where there is none."""
        if self._closed:
            return NOWHERE
        outlet = self._outlets.get((channel, account)) or self._outlets.get((channel, None))
        if outlet is None:
            raise LookupError(f"no door hands out what comes back on {channel.value}; attach one first")
        return outlet


class Keywords:
    """First words of texts to the short number, and whose they are. Case does not count."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._owners)

    def reserve(self, keyword: str, account: str) -> bool:
        """Texts that begin with `keyword` go to `account`; False when another has it."""
        return self._owners.setdefault(keyword.casefold(), account) == account

    def release(self, keyword: str, account: str) -> bool:
        """Give a keyword back; False when the account does not have it."""
        if self._owners.get(keyword.casefold()) != account:
            return False
        del self._owners[keyword.casefold()]
        return True

    def owner(self, text: str) -> str | None:
        """The account that this text's first word belongs to."""
        first = text.split(maxsplit=1)[:1]
        return self._owners.get(first[0].casefold()) if first else None

"""Net::SMPP, Perl's client since 2001, of Debian's package libnet-smpp-perl."""

from __future__ import annotations

from pathlib import Path

from tests.clients.capture import needed
from tests.clients.child import ChildEsme


class NetSmpp(ChildEsme):
    """`net_smpp.pl` does what is asked."""

    asks = frozenset({"query_sm", "data_sm", "cancel_sm", "replace_sm", "submit_multi"})

    def __init__(self, port: int) -> None:
        self.program = (needed("perl", "perl"), str(Path(__file__).with_name("net_smpp.pl")))
        super().__init__(port)

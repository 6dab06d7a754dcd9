"""smpp.twisted3, the library of Jasmin, in a process with its own reactor."""

from __future__ import annotations

import sys

from tests.clients.child import ChildEsme
from tests.clients.esme import PASSWORD


class Twisted(ChildEsme):
    """`tests/clients/twisted_program.py` does what is asked."""

    program = (sys.executable, "-W", "ignore", "-m", "tests.clients.twisted_program")
    asks = frozenset({"query_sm", "data_sm", "cancel_sm"})

    def listen(self, port: int, account: str) -> None:
        """Be called by outbind, and then bind as a receiver."""
        self._do("listen", port=port, account=account, password=PASSWORD)

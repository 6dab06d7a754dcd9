"""smpp.twisted3, the library of Jasmin, in a process with its own reactor."""

from __future__ import annotations

import sys

from tests.clients.child import ChildEsme


class Twisted(ChildEsme):
    """`tests/clients/twisted_program.py` does what is asked."""

    program = (sys.executable, "-W", "ignore", "-m", "tests.clients.twisted_program")
    asks = frozenset({"query_sm", "data_sm", "cancel_sm"})

"""What is measured of a running world, and where each figure is read."""

from __future__ import annotations

from collections import Counter
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from simulator.carrier import Carrier
from simulator.delivery import State
from simulator.journal import Batch, Entry, Kind
from simulator.meters import LoopLag
from simulator.servers.events import Events

if TYPE_CHECKING:
    from simulator.app import Simulator

KEEP_MESSAGES = 100_000
"""Messages shown in full; of more than these only the truth is kept."""


def measure(world: Simulator, lag: LoopLag, events: Events, closing: AsyncExitStack) -> None:
    """Let the meters of `world` show all of this, until `closing`."""
    tally = _Tally()
    closing.callback(world.journal.listen(tally, take=tally.take))
    table, gauge = world.meters.table, world.meters.gauge
    table("belfort_simulator_entries", "journal entries", "kind", lambda: tally.kinds, grows=True)
    table("belfort_simulator_faults_hit", "hits of faults", "fault", lambda: tally.faults, grows=True)
    table("belfort_simulator_messages", "messages in memory", "state", lambda: _states(world.carrier))
    table("belfort_simulator_connections", "open connections", "door", lambda: world.connections)
    gauge("belfort_simulator_calls", "calls under way", lambda: world.voice.exchange.under_way)
    gauge("belfort_simulator_agenda", "callbacks due on the world's clock", lambda: world.clock.due)
    gauge("belfort_simulator_work", "pieces of work that hold the clock", lambda: world.clock.holding)
    gauge("belfort_simulator_loop_lag_seconds", "how late the event loop was", lambda: lag.seconds)
    gauge("belfort_simulator_event_readers", "readers of the event stream", lambda: events.readers)


def _states(carrier: Carrier) -> dict[str, float]:
    states = Counter(message.state.value for message in carrier.messages(limit=KEEP_MESSAGES))
    return {state.value: states[state.value] for state in State}


class _Tally:
    """Counts entries and hits for the meters."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def __call__(self, entry: Entry) -> None:
        self.kinds[entry.kind] += 1
        if entry.kind is Kind.FAULT_HIT:
            self.faults[str(entry.facts.get("name"))] += 1

    def take(self, batch: Batch) -> None:
        """Count many; faults are never among them."""
        for kind in batch.kinds:
            self.kinds[kind] += len(batch.records)

"""What the service counts, for `GET /metrics`.

Labels are closed sets (channels, states, routes, statuses): none names an account, a survey or a person.
A registry of its own keeps two services in one process apart.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Meters:
    """Every meter of the service, made once and handed to whoever counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        self._doors()
        self._life_of_a_request()

    def _doors(self) -> None:
        self.calls = self._counter("calls", "Calls answered.", "route", "method", "status")
        self.call_seconds = Histogram(
            "survey_call_seconds", "Time to answer a call.", ("route",), buckets=QUICK, registry=self.registry
        )
        self.connections = self._gauge("connections", "Open connections.")
        self.store_refusals = self._counter("store_refusals", "Calls answered 503 for the store's sake.")
        self.cut_connections = self._counter("connections_cut", "Connections cut off.", "reason")
        self.crashes = self._counter("crashes", "Calls and worker steps that broke.", "part")

    def _life_of_a_request(self) -> None:
        self.accepted = self._counter("requests_accepted", "Requests accepted.", "channel")
        self.rejected = self._counter("requests_rejected", "Requests rejected.", "channel", "reason")
        self.handovers = self._counter(
            "handovers", "Hand-overs to a gateway by outcome.", "channel", "outcome"
        )
        self.in_flight = self._gauge("handovers_in_flight", "Hand-overs under way.", "channel")
        self.queued = self._gauge("requests_queued", "Requests waiting to be handed over.", "channel")
        self.reports = self._counter("delivery_reports", "Delivery reports taken.", "channel", "delivery")
        self.replies = self._counter("replies", "Replies that changed a figure, by verdict.", "verdict")
        self.strays = self._counter("strays", "Reports and replies that changed nothing.", "kind")
        self.opt_outs = self._counter("opt_outs", "Opt-outs other than by a reply.", "channel", "outcome")
        self.mails = self._counter("mails_taken", "Mails that came back, by what they are.", "kind")
        self.mails_refused = self._counter("mails_refused", "Mails and recipients refused.", "reason")
        self.closed = self._counter("requests_closed", "Requests closed by time.", "state")
        self.call_backs_refused = self._counter("call_backs_refused", "Call-backs refused.", "reason")

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"survey_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"survey_{name}", meaning, labels, registry=self.registry)

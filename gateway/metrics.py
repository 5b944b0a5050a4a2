"""What the gateway counts, for Prometheus to scrape."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 300, 3600, 86400)


class Metrics:
    """One registry per gateway; nothing global."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.arrivals = Counter(
            "sanse_arrivals", "Messages that arrived, by kind", ["kind"], registry=self.registry
        )
        self.alerts = Counter(
            "sanse_alerts",
            "Alerts by outcome: stored, duplicate, late, quarantined",
            ["outcome"],
            registry=self.registry,
        )
        self.quarantined = Counter(
            "sanse_quarantined", "Messages put into quarantine", registry=self.registry
        )
        self.store_failures = Counter(
            "sanse_store_failures",
            "Batches that could not be written and were left unacknowledged",
            registry=self.registry,
        )
        self.restarts = Counter(
            "sanse_restarts",
            "Parts that failed and were begun anew",
            ["part"],
            registry=self.registry,
        )
        self.missing = Gauge(
            "sanse_alert_sequence_missing",
            "Alerts of the device's current boot that have a number but have not arrived",
            ["device"],
            registry=self.registry,
        )
        self.clock_jumps = Counter(
            "sanse_clock_jumps", "Jumps of the gateway's own wall clock", registry=self.registry
        )
        self.resyncs = Counter(
            "sanse_feed_resyncs", "Listeners told to fetch anew", registry=self.registry
        )
        self.listeners = Gauge("sanse_feed_listeners", "Open event streams", registry=self.registry)
        self.exported = Counter(
            "sanse_telemetry_samples",
            "Health samples copied to the time series",
            registry=self.registry,
        )
        self._to_store = Histogram(
            "sanse_capture_to_stored_seconds",
            "From the frame on which an alert opened to its commit",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._to_screen = Histogram(
            "sanse_capture_to_published_seconds",
            "From the frame on which an alert opened to its way out to a browser",
            buckets=_SECONDS,
            registry=self.registry,
        )

    def stored(self, happened_at: datetime, now: datetime) -> None:
        self._to_store.observe(max(0.0, (now - happened_at).total_seconds()))

    def published(self, happened_at: datetime, now: datetime) -> None:
        self._to_screen.observe(max(0.0, (now - happened_at).total_seconds()))

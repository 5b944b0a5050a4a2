"""The threads of a gateway: begun anew when they fail, and never silently gone."""

import threading
from collections.abc import Callable

import structlog

from gateway.errors import GatewayError
from gateway.metrics import Metrics

log = structlog.get_logger()

_PAUSE_S = 2.0


class Part:
    """One thread that runs ``work`` until it is told to stop."""

    def __init__(
        self,
        name: str,
        work: Callable[[threading.Event], None],
        metrics: Metrics,
        on_refusal: Callable[[GatewayError], None],
    ) -> None:
        """``on_refusal`` hears of what no new beginning can mend."""
        self.name = name
        self._work = work
        self._metrics = metrics
        self._on_refusal = on_refusal
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Tells it to stop; ``join`` waits for that."""
        self._stop.set()

    def join(self) -> None:
        self._thread.join()

    def probe(self) -> str:
        return "ok" if self._thread.is_alive() else f"the {self.name} thread has ended"

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._work(self._stop)
            except GatewayError as error:
                self._on_refusal(error)
                return
            except Exception:  # the top of the loop: count, log, begin anew
                self._metrics.restarts.labels(self.name).inc()
                log.exception("part failed; it is begun anew", part=self.name)
                self._stop.wait(_PAUSE_S)

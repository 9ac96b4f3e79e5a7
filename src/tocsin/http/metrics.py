"""GET /metrics: what a watchman's instruments read (Prometheus text format)."""

from collections.abc import Iterator

from litestar import Response, get
from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from tocsin.flow.system import System
from tocsin.http.here import Here

MIDDLEWARE = PrometheusConfig(
    app_name="tocsin",
    prefix="tocsin",
    group_path=True,
    # A stream lasts for hours; timing it would say nothing of how fast we answer.
    exclude=["^/v1/stream$", "^/v1/ws$", "^/metrics$"],
).middleware


class _Gauges:
    """The state of a system at the moment it is asked."""

    def __init__(self, system: System) -> None:
        self._system = system

    def collect(self) -> Iterator[GaugeMetricFamily]:
        system = self._system
        with system.projector.looking() as position:
            standing = len(system.views.board.standing())
            sirens = system.views.sirens.sirens()
        yield _gauge("journal_head", "Position of the last event", system.journal.head().position)
        yield _gauge("views_position", "Position up to which the views have read", position)
        yield _gauge("alerts_standing", "Alerts that are not over", standing)
        yield _gauge("sirens", "Sirens of the city", len(sirens))
        yield _gauge("sirens_online", "Sirens whose link is alive", sum(1 for siren in sirens if siren.online))
        yield _gauge("sirens_sounding", "Sirens that say they sound", sum(1 for siren in sirens if siren.sounding))
        yield _gauge(
            "sirens_unwanted",
            "Sirens that sound though nobody told them to",
            sum(1 for siren in sirens if siren.unwanted),
        )
        yield _gauge("troubles", "Loops that failed and were started again", len(system.troubles))


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tocsin_{name}", meaning, value=value)


@get("/metrics", include_in_schema=False, sync_to_thread=True)
def metrics(system: Here) -> Response[bytes]:
    registry = CollectorRegistry()
    registry.register(_Gauges(system))
    text = generate_latest(REGISTRY) + generate_latest(registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

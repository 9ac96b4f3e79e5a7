"""GET /metrics: what a watchman's instruments read (Prometheus text format)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from litestar import Response, get
from litestar.plugins.prometheus import PrometheusConfig
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from tocsin.domain.siren import State
from tocsin.domain.warning import OUT
from tocsin.flow.system import System
from tocsin.http.here import Here
from tocsin.views.desk import DeskLine

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
            desk = system.views.desk.lines(system.clock())
            sirens = system.views.sirens.sirens()
        yield _gauge("journal_head", "Position of the last event", system.journal.head().position)
        yield _gauge("views_position", "Position up to which the views have read", position)
        yield _gauge("alerts_standing", "Alerts that are not over", standing)
        waiting = [line.waits_for for line in desk if line.proposal is not None and line.proposal.answer_by is not None]
        unconfirmed = [line.unconfirmed_for for line in desk if line.unconfirmed_for is not None]
        yield _gauge("alerts_pending", "Alerts and changes that wait for a second person", len(waiting))
        yield _gauge("alerts_unconfirmed", "Alerts that sound on one person's word", len(unconfirmed))
        yield _gauge("alerts_escalated", "Alerts for which a second person is late", sum(map(_late, desk)))
        yield _gauge("alert_expires_in_seconds", "Until the next alert expires; -1 if none stands", _next_end(desk))
        yield _gauge("sirens", "Sirens of the city", len(sirens))
        yield _gauge("sirens_online", "Sirens whose link is alive", sum(1 for siren in sirens if siren.online))
        yield _gauge("sirens_sounding", "Sirens that say they sound", sum(1 for siren in sirens if siren.sounding))
        yield _gauge(
            "sirens_unwanted",
            "Sirens that sound though nobody told them to",
            sum(1 for siren in sirens if siren.unwanted),
        )
        states = Counter(siren.state for siren in sirens)
        by_state = GaugeMetricFamily("tocsin_sirens_by_state", "Sirens by what they are", labels=["state"])
        for state in State:
            by_state.add_metric([state], states[state])
        yield by_state
        yield _gauge("troubles", "Loops that failed and were started again", len(system.troubles))


def _late(line: DeskLine) -> bool:
    unconfirmed = line.unconfirmed_for is not None and line.overdue
    return unconfirmed or (line.proposal is not None and line.proposal.escalated)


def _next_end(desk: Iterable[DeskLine]) -> float:
    left = [line.expires_in for line in desk if line.stage in OUT and line.expires_in is not None]
    return max(0.0, min(left)) if left else -1


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tocsin_{name}", meaning, value=value)


@get("/metrics", include_in_schema=False, sync_to_thread=True)
def metrics(system: Here) -> Response[bytes]:
    registry = CollectorRegistry()
    registry.register(_Gauges(system))
    text = generate_latest(REGISTRY) + generate_latest(registry)
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})

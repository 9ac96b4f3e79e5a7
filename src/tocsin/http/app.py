"""The web application: every route, the errors, the pages, and the description of it all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

import tocsin
from tocsin.domain.catalogue import SUBJECTS
from tocsin.flow.system import System
from tocsin.http import (
    alerts,
    board,
    bulletins,
    cap,
    commands,
    desk,
    errors,
    field,
    foreign,
    health,
    history,
    hospitals,
    metrics,
    network,
    pages,
    people,
    places,
    push,
    readings,
    receipts,
    record,
    reports,
    rescue,
    response,
    sirens,
    stream,
    tiles,
)

BODY_LIMIT = 1_000_000
"""Bytes of a request. The longest command is a batch of siren reports, far below this."""

READS: Sequence[ControllerRouterHandler] = (
    board.board,
    board.board_text,
    board.areas,
    alerts.alerts,
    alerts.templates,
    desk.audience,
    desk.me,
    places.city,
    places.water,
    places.shelters,
    places.nearest,
    network.network_cell,
    tiles.tile,
    places.plan,
    response.worksites,
    *rescue.ROUTES,
    *reports.ROUTES,
    *field.ROUTES,
    *people.ROUTES,
    *hospitals.ROUTES,
    response.teams,
    response.hospitals,
    sirens.sirens,
    sirens.siren_tests,
    receipts.receipts,
    record.attacks,
    record.attack,
    record.figures,
    record.report,
    record.claims,
    record.persons,
    record.bulletins,
    record.bulletins_atom,
    *bulletins.ROUTES,
    record.last_hit,
    record.deadliest,
    *history.ROUTES,
    record.timeline,
    record.journal,
    cap.atom,
    cap.rss,
    cap.document,
    foreign.foreign_alerts,
    foreign.foreign_document,
    foreign.feeds,
    readings.readings,
    readings.reading,
    push.key,
    push.subscription,
    health.healthz,
    health.readyz,
    metrics.metrics,
    stream.server_sent_events,
    stream.web_socket,
)


def build_app(system: System, more: Sequence[ControllerRouterHandler] = (), *, static: Path | None = None) -> Litestar:
    """
    Args:
        more: Routes of whoever runs the system, such as the demo's clock.
        static: The built console. Left out, the package's own.
    """
    static = static or Path(__file__).parent / "static"
    return _app([*more, *pages.routes(static)], {"system": Provide(lambda: system, sync_to_thread=False)})


def describe() -> dict[str, Any]:
    """Our OpenAPI 3.1 document."""
    return _app([], {"system": Provide(_nothing, sync_to_thread=False)}).openapi_schema.to_schema()


def _nothing() -> System:
    raise LookupError("a description has no system behind it")


def _app(more: Sequence[ControllerRouterHandler], dependencies: dict[str, Provide]) -> Litestar:
    doors = [commands.route(command) for subject in SUBJECTS for command in subject.commands]
    return Litestar(
        [*doors, push.subscribe, push.unsubscribe, readings.accept, *READS, *more],
        dependencies=dependencies,
        exception_handlers=errors.HANDLERS,
        middleware=[metrics.MIDDLEWARE],
        request_max_body_size=BODY_LIMIT,
        compression_config=CompressionConfig(backend="gzip", exclude=["/v1/stream", f"^{tiles.PATH}/"]),
        openapi_config=OpenAPIConfig(
            title="Tocsin",
            version=tocsin.__version__,
            path="/schema",
            render_plugins=[JsonRenderPlugin()],
        ),
    )

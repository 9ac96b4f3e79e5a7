"""GET /v1/record/…: the questions that need the history, the filters that all of them share, and exports."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromQuery, QueryParameter

from tocsin.domain.record import weapon_classes
from tocsin.domain.record.attacks import Effect
from tocsin.domain.record.statements import Kind
from tocsin.domain.source import Source
from tocsin.flow.record import (
    Asked,
    CountAnswer,
    DeadliestAnswer,
    FalseAlarmAnswer,
    LeadAnswer,
    MonthsAnswer,
    Thread,
)
from tocsin.flow.record import count as count_
from tocsin.flow.record import deadliest as deadliest_
from tocsin.flow.record import false_alarms as false_alarms_
from tocsin.flow.record import lead_times as lead_times_
from tocsin.flow.record import months as months_
from tocsin.flow.record import threads as threads_
from tocsin.flow.record_export import export as export_
from tocsin.flow.system import System
from tocsin.formats.record import Export
from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import parse_instant
from tocsin.views.history.alerts import AlertTime, Disagreement, alert_time, disagreements
from tocsin.views.history.launches import InterceptionAnswer, Period, Unusual, interception, unusual

From = Annotated[
    str | None, QueryParameter(name="from", description="RFC 3339: the window's beginning", required=False)
]
To = Annotated[str | None, QueryParameter(name="to", description="RFC 3339: the window's end", required=False)]
AsOf = Annotated[str | None, QueryParameter(name="as_of", description="RFC 3339; now when left out", required=False)]
RecordedBy = Annotated[
    str | None, QueryParameter(name="recorded", description="As the record stood then", required=False)
]
MinKilled = Annotated[int | None, QueryParameter(name="min_killed", ge=0, required=False)]
Top = Annotated[int, QueryParameter(name="n", ge=1, le=1000)]
Night = Annotated[str, QueryParameter(name="night", description="The local date on which it ends")]
Nights = Annotated[int, QueryParameter(name="nights", ge=1, le=10000, description="How many before it are compared")]
Form = Annotated[Export, QueryParameter(name="form", description="csv, geojson, hxl, ucdp-ged or acled")]


class DatasetFacts(msgspec.Struct, frozen=True):
    dataset: str
    licence: str
    alerts: int
    launches: int
    models: int
    unread: int
    sources: tuple[Source, ...]


class Datasets(msgspec.Struct, frozen=True):
    position: int
    datasets: list[DatasetFacts]


class Disagreements(msgspec.Struct, frozen=True):
    place: str
    disagreements: list[Disagreement]


class Threads(msgspec.Struct, frozen=True):
    as_of: datetime
    statements: list[Thread]


def _moment(text: str | None, field: str) -> datetime | None:
    # A `+` that was not written `%2B` arrives as a space; it is one.
    return None if text is None else parse_instant(text.replace(" ", "+"), field)


def _asked(
    system: System,
    *,
    start: str | None = None,
    end: str | None = None,
    place: str | None = None,
    weapon: str | None = None,
    effect: Effect | None = None,
    min_killed: int | None = None,
    source: str | None = None,
    as_of: str | None = None,
    recorded: str | None = None,
) -> Asked:
    return Asked(
        start=_moment(start, "from"),
        end=_moment(end, "to"),
        place=place or "",
        weapon=weapon_classes(weapon),
        effect=effect,
        min_killed=min_killed,
        source=source or "",
        as_of=_moment(as_of, "as_of") or system.clock(),
        recorded=_moment(recorded, "recorded"),
    )


@get(
    "/v1/record/count",
    tags=["record"],
    summary="How many attacks, hits, launches and alerts there were in a place and a window, and how often",
    operation_id="record_count",
    sync_to_thread=True,
)
def count(
    request: Request[Any, Any, Any],
    system: Here,
    start: From = None,
    end: To = None,
    place: FromQuery[str | None] = None,
    weapon: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
    min_killed: MinKilled = None,
    source: FromQuery[str | None] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> CountAnswer:
    require_operational(request, system)
    asked = _asked(
        system,
        start=start,
        end=end,
        place=place,
        weapon=weapon,
        effect=effect,
        min_killed=min_killed,
        source=source,
        as_of=as_of,
        recorded=recorded,
    )
    return count_(system, asked)


@get(
    "/v1/record/export",
    tags=["record"],
    summary="The attacks that fit, as CSV, GeoJSON, HXL, or under the columns of UCDP GED 25.1 or ACLED",
    operation_id="record_export",
    sync_to_thread=True,
)
def export(
    request: Request[Any, Any, Any],
    system: Here,
    form: Form = Export.CSV,
    start: From = None,
    end: To = None,
    place: FromQuery[str | None] = None,
    weapon: FromQuery[str | None] = None,
    effect: FromQuery[Effect | None] = None,
    min_killed: MinKilled = None,
    source: FromQuery[str | None] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> Response[str]:
    require_operational(request, system)
    asked = _asked(
        system,
        start=start,
        end=end,
        place=place,
        weapon=weapon,
        effect=effect,
        min_killed=min_killed,
        source=source,
        as_of=as_of,
        recorded=recorded,
    )
    media_type, text = export_(system, asked, form)
    return Response(text, media_type=f"{media_type}; charset=utf-8")


@get(
    "/v1/record/deadliest-list",
    tags=["record"],
    summary="The attacks that killed most, with ties and the ranks that are possible within what is known",
    operation_id="record_deadliest",
    sync_to_thread=True,
)
def deadliest_list(
    system: Here,
    n: Top = 10,
    start: From = None,
    end: To = None,
    place: FromQuery[str | None] = None,
    weapon: FromQuery[str | None] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> DeadliestAnswer:
    asked = _asked(system, start=start, end=end, place=place, weapon=weapon, as_of=as_of, recorded=recorded)
    return deadliest_(system, asked, n)


@get(
    "/v1/record/months",
    tags=["record"],
    summary="Strikes and casualties in the last thirty days beside the thirty before",
    operation_id="record_months",
    sync_to_thread=True,
)
def months(
    system: Here,
    place: FromQuery[str | None] = None,
    weapon: FromQuery[str | None] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> MonthsAnswer:
    return months_(system, _asked(system, place=place, weapon=weapon, as_of=as_of, recorded=recorded))


@get(
    "/v1/record/unusual",
    tags=["record"],
    summary="How unusual a night's launches were, by the nights before it and by a model of counts",
    operation_id="record_unusual",
    sync_to_thread=True,
)
def unusual_night(
    system: Here,
    night: Night,
    place: FromQuery[str] = "UA",
    weapon: FromQuery[str | None] = None,
    nights: Nights = 365,
    source: FromQuery[str | None] = None,
    recorded: RecordedBy = None,
) -> Unusual:
    try:
        day = date.fromisoformat(night)
    except ValueError:
        raise Invalid(f"{night!r} is no date", "night") from None
    with system.projector.looking():
        index = system.views.history.index(_moment(recorded, "recorded"))
        return unusual(index, index.path(place), day, weapon_classes(weapon), nights, source or "")


@get(
    "/v1/record/interception",
    tags=["record"],
    summary="What share of each class of weapon was intercepted, period by period",
    operation_id="record_interception",
    sync_to_thread=True,
)
def interception_by_weapon(
    system: Here,
    place: FromQuery[str] = "UA",
    period: FromQuery[Period] = Period.MONTH,
    weapon: FromQuery[str | None] = None,
    start: From = None,
    end: To = None,
    source: FromQuery[str | None] = None,
    recorded: RecordedBy = None,
) -> InterceptionAnswer:
    with system.projector.looking():
        index = system.views.history.index(_moment(recorded, "recorded"))
        window = _moment(start, "from"), _moment(end, "to")
        return interception(index, index.path(place), period, *window, weapon_classes(weapon), source or "")


@get(
    "/v1/record/alert-time",
    tags=["record"],
    summary="For how long a place was under alert, by each source on its own",
    operation_id="record_alert_time",
    sync_to_thread=True,
)
def time_under_alert(
    system: Here, place: FromQuery[str], start: From = None, end: To = None, recorded: RecordedBy = None
) -> AlertTime:
    begins, ends = _window(system, start, end)
    with system.projector.looking():
        return alert_time(system.views.history.index(_moment(recorded, "recorded")), place, begins, ends)


@get(
    "/v1/record/disagreements",
    tags=["record"],
    summary="Where two sources tell of one alert differently: other times, no start, no end, none at all",
    operation_id="record_disagreements",
    sync_to_thread=True,
)
def disagreeing(
    system: Here, place: FromQuery[str], start: From = None, end: To = None, recorded: RecordedBy = None
) -> Disagreements:
    begins, ends = _window(system, start, end)
    with system.projector.looking():
        index = system.views.history.index(_moment(recorded, "recorded"))
        return Disagreements(place, list(disagreements(index, place, begins, ends)))


@get(
    "/v1/record/lead-times",
    tags=["record"],
    summary="For how long an alert had stood when each hit came",
    operation_id="record_lead_times",
    sync_to_thread=True,
)
def lead_times(
    request: Request[Any, Any, Any],
    system: Here,
    place: FromQuery[str | None] = None,
    weapon: FromQuery[str | None] = None,
    start: From = None,
    end: To = None,
    recorded: RecordedBy = None,
) -> LeadAnswer:
    require_operational(request, system)
    return lead_times_(system, _asked(system, start=start, end=end, place=place, weapon=weapon, recorded=recorded))


@get(
    "/v1/record/false-alarms",
    tags=["record"],
    summary="What share of a place's alerts was followed by nothing on record",
    operation_id="record_false_alarms",
    sync_to_thread=True,
)
def false_alarms(
    system: Here,
    place: FromQuery[str],
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> FalseAlarmAnswer:
    return false_alarms_(system, _asked(system, start=start, end=end, place=place, as_of=as_of, recorded=recorded))


@get(
    "/v1/record/statements",
    tags=["record"],
    summary="What was said, each proposal and demand followed to its answers, or to none yet",
    operation_id="record_statements",
    sync_to_thread=True,
)
def statements(
    system: Here,
    attack: FromQuery[str | None] = None,
    type_: Annotated[Kind | None, QueryParameter(name="type", required=False)] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
) -> Threads:
    moment = _moment(as_of, "as_of") or system.clock()
    then = _moment(recorded, "recorded")
    return Threads(moment, threads_(system, moment, attack=attack or "", kind=type_, recorded=then))


@get(
    "/v1/record/datasets",
    tags=["record"],
    summary="The data sets in the record, with their files, licences and how many rows they have",
    operation_id="record_datasets",
    sync_to_thread=True,
)
def datasets(system: Here) -> Datasets:
    with system.projector.looking() as position:
        found = [
            DatasetFacts(
                each.dataset,
                each.licence,
                len(each.alerts),
                len(each.launches),
                len(each.models),
                len(each.unread),
                tuple(each.sources),
            )
            for each in system.views.history.datasets()
        ]
    return Datasets(position, found)


def _window(system: System, start: str | None, end: str | None) -> tuple[datetime, datetime]:
    """The thirty days before now where nothing is said; never later than now."""
    ends = min(_moment(end, "to") or system.clock(), system.clock())
    begins = _moment(start, "from") or ends - timedelta(days=30)
    if ends <= begins:
        raise Invalid("the window ends before it begins", "to")
    return begins, ends


ROUTES = (
    count,
    export,
    deadliest_list,
    months,
    unusual_night,
    interception_by_weapon,
    time_under_alert,
    disagreeing,
    lead_times,
    false_alarms,
    statements,
    datasets,
)

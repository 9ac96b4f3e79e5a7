"""GET /v1/sirens and /v1/sirens/tests: the fleet, who answered, and the silent test rounds."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.params import FromQuery, QueryParameter

from tocsin.domain.siren import Local, Outcome, Result, State
from tocsin.flow.system import System
from tocsin.http.auth import require_operational
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Instant
from tocsin.views.siren_facts import Count, Latency, Siren, TestRound, Unanswered, latency

AnyRequest = Request[Any, Any, Any]


class SirenLine(msgspec.Struct, frozen=True):
    """A siren of the city with what it last said. None where it never said so."""

    siren: str
    area: str
    lat: float
    lon: float
    state: State
    online: bool | None
    sounding: bool | None
    unwanted: bool
    answer: Result | None
    mains: bool | None
    battery: int | None
    amplifier: bool | None
    tamper: bool | None
    seen_at: Instant | None
    tested_at: Instant | None
    local: Local | None
    local_at: Instant | None


class SirenGroup(msgspec.Struct, frozen=True):
    """
    The sirens of an area and of all inside it.

    Attributes:
        states: State to the ids of the sirens that are in it; states of none are left out.
    """

    area: str
    names: dict[str, str]
    total: int
    states: dict[State, list[str]]


class SirenList(msgspec.Struct, frozen=True):
    """
    Attributes:
        alert: The one that `count` and `unanswered` speak of: the one asked for, else the newest.
        groups: Every area that has sirens, widest first.
    """

    position: int
    alert: str | None
    count: Count
    unanswered: Unanswered
    groups: list[SirenGroup]
    sirens: list[SirenLine]


class TestReport(msgspec.Struct, frozen=True):
    """
    One silent test round.

    Attributes:
        outcome: None while it runs.
        passed: Who answered that the test was good.
        failed: Who answered otherwise.
        missing: Who has not answered.
        latency: Of those who passed.
    """

    round: str
    areas: tuple[str, ...]
    started_at: Instant
    ends: Instant
    ended_at: Instant | None
    outcome: Outcome | None
    interrupted_by: str
    asked: int
    passed: list[str]
    failed: dict[str, Result]
    missing: tuple[str, ...]
    latency: Latency


class TestedLine(msgspec.Struct, frozen=True):
    """When a siren last passed a test; None if never."""

    siren: str
    tested_at: Instant | None


class TestList(msgspec.Struct, frozen=True):
    """
    Attributes:
        tested: Every siren, the one that was not tested for longest first.
    """

    position: int
    rounds: list[TestReport]
    tested: list[TestedLine]


@get(
    "/v1/sirens", tags=["response"], summary="The sirens, and who answered", operation_id="sirens", sync_to_thread=True
)
def sirens(
    request: AnyRequest,
    system: Here,
    alert: FromQuery[str | None] = None,
    area: FromQuery[str | None] = None,
    of_state: Annotated[State | None, QueryParameter(name="state", required=False)] = None,
) -> SirenList:
    require_operational(request, system)
    if area is not None and area not in system.city.areas.codes():
        raise Unknown(f"no area has the code {area!r}", "area")
    with system.projector.looking() as position:
        said = {siren.siren: siren for siren in system.views.sirens.sirens()}
        # Answers to one alert only: those to several, added up, would say that a siren was cleared while it sounds.
        about = alert or system.views.board.newest()
        count = system.views.sirens.count(about or "")
        unanswered = system.views.sirens.unanswered(about or "")
    lines = [
        _line(each.area, each.point.lat, each.point.lon, said[each.id])
        for each in system.city.sirens
        if (of_state is None or said[each.id].state is of_state)
        and (area is None or area in system.city.areas.chain(each.area))
    ]
    return SirenList(position, about, count, unanswered, _groups(system, said.values()), lines)


def _line(area: str, lat: float, lon: float, said: Siren) -> SirenLine:
    return SirenLine(
        siren=said.siren,
        area=area,
        lat=lat,
        lon=lon,
        state=said.state,
        online=said.online,
        sounding=said.sounding,
        unwanted=said.unwanted,
        answer=said.answer,
        mains=said.mains,
        battery=said.battery,
        amplifier=said.amplifier,
        tamper=said.tamper,
        seen_at=said.seen_at,
        tested_at=said.tested_at,
        local=said.local,
        local_at=said.local_at,
    )


def _groups(system: System, fleet: Iterable[Siren]) -> list[SirenGroup]:
    found: dict[str, dict[State, list[str]]] = {}
    for siren in fleet:
        for area in system.views.sirens.chain(siren.siren):
            found.setdefault(area, {}).setdefault(siren.state, []).append(siren.siren)
    areas = system.city.areas
    return [
        SirenGroup(area, areas[area].names, sum(map(len, states.values())), states)
        for area, states in sorted(found.items(), key=lambda item: (len(areas.chain(item[0])), item[0]))
    ]


@get(
    "/v1/sirens/tests",
    tags=["response"],
    summary="The silent test rounds of the sirens, newest first, and who was not tested for longest",
    operation_id="siren_tests",
    sync_to_thread=True,
)
def siren_tests(request: AnyRequest, system: Here) -> TestList:
    require_operational(request, system)
    with system.projector.looking() as position:
        rounds = [_report(test) for test in system.views.sirens.rounds()]
        fleet = system.views.sirens.sirens()
    return TestList(position, rounds, _tested(fleet))


def _report(test: TestRound) -> TestReport:
    return TestReport(
        round=test.round,
        areas=test.areas,
        started_at=test.started_at,
        ends=test.ends,
        ended_at=test.ended_at,
        outcome=test.outcome,
        interrupted_by=test.interrupted_by,
        asked=len(test.asked),
        passed=sorted(test.passed),
        failed=dict(test.failed),
        missing=test.missing(),
        latency=latency(test.passed.values()),
    )


def _tested(fleet: Sequence[Siren]) -> list[TestedLine]:
    never = [siren for siren in fleet if siren.tested_at is None]
    tested = [(siren.tested_at, siren) for siren in fleet if siren.tested_at is not None]
    ordered = [*never, *(siren for _, siren in sorted(tested, key=lambda each: each[0]))]
    return [TestedLine(siren.siren, siren.tested_at) for siren in ordered]

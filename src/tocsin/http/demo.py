"""GET and POST /v1/demo/clock: the clock of a replay, for the exercise realm only."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Meta

from tocsin.flow.replay import ScenarioClock
from tocsin.flow.scenario import Scenario


class ClockState(msgspec.Struct, frozen=True):
    """
    Attributes:
        speed: Scenario seconds per second; 0 stands still, None is as fast as it goes.
        ends: The time of the last step.
    """

    now: datetime
    speed: float | None
    starts: datetime
    ends: datetime
    title: dict[str, str]


class SetSpeed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    speed: Annotated[float, Meta(ge=0, le=1_000_000)] | None


def clock_routes(clock: ScenarioClock, scenario: Scenario) -> list[HTTPRouteHandler]:
    """The routes that show and change the speed of a replay."""

    def state() -> ClockState:
        return ClockState(clock(), clock.speed, scenario.starts, scenario.steps[-1].at, scenario.names)

    @get("/v1/demo/clock", tags=["demo"], summary="The clock of the replay", operation_id="demo_clock")
    async def show() -> ClockState:
        return state()

    @post("/v1/demo/clock", tags=["demo"], summary="Change its speed", operation_id="demo_speed", status_code=200)
    async def change(data: JSONBody[SetSpeed]) -> ClockState:
        clock.change_speed(data.speed)
        return state()

    return [show, change]

"""Silent test rounds: sirens test their amplifiers without a sound, and whoever does not answer is known by name."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Refused, Unknown
from tocsin.kernel.event import Command, Event, Instant

MINUTES = 10
"""How long a round waits for its sirens, when nothing else is said."""

RoundId = Annotated[str, Meta(max_length=100)]


class Outcome(StrEnum):
    COMPLETED = "completed"
    """Every siren answered, or the time was over."""
    INTERRUPTED = "interrupted"
    """An alert, or a newer round, came before."""


class StartSirenTest(Command, frozen=True, kw_only=True, tag="siren_test.start"):
    """Let sirens test themselves without a sound. While any alert stands none is told, and the round ends at once."""

    round: RoundId = ""
    areas: Annotated[tuple[str, ...], Meta(description="Only the sirens in these; everywhere if empty")] = ()
    minutes: Annotated[int, Meta(ge=1, le=60)] = MINUTES


class EndSirenTest(Command, frozen=True, kw_only=True, tag="siren_test.end"):
    """End a round. `interrupted_by` names the alert or the round that did it."""

    round: RoundId
    interrupted_by: Annotated[str, Meta(max_length=100)] = ""


class SirenTestStarted(Event, frozen=True, kw_only=True, tag="siren_test.started"):
    """Sirens are told to test themselves."""

    round: str
    areas: tuple[str, ...]
    ends: Instant
    by: str


class SirenTestEnded(Event, frozen=True, kw_only=True, tag="siren_test.ended"):
    """Sirens are told what they should be doing otherwise. Their answers are events of their own."""

    round: str
    outcome: Outcome
    interrupted_by: str = ""


class Round(msgspec.Struct, frozen=True):
    """A round as its events leave it."""

    started: bool = False
    ended: bool = False


def decide(state: Round, command: StartSirenTest | EndSirenTest, context: Context) -> Sequence[Event]:
    """
    Raises:
        Refused: If a round of this name was started, or has ended already.
        Unknown: If there is no such area, or no such round.
    """
    match command:
        case StartSirenTest(round=name, areas=areas, minutes=minutes):
            if state.started:
                raise Refused(f"there was a round {name!r} already", "round")
            context.city.require_areas(areas)
            ends = context.now + timedelta(minutes=minutes)
            return [SirenTestStarted(round=name, areas=areas, ends=ends, by=context.actor.id)]
        case EndSirenTest(round=name, interrupted_by=by):
            if not state.started:
                raise Unknown(f"there is no round {name!r}", "round")
            if state.ended:
                raise Refused(f"the round {name!r} is over", "round")
            outcome = Outcome.INTERRUPTED if by else Outcome.COMPLETED
            return [SirenTestEnded(round=name, outcome=outcome, interrupted_by=by)]


def evolve(state: Round, event: SirenTestStarted | SirenTestEnded) -> Round:
    return Round(started=True, ended=isinstance(event, SirenTestEnded))


SIREN_TESTS = Subject(
    name="siren_test",
    id_field="round",
    commands=(StartSirenTest, EndSirenTest),
    events=(SirenTestStarted, SirenTestEnded),
    blank=Round(),
    decide=decide,
    evolve=evolve,
)

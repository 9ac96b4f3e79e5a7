"""What every subject of the domain is made of: its messages, its state and two pure functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from tocsin.domain.approval import USUAL, Approvals
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Actor, Command, Event

S = TypeVar("S")


class Gazetteer(msgspec.Struct, frozen=True):
    """
    The codes that exist in the city, so that a command cannot name a place that does not.

    Attributes:
        areas, sirens, hospitals: The known codes.
        shelters: The known shelters with the number of people each holds.
    """

    areas: frozenset[str] = frozenset()
    shelters: Mapping[str, int] = msgspec.field(default_factory=dict)
    sirens: frozenset[str] = frozenset()
    hospitals: frozenset[str] = frozenset()

    def require_areas(self, codes: Sequence[str], field: str = "areas") -> None:
        """
        Raises:
            Unknown: At the first code that is not an area of this city, naming its place.
        """
        for index, code in enumerate(codes):
            if code not in self.areas:
                raise Unknown(f"no area has the code {code!r}", f"{field}[{index}]")


@dataclass(frozen=True)
class Context:
    """
    What a decision may look at besides its own stream.

    Attributes:
        now: The time of the decision. There is no other clock.
        others: The states of the streams that the subject said it would consult, by stream name.
        approvals: What the realm's settings ask for before an alert goes out.
        policy: Whom the city believes where sources differ, if that is not the shipped order. Its type is that of
            `casualties.policy`, which stands above this module.
    """

    now: datetime
    actor: Actor
    city: Gazetteer
    others: Mapping[str, Any]
    approvals: Approvals = USUAL
    policy: Any = None


def _consults_nothing(_command: Any) -> Sequence[str]:  # noqa: ANN401
    return ()


@dataclass(frozen=True)
class Subject(Generic[S]):
    """
    One kind of thing that has a stream of events of its own.

    Attributes:
        name: Of the subject and first part of its streams' names: `alert/a-17`.
        id_field: The field of every command that names the thing. When a command leaves it empty, it is a
            new thing and gets an id.
        blank: The state before the first event.
        decide: State and command to events, or Refused. Pure.
        evolve: State and event to the next state. Pure, and total over the subject's events.
        consults: Other streams whose states the decision reads.
    """

    name: str
    id_field: str
    commands: tuple[type[Command], ...]
    events: tuple[type[Event], ...]
    blank: S
    decide: Callable[[S, Any, Context], Sequence[Event]]
    evolve: Callable[[S, Any], S]
    consults: Callable[[Any], Sequence[str]] = _consults_nothing

    def stream(self, command: Command) -> str:
        return f"{self.name}/{getattr(command, self.id_field)}"

"""
What a kind of channel is, and what it may use of the system: all that one file needs to add a way to reach people.

docs/channels.md shows one from its first line to its last.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

import msgspec

from tocsin.city.place import City
from tocsin.domain.warning import EXERCISE, STANDS, Notice
from tocsin.flow.deliver import Channel, Devices
from tocsin.flow.push import Push
from tocsin.flow.system import Views
from tocsin.kernel.event import Actor, Command, Recorded
from tocsin.kernel.signing import Signer
from tocsin.kernel.time import Clock

S = TypeVar("S", bound=msgspec.Struct)


class Memory(Protocol):
    """
    Numbers that a channel must not forget with the process, such as which message answers which.

    Begin every key with the channel's name: all channels write into one memory.
    """

    def get(self, key: str) -> int | None: ...

    def put(self, key: str, message: int) -> None: ...


class Subscriber(msgspec.Struct, frozen=True):
    """
    Somebody who wants to be told of some areas.

    Attributes:
        device: What receipts call them. It says nothing of who they are, and is another after they come back.
        address: Where they are reached, as the channel knows it. Personal: it is kept nowhere else.
        areas: Of those asked for.
    """

    device: str
    address: str
    areas: tuple[str, ...]


class Subscribers(Protocol):
    """Who wants to be told of which areas, channel by channel. What is forgotten is erased."""

    def of(self, channel: str, areas: Collection[str]) -> list[Subscriber]:
        """Those who want to be told of any of these areas."""

    def areas(self, channel: str, address: str) -> tuple[str, ...]: ...

    def add(self, channel: str, address: str, area: str) -> None: ...

    def remove(self, channel: str, address: str, area: str) -> None: ...

    def forget(self, channel: str, address: str) -> str | None:
        """Erase somebody; returns the device they were, for `Devices.forget_device`."""


@dataclass(frozen=True)
class Ports:
    """
    What a channel may use of the system it belongs to.

    Attributes:
        realm: `live` or `exercise`. In the exercise realm every message says so first.
        sender: Who the alerts are from.
        web: Where the pages are reached from outside, for links.
        city: Areas with their names, sirens, shelters.
        clock: The time now. During a replay it is that of the scenario.
        signer: The key of this system.
        memory: See `Memory`.
        devices: Where results device by device are kept, for a channel that reaches many with one event.
        subscribers: See `Subscribers`.
        views: What the journal says. Read it inside `looking`, in which nothing changes.
        catch_up: Brings the views up to the journal's head and returns its position.
        push: The subscriptions of Web Push, where it is on.
        photo: The content of a photo by its SHA-256, where it is kept here.
        do: Gives a command in somebody's name, for what comes back by a channel; returns once it is durable.
    """

    realm: str
    sender: str
    web: str
    city: City
    clock: Clock
    signer: Signer
    memory: Memory
    devices: Devices
    subscribers: Subscribers
    views: Views
    looking: Callable[[], AbstractContextManager[int]]
    catch_up: Callable[[], int]
    do: Callable[[Command, Actor], Awaitable[object]]
    photo: Callable[[str], bytes | None]
    push: Push | None = None

    def names(self) -> dict[str, dict[str, str]]:
        """Area code to its names by language."""
        return {code: self.city.areas[code].names for code in self.city.areas.codes()}

    def ended(self, alert: str, revision: int) -> bool:
        """True if an alert is over by something later than a revision. See `flow.deliver.alert_superseded`."""
        notice = self.views.board.last(alert)
        return notice is not None and notice.revision > revision and notice.phase not in STANDS

    def standing(self) -> list[Notice]:
        """The newest message of each alert that is not over, oldest alert first."""
        with self.looking():
            return self.views.board.standing()

    def concerned(self, recorded: Recorded) -> list[str]:
        """
        The areas of which something else may be true after an event of an alert: those it names, those that the one
        before it named and it no longer does, and all inside and around these.
        """
        board = self.views.board
        with self.looking():
            chain = [n for n in board.notices() if n.alert == recorded.event.alert and n.position <= recorded.position]
            chain.sort(key=lambda notice: notice.position)
            return board.affected(dict.fromkeys(area for notice in chain[-2:] for area in notice.areas))


@dataclass(frozen=True)
class ChannelKind(Generic[S]):
    """
    What an entry point of the group `tocsin.channels` names.

    Attributes:
        settings: What `[channels.NAME]` may hold. Forbid unknown fields, so that a misspelt one stops the start.
        build: The channels that these settings ask for: mostly one. Each has a name of its own, under which its
            cursors and receipts are kept, and does not wait for the others. Called in the event loop they will run
            in; it should connect to nothing. It may raise Invalid, naming the field.
    """

    settings: type[S]
    build: Callable[[S, Ports], Sequence[Channel]]


@runtime_checkable
class Runs(Protocol):
    """A channel that has to be kept going, such as one with a connection. It runs until it is cancelled."""

    async def run(self) -> None: ...


@runtime_checkable
class Closes(Protocol):
    """A channel with something to close at the end."""

    async def close(self) -> None: ...


@runtime_checkable
class Tries(Protocol):
    """A channel whose link can be tried without an alert."""

    async def link_test(self) -> str:
        """
        Send LINK_TEST down the real path, marked as an exercise whatever the realm; return what the other side said.
        Where a message would reach people who need not be bothered, or horns, reach as far as can be done without.

        Raises:
            Unavailable, Undeliverable: As `Channel.send` does.
        """


# Names no phase: whoever reads half of it must take it neither for an alert nor for its end.
LINK_TEST = {
    "uk": f"{EXERCISE['uk']}. Перевірка зв'язку. Нічого не сталося, нічого робити не треба.",
    "en": f"{EXERCISE['en']}. Link test. Nothing has happened, nothing needs doing.",
}

"""How events look on disk, and how old ones are still read."""

from datetime import UTC, datetime
from typing import ClassVar

import pytest

from tocsin.kernel.errors import Corrupt, Invalid, Unknown
from tocsin.kernel.event import Actor, Cause, Command, Commands, Event, Events, Instant, JsonObject, Recorded, kind_of

NOW = datetime(2025, 4, 24, tzinfo=UTC)


class Opened(Event, frozen=True, kw_only=True, tag="door.opened"):
    shape: ClassVar[int] = 3
    door: str
    places: int


class Open(Command, frozen=True, kw_only=True, tag="door.open"):
    door: str
    at: Instant | None = None


def renamed(fields: JsonObject) -> JsonObject:
    return {**fields, "kind": "door.opened"}


def counted(fields: JsonObject) -> JsonObject:
    return {**fields, "places": len(fields.pop("seats"))}


EVENTS = Events([Opened], {("gate.opened", 1): renamed, ("door.opened", 2): counted})


def kept(event: JsonObject, shape: int) -> bytes:
    return EVENTS.encode(Recorded(1, "s", 1, NOW, Actor("a", "r"), "live", Cause("k", "c", "d"), event, shape))


def test_an_event_keeps_its_name_on_disk_whatever_the_class_is_called() -> None:
    assert kind_of(Opened(door="d", places=1)) == kind_of(Opened) == "door.opened"
    recorded = Recorded(
        1, "s", 1, NOW, Actor("a", "r"), "live", Cause("k", "c", "d"), Opened(door="d", places=1), Opened.shape
    )
    assert EVENTS.decode(EVENTS.encode(recorded), "h").event == Opened(door="d", places=1)


def test_an_event_of_an_old_name_and_shape_is_read_through_every_step_between() -> None:
    old = kept({"kind": "gate.opened", "door": "d", "seats": [1, 2]}, 1)
    assert EVENTS.decode(old, "h").event == Opened(door="d", places=2)


def test_an_old_shape_is_not_mistaken_for_todays_though_it_would_fit() -> None:
    assert (
        EVENTS.decode(kept({"kind": "door.opened", "door": "d", "seats": [1], "places": 9}, 2), "h").event.places == 1
    )


@pytest.mark.parametrize(("kind", "shape"), [("door.vanished", 1), ("door.opened", 4), ("door.opened", 1)])
def test_an_event_nobody_can_read_is_named_not_skipped(kind: str, shape: int) -> None:
    with pytest.raises(Corrupt, match=kind):
        EVENTS.decode(kept({"kind": kind, "door": "d"}, shape), "h")


def test_two_classes_of_one_name_are_refused() -> None:
    class Other(Event, frozen=True, kw_only=True, tag="door.opened"):
        pass

    with pytest.raises(ValueError, match=r"door\.opened"):
        Events([Opened, Other])


COMMANDS = Commands([Open])


def test_a_command_is_read_with_or_without_its_kind_in_the_body() -> None:
    assert COMMANDS.decode("door.open", b'{"door":"d"}') == Open(door="d")
    assert COMMANDS.decode("door.open", b'{"kind":"door.open","door":"d"}') == Open(door="d")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"door":1}', "door"),
        (b'{"door":"d","dor":1}', "dor"),
        (b"{}", "door"),
        (b"[]", "door.open"),
        (b"{", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"door":"d","at":"2025-04-24T00:36:00"}', "at"),
    ],
)
def test_a_malformed_command_is_refused_by_the_name_of_the_field(body: bytes, names: str) -> None:
    with pytest.raises(Invalid, match=names):
        COMMANDS.decode("door.open", body)


def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(Unknown, match=r"door\.close"):
        COMMANDS.decode("door.close", b"{}")

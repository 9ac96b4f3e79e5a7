"""A night as a file: who did what when, as commands, each with where it is known from."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Actor, Command, Commands


class Step(msgspec.Struct, frozen=True):
    """
    One command at one moment.

    Attributes:
        where: Its place in the file, for messages.
        key: Names the step among all others, so that a scenario played twice into one journal acts once.
    """

    at: datetime
    actor: Actor
    command: Command
    key: str
    where: str


class Scenario(msgspec.Struct, frozen=True):
    """
    Attributes:
        place: The area whose history the questions are about.
        attack: The attack whose figures the report shows.
        starts: When the night itself begins; what comes before is history, played at once.
    """

    id: str
    names: dict[str, str]
    place: str
    attack: str
    time_zone: str
    starts: datetime
    steps: tuple[Step, ...]


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    names: dict[str, str]
    place: str
    attack: str
    time_zone: str
    starts: datetime
    note: str = ""


def read_scenario(text: str, commands: Commands, name: str) -> Scenario:
    """
    Read a scenario: a `[scenario]` table, `[actors]` from a name to a role, `[sources.NAME]` tables that a command
    may name in place of a source, and `[[step]]` tables with `at`, `actor`, `kind` and the command's own fields.

    Raises:
        Invalid: If anything is wrong, naming the file and the step with its time.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(str(error), name) from None
    for table in ("scenario", "actors", "step"):
        if table not in document:
            raise Invalid(f"there is no [{table}]", name)
    try:
        head = msgspec.convert(document["scenario"], _Head)
    except msgspec.ValidationError as error:
        raise Invalid(str(error), f"{name} [scenario]") from None
    _require_offset(head.starts, f"{name} [scenario] starts")
    steps: list[Step] = []
    for number, table in enumerate(document["step"], 1):
        steps.append(_step(table, number, document, commands, head.id, name))
        if len(steps) > 1 and steps[-1].at < steps[-2].at:
            raise Invalid("is earlier than the step before it", steps[-1].where)
    return Scenario(head.id, head.names, head.place, head.attack, head.time_zone, head.starts, tuple(steps))


def _step(
    table: Mapping[str, Any], number: int, document: Mapping[str, Any], commands: Commands, scenario: str, name: str
) -> Step:
    at, who = table.get("at"), table.get("actor")
    where = f"{name} step {number} ({at})"
    if not isinstance(at, datetime):
        raise Invalid("needs a time, `at`", where)
    _require_offset(at, where)
    role = document["actors"].get(who)
    if role is None:
        raise Invalid(f"the actor {who!r} is not in [actors]", where)
    sources = document.get("sources", {})
    fields = {key: _sourced(key, value, sources, where) for key, value in table.items() if key not in ("at", "actor")}
    command = commands.convert(fields, where)
    return Step(at, Actor(str(who), role), command, f"{scenario}#{number}", where)


def _sourced(key: str, value: object, sources: Mapping[str, Any], where: str) -> object:
    """A source is written once in [sources] and named where it is used."""
    if isinstance(value, list):
        return [_sourced("", each, sources, where) for each in value]
    if isinstance(value, dict):
        return {name: _sourced(name, each, sources, where) for name, each in value.items()}
    if key == "source" and isinstance(value, str):
        if value not in sources:
            raise Invalid(f"the source {value!r} is not in [sources]", where)
        return sources[value]
    return value


def _require_offset(at: datetime, where: str) -> None:
    if at.tzinfo is None:
        raise Invalid("the time has no offset; write +03:00", where)

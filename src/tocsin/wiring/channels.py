"""The kinds of channels there are: ours and those of other distributions come through one door, an entry point."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import msgspec

from tocsin.flow.channel import ChannelKind, Ports
from tocsin.flow.deliver import Channel
from tocsin.kernel.errors import Invalid

GROUP = "tocsin.channels"

# Ours stand here and not in pyproject.toml, so that a checkout has them without being installed anew.
BUILT_IN = {
    "cell_broadcast": "tocsin.channels.cell_broadcast:CHANNEL",
    "email": "tocsin.channels.email:CHANNEL",
    "home_assistant": "tocsin.channels.home_assistant:CHANNEL",
    "push": "tocsin.wiring.push:CHANNEL",
    "siren": "tocsin.wiring.sirens:CHANNEL",
    "telegram": "tocsin.channels.telegram:CHANNEL",
    "webhook": "tocsin.channels.webhook:CHANNEL",
}


def kinds() -> dict[str, EntryPoint]:
    """
    Every kind of channel by the name its settings go under. Nothing is loaded.

    Raises:
        Invalid: If two claim one name: nobody could say which of them an alert goes through.
    """
    found = {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}
    for foreign in entry_points(group=GROUP):
        ours = found.setdefault(foreign.name, foreign)
        if ours.value != foreign.value:
            raise Invalid(f"both {ours.value} and {foreign.value} claim this name", f"channels.{foreign.name}")
    return found


def kind(name: str, where: str = "") -> ChannelKind[Any]:
    """
    Load a kind of channel.

    Args:
        where: What the name stands under in the settings.

    Raises:
        Invalid: If there is no such kind, or it cannot be loaded.
    """
    where = where or f"channels.{name}"
    known = kinds()
    if name not in known:
        raise Invalid(f"there is no channel {name!r}; there are {', '.join(sorted(known))}", where)
    try:
        loaded = known[name].load()
    except (ImportError, AttributeError) as error:
        raise Invalid(f"{known[name].value} cannot be loaded: {error}", where) from error
    if not isinstance(loaded, ChannelKind):
        raise Invalid(f"{known[name].value} is no ChannelKind", where)
    return loaded


def convert(name: str, table: object, where: str = "") -> msgspec.Struct:
    """
    The settings of a channel, typed.

    Args:
        table: As it stands in the settings file, or the typed settings themselves.

    Raises:
        Invalid: As `kind` does, and if a field is missing, unknown or wrong; names it.
    """
    where = where or f"channels.{name}"
    type_: type[msgspec.Struct] = kind(name, where).settings
    if isinstance(table, type_):
        return table
    try:
        return msgspec.convert(table, type_)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, f"{where}{path.rstrip('`')}") from None


def open_channels(settings: Mapping[str, object], ports: Ports) -> list[Channel]:
    """
    Raises:
        Invalid: As `convert` does, and if two channels bear one name: each would move the other's cursor.
    """
    opened: list[Channel] = []
    for name, table in settings.items():
        for channel in kind(name).build(convert(name, table), ports):
            if any(channel.name == other.name for other in opened):
                raise Invalid(f"a second channel is called {channel.name!r}", f"channels.{name}")
            opened.append(channel)
    return opened

"""What `tocsin.toml` may hold."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid
from tocsin.wiring.channels import convert
from tocsin.wiring.feeds import FeedSettings

Realm: TypeAlias = Literal["live", "exercise"]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What `tocsin.toml` may hold. Every field can be left out.

    Attributes:
        db: The journal's file. Receipts, snapshot, access and key lie beside it under the same name.
        city: The city's folder.
        sender: Who alerts are from: unique in the world, without spaces (CAP 1.2, sender).
        web: Where the pages are reached from outside, for links.
        channels: Name of a kind of channel to its settings: a table, or typed.
        feeds: Of other warning services, each with a name of its own.
    """

    db: Path = Path("tocsin.db")
    realm: Realm = "exercise"
    city: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    sender: Annotated[str, Meta(pattern=r"^[^\s,<&]+$")] = "tocsin@localhost"
    web: str = ""
    channels: dict[str, Any] = {}
    feeds: tuple[FeedSettings, ...] = ()


# Tables of their own that stood in settings files before there were others; they are read as those of the channel.
OLD_TABLES = {"mqtt": "siren", "telegram": "telegram", "cell_broadcast": "cell_broadcast"}


def read_settings(path: Path) -> Settings:
    """
    Raises:
        Invalid: If the file cannot be read or a field is wrong, naming it.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        old = {table: tables.pop(table) for table in OLD_TABLES if table in tables}
        settings = msgspec.convert(tables, Settings, dec_hook=_path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(str(error), str(path)) from None
    try:
        _require_distinct(settings.feeds)
        return msgspec.structs.replace(settings, channels=_channels(settings.channels, old))
    except Invalid as error:
        raise Invalid(error.message, str(path)) from None


def _channels(tables: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    typed = {name: convert(name, table) for name, table in tables.items()}
    for table, name in OLD_TABLES.items():
        if table in old and name in typed:
            raise Invalid(f"[channels.{name}] says the same", table)
        if table in old:
            typed[name] = convert(name, old[table], table)
    return typed


def _require_distinct(feeds: tuple[FeedSettings, ...]) -> None:
    names = [feed.name for feed in feeds]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise Invalid(f"a second feed is called {name!r}", f"feeds[{index}].name")


def _path(type_: type, value: object) -> Path:
    """TOML has no paths, and msgspec asks us for what it does not know."""
    if type_ is not Path or not isinstance(value, str):
        raise ValueError(f"Expected `{type_.__name__}`, got `{type(value).__name__}`")
    return Path(value)

"""What `tocsin.toml` may hold."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid

Realm: TypeAlias = Literal["live", "exercise"]


class Mqtt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sirens' broker."""

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = None


class Telegram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        chat: The channel to post to, such as @city_alerts or a numeric id.
        api: The address of a Bot API server other than Telegram's own.
    """

    token: str
    chat: str
    api: str | None = None


class CellBroadcast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        url: Of a broadcast centre with the REST interface of osmo-cbc, such as http://127.0.0.1:12345.
    """

    url: str


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What `tocsin.toml` may hold. Every field can be left out.

    Attributes:
        db: The journal's file. Receipts, snapshot, access and key lie beside it under the same name.
        city: The city's folder.
        sender: Who alerts are from: unique in the world, without spaces (CAP 1.2, sender).
        web: Where the pages are reached from outside, for links.
    """

    db: Path = Path("tocsin.db")
    realm: Realm = "exercise"
    city: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    sender: Annotated[str, Meta(pattern=r"^[^\s,<&]+$")] = "tocsin@localhost"
    web: str = ""
    mqtt: Mqtt | None = None
    telegram: Telegram | None = None
    cell_broadcast: CellBroadcast | None = None


def read_settings(path: Path) -> Settings:
    """
    Raises:
        Invalid: If the file cannot be read or a field is wrong, naming it.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings, dec_hook=_path)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Invalid(str(error), str(path)) from None


def _path(type_: type, value: object) -> Path:
    """TOML has no paths, and msgspec asks us for what it does not know."""
    if type_ is not Path or not isinstance(value, str):
        raise ValueError(f"Expected `{type_.__name__}`, got `{type(value).__name__}`")
    return Path(value)

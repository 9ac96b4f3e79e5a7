"""What `tocsin.toml` may hold."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.city.pace import MAX_MINUTES, WALKING_LIMIT_MINUTES
from tocsin.domain.approval import Approval, Approvals
from tocsin.domain.warning import Threat
from tocsin.flow.siren_tests import Schedule
from tocsin.kernel.errors import Invalid
from tocsin.wiring.channels import convert
from tocsin.wiring.feeds import FeedSettings

Realm: TypeAlias = Literal["live", "exercise"]


Minutes: TypeAlias = Annotated[int, Meta(ge=1, le=720)]


class RealmApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Who else must agree with an alert in one realm.

    Attributes:
        default: For every threat that `threats` does not name.
        answer_within: Seconds that a second person may take to approve or confirm before everybody on duty is told.
    """

    default: Approval = Approval.ONE_THEN_CONFIRM
    answer_within: Annotated[int, Meta(ge=5, le=3600)] = 120
    threats: dict[Threat, Approval] = {}


class ApprovalSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    live: RealmApproval = RealmApproval()
    exercise: RealmApproval = RealmApproval()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    What `tocsin.toml` may hold. Every field can be left out.

    Attributes:
        db: The journal's file. Receipts, snapshot, access and key lie beside it under the same name.
        city: The city's folder.
        sender: Who alerts are from: unique in the world, without spaces (CAP 1.2, sender).
        web: Where the pages are reached from outside, for links.
        approval: Who else must agree with an alert, realm by realm.
        remind_before: Minutes before an alert expires at which its officers are reminded.
        plan_minutes: The longest walk to a shelter that the plan of an alert may ask of anybody.
        siren_tests: When the sirens are tested without a sound. Left out: only by hand.
        channels: Name of a kind of channel to its settings: a table, or typed.
        feeds: Of other warning services, each with a name of its own.
        policy: A file that says which source is believed first; the shipped order when left out.
    """

    db: Path = Path("tocsin.db")
    realm: Realm = "exercise"
    city: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    sender: Annotated[str, Meta(pattern=r"^[^\s,<&]+$")] = "tocsin@localhost"
    web: str = ""
    approval: ApprovalSettings = ApprovalSettings()
    remind_before: tuple[Minutes, ...] = (30, 10, 3)
    plan_minutes: Annotated[float, Meta(gt=0, le=MAX_MINUTES)] = WALKING_LIMIT_MINUTES
    policy: Path | None = None
    siren_tests: Schedule | None = None
    channels: dict[str, Any] = {}
    feeds: tuple[FeedSettings, ...] = ()

    def approvals(self) -> Approvals:
        """What the realm of these settings asks for."""
        asked = self.approval.live if self.realm == "live" else self.approval.exercise
        threats = {str(threat): approval for threat, approval in asked.threats.items()}
        return Approvals(asked.default, timedelta(seconds=asked.answer_within), threats)


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

"""
What sirens and the server say to each other over MQTT: topics, JSON payloads, and the bytes that are signed.

A wanted state is signed with Ed25519 (RFC 8032) over the topic, a line feed and the payload's JSON without `sig`,
keys in order, without white space (RFC 8785). The topic names the realm and the siren, so a message cannot be
carried to another siren or from an exercise to the live realm.
"""

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import Meta

from tocsin.domain.siren import Local, Mode, Percent, Result
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Instant
from tocsin.kernel.signing import Signer

T = TypeVar("T")

MAX_PAYLOAD = 4096
"""Bytes. Nothing we send comes near it; what is longer is not ours."""
AlertName = Annotated[str, Meta(max_length=100)]
Revision = Annotated[int, Meta(ge=0, lt=2**53, description="A journal position; every JSON reader can hold it")]
_NAME = re.compile(r"[\w.:@~-]{1,64}")


class Leaf(StrEnum):
    """The last part of a siren's topics."""

    WANTED = "wanted"
    ACK = "ack"
    HEALTH = "health"


class Address(NamedTuple):
    """What a topic names."""

    realm: str
    siren: str
    leaf: Leaf


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a siren should be doing, whenever it reads this. Retained, QoS 1.

    Attributes:
        alert: The alert it is about; empty if there never was one.
        revision: The journal position of the event that made this the wanted state. It only ever grows.
        issued: When the siren's mode last changed or a new alert began. It stays however often this is published.
        not_after: After this a siren neither takes it nor goes on sounding for it.
        nonce: Fresh for every publication.
    """

    alert: AlertName
    revision: Revision
    mode: Mode
    issued: Instant
    not_after: Instant
    nonce: str
    sig: str = ""


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a siren did with a wanted state. QoS 1, not retained.

    Attributes:
        alert, revision: Of the message it answers; if its signature was refused, of the state that the siren
            holds, since no word of such a message can be trusted.
        received_at: By the siren's clock.
        sounding_at: When it began to sound for this alert; None if it did not.
    """

    alert: AlertName
    revision: Revision
    received_at: Instant
    sounding_at: Instant | None = None
    result: Result


class Status(StrEnum):
    ONLINE = "online"
    OFFLINE = "offline"


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    How a siren is. Retained, QoS 1; the Last Will is `{"status": "offline"}`, which cannot know its time.

    Attributes:
        mains: It has mains power.
        battery: Its charge in per cent.
        amplifier: Its amplifier can drive the horn.
        tamper: Its cabinet is open or was moved.
        tested_at: When it last passed a silent test.
        local, local_at: What was last pressed at the siren itself, and when. It stays, so that it is told in the end.
    """

    status: Status
    at: Instant | None = None
    sounding: bool | None = None
    mains: bool | None = None
    battery: Percent | None = None
    amplifier: bool | None = None
    tamper: bool | None = None
    tested_at: Instant | None = None
    local: Local | None = None
    local_at: Instant | None = None


def topic(realm: str, siren: str, leaf: Leaf) -> str:
    """
    Raises:
        Invalid: If the realm or the siren has a name that would change the meaning of the topic.
    """
    return f"tocsin/{_name(realm, 'realm')}/sirens/{_name(siren, 'siren')}/{leaf}"


def subscription(realm: str, leaf: Leaf) -> str:
    """The topic filter for one leaf of all sirens of a realm."""
    return f"tocsin/{_name(realm, 'realm')}/sirens/+/{leaf}"


def address(topic_: str) -> Address:
    """
    Raises:
        Invalid: If it is not a siren's topic.
    """
    match topic_.split("/"):
        case ["tocsin", realm, "sirens", siren, leaf] if leaf in list(Leaf):
            return Address(_name(realm, "realm"), _name(siren, "siren"), Leaf(leaf))
    raise Invalid(f"{topic_[:100]!r} is not a siren's topic", "topic")


def _name(name: str, where: str) -> str:
    if not _NAME.fullmatch(name):
        raise Invalid(f"{name[:100]!r} cannot be part of a topic: letters, digits and . : @ ~ - _ up to 64", where)
    return name


def encode(message: Ack | Health) -> bytes:
    return msgspec.json.encode(message)


def sign(realm: str, siren: str, wanted: Wanted, signer: Signer) -> bytes:
    """The payload of a wanted state for one siren, signed."""
    fields = msgspec.to_builtins(wanted)
    signature = signer.sign(_signed(topic(realm, siren, Leaf.WANTED), fields))
    return msgspec.json.encode({**fields, "sig": signature}, order="sorted")


def read_wanted(payload: bytes) -> Wanted:
    """
    Raises:
        Invalid: If it is not a wanted state. Nothing else, whatever the bytes.
    """
    return _read(payload, Wanted)


def read_ack(payload: bytes) -> Ack:
    """
    Raises:
        Invalid: If it is not an acknowledgement. Nothing else, whatever the bytes.
    """
    return _read(payload, Ack)


def read_health(payload: bytes) -> Health:
    """
    Raises:
        Invalid: If it is not a health message. Nothing else, whatever the bytes.
    """
    return _read(payload, Health)


def signed(topic_: str, payload: bytes) -> tuple[bytes, str]:
    """
    The bytes whose signature a siren checks, and the signature.

    They are made from the payload's own JSON, not from the fields we know, so that a field added later is covered
    and does not break the sirens in the field.

    Raises:
        Invalid: If the payload is not a JSON object with a `sig`. Nothing else, whatever the bytes.
    """
    fields = _read(payload, dict[str, Any])
    signature = fields.get("sig")
    if not isinstance(signature, str):
        raise Invalid("there is no signature", "sig")
    return _total(lambda: _signed(topic_, fields)), signature


def _signed(topic_: str, fields: dict[str, Any]) -> bytes:
    unsigned = {name: value for name, value in fields.items() if name != "sig"}
    return topic_.encode() + b"\n" + msgspec.json.encode(unsigned, order="sorted")


def _read(payload: bytes, type_: type[T]) -> T:
    if len(payload) > MAX_PAYLOAD:
        raise Invalid(f"{len(payload)} bytes are too many")
    return _total(lambda: msgspec.json.decode(payload, type=type_))


def _total(read: Callable[[], T]) -> T:
    try:
        return read()
    # Deep nesting and endless digits are not JSON errors; they are what an attacker tries next.
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise Invalid(str(error)) from None

"""What a fact is, what a wish is, and how both look on disk and on the wire."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, Union

import msgspec

from tocsin.kernel.errors import Corrupt, Invalid, Unknown

JsonObject: TypeAlias = dict[str, Any]
Upcast: TypeAlias = Callable[[JsonObject], JsonObject]
Instant: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True, description="RFC 3339 with an offset")]
"""A moment in a message. A naive time is refused: see `kernel.time`."""


class Message(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """A typed thing with a stable name. The name outlives the class: it is what the journal keeps."""


class Event(Message, frozen=True, kw_only=True):
    """
    A fact, named in the past tense. It is never edited; a mistake is answered with another fact.

    A subclass whose fields change meaning raises `shape` and leaves an upcast for the old one beside
    it. Fields added with a default need neither.
    """

    shape: ClassVar[int] = 1


class Command(Message, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A wish, named in the imperative. It may be refused. Unknown fields are refused: a typo must not vanish."""


class Actor(msgspec.Struct, frozen=True):
    """Who acts: a person, a device or a policy, in the role that allowed it."""

    id: str
    role: str


class Cause(msgspec.Struct, frozen=True):
    """
    Why a record was written.

    Attributes:
        key: Names the command among all others: a caller's Idempotency-Key, or a policy's name and the
            position that moved it. One key is written at most once.
        command: The kind of the command.
        digest: SHA-256 of the command, so that a key used again for something else is found out.
    """

    key: str
    command: str
    digest: str


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    An event with its place in the journal and the proof that nobody changed it since.

    Attributes:
        position: Place in the journal, from 1, without gaps. The one cursor of the whole system.
        version: Place in its stream, from 1, without gaps.
        shape: The shape of the event as it was written; `event` is always today's.
        hash: SHA-256 in hex of the previous record's hash and this record's text. Not part of the text.
    """

    position: int
    stream: str
    version: int
    time: Instant
    actor: Actor
    realm: str
    cause: Cause
    event: Any
    shape: int = 1
    hash: str = ""


M = TypeVar("M", bound=Message)


def kind_of(message: Message | type[Message]) -> str:
    """The stable name of a message, such as `alert.raised`."""
    tag = message.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{message!r} has no kind")
    return tag


class Events:
    """
    The kinds of events a journal can hold, with the way from their old shapes to today's.

    Args:
        types: Every event class.
        upcasts: `(kind, shape)` to a function from the fields of that shape to the fields of the next;
            it may rename the event by setting `kind`.

    Raises:
        ValueError: If two classes claim one kind.
    """

    def __init__(self, types: Iterable[type[Event]], upcasts: Mapping[tuple[str, int], Upcast] | None = None) -> None:
        self.types = by_kind(types)
        self._upcasts = dict(upcasts or {})
        union: Any = Union[tuple(self.types.values())]  # noqa: UP007 - built from a list
        # One C call decodes the record with its event; a million of them replay in seconds.
        typed = msgspec.defstruct("Typed", [("event", union)], bases=(Recorded,), frozen=True)
        self._record: msgspec.json.Decoder[Recorded] = msgspec.json.Decoder(typed)
        self._encode = msgspec.json.Encoder().encode
        self._event: msgspec.json.Decoder[Event] = msgspec.json.Decoder(union)

    def encode(self, recorded: Recorded) -> bytes:
        """The text that is kept and hashed."""
        return self._encode(recorded)

    def decode(self, text: bytes, hash_: str) -> Recorded:
        """
        Read a kept text, through the upcasts if it is of an old shape.

        Raises:
            Corrupt: If the kind or its shape is not known, or the text does not fit it.
        """
        try:
            recorded = self._record.decode(text)
        except msgspec.ValidationError:
            recorded = self._decode_old(text)
        if recorded.shape != recorded.event.shape:
            recorded = self._decode_old(text)
        msgspec.structs.force_setattr(recorded, "hash", hash_)
        return recorded

    def _decode_old(self, text: bytes) -> Recorded:
        recorded = msgspec.json.decode(text, type=Recorded)
        try:
            event = self._event.decode(msgspec.json.encode(self._upcast(recorded.event, recorded.shape)))
        except msgspec.ValidationError as error:
            raise Corrupt(f"position {recorded.position} cannot be read: {error}") from error
        return msgspec.structs.replace(recorded, event=event)

    def _upcast(self, fields: JsonObject, shape: int) -> JsonObject:
        while (type_ := self.types.get(fields["kind"])) is None or type_.shape != shape:
            upcast = self._upcasts.get((fields["kind"], shape))
            if upcast is None:
                raise Corrupt(
                    f"no reader for {fields['kind']} in shape {shape}: is the journal newer than the program?"
                )
            fields, shape = upcast(dict(fields)), shape + 1
        return fields


class Commands:
    """The kinds of commands a system understands."""

    def __init__(self, types: Iterable[type[Command]]) -> None:
        self.types = by_kind(types)
        self._decoders = {kind: msgspec.json.Decoder(type_) for kind, type_ in self.types.items()}

    def decode(self, kind: str, body: bytes) -> Command:
        """
        Read the JSON of a command whose kind is already known from the address.

        Raises:
            Unknown: If there is no such kind.
            Invalid: If the body does not fit, naming the field.
        """
        decoder = self._decoders.get(kind)
        if decoder is None:
            raise Unknown(f"no command is called {kind!r}", "kind")
        try:
            return decoder.decode(body)
        except msgspec.ValidationError as error:
            raise _invalid(error, kind) from None
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Invalid(f"not JSON: {error}", kind) from None

    def convert(self, fields: Mapping[str, object], where: str) -> Command:
        """
        The same from a mapping such as a table of a scenario; `where` names the place in its file.

        Raises:
            Unknown, Invalid: As `decode` does.
        """
        kind = str(fields.get("kind", ""))
        if kind not in self.types:
            raise Unknown(f"no command is called {kind!r}", where)
        try:
            return msgspec.convert(dict(fields), self.types[kind])
        except msgspec.ValidationError as error:
            raise _invalid(error, f"{where} {kind}") from None


def _invalid(error: msgspec.ValidationError, kind: str) -> Invalid:
    message, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    return Invalid(message, f"{kind} {field}".rstrip())


def by_kind(types: Iterable[type[M]]) -> dict[str, type[M]]:
    """
    Raises:
        ValueError: If two classes claim one kind.
    """
    found: dict[str, type[M]] = {}
    for type_ in types:
        if found.setdefault(kind_of(type_), type_) is not type_:
            raise ValueError(f"two classes are called {kind_of(type_)}")
    return found

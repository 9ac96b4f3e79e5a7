"""
Orders written in the field and carried by file when there is no network at all.

JSON Lines. The first says what it is: format, author, number of orders, SHA-256 of all that follows. Each of the others
is one order: its key, its kind, its fields. The rule: a file that is not whole, or has a line nobody can read, is
refused with the line's number and nothing of it is done; an order that a rule of the domain refuses is listed by its
line, and the others are carried out. The keys make a second import do nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid, Refused, Unauthorised, Unknown
from tocsin.kernel.event import Actor, Command, Commands

if TYPE_CHECKING:
    from tocsin.flow.system import System

FORMAT: Literal["tocsin-field-1"] = "tocsin-field-1"
T = TypeVar("T")


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Attributes:
        author: The user who wrote the orders, so that sending them later from the same device repeats nothing.
        sha256: Of all bytes after this line.
    """

    format: Literal["tocsin-field-1"]
    author: Annotated[str, Meta(min_length=1, max_length=100)]
    orders: Annotated[int, Meta(ge=0)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Order(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One order.

    Attributes:
        key: The Idempotency-Key it has on its device.
    """

    key: Annotated[str, Meta(min_length=8, max_length=200)]
    kind: str
    fields: dict[str, Any]


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REPEATED = "repeated"
    """It had been carried out before."""
    REFUSED = "refused"


class Result(msgspec.Struct, frozen=True):
    """
    What became of one line.

    Attributes:
        detail: Why it was refused.
    """

    line: int
    kind: str
    outcome: Outcome
    position: int = 0
    detail: str = ""


def note(kind: str, fields: dict[str, Any], key: str, now: datetime, commands: Commands) -> bytes:
    """
    An order as a line. One that can carry its own time gets it.

    Raises:
        Unknown, Invalid: As `Commands.convert` does.
    """
    if "occurred" in getattr(commands.types.get(kind), "__struct_fields__", ()):
        fields = {"occurred": now.isoformat(), **fields}
    commands.convert({**fields, "kind": kind}, "fields")
    return msgspec.json.encode(Order(key=key, kind=kind, fields=fields)) + b"\n"


def seal(author: str, lines: bytes) -> bytes:
    """The file: the head, then the lines as they are."""
    head = Head(format=FORMAT, author=author, orders=lines.count(b"\n"), sha256=hashlib.sha256(lines).hexdigest())
    return msgspec.json.encode(head) + b"\n" + lines


def read(document: bytes, commands: Commands) -> tuple[Head, list[Command], list[Order]]:
    """
    Raises:
        Invalid: If it is not whole or a line cannot be read, naming the line; nothing is done then.
    """
    first, _, lines = document.partition(b"\n")
    head = _decode(first, Head, 1)
    if hashlib.sha256(lines).hexdigest() != head.sha256:
        raise Invalid("the file is not what was written: its SHA-256 differs", "line 1 sha256")
    rows = lines.splitlines()
    if len(rows) != head.orders:
        raise Invalid(f"{len(rows)} orders where {head.orders} were written", "line 1 orders")
    orders = [_decode(row, Order, number) for number, row in enumerate(rows, 2)]
    read_ = [
        commands.convert({**order.fields, "kind": order.kind}, f"line {number}")
        for number, order in enumerate(orders, 2)
    ]
    return head, read_, orders


def _decode(row: bytes, type_: type[T], number: int) -> T:
    try:
        return msgspec.json.decode(row, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(str(error), f"line {number}") from None


def carry_out(system: "System", document: bytes, actor: Actor, commands: Commands) -> Sequence[Result]:
    """
    Carry out the orders of a file, in its order, by whoever brings it.

    Raises:
        Invalid: As `read` does.
        Unavailable: If the journal cannot be written; the import may be repeated then.
    """
    head, wishes, orders = read(document, commands)
    results = []
    for number, (wish, order) in enumerate(zip(wishes, orders, strict=True), 2):
        try:
            appended = system.do(wish, actor, f"{head.author}:{order.key}")
        except (Refused, Invalid, Unknown, Unauthorised) as error:
            results.append(Result(number, order.kind, Outcome.REFUSED, detail=str(error)))
            continue
        outcome = Outcome.REPEATED if appended.repeated else Outcome.ACCEPTED
        results.append(Result(number, order.kind, outcome, appended.position))
    return results

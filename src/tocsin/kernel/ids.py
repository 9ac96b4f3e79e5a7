"""Names for new things, and fingerprints of commands."""

import hashlib
from datetime import datetime
from random import getrandbits
from time import time_ns

import msgspec

from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Command, kind_of


def new_key() -> str:
    """
    A key for a command whose caller gave none: the time in nanoseconds, then 64 random bits.

    Keys that grow with time are written side by side in the journal's index; random ones would touch another
    page of it with every command.
    """
    return f"{time_ns():016x}{getrandbits(64):016x}"


def id_from(key: str, now: datetime) -> str:
    """
    A name for a new thing, readable over a radio: date, time and six hex digits, such as `20250424-0036-7f3a1c`.

    It follows from the command's key, so that a command sent twice cannot make two things.
    """
    return f"{now:%Y%m%d-%H%M}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def digest(command: Command) -> str:
    """
    SHA-256 in hex of a command's MessagePack.

    Raises:
        Invalid: If it has none, since a number in it has more than 64 bits. JSON could carry it, but no snapshot
            of the views could, and no reader in most other languages.
    """
    try:
        return hashlib.sha256(msgspec.msgpack.encode(command)).hexdigest()
    except OverflowError as error:
        raise Invalid(str(error), kind_of(command)) from None

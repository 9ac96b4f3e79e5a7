"""
A message of another warning service, in the words of CAP (OASIS CAP-v1.2-os, section 3.2).

The bytes are read by `formats.cap_read`; here is only what a message says.
"""

import msgspec

from tocsin.kernel.event import Instant


class Key(msgspec.Struct, frozen=True, order=True):
    """What a message is known by in the whole world (3.2.1, identifier)."""

    sender: str
    identifier: str


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    Another message, as a message names it.

    Attributes:
        sent: None where CAP 1.0 does not say.
    """

    key: Key
    sent: Instant | None


class Area(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    Where an alert holds.

    Attributes:
        polygons: As they stand in the document: `lat,lon lat,lon …`.
        circles: As they stand in the document: `lat,lon kilometres`.
        geocodes: Name of the code and its value.
    """

    description: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


class Info(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    What a message says in one language.

    Attributes:
        language: By RFC 3066; en-US where the document names none.
        responses: Only those of CAP. One that is not known is left out, so that it is never taken for an AllClear.
        urgency, severity, certainty: Unknown for anything that CAP does not know.
        effective, onset, expires: None where there is none, or none that can be read.
    """

    language: str
    event: str
    categories: tuple[str, ...]
    responses: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    effective: Instant | None = None
    onset: Instant | None = None
    expires: Instant | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    event_codes: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One CAP message. An alert is what its messages make of it: see `fold`.

    Attributes:
        version: Of CAP: 1.2, 1.1 or 1.0.
        type: Alert, Update, Cancel, Ack or Error.
        references: Every message that this one names.
        unreadable: What stands among the references and names no message. It takes nothing back, and keeps nothing
            that the message says from being heard.
        infos: May be empty: a Cancel needs none.
        signed: A signature is there. Whether it is a good one is another question.
    """

    version: str
    key: Key
    sent: Instant
    status: str
    type: str
    scope: str
    references: tuple[Reference, ...] = ()
    unreadable: tuple[str, ...] = ()
    incidents: str = ""
    codes: tuple[str, ...] = ()
    restriction: str = ""
    addresses: str = ""
    source: str = ""
    note: str = ""
    infos: tuple[Info, ...] = ()
    signed: bool = False

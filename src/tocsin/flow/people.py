"""
Who somebody is: names and what identifies people, apart from the journal, by role, with every look recorded.

The journal cannot forget; this can. It knows people by the number on their tag, or by their worksite's victim number.
"""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid, Unauthorised, Unknown
from tocsin.kernel.event import Actor, Instant
from tocsin.kernel.time import Clock

PersonId = Annotated[str, Meta(pattern="^(?=.*[0-9])[0-9A-Za-z.-]{1,60}$")]
Words = Annotated[str, Meta(max_length=500)]

# Read as: these roles may do this. Whoever may not is written into the audit too.
MAY_LOOK = frozenset({"administrator", "medic", "hospital"})
MAY_WRITE = MAY_LOOK
MAY_ERASE = frozenset({"administrator"})
MAY_AUDIT = frozenset({"administrator", "auditor"})


class Details(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What identifies one person. Every field may be empty.

    Attributes:
        document: Kind and number of a paper that proves who it is.
        marks: Distinguishing marks, eye and hair colour.
        relatives: Whom to call.
    """

    name: Words = ""
    born: dt.date | None = None
    sex: Annotated[str, Meta(max_length=20)] = ""
    document: Words = ""
    phone: Words = ""
    address: Words = ""
    marks: Words = ""
    relatives: Words = ""
    allergies: Words = ""
    medications: Words = ""
    note: Annotated[str, Meta(max_length=4000)] = ""


class Act(StrEnum):
    LOOKED = "looked"
    FOUND = "found"
    """Came up in somebody's search."""
    WROTE = "wrote"
    ERASED = "erased"
    REFUSED = "refused"


class Look(msgspec.Struct, frozen=True):
    """One line of the audit. It never holds a name."""

    time: Instant
    actor: str
    role: str
    act: Act
    person: str
    reason: str = ""


class PeopleStore(Protocol):
    """Where the details are kept, encrypted. It asks nobody who they are: that is done here."""

    def get(self, person: str) -> Details | None: ...

    def put(self, person: str, details: Details) -> None: ...

    def delete(self, person: str) -> bool: ...

    def everybody(self) -> Sequence[tuple[str, Details]]: ...

    def record(self, look: Look) -> None: ...

    def looks(self, limit: int, person: str | None) -> list[Look]: ...


class People:
    """The one door to names. What it is asked is in the audit before it answers."""

    def __init__(self, store: PeopleStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def look(self, person: str, actor: Actor) -> Details:
        """
        Raises:
            Unauthorised: If the role may not.
            Unknown: If nothing is kept of this person.
        """
        self._require(MAY_LOOK, actor, person)
        self._note(actor, Act.LOOKED, person)
        found = self._store.get(person)
        if found is None:
            raise Unknown(f"nothing is kept of {person!r}", "person")
        return found

    def write(self, person: str, details: Details, actor: Actor) -> None:
        """
        Raises:
            Unauthorised: If the role may not.
            Invalid: If the id is not one of a tag or a victim.
        """
        self._require(MAY_WRITE, actor, person)
        try:
            msgspec.convert(person, PersonId)
        except msgspec.ValidationError as error:
            raise Invalid(str(error), "person") from None
        self._note(actor, Act.WROTE, person)
        self._store.put(person, details)

    def erase(self, person: str, reason: str, actor: Actor) -> None:
        """
        Forget all that identifies a person. The journal keeps the tag number and the counts.

        Raises:
            Unauthorised: If the role may not.
            Invalid: If no reason is given.
            Unknown: If nothing is kept of this person.
        """
        self._require(MAY_ERASE, actor, person)
        if not reason.strip():
            raise Invalid("say why", "reason")
        if not self._store.delete(person):
            raise Unknown(f"nothing is kept of {person!r}", "person")
        self._note(actor, Act.ERASED, person, reason)

    def search(self, words: str, actor: Actor) -> list[str]:
        """
        Tags of everybody whose name, document or telephone holds the words. Each of them is in the audit.

        Raises:
            Unauthorised: If the role may not.
            Invalid: If it is too short to mean anybody.
        """
        self._require(MAY_LOOK, actor, "")
        wanted = words.strip().casefold()
        if len(wanted) < 3:
            raise Invalid("three letters or more", "words")
        found = [person for person, details in self._store.everybody() if wanted in _searched(details)]
        for person in found:
            self._note(actor, Act.FOUND, person)
        return found

    def audit(self, actor: Actor, limit: int, person: str | None = None) -> list[Look]:
        """
        The last looks, newest first.

        Raises:
            Unauthorised: If the role may not.
        """
        self._require(MAY_AUDIT, actor, person or "")
        return self._store.looks(limit, person)

    def _require(self, roles: frozenset[str], actor: Actor, person: str) -> None:
        if actor.role not in roles:
            self._note(actor, Act.REFUSED, person)
            raise Unauthorised(f"the role {actor.role!r} may not do this with people's names", known=True)

    def _note(self, actor: Actor, act: Act, person: str, reason: str = "") -> None:
        self._store.record(Look(self._clock(), actor.id, actor.role, act, person, reason))


def _searched(details: Details) -> str:
    return "\n".join((details.name, details.document, details.phone)).casefold()

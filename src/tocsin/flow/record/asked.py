"""Which attacks and hits a question is about: the filters an analyst expects, and what may belong to them besides."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from tocsin.domain.record.attacks import Effect, HitRecorded, WeaponClass
from tocsin.flow.system import System
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Instant
from tocsin.views.attacks import Attacks, AttackState, KilledBounds


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """
    A question's filters. What is left out does not filter.

    Attributes:
        start, end: An attack begins at or after the one and before the other.
        place: An area of the city, a region or the country: attacks on it or that hit it, or an area in it.
        weapon: Its classes. An attack has one if a hit was by it, or a count says that some were launched.
        min_killed: Killed at least so many.
        source: Part of the name of a publisher that the attack, a hit or a count rests on.
        as_of: The moment for which figures are told. Hits after it do not count.
        recorded: As the record stood then; None: as it stands.
    """

    start: Instant | None = None
    end: Instant | None = None
    place: str = ""
    weapon: frozenset[WeaponClass] | None = None
    effect: Effect | None = None
    min_killed: int | None = None
    source: str = ""
    as_of: Instant
    recorded: Instant | None = None


class Fits(msgspec.Struct, frozen=True):
    """
    One attack that a question is about.

    Attributes:
        sure: False if it may only be: a weapon nobody named, or a number of dead that is not known well enough.
        hits: Those that surely fit; `possible`: those by a weapon nobody named.
        killed: None where nobody has said.
    """

    attack: AttackState
    sure: bool
    hits: tuple[HitRecorded, ...]
    possible: tuple[HitRecorded, ...]
    killed: KilledBounds | None


class Chosen(msgspec.Struct, frozen=True):
    """What a question is about, the earliest first."""

    sure: tuple[Fits, ...]
    possible: tuple[Fits, ...]


def attacks_at(system: System, recorded: datetime | None) -> Attacks:
    """The attacks as the record stood at a moment: read again from the journal. None: as it stands."""
    now = system.views.attacks
    if recorded is None:
        return now
    streams = [f"attack/{attack}" for attack in now.state.attacks]
    streams += [f"statement/{said.statement}" for each in now.state.attacks.values() for said in each.statements]
    then = Attacks()
    handlers = then.handlers()
    for record in system.journal.read(streams=streams) if streams else ():
        if record.time <= recorded:
            handlers[type(record.event)](record)
    return then


def choose(system: System, asked: Asked) -> Chosen:
    """
    Raises:
        Invalid: If the window ends before it begins.
        Unknown: If there is no such place.
    """
    if asked.start is not None and asked.end is not None and asked.end <= asked.start:
        raise Invalid("the window ends before it begins", "to")
    places = places_of(system, asked.place)
    found = [_fits(system, attack, asked, places) for attack in attacks_at(system, asked.recorded).all()]
    kept = [each for each in found if each is not None]
    return Chosen(tuple(each for each in kept if each.sure), tuple(each for each in kept if not each.sure))


def places_of(system: System, place: str) -> frozenset[str] | None:
    """
    A place with all areas in it; None for everywhere.

    Raises:
        Unknown: If neither the city nor the country has it.
    """
    from tocsin.domain.record.regions import COUNTRY_CODE, NAMES

    areas = system.city.areas
    if not place or place == COUNTRY_CODE:
        return None
    if place in areas:
        return frozenset((place, *areas.descendants(place)))
    if place.partition("/")[0] in NAMES:
        return frozenset((place,))
    raise Unknown(f"no area has the code {place!r}", "place")


def killed_in(system: System, attack: str, as_of: datetime, recorded: datetime | None = None) -> KilledBounds | None:
    """How many an attack killed, as of a moment and as the record stood at another. None: nobody has said."""
    return _bounds(system, attack, "killed", as_of, recorded)


def injured_in(system: System, attack: str, as_of: datetime, recorded: datetime | None = None) -> KilledBounds | None:
    return _bounds(system, attack, "injured", as_of, recorded)


def _bounds(system: System, attack: str, key: str, as_of: datetime, recorded: datetime | None) -> KilledBounds | None:
    ledger = system.views.ledger
    if attack not in ledger.state.attacks:
        return None
    figure = ledger.account(attack, as_of, recorded=recorded).figures.get(key)
    if figure is None:
        return None
    return KilledBounds(figure.low, figure.best, figure.high, figure.as_of, figure.claims)


def _fits(system: System, attack: AttackState, asked: Asked, places: frozenset[str] | None) -> Fits | None:
    if not _in_window(attack, asked) or (asked.source and not _rests_on(attack, asked.source)):
        return None
    here = [hit for hit in attack.hits.values() if _counts(hit, asked, places)]
    hits = tuple(hit for hit in here if asked.weapon is None or hit.weapon_class in asked.weapon)
    possible = tuple(hit for hit in here if hit not in hits and hit.weapon_class is WeaponClass.UNKNOWN)
    on_place = places is None or attack.area in places
    counted = on_place and asked.effect is None and _launched(attack, asked.weapon)
    if not (hits or possible or counted):
        return None
    killed = killed_in(system, attack.attack, asked.as_of, asked.recorded)
    enough = _killed_enough(killed, asked.min_killed)
    if enough is False:
        return None
    return Fits(attack, bool(hits or counted) and enough is True, hits, possible, killed)


def _in_window(attack: AttackState, asked: Asked) -> bool:
    return (
        attack.start <= asked.as_of
        and (asked.start is None or attack.start >= asked.start)
        and (asked.end is None or attack.start < asked.end)
    )


def _counts(hit: HitRecorded, asked: Asked, places: frozenset[str] | None) -> bool:
    return (
        (places is None or hit.area in places)
        and (asked.effect is None or hit.effect is asked.effect)
        and hit.time <= asked.as_of
    )


def _launched(attack: AttackState, weapon: frozenset[WeaponClass] | None) -> bool:
    if weapon is None:
        return True
    rows = (row for count in attack.counts.values() for row in count.weapons)
    return any(row.weapon_class in weapon and row.launched != 0 for row in rows)


def _killed_enough(killed: KilledBounds | None, least: int | None) -> bool | None:
    """None if it may be so."""
    if least is None or least <= 0:
        return True
    if killed is None:
        return None
    if (killed.low if killed.best is None else killed.best) >= least:
        return True
    return None if killed.high is None or killed.high >= least else False


def _rests_on(attack: AttackState, source: str) -> bool:
    return any(source.casefold() in publisher.casefold() for publisher in publishers(attack))


def publishers(attack: AttackState) -> Iterator[str]:
    """Whom an attack's facts are from."""
    if attack.source is not None:
        yield attack.source.publisher
    yield from (hit.source.publisher for hit in attack.hits.values())
    yield from (count.source.publisher for count in attack.counts.values())

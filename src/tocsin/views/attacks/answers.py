"""The questions that newsrooms ask of the record, answered with citations and with their doubts."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from tocsin.domain.record.attacks import EFFECTS, MISSILES, WEAPONS, Effect, HitRecorded, WeaponClass
from tocsin.domain.source import Source
from tocsin.kernel.errors import Unknown
from tocsin.kernel.event import Instant
from tocsin.kernel.time import local
from tocsin.views.attacks.state import AttackState, chronological


class LastHit(msgspec.Struct, frozen=True):
    """
    When a place was last hit, as far as the record knows. Without `attack` the record knows of no such hit, which
    does not say that there was none.

    Attributes:
        date: The local date of the hit in `time_zone`, not the date on which the attack began.
        time: Of the hit, give or take `precision_minutes`.
        start: Of the attack.
        definition: What was looked for and how, by language, to be printed with the answer.
        claims: The hits the answer rests on, as `attack/hit`: all of the same attack and date that fit.
        possible: Hits that may be the true answer, as `attack/hit`: later ones by a weapon nobody has named, and those
            whose time is known so roughly that they may have been later, or before the moment asked for.
        would_change: What would change the answer, by language.
    """

    definition: dict[str, str]
    date: dt.date | None = None
    time: Instant | None = None
    precision_minutes: int = 0
    time_zone: str = ""
    start: Instant | None = None
    attack: str = ""
    area: str = ""
    weapon_class: WeaponClass | None = None
    claims: tuple[str, ...] = ()
    citations: tuple[Source, ...] = ()
    possible: tuple[str, ...] = ()
    would_change: tuple[dict[str, str], ...] = ()


class KilledBounds(msgspec.Struct, frozen=True):
    """
    How many an attack killed, as it was evaluated.

    Attributes:
        best: None when no single figure can be given, as with "several".
        high: None when it is open, as with "at least nine".
        as_of: The moment the figures were evaluated for.
        claims: Ids of the claims they rest on.
    """

    low: int
    best: int | None
    high: int | None
    as_of: Instant
    claims: tuple[str, ...] = ()

    def overlaps(self, other: "KilledBounds") -> bool:
        """True if the true numbers may be the same."""
        return (self.high is None or other.low <= self.high) and (other.high is None or self.low <= other.high)


class DeadliestSince(msgspec.Struct, frozen=True):
    """
    Since when no attack on the same place killed more. Without `since` the record has none that did.

    Attributes:
        date: That people call the earlier attack by.
        killed, since_killed: Figures of this attack and of the earlier one.
        evaluated_at: The moment this attack's figures are of. Nine in the morning may be thirteen in the end.
        tie_possible: Some attack since then, or that one itself, may have killed as many, as its range overlaps.
        ties: Those attacks.
        unknown: Attacks since then of which nobody has a figure to compare. Each may have killed more.
        definition: What was compared and how, by language, to be printed with the answer.
        claims: Ids of the claims on all attacks that were decisive.
    """

    attack: str
    killed: KilledBounds
    evaluated_at: Instant
    definition: dict[str, str]
    since: str = ""
    date: dt.date | None = None
    since_killed: KilledBounds | None = None
    tie_possible: bool = False
    ties: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


Killed = Callable[[str], KilledBounds | None]
"""Attack to how many it killed; None when nobody has said. Every call answers for the same moment."""


def last_hit(
    attacks: Mapping[str, AttackState],
    places: Collection[str],
    before: dt.datetime,
    weapon_classes: Collection[WeaponClass] | None = None,
    effects: Collection[Effect] = tuple(Effect),
) -> LastHit:
    """
    When a place was last hit before a moment.

    Args:
        places: Codes of the place and of all areas in it, as a hit names the smallest that is known.
        weapon_classes: By these only. None: by anything.
    """
    every = [hit for hit in _hits(attacks) if hit.area in places and hit.effect in effects]
    hits = [hit for hit in every if hit.time < before]
    fitting = [hit for hit in hits if weapon_classes is None or hit.weapon_class in weapon_classes]
    last = max(fitting, key=_order, default=None)
    rough = _rough(every, weapon_classes, before, last)
    possible = tuple(dict.fromkeys((*_unnamed(hits, weapon_classes, last), *rough)))
    doubts = _doubts(possible)
    if last is None:
        return LastHit(_looked_for(before, weapon_classes, effects), possible=possible, would_change=doubts)
    attack = attacks[last.attack]
    date = local(last.time, attack.time_zone).date()
    same = [hit for hit in fitting if hit.attack == last.attack and local(hit.time, attack.time_zone).date() == date]
    same.sort(key=_order, reverse=True)
    return LastHit(
        definition=_looked_for(local(before, attack.time_zone), weapon_classes, effects),
        date=date,
        time=last.time,
        precision_minutes=last.precision_minutes,
        time_zone=attack.time_zone,
        start=attack.start,
        attack=last.attack,
        area=last.area,
        weapon_class=last.weapon_class,
        claims=tuple(_ref(hit) for hit in same),
        citations=_distinct(hit.source for hit in same),
        possible=possible,
        would_change=doubts,
    )


def _hits(attacks: Mapping[str, AttackState]) -> Iterator[HitRecorded]:
    for attack in attacks.values():
        yield from attack.hits.values()


def _order(hit: HitRecorded) -> tuple[dt.datetime, str, str]:
    """By time; the ids only so that hits of one moment always come in one order."""
    return hit.time, hit.attack, hit.hit


def _ref(hit: HitRecorded) -> str:
    return f"{hit.attack}/{hit.hit}"


def _unnamed(
    hits: Iterable[HitRecorded], weapon_classes: Collection[WeaponClass] | None, last: HitRecorded | None
) -> tuple[str, ...]:
    if weapon_classes is None or WeaponClass.UNKNOWN in weapon_classes:
        return ()
    unnamed = [hit for hit in hits if hit.weapon_class is WeaponClass.UNKNOWN]
    later = [hit for hit in unnamed if last is None or hit.time > last.time]
    return tuple(_ref(hit) for hit in sorted(later, key=_order, reverse=True))


def _rough(
    every: Iterable[HitRecorded],
    weapon_classes: Collection[WeaponClass] | None,
    before: dt.datetime,
    last: HitRecorded | None,
) -> tuple[str, ...]:
    """Hits of another attack that may have come later than the last, or before the moment after all."""
    surely = dt.datetime.min.replace(tzinfo=dt.UTC) if last is None else last.time - _doubt(last)
    found = [
        hit
        for hit in every
        if (weapon_classes is None or hit.weapon_class in weapon_classes)
        and (last is None or hit.attack != last.attack)
        and hit.time - _doubt(hit) < before
        and (hit.time >= before or hit.time + _doubt(hit) > surely)
    ]
    return tuple(_ref(hit) for hit in sorted(found, key=_order, reverse=True))


def _doubt(hit: HitRecorded) -> dt.timedelta:
    return dt.timedelta(minutes=hit.precision_minutes)


def _doubts(possible: Sequence[str]) -> tuple[dict[str, str], ...]:
    missing = {
        "uk": "Пізніше ураження, якого немає в записах: записи не доводять, що його не було.",
        "en": "A later hit that is not on record: the record does not prove that there was none.",
    }
    named = {
        "uk": f"Будь-яке з названих тут можливих уражень ({len(possible)}), коли стане відомо, чим і коли саме.",
        "en": f"Any of the possible hits named here ({len(possible)}), once it is known by what and when exactly.",
    }
    return (named, missing) if possible else (missing,)


def _distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    found: list[Source] = []
    for source in sources:
        if source not in found:
            found.append(source)
    return tuple(found)


def _looked_for(
    before: dt.datetime, weapon_classes: Collection[WeaponClass] | None, effects: Collection[Effect]
) -> dict[str, str]:
    moment = f"{before:%Y-%m-%d %H:%M %z}"
    by = {lang: _by(weapon_classes, lang) for lang in ("uk", "en")}
    what = {lang: ", ".join(EFFECTS[effect][lang] for effect in Effect if effect in effects) for lang in ("uk", "en")}
    return {
        "uk": f"Останнє за записами ураження цього місця до {moment}. Враховано: {what['uk']}; {by['uk']}. "
        "Дата за місцевим часом. Атаки, які тут нічого не уразили, не враховано.",
        "en": f"The latest recorded hit on this place before {moment}. Counted: {what['en']}; {by['en']}. "
        "The date is by local time. Attacks that hit nothing here are not counted.",
    }


def _by(weapon_classes: Collection[WeaponClass] | None, lang: str) -> str:
    if weapon_classes is None:
        return {"uk": "будь-які засоби", "en": "weapons of any class"}[lang]
    if frozenset(weapon_classes) == MISSILES:
        return {"uk": "ракети всіх класів", "en": "missiles of all classes"}[lang]
    return ", ".join(WEAPONS[each][lang] for each in WeaponClass if each in weapon_classes)


def deadliest_since(attacks: Mapping[str, AttackState], attack: str, killed: Killed) -> DeadliestSince | None:
    """
    The most recent earlier attack on the same place that killed more, by best figures, strictly.

    Returns:
        None if this attack has no best figure yet: then nothing can be said.

    Raises:
        Unknown: If there is no such attack.
    """
    this = attacks.get(attack)
    if this is None:
        raise Unknown(f"there is no attack {attack!r}", "attack")
    mine = killed(attack)
    if mine is None or mine.best is None:
        return None
    ties: dict[str, KilledBounds] = {}
    unknown: list[str] = []
    found: tuple[AttackState, KilledBounds] | None = None
    for earlier in _before(attacks, this):
        theirs = killed(earlier.attack)
        if theirs is None or _undecided(theirs, mine.best):
            unknown.append(earlier.attack)
            continue
        if theirs.overlaps(mine):
            ties[earlier.attack] = theirs
        if _figure(theirs) > mine.best:
            found = earlier, theirs
            break
    return _deadliest(this, mine, found, ties, unknown)


def _before(attacks: Mapping[str, AttackState], this: AttackState) -> list[AttackState]:
    """Attacks on the same place that began before, the latest first."""
    earlier = [each for each in attacks.values() if each.area == this.area and each.start < this.start]
    return sorted(earlier, key=chronological, reverse=True)


def _figure(killed: KilledBounds) -> int:
    """What is compared: the best figure, or what is certain where there is none."""
    return killed.low if killed.best is None else killed.best


def _undecided(theirs: KilledBounds, best: int) -> bool:
    """True if it has no best figure and its range lies on both sides of this one's."""
    return theirs.best is None and theirs.low <= best and (theirs.high is None or theirs.high > best)


def _deadliest(
    this: AttackState,
    mine: KilledBounds,
    found: tuple[AttackState, KilledBounds] | None,
    ties: Mapping[str, KilledBounds],
    unknown: Sequence[str],
) -> DeadliestSince:
    since, theirs = found or (None, None)
    decisive = [mine, *([theirs] if theirs else []), *ties.values()]
    return DeadliestSince(
        attack=this.attack,
        killed=mine,
        evaluated_at=mine.as_of,
        definition=_compared(local(mine.as_of, this.time_zone)),
        since=since.attack if since else "",
        date=since.date_local if since else None,
        since_killed=theirs,
        tie_possible=bool(ties),
        ties=tuple(ties),
        unknown=tuple(unknown),
        claims=tuple(dict.fromkeys(claim for killed in decisive for claim in killed.claims)),
    )


def _compared(as_of: dt.datetime) -> dict[str, str]:
    moment = f"{as_of:%Y-%m-%d %H:%M %z}"
    return {
        "uk": "Найближча попередня атака на це саме місце, у якій за найкращою оцінкою загинуло більше людей, "
        f"ніж у цій. Оцінка станом на {moment}.",
        "en": "The most recent earlier attack on the same place that killed more people than this one, by best "
        f"figures. Evaluated as of {moment}.",
    }

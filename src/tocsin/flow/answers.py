"""Questions that need more than one view: figures, the record's questions, the report of a night."""

from datetime import datetime
from functools import partial

import msgspec

from tocsin.domain.bulletins import Published
from tocsin.domain.casualties import Conflict, Feasible, Finding
from tocsin.domain.casualties.duplicates import Proposal
from tocsin.domain.casualties.joined import Joined, find_undercounts, join
from tocsin.domain.casualties.periods import CasualtyReport
from tocsin.domain.record.attacks import Effect, WeaponClass
from tocsin.flow.record.asked import attacks_at, killed_in
from tocsin.flow.system import System
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Instant
from tocsin.views.attacks import DeadliestSince, LastHit
from tocsin.views.ledger import FigureCopy


class FiguresAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of an attack's casualties as of a time: the figure of every measure and stratum, by key.

    Attributes:
        published, recorded: What was public by then, as the ledger stood then; null where that was not asked.
        conflicts: Claims that cannot all be true: two origins about one count, and rules E2 to E12 between counts.
        warnings: What should be looked at again: W1 to W5, E9, P1.
        implied: Bounds of counts that nobody stated, and the claims they follow from.
        readings: Ambiguous claim to the keys of the counts it may be of.
        counted: The same counts person by person, with the difference in words; empty for whoever has no part in
            the response, and where the registers are empty.
    """

    attack: str
    as_of: Instant
    published: Instant | None
    recorded: Instant | None
    position: int
    figures: dict[str, FigureCopy]
    conflicts: list[Conflict]
    warnings: list[Finding]
    implied: dict[str, Feasible]
    readings: dict[str, tuple[str, ...]]
    counted: dict[str, Joined]


class PersonsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    An attack's persons, counted one by one.

    Attributes:
        proposals: Pairs of entries that may be one person, for a human to judge.
    """

    attack: str
    as_of: Instant
    position: int
    persons: int
    counted: dict[str, Joined]
    proposals: list[Proposal]


def figures(
    system: System,
    attack: str,
    as_of: datetime,
    *,
    published: datetime | None = None,
    recorded: datetime | None = None,
    counted: bool = True,
) -> FiguresAnswer:
    """
    Args:
        published, recorded: As of `Ledger.account`.
        counted: Whether whoever asks may see the registers.

    Raises:
        Unknown: If there is no such attack.
    """
    with system.projector.looking() as position:
        _require_attack(system, attack)
        ledger, persons = system.views.ledger, system.views.persons
        known = ledger.account(attack, as_of, published=published, recorded=recorded)
        told = ledger.accounted(attack, known)
        findings = list(told.findings)
        joined: dict[str, Joined] = {}
        if counted:
            joined = join(persons.counts(attack, as_of), known.figures, len(persons.proposals(attack)))
            known_by = partial(persons.counts, attack)
            findings += find_undercounts(known.figures.values(), known_by, known.place) if joined else []
    return FiguresAnswer(
        attack=attack,
        as_of=as_of,
        published=published,
        recorded=recorded,
        position=position,
        figures=told.figures,
        conflicts=[Conflict(each.claims, each.why, each.rule) for each in findings if each.severity == "error"],
        warnings=[each for each in findings if each.severity != "error"],
        implied=told.implied,
        readings=told.readings,
        counted=joined,
    )


def persons(system: System, attack: str, as_of: datetime) -> PersonsAnswer:
    """
    Raises:
        Unknown: If there is no such attack.
    """
    with system.projector.looking() as position:
        _require_attack(system, attack)
        view = system.views.persons
        proposals = view.proposals(attack)
        known = system.views.ledger.account(attack, as_of)
        counted = join(view.counts(attack, as_of), known.figures, len(proposals))
        return PersonsAnswer(
            attack=attack,
            as_of=as_of,
            position=position,
            persons=len(view.people(attack)),
            counted=counted,
            proposals=proposals,
        )


def casualty_report(
    system: System, attack: str, as_of: datetime, since: datetime | None, prepared_by: str
) -> CasualtyReport:
    """
    The casualties of an attack as the forms of others want them.

    Args:
        since: Where the reporting period begins; the beginning of the attack when left out.

    Raises:
        Unknown: If there is no such attack.
        Invalid: If the period ends before it begins.
    """
    with system.projector.looking():
        known = system.views.attacks.attack(attack)
        if known is None:
            raise Unknown(f"there is no attack {attack!r}", "attack")
        begins = known.start if since is None else since
        if begins >= as_of:
            raise Invalid("the period ends before it begins", "since")
        ledger = system.views.ledger
        account = ledger.account(attack, as_of)
        cited = {id_ for figure in account.figures.values() for id_ in figure.claims}
        site = next(iter(system.views.worksites.all(attack)), None)
        names = system.city.areas[account.place].names if account.place in system.city.areas else {}
        return CasualtyReport(
            attack=attack,
            names=known.names,
            place=account.place,
            place_names=names,
            lat=site.lat if site else None,
            lon=site.lon if site else None,
            start=known.start,
            since=begins,
            until=as_of,
            figures=account.figures,
            before=ledger.account(attack, begins).figures,
            version="Update",
            prepared_by=prepared_by,
            authorized_by=prepared_by,
            exercise=system.realm != "live",
            sources={
                entry.claim.id: (entry.claim.source.publisher, entry.claim.source.url)
                for entry in ledger.claims(attack)
                if entry.claim.id in cited
            },
        )


def bulletin_report(system: System, bulletin: Published) -> CasualtyReport:
    """
    The same for a published bulletin, with its own number, version, people and figures. Everybody may have it, so it
    says nothing of where a worksite is.
    """
    content = bulletin.content
    report = casualty_report(system, bulletin.attack, content.cutoff, None, bulletin.prepared_by)
    with system.projector.looking():
        earlier = [each for each in system.views.bulletins.published(bulletin.attack) if each.number < bulletin.number]
    before = max(earlier, key=lambda each: each.number, default=None)
    return msgspec.structs.replace(
        report,
        lat=None,
        lon=None,
        number=bulletin.number,
        version=content.version.value,
        since=min(content.since, content.cutoff),
        figures=content.figures,
        before=before.content.figures if before else {},
        precedes=tuple(f"{bulletin.attack}-sitrep-{each.number}" for each in reversed(earlier)),
        authorized_by=bulletin.approved_by,
        next_expected=content.next_expected,
    )


def _require_attack(system: System, attack: str) -> None:
    if system.views.attacks.attack(attack) is None:
        raise Unknown(f"there is no attack {attack!r}", "attack")


def last_hit(
    system: System,
    place: str,
    before: datetime,
    weapon_classes: frozenset[WeaponClass] | None = None,
    effect: Effect | None = None,
    recorded: datetime | None = None,
) -> LastHit:
    """
    When a place was last hit before a moment.

    Args:
        effect: By this only; None: by either.
        recorded: As the record stood then; None: as it stands.

    Raises:
        Unknown: If no area has this code.
    """
    places = (place, *system.city.areas.descendants(place))
    with system.projector.looking():
        effects = tuple(Effect) if effect is None else (effect,)
        return attacks_at(system, recorded).last_hit(places, before, weapon_classes, effects)


def deadliest_since(system: System, attack: str, as_of: datetime, recorded: datetime | None = None) -> DeadliestSince:
    """
    Since when no attack on the same place killed more, all figures as of one moment.

    Args:
        recorded: As the record stood then; None: as it stands.

    Raises:
        Unknown: If there is no such attack, or nobody has said how many it killed.
    """

    with system.projector.looking():
        killed = partial(killed_in, system, as_of=as_of, recorded=recorded)
        answer = attacks_at(system, recorded).deadliest_since(attack, killed)
    if answer is None:
        raise Unknown(f"nobody has said how many were killed in {attack!r} by then", "attack")
    return answer

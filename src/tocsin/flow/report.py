"""What a night came to: the report of a replay."""

from datetime import datetime

import msgspec

from tocsin.domain.casualties import Conflict
from tocsin.domain.record import MISSILES
from tocsin.domain.warning import Notice, Phase
from tocsin.flow import answers
from tocsin.flow.scenario import Scenario
from tocsin.flow.system import System
from tocsin.journal import verify
from tocsin.kernel.errors import Corrupt, Unknown
from tocsin.kernel.time import local
from tocsin.views.attacks import AttackState, DeadliestSince, LastHit, WeaponsCount
from tocsin.views.ledger import FigureCopy
from tocsin.views.patients import PatientCounts
from tocsin.views.siren_facts import Count
from tocsin.views.worksites import WorksiteLine


class AlertLine(msgspec.Struct, frozen=True):
    """One alert over one area."""

    area: str
    alert: str
    phase: Phase
    raised_at: datetime
    cleared_at: datetime | None


class BulletinLine(msgspec.Struct, frozen=True):
    number: int
    version: str
    cutoff: datetime
    text: dict[str, str]


class Answers(msgspec.Struct, frozen=True):
    """None where the record cannot say."""

    last_hit: LastHit | None
    deadliest_since: DeadliestSince | None


class Report(msgspec.Struct, frozen=True):
    """
    Attributes:
        chain: `ok`, or what is wrong with the journal.
        sirens: Who answered the last alert of the night, of how many.
        weapons: One count for each publisher; counts of two are never added up.
    """

    scenario: str
    realm: str
    as_of: datetime
    head: int
    chain: str
    alerts: list[AlertLine]
    sirens: Count
    worksites: list[WorksiteLine]
    patients: PatientCounts
    weapons: list[WeaponsCount]
    figures: dict[str, FigureCopy]
    conflicts: list[Conflict]
    bulletins: list[BulletinLine]
    answers: Answers


def report(system: System, scenario: Scenario, as_of: datetime) -> Report:
    """The state of the system as of the scenario's clock, and the answers it gives."""
    zone = scenario.time_zone
    with system.projector.looking() as head:
        views = system.views
        attack = views.attacks.attack(scenario.attack)
        notices = [views.board.last(alert) for alert in views.board.state.notices]
        night = [notice for notice in notices if notice is not None and notice.since >= scenario.starts]
        last = max(night, key=lambda notice: notice.since, default=None)
        return Report(
            scenario=scenario.id,
            realm=system.realm,
            as_of=local(as_of, zone),
            head=head,
            chain=_chain(system),
            alerts=[line for notice in night for line in _alert_lines(notice, zone)],
            sirens=views.sirens.count(last.alert if last else None),
            worksites=views.worksites.report(scenario.attack),
            patients=views.patients.counts(),
            weapons=[] if attack is None else list(attack.counts.values()),
            figures=views.ledger.figures(scenario.attack, as_of),
            conflicts=[c for found in views.ledger.conflicts(scenario.attack, as_of).values() for c in found],
            bulletins=[
                BulletinLine(bulletin.number, bulletin.content.version, bulletin.content.cutoff, bulletin.content.texts)
                for bulletin in reversed(views.bulletins.published(scenario.attack))
            ],
            answers=_answers(system, scenario, attack, as_of),
        )


def _chain(system: System) -> str:
    try:
        verify(system.journal)
    except Corrupt as error:
        return error.message
    return "ok"


def _alert_lines(notice: Notice, zone: str) -> list[AlertLine]:
    over = notice.phase in (Phase.ALL_CLEAR, Phase.CORRECTION)
    cleared = local(notice.sent, zone) if over else None
    return [AlertLine(area, notice.alert, notice.phase, local(notice.since, zone), cleared) for area in notice.areas]


def _answers(system: System, scenario: Scenario, attack: AttackState | None, as_of: datetime) -> Answers:
    if attack is None:
        return Answers(None, None)
    # The question asked that night: when was the city last hit by missiles, before this?
    hit = answers.last_hit(system, scenario.place, attack.start, frozenset(MISSILES))
    try:
        deadliest = answers.deadliest_since(system, scenario.attack, as_of)
    except Unknown:
        deadliest = None
    return Answers(hit, deadliest)

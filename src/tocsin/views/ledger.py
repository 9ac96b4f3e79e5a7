"""The ledger: every claim about every attack, and the figures they give at any time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import msgspec

from tocsin.domain.casualties import (
    SHIPPED,
    Claim,
    ClaimRecorded,
    ClaimRetracted,
    Claims,
    Conflict,
    Counted,
    Feasible,
    Figure,
    Finding,
    Known,
    Lang,
    Measure,
    Policy,
    Scope,
    Series,
    Setting,
    Stratum,
    account,
    evolve,
    figures,
)
from tocsin.domain.casualties.reconcile import bodies, figure_of, history, standing_at, telling_order, weigh_one
from tocsin.domain.record.attacks import AttackOpened
from tocsin.domain.record.details import AttackCorrected
from tocsin.domain.response.worksites import WorksiteOpened, WorksiteReported
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View


class Entry(msgspec.Struct, frozen=True):
    """
    A claim with its place in the journal.

    Attributes:
        recorded, by: When and by whom it was recorded, which is neither when it was true nor when it was said.
        retracted: Why it was taken back; empty if it stands.
    """

    claim: Claim
    position: int
    recorded: Instant
    by: str
    retracted: str = ""


class FigureCopy(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A figure as it leaves the system.

    Attributes:
        high: None while it is open.
        phrase: In English; `phrases` has it in every language.
        feasible: The bounds at `as_of` that follow from all claims together.
        notes: What the sources count in, where they said so.
    """

    low: int
    best: int
    high: int | None
    status: str
    phrase: str
    claims: tuple[str, ...]
    phrases: dict[str, str]
    source: dict[str, str]
    as_of: Instant
    reason: str | None
    reason_note: dict[Lang, str]
    overtaken: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    feasible: Feasible | None = None
    notes: tuple[str, ...] = ()


class Accounted(msgspec.Struct, frozen=True, kw_only=True):
    """
    An attack's figures with what follows from them, as it leaves the system.

    Attributes:
        implied: Bounds of counts that nobody stated, by key.
        readings: Ambiguous claim to the keys of the counts it may be of.
        findings: Every rule that is broken and everything that should be looked at again.
    """

    figures: dict[str, FigureCopy]
    implied: dict[str, Feasible]
    readings: dict[str, tuple[str, ...]]
    findings: tuple[Finding, ...]


class Site(msgspec.Struct, frozen=True):
    """A worksite with what its reports come to: people brought out alive (G7) and dead (G8), by the last one's time."""

    attack: str
    area: str
    alive: int = 0
    dead: int = 0
    reported: Instant | None = None


class LedgerState(msgspec.Struct):
    """
    Attributes:
        attacks: Attack to its claims.
        noted: Attack to claim id to position, time and person of its recording.
        withdrawn: Attack to claim id to when it was retracted.
        starts: Attack to its beginning.
    """

    attacks: dict[str, Claims] = {}
    noted: dict[str, dict[str, tuple[int, Instant, str]]] = {}
    withdrawn: dict[str, dict[str, Instant]] = {}
    starts: dict[str, Instant] = {}
    sites: dict[str, Site] = {}


class _Settled:
    """
    An attack's figures from the moment on that everything said of it was public: until somebody says more, they do not
    change, and one more claim changes one of them.
    """

    def __init__(self, claims: Claims, policy: Policy) -> None:
        self._policy = policy
        self._by_series: dict[Series, list[Claim]] = {}
        self.since = max(max(claim.as_of, claim.published) for claim in claims.standing)
        first = min(claims.standing, key=history)
        self.place, self.began = first.place, first.as_of
        self._standing = standing_at(claims.standing, self.since)
        for claim in self._standing:
            self._by_series.setdefault(claim.series, []).append(claim)
        self._bodies = bodies(self._standing, policy)
        self._figures = {series: self._figure(series) for series in self._by_series}

    def add(self, claim: Claim) -> None:
        """One more claim of an attack in which none supersedes another."""
        self._by_series.setdefault(claim.series, []).append(claim)
        self._standing.append(claim)
        known, self._bodies = self._bodies, bodies(self._standing, self._policy)
        # Who an origin is may be seen only now: then its other figures change as well.
        changed = (claim.series,) if known == self._bodies else tuple(self._by_series)
        self._figures.update({series: self._figure(series) for series in changed})
        self.since = max(self.since, claim.as_of, claim.published)

    def figures(self) -> dict[str, FigureCopy]:
        return {series.key(self.place): self._figures[series] for series in sorted(self._figures, key=telling_order)}

    def _figure(self, series: Series) -> FigureCopy:
        weighed = weigh_one(series, self._by_series[series], self._policy, self._bodies)
        return _copy(figure_of(weighed, self._policy))


class Ledger(View[LedgerState]):
    """
    Args:
        around: Area to the areas around it, nearest first.
        policy: Whom the city believes.
    """

    name: ClassVar[str] = "ledger"
    version: ClassVar[int] = 2

    def __init__(self, around: Mapping[str, Sequence[str]] | None = None, policy: Policy = SHIPPED) -> None:
        super().__init__(LedgerState())
        self._around = around or {}
        self._policy = policy
        self._settled: dict[str, _Settled] = {}

    def load(self, dumped: bytes) -> None:
        super().load(dumped)
        self._settled.clear()

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            ClaimRecorded: self._recorded,
            ClaimRetracted: self._retracted,
            AttackOpened: self._opened,
            AttackCorrected: self._opened,
            WorksiteOpened: self._site,
            WorksiteReported: self._reported,
        }

    def _recorded(self, recorded: Recorded) -> None:
        event: ClaimRecorded = recorded.event
        settled = self._settled.get(event.attack)
        self._fold(recorded)
        earlier = self.state.attacks[event.attack].standing
        if settled and not any(claim.supersedes for claim in earlier) and event.claim.as_of > settled.began:
            settled.add(event.claim)
            self._settled[event.attack] = settled
        noted = self.state.noted.setdefault(event.attack, {})
        noted[event.claim.id] = (recorded.position, recorded.time, recorded.actor.id)

    def _retracted(self, recorded: Recorded) -> None:
        self._fold(recorded)
        event: ClaimRetracted = recorded.event
        self.state.withdrawn.setdefault(event.attack, {})[event.claim] = recorded.time

    def _opened(self, recorded: Recorded) -> None:
        self.state.starts[recorded.event.attack] = recorded.event.start

    def _site(self, recorded: Recorded) -> None:
        event: WorksiteOpened = recorded.event
        self.state.sites[event.worksite] = Site(event.attack, event.area)

    def _reported(self, recorded: Recorded) -> None:
        event: WorksiteReported = recorded.event
        if (site := self.state.sites.get(event.worksite)) is not None:
            last = event.period_end if site.reported is None else max(site.reported, event.period_end)
            self.state.sites[event.worksite] = msgspec.structs.replace(
                site, alive=site.alive + event.live_rescues, dead=site.dead + event.dead_recovered, reported=last
            )

    def _fold(self, recorded: Recorded) -> None:
        event: ClaimRecorded | ClaimRetracted = recorded.event
        self._settled.pop(event.attack, None)
        self.state.attacks[event.attack] = evolve(self.state.attacks.get(event.attack, Claims()), event)

    def attacks(self) -> tuple[str, ...]:
        """Every attack that any claim is about."""
        return tuple(sorted(self.state.attacks))

    def claims(self, attack: str) -> tuple[Entry, ...]:
        """Every claim about an attack in the order of the journal, those taken back too."""
        claims = self.state.attacks.get(attack, Claims())
        noted = self.state.noted.get(attack, {})
        return tuple(
            Entry(claim, *noted[claim.id], claims.retracted.get(claim.id, "")) for claim in claims.by_id.values()
        )

    def figures(self, attack: str, as_of: datetime) -> dict[str, FigureCopy]:
        """
        What was known of an attack at a time: figures by key, such as `killed`, `hospitalised:child`, `injured@C-1`.

        A claim counts once it is published, whenever it was recorded. Claims retracted since do not count.
        """
        claims = self._claims(attack)
        if claims.standing and attack not in self._settled:
            self._settled[attack] = _Settled(claims, self._policy)
        settled = self._settled.get(attack)
        if settled and as_of >= settled.since:
            return settled.figures()
        known = figures(claims, as_of, policy=self._policy)
        return {key: _copy(figure) for key, figure in known.items()}

    def account(
        self, attack: str, as_of: datetime, *, published: datetime | None = None, recorded: datetime | None = None
    ) -> Known:
        """
        Everything that claims tell of an attack.

        Args:
            as_of: What it is told of: the moment the figures are true for.
            published: Count what was public by then; `as_of` when left out.
            recorded: As the ledger stood then: without what was recorded later, with what was retracted later.
        """
        setting = Setting(
            policy=self._policy,
            around=self._around,
            start=self.state.starts.get(attack),
            counted=tuple(self._tallies(attack)),
        )
        return account(self._claims(attack, recorded), as_of, published=published, setting=setting)

    def accounted(self, attack: str, known: Known) -> Accounted:
        """An account in the shape in which it leaves the system."""
        claims = self._claims(attack).by_id
        return Accounted(
            figures={
                key: msgspec.structs.replace(
                    _copy(figure), feasible=known.feasible[key], notes=_notes(claims[id_] for id_ in figure.claims)
                )
                for key, figure in known.figures.items()
            },
            implied=known.implied,
            readings=known.readings,
            findings=known.findings,
        )

    def conflicts(self, attack: str, as_of: datetime) -> dict[str, tuple[Conflict, ...]]:
        """The disagreements behind the figures, by key; keys without one are left out."""
        return {key: figure.conflicts for key, figure in self.figures(attack, as_of).items() if figure.conflicts}

    def _claims(self, attack: str, recorded: datetime | None = None) -> Claims:
        claims = self.state.attacks.get(attack, Claims())
        if recorded is None:
            return claims
        noted, withdrawn = self.state.noted.get(attack, {}), self.state.withdrawn.get(attack, {})
        return Claims(
            {id_: claim for id_, claim in claims.by_id.items() if noted[id_][1] <= recorded},
            {id_: reason for id_, reason in claims.retracted.items() if withdrawn[id_] <= recorded},
        )

    def _tallies(self, attack: str) -> Iterator[Counted]:
        """What the attack's worksites report, as bounds of what is claimed (E10)."""
        for name, site in sorted(self.state.sites.items()):
            if site.attack == attack and site.reported is not None:
                scope, tally = Scope(site.area, name), (f"worksite {name}", "E10")
                alive, dead = (Series(m, Stratum(), scope) for m in (Measure.RESCUED_ALIVE, Measure.KILLED))
                yield Counted(*tally, alive, site.alive, site.alive, site.reported)
                yield Counted(*tally, dead, site.dead, None, site.reported)


def _notes(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim.definition_note for claim in claims if claim.definition_note))


def _copy(figure: Figure) -> FigureCopy:
    return FigureCopy(
        low=figure.low,
        best=figure.best,
        high=figure.high,
        status=figure.status.value,
        phrase=figure.phrase[Lang.EN.value],
        claims=figure.claims,
        phrases=figure.phrase,
        source=figure.source,
        as_of=figure.as_of,
        reason=figure.reason.value if figure.reason else None,
        reason_note=figure.reason_note,
        overtaken=figure.overtaken,
        conflicts=figure.conflicts,
    )

"""The board: what is true of every area now, and every message of every alert."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import msgspec

from tocsin.city.areas import AreaTree
from tocsin.domain.warning import (
    STANDS,
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertRaised,
    AlertUpdated,
    Notice,
    Phase,
    Threat,
)
from tocsin.kernel.event import Event, Instant, Recorded
from tocsin.views.view import Handler, View

VALID_FOR = timedelta(seconds=45)
"""How long a copy of the board may be believed. Three heartbeats: one may be lost, two may be late."""
WINDOW = timedelta(seconds=5)
"""Copies made within one window are byte for byte the same, so that caches can serve the crowd."""

# Which of several alerts over one area speaks for it. An alert outranks everything; an expired one is not known to
# be over, so it outranks an all-clear that was given for another alert.
RANK = {Phase.ALERT: 3, Phase.PRE_ALERT: 2, Phase.EXPIRED: 1}


class AreaState(msgspec.Struct, frozen=True):
    """
    What is true of one area.

    Attributes:
        alert: The alert that speaks for the area, or the last that ended there; empty if there never was one.
        alerts: All alerts that cover the area and are not over, the speaking one first.
        partly: Areas inside this one that are under an alert which does not cover the whole.
        position: Of the event that last changed this.
    """

    area: str
    phase: Phase
    since: Instant | None = None
    threat: Threat | None = None
    alert: str = ""
    alerts: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    texts: dict[str, str] = {}
    position: int = 0


class BoardCopy(msgspec.Struct, frozen=True):
    """The board as it leaves the system. Past `valid_until` the reader knows nothing: UNKNOWN, never safe."""

    realm: str
    position: int
    generated_at: Instant
    valid_until: Instant
    areas: tuple[AreaState, ...]


class BoardState(msgspec.Struct):
    """
    Attributes:
        notices: Every message of every alert, oldest first.
        standing: Area code to the alerts over it that are not over.
        ended: Area code to the last alert that ended there.
    """

    notices: dict[str, list[Notice]] = {}
    standing: dict[str, list[str]] = {}
    ended: dict[str, str] = {}
    changed: Instant | None = None


class Board(View[BoardState]):
    name: ClassVar[str] = "board"

    def __init__(self, tree: AreaTree, realm: str) -> None:
        super().__init__(BoardState())
        self._tree = tree
        self._realm = realm

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            AlertRaised: self._stands,
            AlertUpdated: self._stands,
            AlertCleared: self._ends,
            AlertCancelled: self._ends,
            AlertExpired: self._lapses,
        }

    def _stands(self, recorded: Recorded) -> None:
        event: AlertRaised | AlertUpdated = recorded.event
        self._uncover(event.alert)
        self._note(recorded, event.phase, event.areas, event.threat, event.texts, event.expires)
        self._cover(event.alert, event.areas)

    def _ends(self, recorded: Recorded) -> None:
        event: AlertCleared | AlertCancelled = recorded.event
        self._uncover(event.alert)
        last = self.state.notices[event.alert][-1]
        phase = Phase.ALL_CLEAR if isinstance(event, AlertCleared) else Phase.CORRECTION
        self._note(recorded, phase, event.areas, last.threat, event.texts, last.expires)
        for area in event.areas:
            self.state.ended[area] = event.alert

    def _lapses(self, recorded: Recorded) -> None:
        event: AlertExpired = recorded.event
        last = self.state.notices[event.alert][-1]
        self._note(recorded, Phase.EXPIRED, event.areas, last.threat, last.texts, last.expires)

    def _note(
        self,
        recorded: Recorded,
        phase: Phase,
        areas: tuple[str, ...],
        threat: Threat,
        texts: dict[str, str],
        expires: datetime,
    ) -> None:
        chain = self.state.notices.setdefault(recorded.event.alert, [])
        chain.append(
            Notice(
                alert=recorded.event.alert,
                revision=recorded.event.revision,
                position=recorded.position,
                sent=recorded.time,
                since=chain[0].since if chain else recorded.time,
                phase=phase,
                areas=areas,
                threat=threat,
                texts=texts,
                expires=expires,
                earlier=tuple((notice.revision, notice.sent) for notice in chain),
            )
        )
        self.state.changed = recorded.time

    def _cover(self, alert: str, areas: Iterable[str]) -> None:
        for area in areas:
            self.state.standing.setdefault(area, []).append(alert)

    def _uncover(self, alert: str) -> None:
        for area in self._areas_of(alert):
            covering = self.state.standing.get(area, [])
            if alert in covering:
                covering.remove(alert)
            if not covering:
                self.state.standing.pop(area, None)

    def _areas_of(self, alert: str) -> Collection[str]:
        chain = self.state.notices.get(alert)
        return chain[-1].areas if chain else ()

    def notices(self) -> Iterable[Notice]:
        """Every message of every alert, in no particular order."""
        for chain in self.state.notices.values():
            yield from chain

    def last(self, alert: str) -> Notice | None:
        """The newest message of an alert."""
        chain = self.state.notices.get(alert)
        return chain[-1] if chain else None

    def newest(self) -> str | None:
        """The alert that was raised last, over or not."""
        chains = self.state.notices.values()
        return max((chain[-1] for chain in chains), key=lambda notice: notice.since).alert if chains else None

    def named(self, alert: str) -> frozenset[str]:
        """The areas that the newest message of an alert is about: those it names and those it no longer does."""
        return frozenset(area for notice in self.state.notices[alert][-2:] for area in notice.areas)

    def standing(self) -> list[Notice]:
        """The newest message of each alert that is not over, oldest alert first."""
        alerts = {alert for covering in self.state.standing.values() for alert in covering}
        return sorted((self.state.notices[alert][-1] for alert in alerts), key=lambda notice: notice.since)

    def area(self, code: str) -> AreaState:
        """What is true of an area: the union over itself and its ancestors."""
        chain = self._tree.chain(code)
        covering = {alert for link in chain for alert in self.state.standing.get(link, ())}
        notices = sorted((self.state.notices[alert][-1] for alert in covering), key=_rank, reverse=True)
        partly = tuple(part for part in self._tree.descendants(code) if self._endangered(part)) if self.any() else ()
        if notices:
            return self._said(code, notices[0], tuple(notice.alert for notice in notices), partly)
        ended = [self.state.notices[alert][-1] for link in chain if (alert := self.state.ended.get(link))]
        if ended:
            return self._said(code, max(ended, key=lambda notice: notice.position), (), partly)
        # Nobody has said anything about this area yet, and silence is never an all-clear.
        return AreaState(code, Phase.UNKNOWN, partly=partly)

    def any(self) -> bool:
        """True if any alert stands anywhere."""
        return bool(self.state.standing)

    def _endangered(self, code: str) -> bool:
        return any(self.state.notices[alert][-1].phase in STANDS for alert in self.state.standing.get(code, ()))

    def _said(self, code: str, notice: Notice, alerts: tuple[str, ...], partly: tuple[str, ...]) -> AreaState:
        since = notice.since if notice.phase in STANDS else notice.sent
        return AreaState(
            code, notice.phase, since, notice.threat, notice.alert, alerts, partly, notice.texts, notice.position
        )

    def affected(self, areas: Iterable[str]) -> list[str]:
        """The areas whose state may change when something is said of these: themselves, those inside, those around."""
        reached: dict[str, None] = {}
        for area in areas:
            reached.update(dict.fromkeys((*self._tree.chain(area), *self._tree.descendants(area))))
        return list(reached)

    def copy(self, now: datetime, position: int, areas: Collection[str] | None = None) -> BoardCopy:
        """
        The board, or the part of it for some areas, as it may be handed out.

        Two copies of one position made within one window are equal, so that a cache may serve either.
        """
        codes = self._tree.codes() if areas is None else areas
        window = int(WINDOW.total_seconds())
        start = datetime.fromtimestamp(int(now.timestamp()) // window * window, UTC)
        made = max(start, self.state.changed or start)
        return BoardCopy(self._realm, position, made, made + VALID_FOR, tuple(self.area(code) for code in codes))


def _rank(notice: Notice) -> tuple[int, datetime]:
    return RANK[notice.phase], notice.sent

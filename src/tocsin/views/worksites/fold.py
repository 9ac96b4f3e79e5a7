"""Events to worksites."""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from tocsin.domain.response.teams import TeamArrived, TeamAssigned, TeamReleased
from tocsin.domain.response.worksites import (
    FireReported,
    ImpactsAttached,
    Outcome,
    Stage,
    Task,
    TaskFinished,
    TaskPlanned,
    VictimExtricated,
    VictimsMarked,
    WorksiteCleared,
    WorksiteClosed,
    WorksiteDescribed,
    WorksiteMerged,
    WorksiteNumbered,
    WorksiteOpened,
    WorksiteReopened,
    WorksiteReported,
    WorksiteSplit,
    WorksiteTriaged,
    progressed,
)
from tocsin.kernel.event import Event, Recorded
from tocsin.views.edits import occurred
from tocsin.views.view import Handler, View
from tocsin.views.worksites.state import (
    ClearanceMark,
    LevelDone,
    TeamThere,
    VictimMark,
    Victims,
    WorksiteLine,
    WorksitesState,
    WorksiteState,
)

DESCRIBED = ("lat", "lon", "address", "building", "hazards", "boundary")
"""Fields that people edit from afar."""


class Worksites(View[WorksitesState]):
    name: ClassVar[str] = "worksites"
    version: ClassVar[int] = 2

    def __init__(self) -> None:
        super().__init__(WorksitesState())

    def handlers(self) -> Mapping[type[Event], Handler]:
        return {
            WorksiteOpened: self._opened,
            WorksiteDescribed: self._described,
            ImpactsAttached: self._attached,
            WorksiteMerged: self._merged,
            WorksiteSplit: self._split,
            WorksiteNumbered: self._numbered,
            WorksiteTriaged: self._triaged,
            TaskPlanned: self._planned,
            TaskFinished: self._progressed,
            FireReported: self._progressed,
            WorksiteReported: self._reported,
            VictimExtricated: self._extricated,
            WorksiteCleared: self._cleared,
            VictimsMarked: self._marked,
            WorksiteClosed: self._closed,
            WorksiteReopened: self._reopened,
            TeamAssigned: self._assigned,
            TeamArrived: self._arrived,
            TeamReleased: self._released,
        }

    def _opened(self, recorded: Recorded) -> None:
        event: WorksiteOpened = recorded.event
        said = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "occurred"}
        site = WorksiteState(
            id=said.pop("worksite"),
            kind=said.pop("type"),
            opened_at=occurred(recorded),
            position=recorded.position,
            number=event.worksite,
            **said,
        )
        first = {field: getattr(event, field, ()) for field in DESCRIBED}
        edits, _ = site.edits.write(first, recorded)
        self.state.worksites[site.id] = msgspec.structs.replace(site, edits=edits)

    def _described(self, recorded: Recorded) -> None:
        said = {name: value for name in DESCRIBED if (value := getattr(recorded.event, name)) is not None}
        edits, shown = self._of(recorded).edits.write(said, recorded)
        self._change(recorded, edits=edits, **{name: said[name] for name in shown})

    def _attached(self, recorded: Recorded) -> None:
        impacts = self._of(recorded).impacts
        self._change(recorded, impacts=tuple(dict.fromkeys((*impacts, *recorded.event.impacts))))

    def _merged(self, recorded: Recorded) -> None:
        event: WorksiteMerged = recorded.event
        self._change(recorded, stage=Stage.MERGED, into=event.into)
        other = self.state.worksites[event.into]
        self._put(recorded, other, merged=(*other.merged, event.worksite))

    def _split(self, recorded: Recorded) -> None:
        event: WorksiteSplit = recorded.event
        source = self.state.worksites[event.source]
        left = tuple(impact for impact in source.impacts if impact not in event.impacts)
        self._put(recorded, source, impacts=left)
        self._change(recorded, attack=source.attack)

    def _numbered(self, recorded: Recorded) -> None:
        event: WorksiteNumbered = recorded.event
        site, number = self._of(recorded), f"{event.sector}-{event.number}"
        self.state.named.pop(site.number, None)
        if number != site.id:
            self.state.named[number] = site.id
        former = tuple(each for each in (*site.former, site.number) if each != number)
        self._change(recorded, number=number, former=tuple(dict.fromkeys(former)))

    def _triaged(self, recorded: Recorded) -> None:
        event: WorksiteTriaged = recorded.event
        site = self._of(recorded)
        said = {
            "triage": {"scheme": event.scheme, "category": event.category},
            "missing": event.missing,
            "live_contacts": event.live_contacts,
        }
        if event.survey is not None:
            said["survey"] = event.survey
        edits, shown = site.edits.write(said, recorded)
        changes: dict[str, object] = {}
        if "triage" in shown:
            changes |= {"scheme": event.scheme, "category": event.category}
        if "survey" in shown:
            changes["survey"] = event.survey
        if site.as_of is None or occurred(recorded) >= site.as_of:
            counted = {name: said[name] for name in ("missing", "live_contacts") if name in shown}
            changes |= counted | {"as_of": occurred(recorded)}
        self._change(recorded, edits=edits, **changes)

    def _planned(self, recorded: Recorded) -> None:
        event: TaskPlanned = recorded.event
        tasks = (*self._of(recorded).tasks, Task(event.task, event.operation))
        self._change(recorded, stage=Stage.WORKING, tasks=tasks)

    def _progressed(self, recorded: Recorded) -> None:
        self._change(recorded, tasks=tuple(progressed(task, recorded.event) for task in self._of(recorded).tasks))

    def _reported(self, recorded: Recorded) -> None:
        event: WorksiteReported = recorded.event
        site = self._of(recorded)
        changes: dict[str, object] = {"levels": _levels(site, event)}
        # A form that comes in late tells how it was then; its rescues count, but it is not how the site stands.
        as_of = min(event.period_end, recorded.time)
        latest = site.as_of is None or as_of >= site.as_of
        if latest:
            counted = {"missing": event.missing, "live_contacts": event.live_contacts}
            changes |= {**counted, "as_of": as_of}
        if latest or site.reports == 0:
            changes |= {"asr_level": event.asr_level, "complete": event.complete}
        self._change(
            recorded,
            stage=Stage.WORKING,
            rescued_alive=site.rescued_alive + event.live_rescues,
            recovered_dead=site.recovered_dead + event.dead_recovered,
            reports=event.number,
            **changes,
        )

    def _extricated(self, recorded: Recorded) -> None:
        event: VictimExtricated = recorded.event
        victims = self._of(recorded).victims
        live = event.outcome is Outcome.LIVE
        counted = Victims(victims.live + live, victims.deceased + (not live))
        self._change(recorded, stage=Stage.WORKING, victims=counted)

    def _cleared(self, recorded: Recorded) -> None:
        event: WorksiteCleared = recorded.event
        self._change(recorded, clearance=ClearanceMark(event.mark, event.team, occurred(recorded)))

    def _marked(self, recorded: Recorded) -> None:
        event: VictimsMarked = recorded.event
        marks = {mark.spot: mark for mark in self._of(recorded).marks}
        before = marks[event.spot].counts if event.spot in marks else ()
        marks[event.spot] = VictimMark(event.spot, event.bearing, (*before, (event.live, event.dead)))
        self._change(recorded, marks=tuple(marks.values()))

    def _closed(self, recorded: Recorded) -> None:
        self._change(recorded, stage=Stage.CLOSED, closed_reason=recorded.event.reason)

    def _reopened(self, recorded: Recorded) -> None:
        site = self._of(recorded)
        if site.into:
            other = self.state.worksites[site.into]
            self._put(recorded, other, merged=tuple(each for each in other.merged if each != site.id))
        self._change(recorded, stage=Stage.WORKING, into="", closed_reason="")

    def _assigned(self, recorded: Recorded) -> None:
        event: TeamAssigned = recorded.event
        there = self._team(recorded)
        team = TeamThere(event.team, event.task, on_site=there is not None and there.on_site)
        self._change(recorded, teams=(*self._others(recorded), team))

    def _arrived(self, recorded: Recorded) -> None:
        there = self._team(recorded) or TeamThere(recorded.event.team)
        self._change(recorded, teams=(*self._others(recorded), msgspec.structs.replace(there, on_site=True)))

    def _released(self, recorded: Recorded) -> None:
        self._change(recorded, teams=self._others(recorded))

    def _team(self, recorded: Recorded) -> TeamThere | None:
        return next((team for team in self._of(recorded).teams if team.team == recorded.event.team), None)

    def _others(self, recorded: Recorded) -> tuple[TeamThere, ...]:
        return tuple(team for team in self._of(recorded).teams if team.team != recorded.event.team)

    def _of(self, recorded: Recorded) -> WorksiteState:
        return self.state.worksites[recorded.event.worksite]

    def _change(self, recorded: Recorded, **changes: object) -> None:
        self._put(recorded, self._of(recorded), **changes)

    def _put(self, recorded: Recorded, site: WorksiteState, **changes: object) -> None:
        self.state.worksites[site.id] = msgspec.structs.replace(site, position=recorded.position, **changes)

    def worksite(self, worksite: str) -> WorksiteState | None:
        """A worksite by the id it was opened under, or by the number it has now."""
        site = self.state.worksites.get(worksite) or self.state.worksites.get(self.state.named.get(worksite, ""))
        return None if site is None else self._whole(site)

    def _whole(self, site: WorksiteState) -> WorksiteState:
        """With what was found at the sites that turned out to be this one. Their own lines stay what they were."""
        parts = [self._whole(self.state.worksites[each]) for each in site.merged]
        if not parts:
            return site
        return msgspec.structs.replace(
            site,
            rescued_alive=site.rescued_alive + sum(part.rescued_alive for part in parts),
            recovered_dead=site.recovered_dead + sum(part.recovered_dead for part in parts),
            impacts=tuple(dict.fromkeys(impact for each in (site, *parts) for impact in each.impacts)),
            hazards=tuple(dict.fromkeys(hazard for each in (site, *parts) for hazard in each.hazards)),
        )

    def all(self, attack: str | None = None) -> list[WorksiteState]:
        """All worksites, or those of one attack, by id."""
        sites = self.state.worksites.values()
        found = sorted((site for site in sites if attack in (None, site.attack)), key=lambda site: site.id)
        return [self._whole(site) for site in found]

    def report(self, attack: str | None = None) -> list[WorksiteLine]:
        """The worksites as the report of a replay has them. One that was merged counts where it went."""
        return [
            WorksiteLine(site.id, site.kind, site.category, site.rescued_alive, site.recovered_dead)
            for site in self.all(attack)
            if site.stage is not Stage.MERGED
        ]


def _levels(site: WorksiteState, event: WorksiteReported) -> tuple[LevelDone, ...]:
    if event.account is None or not event.account.level_complete:
        return site.levels
    done = [LevelDone(team, event.asr_level, event.period_end) for team in event.account.teams or ("",)]
    return tuple(sorted((*site.levels, *done), key=lambda level: (level.at, level.asr_level, level.team)))

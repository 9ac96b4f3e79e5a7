"""Whether warnings came before hits, by how much, and how many alerts were followed by nothing on record."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import msgspec

from tocsin.domain.record.attacks import HitRecorded
from tocsin.flow.record.asked import Asked, choose
from tocsin.flow.system import System
from tocsin.kernel.event import Instant
from tocsin.views.history import OWN, Index
from tocsin.views.history.index import Alerts
from tocsin.views.history.spans import Spans

AFTER = timedelta(minutes=15)
"""How long after an alert's end a hit still counts as its own: ends and hits are both told by the minute at best."""


class Lead(msgspec.Struct, frozen=True, kw_only=True):
    """
    One hit.

    Attributes:
        seconds: From the beginning of the unbroken alert to the hit; None: no alert stood.
        low, high: Within the precision of the hit's time. Below zero: it may have come before the alert.
    """

    hit: str
    area: str
    time: Instant
    alert_since: Instant | None
    seconds: float | None
    low: float | None
    high: float | None


class LeadBySource(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        warned: Hits while an alert stood; `unwarned`: while none did; `may_be_late`: of the warned, those whose time is
            known so roughly that they may have come first.
        median, shortest: Seconds, over the warned.
    """

    source: str
    warned: int
    unwarned: int
    may_be_late: int
    median: float | None
    shortest: float | None
    hits: list[Lead]


class LeadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        not_covered: Hits at a time for which no source has alerts.
    """

    sources: list[LeadBySource]
    not_covered: tuple[str, ...]
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]


class FalseBySource(msgspec.Struct, frozen=True, kw_only=True):
    """
    The alerts of one source, each in one of these.

    Attributes:
        hit: Something came down there meanwhile, or within a quarter of an hour.
        aimed: No hit on record, but launches aimed at the place or a part of it.
        possible: Only launches aimed at something around it, such as the whole country.
        nothing: Nothing on record.
        cancelled: Of `nothing`, those that whoever raised them took back as false. Known of our own only.
        share_low, share_high: Share of false alarms: if all possible launches came here, and if none did.
    """

    source: str
    alerts: int
    hit: int
    aimed: int
    possible: int
    nothing: int
    cancelled: int
    share_low: float | None
    share_high: float | None


class FalseAlarmAnswer(msgspec.Struct, frozen=True, kw_only=True):
    sources: list[FalseBySource]
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]


def lead_times(system: System, asked: Asked) -> LeadAnswer:
    """
    For how long an alert had stood when each hit came, by each source of alerts.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        chosen = choose(system, asked)
        index = system.views.history.index(asked.recorded)
    hits = [hit for each in chosen.sure for hit in each.hits]
    found = [_by_source(index, alerts, hits) for alerts in index.alerts.values()]
    sources = [each for each in found if each.hits]
    covered = {lead.hit for each in sources for lead in each.hits}
    return LeadAnswer(
        sources=sources,
        not_covered=tuple(ref for hit in hits if (ref := _ref(hit)) not in covered),
        definition={
            "uk": "Від початку безперервної тривоги для місця ураження або території довкола нього до ураження.",
            "en": "From the beginning of the unbroken alert for the place of the hit or an area around it to the hit.",
        },
        would_change=(
            {
                "uk": "Точніший час ураження: багато з них відомі лише з точністю до години й більше.",
                "en": "A more exact time of a hit: many are known to an hour at best.",
            },
            {
                "uk": "Попереджувальна тривога чи повідомлення, яких немає в даних.",
                "en": "A pre-alert or a message that is not in the data.",
            },
        ),
    )


def _by_source(index: Index, alerts: Alerts, hits: Sequence[HitRecorded]) -> LeadBySource:
    here = [hit for hit in hits if _covered(alerts.covers(index.path(hit.area)), hit.time.timestamp())]
    leads = [_lead(hit, alerts.spans(index.path(hit.area), inside=False)) for hit in here]
    known = [each.seconds for each in leads if each.seconds is not None]
    return LeadBySource(
        source=alerts.name,
        warned=len(known),
        unwarned=len(leads) - len(known),
        may_be_late=sum(1 for each in leads if each.low is not None and each.low < 0),
        median=median(known) if known else None,
        shortest=min(known, default=None),
        hits=leads,
    )


def _covered(covers: tuple[float, float] | None, moment: float) -> bool:
    return covers is not None and covers[0] <= moment <= covers[1]


def _lead(hit: HitRecorded, spans: Spans) -> Lead:
    moment = hit.time.timestamp()
    since = spans.since(moment)
    seconds = None if since is None else moment - since
    doubt = hit.precision_minutes * 60.0
    return Lead(
        hit=_ref(hit),
        area=hit.area,
        time=hit.time,
        alert_since=None if since is None else datetime.fromtimestamp(since, UTC),
        seconds=seconds,
        low=None if seconds is None else seconds - doubt,
        high=None if seconds is None else seconds + doubt,
    )


def false_alarms(system: System, asked: Asked) -> FalseAlarmAnswer:
    """
    What share of a place's alerts was followed by nothing on record, by each source of alerts.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        chosen = choose(system, msgspec.structs.replace(asked, start=None, end=None))
        index = system.views.history.index(asked.recorded)
        cancelled = [
            (index.path(area), start.timestamp())
            for own in system.views.history.state.own.values()
            if own.ended_by == "cancelled"
            for area, start in own.starts.items()
        ]
    path, launches = index.path(asked.place or "UA"), index.launches
    aimed, possible = launches.windows(path, asked.weapon)
    doubt = AFTER.total_seconds()
    hits = Spans(
        (
            hit.time.timestamp() - hit.precision_minutes * 60 - doubt,
            hit.time.timestamp() + hit.precision_minutes * 60 + 1,
        )
        for each in chosen.sure
        for hit in each.hits
    )
    window = (
        asked.start.timestamp() if asked.start else float("-inf"),
        min(asked.as_of, asked.end or asked.as_of).timestamp(),
    )
    sources = [
        _false(alerts, path, window, (hits, aimed, possible), cancelled if name == OWN else [])
        for name, alerts in index.alerts.items()
    ]
    return FalseAlarmAnswer(
        sources=[each for each in sources if each.alerts],
        definition={
            "uk": "Частка тривог, під час яких і за чверть години після яких у записах немає ні ураження цього місця, "
            "ні запусків на нього. Тривога, під час якої щось запущено й збито, не є хибною.",
            "en": "The share of alerts during which, and for a quarter of an hour after which, the record has neither "
            "a hit on the place nor launches at it. An alert during which something was launched and shot down was not "
            "false.",
        },
        would_change=(
            {
                "uk": "Ураження й запуски, яких немає в записах; запуски, про які сказано лише «Україна».",
                "en": "Hits and launches that are not on record; launches of which only `Ukraine` is said.",
            },
            {
                "uk": "Злети носіїв, через які тривогу оголошують без жодного запуску: їх тут враховано як хибні.",
                "en": "Take-offs of carriers, for which alerts are raised without a launch: here they count as false.",
            },
        ),
    )


def _false(
    alerts: Alerts,
    path: str,
    window: tuple[float, float],
    spans: tuple[Spans, Spans, Spans],
    cancelled: Sequence[tuple[str, float]],
) -> FalseBySource:
    whole = alerts.spans(path, inside=False)
    counts = [0, 0, 0, 0]
    taken_back = 0
    for start, end in zip(whole.starts, whole.ends, strict=True):
        if not window[0] <= start < window[1]:
            continue
        what = next((number for number, each in enumerate(spans) if each.count(start, end)), 3)
        counts[what] += 1
        taken_back += what == 3 and any(path.startswith(area) and start <= at <= end for area, at in cancelled)
    hit, aimed, possible, nothing = counts
    total = sum(counts)
    return FalseBySource(
        source=alerts.name,
        alerts=total,
        hit=hit,
        aimed=aimed,
        possible=possible,
        nothing=nothing,
        cancelled=taken_back,
        share_low=nothing / total if total else None,
        share_high=(nothing + possible) / total if total else None,
    )


def _ref(hit: HitRecorded) -> str:
    return f"{hit.attack}/{hit.hit}"

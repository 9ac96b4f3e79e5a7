"""How many and how often: counts and rates for a place and a window, and one month beside the month before it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from tocsin.flow.record.asked import Asked, Chosen, Fits, choose, injured_in, killed_in
from tocsin.flow.system import System
from tocsin.kernel.event import Instant
from tocsin.views.attacks import KilledBounds
from tocsin.views.history.launches import Sum, add_up, select

MONTH = timedelta(days=30)


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """
    A count as a rate.

    Attributes:
        days: Of the window.
        low, high: The exact 95 % interval of a Poisson rate (Garwood 1936). It takes events for independent.
    """

    days: float
    per_30_days: float
    low: float
    high: float


class AlertCount(msgspec.Struct, frozen=True):
    """Stretches under alert in the window, by one source."""

    source: str
    alerts: int


class CountAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        attacks, hits: On the record. `possible_`: those that may belong to them too, one by one.
        launches: Of the data sets.
        rate: Of the attacks; None without both ends of the window.
        claims: The attacks, and the hits as `attack/hit`, that were counted.
    """

    asked: Asked
    attacks: int
    hits: int
    possible_attacks: tuple[str, ...]
    possible_hits: tuple[str, ...]
    rate: Rate | None
    launches: Sum
    alerts: list[AlertCount]
    claims: tuple[str, ...]
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]


class Toll(msgspec.Struct, frozen=True, kw_only=True):
    """
    Casualties of several attacks together.

    Attributes:
        best: Over the attacks that have a best figure.
        high: None while any attack's is open.
        unknown: Attacks of which nobody has said.
    """

    low: int
    best: int
    high: int | None
    unknown: tuple[str, ...]
    claims: tuple[str, ...]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    start: Instant
    end: Instant
    attacks: int
    possible_attacks: int
    hits: int
    launches: Sum
    killed: Toll
    injured: Toll


class MonthsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        change: By what: this month over the one before, less one. Left out where that one had none.
    """

    this: Month
    before: Month
    change: dict[str, float]
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]


def count(system: System, asked: Asked) -> CountAnswer:
    """
    How many attacks, hits, launches and alerts there were in a place and a window.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        chosen = choose(system, asked)
        launches = _launches(system, asked)
        alerts = _alerts(system, asked)
    return CountAnswer(
        asked=asked,
        attacks=len(chosen.sure),
        hits=sum(len(each.hits) for each in chosen.sure),
        possible_attacks=tuple(each.attack.attack for each in chosen.possible),
        possible_hits=tuple(
            f"{each.attack.attack}/{hit.hit}" for each in (*chosen.sure, *chosen.possible) for hit in each.possible
        ),
        rate=_rate(len(chosen.sure), asked.start, asked.end),
        launches=launches,
        alerts=alerts,
        claims=tuple(ref for each in chosen.sure for ref in _refs(each)),
        definition={
            "uk": "Атаки за записами, що почалися в цьому проміжку й уразили це місце або були на нього; ураження в "
            "них; запуски за наборами даних, спрямовані на це місце; тривоги за кожним джерелом окремо.",
            "en": "Recorded attacks that began in the window and hit the place or were on it; their hits there; "
            "launches of the data sets aimed at the place; alerts by each source on its own.",
        },
        would_change=_doubts(chosen, launches),
    )


def months(system: System, asked: Asked) -> MonthsAnswer:
    """
    Strikes and casualties in the thirty days before `asked.as_of` beside the thirty before those.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        this = _month(system, asked, asked.as_of - MONTH, asked.as_of)
        before = _month(system, asked, asked.as_of - 2 * MONTH, asked.as_of - MONTH)
    pairs = {
        "attacks": (this.attacks, before.attacks),
        "hits": (this.hits, before.hits),
        "launched": (this.launches.launched, before.launches.launched),
        "killed": (this.killed.best, before.killed.best),
        "injured": (this.injured.best, before.injured.best),
    }
    return MonthsAnswer(
        this=this,
        before=before,
        change={name: new / old - 1 for name, (new, old) in pairs.items() if old},
        definition={
            "uk": "Тридцять діб до цієї миті порівняно з тридцятьма добами перед ними. Загиблі й поранені належать до "
            "доби, коли почалася атака, хоч би коли вони померли; суми меж є межами суми.",
            "en": "The thirty days before the moment beside the thirty before those. Killed and injured belong to the "
            "attack's beginning, whenever they died; sums of bounds are bounds of the sum.",
        },
        would_change=(
            {
                "uk": "Пізніші уточнення про недавні атаки: давніші мали більше часу, щоб бути уточненими.",
                "en": "Later revisions of recent attacks: the older ones have had more time to be revised.",
            },
            {
                "uk": "Атаки, про які ще ніхто не сказав скільки: їх названо.",
                "en": "Attacks of which nobody has said how many: they are named.",
            },
        ),
    )


def _month(system: System, asked: Asked, start: datetime, end: datetime) -> Month:
    window = msgspec.structs.replace(asked, start=start, end=end)
    chosen = choose(system, window)
    attacks = [each.attack.attack for each in chosen.sure]
    killed = {each: killed_in(system, each, asked.as_of, asked.recorded) for each in attacks}
    injured = {each: injured_in(system, each, asked.as_of, asked.recorded) for each in attacks}
    return Month(
        start=start,
        end=end,
        attacks=len(attacks),
        possible_attacks=len(chosen.possible),
        hits=sum(len(each.hits) for each in chosen.sure),
        launches=_launches(system, window),
        killed=_toll(killed.items()),
        injured=_toll(injured.items()),
    )


def _toll(attacks: Iterable[tuple[str, KilledBounds | None]]) -> Toll:
    listed = list(attacks)
    known = [bounds for _, bounds in listed if bounds is not None]
    highs = [bounds.high for bounds in known if bounds.high is not None]
    unknown = tuple(attack for attack, bounds in listed if bounds is None)
    return Toll(
        low=sum(bounds.low for bounds in known),
        best=sum(bounds.low if bounds.best is None else bounds.best for bounds in known),
        high=sum(highs) if len(highs) == len(listed) else None,
        unknown=unknown,
        claims=tuple(claim for bounds in known for claim in bounds.claims),
    )


def _launches(system: System, asked: Asked) -> Sum:
    index = system.views.history.index(asked.recorded)
    start = None if asked.start is None else asked.start.timestamp()
    # What began after the moment of the question does not count.
    end = min(asked.as_of, asked.end or asked.as_of).timestamp()
    path = index.path(asked.place or "UA")
    return add_up(index.launches, *select(index.launches, path, start, end, asked.weapon, asked.source))


def _alerts(system: System, asked: Asked) -> list[AlertCount]:
    if not asked.place:
        return []
    index = system.views.history.index(asked.recorded)
    path, end = index.path(asked.place), min(asked.as_of, asked.end or asked.as_of).timestamp()
    found: list[AlertCount] = []
    for name, alerts in index.alerts.items():
        if (covers := alerts.covers(path)) is not None:
            start = covers[0] if asked.start is None else asked.start.timestamp()
            found.append(AlertCount(name, alerts.spans(path, inside=False).count(start, end)))
    return found


def _rate(number: int, start: datetime | None, end: datetime | None) -> Rate | None:
    if start is None or end is None:
        return None
    from scipy.special import gammaincinv

    days = (end - start) / timedelta(days=1)
    low = float(gammaincinv(number, 0.025)) if number else 0.0
    high = float(gammaincinv(number + 1, 0.975))
    scale = 30 / days
    return Rate(days=days, per_30_days=number * scale, low=low * scale, high=high * scale)


def _refs(fits: Fits) -> list[str]:
    return [fits.attack.attack, *(f"{fits.attack.attack}/{hit.hit}" for hit in fits.hits)]


def _doubts(chosen: Chosen, launches: Sum) -> tuple[dict[str, str], ...]:
    found = [
        {
            "uk": "Атаки, яких немає в записах: записи не доводять, що їх не було.",
            "en": "Attacks that are not on record: the record does not prove that there were none.",
        }
    ]
    if chosen.possible or any(each.possible for each in chosen.sure):
        found.append(
            {
                "uk": "Названі тут можливі атаки й ураження, коли стане відомо, чим уражено чи скільки загинуло.",
                "en": "The possible attacks and hits named here, once it is known by what, or how many were killed.",
            }
        )
    if launches.possible_rows:
        found.append(
            {
                "uk": f"{launches.possible_rows} рядків, що називають ширше місце або кілька класів.",
                "en": f"{launches.possible_rows} rows that name a wider place, or several classes.",
            }
        )
    if len(launches.by_reporter) > 1:
        found.append(
            {
                "uk": "Різні джерела могли порахувати ті самі засоби: суми за джерелами подано окремо.",
                "en": "Different reporters may have counted the same weapons: their sums are given apart.",
            }
        )
    return tuple(found)

"""What was launched, intercepted and lost: sums with bounds, by period and weapon, and how unusual a night was."""

import datetime as dt
from collections.abc import Collection, Iterable
from enum import StrEnum

import msgspec
import numpy as np
import numpy.typing as npt

from tocsin.domain.record.attacks import WEAPONS, WeaponClass
from tocsin.views.history.index import KINDS, Index, Launches, Mask
from tocsin.views.history.unusual import Fit, fit

CITED = 50
"""Rows that an answer cites one by one. Of more, it names the data sets and how many there are."""
WINDOW = 365
"""Nights before the one in question that it is compared with."""
FEWEST = 30
"""Nights below which no model is fitted."""


class Period(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """
    Sums over rows.

    Attributes:
        rows: How many say something of this.
        launched, intercepted, lost, still_airborne: Over the rows that say so.
        not_said: Rows that do not say how many were launched: the true sum is at least `launched`.
        possible_rows, possible_launched: Rows that may belong here too: of a wider place, or of several classes.
        by_reporter: Launched, by whoever counted. Two of them may have counted the same weapons.
    """

    rows: int
    launched: int
    intercepted: int
    lost: int
    still_airborne: int
    not_said: int
    possible_rows: int
    possible_launched: int
    by_reporter: dict[str, int]
    cited: tuple[str, ...]


class Interception(msgspec.Struct, frozen=True, kw_only=True):
    """
    One class of weapon in one period.

    Attributes:
        weapon: A class; `joined` for rows that count several classes as one.
        share: Of those launched, intercepted, over the rows that say both. None if none does.
        share_low, share_high: If of the other rows' weapons none, or all, had been intercepted.
        without_effect: Intercepted or lost, as a share of the launched: what did not reach its goal.
    """

    period: str
    weapon: str
    rows: int
    launched: int
    intercepted: int
    lost: int
    share: float | None
    share_low: float | None
    share_high: float | None
    without_effect: float | None


class InterceptionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]
    rows: list[Interception]
    datasets: tuple[str, ...]


class Unusual(msgspec.Struct, frozen=True, kw_only=True):
    """
    How unusual a night was among those before it.

    Attributes:
        count: Launched that night.
        nights, mean, variance: Of the nights it is compared with.
        at_least: Share of them with as many or more, as they were.
        rank: Place among them and itself, 1 being the most; `ties` nights share it.
        model: Fitted to them; None with too few.
        tail: Probability of as many or more on one night, by the model.
        return_nights: One night in so many, by the model.
        last: The last night before it with as many or more.
    """

    night: dt.date
    place: str
    count: int
    not_said: int
    since: dt.date
    nights: int
    mean: float
    variance: float
    at_least: float
    rank: int
    ties: int
    last: dt.date | None
    model: Fit | None
    tail: float | None
    return_nights: float | None
    definition: dict[str, str]
    assumptions: tuple[dict[str, str], ...]
    would_change: tuple[dict[str, str], ...]
    cited: tuple[str, ...]


def select(
    launches: Launches,
    place: str,
    start: float | None,
    end: float | None,
    classes: Collection[WeaponClass] | None,
    source: str = "",
) -> tuple[Mask, Mask]:
    """Rows that surely are of this place, window, classes and reporter, and those that may be besides."""
    here, maybe_here = launches.at(place)
    these, maybe_these = launches.of_classes(classes)
    then = launches.between(start, end)
    if source:
        then = then & (np.char.find(np.char.lower(launches.reporters), source.casefold()) >= 0)
    surely = here & these & then
    return surely, maybe_here & maybe_these & then & ~surely


def add_up(launches: Launches, surely: Mask, maybe: Mask) -> Sum:
    by: dict[str, int] = {}
    for index in np.flatnonzero(surely):
        if not np.isnan(number := launches.launched[index]):
            name = str(launches.reporters[index])
            by[name] = by.get(name, 0) + int(number)
    return Sum(
        rows=int(surely.sum()),
        launched=_total(launches.launched, surely),
        intercepted=_total(launches.intercepted, surely),
        lost=_total(launches.lost, surely),
        still_airborne=_total(launches.still_airborne, surely),
        not_said=int(np.isnan(launches.launched[surely]).sum()),
        possible_rows=int(maybe.sum()),
        possible_launched=_total(launches.launched, maybe),
        by_reporter=dict(sorted(by.items(), key=lambda each: (-each[1], each[0]))),
        cited=_cite(launches, surely),
    )


def interception(
    index: Index,
    place: str,
    period: Period,
    start: dt.datetime | None,
    end: dt.datetime | None,
    classes: Collection[WeaponClass] | None = None,
    source: str = "",
) -> InterceptionAnswer:
    """What share of each class was intercepted, period by period, by the nights of the windows."""
    launches = index.launches
    chosen, _ = select(launches, place, _seconds(start), _seconds(end), None, source)
    if classes is not None:
        chosen = chosen & np.isin(launches.kind, [KINDS.index(each.value) for each in classes])
    return InterceptionAnswer(
        definition={
            "uk": "Частка збитих серед запущених, за рядками, де сказано обидва числа. Межі: якби в решті рядків не "
            "збито нічого або збито все. «Joined»: рядки, що рахують кілька класів разом; їх не поділено.",
            "en": "Intercepted as a share of launched, over the rows that state both. Bounds: had nothing, or "
            "everything, of the other rows been intercepted. `joined`: rows that count several classes as one; they "
            "are not divided.",
        },
        would_change=(
            {
                "uk": "Нове видання даних; чиясь інша лічба: це слова однієї сторони.",
                "en": "A newer edition of the data; anybody else's count: these are the words of one side.",
            },
        ),
        rows=_shares(launches, chosen, period),
        datasets=_datasets(launches, chosen),
    )


def unusual(
    index: Index,
    place: str,
    night: dt.date,
    classes: Collection[WeaponClass] | None = None,
    window: int = WINDOW,
    source: str = "",
) -> Unusual:
    """
    How unusual a night's launches were: beside the nights before it, and by a model of counts fitted to them.

    Args:
        window: How many nights before it are compared, fewer where the record begins later.
        source: Part of the name of whoever counted: two reporters may count the same weapons.
    """
    launches = index.launches
    surely, maybe = select(launches, place, None, None, classes, source)
    chosen = surely & ~np.isnan(launches.launched)
    ordinal = night.toordinal()
    first = int(launches.night.min()) if len(launches.rows) else ordinal
    since = max(ordinal - window, first)
    sums = np.bincount(
        np.clip(launches.night[chosen] - since, 0, None),
        weights=np.where(launches.night[chosen] >= since, launches.launched[chosen], 0.0),
        minlength=ordinal - since + 1,
    )
    before, count = sums[: ordinal - since].astype(int), int(sums[ordinal - since])
    model = fit(before) if len(before) >= FEWEST else None
    tail = model.tail(count) if model else None
    as_many = np.flatnonzero(before >= count)
    tonight = chosen & (launches.night == ordinal)
    return Unusual(
        night=night,
        place=place,
        count=count,
        not_said=int((surely & (launches.night == ordinal) & np.isnan(launches.launched)).sum()),
        since=dt.date.fromordinal(since),
        nights=len(before),
        mean=float(before.mean()) if len(before) else 0.0,
        variance=float(before.var(ddof=1)) if len(before) > 1 else 0.0,
        at_least=len(as_many) / len(before) if len(before) else 0.0,
        rank=int((before > count).sum()) + 1,
        ties=int((before == count).sum()),
        last=dt.date.fromordinal(since + int(as_many[-1])) if len(as_many) else None,
        model=model,
        tail=tail,
        return_nights=1 / tail if tail else None,
        definition=_compared(classes, len(before)),
        assumptions=ASSUMPTIONS if model else (),
        would_change=_doubts(int((maybe & (launches.night == ordinal)).sum()), set(launches.reporters[tonight])),
        cited=_cite(launches, tonight),
    )


ASSUMPTIONS: tuple[dict[str, str], ...] = (
    {
        "uk": "Ночі незалежні одна від одної. Насправді великі атаки часто йдуть одна за одною.",
        "en": "Nights are independent of each other. In truth large attacks often follow one another.",
    },
    {
        "uk": "Усі ночі цього проміжку мають один розподіл. Насправді запусків із часом більшає або меншає.",
        "en": "All nights of the window have one distribution. In truth launches become more, or fewer, with time.",
    },
    {
        "uk": "Ніч без рядка є ніччю без запусків, а не ніччю, про яку ніхто не сказав.",
        "en": "A night without a row is one without launches, not one of which nobody spoke.",
    },
    {
        "uk": "Кількість за ніч має від'ємний біноміальний розподіл; його середнє й розсіювання оцінено методом "
        "найбільшої правдоподібності. Де розсіювання не більше за середнє, взято розподіл Пуассона.",
        "en": "A night's count is negative binomial, its mean and dispersion fitted by maximum likelihood. Where the "
        "variance does not exceed the mean, Poisson's distribution is taken.",
    },
)


def _compared(classes: Collection[WeaponClass] | None, nights: int) -> dict[str, str]:
    words = {
        lang: ", ".join(WEAPONS[each][lang] for each in WeaponClass if each in classes)
        if classes is not None
        else {"uk": "усе", "en": "everything"}[lang]
        for lang in ("uk", "en")
    }
    return {
        "uk": f"Скільки запущено за ніч, порівняно з {nights} попередніми ночами за тими самими даними. Враховано: "
        f"{words['uk']}. Ніч має дату, якою закінчується проміжок рядка за місцевим часом.",
        "en": f"How many were launched in a night, beside the {nights} nights before it in the same data. Counted: "
        f"{words['en']}. A night bears the date on which the row's window ends by local time.",
    }


def _doubts(possible: int, reporters: Collection[str]) -> tuple[dict[str, str], ...]:
    several = {
        "uk": f"Рахували кілька джерел ({', '.join(sorted(reporters))}) й, може, ті самі засоби: оберіть одне.",
        "en": f"Several counted ({', '.join(sorted(reporters))}), perhaps the same weapons: ask for one reporter only.",
    }
    return (
        *([several] if len(reporters) > 1 else []),
        {
            "uk": f"Ще {possible} рядків цієї ночі могли б сюди належати: вони називають ширше місце або інші класи.",
            "en": f"{possible} more rows of this night may belong here: they name a wider place, or other classes too.",
        },
        {
            "uk": "Інший проміжок порівняння; нове видання даних.",
            "en": "Another window of comparison; a newer edition of the data.",
        },
    )


def _shares(launches: Launches, chosen: Mask, period: Period) -> list[Interception]:
    """One row for each period and kind, in that order, all summed in one pass."""
    labels, of = launches.periods(period.value, lambda night: _label(night, period))
    group = of * len(KINDS) + launches.kind
    said = ~np.isnan(launches.launched)
    both = said & ~np.isnan(launches.intercepted)

    def summed(rows: Mask, column: npt.NDArray[np.float64] | None = None) -> list[int]:
        weights = None if column is None else np.nan_to_num(column[rows])
        return [int(each) for each in np.bincount(group[rows], weights, len(labels) * len(KINDS))]

    rows, every = summed(chosen), summed(chosen & said, launches.launched)
    stated = summed(chosen & both, launches.launched)
    intercepted, lost = (summed(chosen & both, each) for each in (launches.intercepted, launches.lost))
    return [
        Interception(
            period=labels[number // len(KINDS)],
            weapon=KINDS[number % len(KINDS)],
            rows=rows[number],
            launched=every[number],
            intercepted=intercepted[number],
            lost=lost[number],
            share=intercepted[number] / stated[number] if stated[number] else None,
            share_low=intercepted[number] / every[number] if every[number] else None,
            share_high=(intercepted[number] + every[number] - stated[number]) / every[number]
            if every[number]
            else None,
            without_effect=min(1.0, (intercepted[number] + lost[number]) / stated[number]) if stated[number] else None,
        )
        for number in range(len(rows))
        if rows[number]
    ]


def _label(night: dt.date, period: Period) -> str:
    match period:
        case Period.MONTH:
            return f"{night:%Y-%m}"
        case Period.QUARTER:
            return f"{night.year}-Q{(night.month + 2) // 3}"
        case Period.YEAR:
            return f"{night.year}"


def _total(column: npt.NDArray[np.float64], rows: Mask) -> int:
    return int(np.nansum(column[rows]))


def _cite(launches: Launches, rows: Mask) -> tuple[str, ...]:
    found = np.flatnonzero(rows)
    return tuple(launches.refs[index] for index in found) if len(found) <= CITED else _datasets(launches, rows)


def _datasets(launches: Launches, rows: Mask) -> tuple[str, ...]:
    names: Iterable[str] = (launches.refs[index].partition("/")[0] for index in np.flatnonzero(rows))
    return tuple(dict.fromkeys(names))


def _seconds(moment: dt.datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()

"""Two ledgers side by side: what was counted person by person, and what sources state, with the difference in words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import msgspec

from tocsin.domain.casualties.claims import Measure, Role, Series, Sex, Span
from tocsin.domain.casualties.findings import Finding, name_of
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.reconcile import Figure
from tocsin.domain.casualties.words import EN, RULES, UK


class Joined(msgspec.Struct, frozen=True, kw_only=True):
    """
    One count in both ledgers.

    Attributes:
        counted: Persons in our registers, each once.
        claimed: The best figure that sources state; None if nobody stated any.
        difference: Claimed less counted.
        why: What the difference means, by language.
    """

    counted: int
    claimed: int | None
    difference: int | None
    why: dict[str, str]


_ONLY_COUNTED = {
    EN: "{counted} counted one by one; no source has stated this figure",
    UK: "{counted} обліковано поіменно; жодне джерело цього числа не називало",
}
_AGREE = {
    EN: "the persons counted one by one and the stated figure agree",
    UK: "поіменний облік і назване число збігаються",
}
_MORE_CLAIMED = {
    EN: "{more} more stated than counted one by one: they are in none of our registers, because they were treated "
    "elsewhere, came by themselves, or are not entered yet",
    UK: "названо на {more} більше, ніж обліковано поіменно: цих людей немає в наших реєстрах, бо їм допомогли деінде, "
    "вони звернулися самі або їх ще не внесено",
}
_MORE_COUNTED = {
    EN: "{more} more counted one by one than stated: the figure is older than our registers",
    UK: "поіменно обліковано на {more} більше, ніж названо: це число давніше за наші реєстри",
}
_DOUBLED = {
    EN: "; {pairs} pairs of entries may be one person each",
    UK: "; можливих повторів серед записів: {pairs}",
}


REGISTERED = frozenset(
    {
        Measure.KILLED,
        Measure.INJURED,
        Measure.HOSPITALISED,
        Measure.TREATED_ON_SCENE,
        Measure.DISCHARGED,
        Measure.DIED_IN_HOSPITAL,
    }
)
"""What can be counted person by person."""


def join(counted: Mapping[str, int], figures: Mapping[str, Figure], doubtful: int) -> dict[str, Joined]:
    """
    Every count that the registers can tell, by key; empty where they have nobody.

    Args:
        counted: Persons by key.
        doubtful: How many pairs of entries may be one person and were not judged yet.
    """
    if not counted:
        return {}
    stated = [key for key, figure in figures.items() if _comparable(figure.series)]
    keys = dict.fromkeys((*stated, *sorted(counted)))
    return {key: _join(counted.get(key, 0), figures.get(key), doubtful) for key in keys}


def _comparable(series: Series) -> bool:
    stratum = series.stratum
    whole = stratum.sex is Sex.ALL and stratum.role is Role.ALL and stratum.span is Span.TO_DATE
    present = stratum.sem is None or series.measure is Measure.HOSPITALISED
    return series.measure in REGISTERED and whole and present


def _join(counted: int, figure: Figure | None, doubtful: int) -> Joined:
    if figure is None:
        return Joined(counted=counted, claimed=None, difference=None, why=_words(_ONLY_COUNTED, counted=counted))
    difference = figure.best - counted
    if difference > 0:
        why = _words(_MORE_CLAIMED, more=difference)
    elif difference < 0:
        why = _words(_MORE_COUNTED, more=-difference)
        if doubtful:
            why = {lang: said + _DOUBLED[Lang(lang)].format(pairs=doubtful) for lang, said in why.items()}
    else:
        why = _words(_AGREE)
    return Joined(counted=counted, claimed=figure.best, difference=difference, why=why)


def _words(words: Mapping[Lang, str], **numbers: int) -> dict[str, str]:
    return {lang.value: words[lang].format(**numbers) for lang in Lang}


def find_undercounts(
    figures: Iterable[Figure], counted_by: Callable[[datetime], Mapping[str, int]], place: str
) -> list[Finding]:
    """
    Figures that are below the number of persons known one by one at the same moment (P1).

    Args:
        counted_by: Persons by key at a moment.
    """
    found: list[Finding] = []
    known: dict[datetime, Mapping[str, int]] = {}
    for figure in figures:
        if figure.says.hi is None or not _comparable(figure.series):
            continue
        if figure.as_of not in known:
            known[figure.as_of] = counted_by(figure.as_of)
        counted = known[figure.as_of].get(figure.series.key(place), 0)
        if counted > figure.says.hi:
            why = {
                lang.value: f"{RULES['P1'][lang]} — {figure.source[lang.value]}: "
                f"{name_of(figure.series, lang)} {figure.phrase[lang.value]}; {REGISTERS[lang]}: {counted}"
                for lang in Lang
            }
            found.append(Finding("P1", "warning", figure.claims[:1], why))
    return found


REGISTERS = {EN: "registers", UK: "реєстри"}

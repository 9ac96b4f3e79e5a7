"""From figures to the text of a bulletin, in each language. No figure is ever typed: it is worded here."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from tocsin.domain.bulletins import words
from tocsin.domain.bulletins.grammar import CHILDREN, PEOPLE, Agrees, counted
from tocsin.domain.casualties import Attachment, Figure, Interval, Lang, Measure, Status, render
from tocsin.domain.casualties.phrases import Form, render_bounds, shape_of
from tocsin.domain.casualties.words import MEASURES, PRESENT, STRATA
from tocsin.kernel.time import is_repeated, local

Figures: TypeAlias = Mapping[str, Figure]

ZONE = "Europe/Kyiv"
PASSING = timedelta(hours=6)
"""How long "at present" holds: older than this at the cutoff, such a figure is left to the ledger."""


class Before(msgspec.Struct, frozen=True):
    """An earlier bulletin: its number and what it said."""

    number: int
    figures: dict[str, Figure]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a bulletin is written from.

    Attributes:
        since: The start of the reporting period; it ends with the cutoff.
        corrects: The bulletin it takes the place of, and `correction` what was wrong there.
        place: The area that needs no mention, because the bulletin is about it.
        before: The bulletins it is compared with, newest first.
        withdrawn: Ids of claims that were retracted.
    """

    number: int
    version: str
    names: dict[str, str]
    since: datetime
    cutoff: datetime
    next_expected: datetime | None
    place: str
    figures: dict[str, Figure]
    corrects: int | None = None
    correction: dict[str, str] = {}
    before: tuple[Before, ...] = ()
    withdrawn: frozenset[str] = frozenset()


def title(account: Account, lang: Lang) -> str:
    name = account.names.get(lang.value, "")
    version = words.VERSIONS[account.version][lang]
    if account.corrects is not None:
        version += words.CORRECTS[lang].format(number=account.corrects)
    numbered = words.TITLE[lang].format(number=account.number, version=version)
    return f"{name}. {numbered}" if name else numbered


def text(account: Account, lang: Lang) -> str:
    """The whole bulletin: title, one sentence to read out, then every figure with its source."""
    shown = {key: figure for key, figure in account.figures.items() if _is_told(figure, account.cutoff)}
    blocks = [
        [title(account, lang), _covers(account, lang)],
        _correction(account, lang),
        [lead(account, lang)],
        [words.FIGURES[lang], *(_line(figure, account, lang) for figure in shown.values())],
        *(
            _under(words.CHANGED[lang].format(number=each.number), list(_changes(account, each, shown, lang)))
            for each in account.before
        ),
        _under(words.DIFFER[lang], list(_differences(account, shown, lang))),
        _under(words.UNCLEAR[lang], list(_unclear(account, lang))),
        [_outlook(account, lang)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _covers(account: Account, lang: Lang) -> str:
    return words.COVERS[lang].format(
        cutoff=moment(account.cutoff, lang), zone=ZONE, since=_clock(account.since, account.cutoff, lang)
    )


def _correction(account: Account, lang: Lang) -> list[str]:
    if account.corrects is None:
        return []
    return [words.CORRECTION[lang].format(number=account.corrects, wrong=account.correction[lang.value])]


def lead(account: Account, lang: Lang) -> str:
    """
    The sentence that is read out, such as: "According to preliminary information, nine people were killed and 63
    wounded; 42 are in hospital, including six children."
    """
    told = account.figures
    main = [told[key] for key in (Measure.KILLED, Measure.INJURED, Measure.HOSPITALISED) if key in told]
    if not main:
        return words.NOTHING[lang]
    clauses = (_english if lang is Lang.EN else _ukrainian)(told)
    said = words.OPENINGS[_weakest(main)][lang] + "; ".join(clauses)
    return said[0].upper() + said[1:] + "."


def _weakest(figures: list[Figure]) -> Status:
    statuses = {figure.status for figure in figures}
    return next(status for status in (Status.PRELIMINARY, Status.REVISED, Status.CONFIRMED) if status in statuses)


def _english(told: Figures) -> Iterator[str]:
    killed, injured = told.get(Measure.KILLED), told.get(Measure.INJURED)
    if killed and injured and not (_nobody(killed, Lang.EN) or _nobody(injured, Lang.EN)):
        yield f"{_people(killed)} killed and {render(injured.says, Lang.EN)} wounded"
    else:
        for figure, verb in ((killed, "killed"), (injured, "wounded")):
            if figure:
                yield _nobody(figure, Lang.EN) or f"{_people(figure)} {verb}"
    if hospitalised := _in_hospital(told):
        people = counted(hospitalised.says, PEOPLE, Lang.EN)
        who = render(hospitalised.says, Lang.EN) if injured or killed else people.text
        one = people.agrees is Agrees.ONE
        if _nobody_left(told):
            verb = "is in hospital" if one else "are in hospital"
        else:
            verb = "was taken to hospital" if one else "were taken to hospital"
        yield f"{who} {verb}{_including(told, Lang.EN)}"


def _people(figure: Figure) -> str:
    people = counted(figure.says, PEOPLE, Lang.EN)
    return f"{people.text} {'was' if people.agrees is Agrees.ONE else 'were'}"


def _ukrainian(told: Figures) -> Iterator[str]:
    hurt = []
    for measure, verbs in ((Measure.KILLED, words.DIED), (Measure.INJURED, words.WOUNDED)):
        if figure := told.get(measure):
            people = counted(figure.says, PEOPLE, Lang.UK)
            hurt.append(_nobody(figure, Lang.UK) or f"{verbs[people.agrees]} {people.text}")
    if hurt:
        yield ", ".join(hurt)
    if hospitalised := _in_hospital(told):
        people = counted(hospitalised.says, PEOPLE, Lang.UK)
        verbs = words.STAYING if _nobody_left(told) else words.TAKEN
        yield f"{verbs[people.agrees]} {people.text}{_including(told, Lang.UK)}"


def _nobody(figure: Figure, lang: Lang) -> str:
    """What is said in place of a number when there is none; empty when there is."""
    special = {Form.NONE: words.NOBODY, Form.UNREPORTED: words.UNREPORTED}.get(shape_of(figure.says).form)
    return special[figure.series.measure][lang] if special else ""


def _in_hospital(told: Figures) -> Figure | None:
    figure = told.get(Measure.HOSPITALISED)
    return figure if figure and figure.best else None


def _nobody_left(told: Figures) -> bool:
    """As long as nobody is known to have left hospital, those who were taken there are there."""
    left = (f"{Measure.HOSPITALISED}:current", Measure.DISCHARGED, Measure.DIED_IN_HOSPITAL)
    return not any(key in told for key in left)


def _including(told: Figures, lang: Lang) -> str:
    whole, children = told[Measure.HOSPITALISED], told.get(f"{Measure.HOSPITALISED}:child")
    # An older count of children beside a newer total would read as if there were no more of them by now.
    if not children or not children.best or children.as_of != whole.as_of or not _is_attached(children):
        return ""
    return f", {words.INCLUDING[lang]} {counted(children.says, CHILDREN, lang).text}"


def _is_attached(figure: Figure) -> bool:
    return figure.attachment is not Attachment.AMBIGUOUS


def _is_told(figure: Figure, cutoff: datetime) -> bool:
    passing = not figure.series.cumulative and cutoff - figure.as_of > PASSING
    return _is_attached(figure) and not passing


def _line(figure: Figure, account: Account, lang: Lang) -> str:
    said = f"{_listed(figure, lang)}, {words.STATUSES[figure.status][lang]}"
    whence = _whence(figure, account, lang)
    spread = ""
    if figure.low < figure.best or (figure.high is not None and figure.high > figure.best):
        spread = words.ALL_SOURCES[lang].format(
            range=render_bounds(Interval(figure.low, figure.high), lang, words=False)
        )
    return f"- {_what(figure, account, lang)}: {said} {whence}{spread}"


def _whence(figure: Figure, account: Account, lang: Lang) -> str:
    return f"({figure.source[lang.value]}, {_clock(figure.as_of, account.cutoff, lang)})"


def _listed(figure: Figure, lang: Lang) -> str:
    return render(figure.says, lang, words=False)


def _what(figure: Figure, account: Account, lang: Lang) -> str:
    series, tokens = figure.series, figure.series.stratum.tokens
    named = MEASURES[series.measure]
    if "current" in tokens and series.measure in PRESENT:
        named = PRESENT[series.measure]
        tokens = tuple(word for word in tokens if word != "current")
    strata = ", ".join(STRATA[token][lang] for token in tokens)
    area = words.AREA[lang].format(place=series.scope.place) if series.scope.place != account.place else ""
    site = words.SITE[lang].format(site=series.scope.site) if series.scope.site else ""
    return named[lang] + (f" ({strata})" if strata else "") + area + site


def _changes(account: Account, earlier: Before, shown: Figures, lang: Lang) -> Iterator[str]:
    for key, before in earlier.figures.items():
        if not _is_attached(before):
            continue
        now = shown.get(key)
        if now is None:
            if key not in account.figures:
                yield "- " + words.GONE[lang].format(what=_what(before, account, lang), before=_listed(before, lang))
        elif now.says != before.says:
            change = words.CHANGE[lang].format(
                what=_what(now, account, lang), before=_listed(before, lang), now=_listed(now, lang)
            )
            yield f"- {change}{_because(before, now, account.withdrawn, lang)}"


def _because(before: Figure, now: Figure, withdrawn: frozenset[str], lang: Lang) -> str:
    """A figure never goes down without a word on why."""
    if now.best >= before.best:
        return ""
    if now.reason is not None:
        reason = words.REASONS[now.reason][lang]
    elif before.claims[0] in withdrawn:
        reason = words.REPORT_WITHDRAWN[lang]
    else:
        reason = words.OTHER_SOURCE[lang].format(source=now.source[lang.value])
    note = now.reason_note.get(lang, "")
    return f" {words.BECAUSE[lang].format(reason=reason)}" + (f" {note}" if note else "")


def _differences(account: Account, shown: Figures, lang: Lang) -> Iterator[str]:
    for figure in shown.values():
        for conflict in figure.conflicts:
            yield f"- {_what(figure, account, lang)}: {conflict.why[lang.value]}."


def _unclear(account: Account, lang: Lang) -> Iterator[str]:
    """Counts that belong to a larger one, where the source leaves open to which."""
    for figure in account.figures.values():
        if not _is_attached(figure):
            said = f"{_listed(figure, lang)} {_whence(figure, account, lang)}"
            yield f"- {_what(figure, account, lang)}: {said}. {words.NOT_ADDED[lang]}"


def _outlook(account: Account, lang: Lang) -> str:
    if account.version == "Final":
        return words.LAST[lang]
    if account.next_expected is None:
        return words.STILL[lang]
    return f"{words.STILL[lang]} {words.NEXT[lang].format(time=moment(account.next_expected, lang))}"


def _under(heading: str, lines: list[str]) -> list[str]:
    return [heading, *lines] if lines else []


def moment(time: datetime, lang: Lang) -> str:
    """Such as "24 April 2025, 06:30", on the wall clocks of the city."""
    return _formatted(time, "d MMMM y, HH:mm", lang)


def _clock(time: datetime, cutoff: datetime, lang: Lang) -> str:
    """The hour alone on the day of the bulletin, with its date on any other."""
    same = local(time, ZONE).date() == local(cutoff, ZONE).date()
    return _formatted(time, "HH:mm" if same else "d MMMM, HH:mm", lang)


def _formatted(time: datetime, pattern: str, lang: Lang) -> str:
    from babel.dates import format_datetime

    if is_repeated(time, ZONE):
        # In the night the clocks are set back, half past three comes twice.
        pattern += " '(UTC'xxx')'"
    return format_datetime(local(time, ZONE), pattern, locale=lang.value)

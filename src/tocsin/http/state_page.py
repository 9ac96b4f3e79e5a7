"""
The resident's page as HTML that needs no script: what is true of one area, and how old that is.

Script takes its place as soon as it follows the stream; until then, and without it, this is what there is.
"""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from tocsin.domain.warning import TITLES, Phase
from tocsin.flow.system import System
from tocsin.views.board import AreaState, BoardCopy

MARK = "<!--state-->"
"""Where the document wants the state."""
LANGUAGES = ("uk", "en")

WORDS: Mapping[str, Mapping[str, str]] = {
    "unknown": {"uk": "Стан невідомий", "en": "Status unknown"},
    "nothing": {
        "uk": "Для цього району ще нічого не оголошено. Це не відбій.",
        "en": "Nothing has been announced for this area yet. That is not an all-clear.",
    },
    "expired": {
        "uk": "Чи безпечно, невідомо: залишайтеся в укритті.",
        "en": "Whether it is safe is not known: stay in shelter.",
    },
    "since": {"uk": "з", "en": "since"},
    "partly": {"uk": "Тривога в частині:", "en": "Alert in part of it:"},
    "as_of": {"uk": "Стан на", "en": "As of"},
    "age": {
        "uk": "Якщо зараз на хвилину пізніше, це вже не відомо: оновіть сторінку.",
        "en": "If it is a minute later by now, this is not known any more: reload the page.",
    },
    "areas": {"uk": "Інші райони", "en": "Other areas"},
    "exercise": {"uk": "НАВЧАННЯ · EXERCISE", "en": "EXERCISE · НАВЧАННЯ"},
}


def state_html(system: System, area: str | None, lang: str) -> str:
    """
    Args:
        area: Its code. One that this city does not have is taken for the whole city.
        lang: One of `LANGUAGES`.
    """
    tree = system.city.areas
    codes = list(tree.codes())
    code = area if area is not None and area in tree else codes[0]
    with system.projector.looking() as position:
        copy = system.views.board.copy(system.clock(), position, codes)
    states = {state.area: state for state in copy.areas}
    names = {each: tree[each].names.get(lang, tree[each].names["uk"]) for each in codes}
    page = _Page(copy, names, lang, ZoneInfo(system.city.facts.time_zone))
    return page.banner(states[code]) + page.areas([states[each] for each in codes], code)


class _Page:
    def __init__(self, copy: BoardCopy, names: Mapping[str, str], lang: str, zone: ZoneInfo) -> None:
        self._copy, self._names, self._lang, self._zone = copy, names, lang, zone

    def banner(self, state: AreaState) -> str:
        exercise = "" if self._copy.realm == "live" else f'<p class="realm">{self._word("exercise")}</p>'
        since = f"<p>{self._word('since')} <b>{self._clock(state.since)}</b></p>" if state.since else ""
        partly = ", ".join(self._names[each] for each in state.partly)
        return (
            f'<section class="served" data-phase="{state.phase.value}" lang="{self._lang}">{exercise}'
            f"<p>{escape(self._names[state.area])}</p><h1>{escape(self._title(state.phase))}</h1>"
            f"<p>{escape(self._text(state))}</p>{since}"
            + (f"<p><b>{self._word('partly')}</b> {escape(partly)}</p>" if partly else "")
            + f"<p>{self._word('as_of')} <b>{self._clock(self._copy.generated_at, seconds=True)}</b>. "
            f"{self._word('age')}</p></section>"
        )

    def areas(self, states: list[AreaState], chosen: str) -> str:
        others = (
            f'<li><a href="{self._link(state.area, self._lang)}">{escape(self._names[state.area])}</a>: '
            f"{escape(self._title(state.phase))}</li>"
            for state in states
            if state.area != chosen
        )
        other = next(each for each in LANGUAGES if each != self._lang)
        return (
            f'<nav class="served-areas" lang="{self._lang}"><h2>{self._word("areas")}</h2><ul>{"".join(others)}</ul>'
            f'<p><a href="{self._link(chosen, other)}" lang="{other}">'
            f"{'English' if other == 'en' else 'Українська'}</a></p></nav>"
        )

    @staticmethod
    def _link(area: str, lang: str) -> str:
        return escape(f"/?area={area}&lang={lang}")

    def _title(self, phase: Phase) -> str:
        return TITLES.get(phase, WORDS["unknown"])[self._lang]

    def _text(self, state: AreaState) -> str:
        if state.phase is Phase.EXPIRED:
            return self._word("expired")
        said = state.texts.get(self._lang) or state.texts.get("uk")
        return said or self._word("nothing")

    def _word(self, name: str) -> str:
        return WORDS[name][self._lang]

    def _clock(self, moment: datetime, *, seconds: bool = False) -> str:
        local = moment.astimezone(self._zone)
        said = local.strftime("%H:%M:%S" if seconds else "%H:%M")
        return f'<time datetime="{local.isoformat(timespec="seconds")}">{said}</time>'

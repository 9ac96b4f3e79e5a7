"""What is posted: the words of an alert and of a bulletin, within Telegram's limits."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import NamedTuple, TypeAlias

from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted, Photo
from tocsin.domain.casualties import Lang
from tocsin.domain.warning import (
    ADVICE,
    EXERCISE,
    TITLES,
    AlertCancelled,
    AlertCleared,
    AlertExpired,
    AlertNews,
    AlertRaised,
    AlertUpdated,
    Notice,
    Phase,
)
from tocsin.flow.deliver import phase_of
from tocsin.formats.bulletin.sheet import page_address
from tocsin.formats.bulletin.words import CORRECTED
from tocsin.kernel.time import local
from tocsin.views.board import AreaState

BulletinNews: TypeAlias = BulletinPublished | BulletinRetracted

# A shape of its own for each phase: never colour alone.
SYMBOLS = {
    Phase.PRE_ALERT: "⚠️",
    Phase.ALERT: "🚨",
    Phase.ALL_CLEAR: "✅",
    Phase.CORRECTION: "↩️",
    Phase.EXPIRED: "❔",
    Phase.UNKNOWN: "❔",
}
STATES = TITLES | {Phase.UNKNOWN: {"uk": "Стан невідомий", "en": "Status unknown"}}
SINCE = {"uk": "з", "en": "since"}
PARTLY = {"uk": "небезпека в частині району", "en": "danger in a part of it"}
STILL = {"uk": "Тривога триває", "en": "Alert still in force"}
UPDATED = {"uk": "оновлено", "en": "updated"}
TITLES_OF_BULLETINS = {"uk": "Зведення №", "en": "Bulletin No."}

LONGEST = 4096
"""Of a post, in UTF-16 units without the HTML. Telegram refuses a longer one."""
LONGEST_TEXT = 1500
LONGEST_PLACES = 300
"""Of an alert, in UTF-16 units. Both, in two languages, leave room for the rest of a post."""
ROOM = 400
"""For the mark of an exercise and for the address of the page, in UTF-16 units."""
CAPTION = 1024
"""Of a photo, in UTF-16 units. Telegram refuses a longer one."""
ALBUM = 10
"""Photos that go together at most."""


class Post(NamedTuple):
    """
    Attributes:
        thread: The alert or the bulletin it belongs to. All posts of one reply to its first.
        step: Which post of the thread it is.
        over: What the first post was called, to be struck out, if this one ends the thread.
        photos: To be shown in answer to the text.
        answers: The thread whose first post this one answers and strikes out, when that is another.
        instead: What stands below a post that is struck out; the text when left out.
    """

    thread: str
    step: str
    text: str
    over: str = ""
    photos: Sequence[Photo] = ()
    answers: str = ""
    instead: str = ""


def alert_post(
    event: AlertNews, realm: str, names: Mapping[str, Mapping[str, str]], others: Sequence[Notice] = ()
) -> Post:
    """
    Args:
        others: The alerts that stand besides this one. An end must never sound as if it ended them too.
    """
    phase = phase_of(event)
    written = {} if isinstance(event, AlertExpired) else event.texts
    parts = []
    for language, title in TITLES[phase].items():
        word = f"{title}, {UPDATED[language]}" if isinstance(event, AlertUpdated) else title
        places = ", ".join(_name(names.get(code, {}), language) or code for code in event.areas)
        text = written.get(language) or ADVICE[phase][language]
        lines = [f"{SYMBOLS[phase]} <b>{word.upper()}</b>", _shown(places, LONGEST_PLACES), _shown(text, LONGEST_TEXT)]
        if still := _still(event, others, names, language):
            lines.append(f"{SYMBOLS[Phase.ALERT]} {still}")
        parts.append("\n".join(lines))
    over = " / ".join(TITLES[Phase.ALERT].values()) if isinstance(event, AlertCleared | AlertCancelled) else ""
    return Post(f"alert/{event.alert}", str(event.revision), "\n\n".join([*_mark(realm), *parts]), over)


def _still(event: AlertNews, others: Sequence[Notice], names: Mapping[str, Mapping[str, str]], language: str) -> str:
    if isinstance(event, AlertRaised | AlertUpdated):
        return ""
    areas = dict.fromkeys(area for notice in others if notice.phase is Phase.ALERT for area in notice.areas)
    places = ", ".join(_name(names.get(code, {}), language) or code for code in areas)
    return _shown(f"{STILL[language]}: {places}", LONGEST_PLACES) if places else ""


def state_text(states: Sequence[AreaState], names: Mapping[str, Mapping[str, str]], zone: str, realm: str = "") -> str:
    """What is true of some areas, a line each in both languages."""
    parts = _mark(realm) if realm else []
    for language in TITLES_OF_BULLETINS:
        lines = [f"{SYMBOLS[state.phase]} {_state_line(state, names, zone, language)}" for state in states]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _state_line(state: AreaState, names: Mapping[str, Mapping[str, str]], zone: str, language: str) -> str:
    name = _shown(_name(names.get(state.area, {}), language) or state.area, LONGEST_PLACES)
    line = f"<b>{name}</b>: {STATES[state.phase][language].lower()}"
    if state.since is not None:
        line += f" {SINCE[language]} {local(state.since, zone):%d.%m %H:%M}"
    if state.partly:
        parts = ", ".join(_name(names.get(code, {}), language) or code for code in state.partly)
        line += f"; {PARTLY[language]}: {_shown(parts, LONGEST_PLACES)}"
    return line


def clock_text(moment: datetime, zone: str) -> str:
    return f"{local(moment, zone):%H:%M:%S}"


def albums(photos: Sequence[Photo]) -> Iterator[Sequence[Photo]]:
    """Telegram takes two to ten photos together; one alone goes as a photo."""
    for start in range(0, len(photos), ALBUM):
        yield photos[start : start + ALBUM]


def caption(photo: Photo) -> str:
    """What a photo shows, for those who do not see it."""
    half = CAPTION // len(Lang) - 2
    return "\n".join(_shown(text, half) for text in photo.alt.values())


def _name(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("uk", "")


def bulletin_post(event: BulletinNews, realm: str, web: str = "") -> Post:
    """
    Args:
        web: Where the pages are reached from outside.
    """
    thread = _thread(event.attack, event.number)
    if isinstance(event, BulletinRetracted):
        parts = [_shown(event.texts[language], LONGEST_TEXT) for language in TITLES_OF_BULLETINS]
        return Post(thread, "retracted", "\n\n".join([*_mark(realm), *parts]), _numbered(event.number))
    content = event.content
    told = {language: content.texts[language].removeprefix(title).strip() for language, title in content.titles.items()}
    if _units("".join([*content.titles.values(), *told.values()])) > LONGEST - ROOM - len(web):
        # The one sentence that says the most, whole: a text that is cut could lose a digit of a figure.
        told = content.lead
    parts = [
        f"<b>{escape(content.titles[language], quote=False)}</b>\n{escape(told[language], quote=False)}"
        for language in TITLES_OF_BULLETINS
    ]
    if web:
        parts.append(escape(page_address(web, event.attack, event.number), quote=False))
    post = Post(thread, "published", "\n\n".join([*_mark(realm), *parts]), photos=content.photos)
    if content.corrects is None:
        return post
    said = [words.format(number=content.corrects, by=event.number) for words in CORRECTED.values()]
    return post._replace(
        over=_numbered(content.corrects),
        answers=_thread(event.attack, content.corrects),
        instead="\n\n".join([*_mark(realm), *said]),
    )


def _thread(attack: str, number: int) -> str:
    return f"bulletin/{attack}/{number}"


def _numbered(number: int) -> str:
    return " / ".join(f"{title} {number}" for title in TITLES_OF_BULLETINS.values())


def _mark(realm: str) -> list[str]:
    return [] if realm == "live" else [f"<b>{' / '.join(EXERCISE.values())}</b>"]


def _shown(text: str, longest: int) -> str:
    """Fit to stand in a post: cut where it is too long, and with nothing in it that Telegram takes for HTML."""
    if _units(text) > longest:
        text = text.encode("utf-16-le", "replace")[: 2 * longest - 2].decode("utf-16-le", "ignore") + "…"
    return escape(text, quote=False)


def _units(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2

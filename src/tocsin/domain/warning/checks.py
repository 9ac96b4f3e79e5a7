"""Machine checks of words that are about to reach a whole city: what two readers overlook at three in the morning."""

import re
from collections.abc import Mapping

from tocsin.kernel.errors import Invalid

LANGUAGES = ("uk", "en")
"""What every prepared text is written in. Ukrainian first: it is the one people read."""

# A place that somebody meant to fill in: {area}, [time], <name>, ___, XXX in either alphabet, TODO, %s.
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]|<[^<>]+>|_{3,}|%[sd]\b|\b(?:[XxХх]{3,}|TODO|TBD|FIXME)\b")
_LATIN, _CYRILLIC = "A-Za-z\u00c0-\u024f", "\u0400-\u052f"
# A letter of one alphabet right beside one of the other: it looks right, is read aloud wrong and is found by no search.
_MIXED = re.compile(rf"[^\W\d_]*(?:[{_LATIN}][{_CYRILLIC}]|[{_CYRILLIC}][{_LATIN}])[^\W\d_]*")
_OWN_LETTERS = {"uk": re.compile(f"[{_CYRILLIC}]"), "en": re.compile(f"[{_LATIN}]")}


def require_finished(texts: Mapping[str, str], field: str = "texts") -> None:
    """
    Raises:
        Invalid: If a placeholder was left in a text, or a word mixes two alphabets; names the language and the word.
    """
    for language, text in texts.items():
        if found := _PLACEHOLDER.search(text):
            raise Invalid(f"a placeholder was left in: {found[0]!r}", f"{field}.{language}")
        if found := _MIXED.search(text):
            raise Invalid(f"the word {found[0]!r} mixes Latin and Cyrillic letters", f"{field}.{language}")


def require_every_language(texts: Mapping[str, str], field: str = "texts") -> None:
    """
    Raises:
        Invalid: If one of our languages is missing, is written in the letters of another, or two texts are the same.
    """
    for language in LANGUAGES:
        if language not in texts:
            raise Invalid("this language is missing", f"{field}.{language}")
        if not _OWN_LETTERS[language].search(texts[language]):
            raise Invalid("has not one letter of this language's alphabet", f"{field}.{language}")
    if len(set(texts.values())) < len(texts):
        raise Invalid("two languages have the same text", field)

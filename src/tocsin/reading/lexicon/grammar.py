"""The small words of a sentence: what may stand between a number and what it counts."""
# ruff: noqa: SIM905 - words are read as a row

from tocsin.domain.casualties import Lang

ARTICLES = frozenset(["a", "an", "the", "one", "another", "her", "his", "their"])
CONJUNCTIONS: dict[Lang, frozenset[str]] = {
    Lang.EN: frozenset("and or as well plus while with & but".split()),
    Lang.UK: frozenset("і й та або а також ще плюс".split()),
}
# May stand between a verb or noun and its number.
COPULAS: dict[Lang, frozenset[str]] = {
    Lang.EN: frozenset(
        "is are was were has have had been be to now already currently by people also nearly only so far "
        "stands stood confirmed reported preliminarily of at".split()
    ),
    Lang.UK: frozenset(
        "є було був вже уже наразі зараз поки становить до також ще попередньо лише тільки відомо про людей".split()
    ),
}
# May stand behind a number that counts people without naming them: "nine were killed".
FILLERS: dict[Lang, frozenset[str]] = {
    Lang.EN: COPULAS[Lang.EN]
    | frozenset(
        "who whom which that being still remain remained remains got need needed required suffered "
        "received sustained others more other have they them in including among after when there "
        "reportedly overnight today yesterday on across during early later while said dead from it "
        "there's".split()
    ),
    Lang.UK: COPULAS[Lang.UK]
    | frozenset(
        "яких які який котрі вони отримали дістали зазнали перебувають залишаються лишаються потребують "
        "потребували внаслідок через під час на у в з із за від серед зокрема попередньо лікарі медики "
        "рятувальники надали надано допомогу медична".split()
    ),
}
ADJECTIVES = frozenset(
    "local elderly young old other more civilian pregnant small underage injured innocent ukrainian "
    "foreign russian little adult minor teenage fellow ordinary additional severely seriously lightly "
    "badly critically moderately unarmed emergency service medical rescue police city utility male "
    "female unidentified disabled newborn off-duty municipal school private second third school-age "
    "18-year-old kyiv".split()
)
_ADJECTIVAL = (
    "ий",
    "ній",
    "их",
    "іх",
    "ого",
    "ої",
    "ими",
    "ним",
    "ною",
    "ній",
    "ька",
    "ська",
    "на",
    "ні",
    "річна",
    "лих",
    "рна",
    "ву",
    "ну",
    "тні",
    "лі",
    "лу",
)


def looks_adjective(norm: str, lang: Lang) -> bool:
    """The word may describe the people who are named after it."""
    if lang is Lang.EN:
        return norm in ADJECTIVES or norm.endswith("-year-old")
    return norm.endswith(_ADJECTIVAL) or "-річн" in norm or "річн" in norm

"""Words for when: months, days, parts of the day, and what is measured rather than counted."""

from tocsin.domain.casualties import Lang
from tocsin.reading.lexicon.matching import Lexicon
from tocsin.reading.proposals import Precision

_EN = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_EN_SHORT = ["jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
_SHORT_MONTHS = (1, 2, 3, 4, 6, 7, 8, 9, 9, 10, 11, 12)
_UK = (
    "січень січня січні",
    "лютий лютого лютому",
    "березень березня березні",
    "квітень квітня квітні",
    "травень травня травні",
    "червень червня червні",
    "липень липня липні",
    "серпень серпня серпні",
    "вересень вересня вересні",
    "жовтень жовтня жовтні",
    "листопад листопада листопаді",
    "грудень грудня грудні",
)
MONTHS: dict[Lang, dict[str, int]] = {
    Lang.EN: {word: n for n, word in enumerate(_EN, 1)} | dict(zip(_EN_SHORT, _SHORT_MONTHS, strict=True)),
    Lang.UK: {word: n for n, words in enumerate(_UK, 1) for word in words.split()},
}
WEEKDAYS: dict[Lang, dict[str, int]] = {
    Lang.EN: {
        word: n for n, word in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
    },
    Lang.UK: {
        word: n
        for n, words in enumerate(
            (
                "понеділок понеділка",
                "вівторок вівторка",
                "середа середу середи",
                "четвер четверга",
                "п'ятниця п'ятницю п'ятниці",
                "субота суботу суботи",
                "неділя неділю неділі",
            )
        )
        for word in words.split()
    },
}

# What stands behind a number and says that it counts no people.
UNITS: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon(
        [
            (
                "a . m, p . m, am, pm, percent, per cent, years old, year old, km, kilometers, "
                "kilometres, kilometer, meters, metres, "
                "square, sq, hours, hour, minutes, days, day, weeks, months, years, year, million, "
                "billion, floors, storeys, "
                "o'clock, times, dollars, euros, points, kg, tons, tonnes, local time, degrees, th, st, nd, rd",
                "unit",
            )
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "рік, року, років, роки, роках, р, км, кілометр*, м, метр*, кв, квадратн*, годин*, "
                "год, хвилин*, хв, дні, днів, день, дня, добу, доби, діб, "
                "тижн*, місяц*, відсотк*, млн, млрд, мільйон*, мільярд*, поверх*, гривень, грн, "
                "доларів, тонн*, кг, разів, рази, раз, балів, градус*, "
                "-річ*, річн*, ранку, ночі, вечора, століття",
                "unit",
            )
        ]
    ),
}

# First and last day of the month.
PARTS_OF_MONTH: dict[Lang, Lexicon[tuple[int, int]]] = {
    Lang.EN: Lexicon(
        [("early, beginning of", (1, 10)), ("mid, mid-, middle of", (10, 20)), ("late, end of", (20, 31))]
    ),
    Lang.UK: Lexicon(
        [
            ("на початку, початку, на початок", (1, 10)),
            ("в|у середині, середині", (10, 20)),
            ("наприкінці, у|в кінці, кінці", (20, 31)),
        ]
    ),
}
_DAY, _PART = Precision.DAY, Precision.PART_OF_DAY
# Most and least days before the publication.
RELATIVE: dict[Lang, Lexicon[tuple[int, int, Precision]]] = {
    Lang.EN: Lexicon(
        [
            ("today, this morning, tonight, overnight", (0, 0, _DAY)),
            ("yesterday, last night", (1, 0, _DAY)),
            ("last week, a week ago, a week earlier", (13, 6, _DAY)),
            ("last month, a month ago", (62, 20, Precision.MONTH)),
            ("last year, a year ago", (730, 180, Precision.YEAR)),
            ("earlier this month, earlier this week, days earlier", (30, 3, _DAY)),
        ]
    ),
    Lang.UK: Lexicon(
        [
            ("сьогодні, цієї ночі, уночі, вночі", (0, 0, _DAY)),
            ("вчора, учора, минулої ночі", (1, 0, _DAY)),
            ("минулого тижня, тиждень тому", (13, 6, _DAY)),
            ("минулого місяця, місяць тому", (62, 20, Precision.MONTH)),
            ("торік, минулого року, рік тому", (730, 180, Precision.YEAR)),
        ]
    ),
}
PARTS_OF_DAY: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon(
        [
            (
                "in the morning, early morning, at night, during the night, at dawn, before dawn, midnight, noon, "
                "in the evening, in the early hours, early hours",
                "part",
            )
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "зранку, вранці, уранці, вдень, ввечері, увечері, опівночі, на світанку, протягом ночі, упродовж ночі",
                "part",
            )
        ]
    ),
}
SINCE: dict[Lang, frozenset[str]] = {
    Lang.EN: frozenset(["since"]),
    Lang.UK: frozenset(["з", "від", "після", "починаючи"]),
}
AS_OF: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon([("as of, as at", "as of")]),
    Lang.UK: Lexicon([("станом на", "as of")]),
}
# Words that speak of another attack than the one reported.
EARLIER: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon(
        [
            (
                "last hit, last struck, last attacked, last targeted, "
                "previous attack|strike|attacks|strikes, previously hit, "
                "earlier attack|strike, in an earlier attack|strike, last major attack, last time, "
                "previous large-scale attack|strike",
                "earlier",
            )
        ]
    ),
    Lang.UK: Lexicon(
        [
            (
                "востаннє, попередн* атак*, попередн* удар*, минул* атак*, минул* удар*, "
                "попередн* обстріл*, минулого разу",
                "earlier",
            )
        ]
    ),
}
# Words that go on about the attack spoken of just before.
THAT: dict[Lang, Lexicon[str]] = {
    Lang.EN: Lexicon([("that attack|strike|time|night, at the time, then, in that", "that")]),
    Lang.UK: Lexicon([("тоді, тією атакою, тієї атаки, того удару, тієї ночі, того дня, тим ударом", "that")]),
}

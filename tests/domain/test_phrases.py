"""How figures are said, and that the words and the numbers never come apart."""
# ruff: noqa: SIM905 - the numbers of a language are read as one row

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.casualties import Interval, Lang, parse, phrases, render
from tocsin.domain.casualties.phrases import rounding_unit
from tocsin.kernel.errors import Invalid


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    lo, *rest = sorted(draw(st.lists(st.integers(0, 1200), min_size=3, max_size=3)))
    point, hi = draw(st.sampled_from([rest[0], None])), draw(st.sampled_from([rest[1], None]))
    return Interval(lo, hi, point)


@given(intervals(), st.sampled_from(Lang), st.booleans())
def test_every_interval_has_a_phrase_that_reads_back_as_itself(interval: Interval, lang: Lang, words: bool) -> None:
    assert parse(render(interval, lang, words=words), lang).interval == interval


@pytest.mark.parametrize(
    ("phrase", "lang", "interval"),
    [
        ("nine", "en", Interval(9, 9, 9)),
        ("9 people", "en", Interval(9, 9, 9)),
        ("sixty-three wounded", "en", Interval(63, 63, 63)),
        ("1,200", "en", Interval(1200, 1200, 1200)),
        ("at least 21", "en", Interval(21, None, 21)),
        ("no fewer than twelve", "en", Interval(12, None, 12)),
        ("70+", "en", Interval(70, None, 70)),
        ("twelve or more", "en", Interval(12, None, 12)),
        ("over 70", "en", Interval(71)),
        ("More than 60 people", "en", Interval(61)),
        ("including six children", "en", Interval(6, 6, 6)),
        ("six children among them", "en", Interval(6, 6, 6)),
        ("including a child", "en", Interval(1, 1, 1)),
        ("the death toll has risen to 12", "en", Interval(12, 12, 12)),
        ("up to 10 people may be under the rubble", "en", Interval(0, 10)),
        ("fragments of at least one person", "en", Interval(1, None, 1)),
        ("5 to 7", "en", Interval(5, 7)),
        (">70", "en", Interval(71)),
        ("\u2265 70", "en", Interval(70, None, 70)),
        ("зокрема троє дітей", "uk", Interval(3, 3, 3)),
        ("у тому числі шестеро дітей", "uk", Interval(6, 6, 6)),
        ("серед них дитина", "uk", Interval(1, 1, 1)),
        ("кількість загиблих зросла до 12", "uk", Interval(12, 12, 12)),
        ("наразі відомо про щонайменше 21 постраждалого", "uk", Interval(21, None, 21)),
        ("під завалами можуть перебувати до 10 людей", "uk", Interval(0, 10)),
        ("фрагменти тіл щонайменше однієї людини", "uk", Interval(1, None, 1)),
        ("15 отримали допомогу на місці", "uk", Interval(15, 15, 15)),
        ("у лікарнях перебуває 31 людина", "uk", Interval(31, 31, 31)),
        ("про загиблих та постраждалих не повідомлялося", "uk", Interval(0)),
        ("as many as 20", "en", Interval(0, 20)),
        ("nearly 100", "en", Interval(91, 99)),
        ("around 63", "en", Interval(62, 64, 63)),
        ("between five and seven", "en", Interval(5, 7)),
        ("5\u20137", "en", Interval(5, 7)),
        ("several", "en", Interval(3, 9)),
        ("no casualties", "en", Interval(0, 0, 0)),
        ("no casualties were reported", "en", Interval(0)),
        ("9 осіб", "uk", Interval(9, 9, 9)),
        ("дев\u2019ятеро людей", "uk", Interval(9, 9, 9)),
        ("шістдесят три", "uk", Interval(63, 63, 63)),
        ("не менше дев'яти", "uk", Interval(9, None, 9)),
        ("щонайменше дванадцять", "uk", Interval(12, None, 12)),
        ("понад 70", "uk", Interval(71)),
        ("більше ста", "uk", Interval(101)),
        ("до десяти", "uk", Interval(0, 10)),
        ("майже 70", "uk", Interval(61, 69)),
        ("близько 100", "uk", Interval(95, 105, 100)),
        ("від п'яти до семи", "uk", Interval(5, 7)),
        ("кілька", "uk", Interval(3, 9)),
        ("десятки поранених", "uk", Interval(12, 99)),
        ("forty-two people were hospitalised", "en", Interval(42, 42, 42)),
        ("twenty one", "en", Interval(21, 21, 21)),
        ("more than one hundred and twenty", "en", Interval(121)),
        ("two thousand three hundred and five", "en", Interval(2305, 2305, 2305)),
        ("a dozen people", "en", Interval(12, 12, 12)),
        ("at least two dozen", "en", Interval(24, None, 24)),
        ("dozens of people", "en", Interval(12, 99)),
        ("fewer than ten", "en", Interval(0, 9)),
        ("nobody was killed", "en", Interval(0, 0, 0)),
        ("П'ятдесят чотири", "uk", Interval(54, 54, 54)),
        ("п'ятдесяти чотирьох", "uk", Interval(54, 54, 54)),
        ("загинуло щонайменше дев'ять осіб", "uk", Interval(9, None, 9)),
        ("поранення дістали 63 людини", "uk", Interval(63, 63, 63)),
        ("півтори сотні поранених", "uk", Interval(150, 150, 150)),
        ("понад півсотні", "uk", Interval(51)),
        ("два десятки людей", "uk", Interval(20, 20, 20)),
        ("кілька десятків", "uk", Interval(12, 99)),
        ("кількох сотень", "uk", Interval(100, 999)),
        ("понад сто двадцять", "uk", Interval(121)),
        ("близько двохсот", "uk", Interval(150, 250, 200)),
        ("тисяча двісті", "uk", Interval(1200, 1200, 1200)),
        ("9-ро людей", "uk", Interval(9, 9, 9)),
        ("до 5-ти", "uk", Interval(0, 5)),
        ("менше десяти", "uk", Interval(0, 9)),
        ("семеро дітей", "uk", Interval(7, 7, 7)),
        ("дванадцятеро", "uk", Interval(12, 12, 12)),
        ("ніхто не постраждав", "uk", Interval(0, 0, 0)),
    ],
)
def test_the_usual_words_mean_what_the_table_says(phrase: str, lang: str, interval: Interval) -> None:
    assert parse(phrase, Lang(lang)).interval == interval


@pytest.mark.parametrize(
    ("phrase", "lang"),
    [
        ("preliminarily nine", "en"),
        ("according to preliminary information, nine people", "en"),
        ("за попередніми даними, 9 людей", "uk"),
        ("попередньо дев'ять", "uk"),
    ],
)
def test_preliminary_sets_the_status_and_never_the_bounds(phrase: str, lang: str) -> None:
    said = parse(phrase, Lang(lang))
    assert said.preliminary
    assert said.interval == Interval.exactly(9)


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "many",
        "nine of 12",
        "among 12",
        "two more",
        "nine, including a child",
        "nine or ten",
        "from nine to five",
        "almost zero",
        "-3",
        "9.5",
        "380441234567",
        "twenty-ten",
        "hundred hundred",
        "one hundred zero",
        "people",
    ],
)
def test_words_outside_the_table_are_refused_and_never_guessed(phrase: str) -> None:
    with pytest.raises(Invalid, match="phrase"):
        parse(phrase, Lang.EN)


# Spelt here a second time, by the dictionary and not by our tables.
UNDER_TWENTY = (
    "_ один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять "
    "п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять"
).split()
TENS = "_ _ двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто".split()
HUNDREDS = "_ сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот дев'ятсот".split()
ENGLISH = (
    "_ one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
ENGLISH_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()


def spelt(number: int, ones: list[str], tens: list[str], joint: str) -> str:
    ten, one = divmod(number, 10)
    return ones[number] if number < 20 else tens[ten] + (joint + ones[one] if one else "")


@given(st.integers(1, 999))
def test_every_number_below_a_thousand_is_read_in_words_of_both_languages(number: int) -> None:
    hundred, rest = divmod(number, 100)
    ukrainian = [HUNDREDS[hundred]] * bool(hundred) + [spelt(rest, UNDER_TWENTY, TENS, " ")] * bool(rest)
    english = [f"{ENGLISH[hundred]} hundred"] * bool(hundred) + [spelt(rest, ENGLISH, ENGLISH_TENS, "-")] * bool(rest)
    assert parse(" ".join(ukrainian), Lang.UK).interval == Interval.exactly(number)
    assert parse(" and ".join(english), Lang.EN).interval == Interval.exactly(number)


@given(st.text(max_size=40), st.sampled_from(Lang))
def test_any_text_is_either_read_or_refused(text: str, lang: Lang) -> None:
    try:
        interval = parse(text, lang).interval
    except Invalid:
        return
    assert interval.lo >= 0


@pytest.mark.parametrize(("number", "unit"), [(63, 1), (70, 10), (100, 10), (200, 100), (1000, 100), (10, 1), (0, 1)])
def test_a_number_is_taken_to_be_rounded_to_the_power_of_ten_below_it(number: int, unit: int) -> None:
    assert rounding_unit(number) == unit


def test_a_figure_is_said_in_both_languages() -> None:
    assert phrases(Interval.exactly(9)) == {"en": "nine", "uk": "дев'ять"}
    assert phrases(Interval(71)) == {"en": "more than 70", "uk": "понад 70"}
    assert phrases(Interval(5, 7)) == {"en": "from five to seven", "uk": "від п'яти до семи"}


@pytest.mark.parametrize("bounds", [(-1, None, None), (5, 4, None), (5, 9, 4), (5, 9, 10), (0, 10**9, None)])
def test_bounds_that_no_count_can_have_are_refused(bounds: tuple[int, int | None, int | None]) -> None:
    with pytest.raises(ValueError, match="E1"):
        Interval(*bounds)


@given(intervals(), intervals())
def test_two_intervals_meet_exactly_when_some_number_is_in_both(one: Interval, other: Interval) -> None:
    shared = any(one.holds(number) and other.holds(number) for number in range(2402))
    assert one.meets(other) is other.meets(one) is shared

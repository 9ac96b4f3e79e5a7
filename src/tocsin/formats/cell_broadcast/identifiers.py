"""
Message identifiers of public warnings, and the levels of EU-Alert they stand for.

Sources: the numbers of 3GPP TS 23.041, 9.4.1.2.2 as libosmocore's gsm_23_041.h has them; levels 1 to 3, Amber, test,
exercise and EU-Info of ETSI TS 102 900 V1.3.1; level 4 of TS 23.041 since Release 17, where it shares the numbers of
WEA Public Safety. The levels rest on public summaries: they were not compared with the text of the standards.
"""

from typing import NamedTuple

from tocsin.kernel.errors import Invalid


class Pair(NamedTuple):
    """One kind of message in the country's own language, and in an additional one that a phone may filter by."""

    local: int
    additional: int


# The first of its group where a level has several: phones treat a group alike. Android's settings for Ukraine (MCC
# 255) listen to 4370, 4371 and their additional languages only: levels 3 and 4 would be heard by nobody there.
LEVELS = {1: Pair(4370, 4383), 2: Pair(4371, 4384), 3: Pair(4373, 4386), 4: Pair(4396, 4397)}
TESTS = Pair(4380, 4393)
EXERCISES = Pair(4381, 4394)

# Both columns of each row; the second is the same in an additional language.
_ROWS: tuple[tuple[Pair, str], ...] = (
    (LEVELS[1], "EU-Alert level 1 (presidential)"),
    (Pair(4371, 4384), "EU-Alert level 2 (extreme, immediate, observed)"),
    (Pair(4372, 4385), "EU-Alert level 2 (extreme, immediate, likely)"),
    (Pair(4373, 4386), "EU-Alert level 3 (extreme, expected, observed)"),
    (Pair(4374, 4387), "EU-Alert level 3 (extreme, expected, likely)"),
    (Pair(4375, 4388), "EU-Alert level 3 (severe, immediate, observed)"),
    (Pair(4376, 4389), "EU-Alert level 3 (severe, immediate, likely)"),
    (Pair(4377, 4390), "EU-Alert level 3 (severe, expected, observed)"),
    (Pair(4378, 4391), "EU-Alert level 3 (severe, expected, likely)"),
    (Pair(4379, 4392), "EU-Amber (child abduction)"),
    (TESTS, "EU-Test (required monthly test)"),
    (EXERCISES, "EU-Exercise"),
    (Pair(4382, 4395), "reserved for the operator's use"),
    (LEVELS[4], "EU-Alert level 4 (public safety)"),
    (Pair(4398, 4399), "state or local test"),
    (Pair(6400, 6401), "EU-Info"),
)
MEANINGS: dict[int, str] = {
    4352: "ETWS earthquake",
    4353: "ETWS tsunami",
    4354: "ETWS earthquake and tsunami",
    4355: "ETWS test",
    4356: "ETWS other",
    **{pair.local: name for pair, name in _ROWS},
    **{pair.additional: f"{name}, additional language" for pair, name in _ROWS},
}


def identifier(level: int, language: str, local: str = "uk") -> int:
    """
    The message identifier of an EU-Alert level in a language.

    Raises:
        Invalid: If there is no such level.
    """
    if level not in LEVELS:
        raise Invalid(f"{level} is not an EU-Alert level; there are {', '.join(map(str, LEVELS))}", "level")
    return LEVELS[level].local if language == local else LEVELS[level].additional


def meaning(message_identifier: int) -> str:
    """What a message identifier stands for, or nothing where it is not one of public warnings."""
    return MEANINGS.get(message_identifier, "")

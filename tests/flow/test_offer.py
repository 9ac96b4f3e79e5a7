"""What a foreign alert means here: our areas, and an order that waits for an officer."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.foreign import NIGHT, SENDER, message

from tocsin.city.areas import Area as Ours
from tocsin.city.areas import AreaTree
from tocsin.domain.foreign import Area
from tocsin.domain.warning import Phase, Threat
from tocsin.flow.offer import areas_of, offer


def square(west: float, south: float, east: float, north: float) -> dict[str, object]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def ours(code: str, parent: str | None, *box: float) -> Ours:
    return Ours(code=code, level="raion", names={"uk": code}, parent=parent, geometry=square(*box) if box else None)


TREE = AreaTree(
    [
        ours("city", None, 30.0, 50.0, 30.4, 50.4),
        ours("west", "city", 30.0, 50.0, 30.2, 50.4),
        ours("east", "city", 30.2, 50.0, 30.4, 50.4),
        ours("nowhere", None),
    ]
)


def drawn(*polygons: str, circles: tuple[str, ...] = ()) -> tuple[str, ...]:
    return areas_of(message(areas=(Area("x", polygons, circles),)), TREE)


def box(west: float, south: float, east: float, north: float) -> str:
    return f"{south},{west} {south},{east} {north},{east} {north},{west} {south},{west}"


@pytest.mark.parametrize(
    ("where", "codes"),
    [
        (box(29, 49, 31, 51), ("city",)),
        (box(30.0, 50.0, 30.2, 50.4), ("west",)),
        (box(29.9, 50.0, 30.2005, 50.4), ("west",)),
        (box(30.05, 50.1, 30.06, 50.11), ("west",)),
        (box(30.15, 50.1, 30.3, 50.3), ("west", "east")),
        (box(31, 50, 32, 51), ()),
    ],
)
def test_outlines_lead_to_the_fewest_of_our_areas_that_they_lie_over(where: str, codes: tuple[str, ...]) -> None:
    assert drawn(where) == codes


def test_a_circle_is_an_outline_too_even_without_a_radius() -> None:
    assert drawn(circles=("50.2,30.1 0",)) == ("west",)
    assert drawn(circles=("50.2,30.2 200",)) == ("city",)


def test_parts_of_several_infos_are_looked_at_together() -> None:
    assert drawn(box(30.0, 50.0, 30.2, 50.4), box(30.2, 50.0, 30.4, 50.4)) == ("city",)


@pytest.mark.parametrize("garbage", ["", "a b", "1,2", "50,30 50,30 50,30 50,30", "99,30 99,31 98,31 99,30"])
def test_an_outline_that_cannot_be_read_leads_nowhere(garbage: str) -> None:
    assert drawn(garbage) == ()
    assert drawn(circles=(garbage,)) == ()


def test_an_outline_that_crosses_itself_still_leads_somewhere() -> None:
    assert drawn("50.0,30.0 50.4,30.4 50.0,30.4 50.4,30.0 50.0,30.0")


def test_a_code_of_ours_outranks_the_outline_and_a_strange_one_does_not() -> None:
    def coded(*codes: tuple[str, str]) -> tuple[str, ...]:
        return areas_of(message(areas=(Area("x", (box(29, 49, 31, 51),), geocodes=codes),)), TREE)

    assert coded(("KATOTTG", "east")) == ("east",)
    assert coded(("katottg", "nowhere"), ("KATOTTG", "unknown")) == ("nowhere",)
    assert coded(("SAME", "east")) == ("city",)


def test_the_offer_is_an_order_with_the_words_and_the_end_of_the_message() -> None:
    said = message()
    info = replace(
        said.infos[0], headline="Буря", description="Сильний вітер.", event_codes=(("tocsin:threat", "drone"),)
    )
    english = replace(info, language="en-GB", headline="Storm", description="")
    made = offer(replace(said, infos=(info, english)), ("west",), "live", "us", NIGHT)
    assert made is not None
    assert (made.areas, made.threat, made.phase) == (("west",), Threat.DRONE, Phase.ALERT)
    assert made.texts == {"uk": "Буря Сильний вітер.", "en": "Storm"}
    assert made.expires == NIGHT + timedelta(minutes=600)


def test_what_is_not_immediate_is_offered_as_an_early_warning() -> None:
    said = message()
    later = replace(said, infos=(replace(said.infos[0], urgency="Expected", categories=("CBRNE",)),))
    made = offer(later, ("west",), "live", "us", NIGHT)
    assert made is not None
    assert (made.phase, made.threat) == (Phase.PRE_ALERT, Threat.CHEMICAL)


def test_nothing_is_offered_of_an_exercise_in_the_live_realm() -> None:
    drill = replace(message(), status="Exercise")
    assert offer(drill, ("west",), "live", "us", NIGHT) is None
    assert offer(drill, ("west",), "exercise", "us", NIGHT) is not None
    for status in ("Test", "Draft", "System"):
        assert offer(replace(drill, status=status), ("west",), "exercise", "us", NIGHT) is None


def test_nothing_is_offered_of_what_is_elsewhere_is_over_or_is_our_own() -> None:
    assert offer(message(), (), "live", "us", NIGHT) is None
    assert offer(message(), ("west",), "live", "us", NIGHT + timedelta(days=1)) is None
    assert offer(message(), ("west",), "live", SENDER, NIGHT) is None

"""The record, and the questions newsrooms ask of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.town import START, Town, attack, hit, weapons

from tocsin.domain.record import MISSILES, WeaponClass
from tocsin.domain.record.attacks import Effect, EndAttack
from tocsin.kernel.errors import Unknown
from tocsin.views.attacks import Attacks, AttackState, Killed, KilledBounds, Totals

APRIL_6 = datetime(2025, 4, 6, 2, 0, tzinfo=UTC)
JULY_8 = datetime(2024, 7, 8, 7, 0, tzinfo=UTC)
KYIV = ("kyiv", "podil", "obolon")
MORNING = datetime(2025, 4, 24, 3, 30, tzinfo=UTC)

SHAHED = ("Shahed-136/131", WeaponClass.DRONE, 145, 64, 68)
KALIBR = ("Kalibr", WeaponClass.CRUISE_MISSILE, 12, 6, 0)


def history() -> Town:
    """Three attacks on Kyiv, and a drone that came down between the second and the third."""
    town = Town()
    town.do(
        attack("kyiv-2024-07-08", JULY_8, date(2024, 7, 8)),
        hit("kyiv-2024-07-08", "h-1", JULY_8 + timedelta(hours=1), WeaponClass.CRUISE_MISSILE, area="kyiv"),
        # The drones came the evening before; the missiles at five in the morning.
        attack("kyiv-2025-04-06", APRIL_6 - timedelta(hours=7), date(2025, 4, 6)),
        hit("kyiv-2025-04-06", "h-1", APRIL_6, area="obolon", publisher="Air Force"),
        hit("kyiv-2025-04-06", "h-2", APRIL_6 + timedelta(minutes=5), effect=Effect.DEBRIS, publisher="Mayor"),
        hit("kyiv-2025-04-06", "h-3", APRIL_6 - timedelta(hours=6), WeaponClass.DRONE, publisher="Mayor"),
        attack("kyiv-2025-04-16", datetime(2025, 4, 16, 0, tzinfo=UTC), date(2025, 4, 16)),
        hit("kyiv-2025-04-16", "h-1", datetime(2025, 4, 16, 1, tzinfo=UTC), WeaponClass.DRONE),
        attack("kyiv-2025-04-24", START, date(2025, 4, 24)),
        hit("kyiv-2025-04-24", "h-1", START + timedelta(hours=1)),
    )
    return town


def state_of(town: Town, name: str = "a-1") -> AttackState:
    state = town.view(Attacks).attack(name)
    assert state is not None
    return state


def counted() -> Town:
    town = Town()
    town.do(attack("a-1", START, date(2025, 4, 24)))
    return town


def test_a_count_has_the_sums_over_its_models() -> None:
    town = counted()
    town.do(weapons(SHAHED, KALIBR))
    (count,) = state_of(town).counts.values()
    assert (count.totals.launched, count.totals.intercepted, count.totals.lost) == (157, 70, 68)
    assert count.totals.still_airborne is None
    assert (count.scope, [row.model for row in count.weapons]) == ("UA", ["Shahed-136/131", "Kalibr"])


def test_a_later_count_replaces_the_same_publishers_and_nobody_elses() -> None:
    town = counted()
    town.do(weapons(SHAHED), weapons(KALIBR, by="General Staff"), weapons(SHAHED, KALIBR))
    counts = {count.source.publisher: count.totals for count in state_of(town).counts.values()}
    assert counts == {"Air Force": Totals(157, 70, 68, None), "General Staff": Totals(12, 6, 0, None)}


def test_an_attack_ends_when_it_was_last_said_to() -> None:
    town = counted()
    ends = (START + timedelta(hours=6), START + timedelta(hours=5))
    town.do(*(EndAttack(attack="a-1", end=end) for end in ends))
    assert state_of(town).end == ends[1]


def test_the_earliest_attack_comes_first_in_whatever_order_they_were_recorded() -> None:
    town = Town()
    town.do(attack("b", START, date(2025, 4, 24)), attack("a", JULY_8, date(2024, 7, 8)))
    assert [state.attack for state in town.view(Attacks).all()] == ["a", "b"]


def test_before_the_night_kyiv_was_last_hit_by_missiles_on_the_sixth_of_april() -> None:
    answer = history().view(Attacks).last_hit(KYIV, START, MISSILES)
    assert (answer.date, answer.attack, answer.time_zone) == (date(2025, 4, 6), "kyiv-2025-04-06", "Europe/Kyiv")
    assert answer.weapon_class is WeaponClass.BALLISTIC_MISSILE
    # The attack itself began the day before.
    assert answer.start == APRIL_6 - timedelta(hours=7)
    assert answer.claims == ("kyiv-2025-04-06/h-2", "kyiv-2025-04-06/h-1")
    assert [source.publisher for source in answer.citations] == ["Mayor", "Air Force"]
    assert answer.possible == ()


def test_by_weapons_of_any_class_it_was_hit_later() -> None:
    answer = history().view(Attacks).last_hit(KYIV, START)
    assert (answer.date, answer.weapon_class) == (date(2025, 4, 16), WeaponClass.DRONE)


def test_falling_debris_may_be_left_out() -> None:
    answer = history().view(Attacks).last_hit(KYIV, START, MISSILES, (Effect.IMPACT,))
    assert answer.claims == ("kyiv-2025-04-06/h-1",)


def test_a_hit_counts_only_in_the_places_asked_about_and_before_the_moment() -> None:
    attacks = history().view(Attacks)
    assert attacks.last_hit(("kyiv",), START, MISSILES).date == date(2024, 7, 8)
    assert attacks.last_hit(KYIV, START + timedelta(hours=1), MISSILES).date == date(2025, 4, 6)
    assert attacks.last_hit(KYIV, START + timedelta(hours=1, seconds=1), MISSILES).date == date(2025, 4, 24)


def test_the_date_is_that_of_the_hit_at_the_place_not_in_utc() -> None:
    town = history()
    late = datetime(2025, 4, 17, 21, 30, tzinfo=UTC)
    town.do(hit("kyiv-2025-04-16", "h-2", late, WeaponClass.AEROBALLISTIC))
    assert town.view(Attacks).last_hit(KYIV, START, MISSILES).date == date(2025, 4, 18)


def test_a_later_hit_by_a_weapon_nobody_has_named_is_mentioned_as_possible() -> None:
    town = history()
    between = datetime(2025, 4, 20, 1, tzinfo=UTC)
    before = APRIL_6 - timedelta(hours=1)
    town.do(
        hit("kyiv-2025-04-16", "h-2", between, WeaponClass.UNKNOWN),
        hit("kyiv-2025-04-06", "h-4", before, WeaponClass.UNKNOWN),
    )
    attacks = town.view(Attacks)
    answer = attacks.last_hit(KYIV, START, MISSILES)
    assert (answer.date, answer.possible) == (date(2025, 4, 6), ("kyiv-2025-04-16/h-2",))
    assert attacks.last_hit(KYIV, START).claims == ("kyiv-2025-04-16/h-2",)
    assert attacks.last_hit(KYIV, START).possible == ()


def test_two_hits_of_one_moment_in_two_attacks_always_give_the_same_answer() -> None:
    for order in ((1, 2), (2, 1)):
        town = Town()
        for number in order:
            town.do(attack(f"a-{number}", START, date(2025, 4, 24)), hit(f"a-{number}", "h", START))
        assert town.view(Attacks).last_hit(KYIV, START + timedelta(hours=9)).claims == ("a-2/h",)


def test_a_record_without_such_a_hit_says_so_and_still_tells_what_it_looked_for() -> None:
    answer = history().view(Attacks).last_hit(("podil",), JULY_8, MISSILES)
    assert (answer.date, answer.attack, answer.claims) == (None, "", ())
    assert "missiles of all classes" in answer.definition["en"]
    assert "ракети всіх класів" in answer.definition["uk"]


def test_a_corrected_hit_answers_as_it_was_corrected() -> None:
    town = history()
    moved = (hit("kyiv-2025-04-06", name, APRIL_6 - timedelta(hours=6), area="obolon") for name in ("h-1", "h-2"))
    town.do(*moved)
    answer = town.view(Attacks).last_hit(KYIV, START, MISSILES)
    assert (answer.date, answer.attack) == (date(2025, 4, 5), "kyiv-2025-04-06")


def bounds(low: int, best: int | None, high: int | None, *claims: str, at: datetime = MORNING) -> KilledBounds:
    return KilledBounds(low, best, high, at, claims)


def killed(**figures: KilledBounds) -> Killed:
    """Figures by the date in an attack's name, such as `d0708`."""
    named: Mapping[str, KilledBounds] = figures
    return lambda attack: named.get("d" + attack[-5:].replace("-", ""))


NINE = bounds(9, 9, None, "ses-1")
QUIET = {"d0406": bounds(1, 1, 1, "c-1"), "d0416": bounds(0, 0, 0)}
JULY = bounds(33, 33, 33, "c-7")


def test_the_night_was_the_deadliest_since_the_eighth_of_july() -> None:
    answer = history().view(Attacks).deadliest_since("kyiv-2025-04-24", killed(d0424=NINE, d0708=JULY, **QUIET))
    assert answer is not None
    assert (answer.date, answer.since) == (date(2024, 7, 8), "kyiv-2024-07-08")
    assert (answer.killed, answer.since_killed, answer.evaluated_at) == (NINE, JULY, MORNING)
    assert answer.claims == ("ses-1", "c-7")
    assert "2025-04-24 06:30 +0300" in answer.definition["en"]


def test_at_least_nine_may_be_as_many_as_thirty_three_and_exactly_thirteen_may_not() -> None:
    attacks = history().view(Attacks)
    open_ended = attacks.deadliest_since("kyiv-2025-04-24", killed(d0424=NINE, d0708=JULY, **QUIET))
    final = attacks.deadliest_since("kyiv-2025-04-24", killed(d0424=bounds(13, 13, 13), d0708=JULY, **QUIET))
    assert open_ended is not None
    assert (open_ended.tie_possible, open_ended.ties) == (True, ("kyiv-2024-07-08",))
    assert final is not None
    assert (final.tie_possible, final.ties) == (False, ())


def test_an_attack_that_killed_exactly_as_many_is_a_tie_and_not_the_answer() -> None:
    figures = QUIET | {"d0406": bounds(9, 9, 9, "c-1")}
    nine = bounds(9, 9, 9, "ses-1")
    answer = history().view(Attacks).deadliest_since("kyiv-2025-04-24", killed(d0424=nine, d0708=JULY, **figures))
    assert answer is not None
    assert (answer.since, answer.ties) == ("kyiv-2024-07-08", ("kyiv-2025-04-06",))
    assert answer.claims == ("ses-1", "c-7", "c-1")


def test_ranges_that_only_touch_are_a_possible_tie() -> None:
    figures = QUIET | {"d0406": bounds(6, 7, 9)}
    nine = bounds(9, 10, 12)
    answer = history().view(Attacks).deadliest_since("kyiv-2025-04-24", killed(d0424=nine, d0708=JULY, **figures))
    assert answer is not None
    assert answer.ties == ("kyiv-2025-04-06",)


def test_attacks_nobody_has_figures_for_are_named_as_unknown() -> None:
    answer = history().view(Attacks).deadliest_since("kyiv-2025-04-24", killed(d0424=NINE, d0708=JULY))
    assert answer is not None
    assert (answer.since, answer.unknown) == ("kyiv-2024-07-08", ("kyiv-2025-04-16", "kyiv-2025-04-06"))


@pytest.mark.parametrize(
    ("theirs", "since", "unknown"),
    [
        (bounds(3, None, 12), "kyiv-2024-07-08", ("kyiv-2025-04-16",)),
        (bounds(3, None, None), "kyiv-2024-07-08", ("kyiv-2025-04-16",)),
        (bounds(3, None, 9), "kyiv-2024-07-08", ()),
        (bounds(10, None, 99), "kyiv-2025-04-16", ()),
    ],
)
def test_a_figure_without_a_best_one_decides_only_where_its_whole_range_does(
    theirs: KilledBounds, since: str, unknown: tuple[str, ...]
) -> None:
    figures = QUIET | {"d0416": theirs}
    answer = history().view(Attacks).deadliest_since("kyiv-2025-04-24", killed(d0424=NINE, d0708=JULY, **figures))
    assert answer is not None
    assert (answer.since, answer.unknown) == (since, unknown)


def test_the_deadliest_in_the_record_has_nothing_it_is_the_deadliest_since() -> None:
    answer = history().view(Attacks).deadliest_since("kyiv-2024-07-08", killed(d0708=JULY))
    assert answer is not None
    assert (answer.since, answer.date, answer.since_killed) == ("", None, None)


def test_an_attack_on_another_place_is_not_compared() -> None:
    town = history()
    town.do(attack("ua-2025-01-01", START - timedelta(days=9), date(2025, 4, 15), area="UA"))
    figures = killed(d0424=NINE, d0708=JULY, d0101=bounds(50, 50, 50), **QUIET)
    answer = town.view(Attacks).deadliest_since("kyiv-2025-04-24", figures)
    assert answer is not None
    assert answer.since == "kyiv-2024-07-08"


@pytest.mark.parametrize("mine", [None, bounds(3, None, 9)])
def test_nothing_is_said_of_an_attack_without_a_best_figure(mine: KilledBounds | None) -> None:
    attacks = history().view(Attacks)
    assert attacks.deadliest_since("kyiv-2025-04-24", lambda _attack: mine) is None


def test_an_attack_that_is_not_in_the_record_is_unknown() -> None:
    with pytest.raises(Unknown, match="kyiv-2023-01-01"):
        history().view(Attacks).deadliest_since("kyiv-2023-01-01", killed())

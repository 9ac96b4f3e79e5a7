"""The record's questions on hand-made histories: ties, unknown bounds, revisions, and what was known when."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.history import DERIVED, alerts, bring, launch, launches
from tests.running import KYIV, PODIL
from tests.system.test_replay_equals_live import Time, system

from tocsin.domain.catalogue import all_commands
from tocsin.domain.record import MISSILES, WeaponClass
from tocsin.domain.record.attacks import Effect
from tocsin.flow import answers
from tocsin.flow.record import Asked, count, deadliest, false_alarms, lead_times, months, threads
from tocsin.flow.record_export import export
from tocsin.formats.record import Export
from tocsin.formats.record.acled import ACLED
from tocsin.formats.record.ged import GED, priogrid
from tocsin.kernel.errors import Invalid, Unknown
from tocsin.kernel.event import Actor
from tocsin.views.attacks import AttackState
from tocsin.views.history.alerts import alert_time, disagreements
from tocsin.views.history.index import Index
from tocsin.views.history.launches import Period, interception, unusual
from tocsin.views.history.spans import Spans
from tocsin.views.history.unusual import fit

CHIEF = Actor("ada", "administrator")
NOW = datetime(2025, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class Past:
    """A record that is written by hand, on a clock that each entry moves on by a minute."""

    def __init__(self) -> None:
        self.clock = Time(NOW)
        self.system = system(self.clock).system

    def do(self, kind: str, **fields: object) -> None:
        self.clock.now += timedelta(minutes=1)
        self.system.do(all_commands().convert({"kind": kind, **fields}, "test"), CHIEF)

    def attack(self, name: str, start: datetime, area: str = KYIV) -> None:
        names = {"uk": "Удар по Києву", "en": "Strike on Kyiv"}
        local = (start + timedelta(hours=6)).date()
        self.do(
            "attack.open",
            attack=name,
            start=start,
            date_local=local,
            time_zone="Europe/Kyiv",
            area=area,
            names=names,
            source=_source("Air Force"),
        )

    def hit(self, attack: str, name: str, time: datetime, weapon: str = "ballistic_missile", **fields: object) -> None:
        shared = {"area": PODIL, "effect": "impact", "source": _source("Emergency Service")}
        self.do("attack.record_hit", attack=attack, hit=name, time=time, weapon_class=weapon, **{**shared, **fields})

    def killed(self, attack: str, lo: int, hi: int | None = None, *, point: int | None = None, by: str = "ses") -> None:
        when = self.clock.now
        self.do(
            "claim.record",
            attack=attack,
            claim=f"{by}-{when:%H%M}",
            place=KYIV,
            measure="killed",
            lo=lo,
            **({} if hi is None else {"hi": hi}),
            **({} if point is None else {"point": point}),
            status="confirmed",
            as_of=when,
            origin=by,
            speaker={"org": "Service", "org_kind": "emergency_service"},
            source=_source("Service") | {"published": when},
        )

    def say(self, name: str, type_: str, said_at: datetime, answers: str = "") -> None:
        self.do(
            "statement.record",
            statement=name,
            attack="a-1",
            type=type_,
            person="Somebody",
            role="Minister",
            original="…",
            lang="en",
            said_at=said_at,
            answers=answers,
            source=_source("Agency"),
        )

    def asked(self, **fields: object) -> Asked:
        defaults: dict[str, object] = {"as_of": self.clock.now}
        return Asked(**{**defaults, **fields})  # type: ignore[arg-type]

    def index(self) -> Index:
        return self.system.views.history.index()


def _source(publisher: str) -> dict[str, object]:
    return {"publisher": publisher, "url": "https://example.org", "quote": "…"}


@pytest.fixture
def past() -> Past:
    return Past()


def test_the_deadliest_share_a_rank_and_their_open_bounds_say_which_ranks_are_possible(past: Past) -> None:
    for number, name in enumerate(("a-1", "a-2", "a-3", "a-4")):
        past.attack(name, NOW - (10 - number) * DAY)
    past.killed("a-1", 9, 9, point=9)
    past.killed("a-2", 9, 9, point=9)
    past.killed("a-3", 5, None, point=5)
    answer = deadliest(past.system, past.asked())
    assert [(each.attack, each.rank, each.best_rank, each.worst_rank) for each in answer.attacks] == [
        ("a-2", 1, 1, 2),
        ("a-1", 1, 1, 2),
        ("a-3", 3, 1, 3),
    ]
    assert answer.attacks[0].tied == ("a-1",)
    assert answer.unknown == ("a-4",)
    assert answer.open_ranks
    assert len(answer.claims) == 3


def test_as_many_as_are_asked_for_come_and_whoever_ties_with_the_last(past: Past) -> None:
    for name, dead in (("a-1", 9), ("a-2", 4), ("a-3", 4)):
        past.attack(name, NOW - 9 * DAY)
        past.killed(name, dead, dead, point=dead)
    answer = deadliest(past.system, past.asked(), 2)
    assert {each.attack for each in answer.attacks} == {"a-1", "a-2", "a-3"}


def test_a_revision_changes_the_answer_of_now_and_not_the_one_that_was_known_then(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.attack("a-2", NOW - 8 * DAY)
    past.killed("a-1", 5, 5, point=5)
    past.killed("a-2", 9, 9, point=9)
    then = past.clock.now
    past.killed("a-1", 13, 13, point=13)
    now = past.asked()
    known_then = past.asked(recorded=then)
    assert [each.attack for each in deadliest(past.system, now).attacks] == ["a-1", "a-2"]
    assert [each.attack for each in deadliest(past.system, known_then).attacks] == ["a-2", "a-1"]
    assert answers.deadliest_since(past.system, "a-2", now.as_of).since == "a-1"
    assert answers.deadliest_since(past.system, "a-2", now.as_of, then).since == ""


def test_the_last_hit_can_be_asked_as_the_record_stood_before_a_later_entry(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY)
    then = past.clock.now
    past.attack("a-2", NOW - 3 * DAY)
    past.hit("a-2", "h-1", NOW - 3 * DAY, "drone", effect="debris")
    assert answers.last_hit(past.system, KYIV, NOW).attack == "a-2"
    assert answers.last_hit(past.system, KYIV, NOW, recorded=then).attack == "a-1"
    assert answers.last_hit(past.system, KYIV, NOW, effect=Effect.IMPACT).attack == "a-1"
    assert answers.last_hit(past.system, KYIV, NOW, MISSILES).attack == "a-1"


def test_a_hit_whose_time_is_rough_may_be_the_last_one_and_says_so(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY + timedelta(hours=5))
    past.attack("a-2", NOW - 9 * DAY)
    past.hit("a-2", "h-1", NOW - 9 * DAY + timedelta(hours=4), precision_minutes=120)
    past.hit("a-2", "h-2", NOW - 9 * DAY + timedelta(hours=4), precision_minutes=30)
    answer = answers.last_hit(past.system, KYIV, NOW)
    assert (answer.attack, answer.possible) == ("a-1", ("a-2/h-1",))
    assert len(answer.would_change) == 2


def test_a_hit_after_the_moment_may_have_come_before_it(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 8 * DAY, precision_minutes=60)
    answer = answers.last_hit(past.system, KYIV, NOW - 8 * DAY - timedelta(minutes=30))
    assert (answer.attack, answer.possible) == ("", ("a-1/h-1",))


def test_a_count_takes_what_surely_fits_and_names_what_may(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY)
    past.hit("a-1", "h-2", NOW - 9 * DAY, "drone", effect="debris")
    past.attack("a-2", NOW - 5 * DAY)
    past.hit("a-2", "h-1", NOW - 5 * DAY, "unknown")
    past.attack("a-3", NOW - 50 * DAY)
    window = {"start": NOW - 20 * DAY, "end": NOW, "place": KYIV}
    missiles = count(past.system, past.asked(weapon=MISSILES, **window))
    assert (missiles.attacks, missiles.hits) == (1, 1)
    assert (missiles.possible_attacks, missiles.possible_hits) == (("a-2",), ("a-2/h-1",))
    assert missiles.claims == ("a-1", "a-1/h-1")
    assert count(past.system, past.asked(**window)).attacks == 2
    assert count(past.system, past.asked(effect=Effect.DEBRIS, **window)).claims == ("a-1", "a-1/h-2")
    assert count(past.system, past.asked(source="emergency", **window)).attacks == 2
    assert count(past.system, past.asked(source="newsroom", **window)).attacks == 0


def test_a_rate_has_the_exact_interval_of_a_poisson_count(past: Past) -> None:
    for number in range(3):
        past.attack(f"a-{number}", NOW - (number + 1) * DAY)
    answer = count(past.system, past.asked(start=NOW - 30 * DAY, end=NOW))
    assert answer.rate is not None
    assert answer.rate.per_30_days == pytest.approx(3)
    # Garwood's limits for three events, as printed in every table of them.
    assert answer.rate.low == pytest.approx(0.6187, abs=1e-4)
    assert answer.rate.high == pytest.approx(8.7673, abs=1e-4)


def test_at_least_so_many_killed_is_sure_possible_or_not(past: Past) -> None:
    for name in ("a-1", "a-2", "a-3", "a-4"):
        past.attack(name, NOW - 9 * DAY)
    past.killed("a-1", 9, 9, point=9)
    past.killed("a-2", 3, None, point=3)
    past.killed("a-3", 3, 3, point=3)
    answer = count(past.system, past.asked(min_killed=5))
    assert answer.attacks == 1
    assert answer.possible_attacks == ("a-2", "a-4")


def test_a_window_that_ends_before_it_begins_and_a_place_that_is_not_are_refused(past: Past) -> None:
    with pytest.raises(Invalid):
        count(past.system, past.asked(start=NOW, end=NOW - DAY))
    with pytest.raises(Unknown):
        count(past.system, past.asked(place="nowhere"))


def test_a_month_stands_beside_the_month_before_with_sums_of_bounds(past: Past) -> None:
    past.attack("a-1", NOW - 40 * DAY)
    past.killed("a-1", 4, 4, point=4)
    past.attack("a-2", NOW - 9 * DAY)
    past.killed("a-2", 9, 9, point=9)
    past.attack("a-3", NOW - 8 * DAY)
    past.killed("a-3", 3, None, point=3)
    answer = months(past.system, past.asked())
    assert (answer.before.attacks, answer.this.attacks) == (1, 2)
    assert (answer.before.killed.low, answer.before.killed.high) == (4, 4)
    assert (answer.this.killed.low, answer.this.killed.best, answer.this.killed.high) == (12, 12, None)
    assert answer.change["attacks"] == pytest.approx(1.0)
    assert answer.this.injured.unknown == ("a-2", "a-3")


def test_a_proposal_is_followed_to_its_answers_and_says_when_there_is_none_yet(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.say("p-1", "proposal", NOW - 8 * DAY)
    past.say("p-2", "proposal", NOW - 8 * DAY)
    past.say("r-1", "rejection", NOW - 6 * DAY, "p-1")
    past.say("a-1", "acceptance", NOW - 4 * DAY, "p-1")
    past.say("d-1", "demand", NOW - 3 * DAY, "a-1")
    found = {each.statement.statement: each for each in threads(past.system, NOW)}
    assert {name: each.outcome for name, each in found.items()} == {"p-1": "disputed", "p-2": "no answer yet"}
    assert found["p-1"].answers[1].answers[0].outcome == "no answer yet"
    earlier = {each.statement.statement: each.outcome for each in threads(past.system, NOW - 5 * DAY)}
    assert earlier == {"p-1": "rejected", "p-2": "no answer yet"}
    assert {each.outcome for each in threads(past.system, NOW - 7 * DAY)} == {"no answer yet"}
    assert found["p-2"].words["uk"] == "відповіді ще немає"


def test_statements_can_be_asked_as_the_record_stood(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.say("p-1", "proposal", NOW - 8 * DAY)
    then = past.clock.now
    past.say("a-1", "acceptance", NOW - 6 * DAY, "p-1")
    assert [each.outcome for each in threads(past.system, NOW)] == ["accepted"]
    assert [each.outcome for each in threads(past.system, NOW, recorded=then)] == ["no answer yet"]


OBLAST = "UA32000000000030281"
WHOLE = datetime(2022, 3, 16, tzinfo=UTC), datetime(2022, 3, 17, tzinfo=UTC)


def test_time_under_alert_counts_overlapping_alerts_once_and_sources_apart(past: Past) -> None:
    bring(
        past.system,
        alerts(
            "Kyivska oblast,,,oblast,2022-03-16 06:00:00+00:00,2022-03-16 07:00:00+00:00",
            "Kyivska oblast,Buchanskyi raion,,raion,2022-03-16 06:30:00+00:00,2022-03-16 08:30:00+00:00",
            "Kyivska oblast,,,oblast,2022-03-16 10:00:00+00:00,",
        ),
    )
    document = "Kyivska oblast,2022-03-16 06:00:00+00:00,2022-03-16 07:20:00+00:00,1,80.0\n"
    bring(past.system, (DERIVED + document).encode())
    official, derived = alert_time(past.index(), OBLAST, *WHOLE).sources
    assert (official.seconds, official.seconds_anywhere, official.alerts) == (3600, 9000, 1)
    assert official.without_end == 1
    assert derived.seconds == 4800
    raion, _ = alert_time(past.index(), f"{OBLAST}/Buchanskyi raion", *WHOLE).sources
    assert raion.seconds == 9000


def test_two_sources_that_differ_are_shown_side_by_side_and_never_averaged(past: Past) -> None:
    bring(
        past.system,
        alerts(
            "Kyivska oblast,,,oblast,2022-03-16 01:00:00+00:00,2022-03-16 02:00:00+00:00",
            "Kyivska oblast,,,oblast,2022-03-16 04:00:00+00:00,2022-03-16 05:00:00+00:00",
            "Kyivska oblast,,,oblast,2022-03-16 06:00:00+00:00,2022-03-16 07:00:00+00:00",
            "Kyivska oblast,,,oblast,,2022-03-16 11:00:00+00:00",
            "Kyivska oblast,,,oblast,2022-03-16 12:00:00+00:00,2022-03-16 13:00:00+00:00",
            "Kyivska oblast,,,oblast,2022-03-16 20:00:00+00:00,2022-03-16 21:00:00+00:00",
        ),
    )
    other = [
        ("01:00:00", "02:00:30"),
        ("04:10:00", "05:00:00"),
        ("10:00:00", "11:00:00"),
        ("12:00:00", "12:20:00"),
        ("12:30:00", "13:00:00"),
        ("15:00:00", "15:30:00"),
        ("20:00:00", "21:30:00"),
    ]
    rows = "".join(f"Kyivska oblast,2022-03-16 {a}+00:00,2022-03-16 {b}+00:00,1,\n" for a, b in other)
    bring(past.system, (DERIVED + rows).encode())
    found = list(disagreements(past.index(), OBLAST, *WHOLE))
    assert [(each.what.value, each.seconds) for each in found] == [
        ("start", 600.0),
        ("missing", None),
        ("no_start", None),
        ("split", None),
        ("end", 1800.0),
        ("missing", None),
    ]


def test_a_source_that_never_covers_a_place_does_not_disagree_about_it(past: Past) -> None:
    bring(past.system, alerts("Kyivska oblast,,,oblast,2022-03-16 01:00:00+00:00,2022-03-16 02:00:00+00:00"))
    bring(past.system, (DERIVED + "Sumska oblast,2022-03-16 01:00:00+00:00,2022-03-16 02:00:00+00:00,1,\n").encode())
    assert list(disagreements(past.index(), OBLAST, *WHOLE)) == []
    assert [each.source for each in alert_time(past.index(), OBLAST, *WHOLE).sources] == ["official-air-raid-alerts"]


def test_a_lead_time_runs_from_the_unbroken_alert_to_the_hit_within_its_precision(past: Past) -> None:
    bring(
        past.system,
        alerts(
            "Kyiv City,,,oblast,2025-04-22 21:00:00+00:00,2025-04-22 21:30:00+00:00",
            "Kyiv City,,,oblast,2025-04-23 21:36:00+00:00,2025-04-24 01:00:00+00:00",
            "Kyiv City,,,oblast,2025-04-24 01:00:00+00:00,2025-04-24 03:33:00+00:00",
        ),
    )
    past.attack("a-1", datetime(2025, 4, 23, 20, tzinfo=UTC))
    past.hit("a-1", "h-1", datetime(2025, 4, 24, 2, 36, tzinfo=UTC))
    past.hit("a-1", "h-2", datetime(2025, 4, 23, 21, 40, tzinfo=UTC), precision_minutes=10)
    past.hit("a-1", "h-3", datetime(2025, 4, 23, 21, 0, tzinfo=UTC))
    past.hit("a-1", "h-4", datetime(2025, 4, 25, 0, 0, tzinfo=UTC))
    answer = lead_times(past.system, past.asked(place=KYIV))
    (official,) = answer.sources
    assert [each.seconds for each in official.hits] == [5 * 3600, 240, None]
    assert (official.warned, official.unwarned, official.may_be_late) == (2, 1, 1)
    assert official.shortest == 240
    assert answer.not_covered == ("a-1/h-4",)


def test_an_alert_of_our_own_counts_as_a_source_and_one_that_stands_has_not_ended(past: Past) -> None:
    past.do("alert.raise", alert="x", areas=[KYIV], threat="missile")
    raised = past.clock.now
    past.clock.now += timedelta(hours=1)
    (own,) = alert_time(past.index(), PODIL, NOW, past.clock.now).sources
    assert (own.source, own.seconds, own.without_end) == ("tocsin", 3600, 0)
    past.do("alert.clear", alert="x")
    past.clock.now += timedelta(hours=5)
    (own,) = alert_time(past.index(), PODIL, NOW, past.clock.now).sources
    assert own.seconds == (timedelta(hours=1) + timedelta(minutes=1)).total_seconds()
    assert raised > NOW


def test_alerts_are_false_only_where_nothing_at_all_is_on_record(past: Past) -> None:
    times = [("01:00", "02:00"), ("04:00", "05:00"), ("07:00", "08:00"), ("10:00", "11:00")]
    rows = [f"Kyiv City,,,oblast,2025-04-20 {a}:00+00:00,2025-04-20 {b}:00+00:00" for a, b in times]
    bring(past.system, alerts(*rows))
    bring(
        past.system,
        launches(
            launch("2025-04-20 07:00", "2025-04-20 07:30", "Kalibr", 1, 1, target="Kyiv"),
            launch("2025-04-20 10:00", "2025-04-20 10:30", "Kalibr", 9, 9),
        ),
    )
    past.attack("a-1", datetime(2025, 4, 20, 0, tzinfo=UTC))
    past.hit("a-1", "h-1", datetime(2025, 4, 20, 2, 10, tzinfo=UTC))
    (official,) = false_alarms(past.system, past.asked(place=KYIV)).sources
    assert (official.hit, official.aimed, official.possible, official.nothing) == (1, 1, 1, 1)
    assert (official.share_low, official.share_high) == (0.25, 0.5)


def test_launches_are_summed_by_who_counted_and_wider_rows_are_only_possible(past: Past) -> None:
    bring(
        past.system,
        launches(
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr", 5, 3, target="Kyiv oblast"),
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr", 4, 3, target="Kyiv oblast", source="PvK/posts/1"),
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr", 50, 30),
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr and Shahed", 7, 3, target="Kyiv oblast"),
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr", None, 3, target="Kyiv oblast", source="x/1"),
        ),
    )
    answer = count(past.system, past.asked(place=OBLAST, weapon=frozenset({WeaponClass.CRUISE_MISSILE}))).launches
    assert (answer.rows, answer.launched, answer.not_said) == (3, 9, 1)
    assert answer.by_reporter == {"kpszsu": 5, "PvK": 4}
    assert (answer.possible_rows, answer.possible_launched) == (2, 57)
    assert len(answer.cited) == 3


def test_the_share_intercepted_has_the_bounds_of_what_nobody_said(past: Past) -> None:
    bring(
        past.system,
        launches(
            launch("2025-04-20 01:00", "2025-04-20 05:00", "Kalibr", 8, 6),
            launch("2025-04-21 01:00", "2025-04-21 05:00", "Kalibr", 2, None),
            launch("2025-04-21 01:00", "2025-04-21 05:00", "Kalibr and Shahed", 4, 1),
            launch("2025-05-01 18:00", "2025-05-02 05:00", "Shahed", 10, 5, 5),
        ),
    )
    found = interception(past.index(), "UA", Period.MONTH, None, None).rows
    april, joined, may = found
    assert (april.period, april.weapon, april.launched) == ("2025-04", "cruise_missile", 10)
    assert (april.share, april.share_low) == (0.75, 0.6)
    assert april.share_high == pytest.approx(0.8)
    assert (joined.weapon, joined.launched) == ("joined", 4)
    assert (may.period, may.share, may.without_effect) == ("2025-05", 0.5, 1.0)


def nights(past: Past, *counts: int) -> None:
    first = date(2025, 1, 1)
    rows = [
        launch(f"{first + number * DAY} 01:00", f"{first + number * DAY} 05:00", "Shahed", each, 0)
        for number, each in enumerate(counts)
        if each
    ]
    bring(past.system, launches(*rows))


def test_a_night_is_ranked_among_those_before_it_with_ties_and_nights_without_launches(past: Past) -> None:
    nights(past, *[5, 0, 9, 9, 1] * 8, 9)
    answer = unusual(past.index(), "UA", date(2025, 1, 1) + 40 * DAY)
    assert (answer.count, answer.nights, answer.rank, answer.ties) == (9, 40, 1, 16)
    assert answer.at_least == pytest.approx(0.4)
    assert answer.last == date(2025, 1, 1) + 38 * DAY
    assert answer.mean == pytest.approx(4.8)
    assert answer.model is not None
    assert answer.model.zeros == 8
    assert answer.assumptions
    assert len(answer.cited) == 1


def test_no_model_is_fitted_to_a_few_nights(past: Past) -> None:
    nights(past, 5, 0, 9)
    answer = unusual(past.index(), "UA", date(2025, 1, 3))
    assert (answer.model, answer.tail, answer.assumptions) == (None, None, ())


def test_a_model_recovers_the_distribution_its_counts_were_drawn_from() -> None:
    rng = np.random.default_rng(7)
    size, mean = 0.8, 60.0
    drawn = rng.negative_binomial(size, size / (size + mean), 4000)
    found = fit(drawn)
    assert found is not None
    assert found.name == "negative binomial"
    assert 1 / found.alpha == pytest.approx(size, rel=0.08)
    assert found.mean == pytest.approx(mean, rel=0.06)
    assert found.log_likelihood > found.poisson_log_likelihood
    assert found.tail(200) == pytest.approx((drawn >= 200).mean(), abs=0.01)


def test_counts_that_vary_no_more_than_chance_are_poisson() -> None:
    found = fit(np.array([2, 3, 2, 3, 2, 3]))
    assert found is not None
    assert (found.name, found.alpha) == ("poisson", 0.0)
    assert found.tail(1) == pytest.approx(1 - np.exp(-2.5))
    assert fit(np.zeros(40, dtype=int)) is None


@given(st.lists(st.integers(0, 400), min_size=30, max_size=60), st.integers(0, 500))
@settings(max_examples=40)
def test_a_tail_is_a_probability_and_never_grows_with_the_count(counts: list[int], n: int) -> None:
    found = fit(np.array(counts))
    if found is not None:
        assert 0 <= found.tail(n + 1) <= found.tail(n) <= 1


INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: (p[0], p[0] + p[1])), max_size=12)


@given(INTERVALS, st.integers(0, 80), st.integers(0, 80))
def test_a_union_has_the_seconds_that_counting_them_one_by_one_gives(
    intervals: list[tuple[int, int]], start: int, end: int
) -> None:
    spans = Spans((float(a), float(b)) for a, b in intervals)
    one_by_one = sum(1 for second in range(start, end) if any(a <= second < b for a, b in intervals))
    assert spans.within(start, end) == one_by_one


def exported(past: Past, form: Export) -> list[list[str]]:
    import csv
    import io

    return list(csv.reader(io.StringIO(export(past.system, past.asked(), form)[1])))


def one_night(past: Past) -> None:
    past.attack("a-1", datetime(2025, 4, 23, 20, tzinfo=UTC))
    past.hit("a-1", "h-1", datetime(2025, 4, 23, 22, tzinfo=UTC), damage="a house", lat=50.46, lon=30.39)
    past.killed("a-1", 9, None, point=9)
    past.attack("a-2", NOW - 2 * DAY)


def test_an_export_has_the_49_columns_of_ged_and_leaves_out_attacks_without_a_known_death(past: Past) -> None:
    one_night(past)
    header, row = exported(past, Export.GED)
    assert len(GED) == 49
    assert header == list(GED)
    cells = dict(zip(header, row, strict=True))
    assert (cells["best"], cells["low"], cells["high"]) == ("9", "9", "9")
    assert int(cells["deaths_civilians"]) + int(cells["deaths_unknown"]) == 9
    assert (cells["where_prec"], cells["date_prec"], cells["country_id"]) == ("1", "1", "369")
    assert cells["geom_wkt"] == "POINT (30.39 50.46)"
    assert cells["conflict_name"] == ""


def test_the_cell_of_a_place_is_that_of_prio_grid() -> None:
    assert priogrid(-89.75, -179.75) == 1
    assert priogrid(89.75, 179.75) == 259200


def test_an_export_has_the_columns_of_acled_and_its_conservative_deaths(past: Past) -> None:
    one_night(past)
    header, *rows = exported(past, Export.ACLED)
    assert header == list(ACLED)
    first, second = (dict(zip(header, row, strict=True)) for row in rows)
    assert (first["fatalities"], first["sub_event_type"]) == ("9", "Shelling/artillery/missile attack")
    assert second["fatalities"] == "0"
    assert "Nobody has said" in second["notes"]


def test_hits_are_exported_as_geojson_and_attacks_as_csv_and_hxl(past: Past) -> None:
    import json

    one_night(past)
    first, second = json.loads(export(past.system, past.asked(), Export.GEOJSON)[1])["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [30.39, 50.46]}
    assert (second["geometry"], second["properties"]["attack"]) == (None, "a-2")
    header, *rows = exported(past, Export.CSV)
    assert [dict(zip(header, row, strict=True))["killed_high"] for row in rows] == ["", ""]
    assert [dict(zip(header, row, strict=True))["killed_best"] for row in rows] == ["9", ""]
    assert exported(past, Export.HXL)[1][0] == "#event+id"


def test_damage_is_kept_with_its_bounds_and_said_again_corrected(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY)
    shared: dict[str, object] = {
        "attack": "a-1",
        "damage": "houses",
        "structure": "dwelling",
        "extent": "damaged",
        "area": PODIL,
    }
    shared |= {"as_of": NOW, "source": _source("Mayor"), "hit": "h-1"}
    past.do("attack.record_damage", lo=5, **shared)
    past.do("attack.record_damage", lo=12, hi=14, **shared)
    (found,) = _state(past, "a-1").damages.values()
    assert (found.lo, found.hi) == (12, 14)
    with pytest.raises(Invalid):
        past.do("attack.record_damage", lo=5, hi=4, **shared)
    with pytest.raises(Unknown):
        past.do("attack.record_damage", lo=5, **(shared | {"hit": "h-2"}))


def test_a_photo_is_kept_once_by_its_hash_with_words_for_those_who_do_not_see_it(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    photo = {"attack": "a-1", "sha256": "0" * 64, "credit": "SES", "source": _source("SES")}
    past.do("attack.add_photo", alt={"en": "Rubble"}, **photo)
    past.do("attack.add_photo", alt={"en": "Rubble of a house", "uk": "Завали будинку"}, **photo)
    (found,) = _state(past, "a-1").photos
    assert found.alt["uk"] == "Завали будинку"
    with pytest.raises(Invalid):
        past.do("attack.add_photo", alt={}, **photo)


def test_a_hit_that_is_withdrawn_no_longer_counts_and_was_known_before(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY)
    then = past.clock.now
    past.do("attack.withdraw_hit", attack="a-1", hit="h-1", reason="it was another town's")
    assert answers.last_hit(past.system, KYIV, NOW).attack == ""
    assert answers.last_hit(past.system, KYIV, NOW, recorded=then).attack == "a-1"
    (note,) = _state(past, "a-1").corrections
    assert (note.what, note.reason) == ("hit/h-1", "it was another town's")
    with pytest.raises(Unknown):
        past.do("attack.withdraw_hit", attack="a-1", hit="h-1", reason="again")


def test_an_attack_is_corrected_with_a_reason_and_nothing_else_of_it_changes(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.hit("a-1", "h-1", NOW - 9 * DAY)
    earlier = NOW - 9 * DAY - timedelta(hours=1)
    past.do("attack.correct", attack="a-1", start=earlier, where_precision=2, reason="the first report was late")
    found = _state(past, "a-1")
    assert (found.start, found.where_precision, found.area, len(found.hits)) == (earlier, 2, KYIV, 1)
    cells = dict(zip(*exported(past, Export.CSV), strict=True))
    assert cells["where_prec"] == "2"
    with pytest.raises(Invalid):
        past.do("attack.correct", attack="a-1", date_local=date(2020, 1, 1), reason="a slip")


def test_a_statement_is_corrected_in_its_place_and_the_first_reading_stays_known(past: Past) -> None:
    past.attack("a-1", NOW - 9 * DAY)
    past.say("p-1", "demand", NOW - 8 * DAY)
    then = past.clock.now
    fields: dict[str, object] = {
        "statement": "p-1",
        "attack": "a-1",
        "type": "proposal",
        "person": "Somebody",
        "original": "…",
    }
    fields |= {"lang": "en", "said_at": (NOW - 8 * DAY).isoformat()}
    past.do("statement.correct", **fields, source=_source("Agency"), reason="it was an offer")
    (now,) = threads(past.system, NOW)
    (before,) = threads(past.system, NOW, recorded=then)
    assert (now.statement.type.value, before.statement.type.value) == ("proposal", "demand")
    assert _state(past, "a-1").corrections[0].what == "statement/p-1"
    with pytest.raises(Unknown):
        past.do("statement.correct", **(fields | {"statement": "p-9"}), source=_source("Agency"), reason="none")


def _state(past: Past, attack: str) -> AttackState:
    found = past.system.views.attacks.attack(attack)
    assert found is not None
    return found

"""Casualties written down on tablets without a network and brought by file: nobody twice, nobody lost."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.running import KYIV
from tests.system.test_replay_equals_live import Time, system

from tocsin.domain.catalogue import all_commands
from tocsin.domain.record.attacks import OpenAttack
from tocsin.domain.source import Source
from tocsin.flow.field_file import Outcome, carry_out, note, seal
from tocsin.kernel.event import Actor

COMMANDS = all_commands()
ATTACK = "night"
START = datetime(2025, 4, 23, 22, tzinfo=UTC)
ROLES = {"scene": "medic", "first": "hospital", "second": "hospital"}
Order = tuple[str, str, dict[str, Any]]
"""The tablet, the kind, the fields."""


def fate(rng: random.Random, patient: str, hospitals: dict[str, str]) -> tuple[list[Order], set[str]]:
    """One person's orders, each on the tablet of whoever did it, and what they come to by the rules in words."""
    who = {"patient": patient}
    orders: list[Order] = [("scene", "patient.tag", {**who, "category": "red", "found": "on_foot"})]
    if rng.random() < 0.4:
        orders.append(("scene", "patient.retriage", {**who, "category": "yellow"}))
    end = rng.choice(["scene", "street", "there", "home", "ward"])
    if end == "scene":
        return [*orders, ("scene", "patient.discharge", who)], {"injured", "treated_on_scene"}
    if end == "street":
        return [*orders, ("scene", "patient.die", {**who, "place": "scene"})], {"injured", "killed"}
    orders.append(("first", "patient.admit", {**who, "hospital": hospitals["first"], "bed": "AdultICU"}))
    ward = "first"
    if rng.random() < 0.5:
        ward = "second"
        orders.append((ward, "patient.transfer", {**who, "hospital": hospitals[ward]}))
    if end == "home":
        return [*orders, (ward, "patient.discharge", who)], {"injured", "hospitalised", "discharged"}
    if end == "ward":
        died = {"injured", "hospitalised", "killed", "died_in_hospital"}
        return [*orders, (ward, "patient.die", {**who, "place": "hospital"})], died
    return orders, {"injured", "hospitalised", "hospitalised:current"}


def against_the_oracle(people: int, seed: int) -> None:
    rng, clock = random.Random(seed), Time(START)
    running = system(clock)
    running.system.do(opened(), Actor("anna", "analyst"))
    ids = [hospital.id for hospital in running.system.city.hospitals[:2]]
    hospitals = dict(zip(("first", "second"), ids, strict=True))
    expected, tablets = Counter[str](), dict.fromkeys(ROLES, b"")
    stories = []
    for number in range(people):
        orders, truth = fate(rng, f"24-{number}", hospitals)
        expected.update(truth)
        stories.append(orders)
    written = 0
    # Each person's orders keep their order; whose comes next is chance.
    while stories:
        story = rng.choice(stories)
        tablet, kind, fields = story.pop(0)
        written += 1
        tablets[tablet] += note(kind, fields, f"order-{written:06}", START + timedelta(seconds=written), COMMANDS)
        if not story:
            stories.remove(story)
    clock.now = START + timedelta(hours=12)
    accepted = 0
    # A hospital's file that comes before the medics' is refused line by line, and is brought again.
    for _ in range(4):
        for tablet in rng.sample(list(tablets), len(tablets)):
            document = seal(tablet, tablets[tablet])
            results = carry_out(running.system, document, Actor("petro", ROLES[tablet]), COMMANDS)
            accepted += sum(result.outcome is Outcome.ACCEPTED for result in results)
    counts = running.system.views.persons.counts(ATTACK, clock.now)
    running.system.close()
    assert accepted == written
    assert {key: counts.get(key, 0) for key in expected} == dict(expected)
    assert counts["injured"] == people


def opened() -> OpenAttack:
    return OpenAttack(
        attack=ATTACK,
        start=START,
        start_precision_minutes=5,
        date_local=date(2025, 4, 24),
        time_zone="Europe/Kyiv",
        area=KYIV,
        names={"uk": "Ніч", "en": "Night"},
        source=Source(publisher="AF", url="https://example.org/af"),
    )


@pytest.mark.parametrize("seed", range(3))
def test_what_tablets_bring_late_twice_and_in_any_order_counts_everybody_once(seed: int) -> None:
    against_the_oracle(20, seed)


@pytest.mark.heavy
def test_ten_thousand_histories_brought_by_file_equal_the_oracle() -> None:
    for seed in range(100):
        against_the_oracle(100, seed)

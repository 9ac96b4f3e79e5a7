"""Reconciling the claims of a thousand attacks: our figures, and pandas' plain group-by over the same claims."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from tocsin.cli.bench.measure import Bench, Row, bench, row
from tocsin.cli.output import progress
from tocsin.domain.casualties import (
    Age,
    Claim,
    ClaimRecorded,
    Measure,
    OrgKind,
    Source,
    Speaker,
    Status,
    figures,
)
from tocsin.kernel.event import Actor, Cause, Recorded
from tocsin.views.ledger import Ledger

ROUNDS = 5
SINGLE = 300
"""How many new claims are folded one by one."""
START = datetime(2022, 2, 24, 3, tzinfo=UTC)
NOW = START + timedelta(days=2000)
SHARES = {
    Measure.KILLED: 1,
    Measure.INJURED: 10,
    Measure.HOSPITALISED: 5,
    Measure.TREATED_ON_SCENE: 3,
    Measure.DISCHARGED: 1,
}
MEASURES = tuple(SHARES)
SITES = ("", "", "", "C-1")
ORIGINS = (
    ("ses", OrgKind.EMERGENCY_SERVICE),
    ("ministry", OrgKind.INTERIOR_MINISTRY),
    ("mayor", OrgKind.MAYOR),
    ("health", OrgKind.HEALTH),
    ("newsroom", OrgKind.NEWSROOM),
)


def run(attacks: int, each: int) -> Bench:
    """Contenders take turns, round by round. What is timed starts with the claims in memory and ends with figures."""
    claims = _claims(attacks, each)
    ledger = Ledger()
    names = sorted({claim.attack for claim in claims})
    for position, claim in enumerate(claims, 1):
        _fold(ledger, claim, position)
    nights = [ledger.state.attacks[name] for name in names]
    found: dict[tuple[str, str], list[float]] = {}

    def timed(name: str, metric: str, work: Callable[[], object]) -> None:
        start = time.perf_counter()
        work()
        found.setdefault((name, metric), []).append((time.perf_counter() - start) * 1e3)

    peer = _pandas(claims)
    with progress("reconciling") as advance:
        for round_ in range(ROUNDS):
            timed("tocsin", "all_ms", lambda: [figures(night, NOW) for night in nights])
            if peer is not None:
                timed("pandas", "all_ms", peer)
            timed("tocsin", "accounts_ms", lambda: [ledger.account(name, NOW) for name in names])
            advance("reconciling", (round_ + 1) / ROUNDS)
    rows = [row(name, metric, "ms", "lower", values) for (name, metric), values in found.items()]
    return bench("reconcile", [*rows, _single(ledger, claims)])


def _single(ledger: Ledger, claims: list[Claim]) -> Row:
    """One new claim: fold it, and give the figures of its attack anew."""
    values = []
    for number, claim in enumerate(_claims(1, SINGLE, seed=2)):
        attack = claims[number * len(claims) // SINGLE].attack
        new = _at(claim, attack, f"new-{number}")
        # Somebody has looked at the night before: its page is open.
        ledger.figures(attack, NOW)
        start = time.perf_counter()
        _fold(ledger, new, len(claims) + number)
        ledger.figures(attack, NOW)
        values.append((time.perf_counter() - start) * 1e6)
    return row("tocsin", "one_us", "us", "lower", values)


def _claims(attacks: int, each: int, seed: int = 1) -> list[Claim]:
    """Nights of claims: counts that grow, as several origins tell them, with children and sites among them."""
    rng = random.Random(seed)  # noqa: S311 - made-up figures, the same on every run
    return [
        _claim(rng, f"attack-{attack}", number, START + timedelta(days=attack, minutes=10 * number))
        for attack in range(attacks)
        for number in range(each)
    ]


def _claim(rng: random.Random, attack: str, number: int, at: datetime) -> Claim:
    """
    What one origin says of a night that goes on: 90 wounded in the end, of whom half are taken to hospital. One in
    twenty repeats an hour-old number, and one in a hundred says twice as many.
    """
    origin, kind = rng.choice(ORIGINS)
    measure, age, site = rng.choice(MEASURES), rng.choice((Age.ALL, Age.ALL, Age.CHILD)), rng.choice(SITES)
    progress = number if rng.random() > 0.05 else max(0, number - 6)
    count = SHARES[measure] * progress // (10 if age is Age.CHILD else 1) // (2 if site else 1)
    count *= 2 if rng.random() < 0.01 else 1
    bound = rng.random() < 0.2
    return Claim(
        id=f"{origin}-{number}",
        attack=attack,
        place="UA80",
        site=site,
        measure=measure,
        age=age,
        lo=count,
        hi=None if bound else count,
        point=count,
        status=Status.CONFIRMED if number > 90 else Status.PRELIMINARY,
        as_of=at,
        speaker=Speaker(org=origin, org_kind=kind),
        source=Source(published=at, url=f"https://example.org/{attack}/{number}", quote="…"),
        origin=origin,
    )


def _at(claim: Claim, attack: str, id_: str) -> Claim:
    return msgspec.structs.replace(claim, attack=attack, id=id_, as_of=NOW, source=Source(published=NOW))


def _fold(ledger: Ledger, claim: Claim, position: int) -> None:
    event = ClaimRecorded(attack=claim.attack, claim=claim)
    recorded = Recorded(
        position=position,
        stream=f"claims/{claim.attack}",
        version=position,
        time=claim.published,
        actor=Actor("bench", "analyst"),
        realm="exercise",
        cause=Cause(f"bench-{position}", "claim.record", "0" * 64),
        event=event,
    )
    ledger.handlers()[ClaimRecorded](recorded)


def _pandas(claims: list[Claim]) -> Callable[[], object] | None:
    """The newest claim of each origin, then the least and the most of each count: a group-by, and no more."""
    try:
        import pandas as pd
    except ImportError:
        return None
    frame = pd.DataFrame(
        {
            "attack": [claim.attack for claim in claims],
            "measure": [claim.measure.value for claim in claims],
            "age": [claim.age.value for claim in claims],
            "site": [claim.site for claim in claims],
            "origin": [claim.origin for claim in claims],
            "as_of": [claim.as_of for claim in claims],
            "lo": [claim.lo for claim in claims],
            "hi": [float("inf") if claim.hi is None else claim.hi for claim in claims],
        }
    )
    series = ["attack", "measure", "age", "site"]

    def grouped() -> object:
        newest = frame.sort_values("as_of").drop_duplicates([*series, "origin"], keep="last")
        return newest.groupby(series).agg(low=("lo", "min"), high=("hi", "max"))

    return grouped

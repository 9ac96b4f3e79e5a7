"""The deadliest attacks, with ties, and with the ranks that each may have within what is known."""

import datetime as dt

import msgspec

from tocsin.flow.record.asked import Asked, Fits, choose
from tocsin.flow.system import System
from tocsin.kernel.event import Instant
from tocsin.views.attacks import KilledBounds


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        rank: By best figures, or by what is certain where there is none; attacks of one figure share it.
        best_rank, worst_rank: What it may be within the bounds of all.
        tied: Others of the same rank.
    """

    rank: int
    best_rank: int
    worst_rank: int
    attack: str
    date: dt.date
    names: dict[str, str]
    killed: KilledBounds
    tied: tuple[str, ...]


class DeadliestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        unknown: Attacks of which nobody has said how many they killed. Each may belong anywhere.
        open_ranks: True if another order is possible within what is known.
    """

    attacks: list[Ranked]
    unknown: tuple[str, ...]
    open_ranks: bool
    evaluated_at: Instant
    definition: dict[str, str]
    would_change: tuple[dict[str, str], ...]
    claims: tuple[str, ...]


def deadliest(system: System, asked: Asked, number: int = 10) -> DeadliestAnswer:
    """
    The attacks that killed most, in a place and a window.

    Args:
        number: How many; those that tie with the last one come too.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        chosen = choose(system, asked)
    every = [*chosen.sure, *chosen.possible]
    known = [(each, each.killed) for each in every if each.killed is not None]
    ranked = sorted(
        (_rank(each, killed, known) for each, killed in known),
        key=lambda found: (found.rank, -found.date.toordinal(), found.attack),
    )
    shown = [each for each in ranked if each.rank <= number]
    return DeadliestAnswer(
        attacks=shown,
        unknown=tuple(each.attack.attack for each in every if each.killed is None),
        open_ranks=any(each.best_rank != each.worst_rank for each in shown),
        evaluated_at=asked.as_of,
        definition={
            "uk": "За найкращою оцінкою кількості загиблих станом на названу мить, а де її немає, за певною кількістю. "
            "Атаки з однаковою кількістю ділять місце.",
            "en": "By the best figure of the killed as of the moment named, or by what is certain where there is none. "
            "Attacks with one figure share a rank.",
        },
        would_change=(
            {
                "uk": "Межі: `best_rank` і `worst_rank` кажуть, яке місце можливе в межах відомого.",
                "en": "The bounds: `best_rank` and `worst_rank` say which rank is possible within what is known.",
            },
            {
                "uk": "Атаки, про які ніхто не сказав скільки загинуло, і ті, яких немає в записах.",
                "en": "Attacks of which nobody has said how many were killed, and those that are not on record.",
            },
        ),
        claims=tuple(dict.fromkeys(claim for each in shown for claim in each.killed.claims)),
    )


def _figure(killed: KilledBounds) -> int:
    return killed.low if killed.best is None else killed.best


def _rank(fits: Fits, killed: KilledBounds, known: list[tuple[Fits, KilledBounds]]) -> Ranked:
    others = [(each, theirs) for each, theirs in known if each is not fits]
    mine = _figure(killed)
    surely_more = sum(1 for _, theirs in others if killed.high is not None and theirs.low > killed.high)
    maybe_more = sum(1 for _, theirs in others if theirs.high is None or theirs.high > killed.low)
    return Ranked(
        rank=1 + sum(1 for _, theirs in others if _figure(theirs) > mine),
        best_rank=1 + surely_more,
        worst_rank=1 + maybe_more,
        attack=fits.attack.attack,
        date=fits.attack.date_local,
        names=fits.attack.names,
        killed=killed,
        tied=tuple(each.attack.attack for each, theirs in others if _figure(theirs) == mine),
    )

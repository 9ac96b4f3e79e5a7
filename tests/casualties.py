"""Claims in one line each, for tests of what follows from them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.domain.casualties import Claim, Claims, Interval, Measure, OrgKind, Source, Speaker

CITY = "UA80"
START = datetime(2025, 4, 24, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def said(
    id_: str,
    measure: Measure,
    figure: int | Interval,
    hours: float = 1,
    kind: OrgKind = OrgKind.EMERGENCY_SERVICE,
    **fields: Any,  # noqa: ANN401 - fields of a claim
) -> Claim:
    """A claim, published when it is true for, in a document of its own; its origin is the kind of body."""
    interval = figure if isinstance(figure, Interval) else Interval.exactly(figure)
    bounds = {"lo": interval.lo, "hi": interval.hi, "point": interval.point}
    defaults: dict[str, Any] = {
        "attack": "a",
        "place": CITY,
        "as_of": at(hours),
        "speaker": Speaker(org=kind.value, org_kind=kind),
        "source": Source(published=at(hours), url=f"https://example.org/{id_}", quote="…"),
        "origin": kind.value,
    }
    return Claim(**defaults | bounds | {"id": id_, "measure": measure} | fields)


def gathered(*claims: Claim) -> Claims:
    return Claims({claim.id: claim for claim in claims})

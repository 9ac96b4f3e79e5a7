"""A night of claims told line by line, through the same door as everybody's, and what is known of it at a time."""

from datetime import UTC, datetime
from typing import Any

from tocsin.domain.casualties import (
    CLAIMS,
    Claims,
    Known,
    Lang,
    Measure,
    OrgKind,
    RecordClaim,
    RetractClaim,
    Setting,
    Source,
    Speaker,
    account,
)
from tocsin.domain.subject import Context, Gazetteer
from tocsin.kernel.event import Actor

OBLAST, CITY, RAION_A, RAION_B, TOWN, PORT = "OB", "CITY", "RA", "RB", "TOWN", "PORT"
AROUND = {RAION_A: (CITY, OBLAST), RAION_B: (CITY, OBLAST), CITY: (OBLAST,), TOWN: (OBLAST,), PORT: (OBLAST,)}
CONTEXT = Context(
    datetime(2025, 6, 8, tzinfo=UTC),
    Actor("anna", "analyst"),
    Gazetteer(areas=frozenset((OBLAST, CITY, RAION_A, RAION_B, TOWN, PORT))),
    {},
)
KINDS = {
    "ses": OrgKind.EMERGENCY_SERVICE,
    "police": OrgKind.FORENSIC_POLICE,
    "mayor": OrgKind.MAYOR,
    "ova": OrgKind.MILITARY_ADMINISTRATION,
    "health": OrgKind.HEALTH,
    "radio": OrgKind.NEWSROOM,
    "agency": OrgKind.NEWSROOM,
    "ministry": OrgKind.INTERIOR_MINISTRY,
    "hospital": OrgKind.HOSPITAL,
    "embassy": OrgKind.FOREIGN_OFFICIAL,
}


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-06-07T{text}+03:00")


class Night:
    """Claims as they come in, through the same door as everybody's."""

    def __init__(self, place: str) -> None:
        self.claims = Claims()
        self._place = place

    def say(self, time: str, who: str, measure: str, phrase: str, **fields: Any) -> str:  # noqa: ANN401
        """Record what somebody said, at the time it was true for; gives the claim's id."""
        lang = Lang.UK if any("\u0400" <= letter <= "\u04ff" for letter in phrase) else Lang.EN
        at, page = clock(fields.pop("as_of", time)), f"https://example.org/{who}/{time}"
        defaults: dict[str, Any] = {
            "attack": "night",
            "place": self._place,
            "measure": Measure(measure),
            "phrase": phrase,
            "lang": lang,
            "as_of": at,
            "speaker": Speaker(org=who, org_kind=KINDS[who]),
            "source": Source(published=clock(time), url=page, quote=phrase),
        }
        defaults |= {} if "quotes" in fields else {"origin": who}
        before = set(self.claims.by_id)
        self._do(RecordClaim(**defaults | fields))
        return next(iter(set(self.claims.by_id) - before))

    def retract(self, claim: str) -> None:
        self._do(RetractClaim(attack="night", claim=claim, reason="the source withdrew it"))

    def _do(self, command: RecordClaim | RetractClaim) -> None:
        for event in CLAIMS.decide(self.claims, command, CONTEXT):
            self.claims = CLAIMS.evolve(self.claims, event)

    def at(self, time: str, published: str | None = None) -> Known:
        public = clock(published) if published else None
        return account(self.claims, clock(time), published=public, place=self._place, setting=Setting(around=AROUND))


def line(known: Known, key: str) -> tuple[int, int, int | None, str]:
    figure = known.figures[key]
    return figure.low, figure.best, figure.high, figure.status.value


def errors(known: Known) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.rule, finding.claims) for finding in known.findings if finding.severity == "error"]


def rules(known: Known) -> set[str]:
    return {finding.rule for finding in known.findings}

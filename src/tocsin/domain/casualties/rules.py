"""
The rules a claim must keep before it is recorded. Each is named in docs/methodology.md.

They look at the claims that stand, never at figures: a figure may surprise, a claim may not contradict itself.
"""

from collections.abc import Iterator

from tocsin.domain.casualties.claims import Attachment, Claim, Claims, Status
from tocsin.domain.casualties.reconcile import standing_at
from tocsin.kernel.errors import Invalid, Refused, Unknown

RULES: dict[str, str] = {
    "E1": "a figure needs 0 <= lo <= point <= hi",
    "E2": "a part cannot be larger than the whole it was stated with",
    "E6": "a count that only grows goes down only as a revision with a reason",
    "E11": "nothing is published before the moment it is true for",
    "E12": "a confirmed claim needs its document and its words",
}


def require_consistent(claims: Claims, claim: Claim) -> None:
    """
    Raises:
        Unknown: If it names a claim that does not stand.
        Invalid: If it contradicts itself.
        Refused: If a rule says no.
    """
    _require_references(claims, claim)
    if claim.published < claim.as_of:
        raise Invalid(_rule("E11"), "source.published")
    if claim.status is Status.CONFIRMED and not (claim.source.document and claim.source.quote):
        raise Refused(_rule("E12"))
    if claim.reason is not None and claim.status is not Status.REVISED:
        raise Invalid("only a revision gives a reason", "reason")
    _require_part(claims, claim)
    _require_growth(claims, claim)


def _rule(code: str, detail: str = "") -> str:
    return f"{RULES[code]} ({code})" + (f": {detail}" if detail else "")


def _require_references(claims: Claims, claim: Claim) -> None:
    named = [(f"supersedes[{index}]", id_) for index, id_ in enumerate(claim.supersedes)]
    if claim.part_of is not None:
        named.append(("part_of.claim", claim.part_of.claim))
    for field, id_ in named:
        if id_ not in claims.by_id or id_ in claims.retracted:
            raise Unknown(f"no claim about this attack stands as {id_!r}", field)


def _require_part(claims: Claims, claim: Claim) -> None:
    if claim.part_of is None or claim.part_of.attachment is Attachment.AMBIGUOUS:
        return
    whole = claims.by_id[claim.part_of.claim]
    together = whole.origin == claim.origin or (
        claim.source.document and whole.source.document == claim.source.document
    )
    if together and whole.interval.below(claim.interval):
        raise Refused(_rule("E2", f"{claim.lo} of {whole.hi} in {whole.id}"))


def _require_growth(claims: Claims, claim: Claim) -> None:
    if not claim.series.cumulative:
        return
    for other in _forerunners(claims, claim):
        earlier, later = (claim, other) if claim.as_of < other.as_of else (other, claim)
        if later.interval.below(earlier.interval) and not _explains(later):
            raise Refused(_rule("E6", f"{earlier.id} said {earlier.lo}, {later.id} says {later.hi}"))


def _forerunners(claims: Claims, claim: Claim) -> Iterator[Claim]:
    """What it may not silently go below: what it replaces, and what its own origin said for other moments."""
    end = max((max(other.as_of, other.published) for other in claims.standing), default=claim.published)
    replaced = [other for other in claims.standing if other.id in claim.supersedes]
    own = [other for other in standing_at(claims.standing, end) if other.origin == claim.origin]
    for other in {other.id: other for other in (*replaced, *own)}.values():
        if other.series == claim.series and other.as_of != claim.as_of:
            yield other


def _explains(claim: Claim) -> bool:
    return claim.status is Status.REVISED and claim.reason is not None

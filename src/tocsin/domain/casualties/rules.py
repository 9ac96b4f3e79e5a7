"""
The rules a claim must keep before it is recorded. Each is named in docs/methodology.md.

They look at the claims that stand, never at figures: a figure may surprise, a claim may not contradict itself.
"""

from collections.abc import Iterator

from tocsin.domain.casualties.claims import Claim, Claims, Span, Status
from tocsin.domain.casualties.findings import explained, unsupported
from tocsin.domain.casualties.numerals import Lang
from tocsin.domain.casualties.reconcile import standing_at
from tocsin.domain.casualties.words import RULES
from tocsin.kernel.errors import Invalid, Refused, Unknown


def require_consistent(claims: Claims, claim: Claim) -> None:
    """
    Raises:
        Unknown: If it names a claim that does not stand.
        Invalid: If it contradicts itself.
        Refused: If a rule says no.
    """
    _require_references(claims, claim)
    _require_period(claim)
    if claim.published < claim.as_of:
        raise Invalid(_rule("E11"), "source.published")
    if unsupported(claim):
        raise Refused(_rule("E12"), "source")
    if claim.reason is not None and claim.status is not Status.REVISED:
        raise Invalid("only a revision gives a reason", "reason")
    _require_part(claims, claim)
    _require_growth(claims, claim)


def _require_period(claim: Claim) -> None:
    if claim.since is None:
        return
    if claim.span is Span.TO_DATE:
        raise Invalid("only a count of one period says when the period began", "since")
    if claim.since >= claim.as_of:
        raise Invalid("the period ends before it begins", "since")


def _rule(code: str, detail: str = "") -> str:
    return f"{RULES[code][Lang.EN]} ({code})" + (f": {detail}" if detail else "")


def _require_references(claims: Claims, claim: Claim) -> None:
    named = [(f"supersedes[{index}]", id_) for index, id_ in enumerate(claim.supersedes)]
    if claim.part_of is not None:
        named.append(("part_of.claim", claim.part_of.claim))
        if claim.part_of.alternative:
            named.append(("part_of.alternative", claim.part_of.alternative))
    for field, id_ in named:
        if id_ not in claims.by_id or id_ in claims.retracted:
            raise Unknown(f"no claim about this attack stands as {id_!r}", field)


def _require_part(claims: Claims, claim: Claim) -> None:
    if claim.part_of is None or claim.ambiguous:
        return
    whole = claims.by_id[claim.part_of.claim]
    together = whole.origin == claim.origin or (
        claim.source.document and whole.source.document == claim.source.document
    )
    if together and whole.interval.below(claim.interval):
        raise Refused(_rule("E2", f"{claim.lo} of {whole.hi} in {whole.id}"), "part_of")


def _require_growth(claims: Claims, claim: Claim) -> None:
    if not claim.series.cumulative:
        return
    for other in _forerunners(claims, claim):
        earlier, later = (claim, other) if claim.as_of < other.as_of else (other, claim)
        if later.interval.below(earlier.interval) and not explained(later):
            detail = f"{earlier.id} said {earlier.lo}, {later.id} says {later.hi}"
            raise Refused(f"status and reason: {_rule('E6', detail)}", "status")


def _forerunners(claims: Claims, claim: Claim) -> Iterator[Claim]:
    """What it may not silently go below: what it replaces, and what its own origin said for other moments."""
    end = max((max(other.as_of, other.published) for other in claims.standing), default=claim.published)
    replaced = [other for other in claims.standing if other.id in claim.supersedes]
    own = [other for other in standing_at(claims.standing, end) if other.origin == claim.origin]
    for other in {other.id: other for other in (*replaced, *own)}.values():
        if other.series == claim.series and other.as_of != claim.as_of:
            yield other

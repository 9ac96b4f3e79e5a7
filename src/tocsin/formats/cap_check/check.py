"""Everything that is wrong with a document, by the schema, the standard and the profiles asked for."""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

import msgspec
from lxml import etree

from tocsin.formats.cap_check import content, geometry, head, info, profiles, structure
from tocsin.formats.cap_check.rule import Finding, Rule, Severity
from tocsin.formats.cap_xml import has_doctype, name_of, parse, version_of
from tocsin.kernel.errors import Invalid

DOCUMENT = (
    Rule("xml.malformed", Severity.ERROR, "XML 1.0", "The document is well-formed XML of a bearable size"),
    Rule("xml.doctype", Severity.ERROR, "XML 1.0, 2.8", "The document declares no type and no entities"),
    Rule("cap.root", Severity.ERROR, "CAP 1.2, 3.2.1 alert", "The document is an alert of CAP 1.2, 1.1 or 1.0"),
)
CORE = (*DOCUMENT, *structure.RULES, *head.RULES, *info.RULES, *geometry.RULES, *content.RULES)
PROFILES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "core": CORE,
        "google": profiles.GOOGLE,
        "ipaws": profiles.IPAWS,
        "cap-cp": profiles.CAP_CP,
        "wmo": profiles.WMO,
    }
)
"""Name to rules. Those of `core` always hold; a profile comes on top of them."""
RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rules in PROFILES.values() for rule in rules})
"""Every rule by its id."""
MOST_FINDINGS = 50
"""Of one rule. Who breaks it more often has one mistake, not fifty, and a report is read by people."""


class Report(msgspec.Struct, frozen=True):
    """
    What a check found.

    Attributes:
        version: Of CAP: 1.2, 1.1 or 1.0; empty if the document is no alert.
        valid: No finding is an error.
        schema_valid: What the official schema of that version says; False where there is no alert to judge.
    """

    version: str
    valid: bool
    schema_valid: bool
    findings: tuple[Finding, ...]


def check_cap(document: bytes, also: Collection[str] = ()) -> Report:
    """
    Check a document. Raises nothing about the document, whatever its bytes.

    Args:
        also: Profiles that must hold besides the standard.

    Raises:
        Invalid: If there is no such profile.
    """
    for profile in also:
        if profile not in PROFILES:
            raise Invalid(f"there is no profile {profile!r}; there are {', '.join(PROFILES)}", "profile")
    try:
        root = parse(document)
    except Invalid as error:
        return _report("", False, [_finding("xml.malformed", "/", error.message)])
    compared = list(islice(structure.compare(root), MOST_FINDINGS))
    findings = [*_document(root), *compared]
    if version_of(root) is not None:
        for name in ("core", *sorted(set(also) - {"core"})):
            findings += [found for rule in PROFILES[name] for found in islice(rule.findings(root), MOST_FINDINGS)]
    return _report(version_of(root) or "", not compared, findings)


def _report(version: str, schema_valid: bool, findings: list[Finding]) -> Report:
    valid = all(finding.severity is not Severity.ERROR for finding in findings)
    return Report(version, valid, schema_valid, tuple(findings))


def _document(root: etree._Element) -> Iterator[Finding]:
    if has_doctype(root):
        yield _finding("xml.doctype", "/", "the document declares a type of its own")
    if version_of(root) is None:
        yield _finding("cap.root", f"/{name_of(root)}", "this is no alert of CAP 1.2, 1.1 or 1.0")


def _finding(rule: str, path: str, message: str) -> Finding:
    return Finding(rule, Severity.ERROR, path, message)

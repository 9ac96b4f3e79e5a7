"""
Says what is wrong with a CAP document: by the schema, by the rules of the standard, and by those of a profile.

`schema` holds the structure as our own tables and `structure` compares a document with it; `values` reads the
simple types of XML Schema; `head`, `info`, `geometry` and `content` hold the rules of the standard, `profiles` those
of its users; `check` brings them together.
"""

from tocsin.formats.cap_check.check import PROFILES, RULES, Report, check_cap
from tocsin.formats.cap_check.rule import Finding, Severity

__all__ = ["PROFILES", "RULES", "Finding", "Report", "Severity", "check_cap"]

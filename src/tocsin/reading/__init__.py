"""Public text, a news report or an agency's post, into proposed claims, facts and statements: docs/reading.md."""

from tocsin.reading.grammar import read
from tocsin.reading.proposals import (
    THIS,
    ProposedClaim,
    ProposedStatement,
    Reading,
)

__all__ = ["THIS", "ProposedClaim", "ProposedStatement", "Reading", "read"]

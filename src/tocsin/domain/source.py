"""Where a recorded fact is known from, so that whoever doubts it can look it up."""

from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Instant


class Source(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """
    A document and what it says.

    Attributes:
        publisher: Who answers for it: an agency, a newsroom, a data set. One publisher's later word replaces its
            earlier one, so it is always written the same way.
        quote: The words themselves, in their own language.
        sha256: Of the document as it was when it was read, in hex.
    """

    publisher: Annotated[str, Meta(min_length=1, max_length=200)]
    url: str = ""
    name: str = ""
    published: Instant | None = None
    quote: Annotated[str, Meta(max_length=4000)] = ""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


def require_citable(source: Source, where: str = "source") -> None:
    """
    Raises:
        Invalid: If nobody could find what it says again: it needs a publisher, and an address or a quote.
    """
    if not source.publisher.strip():
        raise Invalid("a source names its publisher", f"{where}.publisher")
    if not (source.url or source.quote):
        raise Invalid("a source has an address or a quote", f"{where}.url")

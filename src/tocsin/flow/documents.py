"""Documents as they went out and as they came in, byte for byte: what the journal says of them is not all they say."""

from typing import Protocol


class Documents(Protocol):
    """
    Raises:
        Unavailable: From any method, if they cannot be read or written.
    """

    def published(self, name: str) -> bytes | None:
        """What was published under a name."""

    def publish(self, name: str, body: bytes) -> bytes:
        """Publish something for ever: whatever was published first under the name stays, and is returned."""

    def keep(self, document: bytes) -> None:
        """Keep what came in. When there is too much, what came first is dropped."""

    def received(self, digest: str) -> bytes | None:
        """What came in, by its SHA-256 in hex; None if it never did, or was dropped."""

"""The doorbell: it says that the journal has grown, never with what. Losing a ring costs a poll, not a fact."""

from typing import Protocol


class Bell(Protocol):
    """Rung after each append, from any thread; waited for by the loops that read the journal."""

    def ring(self, head: int) -> None:
        """Say that the journal reaches to this position."""

    async def wait(self, after: int, timeout: float) -> None:
        """Return once the head is known to be past `after`, or after `timeout` seconds, whichever is first."""

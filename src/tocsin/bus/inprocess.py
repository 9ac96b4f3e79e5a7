"""The doorbell within one process."""

import asyncio
from contextlib import suppress
from threading import Lock


class InProcessBell:
    """Any thread may ring; any event loop may wait."""

    def __init__(self) -> None:
        self._head = 0
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = Lock()

    def ring(self, head: int) -> None:
        with self._lock:
            self._head = max(self._head, head)
            waiting, self._waiting = self._waiting, set()
        for loop, event in waiting:
            # A loop that closed while we were looking has nobody left to wake.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(event.set)

    async def wait(self, after: int, timeout: float) -> None:
        event = asyncio.Event()
        entry = (asyncio.get_running_loop(), event)
        with self._lock:
            if self._head > after:
                return
            self._waiting.add(entry)
        try:
            # Not wait_for: in Python 3.11 it can swallow a cancellation that comes together with the ring.
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await event.wait()
        finally:
            with self._lock:
                self._waiting.discard(entry)

"""An event loop on which waiting takes no time: whenever nothing can run, the next timer is due at once."""

import asyncio
import selectors
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from tocsin.channels import siren_mqtt, webpush
from tocsin.channels.telegram.turns import Turns
from tocsin.flow import deliver

T = TypeVar("T")


class _Jump(selectors.SelectSelector):
    """Jumps over a wait instead of sitting through it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everything waits for something that nobody will do"
            self.now += max(timeout, 0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """What is sent to a thread is done on the spot: a thread takes real time."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]  # noqa: ANN401
        done: asyncio.Future[Any] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done


@contextmanager
def virtual_loop() -> Iterator[VirtualLoop]:
    """A loop whose time is also that of the channels' own clocks."""
    loop = VirtualLoop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deliver, "time", SimpleNamespace(monotonic=loop.time))
        patch.setattr(siren_mqtt, "monotonic", loop.time)
        patch.setattr(webpush, "monotonic", loop.time)
        patch.setattr(Turns.__init__, "__defaults__", (loop.time,))
        try:
            yield loop
        finally:
            loop.close()


def run(loop: VirtualLoop, playing: Coroutine[Any, Any, T]) -> T:
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(playing)
    finally:
        asyncio.set_event_loop(None)

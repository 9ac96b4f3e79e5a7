"""Tasks that must be able to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """
    Run something in a task of its own, for a loop that goes on after every failure.

    A TaskGroup of Python 3.11 forgets that it was cancelled when one of its tasks fails at the same moment, and raises
    the failure alone. A loop that catches it would run on, and whoever stops it would wait for ever. Here the
    cancellation always comes through.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task.result()

"""The web server and the loops in one process, until told to stop."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
import uvicorn

from tocsin.http.app import build_app
from tocsin.wiring import Loops, Running

_log = logging.getLogger(__name__)

Ready = Callable[[str], Coroutine[Any, Any, None]]


class Server(uvicorn.Server):
    """Leaves signals to us: uvicorn would raise them again after its end, before the journal is closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True

    @property
    def address(self) -> str:
        """Where it answers; only once it has started. A port of 0 has become a real one by then."""
        port = self.servers[0].sockets[0].getsockname()[1]
        return f"http://{self.config.host}:{port}"


async def run(
    running: Running, more: Sequence[Any] = (), *, loops: Loops | None = None, ready: Ready | None = None
) -> None:
    """
    Serve the API and the pages, with all loops, until told to stop or one of them ends.

    Args:
        more: Further routes.
        ready: Runs beside the server once it answers, with its address.
    """
    server = _server(running, more)
    warming = asyncio.create_task(_warm(running))
    serving = asyncio.create_task(server.serve())
    beside = [asyncio.create_task((loops or Loops(running)).run())]
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    if server.started:
        typer.echo(f"Tocsin ({running.settings.realm}) answers on {server.address}", err=True)
        if ready is not None:
            beside.append(asyncio.create_task(ready(server.address)))
    await asyncio.wait([serving, *beside], return_when=asyncio.FIRST_COMPLETED)
    server.stop()
    await serving
    for task in (warming, *beside):
        task.cancel()
    for ended in await asyncio.gather(*beside, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended


WARM_AFTER = 3.0
"""Seconds after the start: whoever comes back after a restart is served before kernels are loaded or compiled."""


async def _warm(running: Running) -> None:
    """Ready the ways to shelter and the plan in a thread: neither the start nor the first who asks waits for it."""
    await asyncio.sleep(WARM_AFTER)
    try:
        await asyncio.to_thread(running.system.doors.warm)
        await asyncio.to_thread(running.system.sheltering.warm)
    except Exception as error:
        # A city without a walking network still warns.
        _log.exception("the ways to shelter cannot be readied")
        running.system.troubles["ways"] = f"{type(error).__name__}: {error}"


def _server(running: Running, more: Sequence[Any]) -> Server:
    settings = running.settings
    config = uvicorn.Config(
        build_app(running.system, more),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        log_level="warning",
        # A stream never ends by itself; without this the server would wait for it for ever when asked to stop.
        timeout_graceful_shutdown=1,
        server_header=False,
        # The address of a question for the nearest shelter says where somebody stands.
        access_log=False,
    )
    server = Server(config)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    return server

"""tocsin channel: which ways out there are, and whether they lead anywhere."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import Json, emit, table

if TYPE_CHECKING:
    from tocsin.flow.deliver import Attempt, Channel
    from tocsin.storage.receipts import SqliteReceipts
    from tocsin.wiring import Settings

app = typer.Typer(help="Channels: the ways to reach people.", no_args_is_help=True)
Config = Annotated[Path | None, typer.Option("--config", help="The settings of the server", envvar="TOCSIN_CONFIG")]


@app.command("list")
def list_(config: Config = None, as_json: Json = False) -> None:
    """Show every kind of channel, where it comes from, and whether the settings turn it on."""
    from tocsin.wiring import Settings, kinds, read_settings

    settings = Settings() if config is None else read_settings(config)
    found = [
        {"kind": name, "from": entry.dist.name if entry.dist else "tocsin", "on": name in settings.channels}
        for name, entry in sorted(kinds().items())
    ]
    rows = [(each["kind"], each["from"], "on" if each["on"] else "") for each in found]
    emit(found, lambda: table("Channels", ("kind", "from", "settings"), rows), as_json=as_json)


@app.command("test")
def try_link(
    name: Annotated[str, typer.Argument(help="A channel such as telegram or webhook:metro; webhook tests all of them")],
    config: Config = None,
    as_json: Json = False,
) -> None:
    """
    Send a message that is marked as a test down the real path, and print its receipt.

    It says НАВЧАННЯ and EXERCISE whatever the realm, and that there is no alert. Sirens and subscribers get none: there
    the broker or the bot is asked. Exit 3 if the other side cannot be reached, 1 if it refuses.
    """
    from tocsin.flow.deliver import Outcome
    from tocsin.kernel.errors import Invalid, Refused, Unavailable
    from tocsin.wiring import read_settings

    if config is None:
        raise Invalid("give the settings of the server", "--config")
    receipts = asyncio.run(_test(read_settings(config), name))
    rows = [(each.channel, each.outcome, each.detail) for each in receipts]
    emit(
        receipts, lambda: table("Link test", ("channel", "outcome", "what the other side said"), rows), as_json=as_json
    )
    bad = {each.outcome: each.channel for each in receipts if each.outcome is not Outcome.SENT}
    if Outcome.FAILED in bad:
        raise Unavailable(f"{bad[Outcome.FAILED]} cannot be reached")
    if bad:
        raise Refused(f"{next(iter(bad.values()))} does not take it")


async def _test(settings: "Settings", name: str) -> "list[Attempt]":
    from tocsin.cli.serve import open_city
    from tocsin.flow.channel import Closes
    from tocsin.storage.receipts import SqliteReceipts
    from tocsin.wiring import beside, open_channels, open_system

    receipts = SqliteReceipts(beside(settings.db, "receipts"))
    # The journal stays closed: a test is no fact of the night, and the server may be at work in it.
    running = open_system(settings, open_city(settings), in_memory=True, receipts=receipts)
    channels = open_channels(settings.channels, running.ports())
    try:
        chosen = _chosen(channels, name)
        return [await _try(channel, receipts) for channel in chosen]
    finally:
        for channel in channels:
            if isinstance(channel, Closes):
                await channel.close()
        running.system.close()


def _chosen(channels: "Sequence[Channel]", name: str) -> "list[Channel]":
    """
    Raises:
        Invalid: If the settings have no channel of that name.
    """
    from tocsin.kernel.errors import Invalid

    found = [channel for channel in channels if channel.name == name or channel.name.startswith(f"{name}:")]
    if not found:
        there = ", ".join(channel.name for channel in channels) or "none"
        raise Invalid(f"the settings have no channel {name!r}; they have {there}", "NAME")
    return found


async def _try(channel: "Channel", receipts: "SqliteReceipts") -> "Attempt":
    """The receipt is kept at position 0, where no event is."""
    from tocsin.flow.channel import Tries
    from tocsin.flow.deliver import Attempt, Lane, Outcome
    from tocsin.kernel.errors import Refused, Unavailable, Undeliverable
    from tocsin.kernel.time import system_clock

    if not isinstance(channel, Tries):
        raise Refused(f"{channel.name} cannot be tried without an alert")
    outcome = Outcome.SENT
    try:
        detail = await channel.link_test()
    except Unavailable as error:
        outcome, detail = Outcome.FAILED, error.message
    except Undeliverable as error:
        outcome, detail = Outcome.UNDELIVERABLE, error.message
    number = receipts.attempts(channel.name, 0) + 1
    attempt = Attempt(channel.name, Lane.INFO, 0, number, system_clock(), outcome, detail)
    receipts.record(attempt, done=False)
    return attempt

"""tocsin channel: what there is, and whether it leads anywhere, as an operator finds out before the night."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bot_api import CHAT, TOKEN, BotApi, plain
from tests.channels.test_webhook import SECRET, Receiver
from tests.running import free_port, tocsin
from tests.system.test_replay_equals_live import Time, city

from tocsin.flow.deliver import Outcome
from tocsin.kernel.time import system_clock
from tocsin.storage.receipts import SqliteReceipts


@contextmanager
def others() -> Iterator[tuple[BotApi, Receiver]]:
    """Telegram and an endpoint, on this machine, in a thread of their own."""
    started, done = threading.Event(), threading.Event()
    found: list[tuple[BotApi, Receiver]] = []

    async def serve() -> None:
        async with BotApi() as api, Receiver(Time(system_clock())) as receiver:
            found.append((api, receiver))
            started.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join()


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[tuple[Path, BotApi, Receiver]]:
    with others() as (api, receiver):
        written = tmp_path / "tocsin.toml"
        written.write_text(
            f"""
            db = "{tmp_path / "tocsin.db"}"
            city = "{city().folder}"
            realm = "live"
            [channels.telegram]
            token = "{TOKEN}"
            chat = "{CHAT}"
            api = "{api.url}"
            [[channels.webhook.endpoints]]
            name = "metro"
            url = "{receiver.url}"
            secret = "{SECRET}"
            private = true
            [[channels.webhook.endpoints]]
            name = "gone"
            url = "http://127.0.0.1:{free_port()}/"
            secret = "{SECRET}"
            private = true
            """
        )
        yield written, api, receiver


def test_the_list_says_which_channels_there_are_and_which_are_on(settings: tuple[Path, BotApi, Receiver]) -> None:
    listed = json.loads(tocsin("channel", "list", "--config", str(settings[0]), "--json").stdout)
    on = {each["kind"]: each["on"] for each in listed}
    assert {kind for kind, yes in on.items() if yes} == {"telegram", "webhook"}
    assert on["siren"] is False
    assert {each["from"] for each in listed} == {"tocsin"}


def test_a_link_test_goes_down_the_real_path_as_an_exercise_and_its_receipt_is_printed_and_kept(
    settings: tuple[Path, BotApi, Receiver], tmp_path: Path
) -> None:
    written, api, receiver = settings
    (said,) = json.loads(tocsin("channel", "test", "telegram", "--config", str(written), "--json").stdout)
    assert (said["channel"], said["outcome"]) == ("telegram", "sent")
    ((number, text),) = api.posts.items()
    assert said["detail"] == f"message {number}"
    # The realm is live, and a test must not be taken for anything but one.
    assert plain(text).startswith("НАВЧАННЯ. Перевірка зв'язку.")
    assert "EXERCISE. Link test." in text
    done = tocsin("channel", "test", "webhook:metro", "--config", str(written))
    assert "answered 200" in done.stdout
    assert [(body["kind"], body["realm"], body["phase"]) for body in receiver.bodies] == [
        ("link.test", "exercise", None)
    ]
    receipts = SqliteReceipts(tmp_path / "tocsin.receipts")
    assert [(each.channel, each.position, each.outcome) for each in receipts.latest(5)] == [
        ("webhook:metro", 0, Outcome.SENT),
        ("telegram", 0, Outcome.SENT),
    ]
    receipts.close()
    # The journal stayed closed: a test is no fact of the night.
    assert not (tmp_path / "tocsin.db").exists()


def test_a_channel_that_cannot_be_reached_ends_with_three_after_all_were_tried(
    settings: tuple[Path, BotApi, Receiver],
) -> None:
    written, _, receiver = settings
    done = tocsin("channel", "test", "webhook", "--config", str(written), check=False)
    assert done.returncode == 3
    assert "webhook:gone cannot be reached" in done.stderr
    assert len(receiver.bodies) == 1


def test_a_channel_that_is_not_there_is_named(settings: tuple[Path, BotApi, Receiver]) -> None:
    done = tocsin("channel", "test", "fax", "--config", str(settings[0]), check=False)
    assert done.returncode == 2
    assert "the settings have no channel 'fax'; they have telegram, webhook:metro, webhook:gone" in done.stderr

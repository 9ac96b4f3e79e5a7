"""A channel from outside: another distribution adds one in one file, by entry point, and it is served like ours."""

import asyncio
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.running import KYIV
from tests.system.test_replay_equals_live import ADMIN, Time, city

from tocsin.domain.warning import ClearAlert, RaiseAlert, Threat
from tocsin.flow.deliver import Lane, Outcome
from tocsin.kernel.errors import Invalid
from tocsin.wiring import Loops, Settings, open_system, read_settings

PAGE = Path(__file__).parents[2] / "docs" / "channels.md"


def example() -> str:
    """The worked example of docs/channels.md, word for word."""
    section = PAGE.read_text(encoding="utf-8").partition("\n## Add a channel\n")[2]
    return section.partition("```python\n")[2].partition("```")[0]


def distribution(folder: Path, name: str, points: str) -> None:
    """What pip leaves behind of a distribution, as far as entry points go."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tocsin.channels]\n{points}\n")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path in which distributions can be put."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    (folder / "logbook_channel.py").write_text(example(), encoding="utf-8")
    distribution(folder, "logbook", "logbook = logbook_channel:CHANNEL")
    yield folder
    sys.modules.pop("logbook_channel", None)


def settings(tmp_path: Path, text: str) -> Settings:
    written = tmp_path / "tocsin.toml"
    written.write_text(text, encoding="utf-8")
    return read_settings(written)


def test_a_channel_from_outside_gets_an_alert_and_its_clear_and_its_receipts_are_kept(
    elsewhere: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.txt"

    async def scene() -> list[Outcome]:
        given = settings(tmp_path, f'[channels.logbook]\nfile = "{book}"\n')
        running = open_system(given, city(), clock=Time(), in_memory=True)
        loops = Loops(running)
        assert [channel.name for channel in loops.channels] == ["logbook"]
        task = asyncio.create_task(loops.run())
        try:
            await loops.settle(5)
            system = running.system
            await system.do_soon(RaiseAlert(alert="k-1", areas=(KYIV,), threat=Threat.MISSILE), ADMIN)
            await loops.settle(5)
            await system.do_soon(ClearAlert(alert="k-1"), ADMIN)
            await loops.settle(5)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            running.system.close()
        assert running.receipts.cursor("logbook", Lane.ALERT) == 2
        return [attempt.outcome for attempt in reversed(running.receipts.latest(10))]

    assert asyncio.run(scene()) == [Outcome.SENT, Outcome.SENT]
    raised, cleared = book.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"EXERCISE .* alert k-1 Київ: Ракетна небезпека.*", raised)
    assert re.fullmatch(r"EXERCISE .* all_clear k-1 Київ: Відбій тривоги\.", cleared)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[channels.logbok]\n", "channels.logbok: there is no channel 'logbok'; there are .*logbook"),
        ("[channels.logbook]\n", "channels.logbook: .*required field `file`"),
        ("[channels.logbook]\nfile = 7\n", r"channels.logbook.file: Expected `str`"),
        ('[channels.logbook]\nfile = "a"\nfolder = "b"\n', "channels.logbook: .*unknown field `folder`"),
        ('[telegram]\ntoken = 1\nchat = "@a"\n', r"telegram.token: Expected `str`"),
        ('[mqtt]\nhost = "a"\n[channels.siren]\nhost = "b"\n', r"mqtt: \[channels.siren\] says the same"),
        ("channels = 3\n", r"channels"),
    ],
)
def test_what_is_wrong_with_a_channel_is_said_with_the_field(
    elsewhere: Path, tmp_path: Path, text: str, where: str
) -> None:
    with pytest.raises(Invalid, match=where):
        settings(tmp_path, text)


@pytest.mark.parametrize(
    ("point", "words"),
    [
        ("broken = no_such_module:CHANNEL", "no_such_module:CHANNEL cannot be loaded: No module"),
        ("broken = logbook_channel:NOTHING", "logbook_channel:NOTHING cannot be loaded"),
        ("broken = logbook_channel:build", "logbook_channel:build is no ChannelKind"),
        ("siren = logbook_channel:CHANNEL", "both tocsin.wiring.sirens:CHANNEL and logbook_channel:CHANNEL claim"),
    ],
)
def test_a_distribution_that_brings_no_channel_or_takes_the_name_of_one_is_refused(
    elsewhere: Path, tmp_path: Path, point: str, words: str
) -> None:
    distribution(elsewhere, "broken", point)
    with pytest.raises(Invalid, match=words):
        settings(tmp_path, "[channels.broken]\n")


def test_two_channels_of_one_name_are_refused(elsewhere: Path, tmp_path: Path) -> None:
    distribution(elsewhere, "twin", "twin = logbook_channel:CHANNEL")
    given = settings(tmp_path, '[channels.logbook]\nfile = "a"\n[channels.twin]\nfile = "b"\n')
    running = open_system(given, city(), clock=Time(), in_memory=True)
    with pytest.raises(Invalid, match=r"channels\.twin: a second channel is called 'logbook'"):
        Loops(running)
    running.system.close()


def test_the_old_tables_are_read_as_those_of_the_channels(tmp_path: Path) -> None:
    old = settings(tmp_path, '[mqtt]\nhost = "127.0.0.1"\n[cell_broadcast]\nurl = "http://127.0.0.1:12345"\n')
    new = settings(
        tmp_path, '[channels.siren]\nhost = "127.0.0.1"\n[channels.cell_broadcast]\nurl = "http://127.0.0.1:12345"\n'
    )
    assert old == new

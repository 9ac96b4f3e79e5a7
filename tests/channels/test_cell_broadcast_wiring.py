"""The cell broadcast channel as settings bring it into a running system."""

import asyncio
from pathlib import Path

import pytest

from tocsin.cli.serve import open_city
from tocsin.kernel.errors import Invalid
from tocsin.wiring import Loops, Settings, open_system, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    written = tmp_path / "tocsin.toml"
    written.write_text('[cell_broadcast]\nurl = "http://127.0.0.1:12345"\n')
    return read_settings(written)


def test_a_centre_in_the_settings_is_a_channel_of_the_system(settings: Settings) -> None:
    async def names() -> list[str]:
        running = open_system(settings, open_city(settings), in_memory=True)
        try:
            return [channel.name for channel in Loops(running).channels]
        finally:
            running.system.close()

    assert asyncio.run(names()) == ["cell_broadcast"]


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    written = tmp_path / "tocsin.toml"
    written.write_text('[cell_broadcast]\nurl = "http://127.0.0.1:12345"\nscop = "plmn"\n')
    with pytest.raises(Invalid, match="scop"):
        read_settings(written)

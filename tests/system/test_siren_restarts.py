"""The broker is killed in the middle of alerts: whatever the moment, the all-clear leaves no siren sounding."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from tocsin.bus import broker as brokers
from tocsin.cli.bench.siren_stage import stage
from tocsin.cli.bench.sirens import BROKERS

SIRENS = 20


def play(folder: Path, broker: str, rounds: int) -> None:
    async def run() -> None:
        chance = Random(f"{broker}-{rounds}")
        async with stage(folder, BROKERS[broker], SIRENS) as played:
            for number in range(rounds):
                told = await played.restart_round(chance)
                assert told.sounding == 0, f"round {number}"
                await played.devices.until(lambda told: told.online == SIRENS)

    if broker == "mosquitto" and brokers.mosquitto_program() is None:
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    asyncio.run(run())


def test_no_siren_is_left_sounding_when_the_broker_is_killed_in_an_alert(tmp_path: Path) -> None:
    play(tmp_path, "nats", 1)


@pytest.mark.heavy
@pytest.mark.parametrize("broker", BROKERS)
def test_in_fifty_alerts_with_a_broker_killed_in_each_no_siren_is_left_sounding(tmp_path: Path, broker: str) -> None:
    play(tmp_path, broker, 25)

"""From raising an alert to every siren's answer in the journal; and whom a broker killed in it leaves sounding."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from math import ceil
from pathlib import Path
from random import Random

from aiomqtt import Client, MqttError

from tocsin.bus import broker as brokers
from tocsin.bus.broker import LocalBroker
from tocsin.cli.bench.measure import Bench, Row, bench, row
from tocsin.cli.bench.siren_stage import REALM, Devices, Stage, stage
from tocsin.cli.output import progress
from tocsin.domain.siren import Mode
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Leaf, Wanted
from tocsin.kernel.errors import Invalid, Unavailable
from tocsin.kernel.signing import Ed25519Signer
from tocsin.kernel.time import system_clock

BROKERS: dict[str, Callable[[Path], LocalBroker]] = {"nats": brokers.nats, "mosquitto": brokers.mosquitto}
WINDOW = 64
"""How many messages the floor has on their way at once: as many as the channel."""


def run(sirens: int, rounds: int, restarts: int, broker: str) -> Bench:
    """
    Raises:
        Invalid: If there is no such broker.
        Unavailable: If it is not installed, or the fleet does not come on line.
    """
    broker = broker or ("mosquitto" if brokers.mosquitto_program() else "nats")
    if broker not in BROKERS:
        raise Invalid(f"there is no broker {broker!r}; there are {', '.join(BROKERS)}", "--broker")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-", dir=".") as name:
        folder = Path(name).resolve()
        rows = asyncio.run(_floor(folder / "floor", BROKERS[broker], sirens, rounds))
        rows += asyncio.run(_ours(folder / "ours", BROKERS[broker], sirens, rounds, restarts))
    return bench("sirens", rows)


async def _ours(
    folder: Path, make_broker: Callable[[Path], LocalBroker], sirens: int, rounds: int, restarts: int
) -> list[Row]:
    found: dict[str, list[float]] = {}
    folder.mkdir()
    with progress("sirens") as advance:
        async with stage(folder, make_broker, sirens) as played:
            for number in range(rounds):
                advance("raise and acknowledge", number / (rounds + restarts))
                for metric, value in (await _round(played)).items():
                    found.setdefault(metric, []).append(value)
            chance = Random(20250424)  # noqa: S311 - the same moments in every run
            for number in range(restarts):
                advance("killing the broker", (rounds + number) / (rounds + restarts))
                start = time.perf_counter()
                left = await played.restart_round(chance)
                found.setdefault("restart_round_s", []).append(time.perf_counter() - start)
                found.setdefault("left_sounding", []).append(left.sounding)
                await played.devices.until(lambda told: told.online == sirens)
    return [
        row("tocsin", metric, UNITS[metric.rpartition("_")[2]], "lower", values) for metric, values in found.items()
    ]


UNITS = {"ms": "ms", "s": "s", "sounding": "sirens"}


async def _round(played: Stage) -> dict[str, float]:
    """One alert and its end, in milliseconds from the alert's record to each answer's record."""
    devices, server = await asyncio.to_thread(played.devices.ask), time.process_time()
    alert, position = await played.raise_alert()
    if not await played.until_acknowledged(alert):
        raise Unavailable(f"not every siren has acknowledged {alert}")
    after, cpu = await asyncio.to_thread(played.devices.ask), time.process_time() - server
    answered = played.acknowledged_after(position)
    with played.system.projector.looking():
        heard = played.system.views.sirens.count(alert).alert_latency
    end = await played.clear(alert)
    await played.devices.until(lambda told: told.revision >= end and told.sounding == 0)
    return {
        "ack_p50_ms": _rank(answered, 0.5),
        "ack_p99_ms": _rank(answered, 0.99),
        "ack_last_ms": answered[-1],
        "siren_p50_ms": (heard.p50 or 0) * 1000,
        "siren_p99_ms": (heard.p99 or 0) * 1000,
        "devices_cpu_ms": (after.cpu - devices.cpu) * 1000,
        "server_cpu_ms": cpu * 1000,
    }


def _rank(sorted_: list[float], share: float) -> float:
    """The nearest-rank percentile."""
    return sorted_[ceil(len(sorted_) * share) - 1]


async def _floor(folder: Path, make_broker: Callable[[Path], LocalBroker], sirens: int, rounds: int) -> list[Row]:
    """The same broker and devices with nobody between: signed beforehand, answers only counted, nothing kept."""
    signer = Ed25519Signer()
    ids = [f"siren-{number:05}" for number in range(sirens)]
    p50: list[float] = []
    p99: list[float] = []
    folder.mkdir()
    with make_broker(folder) as broker:
        devices = Devices(broker, ids, signer.public)
        try:
            revision = 0
            while len(p50) < rounds:
                await devices.until(lambda told: told.online == sirens)
                revision += 2
                try:
                    async with _floor_client(broker) as client:
                        answered = await _floor_round(client, ids, signer, revision, Mode.ALERT)
                        await _floor_round(client, ids, signer, revision + 1, Mode.ALL_CLEAR)
                except MqttError:
                    # A broker that cannot keep up hangs up. The channel connects anew; the floor begins again.
                    if revision > 4 * rounds:
                        raise Unavailable(f"{broker.name} does not keep up with {sirens} sirens") from None
                    continue
                p50.append(_rank(answered, 0.5))
                p99.append(_rank(answered, 0.99))
        finally:
            devices.stop()
    return [row("floor", "ack_p50_ms", "ms", "lower", p50), row("floor", "ack_p99_ms", "ms", "lower", p99)]


@asynccontextmanager
async def _floor_client(broker: LocalBroker) -> AsyncIterator[Client]:
    async with Client(broker.host, broker.port, identifier="floor", max_inflight_messages=WINDOW) as client:
        client.pending_calls_threshold = WINDOW
        await client.subscribe(wire.subscription(REALM, Leaf.ACK), qos=1)
        yield client


async def _floor_round(client: Client, ids: list[str], signer: Ed25519Signer, revision: int, mode: Mode) -> list[float]:
    now = system_clock()
    payloads = {
        siren: wire.sign(
            REALM,
            siren,
            Wanted(
                alert=f"floor-{revision}",
                revision=revision,
                mode=mode,
                issued=now,
                not_after=now + timedelta(hours=1),
                nonce=f"{revision}",
            ),
            signer,
        )
        for siren in ids
    }
    start, answered = time.perf_counter(), dict[str, float]()

    async def hear() -> None:
        async for message in client.messages:
            if wire.read_ack(bytes(message.payload)).revision == revision:
                answered.setdefault(str(message.topic), (time.perf_counter() - start) * 1000)
            if len(answered) == len(ids):
                return

    async def tell() -> None:
        queue = iter(payloads.items())

        async def work() -> None:
            for siren, payload in queue:
                await client.publish(wire.topic(REALM, siren, Leaf.WANTED), payload, qos=1, retain=True)

        await asyncio.gather(*(work() for _ in range(WINDOW)))

    await asyncio.gather(hear(), tell())
    return sorted(answered.values())

"""Webhooks to receivers on this machine that check the signature as Standard Webhooks 1.0 says."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.running import KYIV, PODIL, free_port
from tests.system.test_replay_equals_live import ADMIN, Time, city

from tocsin.channels.webhook import Endpoint, Webhook
from tocsin.domain.shelter import CloseShelter
from tocsin.domain.warning import CancelAlert, ClearAlert, RaiseAlert, Threat
from tocsin.flow.deliver import Attempt, Lane, Outcome
from tocsin.flow.outside import Outside, is_public, require_address
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Command
from tocsin.kernel.time import system_clock
from tocsin.wiring import Loops, Running, Settings, open_system

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


class Receiver:
    """An endpoint as a subscriber would write it: signature, age and id first, then the body."""

    def __init__(self, clock: Time) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.tries = 0
        self.answers: list[int] = []
        self.hangs = False
        self.url = ""
        self._clock = clock
        self._seen: set[str] = set()
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "Receiver":
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        self._released.set()
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.tries += 1
        if self.hangs:
            await self._released.wait()
        if self.answers and (status := self.answers.pop(0)) != 200:
            return web.Response(status=status, headers={"Retry-After": "1"}, text="not now")
        body = await request.read()
        name, seconds = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        mac = hmac.new(KEY, f"{name}.{seconds}.".encode() + body, hashlib.sha256).digest()
        assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
        assert abs(self._clock.now.timestamp() - int(seconds)) < 300
        if name not in self._seen:
            self._seen.add(name)
            self.bodies.append(json.loads(body))
        return web.Response()


class World:
    """A running system with two endpoints."""

    def __init__(self, running: Running, loops: Loops, clock: Time) -> None:
        self.running, self.loops, self.clock = running, loops, clock

    async def do(self, *commands: Command) -> None:
        for command in commands:
            self.clock.now += timedelta(seconds=1)
            await self.running.system.do_soon(command, ADMIN)

    def attempts(self, channel: str) -> list[Attempt]:
        return [each for each in reversed(self.running.receipts.latest(100)) if each.channel == channel]


def play(
    scene: Callable[[World, Receiver, Receiver], Awaitable[None]],
    first: dict[str, Any] | None = None,
    second: dict[str, Any] | None = None,
) -> None:
    async def run() -> None:
        clock = Time()
        async with Receiver(clock) as one, Receiver(clock) as other:
            given = [
                {"name": "one", "url": one.url, "secret": SECRET, "private": True} | (first or {}),
                {"name": "other", "url": other.url, "secret": SECRET, "private": True} | (second or {}),
            ]
            settings = Settings(channels={"webhook": {"endpoints": given}})
            running = open_system(settings, city(), clock=clock, in_memory=True)
            loops = Loops(running)
            task = asyncio.create_task(loops.run())
            try:
                await loops.settle(5)
                await scene(World(running, loops, clock), one, other)
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                running.system.close()

    asyncio.run(run())


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


def raised(name: str, *areas: str) -> RaiseAlert:
    return RaiseAlert(alert=name, areas=areas, threat=Threat.DRONE)


def test_an_alert_and_its_end_arrive_signed_with_the_phase_and_the_state_of_their_areas() -> None:
    async def scene(world: World, one: Receiver, _other: Receiver) -> None:
        await world.do(raised("k-1", PODIL))
        await until(lambda: len(one.bodies) == 1)
        await world.do(ClearAlert(alert="k-1"))
        await until(lambda: len(one.bodies) == 2)
        alert, clear = one.bodies
        assert (alert["kind"], alert["phase"], alert["realm"]) == ("alert.raised", "alert", "exercise")
        assert alert["id"] == "exercise-1-one"
        assert alert["notice"]["texts"]["uk"].startswith("Загроза ударних дронів")
        states = {state["area"]: state["phase"] for state in alert["board"]["areas"]}
        assert states == {PODIL: "alert", KYIV: "unknown"}
        assert alert["board"]["valid_until"] > alert["board"]["generated_at"]
        assert (clear["kind"], clear["phase"]) == ("alert.cleared", "all_clear")
        assert "ada" not in json.dumps(one.bodies)

    play(scene)


def test_a_false_alarm_is_a_correction_and_not_an_all_clear() -> None:
    async def scene(world: World, one: Receiver, _other: Receiver) -> None:
        await world.do(raised("k-1", PODIL), CancelAlert(alert="k-1", reason="radar"))
        await until(lambda: bool(one.bodies) and one.bodies[-1]["phase"] == "correction")

    play(scene)


def test_a_dead_endpoint_delays_no_other() -> None:
    async def scene(world: World, one: Receiver, other: Receiver) -> None:
        one.hangs = True
        await world.do(raised("k-1", PODIL))
        await until(lambda: len(other.bodies) == 1)
        await world.do(ClearAlert(alert="k-1"))
        await until(lambda: len(other.bodies) == 2)
        assert one.bodies == []
        assert [each.outcome for each in world.attempts("webhook:other")] == [Outcome.SENT] * 2

    play(scene)


def test_what_an_endpoint_could_not_take_is_sent_again_under_the_same_id() -> None:
    async def scene(world: World, one: Receiver, _other: Receiver) -> None:
        one.answers = [500, 404]
        await world.do(raised("k-1", PODIL))
        await until(lambda: len(one.bodies) == 1)
        assert one.tries == 3
        outcomes = [Outcome.FAILED, Outcome.FAILED, Outcome.SENT]
        await until(lambda: [each.outcome for each in world.attempts("webhook:one")] == outcomes)

    play(scene)


def test_what_an_endpoint_refuses_is_recorded_and_the_all_clear_behind_it_goes_out() -> None:
    async def scene(world: World, one: Receiver, _other: Receiver) -> None:
        one.answers = [422]
        await world.do(raised("k-1", PODIL))
        await until(lambda: world.running.receipts.cursor("webhook:one", Lane.ALERT) == 1)
        await world.do(ClearAlert(alert="k-1"))
        await until(lambda: [body["phase"] for body in one.bodies] == ["all_clear"])
        assert world.attempts("webhook:one")[0].outcome is Outcome.UNDELIVERABLE

    play(scene)


def test_an_endpoint_hears_of_its_areas_and_of_the_kinds_it_asked_for_alone() -> None:
    other_raion = next(code for code in city().areas.descendants(KYIV) if code != PODIL)

    async def scene(world: World, one: Receiver, other: Receiver) -> None:
        shelter = city().shelters[0].id
        await world.do(raised("k-1", other_raion))
        await world.do(CloseShelter(shelter=shelter, reason="flooded"), raised("k-2", KYIV))
        await until(lambda: len(one.bodies) == 1 and len(other.bodies) == 1)
        assert [body["notice"]["alert"] for body in one.bodies] == ["k-2"]
        assert {state["area"] for state in one.bodies[0]["board"]["areas"]} == {PODIL}
        assert [body["event"]["shelter"] for body in other.bodies] == [shelter]
        assert other.bodies[0]["phase"] is None

    play(scene, first={"areas": [PODIL]}, second={"events": ["shelter.*"]})


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"url": "http://hooks.example/a"}, r"endpoints\[0\].url: not an address of https"),
        ({"url": "ftp://hooks.example/a", "private": True}, "not an address of https or http"),
        ({"url": "https://10.0.0.7/a"}, r"endpoints\[0\].url: 10.0.0.7 is not a public address"),
        ({"url": "https://[::ffff:127.0.0.1]/a"}, "is not a public address"),
        ({"url": "https://169.254.169.254/latest"}, "is not a public address"),
        ({"secret": "whsec_c2hvcnQ="}, r"endpoints\[0\].secret: not 24 to 64 bytes in base64"),
        ({"areas": ("UA0",)}, r"endpoints\[0\].areas: no area has the code 'UA0'"),
        ({"events": ("alert.*", "worksite.*")}, r"endpoints\[0\].events\[1\]: 'worksite.\*' is none of"),
    ],
)
def test_what_is_wrong_with_an_endpoint_is_said_with_the_field(changed: dict[str, Any], words: str) -> None:
    given = {"name": "one", "url": "https://hooks.example/a", "secret": SECRET} | changed
    settings = Settings(channels={"webhook": Webhook(endpoints=(Endpoint(**given),))})
    running = open_system(settings, city(), clock=Time(), in_memory=True)
    with pytest.raises(Invalid, match=words) as caught:
        Loops(running)
    assert "c2hvcnQ" not in str(caught.value)
    running.system.close()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_of_the_internet(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


def test_a_name_that_leads_into_our_own_network_is_not_called() -> None:
    port = free_port()

    async def scene() -> None:
        outside = Outside(5)
        try:
            with pytest.raises(Undeliverable, match="localhost is not a public address"):
                await outside.call("POST", require_address(f"https://localhost:{port}/hook", "url"))
        finally:
            await outside.close()

    asyncio.run(scene())


def certificates(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of its own authority for one name, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = system_clock()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / f"{name}.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / f"{name}.key"
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


def test_the_certificate_must_be_for_the_name_and_not_for_the_number_behind_it(tmp_path: Path) -> None:
    async def scene() -> None:
        pem, context = certificates(tmp_path, "localhost")
        _, wrong = certificates(tmp_path, "elsewhere.example")

        async def answer(_: web.Request) -> web.Response:
            return web.Response(text="fine")

        app = web.Application()
        app.router.add_post("/", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        outside = Outside(5, private=True, trust=ssl.create_default_context(cafile=pem))
        for used in (context, wrong):
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=used).start()
        good, bad = (f"https://localhost:{address[1]}/" for address in runner.addresses)
        try:
            assert (await outside.call("POST", require_address(good, "url"))).text == "fine"
            with pytest.raises(Unavailable, match="certificate verify failed"):
                await outside.call("POST", require_address(bad, "url"))
        finally:
            await outside.close()
            await runner.cleanup()

    asyncio.run(scene())

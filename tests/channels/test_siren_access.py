"""Credentials of sirens on real brokers: what each may do, and what nobody may."""

import asyncio
import ssl
import tomllib
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiomqtt import Client, MqttError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bus import broker as brokers
from tocsin.bus.broker import LocalBroker, MosquittoAccess, Tls
from tocsin.channels.siren_device import Fleet
from tocsin.channels.siren_mqtt import SirenChannel, SirenWish
from tocsin.domain.siren import ReportSirens
from tocsin.formats import siren_access as access
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_access import Credential
from tocsin.formats.siren_wire import Leaf
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.signing import Ed25519Signer
from tocsin.kernel.time import system_clock
from tocsin.storage import siren_devices as devices
from tocsin.storage.siren_devices import SirenDevices, read_secrets
from tocsin.wiring import Mqtt

KEY = Ed25519Signer(bytes(range(32)))
NOW = datetime(2025, 4, 24, 0, 30, tzinfo=UTC)
NAMES = ("S-1", "S-2", "park.north:3")
ANSWERS = [wire.subscription("live", leaf) for leaf in (Leaf.ACK, Leaf.HEALTH)]
QUIET = 0.4
"""Seconds in which a message that is let through would long have arrived."""


class Provisioned:
    """Credentials in a folder and a broker that was started with them."""

    def __init__(self, kind: str, folder: Path, tls: Tls | None = None) -> None:
        self.folder = folder / "access"
        self.provision()
        self.broker = start(kind, folder / "broker", self.folder, tls)

    def provision(self, *, rotate: Collection[str] = (), revoke: Collection[str] = ()) -> devices.Provisioned:
        return provisioner(self.folder).provision(NAMES, NOW, rotate=rotate, revoke=revoke)

    def credential(self, siren: str) -> Credential:
        secret = read_secrets(self.folder / devices.SECRETS)[siren]
        return Credential(secret.username, secret.password)

    @property
    def server(self) -> Credential:
        return Credential(self.settings["username"], self.settings["password"])

    @property
    def settings(self) -> dict[str, str]:
        settings: dict[str, str] = tomllib.loads((self.folder / devices.SERVER).read_text())["channels"]["siren"]
        return settings

    def client(self, credential: Credential | None, identifier: str = "") -> Client:
        return Client(
            self.broker.host,
            self.broker.port,
            username=credential and credential.username,
            password=credential and credential.password,
            identifier=identifier or (credential.username if credential else "nobody"),
            timeout=3,
        )


def start(kind: str, folder: Path, credentials: Path, tls: Tls | None) -> LocalBroker:
    if kind == "nats":
        return brokers.nats(folder, account=credentials / devices.NATS, tls=tls)
    if brokers.mosquitto_program() is None:
        pytest.skip("mosquitto is not installed: apt install mosquitto")
    files = MosquittoAccess(credentials / devices.PASSWORDS, credentials / devices.ACL)
    return brokers.mosquitto(folder, access=files, tls=tls)


@pytest.fixture(params=["nats", "mosquitto"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Provisioned]:
    town = Provisioned(request.param, tmp_path)
    with town.broker:
        yield town


def topic(siren: str, leaf: Leaf) -> str:
    return wire.topic("live", siren, leaf)


async def heard(client: Client, seconds: float = QUIET) -> list[tuple[str, bytes]]:
    """All that a client hears within a time."""
    found: list[tuple[str, bytes]] = []
    try:
        async with asyncio.timeout(seconds):
            async for message in client.messages:
                found.append((str(message.topic), bytes(message.payload)))
    except TimeoutError:
        pass
    return found


async def listen(client: Client, *topics: str) -> list[bool]:
    """Subscribe to each; say which the broker granted."""
    answers = [await client.subscribe(each, qos=1) for each in topics]
    return [all(not getattr(code, "is_failure", False) for code in answer) for answer in answers]


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 30))


@asynccontextmanager
async def running(loop: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(loop)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(true: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("siren", NAMES)
def test_a_siren_reads_its_own_orders_and_the_server_hears_its_answers(town: Provisioned, siren: str) -> None:
    async def test() -> None:
        async with town.client(town.server) as server, town.client(town.credential(siren)) as client:
            assert all(await listen(server, *ANSWERS))
            assert await listen(client, topic(siren, Leaf.WANTED)) == [True]
            await server.publish(topic(siren, Leaf.WANTED), b"order", qos=1, retain=True)
            assert await heard(client) == [(topic(siren, Leaf.WANTED), b"order")]
            for leaf in (Leaf.ACK, Leaf.HEALTH):
                await client.publish(topic(siren, leaf), leaf.encode(), qos=1)
            assert set(await heard(server)) == {(topic(siren, leaf), leaf.encode()) for leaf in (Leaf.ACK, Leaf.HEALTH)}

    run(test())


def test_a_siren_can_neither_hear_another_nor_all(town: Provisioned) -> None:
    async def test() -> None:
        others = [topic("S-2", leaf) for leaf in Leaf]
        wide = [wire.subscription("live", leaf) for leaf in Leaf]
        async with (
            town.client(town.server) as server,
            town.client(town.credential("S-2")) as other,
            town.client(town.credential("S-1")) as siren,
        ):
            await listen(siren, *others, *wide, "#", topic("S-1", Leaf.ACK))
            await server.publish(topic("S-2", Leaf.WANTED), b"order", qos=1, retain=True)
            await other.publish(topic("S-2", Leaf.HEALTH), b"well", qos=1, retain=True)
            assert await heard(siren) == []

    run(test())


def test_a_siren_can_write_no_order_and_no_answer_of_another(town: Provisioned) -> None:
    async def test() -> None:
        forbidden = [
            topic("S-1", Leaf.WANTED),
            topic("S-2", Leaf.WANTED),
            topic("S-2", Leaf.ACK),
            topic("S-2", Leaf.HEALTH),
            wire.topic("exercise", "S-1", Leaf.ACK),
        ]
        async with town.client(town.server) as server, town.client(town.credential("S-2")) as other:
            await listen(server, *ANSWERS)
            await listen(other, topic("S-2", Leaf.WANTED))
            for each in forbidden:
                # MQTT 3.1.1 has no way to refuse a message: NATS takes it and drops it, Mosquitto hangs up.
                with suppress(MqttError):
                    async with town.client(town.credential("S-1")) as siren:
                        await siren.publish(each, b"evil", qos=1, retain=True)
            async with town.client(town.credential("S-1")) as siren:
                await listen(siren, topic("S-1", Leaf.WANTED))
                assert (await heard(server), await heard(other), await heard(siren)) == ([], [], [])

    run(test())


def test_nobody_enters_without_a_credential_or_with_a_wrong_one(town: Provisioned) -> None:
    async def test() -> None:
        wrong = town.credential("S-1")._replace(password="guessed")
        crossed = town.credential("S-1")._replace(password=town.credential("S-2").password)
        for credential in (None, wrong, crossed, Credential("tocsin-live-siren-S-9", "x")):
            with pytest.raises(MqttError):
                async with town.client(credential):
                    pass

    run(test())


def test_a_siren_that_is_revoked_is_thrown_out_and_one_that_is_rotated_comes_back_with_its_new_password(
    town: Provisioned,
) -> None:
    async def test() -> None:
        revoked, before, kept = (town.credential(siren) for siren in NAMES)
        done = town.provision(revoke=["S-1"], rotate=["S-2"])
        assert (done.issued, done.revoked, done.kept) == (("S-2",), ("S-1",), 1)
        town.broker.reload()
        for _ in range(100):
            try:
                async with town.client(revoked):
                    await asyncio.sleep(0.05)
            except MqttError:
                break
        for old in (revoked, before):
            with pytest.raises(MqttError):
                async with town.client(old):
                    pass
        for valid in (town.credential("S-2"), kept):
            async with town.client(valid) as client:
                assert await listen(client, "$never") != []

    run(test())


def test_a_fleet_with_credentials_comes_on_line(town: Provisioned) -> None:
    async def test() -> None:
        credentials = {siren: town.credential(siren) for siren in NAMES}
        fleet = Fleet(town.broker.host, town.broker.port, "live", NAMES, KEY.public, credentials=credentials)
        async with town.client(town.server) as server, running(fleet.run()):
            await listen(server, wire.subscription("live", Leaf.HEALTH))
            await asyncio.wait_for(fleet.all_online(), 10)
            told = dict(await heard(server))
        assert set(told) == {topic(siren, Leaf.HEALTH) for siren in NAMES}

    run(test())


def test_trying_the_link_does_not_throw_the_running_server_out(town: Provisioned) -> None:
    settings = town.settings
    channel = SirenChannel(
        town.broker.host,
        town.broker.port,
        "live",
        Nothing(),
        KEY,
        system_clock,
        _kept,
        username=settings["username"],
        password=settings["password"],
        tester=Credential(settings["test_username"], settings["test_password"]),
    )

    async def test() -> None:
        async with running(channel.run()):
            await until(lambda: channel.connected)
            said = await channel.link_test()
            assert said == "the broker lets us read and holds the health of 0 sirens"
            assert (channel.connected, channel.trouble) == (True, "")

    run(test())


class Nothing:
    """A board of a city without sirens."""

    def wanted(self, position: int) -> Mapping[str, SirenWish]:
        return {}


async def _kept(_report: ReportSirens) -> None:
    return


def test_on_mosquitto_a_siren_cannot_throw_another_out_by_its_client_id(tmp_path: Path) -> None:
    town = Provisioned("mosquitto", tmp_path)

    async def test() -> None:
        async with town.client(town.server) as server, town.client(town.credential("S-1")) as siren:
            await listen(siren, topic("S-1", Leaf.WANTED))
            async with town.client(town.credential("S-2"), identifier=town.credential("S-1").username):
                await server.publish(topic("S-1", Leaf.WANTED), b"order", qos=1)
                assert await heard(siren) == [(topic("S-1", Leaf.WANTED), b"order")]

    with town.broker:
        run(test())


# TLS


def certificate(folder: Path) -> tuple[Tls, Path]:
    """A broker's certificate for 127.0.0.1, signed by itself, and the file to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    tls = Tls(folder / "cert.pem", folder / "key.pem")
    tls.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    tls.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return tls, tls.cert


async def shake_hands(broker: LocalBroker, context: ssl.SSLContext | None) -> None:
    _, writer = await asyncio.open_connection(broker.host, broker.port, ssl=context)
    writer.close()


@pytest.mark.parametrize("kind", ["nats", "mosquitto"])
def test_sirens_reach_a_broker_over_tls_whose_certificate_they_trust(kind: str, tmp_path: Path) -> None:
    tls, ca = certificate(tmp_path / "tls")
    town = Provisioned(kind, tmp_path, tls)

    async def online(context: ssl.SSLContext | None) -> bool:
        credentials = {"S-1": town.credential("S-1")}
        fleet = Fleet(
            town.broker.host, town.broker.port, "live", ["S-1"], KEY.public, credentials=credentials, tls=context
        )
        async with running(fleet.run()):
            try:
                await asyncio.wait_for(fleet.all_online(), 1.5)
            except TimeoutError:
                return False
        return True

    with town.broker:
        assert asyncio.run(online(Mqtt(host="x", ca=str(ca)).context()))
        assert not asyncio.run(online(None))
        # Not with the fleet: paho leaves the socket of a handshake that failed open.
        with pytest.raises(ssl.SSLCertVerificationError):
            asyncio.run(shake_hands(town.broker, Mqtt(host="x", tls=True).context()))


def test_settings_for_tls_that_make_no_sense_are_refused_by_field(tmp_path: Path) -> None:
    assert Mqtt(host="x").context() is None
    with pytest.raises(Invalid, match="ca: "):
        Mqtt(host="x", ca=str(tmp_path / "absent.pem")).context()
    with pytest.raises(Invalid, match="cert: a key needs its certificate"):
        Mqtt(host="x", key="key.pem").context()
    tls, ca = certificate(tmp_path)
    with pytest.raises(Invalid, match="cert: "):
        Mqtt(host="x", ca=str(ca), cert=str(tls.key)).context()
    assert Mqtt(host="x", ca=str(ca), cert=str(tls.cert), key=str(tls.key)).context() is not None


# The folder


def provisioner(folder: Path, realm: str = "live") -> SirenDevices:
    return SirenDevices(folder, realm, KEY.seed, KEY.public)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_provisioning_again_changes_nothing(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    before = contents(tmp_path)
    done = provisioner(tmp_path).provision(NAMES, NOW + timedelta(days=1))
    assert (done.issued, done.revoked, done.kept) == ((), (), 3)
    assert contents(tmp_path) == before


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    provisioner(folder).provision(NAMES, NOW)
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_secrets_are_written_once_and_stand_in_no_other_file_but_that_of_nats(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    passwords = [secret.password for secret in read_secrets(tmp_path / devices.SECRETS).values()]
    assert len(set(passwords)) == len(NAMES)
    (tmp_path / devices.SECRETS).unlink()
    provisioner(tmp_path).provision((*NAMES, "S-4"), NOW)
    assert set(read_secrets(tmp_path / devices.SECRETS)) == {"S-4"}
    public = contents(tmp_path)
    del public[devices.NATS]
    assert not any(password.encode() in text for password in passwords for text in public.values())


def test_a_siren_that_the_city_no_longer_has_loses_its_credential(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    assert provisioner(tmp_path).provision(NAMES[:2], NOW).revoked == ("park.north:3",)
    assert "north" not in (tmp_path / devices.ACL).read_text()


def test_a_revoked_siren_gets_a_new_password_by_rotation_only(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    first = read_secrets(tmp_path / devices.SECRETS)["S-1"].password
    provisioner(tmp_path).provision(NAMES, NOW, revoke=["S-1"])
    assert provisioner(tmp_path).provision(NAMES, NOW).issued == ()
    assert provisioner(tmp_path).provision(NAMES, NOW, rotate=["S-1"]).issued == ("S-1",)
    assert read_secrets(tmp_path / devices.SECRETS)["S-1"].password != first


def test_the_server_gets_a_new_password_when_asked(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    before = (tmp_path / devices.SERVER).read_text()
    again = provisioner(tmp_path)
    again.rotate_server()
    again.provision(NAMES, NOW)
    assert (tmp_path / devices.SERVER).read_text() != before


def test_what_cannot_be_done_is_refused_and_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    provisioner(tmp_path).provision(NAMES, NOW)
    before = contents(tmp_path)
    with pytest.raises(Refused, match="of the realm live, not exercise"):
        provisioner(tmp_path, "exercise")
    with pytest.raises(Unknown, match="no siren is called 'S-9'"):
        provisioner(tmp_path).provision(NAMES, NOW, revoke=["S-9"])
    with pytest.raises(Invalid, match="'S-1' cannot get a password and lose it at once"):
        provisioner(tmp_path).provision(NAMES, NOW, revoke=["S-1"], rotate=["S-1"])
    assert contents(tmp_path) == before
    (tmp_path / devices.REGISTER).write_text("{")
    with pytest.raises(Invalid, match=devices.REGISTER):
        provisioner(tmp_path)


ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)


@given(ids, ids)
def test_two_sirens_never_share_a_user_name_and_every_name_is_one_that_both_brokers_take(one: str, other: str) -> None:
    try:
        names = [access.siren_user("live", siren) for siren in (one, other)]
    except Invalid:
        return
    assert (names[0] == names[1]) is (one == other)
    assert all(name.isascii() and not set(name) & set(" :./*>+#\n") for name in names)

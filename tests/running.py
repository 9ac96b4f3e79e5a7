"""A real `tocsin serve` in a process of its own, on a free port, for tests that need the whole thing."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import httpx

KYIV = "UA80000000000093317"
PODIL = "UA80000000000719633"
TOCSIN = Path(sys.executable).parent / "tocsin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tocsin(*arguments: str, check: bool = True, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does."""
    done = subprocess.run([str(TOCSIN), *arguments], capture_output=True, text=True, timeout=timeout, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


class Server:
    """
    Args:
        folder: Where the journal lies; the same folder again goes on with it.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.db = folder / "tocsin.db"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._arguments = arguments
        self._log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Server":
        command = [str(TOCSIN), "serve", "--db", str(self.db), "--port", str(self.port), *self._arguments]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PYTHONWARNINGS": ""})
        if not self._ready(within=120):
            # A server that is left behind would be found by some later test's garbage collection.
            self.process.kill()
            self.process.wait()
            raise AssertionError(self._log.read_text())
        return self

    def _ready(self, within: float) -> bool:
        """True once it answers; False when it ended, or did not answer within so many seconds."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline and self.process is not None and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return True
            except httpx.HTTPError:
                time.sleep(0.02)
        return False

    def token(self, user: str = "olena", role: str = "duty_officer") -> str:
        return tocsin("user", "token", user, "--role", role, "--db", str(self.db)).stdout.strip()

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=20)

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()

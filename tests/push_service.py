"""A push service on this machine: refuses what real ones refuse, keeps what it may, decrypts as a browser does."""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any, NamedTuple

import http_ece
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Got(NamedTuple):
    """A message as the browser reads it, and how it came."""

    payload: dict[str, Any]
    ttl: int
    topic: str
    urgency: str


class Browser:
    """
    Attributes:
        online: What comes is shown at once; else the service keeps it, one message for each topic.
        gone: The subscription has ended.
    """

    def __init__(self, name: str, url: str) -> None:
        self.endpoint = f"{url}/push/{name}"
        self.online = True
        self.gone = False
        self.got: list[Got] = []
        self.kept: dict[str, Got] = {}
        self._secret = b"0123456789abcdef"
        self._key = ec.generate_private_key(ec.SECP256R1())

    def subscription(self, *areas: str, language: str = "uk") -> dict[str, Any]:
        """What the page posts."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": text(point), "auth": text(self._secret)}
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": keys,
            "areas": list(areas),
            "language": language,
        }

    def take(self, body: bytes, headers: Any) -> None:  # noqa: ANN401 - a multidict
        plain = http_ece.decrypt(body, private_key=self._key, auth_secret=self._secret, version="aes128gcm")
        got = Got(json.loads(plain), int(headers["TTL"]), headers.get("Topic", ""), headers.get("Urgency", "normal"))
        if self.online:
            self.got.append(got)
        elif got.ttl > 0:
            self.kept[got.topic] = got

    def come_back(self) -> list[Got]:
        """Connect again: what was kept arrives."""
        self.online = True
        arrived, self.kept = list(self.kept.values()), {}
        self.got += arrived
        return arrived

    @property
    def phases(self) -> list[str]:
        return [got.payload["phase"] for got in self.got]


class PushService:
    """
    Attributes:
        answer: Answers in place of the service, if it does.
        asked: How many requests came.
        most: Requests that were under way at the same time.
    """

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.answer: Callable[[web.Request], web.Response | None] = lambda _request: None
        self.asked = 0
        self.keys: set[str] = set()
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "PushService":
        app = web.Application()
        app.router.add_post("/push/{name}", self._push)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def browser(self, name: str = "a") -> Browser:
        return self.browsers.setdefault(name, Browser(name, self.url))

    async def _push(self, request: web.Request) -> web.Response:
        self.asked += 1
        body = await request.read()
        if (answer := self.answer(request)) is not None:
            return answer
        if fault := self._fault(request, body):
            return web.Response(status=400, text=fault)
        if not self._vouched(request.headers.get("Authorization", "")):
            return web.Response(status=403, text="no token of VAPID")
        browser = self.browsers.get(request.match_info["name"])
        if browser is None or browser.gone:
            return web.Response(status=410)
        browser.take(body, request.headers)
        return web.Response(status=201, headers={"Location": f"{self.url}/message/1"})

    def _fault(self, request: web.Request, body: bytes) -> str:
        headers = request.headers
        if not re.fullmatch(r"\d+", headers.get("TTL", "")):
            return "no TTL"
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,32}", headers.get("Topic", "")):
            return "the topic is no topic"
        if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            return "the urgency is none"
        if headers.get("Content-Encoding") != "aes128gcm":
            return "not encrypted"
        return "too large" if len(body) > 4096 else ""

    def _vouched(self, header: str) -> bool:
        found = re.fullmatch(r"vapid t=([^,]+),k=(\S+)", header)
        if found is None or not Vapid02.verify(header):
            return False
        claims = json.loads(urlsafe_b64decode(found[1].split(".")[1] + "=="))
        self.keys.add(found[2])
        in_time = time.time() < claims["exp"] <= time.time() + 24 * 3600
        return bool(in_time and claims["aud"] == self.url and claims["sub"].startswith("mailto:"))

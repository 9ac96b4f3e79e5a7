"""
Signed webhooks: each event to each endpoint that asked for it, by the rules of Standard Webhooks 1.0.

Each endpoint is a channel of its own, so that one that is dead delays no other.
"""

import base64
import binascii
import hmac
import ssl
from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Annotated, get_args

import msgspec
from msgspec import Meta

from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted
from tocsin.domain.shelter import SHELTER
from tocsin.domain.warning import AlertNews, Notice, Phase
from tocsin.flow.channel import LINK_TEST, ChannelKind, Ports
from tocsin.flow.deliver import Lane, alert_deadline, alert_superseded, phase_of
from tocsin.flow.outside import Outside, require_address
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Event, Instant, Recorded, kind_of
from tocsin.kernel.time import retry_after
from tocsin.views.board import BoardCopy

PATIENCE = 10.0
"""Seconds for an endpoint to answer."""
LONGEST_WAIT = 60.0
"""Seconds that an endpoint may ask us to wait. An all-clear may come at any moment."""
REFUSALS = frozenset({400, 410, 413, 422})
"""Answers that are about this event, or say that nobody wants any more. All else is tried again."""

# What anybody may know of the events: those that the public stream has too.
PUBLIC: tuple[type[Event], ...] = (
    *get_args(AlertNews),
    BulletinPublished,
    BulletinRetracted,
    *SHELTER.events,
)
KINDS = tuple(map(kind_of, PUBLIC))


class Endpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        name: What its receipts are kept under, as `webhook:NAME`.
        secret: `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks has it.
        areas: Codes. Alerts for these, for areas around and inside them. None: every area.
        events: Kinds, with `*` for any part of one.
        private: The endpoint may be in our own network, and without TLS.
        ca: PEM file with the certificates to believe, for one that has its own authority.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9-]{1,40}$")]
    url: str
    secret: str
    areas: tuple[str, ...] = ()
    events: tuple[str, ...] = ("alert.*",)
    private: bool = False
    ca: str | None = None


class Webhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        endpoints: Who is called.
    """

    endpoints: Annotated[tuple[Endpoint, ...], Meta(min_length=1)]


class Body(msgspec.Struct, frozen=True):
    """
    What an endpoint is sent.

    Attributes:
        id: The same for every try of one event at one endpoint: whoever has seen it passes it over.
        phase: Of the alert that the event is about; null for any other event.
        notice: What the public is told of the alert; null for any other event. Who raised it is nobody else's business.
        event: Of any other kind, as in docs/events.md; null for an alert.
        board: What is true now of the areas that the event concerns. Past `valid_until` it is not known any more.
    """

    id: str
    kind: str
    realm: str
    position: int
    time: Instant
    phase: Phase | None
    notice: Notice | None
    event: Event | None
    board: BoardCopy


class WebhookChannel:
    """
    Use it in one event loop and close it there.

    Args:
        where: What the endpoint stands under in the settings.

    Raises:
        Invalid: If a field of the endpoint is wrong, naming it.
    """

    def __init__(self, endpoint: Endpoint, ports: Ports, where: str = "endpoint") -> None:
        self.name = f"webhook:{endpoint.name}"
        self._url = require_address(endpoint.url, f"{where}.url", private=endpoint.private)
        self._key = _key(endpoint.secret, f"{where}.secret")
        self._kinds = _kinds(endpoint.events, f"{where}.events")
        for code in endpoint.areas:
            if code not in ports.city.areas:
                raise Invalid(f"no area has the code {code!r}", f"{where}.areas")
        self._areas = frozenset(endpoint.areas)
        self._ports = ports
        self._outside = Outside(PATIENCE, private=endpoint.private, trust=_trust(endpoint.ca, f"{where}.ca"))

    def lane(self, recorded: Recorded) -> Lane | None:
        event = recorded.event
        if kind_of(event) not in self._kinds:
            return None
        if not isinstance(event, AlertNews):
            return Lane.INFO
        return Lane.ALERT if self._concerned(recorded) else None

    def _concerned(self, recorded: Recorded) -> list[str]:
        areas = self._ports.concerned(recorded)
        return [area for area in areas if not self._areas or area in self._areas]

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ports.ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Raises:
            Unavailable: If the endpoint does not answer, or answers that it cannot now.
            Undeliverable: If it refuses this event, or its address leads into our own network.
        """
        name = f"{recorded.realm}-{recorded.position}-{self.name.partition(':')[2]}"
        return await self._post(name, msgspec.json.encode(self._body(name, recorded)))

    async def link_test(self) -> str:
        """Post a body whose kind is `link.test`, with the realm `exercise` and the words."""
        now = self._ports.clock()
        name = f"test-{now.timestamp():.0f}-{self.name.partition(':')[2]}"
        body = {"id": name, "kind": "link.test", "realm": "exercise", "time": now, "phase": None, "texts": LINK_TEST}
        return await self._post(name, msgspec.json.encode(body))

    async def _post(self, name: str, body: bytes) -> str:
        headers = {"Content-Type": "application/json", **signed(name, self._ports.clock(), body, self._key)}
        answer = await self._outside.call("POST", self._url, content=body, headers=headers)
        if answer.is_success:
            return f"{self._url.host} answered {answer.status_code}"
        words = f"{self._url.host} answered {answer.status_code}: {answer.text[:200]}"
        if answer.status_code in REFUSALS:
            raise Undeliverable(words)
        wait = retry_after(answer.headers.get("Retry-After"), self._ports.clock())
        raise Unavailable(words, retry_after=None if wait is None else min(wait, LONGEST_WAIT))

    def _body(self, name: str, recorded: Recorded) -> Body:
        event = recorded.event
        alert = isinstance(event, AlertNews)
        concerned = self._concerned(recorded) if alert else []
        board = self._ports.views.board
        with self._ports.looking() as position:
            copy = board.copy(self._ports.clock(), position, concerned)
            notice = next((each for each in board.notices() if each.position == recorded.position), None)
        return Body(
            id=name,
            kind=kind_of(event),
            realm=recorded.realm,
            position=recorded.position,
            time=recorded.time,
            phase=phase_of(event) if alert else None,
            notice=notice,
            event=None if alert else event,
            board=copy,
        )

    async def close(self) -> None:
        await self._outside.close()


def signed(name: str, now: datetime, body: bytes, key: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks 1.0: HMAC-SHA256 over the id, the seconds since 1970 and the body."""
    seconds = str(int(now.timestamp()))
    mac = hmac.new(key, f"{name}.{seconds}.".encode() + body, sha256).digest()
    signature = f"v1,{base64.b64encode(mac).decode('ascii')}"
    return {"webhook-id": name, "webhook-timestamp": seconds, "webhook-signature": signature}


def _key(secret: str, where: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        # Not with the secret in the words: they end up in a log.
        raise Invalid("not 24 to 64 bytes in base64", where)
    return key


def _trust(ca: str | None, where: str) -> ssl.SSLContext | None:
    try:
        return None if ca is None else ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise Invalid(f"{ca}: {error}", where) from None


def _kinds(patterns: Sequence[str], where: str) -> frozenset[str]:
    for index, pattern in enumerate(patterns):
        if not any(fnmatchcase(kind, pattern) for kind in KINDS):
            raise Invalid(f"{pattern!r} is none of {', '.join(KINDS)}", f"{where}[{index}]")
    return frozenset(kind for kind in KINDS for pattern in patterns if fnmatchcase(kind, pattern))


def build(settings: Webhook, ports: Ports) -> list[WebhookChannel]:
    named = enumerate(settings.endpoints)
    return [WebhookChannel(each, ports, f"channels.webhook.endpoints[{index}]") for index, each in named]


CHANNEL = ChannelKind(Webhook, build)

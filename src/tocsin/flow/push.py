"""Who wants to be woken for which areas, by Web Push. Personal, so not in the journal: it must be forgettable."""

from collections.abc import Collection, Mapping
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import msgspec

from tocsin.flow.deliver import Devices
from tocsin.kernel.errors import Invalid

# The push services of the browsers. A stranger names the endpoint, so without a list it could make us ask anybody
# for anything (SSRF).
SERVICES = (
    "https://fcm.googleapis.com",
    "https://updates.push.services.mozilla.com",
    "https://*.push.services.mozilla.com",
    "https://web.push.apple.com",
    "https://*.push.apple.com",
    "https://*.notify.windows.com",
)
"""Origins; `*.` stands for any names before it."""
CHANNEL = "push"
"""Its name in the receipts."""
MOST_AREAS = 10


class Subscription(msgspec.Struct, frozen=True):
    """
    A browser that wants to hear of some areas (RFC 8291, section 3.2).

    Attributes:
        id: Digest of the endpoint. Who knows the endpoint may change and end the subscription, nobody else.
        p256dh, auth: The browser's public key and secret, base64url.
        language: `uk` or `en`.
        generation: Grows whenever the browser subscribes again, so that an answer to an earlier one ends nothing.
    """

    id: str
    endpoint: str
    p256dh: str
    auth: str
    areas: tuple[str, ...]
    language: str
    generation: int = 1


def device(id_: str, area: str) -> str:
    """The name in the receipts of a browser as subscriber of one area: it gets a message for each."""
    return f"{id_}.{area}"


class Waiting(NamedTuple):
    """An area of a subscription whose last message the push service did not take yet, and the alert it was about."""

    subscription: Subscription
    area: str
    alert: str


class Subscriptions(Protocol):
    """
    Raises:
        Unavailable: From any method, if the file cannot be read or written.
    """

    def put(self, subscription: Subscription) -> Subscription:
        """Keep a subscription, or the new state of one; returns it with its generation."""

    def get(self, id_: str) -> Subscription | None: ...

    def remove(self, id_: str, generation: int | None = None) -> bool:
        """Forget it; only if it is still of that generation, where one is given. True if it was there."""

    def of(self, areas: Collection[str]) -> list[tuple[Subscription, str]]:
        """Who wants to hear of some areas: a pair for each subscription and area of it."""

    def wait(self, alerts: Mapping[tuple[str, str], str | None]) -> None:
        """Note for areas of subscriptions that a message about an alert waits; None: that none does."""

    def waiting(self) -> list[Waiting]: ...

    def close(self) -> None: ...


class Push(NamedTuple):
    """
    What the doors and the channel share.

    Attributes:
        devices: The receipts, device by device.
        public: The key that browsers subscribe with (RFC 8292, section 3.2): a point of P-256, base64url.
        pem: The private key.
        services: Origins that endpoints may have.
    """

    subscriptions: Subscriptions
    devices: Devices
    public: str
    pem: bytes
    services: tuple[str, ...]

    def require_allowed(self, endpoint: str) -> None:
        """
        Raises:
            Invalid: If the endpoint is not of a push service that we know.
        """
        if not is_allowed(endpoint, self.services):
            raise Invalid("the endpoint is not of a push service that is known here", "endpoint")


def is_allowed(endpoint: str, services: Collection[str]) -> bool:
    try:
        parts = urlsplit(endpoint)
        origin = (parts.scheme, parts.hostname or "", parts.port)
    except ValueError:
        return False
    if parts.username is not None or not parts.hostname:
        return False
    return any(_matches(origin, service) for service in services)


def _matches(origin: tuple[str, str, int | None], service: str) -> bool:
    allowed = urlsplit(service)
    host = allowed.hostname or ""
    if (origin[0], origin[2]) != (allowed.scheme, allowed.port):
        return False
    return origin[1] == host or (host.startswith("*.") and origin[1].endswith(host[1:]))

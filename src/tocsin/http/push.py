"""/v1/push: residents let their browser be woken for some areas, without an account, and take it back."""

import hashlib
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from tocsin.flow.push import CHANNEL, MOST_AREAS, Push, Subscription, device
from tocsin.flow.system import System
from tocsin.http.here import Here
from tocsin.kernel.errors import Invalid, Unknown

PER_MINUTE = 120
"""Requests of one address. Whole blocks share one, and many subscribe at the same moment: when they hear a siren."""
_limited = RateLimitConfig(rate_limit=("minute", PER_MINUTE)).middleware

POINT_BYTES, SECRET_BYTES = 65, 16
"""Of an uncompressed point of P-256 and of the secret (RFC 8291, sections 3.1 and 3.2)."""


class PushKey(msgspec.Struct, frozen=True):
    """The `applicationServerKey` to subscribe with."""

    key: str


class Keys(msgspec.Struct, frozen=True):
    p256dh: Annotated[str, Meta(max_length=200)]
    auth: Annotated[str, Meta(max_length=100)]


class Subscribe(msgspec.Struct, frozen=True):
    """
    What `PushSubscription.toJSON()` gives, with the areas and the language. What else it gives is passed over.

    Attributes:
        areas: Codes, at most ten.
    """

    endpoint: Annotated[str, Meta(max_length=2000)]
    keys: Keys
    areas: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MOST_AREAS)]
    language: Literal["uk", "en"] = "uk"


class Subscribed(msgspec.Struct, frozen=True):
    """
    Attributes:
        id: Names the subscription from now on. Keep it secret: whoever has it can end it.
    """

    id: str
    areas: tuple[str, ...]
    language: str


@get("/v1/push/key", tags=["push"], summary="The key that a browser subscribes with", operation_id="push_key")
async def key(system: Here) -> Response[PushKey]:
    return Response(PushKey(_push(system).public), headers={"Cache-Control": "public, max-age=300"})


@post(
    "/v1/push/subscriptions",
    tags=["push"],
    summary="Be woken for some areas; again with the same endpoint: for these from now on",
    operation_id="push_subscribe",
    middleware=[_limited],
    sync_to_thread=True,
)
def subscribe(system: Here, data: JSONBody[Subscribe]) -> Subscribed:
    push = _push(system)
    push.require_allowed(data.endpoint)
    _require_point(data.keys.p256dh)
    _require_length(data.keys.auth, SECRET_BYTES, "keys.auth")
    for index, area in enumerate(data.areas):
        if area not in system.city.areas:
            raise Unknown(f"no area has the code {area!r}", f"areas[{index}]")
    areas = tuple(dict.fromkeys(data.areas))
    id_ = hashlib.sha256(data.endpoint.encode()).hexdigest()[:32]
    kept = push.subscriptions.put(
        Subscription(id_, data.endpoint, data.keys.p256dh, data.keys.auth, areas, data.language)
    )
    return Subscribed(kept.id, kept.areas, kept.language)


@get(
    "/v1/push/subscriptions/{subscription_id:str}",
    tags=["push"],
    summary="Whether a subscription is still known, and for which areas: ask at every visit",
    operation_id="push_subscription",
    middleware=[_limited],
    sync_to_thread=True,
)
def subscription(system: Here, subscription_id: FromPath[str]) -> Subscribed:
    found = _push(system).subscriptions.get(subscription_id)
    if found is None:
        raise Unknown("there is no such subscription", "id")
    return Subscribed(found.id, found.areas, found.language)


@delete(
    "/v1/push/subscriptions/{subscription_id:str}",
    tags=["push"],
    summary="Forget a subscription; also if there is none",
    operation_id="push_unsubscribe",
    middleware=[_limited],
    sync_to_thread=True,
)
def unsubscribe(system: Here, subscription_id: FromPath[str]) -> None:
    push = _push(system)
    found = push.subscriptions.get(subscription_id)
    if found is not None:
        push.subscriptions.remove(subscription_id)
        for area in found.areas:
            push.devices.forget_device(CHANNEL, device(subscription_id, area))


def _push(system: System) -> Push:
    """
    Raises:
        Unknown: If the server does not send any.
    """
    if system.push is None:
        raise Unknown("this server sends no Web Push", "push")
    return system.push


def _require_length(text: str, length: int, where: str) -> bytes:
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        raw = b""
    if len(raw) != length:
        raise Invalid(f"is not {length} bytes in base64url", where)
    return raw


def _require_point(text: str) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

    raw = _require_length(text, POINT_BYTES, "keys.p256dh")
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
    except ValueError:
        raise Invalid("is no point of the curve P-256", "keys.p256dh") from None

"""The settings of Web Push, its key, and what its doors and its channel share."""

import logging
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from tocsin.flow.channel import ChannelKind, Ports
from tocsin.flow.deliver import Channel, Devices
from tocsin.flow.push import SERVICES, Push
from tocsin.kernel.errors import Invalid
from tocsin.storage.keys import load_or_make_vapid, make_vapid
from tocsin.storage.subscriptions import SqliteSubscriptions


class PushSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        contact: Where a push service can reach whoever runs this, should something go wrong.
        services: Origins of push services besides those of the browsers; `*.` stands for any names before it.
        at_once: Messages that are on their way at the same time.
    """

    contact: Annotated[str, Meta(pattern=r"^(mailto:\S+@\S+|https://\S+)$")]
    services: tuple[Annotated[str, Meta(pattern=r"^https?://[^/\s]+$")], ...] = ()
    at_once: Annotated[int, Meta(ge=1, le=1000)] = 100


def open_push(settings: PushSettings, devices: Devices, subscriptions: Path | None, key: Path | None) -> Push:
    """
    Args:
        subscriptions, key: Their files; nothing is kept without one.

    Raises:
        Corrupt, Unavailable: If a file cannot be used.
    """
    vapid = make_vapid() if key is None else load_or_make_vapid(key)
    return Push(
        subscriptions=SqliteSubscriptions(":memory:" if subscriptions is None else subscriptions),
        devices=devices,
        public=vapid.public,
        pem=vapid.pem,
        services=(*SERVICES, *settings.services),
    )


def build(settings: PushSettings, ports: Ports) -> list[Channel]:
    """
    Raises:
        Invalid: If the system was opened without the channel, so that nobody can have subscribed.
    """
    # pywebpush and what it needs take half a second to import; a server without it must not wait for it.
    from tocsin.channels.webpush import WebPushChannel

    if ports.push is None:
        raise Invalid("the system was opened without it", "channels.push")
    # It writes every address that it asks into the log, and whoever knows a browser's can end its subscription.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return [WebPushChannel(ports.push, ports, settings.contact, settings.at_once)]


CHANNEL = ChannelKind(PushSettings, build)

"""Telegram: a channel's posts, and a bot that tells its subscribers of their own areas."""

import msgspec

from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.channel import TelegramChannel
from tocsin.channels.telegram.subscribers import SubscriberChannel
from tocsin.flow.channel import ChannelKind, Ports
from tocsin.flow.outside import Outside

__all__ = ["CHANNEL", "Subscribing", "Telegram"]

PATIENCE = 20.0
"""Seconds for a photo to be fetched."""


class Subscribing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        token: Of a bot of its own. Left out, it is the one that posts; Telegram's limits are then shared by both.
    """

    token: str | None = None


class Telegram(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        chat: The channel to post to, such as @city_alerts or a numeric id.
        api: The address of a Bot API server other than Telegram's own.
        subscribers: A bot that people write to, to be told of their own areas. Left out, there is none.
    """

    token: str
    chat: str
    api: str | None = None
    subscribers: Subscribing | None = None


def build(settings: Telegram, ports: Ports) -> list[TelegramChannel | SubscriberChannel]:
    api = Api(settings.token, settings.api)
    outside = Outside(PATIENCE)
    found: list[TelegramChannel | SubscriberChannel] = [
        TelegramChannel(
            api,
            settings.chat,
            ports.names(),
            ports.memory,
            ports.ended,
            ports.standing,
            outside,
            photo=ports.photo,
            web=ports.web,
        )
    ]
    if settings.subscribers is not None:
        own = settings.subscribers.token is not None
        bot = Api(settings.subscribers.token, settings.api) if settings.subscribers.token is not None else api
        found.append(SubscriberChannel(bot, ports, own=own))
    return found


CHANNEL = ChannelKind(Telegram, build)

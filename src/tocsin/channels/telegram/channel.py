"""A Telegram channel: one post for each message of an alert and for each bulletin."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiogram.methods import EditMessageText, SendMediaGroup, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, InputMediaPhoto, ReplyParameters

from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.posts import (
    ALBUM,
    BulletinNews,
    Post,
    albums,
    alert_post,
    bulletin_post,
    caption,
)
from tocsin.channels.telegram.turns import Urgency
from tocsin.domain.bulletins import Photo
from tocsin.domain.warning import AlertNews, Notice
from tocsin.flow.channel import LINK_TEST, Memory
from tocsin.flow.deliver import Lane, alert_deadline, alert_superseded
from tocsin.flow.outside import Outside
from tocsin.kernel.errors import Unavailable, Undeliverable
from tocsin.kernel.event import Recorded

Names = Mapping[str, Mapping[str, str]]


class TelegramChannel:
    """
    Posts to one chat. Use it in one event loop and close it there.

    Sending twice is harmless once Telegram's answer was kept. Between its answer and that moment, or when the
    answer is lost on the way, nothing can tell whether the post is there, and a second one appears: the Bot API
    takes no idempotency key. For an alert a second post is the lesser evil.

    Args:
        api: Of a bot that is an administrator of the chat.
        chat: `@name` or the number of the chat.
        names: Area code to its names by language.
        memory: Remembers over restarts which message Telegram gave to what.
        ended: Tells whether an alert is over by something later than a revision.
        standing: The newest message of each alert that stands.
        outside: Gets photos by their addresses.
    """

    name = "telegram"

    def __init__(
        self,
        api: Api,
        chat: str,
        names: Names,
        memory: Memory,
        ended: Callable[[str, int], bool],
        standing: Callable[[], Sequence[Notice]],
        outside: Outside,
    ) -> None:
        self._api = api
        self._chat = chat
        self._names = names
        self._memory = memory
        self._ended = ended
        self._standing = standing
        self._outside = outside

    def lane(self, recorded: Recorded) -> Lane | None:
        if isinstance(recorded.event, AlertNews):
            return Lane.ALERT
        return Lane.INFO if isinstance(recorded.event, BulletinNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Post, and when this ends an alert or withdraws a bulletin, also show so in its first post.

        Raises:
            Unavailable: If Telegram cannot be reached, asks to wait, or does not take the token.
            Undeliverable: If Telegram refuses the post: no such chat, or the bot was thrown out of it.
        """
        event: AlertNews | BulletinNews = recorded.event
        if isinstance(event, AlertNews):
            others = [notice for notice in self._standing() if notice.alert != event.alert]
            post, urgency = alert_post(event, recorded.realm, self._names, others), Urgency.POST
        else:
            post, urgency = bulletin_post(event, recorded.realm), Urgency.REST
        thread = f"telegram/{recorded.realm}/{self._chat}/{post.thread}"
        first = self._memory.get(thread)
        message = await self._post_once(f"{thread}/{post.step}", post.text, first, urgency)
        said = f"message {message}"
        if first is None:
            self._memory.put(thread, message)
        elif post.over and first != message:
            said += f"; {await self._strike(first, post, urgency)}"
        if post.photos:
            said += f"; {await self._show(f'{thread}/{post.step}', post.photos, message)}"
        return said

    async def _post_once(self, key: str, text: str, reply_to: int | None, urgency: Urgency) -> int:
        # When only what comes after the post failed, the next try must not post again.
        if (message := self._memory.get(key)) is not None:
            return message
        reply = ReplyParameters(message_id=reply_to) if reply_to is not None else None
        sent = await self._api.call(
            SendMessage(chat_id=self._chat, text=text, reply_parameters=reply), self._chat, urgency
        )
        self._memory.put(key, sent.message_id)
        return sent.message_id

    async def _strike(self, first: int, post: Post, urgency: Urgency) -> str:
        """An edit notifies nobody, so it comes on top of the new post and never instead of it."""
        struck = f"<s>{post.over}</s>\n{post.text}"
        edit = EditMessageText(text=struck, chat_id=self._chat, message_id=first)
        try:
            await self._api.call(edit, self._chat, urgency)
        except Undeliverable as error:
            # The post that tells of the end is out. An administrator may have deleted the first one.
            return f"message {first} not edited: {error.message}"
        return f"message {first} edited"

    async def _show(self, key: str, photos: Sequence[Photo], message: int) -> str:
        """Post the photos in answer to the text, which has gone out by then and waits for no photo."""
        said = []
        for number, album in enumerate(albums(photos)):
            if self._memory.get(f"{key}/album/{number}") is None:
                said.append(await self._show_album(album, message))
                self._memory.put(f"{key}/album/{number}", message)
        return ", ".join(said) or "photos shown before"

    async def _show_album(self, photos: Sequence[Photo], message: int) -> str:
        media, missing = [], []
        for photo in photos:
            try:
                content = await self._outside.fetch(photo.url, photo.sha256)
            except (Unavailable, Undeliverable) as error:
                # Somebody else's server: a bulletin is not held up by one that is down.
                missing.append(f"{photo.url} left out: {error.message}")
                continue
            file = BufferedInputFile(content, photo.sha256[:16])
            media.append(InputMediaPhoto(media=file, caption=caption(photo)))
        reply = ReplyParameters(message_id=message)
        try:
            if len(media) == 1:
                only = SendPhoto(
                    chat_id=self._chat, photo=media[0].media, caption=media[0].caption, reply_parameters=reply
                )
                await self._api.call(only, self._chat, Urgency.REST)
            elif media:
                assert len(media) <= ALBUM  # noqa: S101 - albums() says so
                group = SendMediaGroup(chat_id=self._chat, media=list(media), reply_parameters=reply)
                await self._api.call(group, self._chat, Urgency.REST)
        except Undeliverable as error:
            missing.append(f"refused: {error.message}")
            media = []
        return "; ".join([f"{len(media)} photos", *missing])

    async def link_test(self) -> str:
        message = SendMessage(chat_id=self._chat, text="\n".join(LINK_TEST.values()))
        return f"message {(await self._api.call(message, self._chat, Urgency.REST)).message_id}"

    async def close(self) -> None:
        await self._api.close()
        await self._outside.close()

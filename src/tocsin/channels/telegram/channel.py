"""A Telegram channel: one post for each message of an alert and for each bulletin."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiogram.methods import EditMessageCaption, EditMessageText, SendMediaGroup, SendMessage, SendPhoto
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
from tocsin.domain.bulletins import MOST_PHOTOS, Photo
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
        photo: The content of a photo by its SHA-256, where it is kept here.
        web: Where the pages are reached from outside.
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
        *,
        photo: Callable[[str], bytes | None],
        web: str = "",
    ) -> None:
        self._api = api
        self._chat = chat
        self._names = names
        self._memory = memory
        self._ended = ended
        self._standing = standing
        self._outside = outside
        self._photo = photo
        self._web = web

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
            post, urgency = bulletin_post(event, recorded.realm, self._web), Urgency.REST
        chat = f"telegram/{recorded.realm}/{self._chat}"
        thread, answered = f"{chat}/{post.thread}", f"{chat}/{post.answers or post.thread}"
        first = self._memory.get(answered)
        message = await self._post_once(f"{thread}/{post.step}", post.text, first, urgency)
        said = f"message {message}"
        if self._memory.get(thread) is None:
            self._memory.put(thread, message)
        if post.over and first not in (None, message):
            said += f"; {await self._strike(first, post, urgency)}"
            said += await self._mark_photos(answered, post)
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
        struck = f"<s>{post.over}</s>\n{post.instead or post.text}"
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
            album_key = f"{key}/album/{number}"
            if self._memory.get(album_key) is None:
                said.append(await self._show_album(album_key, album, message))
                self._memory.put(album_key, message)
        return ", ".join(said) or "photos shown before"

    async def _content(self, photo: Photo) -> bytes:
        # Our own address may be one of our own network, which is not called.
        return self._photo(photo.sha256) or await self._outside.fetch(photo.url, photo.sha256)

    async def _show_album(self, key: str, photos: Sequence[Photo], message: int) -> str:
        media, missing = [], []
        for photo in photos:
            try:
                content = await self._content(photo)
            except (Unavailable, Undeliverable) as error:
                # Somebody else's server: a bulletin is not held up by one that is down.
                missing.append(f"{photo.url} left out: {error.message}")
                continue
            file = BufferedInputFile(content, photo.sha256[:16])
            media.append(InputMediaPhoto(media=file, caption=caption(photo)))
        reply, shown = ReplyParameters(message_id=message), []
        try:
            if len(media) == 1:
                only = SendPhoto(
                    chat_id=self._chat, photo=media[0].media, caption=media[0].caption, reply_parameters=reply
                )
                shown = [await self._api.call(only, self._chat, Urgency.REST)]
            elif media:
                assert len(media) <= ALBUM  # noqa: S101 - albums() says so
                group = SendMediaGroup(chat_id=self._chat, media=list(media), reply_parameters=reply)
                shown = await self._api.call(group, self._chat, Urgency.REST)
        except Undeliverable as error:
            missing.append(f"refused: {error.message}")
            media = []
        for index, each in enumerate(shown):
            self._memory.put(f"{key}/{index}", each.message_id)
        return "; ".join([f"{len(media)} photos", *missing])

    async def _mark_photos(self, thread: str, post: Post) -> str:
        """Say below every photo of a bulletin that no longer holds that it does not."""
        marked, refused = 0, 0
        for key in (f"{thread}/published/album/{number // ALBUM}/{number % ALBUM}" for number in range(MOST_PHOTOS)):
            if (photo := self._memory.get(key)) is None:
                continue
            edit = EditMessageCaption(chat_id=self._chat, message_id=photo, caption=f"<s>{post.over}</s>")
            try:
                await self._api.call(edit, self._chat, Urgency.REST)
                marked += 1
            except Undeliverable:
                refused += 1
        if not marked and not refused:
            return ""
        return f"; {marked} photos marked" + (f", {refused} not" if refused else "")

    async def link_test(self) -> str:
        message = SendMessage(chat_id=self._chat, text="\n".join(LINK_TEST.values()))
        return f"message {(await self._api.call(message, self._chat, Urgency.REST)).message_id}"

    async def close(self) -> None:
        await self._api.close()
        await self._outside.close()

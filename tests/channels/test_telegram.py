"""The Telegram channel against a Bot API server on this machine, which answers or fails as the real one does."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace
from tests.bot_api import CHAT, TOKEN, BotApi, Failure, hang_up, plain, refusal

from tocsin.bus.inprocess import InProcessBell
from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.channel import TelegramChannel
from tocsin.channels.telegram.turns import Limits
from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted, Content, Photo, Version
from tocsin.domain.casualties import Lang
from tocsin.domain.warning import (
    EVENTS,
    AlertCancelled,
    AlertCleared,
    AlertConfirmed,
    AlertExpired,
    AlertRaised,
    AlertUpdated,
    Notice,
    Phase,
    Threat,
    prepared,
)
from tocsin.flow.deliver import Delivery, Lane, Outcome
from tocsin.flow.outside import Outside
from tocsin.kernel.errors import Invalid, TocsinError, Unavailable, Undeliverable
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.receipts import MemoryReceipts, SqliteReceipts

NIGHT = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
KYIV = "UA80000000000093317"
NO_LIMITS = Limits(every=0, chat=0, minute=0)
NAMES = {KYIV: {"uk": "Київ", "en": "Kyiv"}}


def recorded(event: Event, position: int = 1, realm: str = "live") -> Recorded:
    actor, cause = Actor("officer-1", "duty_officer"), Cause(f"c-{position}", "alert.raise", "00")
    return Recorded(position, "alert/k-1", position, NIGHT, actor, realm, cause, event)


def raised(texts: dict[str, str] | None = None, phase: Phase = Phase.ALERT) -> AlertRaised:
    return AlertRaised(
        alert="k-1",
        revision=1,
        phase=phase,
        areas=(KYIV,),
        threat=Threat.MISSILE,
        texts=prepared(Threat.MISSILE, phase) | (texts or {}),
        expires=NIGHT + timedelta(hours=2),
        by="officer-1",
    )


UPDATED = AlertUpdated(
    alert="k-1",
    revision=2,
    phase=Phase.ALERT,
    areas=(KYIV,),
    threat=Threat.DRONE,
    texts=prepared(Threat.DRONE, Phase.ALERT),
    expires=NIGHT + timedelta(hours=3),
)
CLEARED = AlertCleared(alert="k-1", revision=3, areas=(KYIV,), texts=prepared(Threat.DRONE, Phase.ALL_CLEAR))
CANCELLED = AlertCancelled(
    alert="k-1", revision=3, areas=(KYIV,), reason="radar", texts=prepared(Threat.DRONE, Phase.CORRECTION)
)
EXPIRED = AlertExpired(alert="k-1", revision=3, areas=(KYIV,))


WITHDRAWN = BulletinRetracted(
    attack="a-1",
    number=2,
    reason="miscount",
    texts={"uk": "Зведення № 2 відкликано.", "en": "Bulletin No. 2 is withdrawn."},
)


def bulletin(more: str = "", photos: tuple[Photo, ...] = ()) -> BulletinPublished:
    titles = {"uk": "Зведення № 2", "en": "Bulletin No. 2"}
    content = Content(
        version=Version.UPDATE,
        cutoff=NIGHT,
        since=NIGHT,
        figures={},
        titles=titles,
        lead={"uk": "Загинули дев'ятеро людей.", "en": "Nine people were killed."},
        texts={lang: f"{title}\n- killed: 9 <confirmed>{more}\n" for lang, title in titles.items()},
        photos=photos,
    )
    return BulletinPublished(attack="a-1", number=2, content=content, prepared_by="p", approved_by="q")


def channel(
    api: BotApi,
    receipts: MemoryReceipts | SqliteReceipts,
    limits: Limits = NO_LIMITS,
    **changed: Any,  # noqa: ANN401
) -> TelegramChannel:
    def never(alert: str, revision: int) -> bool:
        return False

    given: dict[str, Any] = {
        "api": Api(TOKEN, api.url, limits),
        "chat": CHAT,
        "names": NAMES,
        "memory": receipts,
        "ended": never,
        "standing": list,
        "outside": Outside(5, private=True),
        "photo": lambda _sha256: None,
    }
    return TelegramChannel(**given | changed)


def talk(
    scene: Callable[[BotApi, TelegramChannel], Awaitable[None]],
    receipts: MemoryReceipts | SqliteReceipts | None = None,
    **changed: Any,  # noqa: ANN401
) -> None:
    """Play a scene between a fresh server and a channel, and close both."""

    async def play() -> None:
        async with BotApi() as api:
            telegram = channel(api, receipts or MemoryReceipts(), **changed)
            try:
                await scene(api, telegram)
            finally:
                await telegram.close()

    asyncio.run(play())


def test_an_alert_is_one_post_with_the_phase_the_place_and_what_to_do_in_both_languages() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        answer = await telegram.send(recorded(raised()))
        ((number, text),) = api.posts.items()
        assert answer == f"message {number}"
        assert text == (
            "🚨 <b>ТРИВОГА</b>\nКиїв\nРакетна небезпека. Негайно прямуйте в укриття.\n\n"
            "🚨 <b>ALERT</b>\nKyiv\nMissile attack. Go to shelter now."
        )

    talk(scene)


@pytest.mark.parametrize(
    ("event", "symbol", "words"),
    [
        (raised(phase=Phase.PRE_ALERT), "⚠️", ("ПОПЕРЕДЖЕННЯ", "EARLY WARNING")),
        (UPDATED, "🚨", ("ТРИВОГА, ОНОВЛЕНО", "ALERT, UPDATED")),
        (CLEARED, "✅", ("ВІДБІЙ ТРИВОГИ", "ALL CLEAR")),
        (CANCELLED, "↩️", ("ХИБНА ТРИВОГА", "FALSE ALARM")),
        (EXPIRED, "❔", ("СТРОК МИНУВ, ВІДБОЮ НЕ БУЛО: СТАН НЕВІДОМИЙ", "EXPIRED, NOT CLEARED: STATUS UNKNOWN")),
    ],
)
def test_every_phase_has_a_symbol_and_a_word_of_its_own(event: Event, symbol: str, words: tuple[str, str]) -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(event))
        (text,) = api.posts.values()
        assert [line for line in text.splitlines() if "<b>" in line] == [f"{symbol} <b>{word}</b>" for word in words]

    talk(scene)


@pytest.mark.parametrize("end", [CLEARED, CANCELLED])
def test_an_end_is_a_new_post_that_replies_to_the_first_and_marks_it_as_over(end: Event) -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        for position, event in enumerate((raised(), UPDATED, end), 1):
            await telegram.send(recorded(event, position))
        first, update, last = api.posts
        assert api.replies == {update: first, last: first}
        assert api.posts[first] == f"<s>Тривога / Alert</s>\n{api.posts[last]}"
        assert [method for method, _ in api.calls] == ["sendMessage", "sendMessage", "sendMessage", "editMessageText"]

    talk(scene)


def test_an_expired_alert_is_posted_and_its_first_post_is_not_marked_as_over() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised(), 1))
        await telegram.send(recorded(EXPIRED, 2))
        first, last = api.posts
        assert api.replies == {last: first}
        assert "<s>" not in api.posts[first]
        assert "was not cleared" in api.posts[last]

    talk(scene)


def test_an_all_clear_goes_out_even_if_its_alert_never_did() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(CLEARED))
        assert len(api.posts) == 1
        assert not api.replies
        assert len(api.calls) == 1

    talk(scene)


def test_an_all_clear_goes_out_even_if_somebody_deleted_the_alert() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised(), 1))
        api.posts.clear()
        answer = await telegram.send(recorded(CLEARED, 2))
        assert len(api.posts) == 1
        assert "message to edit not found" in answer

    talk(scene)


def test_the_end_of_one_alert_says_where_another_still_stands() -> None:
    other = Notice(
        alert="k-2",
        revision=1,
        position=2,
        sent=NIGHT,
        since=NIGHT,
        phase=Phase.ALERT,
        areas=(KYIV,),
        threat=Threat.DRONE,
        texts={},
        expires=NIGHT + timedelta(hours=1),
    )

    def standing() -> Sequence[Notice]:
        return [other]

    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised(), 1))
        await telegram.send(recorded(CLEARED, 3))
        last = max(api.posts)
        assert "триває" not in plain(api.posts[last]).partition("ВІДБІЙ")[0]
        assert "🚨 Тривога триває: Київ" in api.posts[last]
        assert "🚨 Alert still in force: Kyiv" in api.posts[last]

    talk(scene, standing=standing)


def test_every_post_of_the_exercise_realm_says_so_first() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        # Each of its own alert, so that none is edited afterwards.
        for event in (raised(), UPDATED, CLEARED, CANCELLED, EXPIRED):
            await telegram.send(recorded(replace(event, alert=type(event).__name__), realm="exercise"))
        for news in (bulletin(), WITHDRAWN):
            await telegram.send(recorded(replace(news, attack=type(news).__name__), realm="exercise"))
        assert len(api.posts) == 7
        assert all(text.startswith("<b>НАВЧАННЯ / EXERCISE</b>\n\n") for text in api.posts.values())

    talk(scene)


def test_an_edited_post_of_the_exercise_realm_still_says_so() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised(), 1, "exercise"))
        await telegram.send(recorded(CLEARED, 2, "exercise"))
        assert all("<b>НАВЧАННЯ / EXERCISE</b>" in text for text in api.posts.values())

    talk(scene)


def test_what_an_officer_writes_is_never_taken_for_html() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised({"en": 'Stay <b>away</b> & "down" <script>'})))
        (text,) = api.posts.values()
        assert 'Stay &lt;b&gt;away&lt;/b&gt; &amp; "down" &lt;script&gt;' in text
        assert 'Stay <b>away</b> & "down" <script>' in plain(text)

    talk(scene)


def test_the_longest_texts_and_a_hundred_areas_still_fit_into_one_post() -> None:
    areas = tuple(f"UA{code}" for code in range(100))
    names = {code: {"uk": "Голосіївський район", "en": "Holosiivskyi district"} for code in areas}
    event = AlertRaised(
        alert="k-1",
        revision=1,
        phase=Phase.ALERT,
        areas=areas,
        threat=Threat.MISSILE,
        texts={"uk": "🚨&" * 1000, "en": "<" * 2000},
        expires=NIGHT + timedelta(hours=2),
        by="officer-1",
    )

    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(event, realm="exercise"))
        (text,) = api.posts.values()
        assert len(plain(text).encode("utf-16-le")) // 2 <= 4096
        assert text.count("…") == 4

    talk(scene, names=names)


@pytest.mark.parametrize(
    ("failure", "error", "words"),
    [
        (lambda _: refusal(400, "Bad Request: chat not found"), Undeliverable, "chat not found"),
        (lambda _: refusal(403, "Forbidden: bot was kicked from the channel chat"), Undeliverable, "bot was kicked"),
        (lambda _: refusal(400, "group upgraded", migrate_to_chat_id=-1009), Undeliverable, "group upgraded"),
        (lambda _: refusal(401, "Unauthorized"), Unavailable, "Unauthorized"),
        (lambda _: refusal(500, "Internal Server Error"), Unavailable, "Internal Server Error"),
        (lambda _: refusal(502, "Bad Gateway, restart"), Unavailable, "restart"),
        (lambda _: web.Response(status=502, text="<html>Bad gateway</html>"), Unavailable, "Failed to decode"),
        (lambda _: web.Response(body=b"\xff\xfe\xfa login to the hotel"), Unavailable, "can't decode byte"),
        (hang_up, Unavailable, "ServerDisconnected"),
    ],
)
def test_each_failure_says_whether_to_try_again(failure: Failure, error: type[TocsinError], words: str) -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        api.failures = [failure]
        with pytest.raises(error, match=words) as caught:
            await telegram.send(recorded(raised()))
        assert TOKEN not in str(caught.value)
        await telegram.send(recorded(raised()))
        assert len(api.posts) == 1

    talk(scene)


def test_a_server_that_is_not_there_is_a_reason_to_try_again() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await api.__aexit__()
        with pytest.raises(Unavailable) as caught:
            await telegram.send(recorded(raised()))
        assert TOKEN not in str(caught.value)

    talk(scene)


def test_telegram_asking_to_wait_is_passed_on_with_the_seconds() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        api.failures = [lambda _: refusal(429, "Too Many Requests: retry after 17", retry_after=17)]
        with pytest.raises(Unavailable) as caught:
            await telegram.send(recorded(raised()))
        assert caught.value.retry_after == 17

    talk(scene)


def test_a_failed_edit_is_tried_again_without_posting_the_end_twice() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(raised(), 1))
        api.failures = [None, lambda _: refusal(429, "Too Many Requests", retry_after=1)]
        with pytest.raises(Unavailable):
            await telegram.send(recorded(CLEARED, 2))
        await telegram.send(recorded(CLEARED, 2))
        await telegram.send(recorded(CLEARED, 2))
        assert len(api.posts) == 2
        assert all("ALL CLEAR" in text for text in api.posts.values())

    talk(scene)


def test_a_restart_remembers_the_post_that_an_all_clear_answers(tmp_path: Path) -> None:
    async def play() -> None:
        async with BotApi() as api:
            for position, event in ((1, raised()), (1, raised()), (2, CLEARED)):
                receipts = SqliteReceipts(tmp_path / "receipts.db")
                telegram = channel(api, receipts)
                await telegram.send(recorded(event, position))
                await telegram.close()
                receipts.close()
            first, last = api.posts
            assert api.replies == {last: first}
            assert "ALL CLEAR" in api.posts[first]

    asyncio.run(play())


def test_alerts_go_in_the_alert_lane_and_a_confirmation_is_nobodys_news() -> None:
    async def scene(_: BotApi, telegram: TelegramChannel) -> None:
        for event in (raised(), UPDATED, CLEARED, CANCELLED, EXPIRED):
            assert telegram.lane(recorded(event)) is Lane.ALERT
        assert telegram.lane(recorded(AlertConfirmed(alert="k-1", revision=2, by="officer-2"))) is None

    talk(scene)


def test_an_alert_is_given_up_when_it_runs_out_and_its_end_never() -> None:
    async def scene(_: BotApi, telegram: TelegramChannel) -> None:
        assert telegram.deadline(recorded(raised())) == NIGHT + timedelta(hours=2)
        assert telegram.deadline(recorded(UPDATED)) == NIGHT + timedelta(hours=3)
        assert [telegram.deadline(recorded(event)) for event in (CLEARED, CANCELLED, EXPIRED)] == [None] * 3

    talk(scene)


def test_only_an_alert_is_superseded_by_its_end_and_never_the_end_itself() -> None:
    asked: list[tuple[str, int]] = []

    def ended(alert: str, revision: int) -> bool:
        asked.append((alert, revision))
        return True

    async def scene(_: BotApi, telegram: TelegramChannel) -> None:
        assert [telegram.superseded(recorded(event)) for event in (raised(), UPDATED)] == [True, True]
        assert not any(telegram.superseded(recorded(event)) for event in (CLEARED, CANCELLED, EXPIRED))
        assert asked == [("k-1", 1), ("k-1", 2)]

    talk(scene, ended=ended)


def test_a_token_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(Invalid, match=r"telegram\.token") as caught:
        Api("no-such-token")
    assert "no-such-token" not in str(caught.value)


def test_delivery_waits_out_an_outage_and_brings_the_alert_and_then_its_end() -> None:
    receipts = MemoryReceipts()

    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        journal = MemoryJournal(Events(EVENTS), realm="exercise")
        for step, event in enumerate((raised(), CLEARED)):
            cause = Cause(f"c-{step}", "alert.raise", "00")
            journal.append("alert/k-1", [event], expect=step, actor=Actor("o", "duty_officer"), cause=cause, time=NIGHT)
        api.failures = [hang_up, lambda _: refusal(429, "Too Many Requests", retry_after=1)]
        delivery = Delivery(
            journal, receipts, [telegram], lambda: NIGHT, InProcessBell(), lambda: journal.head().position
        )
        assert await delivery.drain(telegram, Lane.ALERT, 0) == 2
        assert len(api.posts) == 2

    talk(scene, receipts)
    outcomes = [attempt.outcome for attempt in reversed(receipts.latest(10))]
    assert outcomes == [Outcome.FAILED, Outcome.FAILED, Outcome.SENT, Outcome.SENT]


def test_a_bulletin_is_one_post_in_the_lane_that_alerts_do_not_wait_for() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        published = recorded(bulletin())
        assert telegram.lane(published) is Lane.INFO
        assert telegram.deadline(published) is None
        assert not telegram.superseded(published)
        await telegram.send(published)
        (text,) = api.posts.values()
        assert text == (
            "<b>Зведення № 2</b>\n- killed: 9 &lt;confirmed&gt;\n\n<b>Bulletin No. 2</b>\n- killed: 9 &lt;confirmed&gt;"
        )

    talk(scene)


def test_a_bulletin_too_long_for_a_post_gives_its_lead_whole_and_never_half_a_figure() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(bulletin("4" * 3000), realm="exercise"))
        (text,) = api.posts.values()
        assert text.endswith("<b>Bulletin No. 2</b>\nNine people were killed.")
        assert "4" not in text

    talk(scene)


def test_a_withdrawal_replies_to_its_bulletin_and_strikes_it_out() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        await telegram.send(recorded(bulletin(), 1))
        await telegram.send(recorded(WITHDRAWN, 2))
        first, last = api.posts
        assert api.replies == {last: first}
        assert api.posts[last] == "Зведення № 2 відкликано.\n\nBulletin No. 2 is withdrawn."
        assert api.posts[first] == f"<s>Зведення № 2 / Bulletin No. 2</s>\n{api.posts[last]}"

    talk(scene)


def test_bulletins_wait_when_a_minute_is_half_used_and_alerts_do_not() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel) -> None:
        for number in range(1, 11):
            await telegram.send(recorded(replace(bulletin(), number=number), number))
        late = asyncio.create_task(telegram.send(recorded(replace(bulletin(), number=11), 11)))
        async with asyncio.timeout(5):
            await telegram.send(recorded(raised(), 12))
        assert not late.done()
        late.cancel()
        await asyncio.gather(late, return_exceptions=True)
        assert len(api.posts) == 11

    talk(scene, limits=Limits(every=0, chat=0))


PICTURE = b"not a real picture, but the one that was approved"


def photo(url: str, content: bytes = PICTURE, words: str = "Рятувальники <ДСНС>") -> Photo:
    return Photo(url=url, sha256=hashlib.sha256(content).hexdigest(), alt={Lang.UK: words, Lang.EN: "Rescuers"})


def talk_with_photos(scene: Callable[[BotApi, TelegramChannel, str], Awaitable[None]]) -> None:
    async def picture(_: web.Request) -> web.Response:
        return web.Response(body=PICTURE)

    async def play(api: BotApi, telegram: TelegramChannel) -> None:
        app = web.Application()
        app.router.add_get("/picture", picture)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            await scene(api, telegram, f"http://127.0.0.1:{runner.addresses[0][1]}")
        finally:
            await runner.cleanup()

    talk(play)


@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (2, [2]), (10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_photos_answer_the_text_of_their_bulletin_in_albums_of_ten_at_most(count: int, sizes: list[int]) -> None:
    async def scene(api: BotApi, telegram: TelegramChannel, site: str) -> None:
        photos = tuple(photo(f"{site}/picture") for _ in range(count))
        await telegram.send(recorded(bulletin(photos=photos)))
        await telegram.send(recorded(bulletin(photos=photos)))
        (text,) = api.posts
        assert [len(album) for album in api.albums] == sizes
        assert set(api.replies.values()) == {text}
        assert api.albums[0][0] == "Рятувальники &lt;ДСНС&gt;\nRescuers"
        assert set(api.files) == {PICTURE}

    talk_with_photos(scene)


def test_a_photo_that_is_gone_or_another_is_left_out_and_the_receipt_says_so() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel, site: str) -> None:
        photos = photo(f"{site}/picture"), photo(f"{site}/picture", b"another"), photo(f"{site}/nothing")
        said = await telegram.send(recorded(bulletin(photos=photos)))
        assert len(api.posts) == 1
        assert [len(album) for album in api.albums] == [1]
        assert "its SHA-256 is another" in said
        assert "answered 404" in said

    talk_with_photos(scene)


def test_a_caption_fits_however_long_the_words_are() -> None:
    async def scene(api: BotApi, telegram: TelegramChannel, site: str) -> None:
        await telegram.send(recorded(bulletin(photos=(photo(f"{site}/picture", words="🚨&" * 500),) * 2)))
        assert len(api.albums) == 1

    talk_with_photos(scene)

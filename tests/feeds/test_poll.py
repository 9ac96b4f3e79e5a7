"""Foreign feeds against a server on this machine that answers as theirs do, well and badly."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from aiohttp import web
from tests.foreign import NIGHT, cap
from tests.views.test_foreign_view import Post

from tocsin.domain.foreign.receiving import FRESH
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.poll import Feed, Poller
from tocsin.flow.feeds import FeedStatus
from tocsin.flow.intake import Result, Taken
from tocsin.formats.cap_xml import MOST_BYTES
from tocsin.journal import Appended
from tocsin.kernel.errors import Invalid, TocsinError, Unavailable, Undeliverable
from tocsin.kernel.event import Actor, Command
from tocsin.storage.feeds import SqliteFeedLedger


class Service:
    """
    Another warning service.

    Attributes:
        files: Path to what is there: a document, or an answer to give.
        asked: Every request that came, as path and condition.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes | Callable[[], web.Response]] = {}
        self.asked: list[tuple[str, str]] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "Service":
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path, request.headers.get("If-None-Match", "")))
        found = self.files.get(request.path)
        if found is None:
            return web.Response(status=404)
        if callable(found):
            return found()
        tag = f'"{hash(found)}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=found, headers={"ETag": tag, "Last-Modified": "Wed, 23 Apr 2025 21:36:00 GMT"})

    def publish(self, *names: str, stamp: str = "1") -> None:
        entries = "".join(
            f'<entry><id>{name}</id><updated>{stamp}</updated><link type="application/cap+xml" href="{name}"/></entry>'
            for name in names
        )
        self.files["/feed"] = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class Scene:
    """One feed, polled into a journal of its own."""

    def __init__(
        self, service: Service, ledger: SqliteFeedLedger, hosts: Sequence[str] = (), period: float = 60
    ) -> None:
        self.service = service
        self.post = Post(NIGHT + timedelta(minutes=1))
        self.ledger = ledger
        self.feed = Feed("meteo", f"{service.url}/feed", period, hosts)
        self.poller = Poller([self.feed], self.do, ledger, lambda: self.post.now)
        self.broken = False

    def do(self, command: Command, actor: Actor) -> Appended:
        if self.broken:
            raise Unavailable("the disk is full")
        return self.post.do(command, actor)

    async def poll(self) -> list[Taken]:
        return await self.poller.poll(self.feed)

    @property
    def status(self) -> FeedStatus:
        return self.ledger.statuses(self.post.now)[0]


def scene(play: Callable[[Scene], Awaitable[None]], period: float = 60) -> None:
    async def run() -> None:
        ledger = SqliteFeedLedger(":memory:")
        async with Service() as service:
            await play(Scene(service, ledger, period=period))
        ledger.close()

    asyncio.run(run())


def test_what_a_feed_links_to_is_taken_once_and_nothing_is_fetched_again() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("a.xml", "b.xml")
        s.service.files |= {"/a.xml": cap("a"), "/b.xml": cap("b", minute=1)}
        assert [taken.result for taken in await s.poll()] == [Result.RECEIVED, Result.RECEIVED]
        assert await s.poll() == []
        assert s.service.paths == ["/feed", "/a.xml", "/b.xml", "/feed"]
        # The second look asked whether anything had changed.
        assert s.service.asked[3][1]
        assert s.post.active == ["a", "b"]
        assert (s.status.stale, s.status.error, s.status.succeeded) == (False, "", s.post.now)

    scene(play)


def test_a_new_entry_is_fetched_alone_and_a_changed_one_again() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("a.xml")
        s.service.files |= {"/a.xml": cap("a"), "/b.xml": cap("b")}
        await s.poll()
        s.service.publish("a.xml", "b.xml")
        await s.poll()
        s.service.publish("a.xml", stamp="2")
        assert [taken.result for taken in await s.poll()] == [Result.KNOWN]
        assert s.service.paths == ["/feed", "/a.xml", "/feed", "/b.xml", "/feed", "/a.xml"]

    scene(play)


def test_the_first_look_brings_no_news_and_the_next_one_does() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("a.xml")
        s.service.files |= {"/a.xml": cap("a"), "/b.xml": cap("b"), "/c.xml": cap("c", minute=30)}
        await s.poll()
        s.service.publish("b.xml")
        await s.poll()
        # After an outage of our own what is listed may be new to us, but it is no news.
        s.post.now += 2 * FRESH
        s.service.publish("c.xml")
        await s.poll()
        assert {each.message.key.identifier: each.fresh for each in s.post.view.active()} == {
            "a": False,
            "b": True,
            "c": False,
        }

    scene(play)


def test_what_cannot_be_had_just_now_is_asked_for_again_though_the_feed_has_not_changed() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("a.xml", "b.xml")
        s.service.files |= {"/a.xml": lambda: web.Response(status=502), "/b.xml": cap("b")}
        with pytest.raises(Unavailable, match="502"):
            await s.poll()
        assert s.post.active == ["b"]
        assert (s.status.stale, s.status.failures) == (True, 1)
        s.service.files["/a.xml"] = cap("a")
        await s.poll()
        assert s.post.active == ["a", "b"]
        assert (s.status.stale, s.status.failures, s.status.error) == (False, 0, "")

    scene(play)


def test_what_the_journal_did_not_keep_is_not_marked_as_seen() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("a.xml")
        s.service.files["/a.xml"] = cap("a")
        s.broken = True
        with pytest.raises(Unavailable, match="disk"):
            await s.poll()
        s.broken = False
        await s.poll()
        assert s.post.active == ["a"]

    scene(play)


def test_a_poisoned_entry_is_listed_with_the_reason_and_holds_nothing_up() -> None:
    async def play(s: Scene) -> None:
        s.service.publish("bad.xml", "gone.xml", "feed", "good.xml")
        s.service.files |= {"/bad.xml": b"<alert", "/good.xml": cap("good")}
        await s.poll()
        assert s.post.active == ["good"]
        reasons = [each.reason for each in s.post.view.rejected()]
        assert len(reasons) == 3
        assert any("404" in reason for reason in reasons)
        assert any("not well-formed" in reason for reason in reasons)
        assert any("leads to no alert" in reason for reason in reasons)
        before = s.post.journal.head()
        # What is late and not gone is taken when the feed changes.
        s.service.files["/gone.xml"] = cap("late", minute=1)
        s.service.publish("gone.xml", "bad.xml")
        await s.poll()
        assert s.post.active == ["good", "late"]
        assert s.post.journal.head().position == before.position + 1

    scene(play)


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1/a.xml", "http://127.0.0.1:1/a.xml", "file:///etc/passwd", "http://[::1]/a", "gopher://x/"],
)
def test_a_feed_leads_only_to_hosts_that_it_was_allowed(address: str) -> None:
    async def play(s: Scene) -> None:
        s.service.publish(address)
        await s.poll()
        assert "not on a host" in s.post.view.rejected()[0].reason
        assert s.service.paths == ["/feed"]

    scene(play)


def test_a_redirect_is_followed_on_the_same_host_and_nowhere_else() -> None:
    async def play(s: Scene) -> None:
        def to(address: str) -> Callable[[], web.Response]:
            return lambda: web.Response(status=302, headers={"Location": address})

        s.service.publish("here.xml", "away.xml", "round.xml")
        s.service.files |= {
            "/here.xml": to("/there.xml"),
            "/there.xml": cap("a"),
            "/away.xml": to("http://localhost:9/a.xml"),
            "/round.xml": to("/round.xml"),
        }
        await s.poll()
        assert s.post.active == ["a"]
        reasons = " ".join(each.reason for each in s.post.view.rejected())
        assert "not on a host" in reasons
        assert "redirected more than" in reasons

    scene(play)


def test_a_further_host_may_be_allowed_by_name() -> None:
    async def run() -> None:
        ledger = SqliteFeedLedger(":memory:")
        async with Service() as service, Service() as other:
            s = Scene(service, ledger, hosts=[other.url.removeprefix("http://")])
            service.publish(f"{other.url}/a.xml")
            other.files["/a.xml"] = cap("a")
            await s.poll()
            assert s.post.active == ["a"]
        ledger.close()

    asyncio.run(run())


def test_more_than_ten_megabytes_are_not_taken_however_small_they_were_packed() -> None:
    async def play(s: Scene) -> None:
        packed = gzip.compress(b" " * (MOST_BYTES + 1))
        s.service.publish("bomb.xml")
        s.service.files["/bomb.xml"] = lambda: web.Response(body=packed, headers={"Content-Encoding": "gzip"})
        await s.poll()
        assert "more than 10000000 bytes" in s.post.view.rejected()[0].reason

    scene(play)


@pytest.mark.parametrize("said", ["17", "Wed, 23 Apr 2025 21:37:17 GMT"])
def test_a_server_that_asks_for_patience_is_given_it(said: str) -> None:
    async def play(s: Scene) -> None:
        def busy() -> web.Response:
            return web.Response(status=429, headers={"Retry-After": said})

        s.service.files["/feed"] = busy
        with pytest.raises(Unavailable) as refused:
            await s.poll()
        assert refused.value.retry_after == 17
        s.service.publish(*(f"{number}.xml" for number in range(9)))
        s.service.files |= {f"/{number}.xml": busy for number in range(9)}
        with pytest.raises(Unavailable) as refused:
            await s.poll()
        # The first few were asked for at once; then nothing more.
        assert (refused.value.retry_after, len(s.service.paths)) == (17, 1 + 1 + 4)

    scene(play)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"<html/>", Invalid),
        (b"", Invalid),
        (lambda: web.Response(status=404), Undeliverable),
        (lambda: web.Response(status=500), Unavailable),
    ],
)
def test_a_feed_that_cannot_be_read_is_shown_as_stale_with_the_reason(
    answer: bytes | Callable[[], web.Response], error: type[TocsinError]
) -> None:
    async def play(s: Scene) -> None:
        s.service.files["/feed"] = answer
        with pytest.raises(error):
            await s.poll()
        assert s.status.stale
        assert s.status.error

    scene(play)


def test_a_source_that_was_not_heard_for_three_periods_is_stale() -> None:
    async def play(s: Scene) -> None:
        s.service.publish()
        await s.poll()
        assert not s.status.stale
        s.post.now += timedelta(seconds=181)
        assert s.status.stale

    scene(play)


def test_a_single_document_or_a_feed_with_alerts_inside_is_a_source_too() -> None:
    async def play(s: Scene) -> None:
        s.service.files["/feed"] = cap("a")
        await s.poll()
        inside = b"<rss><channel><item>" + cap("b") + b"</item></channel></rss>"
        s.service.files["/feed"] = inside
        await s.poll()
        assert s.post.active == ["a", "b"]

    scene(play)


def test_the_loop_goes_on_after_a_failure() -> None:
    async def play(s: Scene) -> None:
        s.service.files["/feed"] = b"<html/>"
        task = asyncio.create_task(s.poller.run())
        try:
            async with asyncio.timeout(10):
                while len(s.service.asked) < 3:
                    await asyncio.sleep(0.01)
                s.service.files["/feed"] = cap("a")
                while s.post.active != ["a"]:
                    await asyncio.sleep(0.01)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    scene(play, period=0.02)


def test_a_source_at_another_address_is_looked_at_from_the_beginning() -> None:
    ledger = SqliteFeedLedger(":memory:")
    ledger.register("meteo", "http://a/", 60)
    ledger.see("meteo", "http://a/1", "x")
    ledger.register("meteo", "http://a/", 60)
    assert ledger.seen("meteo")
    ledger.register("meteo", "http://b/", 60)
    assert not ledger.seen("meteo")
    ledger.close()


@pytest.mark.parametrize("url", ["ftp://a/", "http://", "a"])
def test_only_http_is_an_address_of_a_feed(url: str) -> None:
    with pytest.raises(Invalid, match="http"):
        Fetcher(url, (), lambda: NIGHT)

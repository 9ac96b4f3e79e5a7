"""
Web Push: wakes the browsers of those who asked for it (RFC 8030, 8291, 8292).

What is sent is the state of an area, so sending twice, late or in another order is harmless. Never the only way to
reach people: subscriptions die silently.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from time import monotonic, time
from typing import NamedTuple, TypeAlias
from urllib.parse import urlsplit

import httpx
from py_vapid import Vapid02
from pywebpush import WebPusher

import tocsin
from tocsin.domain.warning import AlertCancelled, AlertCleared, AlertExpired, AlertRaised, AlertUpdated
from tocsin.flow.channel import Ports
from tocsin.flow.deliver import DeviceResult, Lane, Outcome, alert_deadline, alert_superseded
from tocsin.flow.push import CHANNEL, Push, Subscription, device, is_allowed
from tocsin.formats.cap import OVER
from tocsin.formats.push_message import Told, narrowed, speaking, time_to_live, topic, write_push
from tocsin.kernel.errors import Unavailable
from tocsin.kernel.event import Recorded
from tocsin.kernel.time import retry_after, system_clock
from tocsin.views.board import RANK

AlertNews: TypeAlias = AlertRaised | AlertUpdated | AlertCleared | AlertCancelled | AlertExpired

PATIENCE = 10.0
"""Seconds for a push service to answer."""
BATCH = 500
"""Messages that are encrypted and sent together; then their results are kept."""
TICK = 1.0
"""Seconds between looks at what is still to be sent."""
PAUSES = (2.0, 5.0, 15.0, 60.0)
"""Seconds before the next try for one browser."""
LONGEST_PAUSE = 600.0
"""Seconds. A push service that asks for more is asked all the same: an alert may be waiting."""
TOKEN_LIFE = 6 * 3600
"""Seconds that a token of VAPID is used. It may be valid for a day (RFC 8292, section 2)."""
GONE = frozenset({404, 410})
BUSY = frozenset({408, 425, 429})


class Aim(NamedTuple):
    """One message for one browser."""

    subscription: Subscription
    told: Told

    @property
    def device(self) -> str:
        return device(self.subscription.id, self.told.area)


class Result(NamedTuple):
    outcome: Outcome
    detail: str
    wait: float | None = None
    gone: bool = False


class Rest(NamedTuple):
    """Until when a push service is left alone (monotonic), and how often it did not answer before."""

    failures: int = 0
    until: float = 0.0


class WebPushChannel:
    """
    Tells each subscriber of an area what is true of it: alerts of the area itself and of those around it, and, as
    holding for a part, those of the areas inside it.

    Use it in one event loop and close it there.

    Args:
        contact: Where a push service can reach us, `mailto:…` or `https://…` (RFC 8292, section 2.1).
        at_once: Messages that are on their way at the same time.
    """

    name = CHANNEL

    def __init__(self, push: Push, ports: Ports, contact: str, at_once: int) -> None:
        self._push = push
        self._ports = ports
        self._names = ports.names()
        self._contact = contact
        self._vapid = Vapid02.from_pem(push.pem)
        self._tokens: dict[str, tuple[float, str]] = {}
        self._room = asyncio.Semaphore(at_once)
        self._rests: dict[str, Rest] = {}
        # How often a device was tried, and when it is to be tried again (monotonic).
        self._tries: dict[str, tuple[int, float]] = {}
        self._client = httpx.AsyncClient(
            timeout=PATIENCE,
            trust_env=False,
            limits=httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once),
            headers={"User-Agent": f"Tocsin/{tocsin.__version__}"},
        )

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, AlertNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ports.ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Send to every subscriber that has not got it. Those whose service is busy are left to `run`, so that one of
        them does not hold up the all-clear for all others.

        Raises:
            Unavailable: If not one could be reached.
        """
        event: AlertNews = recorded.event
        aims = await asyncio.to_thread(self._aims, event.alert)
        done = {
            each.device
            for each in self._push.devices.devices(self.name, recorded.position)
            if each.outcome is not Outcome.FAILED
        }
        due = [aim for aim in aims if aim.device not in done]
        count = await self._send_all(due, recorded.position)
        if count[Outcome.FAILED] and count[Outcome.FAILED] == len(aims):
            raise Unavailable(f"none of {len(aims)} subscribers could be reached")
        return _said(count, len(aims) - len(due))

    def _aims(self, alert: str) -> list[Aim]:
        """Who is to be told what because of an alert: everybody in and around the areas that it is or was about."""
        with self._ports.looking():
            board = self._ports.views.board
            affected = board.affected(board.named(alert))
        wanted = self._push.subscriptions.of(affected)
        told = self._told({area for _, area in wanted}, alert)
        return [Aim(subscription, told[area]) for subscription, area in wanted]

    def _told(self, areas: Iterable[str], alert: str) -> dict[str, Told]:
        """What is true of each area. An alert speaks for it after its end only if no other one stands there."""
        tree = self._ports.city.areas
        with self._ports.looking() as position:
            board = self._ports.views.board
            standing, last = board.standing(), board.last(alert)
        told = {}
        for area in areas:
            around, inside = set(tree.chain(area)), set(tree.descendants(area))
            over = [
                (notice, around.isdisjoint(notice.areas))
                for notice in standing
                if not (around | inside).isdisjoint(notice.areas)
            ]
            chosen = speaking(over, RANK)
            if chosen is None and last is not None:
                chosen = (last, around.isdisjoint(last.areas)) if last.phase in OVER else (narrowed(last), False)
            if chosen is not None:
                notice, part = chosen
                places = tuple(each for each in notice.areas if part and each in inside)
                told[area] = Told(area, notice, part, places, position)
        return told

    async def _send_all(self, aims: Sequence[Aim], position: int) -> Counter[Outcome]:
        count: Counter[Outcome] = Counter()
        for at in range(0, len(aims), BATCH):
            batch = aims[at : at + BATCH]
            now = self._ports.clock()
            bodies = await asyncio.to_thread(self._encrypted, batch, now)
            results = await asyncio.gather(*(self._deliver(*each, now) for each in zip(batch, bodies, strict=True)))
            await asyncio.to_thread(self._keep, list(zip(batch, results, strict=True)), position)
            count.update(result.outcome for result in results)
        return count

    def _keep(self, sent: Sequence[tuple[Aim, Result]], position: int) -> None:
        """Receipts; then who is gone is forgotten, and who could not be reached is noted, to be told later."""
        self._push.devices.record_devices(
            self.name,
            position,
            system_clock(),
            [DeviceResult(aim.device, result.outcome, result.detail) for aim, result in sent],
        )
        waiting = {}
        for aim, result in sent:
            failed = result.outcome is Outcome.FAILED
            waiting[aim.subscription.id, aim.told.area] = aim.told.notice.alert if failed else None
            if failed:
                tries = self._tries.get(aim.device, (0, 0.0))[0] + 1
                pause = result.wait if result.wait is not None else PAUSES[min(tries, len(PAUSES)) - 1]
                self._tries[aim.device] = tries, monotonic() + min(pause, LONGEST_PAUSE)
            else:
                self._tries.pop(aim.device, None)
            if result.gone:
                # Only this one: the browser may have subscribed again while we were asking.
                self._push.subscriptions.remove(aim.subscription.id, aim.subscription.generation)
        self._push.subscriptions.wait(waiting)

    def _encrypted(self, aims: Iterable[Aim], now: datetime) -> list[bytes | None]:
        """The bodies; None where the browser's keys are none. Each body is encrypted for one browser alone."""
        texts: dict[tuple[str, str], bytes] = {}
        bodies: list[bytes | None] = []
        for subscription, told in aims:
            language, realm = subscription.language, self._ports.realm
            if (told.area, language) not in texts:
                text = write_push(told, self._names, realm, language, now, self._ports.web)
                texts[told.area, language] = text
            bodies.append(_encrypt(subscription, texts[told.area, language]))
        return bodies

    async def _deliver(self, aim: Aim, body: bytes | None, now: datetime) -> Result:
        endpoint = aim.subscription.endpoint
        ttl = time_to_live(aim.told.notice, now)
        if ttl <= 0:
            return Result(Outcome.EXPIRED, "it is too late to be told")
        if body is None or not is_allowed(endpoint, self._push.services):
            return Result(Outcome.UNDELIVERABLE, "the subscription cannot be used")
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(endpoint))
        async with self._room:
            if (rest := self._rests.get(origin, Rest()).until - monotonic()) > 0:
                return Result(Outcome.FAILED, "the push service asked to wait, or does not answer", rest)
            headers = self._headers(aim.told.area, ttl, origin)
            try:
                answer = await self._client.post(endpoint, content=body, headers=headers)
            except httpx.HTTPError as error:
                self._rest(origin)
                return Result(Outcome.FAILED, f"{type(error).__name__} {error}".strip())
        return self._answered(origin, answer)

    def _headers(self, area: str, ttl: int, origin: str) -> dict[str, str]:
        return {
            # Mandatory (RFC 8030, section 5.2), and 0 would drop it for everybody who is not connected just now.
            "TTL": str(ttl),
            "Urgency": "high",
            "Topic": topic(self._ports.realm, area),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "Authorization": self._token(origin),
        }

    def _rest(self, origin: str) -> None:
        """Leave a service alone that does not answer: it would cost each of its subscribers the whole patience."""
        failures = self._rests.get(origin, Rest()).failures + 1
        self._rests[origin] = Rest(failures, monotonic() + PAUSES[min(failures, len(PAUSES)) - 1])

    def _answered(self, origin: str, answer: httpx.Response) -> Result:
        status = answer.status_code
        self._rests.pop(origin, None)
        if 200 <= status < 300:
            return Result(Outcome.SENT, str(status))
        if status in GONE:
            return Result(Outcome.UNDELIVERABLE, f"{status}: gone, so the subscription was forgotten", gone=True)
        if status in BUSY or status >= 500:
            wait = retry_after(answer.headers.get("retry-after"), system_clock())
            if wait is not None:
                self._rests[origin] = Rest(0, monotonic() + min(wait, LONGEST_PAUSE))
            return Result(Outcome.FAILED, str(status), wait)
        return Result(Outcome.UNDELIVERABLE, f"{status}: {answer.text[:200]}")

    def _token(self, origin: str) -> str:
        made, token = self._tokens.get(origin, (0.0, ""))
        # By the clock of the wall, also in a replay: the push service looks at it.
        if time() - made > TOKEN_LIFE:
            made = time()
            claims = {"aud": origin, "sub": self._contact, "exp": int(made) + 2 * TOKEN_LIFE}
            token = str(self._vapid.sign(claims)["Authorization"])
            self._tokens[origin] = made, token
        return token

    async def run(self) -> None:
        """Send what could not be sent before, as it is true by then. Until cancelled."""
        while True:
            await self.retry()
            await asyncio.sleep(TICK)

    async def retry(self) -> None:
        """Send what is due of it. The receipt is that of the message that speaks now, which may be a later one."""
        for position, aims in (await asyncio.to_thread(self._due)).items():
            await self._send_all(aims, position)

    def _due(self) -> dict[int, list[Aim]]:
        waiting = self._push.subscriptions.waiting()
        due: dict[int, list[Aim]] = {}
        for alert in dict.fromkeys(each.alert for each in waiting):
            told = self._told({each.area for each in waiting if each.alert == alert}, alert)
            for each in waiting:
                if each.alert == alert and each.area in told:
                    aim = Aim(each.subscription, told[each.area])
                    if self._tries.get(aim.device, (0, 0.0))[1] <= monotonic():
                        due.setdefault(aim.told.notice.position, []).append(aim)
        return due

    async def link_test(self) -> str:
        """Ask the push services that are known by name whether they answer at all; nobody is written to."""
        services = [service for service in self._push.services if "*" not in service]
        answers = await asyncio.gather(*(self._client.get(service) for service in services), return_exceptions=True)
        reached = [
            f"{service} {'is silent' if isinstance(answer, BaseException) else 'answers'}"
            for service, answer in zip(services, answers, strict=True)
        ]
        if all(isinstance(answer, BaseException) for answer in answers):
            raise Unavailable("; ".join(reached))
        return "; ".join(reached)

    async def close(self) -> None:
        await self._client.aclose()


def _encrypt(subscription: Subscription, text: bytes) -> bytes | None:
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    try:
        encoded = WebPusher({"endpoint": subscription.endpoint, "keys": keys}).encode(text, "aes128gcm")
    except Exception:
        # Whatever a library makes of keys that a stranger sent: this browser cannot be told, all others can.
        return None
    return bytes(encoded["body"])


def _said(count: Counter[Outcome], before: int) -> str:
    words = [f"{number} {outcome}" for outcome, number in sorted(count.items())]
    return ", ".join([*words, *([f"{before} sent before"] if before else [])]) or "nobody has subscribed"

"""
Cell broadcast through a broadcast centre (CBC) that speaks the REST interface of osmo-cbc.

Assumed of it, from osmo-cbc's manual (ECBE REST interface), schema and source: `POST /api/ecbe/v1/message` begins a
broadcast, `DELETE /api/ecbe/v1/message/{message identifier}` ends the one of that identifier, 404 says there is none,
and one identifier carries one message at a time. The only scope is every cell that the centre serves, so the text
names the places.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, NamedTuple

import httpx
import msgspec

from tocsin.domain.warning import (
    ADVICE,
    EXERCISE,
    TITLES,
    AlertExpired,
    AlertNews,
    AlertRaised,
    AlertUpdated,
    Notice,
    Phase,
)
from tocsin.flow.channel import LINK_TEST, ChannelKind, Memory, Ports
from tocsin.flow.deliver import Lane, alert_deadline, alert_superseded, phase_of
from tocsin.formats.cell_broadcast import (
    EXERCISES,
    LEVELS,
    Message,
    Pair,
    SerialNumber,
    carriable,
    encode,
)
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Recorded
from tocsin.kernel.time import Clock, retry_after, system_clock

PATH = "/api/ecbe/v1/message"
PATIENCE = 20.0
"""Seconds for the centre to answer. It asks every base station controller before it does."""

LANGUAGES = ("uk", "en")
"""Ukrainian goes on the identifier of the local language, and first; English on the additional one."""
LEVEL_OF_PHASE = {Phase.PRE_ALERT: 2, Phase.ALERT: 1}

PERIOD = 16
"""Of repetition, in the units of the network: 1.883 s in GSM (3GPP TS 48.049), a second in LTE (TS 29.168)."""
MOST_BROADCASTS = 65535
AFTERWARDS = timedelta(minutes=30)
"""How long the end of an alert is broadcast, for phones that were off or without a signal."""

LONGEST = 600
"""Characters: fifteen pages of UCS-2 with the language. The 7-bit alphabet has room for more."""
LONGEST_PLACES = 120
LONGEST_OTHERS = 80

UPDATED = {"uk": "оновлено", "en": "updated"}
STILL = {
    Phase.ALERT: {"uk": "Тривога триває", "en": "Alert still in force"},
    Phase.PRE_ALERT: {"uk": "Попередження діє", "en": "Early warning still in force"},
}

REFUSALS = frozenset({400, 413, 422})
"""Answers that are about the message itself. Any other failure is one that time or an operator can mend."""
NOTHING = -1


class CellBroadcast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        url: Of a broadcast centre with the REST interface of osmo-cbc, such as http://127.0.0.1:12345.
    """

    url: str


class Slot(NamedTuple):
    """What a message goes out under: the EU-Alert level decides the identifiers, the serial number the rest."""

    level: int
    serial: SerialNumber

    def packed(self) -> int:
        return self.level << 16 | self.serial.number

    @classmethod
    def unpacked(cls, number: int) -> "Slot":
        return cls(number >> 16, SerialNumber.of(number & 0xFFFF))


class CellBroadcastChannel:
    """
    Broadcasts every message of an alert in each language. Use it in one event loop and close it there.

    Sending twice is harmless: the same event keeps its serial number over restarts, and a phone shows a message of a
    number it knows only once. Two channels with different memories must not share a centre: their message codes
    would collide, and phones pass over what they take for a repetition.

    Args:
        url: Of the centre, such as http://127.0.0.1:12345.
        names: Area code to its names by language.
        sent: Where serial numbers are kept.
        ended: Tells whether an alert is over by something later than a revision.
        standing: The newest message of each alert that stands.

    Raises:
        Invalid: If the address is not one.
    """

    name = "cell_broadcast"

    def __init__(
        self,
        url: str,
        names: Mapping[str, Mapping[str, str]],
        sent: Memory,
        ended: Callable[[str, int], bool],
        standing: Callable[[], Sequence[Notice]],
        clock: Clock = system_clock,
    ) -> None:
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise Invalid(str(error), "cell_broadcast.url") from None
        if address.scheme not in ("http", "https") or not address.host:
            raise Invalid("not an address of http or https", "cell_broadcast.url")
        # The centre is in the operator's own network: a proxy that is set for the internet must not come between.
        self._client = httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False)
        self._names = names
        self._sent = sent
        self._ended = ended
        self._standing = standing
        self._clock = clock

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.ALERT if isinstance(recorded.event, AlertNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return alert_deadline(recorded)

    def superseded(self, recorded: Recorded) -> bool:
        return alert_superseded(recorded, self._ended)

    async def send(self, recorded: Recorded) -> str:
        """
        Take what runs off the air and broadcast this, language by language.

        Raises:
            Unavailable: If the centre cannot be reached or asks to try again.
            Undeliverable: If it refuses the message in every language.
        """
        slot = self._slot(recorded)
        answers: list[str] = []
        refusals: list[str] = []
        for language in LANGUAGES:
            try:
                answers.append(await self._broadcast(recorded, slot, language))
            except Undeliverable as error:
                # One language that is refused must not silence the other.
                refusals.append(f"{language} refused: {error.message}")
        if not answers:
            raise Undeliverable("; ".join(refusals))
        return "; ".join([*answers, *refusals])

    def _slot(self, recorded: Recorded) -> Slot:
        """
        The event's own. It is kept before anything is sent, so that neither a restart nor an event given up half way
        can put two texts under one number.
        """
        event: AlertNews = recorded.event
        key = _key(recorded.realm, "event", event.revision, event.alert)
        if (packed := self._sent.get(key)) is not None:
            return Slot.unpacked(packed)
        newest, gist = _key(recorded.realm, "newest", event.alert), _key(recorded.realm, "gist", event.alert)
        packed = self._sent.get(newest)
        before = None if packed is None else Slot.unpacked(packed)
        if isinstance(event, AlertRaised | AlertUpdated):
            slot = self._alert_slot(recorded, before, same=self._sent.get(gist) == _gist(event))
            self._sent.put(newest, slot.packed())
            self._sent.put(_key(recorded.realm, "level", slot.level, event.alert), slot.serial.number)
            self._sent.put(gist, _gist(event))
        else:
            # Whoever heard the alert must hear its end, and phones can be set to leave out a level.
            level = LEVEL_OF_PHASE[Phase.ALERT] if before is None else before.level
            slot = Slot(level, self._new_serial(recorded))
            # An alert taken up again after it ran out must sound, even in the same words.
            self._sent.put(gist, NOTHING)
        self._sent.put(key, slot.packed())
        return slot

    def _alert_slot(self, recorded: Recorded, before: Slot | None, *, same: bool) -> Slot:
        level = LEVEL_OF_PHASE[recorded.event.phase]
        if before is None or before.level != level:
            return Slot(level, self._new_serial(recorded))
        if same:
            # Only its end was moved. A phone that has shown these words must not sound for them again.
            return before
        changed = before.serial.changed()
        # When the update numbers have run once round, a phone that still remembers the first would take the new text
        # for a repetition and never show it.
        return Slot(level, changed if changed.update else self._new_serial(recorded))

    def _new_serial(self, recorded: Recorded) -> SerialNumber:
        return self._serial(recorded.realm, recorded.time)

    def _serial(self, realm: str, now: datetime) -> SerialNumber:
        key = _key(realm, "code")
        last = self._sent.get(key)
        if last is None:
            # Not always from 0: after the memory was lost, phones still know the codes of the last day, and would
            # silently pass over an alert that bears one of them.
            serial = SerialNumber(int(now.timestamp() // 60) % 1024)
        else:
            serial = SerialNumber(last).following()
        self._sent.put(key, serial.code)
        return serial

    async def _broadcast(self, recorded: Recorded, slot: Slot, language: str) -> str:
        event: AlertNews = recorded.event
        number = _identifier(recorded.realm, slot.level, language)
        done = _key(recorded.realm, "done", event.revision, language, event.alert)
        said = f"{language} on {number}, code {slot.serial.code}, update {slot.serial.update}"
        if self._sent.get(done) is not None:
            return said
        others = [notice for notice in self._standing() if notice.alert != event.alert]
        text = self._text(event, recorded.realm, others, language, updated=slot.serial.update > 0)
        message = encode(text, number, slot.serial, language)
        await self._call("DELETE", f"{PATH}/{number}")
        self._sent.put(_key(recorded.realm, "air", number), slot.serial.number)
        await self._call("POST", PATH, _document(message, _broadcasts(event, recorded.time, others)))
        await self._leave_other_levels(recorded, slot, language)
        self._sent.put(done, 1)
        return said

    async def _leave_other_levels(self, recorded: Recorded, slot: Slot, language: str) -> None:
        """Take off the air what the alert said on another level, unless another alert speaks there by now."""
        for level in LEVEL_OF_PHASE.values():
            number = _identifier(recorded.realm, level, language)
            serial = self._sent.get(_key(recorded.realm, "level", level, recorded.event.alert))
            air = _key(recorded.realm, "air", number)
            if number == _identifier(recorded.realm, slot.level, language) or serial is None:
                continue
            if self._sent.get(air) == serial:
                await self._call("DELETE", f"{PATH}/{number}")
                self._sent.put(air, NOTHING)

    def _text(self, event: AlertNews, realm: str, others: Sequence[Notice], language: str, *, updated: bool) -> str:
        phase = phase_of(event)
        mark = f"{EXERCISE[language]}! " if realm != "live" else ""
        mark += TITLES[phase][language].upper() + (f", {UPDATED[language]}" if updated else "")
        head = f"{mark}: {self._places(event.areas, language, LONGEST_PLACES)}."
        tails = self._still(event, others, language)
        written = {} if isinstance(event, AlertExpired) else event.texts
        text = carriable(written.get(language, "")).strip() or ADVICE[phase][language]
        room = LONGEST - sum(len(part) + 1 for part in (head, *tails))
        return " ".join([head, _cut(text, room), *tails])

    def _still(self, event: AlertNews, others: Sequence[Notice], language: str) -> list[str]:
        """
        What else stands. An identifier carries one message at a time, so this one takes the place of the other
        alerts', and an end must never sound as if it ended them too.
        """
        said = set(event.areas) if isinstance(event, AlertRaised | AlertUpdated) else set()
        tails = []
        for phase, words in STILL.items():
            areas = dict.fromkeys(area for notice in others if notice.phase is phase for area in notice.areas)
            if left := [area for area in areas if area not in said]:
                tails.append(f"{words[language]}: {self._places(left, language, LONGEST_OTHERS)}.")
                said.update(left)
        return tails

    def _places(self, areas: Sequence[str], language: str, longest: int) -> str:
        named = ((code, self._names.get(code, {})) for code in areas)
        said = (names.get(language) or names.get("uk") or code for code, names in named)
        return _cut(carriable(", ".join(said)), longest)

    async def _call(self, method: str, path: str, document: dict[str, Any] | None = None) -> None:
        try:
            answer = await self._client.request(method, path, json=document)
        except httpx.HTTPError as error:
            raise Unavailable(f"the broadcast centre: {type(error).__name__} {error}".strip()) from error
        if answer.is_success or (method == "DELETE" and answer.status_code == httpx.codes.NOT_FOUND):
            return
        words = f"the broadcast centre answered {answer.status_code} to {method}: {answer.text[:200]}"
        if answer.status_code in REFUSALS:
            raise Undeliverable(words)
        raise Unavailable(words, retry_after=retry_after(answer.headers.get("Retry-After"), self._clock()))

    async def link_test(self) -> str:
        """Broadcast it once, on the identifiers for exercises, which phones show only where that is switched on."""
        answers = []
        for language in LANGUAGES:
            number = _identifier("exercise", 1, language)
            message = encode(LINK_TEST[language], number, self._serial("exercise", self._clock()), language)
            await self._call("DELETE", f"{PATH}/{number}")
            await self._call("POST", PATH, _document(message, 1))
            answers.append(f"{language} on {number}")
        return "; ".join(answers)

    async def close(self) -> None:
        await self._client.aclose()


def _key(realm: str, *parts: str | int) -> str:
    return "/".join(["cell_broadcast", realm, *map(str, parts)])


def _gist(event: AlertRaised | AlertUpdated) -> int:
    """A fingerprint of what a broadcast says of its own alert, in 56 bits."""
    said = (event.phase, event.areas, [event.texts.get(language, "") for language in LANGUAGES])
    return int.from_bytes(hashlib.sha256(repr(said).encode("utf-8", "replace")).digest()[:7], "big")


def _identifier(realm: str, level: int, language: str) -> int:
    # Only the live realm may ever reach the identifiers of real alerts.
    pair: Pair = LEVELS[level] if realm == "live" else EXERCISES
    return pair.local if language == LANGUAGES[0] else pair.additional


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _broadcasts(event: AlertNews, now: datetime, others: Sequence[Notice]) -> int:
    """
    How often: until every alert the message speaks of has run out. It is stopped before; this is for the night in
    which we cannot. Counted in the shorter unit of the period, so that no network falls silent too early.
    """
    until = event.expires if isinstance(event, AlertRaised | AlertUpdated) else now + AFTERWARDS
    seconds = (max([until, *(notice.expires for notice in others)]) - now).total_seconds()
    return min(max(ceil(seconds / PERIOD), 1), MOST_BROADCASTS)


def _document(message: Message, broadcasts: int) -> dict[str, Any]:
    """
    A `cbc_message`. The text goes as pages of our own: osmo-cbc itself cannot write a language into UCS-2.

    osmo-cbc's schema has the serial number and the payload as they are; its program looks for them under the name of
    their form. Both are given, and neither minds the other's.
    """
    serial = {
        "geo_scope": message.serial.scope.value,
        "msg_code": message.serial.code,
        "update_nr": message.serial.update,
    }
    payload = {"dcs": message.dcs, "pages": [content.octets.hex() for content in message.contents]}
    return {
        "cbe_name": "tocsin",
        "category": "high_priority",
        "repetition_period": PERIOD,
        "num_of_bcast": broadcasts,
        "scope": {"scope_plmn": {}},
        "smscb_message": {
            "message_id": message.message_identifier,
            "serial_nr": {**serial, "serial_nr_decoded": serial},
            "payload": {**payload, "payload_encoded": payload},
        },
    }


def build(settings: CellBroadcast, ports: Ports) -> list[CellBroadcastChannel]:
    return [CellBroadcastChannel(settings.url, ports.names(), ports.memory, ports.ended, ports.standing, ports.clock)]


CHANNEL = ChannelKind(CellBroadcast, build)

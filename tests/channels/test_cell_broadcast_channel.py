"""The cell broadcast channel against a broadcast centre on this machine and a phone in its cell."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from msgspec.structs import replace

from tocsin.bus.inprocess import InProcessBell
from tocsin.channels.cell_broadcast import CellBroadcastChannel
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
from tocsin.formats.cell_broadcast import Decoded, decode
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Actor, Cause, Event, Events, Recorded
from tocsin.storage.memory import MemoryJournal
from tocsin.storage.receipts import MemoryReceipts, SqliteReceipts

SCHEMA = Path(__file__).parents[2].parent / "shared" / "data" / "cellbroadcast" / "osmo-cbc_smscb.schema.json"
NIGHT = datetime(2025, 4, 23, 21, 36, tzinfo=UTC)
PODIL, OBOLON = "UA80000000000719633", "UA80000000000551439"
NAMES = {PODIL: {"uk": "Поділ", "en": "Podil"}, OBOLON: {"uk": "Оболонь", "en": "Obolon"}}
LIVE, EXERCISE = {4370, 4371, 4383, 4384}, {4381, 4394}

Document = dict[str, Any]
Failure = Callable[[web.Request], web.Response]


class Centre:
    """
    osmo-cbc's side: begins and ends broadcasts, one for each message identifier, and refuses what the real one refuses.

    Attributes:
        air: Message identifier to the document being broadcast.
        failures: What to answer instead, one for each call to come. None answers as usual.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.documents: list[Document] = []
        self.air: dict[int, Document] = {}
        self.failures: list[Failure | None] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "Centre":
        app = web.Application()
        app.router.add_post("/api/ecbe/v1/message", self._begin)
        app.router.add_delete("/api/ecbe/v1/message/{number}", self._end)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _begin(self, request: web.Request) -> web.Response:
        document = await request.json()
        number = document["smscb_message"]["message_id"]
        self.calls.append(("POST", number))
        if self.failures and (failure := self.failures.pop(0)) is not None:
            return failure(request)
        if (fault := refused(document)) is not None:
            return web.Response(status=400, text=fault)
        if number in self.air:
            return web.Response(status=409, text="Could not allocate")
        self.documents.append(document)
        self.air[number] = document
        return web.Response(text="OK")

    async def _end(self, request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        self.calls.append(("DELETE", number))
        if self.failures and (failure := self.failures.pop(0)) is not None:
            return failure(request)
        return web.Response(status=404) if self.air.pop(number, None) is None else web.Response(text="OK")


def refused(document: Document) -> str | None:
    """What osmo-cbc's program (rest_api.c) looks for: everything one level down, under the name of its form."""
    message = document["smscb_message"]
    serial = message["serial_nr"].get("serial_nr_decoded", {})
    payload = message["payload"].get("payload_encoded", {})
    hexed = payload.get("pages", [])
    checks = {
        "cbe_name": isinstance(document.get("cbe_name"), str),
        "category": document.get("category") in ("normal", "high_priority", "background"),
        "repetition_period": 1 <= document.get("repetition_period", 0) <= 4095,
        "num_of_bcast": 0 <= document.get("num_of_bcast", 0) <= 65535,
        "scope": document.get("scope") == {"scope_plmn": {}},
        "message_id": 0 <= message["message_id"] <= 65535,
        "geo_scope": serial.get("geo_scope") in ("cell_wide_immediate", "plmn_wide", "lac_sac_tac_wide", "cell_wide"),
        "msg_code": 0 <= serial.get("msg_code", -1) <= 1023,
        "update_nr": 0 <= serial.get("update_nr", -1) <= 15,
        "dcs": 0 <= payload.get("dcs", -1) <= 255,
        "pages": 1 <= len(hexed) <= 15 and all(len(bytes.fromhex(page)) == 82 for page in hexed),
    }
    return next((name for name, good in checks.items() if not good), None)


def on_air(document: Document) -> Decoded:
    """The document as a phone hears it, through the pages of GSM."""
    message = document["smscb_message"]
    serial, payload = message["serial_nr"], message["payload"]
    scope = ["cell_wide_immediate", "plmn_wide", "lac_sac_tac_wide", "cell_wide"].index(serial["geo_scope"])
    number = scope << 14 | serial["msg_code"] << 4 | serial["update_nr"]
    head = number.to_bytes(2, "big") + message["message_id"].to_bytes(2, "big") + bytes([payload["dcs"]])
    total = len(payload["pages"])
    return decode(
        [head + bytes([page << 4 | total]) + bytes.fromhex(text) for page, text in enumerate(payload["pages"], 1)]
    )


class Phone:
    """
    Shows what it has not shown yet; by the serial number alone it knows what it has.

    Attributes:
        shown: Everything it ever showed, oldest first.
    """

    def __init__(self) -> None:
        self.shown: list[Decoded] = []
        self._known: set[tuple[int, int]] = set()

    def listen(self, centre: Centre) -> list[Decoded]:
        """What is new on the air, the local language first."""
        heard = [on_air(document) for _, document in sorted(centre.air.items())]
        new = [each for each in heard if (each.message_identifier, each.serial_number) not in self._known]
        self._known |= {(each.message_identifier, each.serial_number) for each in new}
        self.shown += new
        return new


def recorded(event: Event, position: int = 1, realm: str = "live", time: datetime = NIGHT) -> Recorded:
    actor, cause = Actor("officer-1", "duty_officer"), Cause(f"c-{position}", "alert.raise", "00")
    return Recorded(position, "alert/k-1", position, time, actor, realm, cause, event)


RAISED = AlertRaised(
    alert="k-1",
    revision=1,
    phase=Phase.ALERT,
    areas=(PODIL,),
    threat=Threat.MISSILE,
    texts=prepared(Threat.MISSILE, Phase.ALERT),
    expires=NIGHT + timedelta(hours=2),
    by="officer-1",
)
PRE_ALERT = replace(RAISED, phase=Phase.PRE_ALERT, texts=prepared(Threat.MISSILE, Phase.PRE_ALERT))
UPDATED = AlertUpdated(
    alert="k-1",
    revision=2,
    phase=Phase.ALERT,
    areas=(PODIL,),
    threat=Threat.DRONE,
    texts=prepared(Threat.DRONE, Phase.ALERT),
    expires=NIGHT + timedelta(hours=3),
)
EXTENDED = replace(UPDATED, threat=Threat.MISSILE, texts=RAISED.texts)
CLEARED = AlertCleared(alert="k-1", revision=3, areas=(PODIL,), texts=prepared(Threat.DRONE, Phase.ALL_CLEAR))
CANCELLED = AlertCancelled(
    alert="k-1", revision=3, areas=(PODIL,), reason="radar", texts=prepared(Threat.DRONE, Phase.CORRECTION)
)
EXPIRED = AlertExpired(alert="k-1", revision=3, areas=(PODIL,))
OTHER = replace(RAISED, alert="k-2", areas=(OBOLON,), expires=NIGHT + timedelta(hours=6))


def notice(event: AlertRaised | AlertUpdated, phase: Phase | None = None) -> Notice:
    return Notice(
        alert=event.alert,
        revision=event.revision,
        position=1,
        sent=NIGHT,
        since=NIGHT,
        phase=phase or event.phase,
        areas=event.areas,
        threat=event.threat,
        texts=event.texts,
        expires=event.expires,
    )


def channel(url: str, sent: MemoryReceipts | SqliteReceipts, **changed: Any) -> CellBroadcastChannel:  # noqa: ANN401
    def never(alert: str, revision: int) -> bool:
        return False

    def none() -> list[Notice]:
        return []

    given: dict[str, Any] = {"names": NAMES, "ended": never, "standing": none}
    return CellBroadcastChannel(url, sent=sent, **given | changed)


def talk(
    scene: Callable[[Centre, CellBroadcastChannel], Awaitable[None]],
    sent: MemoryReceipts | SqliteReceipts | None = None,
    **changed: Any,  # noqa: ANN401
) -> None:
    """Play a scene between a fresh centre and a channel, and close both."""

    async def play() -> None:
        async with Centre() as centre:
            broadcasts = channel(centre.url, sent or MemoryReceipts(), **changed)
            try:
                await scene(centre, broadcasts)
            finally:
                await broadcasts.close()

    asyncio.run(play())


def refuse(status: int, text: str = "", **headers: str) -> Failure:
    return lambda _: web.Response(status=status, text=text, headers=headers)


def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def test_an_alert_is_one_message_in_each_language_with_what_where_and_what_to_do() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        answer = await broadcasts.send(recorded(RAISED))
        uk, en = Phone().listen(centre)
        assert (uk.message_identifier, uk.language, uk.dcs) == (4370, "uk", 0x11)
        assert (en.message_identifier, en.language, en.dcs) == (4383, "en", 0x01)
        assert uk.text == "ТРИВОГА: Поділ. Ракетна небезпека. Негайно прямуйте в укриття."
        assert en.text == "ALERT: Podil. Missile attack. Go to shelter now."
        assert uk.serial_number == en.serial_number
        assert answer == (f"uk on 4370, code {uk.message_code}, update 0; en on 4383, code {en.message_code}, update 0")

    talk(scene)


def test_an_early_warning_goes_out_a_level_lower() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(PRE_ALERT))
        assert sorted(centre.air) == [4371, 4384]
        assert Phone().listen(centre)[0].text.startswith("ПОПЕРЕДЖЕННЯ: Поділ.")

    talk(scene)


def test_a_changed_text_is_the_next_update_of_the_same_message_and_says_so() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(RAISED, 1))
        first, _ = phone.listen(centre)
        await broadcasts.send(recorded(UPDATED, 2))
        uk, en = phone.listen(centre)
        assert (uk.message_code, uk.update_number) == (first.message_code, 1)
        assert uk.text.startswith("ТРИВОГА, оновлено: Поділ. Загроза ударних дронів.")
        assert en.text.startswith("ALERT, updated: Podil.")

    talk(scene)


def test_an_alert_whose_end_was_only_moved_stays_the_same_message_and_wakes_nobody() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(RAISED, 1))
        phone.listen(centre)
        before = centre.air[4370]["num_of_bcast"]
        await broadcasts.send(recorded(EXTENDED, 2))
        assert phone.listen(centre) == []
        assert centre.air[4370]["num_of_bcast"] > before

    talk(scene)


@pytest.mark.parametrize(
    ("end", "uk", "en"),
    [
        (CLEARED, "ВІДБІЙ ТРИВОГИ: Поділ. Відбій тривоги.", "ALL CLEAR: Podil. All clear. The danger is over."),
        (CANCELLED, "ХИБНА ТРИВОГА: Поділ. Попереднє сповіщення помилкове.", "FALSE ALARM: Podil. The earlier"),
        (EXPIRED, "СТРОК МИНУВ, ВІДБОЮ НЕ БУЛО: СТАН НЕВІДОМИЙ: Поділ.", "EXPIRED, NOT CLEARED: STATUS UNKNOWN: Podil"),
    ],
)
def test_an_end_stops_the_alert_and_is_a_new_message_with_a_new_code(end: Event, uk: str, en: str) -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(RAISED, 1))
        (first, _) = phone.listen(centre)
        centre.calls.clear()
        await broadcasts.send(recorded(end, 2))
        assert centre.calls == [("DELETE", 4370), ("POST", 4370), ("DELETE", 4383), ("POST", 4383)]
        said = phone.listen(centre)
        assert [each.message_identifier for each in said] == [4370, 4383]
        assert said[0].text.startswith(uk)
        assert said[1].text.startswith(en)
        assert {(each.message_code, each.update_number) for each in said} == {(first.message_code + 1, 0)}

    talk(scene)


def test_the_end_of_an_early_warning_goes_to_those_who_heard_it() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(PRE_ALERT, 1))
        await broadcasts.send(recorded(CLEARED, 2))
        assert sorted(centre.air) == [4371, 4384]
        assert "ВІДБІЙ" in on_air(centre.air[4371]).text

    talk(scene)


def test_an_early_warning_that_becomes_an_alert_leaves_the_lower_level_once_it_is_out_on_the_higher() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(PRE_ALERT, 1))
        phone.listen(centre)
        centre.calls.clear()
        await broadcasts.send(recorded(UPDATED, 2))
        assert centre.calls[:3] == [("DELETE", 4370), ("POST", 4370), ("DELETE", 4371)]
        assert sorted(centre.air) == [4370, 4383]
        assert phone.listen(centre)[0].text.startswith("ТРИВОГА: Поділ.")

    talk(scene)


def test_leaving_a_level_does_not_take_another_alert_off_the_air() -> None:
    early = replace(OTHER, phase=Phase.PRE_ALERT)

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(PRE_ALERT, 1))
        await broadcasts.send(recorded(early, 2))
        await broadcasts.send(recorded(UPDATED, 3))
        assert sorted(centre.air) == [4370, 4371, 4383, 4384]
        assert "Оболонь" in on_air(centre.air[4371]).text

    talk(scene)


def test_an_end_says_which_alerts_go_on_and_is_broadcast_as_long_as_they_do() -> None:
    standing = [notice(OTHER)]

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(CLEARED))
        uk, en = Phone().listen(centre)
        assert uk.text.endswith("Відбій тривоги. Тривога триває: Оболонь.")
        assert en.text.endswith("The danger is over. Alert still in force: Obolon.")
        document = centre.air[4370]
        assert document["num_of_bcast"] * document["repetition_period"] >= timedelta(hours=6).total_seconds()

    talk(scene, standing=lambda: standing)


def test_a_new_alert_that_takes_the_place_of_another_names_it() -> None:
    standing = [notice(RAISED), notice(OTHER), notice(replace(OTHER, alert="k-3", areas=("kyiv",)), Phase.PRE_ALERT)]

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(RAISED, 1))
        await broadcasts.send(recorded(OTHER, 2))
        uk = on_air(centre.air[4370])
        assert uk.text.startswith("ТРИВОГА: Оболонь.")
        assert uk.text.endswith("Тривога триває: Поділ. Попередження діє: kyiv.")

    talk(scene, standing=lambda: standing)


def test_an_alert_that_ran_out_is_not_said_to_be_in_force() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(RAISED))
        assert "Оболонь" not in on_air(centre.air[4370]).text

    talk(scene, standing=lambda: [notice(OTHER, Phase.EXPIRED)])


def test_an_alert_taken_up_again_after_it_ran_out_sounds_even_in_the_same_words() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        for position, event in enumerate((RAISED, replace(EXPIRED, revision=2), replace(EXTENDED, revision=3)), 1):
            await broadcasts.send(recorded(event, position))
            assert len(phone.listen(centre)) == 2
        assert phone.shown[-2].text.startswith("ТРИВОГА, оновлено")

    talk(scene)


def test_every_one_of_forty_changes_of_an_alert_is_shown() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(RAISED))
        phone.listen(centre)
        for revision in range(2, 42):
            texts = {"uk": f"Ракета {revision}", "en": f"Missile {revision}"}
            await broadcasts.send(recorded(replace(UPDATED, revision=revision, texts=texts), revision))
            assert [each.text.partition(". ")[2] for each in phone.listen(centre)] == list(texts.values())

    talk(scene)


@pytest.mark.parametrize("realm", ["exercise", "anything else"])
def test_nothing_of_an_exercise_reaches_an_identifier_of_real_alerts(realm: str) -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        story = (PRE_ALERT, UPDATED, CLEARED, replace(CANCELLED, revision=4), replace(EXPIRED, revision=5))
        for position, event in enumerate(story, 1):
            await broadcasts.send(recorded(event, position, realm))
            uk, en = (on_air(centre.air[number]) for number in sorted(EXERCISE))
            assert uk.text.startswith("НАВЧАННЯ! ")
            assert en.text.startswith("EXERCISE! ")
        assert {number for _, number in centre.calls} == EXERCISE

    talk(scene)


def test_a_live_alert_never_says_exercise() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(RAISED))
        assert set(centre.air) <= LIVE
        assert not any("НАВЧ" in on_air(document).text for document in centre.air.values())

    talk(scene)


def test_codes_survive_a_restart_and_a_repeated_send_is_the_same_message(tmp_path: Path) -> None:
    async def play() -> None:
        async with Centre() as centre:
            phone = Phone()
            for event in (RAISED, RAISED, UPDATED, UPDATED, CLEARED, CLEARED):
                receipts = SqliteReceipts(tmp_path / "receipts.db")
                broadcasts = channel(centre.url, receipts)
                await broadcasts.send(recorded(event))
                await broadcasts.close()
                receipts.close()
                phone.listen(centre)
            assert [each.update_number for each in phone.shown[::2]] == [0, 1, 0]
            first, second, third = (each.message_code for each in phone.shown[::2])
            assert first == second
            assert third == first + 1

    asyncio.run(play())


def test_after_its_memory_was_lost_it_does_not_begin_with_a_code_it_used_before() -> None:
    codes: list[int] = []

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(RAISED, time=NIGHT + timedelta(minutes=len(codes) * 7)))
        codes.append(on_air(centre.air[4370]).message_code)

    talk(scene)
    talk(scene)
    assert codes[1] == codes[0] + 7


def test_a_language_that_is_out_is_not_taken_off_the_air_while_the_other_is_tried_again() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [None, None, None, refuse(503)]
        with pytest.raises(Unavailable):
            await broadcasts.send(recorded(RAISED))
        assert list(centre.air) == [4370]
        centre.calls.clear()
        await broadcasts.send(recorded(RAISED))
        assert centre.calls == [("DELETE", 4383), ("POST", 4383)]
        assert len({on_air(document).serial_number for document in centre.air.values()}) == 1

    talk(scene)


def test_an_update_that_was_given_up_half_way_leaves_no_number_with_two_texts() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        phone = Phone()
        await broadcasts.send(recorded(RAISED, 1))
        phone.listen(centre)
        centre.failures = [None, None, hang_up]
        with pytest.raises(Unavailable):
            await broadcasts.send(recorded(UPDATED, 2))
        phone.listen(centre)
        await broadcasts.send(recorded(replace(UPDATED, revision=3, texts=prepared(Threat.OTHER, Phase.ALERT)), 3))
        assert [each.text.split(". ")[1] for each in phone.listen(centre)] == ["Повітряна тривога", "Air raid alert"]

    talk(scene)


def test_one_language_that_is_refused_does_not_silence_the_other() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [None, refuse(400, "no UCS-2 here")]
        answer = await broadcasts.send(recorded(RAISED))
        assert list(centre.air) == [4383]
        assert "uk refused: the broadcast centre answered 400 to POST: no UCS-2 here" in answer

    talk(scene)


def test_a_message_that_is_refused_in_every_language_will_never_go_out() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [None, refuse(400, "no"), None, refuse(422, "nor this")]
        with pytest.raises(Undeliverable, match=r"uk refused: .*en refused: .*nor this"):
            await broadcasts.send(recorded(RAISED))

    talk(scene)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (refuse(500, "Illegal FSM event"), "500 to DELETE: Illegal FSM event"),
        (refuse(409, "Could not allocate"), "409"),
        (refuse(401, "who are you"), "401"),
        (refuse(302, ""), "302"),
        (hang_up, "RemoteProtocolError"),
    ],
)
def test_each_other_failure_is_tried_again(failure: Failure, words: str) -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [failure]
        with pytest.raises(Unavailable, match=words):
            await broadcasts.send(recorded(RAISED))
        await broadcasts.send(recorded(RAISED))
        assert len(centre.air) == 2

    talk(scene)


def test_a_centre_that_answers_404_to_a_broadcast_is_a_wrong_address_and_not_a_bad_message() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [None, refuse(404)]
        with pytest.raises(Unavailable, match="404 to POST"):
            await broadcasts.send(recorded(RAISED))

    talk(scene)


def test_a_centre_that_asks_to_wait_is_passed_on_with_the_seconds() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        centre.failures = [refuse(503, "busy", **{"Retry-After": "17"})]
        with pytest.raises(Unavailable) as caught:
            await broadcasts.send(recorded(RAISED))
        assert caught.value.retry_after == 17

    talk(scene)


def test_a_centre_that_is_not_there_is_a_reason_to_try_again() -> None:
    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await centre.__aexit__()
        with pytest.raises(Unavailable, match="ConnectError"):
            await broadcasts.send(recorded(RAISED))

    talk(scene)


def test_an_emoji_of_an_officer_does_not_keep_an_alert_from_going_out() -> None:
    event = replace(RAISED, texts={"uk": "Тікайте 🚨 негайно\0", "en": "🏃"})

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        await broadcasts.send(recorded(event))
        uk, en = Phone().listen(centre)
        assert uk.text == "ТРИВОГА: Поділ. Тікайте  негайно"
        assert en.text == "ALERT: Podil. Go to shelter now."

    talk(scene)


def test_the_longest_texts_and_a_hundred_areas_still_fit_and_what_goes_on_elsewhere_is_not_cut() -> None:
    areas = tuple(f"UA{number:017}" for number in range(100))
    event = replace(RAISED, areas=areas, texts={"uk": "Ї" * 2000, "en": "€" * 2000})
    others = [
        notice(replace(OTHER, areas=areas)),
        notice(replace(OTHER, alert="k-3", areas=(OBOLON,)), Phase.PRE_ALERT),
    ]

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        for position, news in enumerate((event, replace(CLEARED, areas=areas, texts=event.texts)), 1):
            await broadcasts.send(recorded(news, position, "exercise"))
            uk, en = (on_air(document) for _, document in sorted(centre.air.items()))
            assert len(uk.text) == len(en.text) == 600
            assert uk.text.endswith("… Попередження діє: Оболонь." if position == 1 else "Попередження діє: Оболонь.")

    talk(scene, standing=lambda: others)


def test_alerts_go_in_the_alert_lane_and_a_confirmation_is_nobodys_news() -> None:
    async def scene(_: Centre, broadcasts: CellBroadcastChannel) -> None:
        for event in (RAISED, UPDATED, CLEARED, CANCELLED, EXPIRED):
            assert broadcasts.lane(recorded(event)) is Lane.ALERT
        assert broadcasts.lane(recorded(AlertConfirmed(alert="k-1", revision=2, by="officer-2"))) is None

    talk(scene)


def test_an_alert_is_given_up_when_it_runs_out_and_its_end_never() -> None:
    async def scene(_: Centre, broadcasts: CellBroadcastChannel) -> None:
        assert [broadcasts.deadline(recorded(event)) for event in (RAISED, UPDATED)] == [
            RAISED.expires,
            UPDATED.expires,
        ]
        assert [broadcasts.deadline(recorded(event)) for event in (CLEARED, CANCELLED, EXPIRED)] == [None] * 3

    talk(scene)


def test_only_an_alert_is_superseded_by_its_end_and_never_the_end_itself() -> None:
    async def scene(_: Centre, broadcasts: CellBroadcastChannel) -> None:
        assert all(broadcasts.superseded(recorded(event)) for event in (RAISED, UPDATED))
        assert not any(broadcasts.superseded(recorded(event)) for event in (CLEARED, CANCELLED, EXPIRED))

    talk(scene, ended=lambda *_: True)


@pytest.mark.parametrize("url", ["", "cbc.example", "ftp://cbc.example", "http://", "http://[::1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match=r"cell_broadcast\.url"):
        channel(url, MemoryReceipts())


def drain(events: Sequence[Event], failures: list[Failure | None], **changed: Any) -> tuple[list[Outcome], list[str]]:  # noqa: ANN401
    """Deliver a whole story; the outcomes, and what a phone showed in Ukrainian."""
    receipts, phone = MemoryReceipts(), Phone()

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        journal = MemoryJournal(Events(EVENTS), realm="live")
        for step, event in enumerate(events):
            cause = Cause(f"c-{step}", "alert.raise", "00")
            journal.append("alert/k-1", [event], expect=step, actor=Actor("o", "duty_officer"), cause=cause, time=NIGHT)
        centre.failures = failures
        bell, head = InProcessBell(), journal.head().position
        delivery = Delivery(journal, receipts, [broadcasts], lambda: NIGHT, bell, lambda: head)
        assert await delivery.drain(broadcasts, Lane.ALERT, 0) == len(events)
        phone.listen(centre)

    talk(scene, receipts, **changed)
    outcomes = [attempt.outcome for attempt in reversed(receipts.latest(10))]
    return outcomes, [each.text for each in phone.shown if each.language == "uk"]


def test_delivery_waits_out_an_outage_and_brings_the_alert_and_then_its_end() -> None:
    outcomes, shown = drain((RAISED, CLEARED), [hang_up])
    assert outcomes == [Outcome.FAILED, Outcome.SENT, Outcome.SENT]
    assert shown == ["ВІДБІЙ ТРИВОГИ: Поділ. Відбій тривоги."]


def test_an_alert_that_ended_before_it_could_go_out_is_dropped_and_its_end_goes_out_all_the_same() -> None:
    outcomes, shown = drain((RAISED, CLEARED), [], ended=lambda *_: True)
    assert outcomes == [Outcome.SUPERSEDED, Outcome.SENT]
    assert shown == ["ВІДБІЙ ТРИВОГИ: Поділ. Відбій тривоги."]


def fits(value: Any, schema: Any, root: Any) -> bool:  # noqa: ANN401
    """Whether a value is of a schema: as much of JSON Schema draft 4 as osmo-cbc's uses."""
    if "$ref" in schema:
        return fits(value, root["definitions"][schema["$ref"].rpartition("/")[2]], root)
    if "oneOf" in schema and sum(fits(value, each, root) for each in schema["oneOf"]) != 1:
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return False
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return False
    if isinstance(value, list):
        return all(fits(each, schema.get("items", {}), root) for each in value)
    if isinstance(value, dict):
        parts = schema.get("properties", {})
        present = all(name in value for name in schema.get("required", ()))
        return present and all(fits(value[name], part, root) for name, part in parts.items() if name in value)
    return True


@pytest.mark.skipif(not SCHEMA.exists(), reason="osmo-cbc's schema lies outside the repository: no shared/data")
def test_every_document_fits_the_schema_that_osmo_cbc_publishes() -> None:
    schema = json.loads(SCHEMA.read_text())

    async def scene(centre: Centre, broadcasts: CellBroadcastChannel) -> None:
        for realm in ("live", "exercise"):
            for position, event in enumerate((PRE_ALERT, UPDATED, CLEARED), 1):
                await broadcasts.send(recorded(event, position, realm))
        assert len(centre.documents) == 12
        for document in centre.documents:
            message = document["smscb_message"]
            assert fits(message, schema["definitions"]["smscb_message"], schema)
            message["serial_nr"]["msg_code"] = 1024
            assert not fits(message, schema["definitions"]["smscb_message"], schema)

    talk(scene)

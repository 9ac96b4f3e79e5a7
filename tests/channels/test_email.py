"""The e-mail channel against a mail server on this machine."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.channels.test_webhook import certificates
from tests.smtp_server import SmtpServer
from tests.system.test_replay_equals_live import Time, night, system

from tocsin.channels.email import Email, EmailChannel, device
from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted, RetractBulletin
from tocsin.flow.deliver import Lane, Outcome
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Actor, Recorded
from tocsin.wiring import Running

ATTACK = "kyiv-2025-04-24"
DESK, AGENCY = "desk@paper.example", "news@agency.example"
Scene = Callable[[SmtpServer, EmailChannel, Running], Awaitable[None]]


def settings(port: int, **changed: Any) -> Email:  # noqa: ANN401 - fields of the settings
    fields: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "Київ <bulletins@kyiv.example>",
        "to": (DESK, AGENCY),
        "unsubscribe": "mailto:unsubscribe@kyiv.example",
    }
    return Email(**fields | changed)


def talk(scene: Scene, server: SmtpServer | None = None, **changed: Any) -> None:  # noqa: ANN401
    """The night until its first bulletin is out, then a scene with the channel."""

    async def play() -> None:
        clock = Time()
        running = system(clock)
        for step in night().steps:
            clock.now = step.at
            await asyncio.to_thread(running.system.do, step.command, step.actor, step.key)
            if running.system.views.bulletins.published():
                break
        try:
            async with server or SmtpServer() as smtp:
                await scene(smtp, EmailChannel(settings(smtp.port, **changed), running.ports()), running)
        finally:
            running.system.close()

    asyncio.run(play())


def event(running: Running, kind: type[BulletinPublished] | type[BulletinRetracted]) -> Recorded:
    return [each for each in running.system.journal.read() if isinstance(each.event, kind)][-1]


def outcomes(running: Running, position: int) -> dict[str, Outcome]:
    return {each.device: each.outcome for each in running.receipts.devices("email", position)}


def test_a_bulletin_goes_to_each_address_by_itself_in_both_languages() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        bulletin = event(running, BulletinPublished)
        assert channel.lane(bulletin) is Lane.INFO
        assert await channel.send(bulletin) == "2 mails"
        assert [to for to, _ in server.mails] == [DESK, AGENCY]
        _, mail = server.mails[0]
        assert mail["To"] == DESK
        assert mail["List-Unsubscribe"] == "<mailto:unsubscribe@kyiv.example>"
        assert mail["Subject"].startswith("НАВЧАННЯ / EXERCISE: ")
        for form in ("plain", "html"):
            part = mail.get_body((form,))
            assert part is not None
            assert "nine people were killed and 63 wounded" in part.get_content()
            assert "загинули дев&#x27;ятеро людей" in part.get_content().replace("'", "&#x27;")
        assert outcomes(running, bulletin.position) == {device(DESK): Outcome.SENT, device(AGENCY): Outcome.SENT}

    talk(scene)


def test_a_withdrawal_answers_its_bulletin_and_repeats_no_figure() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        bulletin = event(running, BulletinPublished)
        await channel.send(bulletin)
        reasons = RetractBulletin(attack=ATTACK, number=1, reason="a hoax")
        await running.system.do_soon(reasons, Actor("olena", "approver"))
        assert channel.superseded(bulletin)
        end = event(running, BulletinRetracted)
        assert not channel.superseded(end)
        await channel.send(end)
        (_, first), _, (_, mail), _ = server.mails
        assert mail["In-Reply-To"] == first["Message-ID"]
        plain = mail.get_body(("plain",))
        assert plain is not None
        assert "Do not rely on its figures. Reason: a hoax" in plain.get_content()
        assert "63" not in plain.get_content()

    talk(scene)


def test_an_address_that_is_refused_for_good_holds_nobody_up() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        server.refusals[DESK] = "550 no such mailbox"
        bulletin = event(running, BulletinPublished)
        assert await channel.send(bulletin) == "1 mails, 1 refused"
        assert outcomes(running, bulletin.position)[device(DESK)] is Outcome.UNDELIVERABLE

    talk(scene)


def test_a_bulletin_that_every_address_refuses_is_passed_over() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        server.refusals |= {DESK: "550 no", AGENCY: "553 no"}
        with pytest.raises(Undeliverable, match="every address was refused: 550 no"):
            await channel.send(event(running, BulletinPublished))

    talk(scene)


def test_whom_a_mail_has_reached_is_not_written_to_again() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        server.refusals[AGENCY] = "451 come back later"
        bulletin = event(running, BulletinPublished)
        with pytest.raises(Unavailable, match="1 of 2 to be tried again: 451"):
            await channel.send(bulletin)
        del server.refusals[AGENCY]
        assert await channel.send(bulletin) == "2 mails"
        assert [to for to, _ in server.mails] == [DESK, AGENCY]

    talk(scene)


def test_a_line_that_breaks_loses_nobody_and_writes_to_nobody_twice() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        server.drop_after = 1
        bulletin = event(running, BulletinPublished)
        with pytest.raises(Unavailable):
            await channel.send(bulletin)
        server.drop_after = None
        assert await channel.send(bulletin) == "2 mails"
        assert sorted(to for to, _ in server.mails) == [DESK, AGENCY]

    talk(scene)


def test_an_address_that_only_ever_asks_to_wait_is_given_up_after_a_day() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        server.refusals[AGENCY] = "451 come back later"
        bulletin = event(running, BulletinPublished)
        with pytest.raises(Unavailable):
            await channel.send(bulletin)
        clock = running.system.clock
        assert isinstance(clock, Time)
        clock.now += timedelta(days=1, minutes=1)
        assert await channel.send(bulletin) == "1 mails, 1 refused"

    talk(scene)


def test_a_server_that_is_not_there_is_a_reason_to_try_again() -> None:
    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        lost = EmailChannel(settings(1), running.ports())
        with pytest.raises(Unavailable, match=r"127\.0\.0\.1"):
            await lost.send(event(running, BulletinPublished))

    talk(scene)


def test_by_default_nothing_is_said_before_the_line_is_encrypted(tmp_path: Path) -> None:
    ca, tls = certificates(tmp_path, "localhost")
    safe = {"host": "localhost", "security": "starttls", "username": "tocsin", "password": "secret"}

    async def scene(server: SmtpServer, channel: EmailChannel, running: Running) -> None:
        assert await channel.link_test() == "localhost answered 250 fine"
        assert server.mails == []
        assert await channel.send(event(running, BulletinPublished)) == "2 mails"
        stranger = EmailChannel(settings(server.port, **safe), running.ports())
        with pytest.raises(Unavailable, match="certificate"):
            await stranger.send(event(running, BulletinPublished))
        wrong = EmailChannel(settings(server.port, ca=str(ca), **safe | {"password": "guess"}), running.ports())
        with pytest.raises(Unavailable, match="535"):
            await wrong.link_test()

    talk(scene, SmtpServer(tls, "secret"), ca=str(ca), **safe)


def test_settings_that_make_no_sense_are_refused_naming_the_field() -> None:
    running = system(Time())
    for fields, where in (({"sender": "nobody"}, "sender"), ({"ca": "/nowhere.pem"}, "ca")):
        with pytest.raises(Invalid) as caught:
            EmailChannel(settings(25, **fields), running.ports())
        assert caught.value.where == f"channels.email.{where}"
    running.system.close()

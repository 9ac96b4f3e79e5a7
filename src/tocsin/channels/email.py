"""
E-mail for newsrooms: each bulletin, its corrections and its withdrawal, to each address by itself (SMTP, RFC 5321).

Only bulletins: a mail comes too late for an alert.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from hashlib import sha256
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from tocsin.domain.bulletins import BulletinPublished, BulletinRetracted, Published
from tocsin.flow.channel import ChannelKind, Ports
from tocsin.flow.deliver import DeviceResult, Lane, Outcome
from tocsin.formats.bulletin.mail import ORDER, Envelope, write_mail
from tocsin.formats.bulletin.sheet import sheet
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.event import Recorded

BulletinNews: TypeAlias = BulletinPublished | BulletinRetracted
Address = Annotated[str, Meta(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$", max_length=254)]

PATIENCE = 20.0
"""Seconds for the server to answer."""
AGAIN = 300.0
"""Seconds before an address whose server asked to wait is tried again: shorter, and greylisting begins anew."""
GIVEN_UP = timedelta(days=1)
"""After this an address that was asked to wait for all the time is passed over, so that it holds up nobody."""
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class Email(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        host: Of the server that takes the mail.
        sender: From whom it is: an address, or `Name <address>`.
        to: Who gets it. None sees the others.
        unsubscribe: Where somebody asks to get no more: `mailto:` or `https:`.
        security: `starttls`, `tls` from the first byte, or `none` for a server on this machine.
        port: Left out, the one that goes with the security.
        ca: PEM file with the certificates to believe, for a server that has its own authority.
    """

    host: str
    sender: str
    to: Annotated[tuple[Address, ...], Meta(min_length=1)]
    unsubscribe: Annotated[str, Meta(pattern=r"^(mailto|https):[^\s<>,]+$")]
    security: Literal["starttls", "tls", "none"] = "starttls"
    port: Annotated[int, Meta(ge=1, le=65535)] | None = None
    username: str = ""
    password: str = ""
    ca: str | None = None


class EmailChannel:
    """
    Sending twice is harmless: a message has the same id every time, and whom it has reached is not written to again.

    Raises:
        Invalid: If the sender is no address, or the certificates cannot be read.
    """

    name = "email"

    def __init__(self, settings: Email, ports: Ports) -> None:
        self._settings = settings
        self._ports = ports
        self._address = parseaddr(settings.sender)[1]
        if "@" not in self._address:
            raise Invalid("not an address, nor `Name <address>`", "channels.email.sender")
        try:
            self._trust = ssl.create_default_context(cafile=settings.ca)
        except OSError as error:
            raise Invalid(f"{settings.ca}: {error}", "channels.email.ca") from None

    def lane(self, recorded: Recorded) -> Lane | None:
        return Lane.INFO if isinstance(recorded.event, BulletinNews) else None

    def deadline(self, recorded: Recorded) -> datetime | None:
        return None

    def superseded(self, recorded: Recorded) -> bool:
        """What no longer holds need not go out any more; that it does not hold always does."""
        if not isinstance(recorded.event, BulletinPublished):
            return False
        bulletin = self._published(recorded.event)
        return bulletin.withdrawn is not None or bulletin.corrected_by is not None

    async def send(self, recorded: Recorded) -> str:
        """
        Raises:
            Unavailable: If the server cannot be reached or does not take the password, or asks to wait for an address.
            Undeliverable: If every address was refused.
        """
        position = recorded.position
        final = {Outcome.SENT, Outcome.UNDELIVERABLE}
        known = {receipt.device: receipt for receipt in self._ports.devices.devices(self.name, position)}
        left = [to for to in self._settings.to if (had := known.get(device(to))) is None or had.outcome not in final]
        results: list[DeviceResult] = []
        given_up = self._ports.clock() - recorded.time > GIVEN_UP
        try:
            await asyncio.to_thread(self._deliver, self._message(recorded), left, results, given_up)
        finally:
            # Whoever was reached before the line broke must not be written to again.
            self._ports.devices.record_devices(self.name, position, self._ports.clock(), results)
        return self._account(position)

    def _account(self, position: int) -> str:
        receipts = self._ports.devices.devices(self.name, position)
        waiting = [each for each in receipts if each.outcome is Outcome.FAILED]
        if waiting:
            said = f"{len(waiting)} of {len(receipts)} to be tried again: {waiting[0].detail}"
            raise Unavailable(said, retry_after=AGAIN)
        refused = [each for each in receipts if each.outcome is Outcome.UNDELIVERABLE]
        if len(refused) == len(receipts):
            raise Undeliverable(f"every address was refused: {refused[0].detail}")
        return f"{len(receipts) - len(refused)} mails" + (f", {len(refused)} refused" if refused else "")

    def _published(self, event: BulletinNews) -> Published:
        with self._ports.looking():
            return self._ports.views.bulletins.one(event.attack, event.number)

    def _message(self, recorded: Recorded) -> EmailMessage:
        event: BulletinNews = recorded.event
        ports, bulletin = self._ports, self._published(event)
        if isinstance(event, BulletinRetracted):
            answers: int | None = event.number
        else:
            # What it says is what was published then, whatever has become of it since.
            bulletin = msgspec.structs.replace(bulletin, withdrawn=None, corrected=None, corrected_by=None)
            answers = event.content.corrects or (event.number - 1 or None)
        envelope = Envelope(
            sender=self._settings.sender,
            domain=self._address.partition("@")[2],
            unsubscribe=self._settings.unsubscribe,
            realm=recorded.realm,
            base_url=ports.web,
            sent=recorded.time,
            answers=answers,
        )
        sheets = [sheet(bulletin, lang, newest=0, realm=recorded.realm, base_url=ports.web) for lang in ORDER]
        return write_mail(sheets, envelope)

    def _deliver(self, message: EmailMessage, left: Sequence[str], results: list[DeviceResult], given_up: bool) -> None:
        with self._connected() as server:
            for to in left:
                del message["To"]
                message["To"] = to
                outcome, detail = self._hand_over(server, message, to)
                if outcome is Outcome.FAILED and given_up:
                    outcome = Outcome.UNDELIVERABLE
                results.append(DeviceResult(device(to), outcome, detail))

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, to: str) -> tuple[Outcome, str]:
        try:
            server.send_message(message, self._address, [to])
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(*error.recipients[to])
        except smtplib.SMTPDataError as error:
            return _refused(error.smtp_code, error.smtp_error)
        return Outcome.SENT, ""

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        port = settings.port or PORTS[settings.security]
        try:
            if settings.security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, port, timeout=PATIENCE, context=self._trust)
            else:
                server = smtplib.SMTP(settings.host, port, timeout=PATIENCE)
            with server:
                if settings.security == "starttls":
                    server.starttls(context=self._trust)
                if settings.username:
                    server.login(settings.username, settings.password)
                yield server
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"{settings.host}: {type(error).__name__} {error}") from error

    async def link_test(self) -> str:
        """As far as one gets without writing to anybody: connected, encrypted, let in."""

        def reach() -> str:
            with self._connected() as server:
                code, words = server.noop()
                return f"{self._settings.host} answered {code} {words.decode('utf-8', 'replace')}"

        return await asyncio.to_thread(reach)


def device(address: str) -> str:
    """What receipts call an address: it says nothing of whose it is."""
    return sha256(address.lower().encode()).hexdigest()[:16]


def _refused(code: int, words: bytes | str) -> tuple[Outcome, str]:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    # 4yz asks to try again, 5yz never to (RFC 5321, section 4.2.1).
    return (Outcome.FAILED if code < 500 else Outcome.UNDELIVERABLE), f"{code} {said}"[:200]


def build(settings: Email, ports: Ports) -> list[EmailChannel]:
    return [EmailChannel(settings, ports)]


CHANNEL = ChannelKind(Email, build)

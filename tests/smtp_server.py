"""A mail server on this machine (RFC 5321), with STARTTLS and a password, which refuses what it is told to."""

import asyncio
import ssl
from base64 import b64decode
from email import message_from_bytes, policy
from email.message import EmailMessage


class SmtpServer:
    """
    Attributes:
        mails: Whom each was for, and what it was.
        refusals: Address to the answer it gets instead of 250, such as `550 no such mailbox`.
        drop_after: Hang up after that many mails.
        sessions: How many connections there were.
    """

    def __init__(self, tls: ssl.SSLContext | None = None, password: str = "") -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refusals: dict[str, str] = {}
        self.drop_after: int | None = None
        self.sessions = 0
        self.port = 0
        self._tls = tls
        self._password = password
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "SmtpServer":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        session = Session(self, secure=self._tls is None, known=not self._password)
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            writer.write(session.answer(line).encode())
            await writer.drain()
            if line == "STARTTLS" and self._tls is not None:
                await writer.start_tls(self._tls)
                session.secure = True
            if line.upper() == "DATA":
                content = (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")
                self.mails.append((session.to, message_from_bytes(content, policy=policy.default)))
                writer.write(b"250 taken\r\n")
            if line.upper() == "QUIT" or (self.drop_after is not None and len(self.mails) >= self.drop_after):
                break
        writer.close()

    def lets_in(self, password: str) -> bool:
        return password == self._password


class Session:
    """One connection: what was said so far."""

    def __init__(self, server: SmtpServer, *, secure: bool, known: bool) -> None:
        self.to = ""
        self.secure = secure
        self._server = server
        self._known = known

    def answer(self, line: str) -> str:
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO":
                offers = ("8BITMIME" if self.secure else "STARTTLS", "AUTH PLAIN")
                return "250-here\r\n" + "".join(f"250-{offer}\r\n" for offer in offers) + "250 SIZE\r\n"
            case "STARTTLS":
                return "220 go on\r\n"
            case "AUTH":
                self._known = self._server.lets_in(b64decode(rest.split()[1]).split(b"\0")[2].decode())
                return "235 welcome\r\n" if self._known else "535 wrong password\r\n"
            case "MAIL":
                return "250 go on\r\n" if self.secure and self._known else "530 not like this\r\n"
            case "RCPT":
                self.to = rest.partition("<")[2].partition(">")[0]
                return self._server.refusals.get(self.to, "250 go on") + "\r\n"
            case _:
                return {"DATA": "354 go on\r\n", "QUIT": "221 farewell\r\n"}.get(verb.upper(), "250 fine\r\n")

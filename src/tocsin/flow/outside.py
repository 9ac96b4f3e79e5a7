"""
Calls to addresses that somebody has given us: webhooks, photos. They must not become calls into our own network.

The address is looked up once and the connection made to what was found and checked, so that a name that changes its
mind in between (DNS rebinding) leads nowhere else. Redirects are not followed.
"""

import asyncio
import hashlib
import socket
import ssl
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import httpx

from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable

Address: TypeAlias = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
LARGEST = 10_000_000
"""Bytes of an answer. Telegram takes photos of 10 MB."""


def require_address(url: str, where: str, *, private: bool = False) -> httpx.URL:
    """
    Args:
        private: Also take an address of our own network, and one without TLS.

    Raises:
        Invalid: If it is not an address that may be called, as far as can be said without looking it up.
    """
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise Invalid(str(error), where) from None
    schemes = ("https", "http") if private else ("https",)
    if address.scheme not in schemes or not address.host:
        raise Invalid(f"not an address of {' or '.join(schemes)}", where)
    try:
        numeric = ip_address(address.host)
    except ValueError:
        return address
    if not private and not is_public(numeric):
        raise Invalid(f"{address.host} is not a public address", where)
    return address


def is_public(address: Address) -> bool:
    """True if an address is one of the internet, also where an IPv4 address is wrapped in an IPv6 one."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


class Outside:
    """
    Use it in one event loop and close it there.

    Args:
        patience: Seconds for the other side to answer.
        private: Whether addresses of our own network, and such without TLS, may be called too.
        trust: Whose certificates are believed. Left out, those that everybody believes.
    """

    def __init__(self, patience: float, *, private: bool = False, trust: ssl.SSLContext | None = None) -> None:
        self._private = private
        self._patience = patience
        # A proxy would look the name up itself, and find what we have not checked.
        self._client = httpx.AsyncClient(
            timeout=patience,
            trust_env=False,
            verify=trust or True,
            # Connections are known by number: one kept open for one name would serve another at the same number.
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    async def call(
        self, method: str, url: httpx.URL, *, content: bytes = b"", headers: Mapping[str, str] = {}
    ) -> httpx.Response:
        """
        Raises:
            Unavailable: If there is no answer.
            Undeliverable: If the address leads where it may not, or the answer is too long.
        """
        found = await _look_up(url, private=self._private)
        try:
            # In all: whoever sends a byte now and then must not hold us for ever.
            async with (
                asyncio.timeout(self._patience),
                self._client.stream(
                    method,
                    url.copy_with(host=str(found)),
                    content=content,
                    headers={"Host": url.netloc.decode("ascii"), **headers},
                    extensions={"sni_hostname": url.host},
                ) as answer,
            ):
                body = bytearray()
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST:
                        raise Undeliverable(f"{url.host} answered more than {LARGEST} bytes")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Unavailable(f"{url.host}: {type(error).__name__} {error}".strip()) from error
        return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(body))

    async def fetch(self, url: str, sha256: str) -> bytes:
        """
        A file by its address, if it is the one that was meant.

        Raises:
            Unavailable: If there is no answer, or not 200.
            Undeliverable: If the address may not be called, or another file lies there.
        """
        try:
            address = require_address(url, "url", private=self._private)
        except Invalid as error:
            raise Undeliverable(error.message) from None
        answer = await self.call("GET", address)
        if answer.status_code != httpx.codes.OK:
            raise Unavailable(f"{address.host} answered {answer.status_code}")
        if hashlib.sha256(answer.content).hexdigest() != sha256:
            raise Undeliverable("it is not the file that was approved: its SHA-256 is another")
        return answer.content

    async def close(self) -> None:
        await self._client.aclose()


async def _look_up(url: httpx.URL, *, private: bool) -> Address:
    loop = asyncio.get_running_loop()
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    try:
        found = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable(f"{url.host}: {error}") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not private and not all(map(is_public, addresses)):
        raise Undeliverable(f"{url.host} is not a public address")
    return addresses[0]

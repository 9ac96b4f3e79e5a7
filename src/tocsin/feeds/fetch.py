"""HTTP GET that asks only whom it was told to ask, takes only so much, and not for ever."""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

import tocsin
from tocsin.flow.feeds import Validators
from tocsin.formats.cap_xml import MOST_BYTES
from tocsin.kernel.errors import Invalid, Unavailable, Undeliverable
from tocsin.kernel.time import Clock, retry_after

PATIENCE = 10.0
"""Seconds for a server to say the next word."""
WHOLE = 60.0
"""Seconds for all it has to say. A server that trickles must not hold up the next look for ever."""
MOST_REDIRECTS = 3
PORTS = {"http": 80, "https": 443}
ACCEPT = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LATER = frozenset({408, 425, 429})
"""Client errors that may be over the next time."""


class Fetched(NamedTuple):
    """
    Attributes:
        body: None if nothing has changed since the validators were given.
        address: Where it was found in the end.
    """

    body: bytes | None
    validators: Validators
    address: str


class Fetcher:
    """
    Fetches from one source. Close it in the event loop it was used in.

    An address in a feed is a stranger's word: without the list of hosts it could make us ask our own network for
    things (SSRF). Nobody's proxy settings apply either.

    Args:
        url: Of the source.
        hosts: Further hosts, as `host` or `host:port`, that it may lead to.

    Raises:
        Invalid: If the address is none of HTTP.
    """

    def __init__(self, url: str, hosts: Iterable[str], clock: Clock) -> None:
        scheme = urlsplit(url).scheme
        if scheme not in PORTS or not urlsplit(url).hostname:
            raise Invalid(f"{url!r} is no address of http or https", "url")
        # Whoever begins encrypted stays so.
        self._schemes = frozenset({"https"} if scheme == "https" else PORTS)
        self._places = frozenset({_place(url), *(_place(f"{scheme}://{host}") for host in hosts)})
        self._clock = clock
        self._client = httpx.AsyncClient(
            timeout=PATIENCE,
            trust_env=False,
            headers={"User-Agent": f"Tocsin/{tocsin.__version__}", "Accept": ACCEPT},
        )

    async def get(self, address: str, validators: Validators | None = None) -> Fetched:
        """
        Raises:
            Unavailable: If the server cannot be reached, is not well, or asks to come later.
            Undeliverable: If the address may not be asked, leads nowhere, or to more than 10 MB.
        """
        headers = _conditions(validators or Validators())
        try:
            async with asyncio.timeout(WHOLE):
                for _ in range(MOST_REDIRECTS + 1):
                    self._require_allowed(address)
                    async with self._client.stream("GET", address, headers=headers) as answer:
                        if answer.status_code not in REDIRECTS:
                            return await self._fetched(answer, address)
                        address = urljoin(address, answer.headers.get("location", ""))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            raise Unavailable(f"{address}: {type(error).__name__} {error}".strip()) from error
        raise Undeliverable(f"{address}: redirected more than {MOST_REDIRECTS} times")

    def _require_allowed(self, address: str) -> None:
        try:
            allowed = urlsplit(address).scheme in self._schemes and _place(address) in self._places
        except ValueError:
            allowed = False
        if not allowed:
            raise Undeliverable(f"{address[:200]} is not on a host that this feed may lead to")

    async def _fetched(self, answer: httpx.Response, address: str) -> Fetched:
        status = answer.status_code
        found = Validators(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""))
        if status == 304:
            return Fetched(None, found, address)
        if status in LATER or status >= 500:
            wait = retry_after(answer.headers.get("retry-after"), self._clock())
            raise Unavailable(f"{address}: answered {status}", retry_after=wait)
        if status != 200:
            raise Undeliverable(f"{address}: answered {status}")
        body = bytearray()
        # Counted as unpacked: a few bytes of gzip can stand for gigabytes.
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise Undeliverable(f"{address}: more than {MOST_BYTES} bytes")
        return Fetched(bytes(body), found, address)

    async def close(self) -> None:
        await self._client.aclose()


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    return (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)


def _conditions(validators: Validators) -> dict[str, str]:
    named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
    return {name: value for name, value in named.items() if value}

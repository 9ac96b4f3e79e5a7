"""The built console: the resident's page, one document for all others, and their assets."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, HeaderParameter
from litestar.router import Router
from litestar.static_files import create_static_files_router

from tocsin.http.here import Here
from tocsin.http.state_page import LANGUAGES, MARK, state_html
from tocsin.kernel.errors import Unavailable

FOR_EVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)
PAGES = ("city", "console", "rescue", "casualties", "press", "record", "replay", "admin")
"""The first step of the addresses that `console/src/pages/pages.ts` knows; what follows it is the page's own."""
NAMED = [f"/{name}" for name in PAGES]
# Below /bulletins lie the bulletins themselves, which need no script.
BELOW = [f"{path}/{{rest:path}}" for path in NAMED if path != "/bulletins"]


def routes(static: Path) -> list[HTTPRouteHandler | Router]:
    """The resident's page at `/`, the others by name. Assets carry a hash in their names: they may be kept for ever."""

    @get("/", include_in_schema=False, sync_to_thread=True)
    def resident(
        system: Here,
        area: FromQuery[str | None] = None,
        lang: FromQuery[str | None] = None,
        accepted: Annotated[str, HeaderParameter(name="Accept-Language", required=False)] = "",
    ) -> Response[bytes]:
        chosen = lang if lang in LANGUAGES else _language(accepted)
        state = state_html(system, area, chosen)
        return _document(static / "index.html", {MARK: state, '<html lang="uk"': f'<html lang="{chosen}"'})

    @get([*NAMED, *BELOW], include_in_schema=False)
    async def page() -> Response[bytes]:
        return _document(static / "app.html")

    @get("/shell", include_in_schema=False)
    async def shell() -> Response[bytes]:
        """The resident's document without a state: what the service worker keeps for when there is no network."""
        return _document(static / "index.html", {MARK: ""})

    @get("/sw.js", include_in_schema=False)
    async def worker() -> Response[bytes]:
        return _document(static / "sw.js", media_type="text/javascript")

    @get("/manifest.webmanifest", include_in_schema=False)
    async def manifest() -> Response[bytes]:
        return _document(static / "manifest.webmanifest", media_type="application/manifest+json")

    found: list[HTTPRouteHandler | Router] = [resident, page, shell, worker, manifest]
    if (static / "icons").is_dir():
        found.append(create_static_files_router(path="/icons", directories=[static / "icons"], include_in_schema=False))
    if (static / "assets").is_dir():
        assets = create_static_files_router(
            path="/assets", directories=[static / "assets"], cache_control=FOR_EVER, include_in_schema=False
        )
        found.append(assets)
    return found


def _language(accepted: str) -> str:
    """The first of ours that a browser names, else Ukrainian (RFC 9110, section 12.5.4, without weights)."""
    named = (each.split(";")[0].strip()[:2].lower() for each in accepted.split(","))
    return next((each for each in named if each in LANGUAGES), LANGUAGES[0])


def _document(
    file: Path, filled: Mapping[str, str] = MappingProxyType({}), media_type: str = "text/html"
) -> Response[bytes]:
    try:
        body = file.read_text(encoding="utf-8")
    except OSError:
        raise Unavailable("the console is not built; run make setup") from None
    for mark, text in filled.items():
        body = body.replace(mark, text, 1)
    # Never from a store: what it says of danger is true for seconds.
    headers = {"Cache-Control": "no-store" if filled else "no-cache"}
    return Response(body.encode(), media_type=media_type, headers=headers)

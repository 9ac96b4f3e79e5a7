"""The built console: the resident's page, one document for all others, and their assets."""

from pathlib import Path

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.router import Router
from litestar.static_files import create_static_files_router

from tocsin.kernel.errors import Unavailable

FOR_EVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)
PAGES = ("city", "console", "rescue", "casualties", "bulletins", "record", "replay", "admin")
"""The first step of the addresses that `console/src/pages/pages.ts` knows; what follows it is the page's own."""


def routes(static: Path) -> list[HTTPRouteHandler | Router]:
    """The resident's page at `/`, the others by name. Assets carry a hash in their names: they may be kept for ever."""

    @get("/", include_in_schema=False)
    async def resident() -> Response[bytes]:
        return _document(static / "index.html")

    @get([path for name in PAGES for path in (f"/{name}", f"/{name}/{{rest:path}}")], include_in_schema=False)
    async def page() -> Response[bytes]:
        return _document(static / "app.html")

    found: list[HTTPRouteHandler | Router] = [resident, page]
    if (static / "assets").is_dir():
        assets = create_static_files_router(
            path="/assets", directories=[static / "assets"], cache_control=FOR_EVER, include_in_schema=False
        )
        found.append(assets)
    return found


def _document(file: Path) -> Response[bytes]:
    try:
        body = file.read_bytes()
    except OSError:
        raise Unavailable("the console is not built; run make setup") from None
    return Response(body, media_type="text/html", headers={"Cache-Control": "no-cache"})

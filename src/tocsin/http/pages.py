"""The built console: one page and its assets."""

from pathlib import Path

from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from litestar.handlers import HTTPRouteHandler
from litestar.router import Router
from litestar.static_files import create_static_files_router

from tocsin.kernel.errors import Unavailable

FOR_EVER = CacheControlHeader(public=True, max_age=31_536_000, immutable=True)


def routes(static: Path) -> list[HTTPRouteHandler | Router]:
    """The page at `/`; its assets carry a hash in their names and may be kept for ever."""

    @get("/", include_in_schema=False)
    async def page() -> Response[bytes]:
        try:
            body = (static / "index.html").read_bytes()
        except OSError:
            raise Unavailable("the console is not built; run make setup") from None
        return Response(body, media_type="text/html", headers={"Cache-Control": "no-cache"})

    found: list[HTTPRouteHandler | Router] = [page]
    if (static / "assets").is_dir():
        assets = create_static_files_router(
            path="/assets", directories=[static / "assets"], cache_control=FOR_EVER, include_in_schema=False
        )
        found.append(assets)
    return found

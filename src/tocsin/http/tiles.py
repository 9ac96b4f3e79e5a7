"""GET /tiles/{z}/{x}/{y}.mvt: the base map, from our own files, so that it is there when the internet is not."""

import gzip
import re
from typing import TYPE_CHECKING, Annotated, Any

from litestar import Response, get
from litestar.params import HeaderParameter, PathParameter

from tocsin.http.board import IfNoneMatch, conditional
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown

if TYPE_CHECKING:
    from tocsin.city.tiles import Tile

MVT = "application/vnd.mapbox-vector-tile"
PATH = "/tiles"
DEEPEST = 22
CACHED = {"Cache-Control": "public, max-age=3600", "Vary": "Accept-Encoding"}

AcceptEncoding = Annotated[str, HeaderParameter(name="Accept-Encoding", required=False)]

Part = Annotated[str, PathParameter()]

_NUMBER = re.compile(r"\d{1,8}")


@get(
    f"{PATH}/{{z:str}}/{{x:str}}/{{y:str}}",
    tags=["places"],
    summary="A tile of the base map, Mapbox Vector Tile. `y` ends in `.mvt`. 204 where nothing is drawn",
    operation_id="tile",
    sync_to_thread=True,
)
def tile(
    system: Here, z: Part, x: Part, y: Part, if_none_match: IfNoneMatch = None, accept_encoding: AcceptEncoding = ""
) -> Response[Any]:
    body = system.tiles.tile(_tile(z, x, y))
    if body is None:
        return Response(b"", status_code=204, headers=CACHED, media_type=MVT)
    if "gzip" not in accept_encoding:
        return conditional(gzip.decompress(body), MVT, if_none_match, CACHED)
    return conditional(body, MVT, if_none_match, {**CACHED, "Content-Encoding": "gzip"})


def _tile(z: str, x: str, y: str) -> "Tile":
    """
    Raises:
        Unknown: If there can be no such tile.
    """
    # Drawing takes libraries that a server which is only asked for the board must not wait for.
    from tocsin.city.tiles import Tile

    numbers = (z, x, y.removesuffix(".mvt"))
    if y.endswith(".mvt") and all(_NUMBER.fullmatch(number) for number in numbers):
        found = Tile(*map(int, numbers))
        if found.z <= DEEPEST and max(found.x, found.y) < 2**found.z:
            return found
    raise Unknown(f"there is no tile {z}/{x}/{y}", "z, x, y")

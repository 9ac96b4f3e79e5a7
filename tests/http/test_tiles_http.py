"""GET /tiles/{z}/{x}/{y}.mvt."""

import mapbox_vector_tile
import pytest
from tests.http.conftest import Web

KYIV = "/tiles/12/2395/1381.mvt"


def test_a_tile_comes_compressed_once_and_with_the_types_it_has(web: Web) -> None:
    answer = web.client.get(KYIV, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    # The client has undone one compression; were there two, this would be no tile.
    assert "roads" in mapbox_vector_tile.decode(answer.content)


def test_who_does_not_take_gzip_gets_the_plain_tile(web: Web) -> None:
    packed = web.client.get(KYIV, headers={"Accept-Encoding": "gzip"})
    plain = web.client.get(KYIV, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == packed.content
    assert plain.headers["etag"] != packed.headers["etag"]


def test_a_tile_that_is_known_is_not_sent_again(web: Web) -> None:
    tag = web.client.get(KYIV).headers["etag"]
    assert web.client.get(KYIV, headers={"If-None-Match": tag}).status_code == 304


def test_where_nothing_is_drawn_there_is_no_content(web: Web) -> None:
    answer = web.client.get("/tiles/12/0/0.mvt")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "path", ["12/4096/0.mvt", "12/0/0.png", "12/-1/0.mvt", "99/0/0.mvt", "a/b/c.mvt", "1/1/1e3.mvt"]
)
def test_a_tile_that_cannot_be_is_unknown(web: Web, path: str) -> None:
    answer = web.client.get(f"/tiles/{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown"

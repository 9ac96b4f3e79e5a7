"""What residents report: without an account, few at a time, and without where their phone took the picture."""

import io
import zlib
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from tests.http.conftest import Web

from tocsin.formats.photo import LONGEST_SIDE, MOST_BYTES, draw_anew
from tocsin.kernel.errors import Invalid
from tocsin.storage.photos import Photos

SEEN: dict[str, Any] = {"what": "fire", "lat": 50.46, "lon": 30.51, "text": "roof burns"}
WHERE = "GPS 50.4600 30.5100"
PNG = b"\x89PNG\r\n\x1a\n"


def picture(kind: str, size: tuple[int, int] = (40, 20), **fields: Any) -> bytes:  # noqa: ANN401 - of Pillow
    """A red picture whose left half is blue, with all that a phone would write into it."""
    image, out = Image.new("RGB", size, "red"), io.BytesIO()
    image.paste("blue", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010E] = WHERE
    for name, value in fields.items():
        exif[{"orientation": 0x0112}[name]] = value
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", WHERE)
    extra: dict[str, Any] = {"pnginfo": told} if kind == "PNG" else {"comment": WHERE.encode()}
    image.save(out, kind, exif=exif, **extra)
    return out.getvalue() + WHERE.encode()


def bomb() -> bytes:
    """A PNG of a few hundred bytes whose head tells of two gigapixels."""
    small = picture("PNG")
    at = small.index(b"IHDR") + 4
    head = (60_000).to_bytes(4, "big") * 2 + small[at + 8 : at + 13]
    return small[:at] + head + zlib.crc32(b"IHDR" + head).to_bytes(4, "big") + small[at + 17 :]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_photo_loses_all_that_is_not_picture(kind: str) -> None:
    told = picture(kind)
    assert told.count(WHERE.encode()) > 1
    drawn = draw_anew(told)
    assert WHERE.encode() not in drawn
    with Image.open(io.BytesIO(drawn)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif()), "comment" in seen.info) == ("JPEG", (40, 20), {}, False)
        assert seen.getpixel((5, 10))[2] > 200  # type: ignore[index]
        assert seen.getpixel((35, 10))[0] > 200  # type: ignore[index]


def test_a_photo_stands_upright_and_is_no_larger_than_it_need_be() -> None:
    with Image.open(io.BytesIO(draw_anew(picture("JPEG", orientation=6)))) as seen:
        assert seen.size == (20, 40)
    with Image.open(io.BytesIO(draw_anew(picture("JPEG", (3000, 100))))) as seen:
        assert max(seen.size) == LONGEST_SIDE


@pytest.mark.parametrize(
    "photo", [b"", b"GIF89a", b"<svg/>", picture("PNG")[:60], picture("JPEG")[:300], PNG, b"\xff\xd8\xff" * 9]
)
def test_what_is_no_picture_is_refused(photo: bytes) -> None:
    with pytest.raises(Invalid, match="photo"):
        draw_anew(photo)


def test_a_photo_that_is_too_large_is_refused() -> None:
    with pytest.raises(Invalid, match="larger"):
        draw_anew(PNG + bytes(MOST_BYTES))
    with pytest.raises(Invalid, match="pixels"):
        draw_anew(bomb())


# Pillow warns of damage that it passes over.
@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=60)
@given(st.sampled_from([picture("PNG"), picture("JPEG")]), st.data())
def test_whatever_the_bytes_nothing_but_our_own_error_is_raised(photo: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(photo) - 1))
    broken = photo[:at] + data.draw(st.binary(max_size=20)) + photo[at + data.draw(st.integers(0, 20)) :]
    with suppress(Invalid):
        assert draw_anew(broken).startswith(b"\xff\xd8")


def test_where_there_is_no_room_a_report_counts_without_its_photo(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.http.reports.MOST_KEPT", 0)
    answer = web.client.post("/v1/reports", json={**SEEN, "photo": b64encode(picture("PNG")).decode()})
    assert (answer.status_code, answer.json()["photo"]) == (201, False)
    assert not web.running.system.photos.names()


def test_a_photo_that_is_dropped_is_gone(tmp_path: Path) -> None:
    for photos in (Photos(tmp_path / "photos"), Photos(None)):
        first, second = photos.put(b"1"), photos.put(b"2")
        assert photos.names() == {first, second}
        photos.drop(first)
        assert photos.get(first) is None
        assert photos.get(second) == b"2"


def test_a_resident_reports_with_a_photo_and_only_responders_see_it(web: Web) -> None:
    answer = web.client.post("/v1/reports", json={**SEEN, "photo": b64encode(picture("JPEG")).decode()})
    assert answer.status_code == 201, answer.text
    assert answer.json()["photo"] is True
    (seen,) = web.client.get("/v1/impacts").json()["impacts"]
    assert (seen["impact"], seen["reporter_kind"], seen["effect"]) == (answer.json()["report"], "resident", "fire")
    path = f"/v1/photos/{seen['photo']}"
    assert web.client.get(path).status_code == 401
    assert web.client.get(path, headers=web.headers("dispatcher")).content == draw_anew(picture("JPEG"))
    assert web.client.get("/v1/photos/none", headers=web.headers("dispatcher")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"lat": 40.0}, "lat"),
        ({"lat": 91}, "lat"),
        ({"what": "ufo"}, "what"),
        ({"photo": b64encode(b"GIF89a").decode()}, "photo"),
        ({"time": "2025-04-24T00:00:00"}, "time"),
        ({"time": "2090-04-24T00:00:00Z"}, "time"),
    ],
)
def test_a_report_that_is_wrong_names_the_field_and_leaves_nothing(web: Web, wrong: dict[str, Any], where: str) -> None:
    answer = web.client.post("/v1/reports", json={**SEEN, **wrong})
    assert answer.status_code in (404, 422)
    assert answer.json()["where"] == where
    assert web.running.system.journal.head().position == 0


def test_one_address_reports_so_often_and_no_oftener(web: Web) -> None:
    answers = [web.client.post("/v1/reports", json=SEEN).status_code for _ in range(7)]
    assert answers == [201] * 5 + [429] * 2
    assert web.client.get("/v1/board").status_code == 200


def test_a_report_that_is_refused_leaves_no_photo(web: Web) -> None:
    key = {"Idempotency-Key": "one"}
    assert web.client.post("/v1/reports", json=SEEN, headers=key).status_code == 201
    told = {**SEEN, "text": "another", "photo": b64encode(picture("PNG")).decode()}
    assert web.client.post("/v1/reports", json=told, headers=key).status_code == 422
    assert not web.running.system.photos.names()

"""What residents report: without an account, few at a time, and without where their phone took the picture."""

import struct
import zlib
from base64 import b64encode
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.http.conftest import Web

from tocsin.formats.photo import MOST_BYTES, PNG, clean_photo
from tocsin.kernel.errors import Invalid

SEEN: dict[str, Any] = {"what": "fire", "lat": 50.46, "lon": 30.51, "text": "roof burns"}


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
BODY = chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
PLAIN_PNG = PNG + HEAD + BODY
SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\xff\xd0\x34"
PLAIN_JPEG = b"\xff\xd8" + segment(0xE0, b"JFIF\0") + SCAN + segment(0xC4, b"\xff\xd9") + SCAN + b"\xff\xd9"
WHERE = b"GPS 50.4600 30.5100"
TOLD_PNG = PNG + HEAD + chunk(b"eXIf", WHERE) + chunk(b"tEXt", b"Author\0Petro") + BODY + WHERE
TOLD_JPEG = PLAIN_JPEG[:2] + segment(0xE1, b"Exif\0\0" + WHERE) + segment(0xFE, b"Petro") + PLAIN_JPEG[2:] + WHERE


@pytest.mark.parametrize(("told", "plain"), [(TOLD_PNG, PLAIN_PNG), (TOLD_JPEG, PLAIN_JPEG), (PLAIN_PNG, PLAIN_PNG)])
def test_a_photo_loses_all_that_is_not_picture(told: bytes, plain: bytes) -> None:
    assert clean_photo(told) == plain


@pytest.mark.parametrize(
    "photo",
    [b"", b"GIF89a", b"<svg/>", PLAIN_PNG[:-6], PLAIN_JPEG[:-2], PNG + BODY, b"\xff\xd8\xff\xd9", b"\xff\xd8\xff" * 9],
)
def test_what_is_no_picture_is_refused(photo: bytes) -> None:
    with pytest.raises(Invalid, match="photo"):
        clean_photo(photo)


def test_a_photo_that_is_too_large_is_refused() -> None:
    with pytest.raises(Invalid, match="larger"):
        clean_photo(PNG + bytes(MOST_BYTES))


@given(st.sampled_from([PNG, b"\xff\xd8\xff", PLAIN_JPEG[:20], TOLD_PNG[:40]]), st.binary(max_size=60))
def test_whatever_the_bytes_nothing_but_our_own_error_is_raised(start: bytes, rest: bytes) -> None:
    with suppress(Invalid):
        assert clean_photo(start + rest)


def test_a_resident_reports_with_a_photo_and_only_responders_see_it(web: Web) -> None:
    answer = web.client.post("/v1/reports", json={**SEEN, "photo": b64encode(TOLD_JPEG).decode()})
    assert answer.status_code == 201, answer.text
    (seen,) = web.client.get("/v1/impacts").json()["impacts"]
    assert (seen["impact"], seen["reporter_kind"], seen["effect"]) == (answer.json()["report"], "resident", "fire")
    path = f"/v1/photos/{seen['photo']}"
    assert web.client.get(path).status_code == 401
    assert web.client.get(path, headers=web.headers("dispatcher")).content == PLAIN_JPEG
    assert web.client.get("/v1/photos/none", headers=web.headers("dispatcher")).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"lat": 40.0}, "lat"),
        ({"lat": 91}, "lat"),
        ({"what": "ufo"}, "what"),
        ({"photo": b64encode(b"GIF89a").decode()}, "photo"),
        ({"time": "2025-04-24T00:00:00"}, "time"),
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

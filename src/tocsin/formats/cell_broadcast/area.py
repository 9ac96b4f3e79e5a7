"""
Warning area coordinates: where a phone shows a message, when it can tell where it is (device-based geo-fencing).

TS 23.041, 9.3.63 carries them as up to 1024 opaque octets; their inside is ATIS-0700041, 5.2: elements of a tag (4
bits), a length in octets with tag and length themselves (10 bits) and 2 bits of padding, each filled up to an octet.
Coordinates have 22 bits each, a radius 20 bits in 1/64 km. Read back and written octet for octet against Android's
own test message, whose values are published; the text of ATIS-0700041 itself was not at hand.
"""

from math import ceil

import msgspec

from tocsin.kernel.errors import Invalid
from tocsin.kernel.geo import Point

LONGEST = 1024
WAIT, POLYGON, CIRCLE = 1, 2, 3
HEAD_BITS = 16
ANGLE_BITS = 22
RADIUS_BITS = 20
STEPS_PER_METRE = 64 / 1000
WIDEST_M = 16_383_000
UNSET = 255
"""A wait of this many seconds leaves it to the phone."""


class Circle(msgspec.Struct, frozen=True, tag="circle"):
    centre: Point
    radius_m: float


class Polygon(msgspec.Struct, frozen=True, tag="polygon"):
    """Not closed: the last vertex is joined to the first."""

    vertices: tuple[Point, ...]


class WarningArea(msgspec.Struct, frozen=True):
    """
    Attributes:
        shapes: The area is all of them together.
        wait_s: Seconds a phone may spend finding out where it is before it shows the message anyway.
    """

    shapes: tuple[Circle | Polygon, ...] = ()
    wait_s: int = UNSET


def write_area(area: WarningArea) -> bytes:
    """
    Raises:
        Invalid: If a shape is none, or all together are longer than 1024 octets.
    """
    elements = [_write_shape(shape, f"shapes[{place}]") for place, shape in enumerate(area.shapes)]
    if not 0 <= area.wait_s <= UNSET:
        raise Invalid(f"{area.wait_s} is not a wait from 0 to 254 seconds, or 255 for none", "wait_s")
    if area.wait_s != UNSET:
        elements.append(_element(WAIT, [(area.wait_s, 8)]))
    written = b"".join(elements)
    if len(written) > LONGEST:
        raise Invalid(f"{len(written)} octets of area; {LONGEST} fit", "shapes")
    return written


def read_area(octets: bytes) -> WarningArea:
    """
    Elements of a tag not known are passed over.

    Raises:
        Invalid: If an element is cut short.
    """
    shapes: list[Circle | Polygon] = []
    wait = UNSET
    place = 0
    while place < len(octets):
        head = int.from_bytes(octets[place : place + 2], "big")
        tag, length = head >> 12, head >> 2 & 0x3FF
        if length < 3 or place + length > len(octets):
            raise Invalid(f"an element of {length} octets does not fit", f"area octet {place}")
        value = octets[place + 2 : place + length]
        if tag == WAIT:
            wait = value[0]
        elif tag in (POLYGON, CIRCLE):
            shapes.append(_read_shape(tag, value, f"area octet {place}"))
        place += length
    return WarningArea(tuple(shapes), wait)


def _write_shape(shape: Circle | Polygon, where: str) -> bytes:
    if isinstance(shape, Circle):
        if not 0 <= shape.radius_m <= WIDEST_M:
            raise Invalid(f"{shape.radius_m} m is not a radius up to {WIDEST_M} m", f"{where}.radius_m")
        # Rounded up: an area that came out smaller would leave out somebody who is in it.
        steps = ceil(shape.radius_m * STEPS_PER_METRE - 1e-6)
        return _element(CIRCLE, [*_angles(shape.centre), (steps, RADIUS_BITS)])
    if len(shape.vertices) < 3:
        raise Invalid("a polygon has at least three vertices", f"{where}.vertices")
    fields = [field for vertex in shape.vertices for field in _angles(vertex)]
    if HEAD_BITS + len(fields) * ANGLE_BITS > 8 * 0x3FF:
        raise Invalid(f"{len(shape.vertices)} vertices do not fit an element", f"{where}.vertices")
    return _element(POLYGON, fields)


def _element(tag: int, fields: list[tuple[int, int]]) -> bytes:
    """
    Args:
        fields: Values and their widths in bits, the first in the highest bits.
    """
    number, bits = 0, 0
    for value, width in fields:
        number, bits = number << width | value, bits + width
    padding = -bits % 8
    size = (bits + padding) // 8
    return (tag << 12 | (size + 2) << 2).to_bytes(2, "big") + (number << padding).to_bytes(size, "big")


def _angles(point: Point) -> list[tuple[int, int]]:
    return [(_angle(point.lat + 90, 180), ANGLE_BITS), (_angle(point.lon + 180, 360), ANGLE_BITS)]


def _angle(degrees: float, span: float) -> int:
    # The sliver keeps a coordinate that was read from falling one step down when it is written again.
    return min(int(degrees / span * (1 << ANGLE_BITS) + 1e-6), (1 << ANGLE_BITS) - 1)


def _read_shape(tag: int, value: bytes, where: str) -> Circle | Polygon:
    number, left = int.from_bytes(value, "big"), 8 * len(value)

    def take(width: int) -> int:
        nonlocal left
        left -= width
        if left < 0:
            raise Invalid("a shape is cut short", where)
        return number >> left & ((1 << width) - 1)

    def point() -> Point:
        lat = take(ANGLE_BITS) * 180 / (1 << ANGLE_BITS) - 90
        return Point(lat, take(ANGLE_BITS) * 360 / (1 << ANGLE_BITS) - 180)

    if tag == CIRCLE:
        return Circle(point(), take(RADIUS_BITS) / STEPS_PER_METRE)
    return Polygon(tuple(point() for _ in range(left // (2 * ANGLE_BITS))))

"""Addresses as lists write them, and as OpenStreetMap does (Key:addr:*), made comparable."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from tocsin.city.osm.dwellings import middles
from tocsin.city.osm.harvest import Place
from tocsin.kernel.geo import Point

Key: TypeAlias = tuple[tuple[str, ...], str]
"""The words of the street in alphabetical order, and the house number."""

# Read as: of these words the first stands for all.
_WORDS = (
    ("", "вулиця", "вул", "street", "str", "st", "rue", "strasse", "straße", "улица", "ул"),
    ("проспект", "просп", "пр-т", "пр", "avenue", "ave", "av"),
    ("бульвар", "бульв", "б-р", "boulevard", "blvd", "bd"),
    ("провулок", "пров", "lane"),
    ("площа", "пл", "майдан", "square", "sq", "place"),
    ("набережна", "наб", "embankment"),
    ("шосе", "ш", "highway"),
    ("узвіз", "узв"),
    ("проїзд", "пр-д"),
    ("road", "rd"),
)
_ONE_WORD = {word: words[0] for words in _WORDS for word in words}
_APOSTROPHES = re.compile("['’ʼ`\"«»“”]")
# Read as: a Latin letter of a house number is the Cyrillic one that looks like it.
_LOOKALIKE = str.maketrans("ABCEHIKMOPTX", "АВСЕНІКМОРТХ")
_HOUSE_WORDS = re.compile(r"\b(буд|будинок|house|no)\b\.?|№", re.IGNORECASE)
_BLOCK = re.compile(r"(корпус|корп|к)\.?(?=\d)", re.IGNORECASE)


def key_of(street: str, house: str) -> Key | None:
    """None if a part says nothing."""
    plain = _APOSTROPHES.sub("", street.casefold())
    words = [_ONE_WORD.get(word, word) for word in re.split(r"[\s.,()]+", plain)]
    number = _BLOCK.sub("К", re.sub(r"[\s\-–.]", "", _HOUSE_WORDS.sub("", house))).upper().translate(_LOOKALIKE)
    kept = tuple(sorted(word for word in words if word))
    return (kept, number) if kept and re.search(r"\d", number) else None


def read_address(text: str) -> Key | None:
    """`вул. Антоновича, 18-А`, `Heiligkreuz 25` or `25 High Street`; none if there is no house number in it."""
    street, comma, house = text.rpartition(",")
    if comma and re.match(r"\s*(?:№|буд\.?|будинок)?\s*\d", house):
        return key_of(street, house)
    if match := re.match(r"(?P<street>\D.*?)[,\s]+(?P<house>\d\S*)$", text.strip()):
        return key_of(match["street"], match["house"])
    if match := re.match(r"(?P<house>\d\S*)[,\s]+(?P<street>\D.*)$", text.strip()):
        return key_of(match["street"], match["house"])
    return None


class AddressBook:
    """Where each address of an extract is. Of two with one address the first counts."""

    def __init__(self, places: Iterable[Place]) -> None:
        numbered = [place for place in places if "addr:housenumber" in place.tags]
        self._at: dict[Key, Point] = {}
        for place, (lon, lat) in zip(numbered, middles(numbered).tolist(), strict=True):
            street = place.tags.get("addr:street") or place.tags.get("addr:place", "")
            for house in place.tags["addr:housenumber"].split(";"):
                if key := key_of(street, house):
                    self._at.setdefault(key, Point(lat, lon))

    def find(self, text: str) -> Point | None:
        key = read_address(text)
        return self._at.get(key) if key else None

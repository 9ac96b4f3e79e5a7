"""Tags of OpenStreetMap objects, and sets of their values."""

from collections.abc import Mapping
from typing import TypeAlias

Tags: TypeAlias = Mapping[str, str]


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())

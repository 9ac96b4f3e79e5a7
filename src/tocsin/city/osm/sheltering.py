"""
What counts as a shelter, by tags. A roof at a bus stop keeps off rain, not blast: only what lies under the ground or
was built against attack is taken. After the OpenStreetMap wiki: "Tag:amenity=shelter", "Key:shelter_type",
"Key:bunker_type", "Tag:military=bunker", "Tag:railway=subway_entrance", "Tag:parking=underground", "Key:tunnel",
"Key:building:levels:underground".
"""

from typing import NamedTuple

from tocsin.city.osm.tags import Tags, words
from tocsin.city.osm.walking import is_tunnel, why_not_walked


class Kind(NamedTuple):
    """
    Attributes:
        assumed: Places where neither a tag nor an outline says how many there are.
    """

    uk: str
    en: str
    assumed: int


KINDS = {
    "bunker": Kind("Сховище", "Bunker", 100),
    "shelter": Kind("Укриття", "Shelter", 100),
    "metro": Kind("Станція метро", "Underground station", 1000),
    "station": Kind("Підземна станція", "Station below ground", 500),
    "underground_car_park": Kind("Підземний паркінг", "Underground car park", 200),
    "underpass": Kind("Підземний перехід", "Underpass", 100),
    "basement": Kind("Підвал", "Basement", 100),
    "school": Kind("Школа", "School", 200),
}

# Read as: amenity=shelter with this shelter_type is this kind.
SHELTER_TYPES = {
    "bomb_shelter": "shelter",
    "air_raid": "shelter",
    "air_raid_shelter": "shelter",
    "civil_defence": "shelter",
    "civil_defense": "shelter",
    "emergency": "shelter",
    "bunker": "bunker",
    "basement": "basement",
    "underground": "shelter",
    "underpass": "underpass",
}
# Read as: a bunker of this type is for people; one for guns, munitions or watching is not.
BUNKER_TYPES = words("bomb_shelter personnel_shelter civil_defence civil_defense medical nuclear command")
# Read as: a public building of this amenity with a floor under the ground is this kind.
PUBLIC_BASEMENTS = {
    "school": "school",
    "kindergarten": "school",
    "college": "school",
    "university": "school",
    "townhall": "basement",
    "community_centre": "basement",
    "library": "basement",
    "theatre": "basement",
    "cinema": "basement",
    "arts_centre": "basement",
    "public_building": "basement",
    "place_of_worship": "basement",
    "hospital": "basement",
    "clinic": "basement",
}
_CLOSED = words("no private military staff employees")
_GONE = ("abandoned", "disused", "ruins", "demolished")


def shelter_kind(tags: Tags) -> tuple[str | None, str | None]:
    """
    Returns:
        The kind and nothing; or no kind and, where it looked like a shelter, why it is none.
    """
    kind, why_not = _kind(tags)
    if kind is None:
        return None, why_not
    if (access := tags.get("access", "")) in _CLOSED:
        return None, f"{kind} with access={access}"
    for key in _GONE:
        if tags.get(key, "no") != "no":
            return None, f"{kind} with {key}={tags[key]}"
    return kind, None


def is_underpass(tags: Tags) -> bool:
    """A tunnel for people on foot. Many cross one road: whoever calls joins those that touch."""
    on_foot = tags.get("highway") in ("footway", "pedestrian", "path", "corridor", "steps")
    return on_foot and is_tunnel(tags) and why_not_walked(tags) is None


def is_metro_entrance(tags: Tags) -> bool:
    return tags.get("railway") == "subway_entrance"


def _kind(tags: Tags) -> tuple[str | None, str | None]:
    for rule in (_bunker, _shelter, _station, _car_park, _basement):
        kind, why_not = rule(tags)
        if kind or why_not:
            return kind, why_not
    return None, None


def _bunker(tags: Tags) -> tuple[str | None, str | None]:
    if "bomb_shelter" in (tags.get("amenity"), tags.get("emergency"), tags.get("building")):
        return "shelter", None
    if "bunker" not in (tags.get("military"), tags.get("building")) and "bunker_type" not in tags:
        return None, None
    type_ = tags.get("bunker_type")
    if type_ is None or type_ in BUNKER_TYPES:
        return "bunker", None
    return None, f"bunker_type={type_} is not for people"


def _shelter(tags: Tags) -> tuple[str | None, str | None]:
    if tags.get("amenity") != "shelter":
        return None, None
    type_ = tags.get("shelter_type")
    if type_ in SHELTER_TYPES:
        return SHELTER_TYPES[type_], None
    if _below(tags):
        return "shelter", None
    if type_ is None:
        return None, "amenity=shelter that does not say against what: a roof, as far as is known"
    return None, f"shelter_type={type_} does not protect against blast"


def _station(tags: Tags) -> tuple[str | None, str | None]:
    if tags.get("railway") not in ("station", "halt") and tags.get("public_transport") != "station":
        return None, None
    metro = tags.get("station") == "subway" or tags.get("subway") == "yes"
    if metro and not _above(tags):
        return "metro", None
    if metro:
        return None, "underground station above the ground"
    return ("station", None) if _below(tags) else (None, None)


def _car_park(tags: Tags) -> tuple[str | None, str | None]:
    if tags.get("amenity") not in ("parking", "parking_entrance") or tags.get("parking") != "underground":
        return None, None
    return "underground_car_park", None


def _basement(tags: Tags) -> tuple[str | None, str | None]:
    below = tags.get("building:levels:underground", tags.get("basement", "0"))
    kind = PUBLIC_BASEMENTS.get(tags.get("amenity", ""))
    if kind is None and tags.get("building") in ("school", "kindergarten", "university", "college", "public", "civic"):
        kind = "basement"
    return (kind, None) if kind and below not in ("0", "no") else (None, None)


def _below(tags: Tags) -> bool:
    lowest = [tags.get(key, "").split(";")[0] for key in ("level", "layer")]
    return tags.get("location") == "underground" or is_tunnel(tags) or any(text.startswith("-") for text in lowest)


def _above(tags: Tags) -> bool:
    over = tags.get("location") in ("overground", "overhead", "elevated", "surface") or tags.get("bridge") == "yes"
    return over or tags.get("layer", "0").lstrip("+") in ("1", "2", "3")

"""
Where one may walk. The tables follow the OpenStreetMap wiki: "OSM tags for routing/Access restrictions" (defaults for
foot worldwide), "Key:access", "Key:foot", "Key:sidewalk", "Key:motorroad", "Key:oneway", "Key:ramp", "Key:sac_scale".
"""

from tocsin.city.network import Street
from tocsin.city.osm.tags import Tags, words

# Read as: on these one walks unless a tag says no.
WALKED = words(
    "trunk trunk_link primary primary_link secondary secondary_link tertiary tertiary_link unclassified residential "
    "living_street service pedestrian track road footway path steps bridleway cycleway corridor platform elevator "
    "crossing"
)
# Read as: on these one walks only where a tag says so.
ONLY_IF_ALLOWED = words("motorway motorway_link busway bus_guideway escape raceway rest_area services")

ALLOWED = words("yes designated permissive official destination customers public")
FORBIDDEN = words(
    "no private military agricultural forestry restricted employees emergency permit delivery residents use_sidepath"
)
_SIDEWALK = words("yes both left right separate")
_BESIDE = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
_HARD_TRAILS = words("mountain_hiking demanding_mountain_hiking alpine_hiking")
_CLIMBS = words("demanding_alpine_hiking difficult_alpine_hiking")
_ROUGH = words("bad very_bad horrible very_horrible impassable")


def is_way_kind(tags: Tags) -> bool:
    """True for everything that could be walked on at all, so that its refusal is worth a line in the report."""
    return "highway" in tags or _is_platform(tags)


def why_not_walked(tags: Tags) -> str | None:
    """The tag for which nobody may walk here; none if they may."""
    kind = tags.get("highway", "platform" if _is_platform(tags) else "")
    foot = tags.get("foot", "")
    if kind not in WALKED | ONLY_IF_ALLOWED:
        return f"highway={kind}"
    if tags.get("sac_scale") in _CLIMBS:
        return f"sac_scale={tags['sac_scale']}"
    if tags.get("oneway:foot") in ("yes", "-1"):
        # The network has no direction: people would be sent against it.
        return "oneway:foot"
    if foot in FORBIDDEN:
        return f"foot={foot}"
    if foot in ALLOWED:
        return None
    return _why_not_by_default(tags, kind)


def _why_not_by_default(tags: Tags, kind: str) -> str | None:
    if (access := tags.get("access", "")) in FORBIDDEN:
        return f"access={access}"
    beside = {tags.get(key, "") for key in _BESIDE}
    if beside & _SIDEWALK:
        return None
    if tags.get("motorroad") == "yes":
        return "motorroad=yes"
    if kind.startswith("trunk") and beside & {"no", "none"}:
        return f"highway={kind} with sidewalk=no"
    return f"highway={kind}" if kind in ONLY_IF_ALLOWED else None


def street_flags(tags: Tags) -> Street:
    """What is known of a way that is walked."""
    found = Street(0)
    if tags.get("highway") == "steps" and "yes" not in (tags.get("ramp:wheelchair"), tags.get("wheelchair")):
        found |= Street.STEPS
    hard = tags.get("sac_scale") in _HARD_TRAILS or tags.get("smoothness") in _ROUGH
    if tags.get("wheelchair") == "no" or (hard and tags.get("wheelchair") != "yes"):
        found |= Street.NO_WHEELCHAIR
    if tags.get("bridge", "no") != "no":
        found |= Street.BRIDGE
    if is_tunnel(tags):
        found |= Street.TUNNEL
    if tags.get("area") == "yes":
        found |= Street.SQUARE
    return found


def is_tunnel(tags: Tags) -> bool:
    """Under the ground: a passage through a building, or a covered way, is not."""
    return tags.get("tunnel", "no") not in ("no", "building_passage", "avalanche_protector", "covered")


def bars_the_way(tags: Tags) -> bool:
    """True for a gate, bollard or wall on a way that nobody may pass on foot (Key:barrier)."""
    if "barrier" not in tags and tags.get("entrance") != "no":
        return False
    if (foot := tags.get("foot", "")) in ALLOWED:
        return False
    return foot in FORBIDDEN or tags.get("access", "") in FORBIDDEN or tags.get("locked") == "yes"


def _is_platform(tags: Tags) -> bool:
    return "platform" in (tags.get("railway"), tags.get("public_transport")) or tags.get("man_made") == "pier"

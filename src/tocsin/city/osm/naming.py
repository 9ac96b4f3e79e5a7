"""What a thing is called, by language, from the tags `name`, `name:uk`, `name:en` (Key:name)."""

import re

from tocsin.city.osm.tags import Tags

_CYRILLIC = re.compile("[А-ЯІЇЄҐа-яіїєґ]")
_LOCAL = "und"
"""BCP 47's code for a language that is not known: `name` does not say which it is in."""


def names_of(tags: Tags) -> dict[str, str]:
    """Empty if it has no name."""
    found = {lang: tags[f"name:{lang}"].strip() for lang in ("uk", "en") if tags.get(f"name:{lang}", "").strip()}
    if "en" not in found and tags.get("int_name", "").strip():
        found["en"] = tags["int_name"].strip()
    local = tags.get("name", "").strip()
    if local and local not in found.values():
        found.setdefault("uk" if _CYRILLIC.search(local) else _LOCAL, local)
    return found

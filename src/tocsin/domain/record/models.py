"""What class a weapon model is of, by the names that reports use."""

from collections.abc import Iterable
from typing import Final

from tocsin.domain.record.attacks import WeaponClass

_CLASSES: Final[dict[WeaponClass, tuple[str, ...]]] = {
    WeaponClass.BALLISTIC_MISSILE: (
        "Ballistic Missile",
        "Intercontinental Ballistic Missile",
        "Iskander-M",
        "Iskander-M/KN-23",
        "KN-23",
        "Oreshnik",
    ),
    WeaponClass.AEROBALLISTIC: ("X-47 Kinzhal", "Kinzhal", "Kh-47M2"),
    WeaponClass.CRUISE_MISSILE: (
        "3M22 Zircon",
        "Banderol",
        "Iskander-K",
        "Kalibr",
        "P-800 Oniks",
        "X-101/X-555",
        "X-101",
        "X-22",
        "X-22/X-32",
        "X-32",
        "X-35",
    ),
    WeaponClass.GUIDED_AIR_MISSILE: ("X-31", "X-31P", "X-31PD", "X-59", "X-59/X-69", "X-59MK2", "X-69"),
    WeaponClass.SURFACE_TO_AIR_MISSILE: ("C-300", "C-400", "C-300/C-400", "S-300", "S-400", "S-300/S-400"),
    WeaponClass.GUIDED_BOMB: ("GBU", "Aerial Bomb", "KAB"),
    WeaponClass.DRONE: (
        "Shahed-136/131",
        "Shahed",
        "Geran-2",
        "Lancet",
        "Kub",
        "Молнія",
        "Привет-82",
        "Unknown UAV",
    ),
    WeaponClass.RECONNAISSANCE_DRONE: (
        "Eleron",
        "Forpost",
        "Granat-4",
        "Merlin-VR",
        "Mohajer-6",
        "Orion",
        "Orlan-10",
        "Orlan-30",
        "Reconnaissance UAV",
        "Supercam",
        "ZALA",
        "Картограф",
    ),
}
_BY_NAME: Final = {name.casefold(): class_ for class_, names in _CLASSES.items() for name in names}


def class_of(model: str) -> WeaponClass:
    """The class of one model; UNKNOWN for a name that is not in the table."""
    return _BY_NAME.get(" ".join(model.split()).casefold(), WeaponClass.UNKNOWN)


def classes_of(models: Iterable[str]) -> tuple[WeaponClass, ...]:
    """The classes of several, each once, in the order of the enumeration."""
    found = {class_of(model) for model in models}
    return tuple(each for each in WeaponClass if each in found)

"""
Kyiv's ten raions: codes, names, how many live there, and outlines that share their borders.

Codes and Ukrainian names: KATOTTG, the codifier of Ukraine's administrative units, as of 2025-05-16.
Residents: State Statistics Service, thousands, 1 January 2022, rounded.
Outlines: drawn by hand from landmarks, a few vertices each; no map data. A border is written once and
used by the raions on both sides, so there can be neither gap nor overlap.
"""

from typing import NamedTuple

from tocsin.city.geojson import Position

KYIV = "UA80000000000093317"
KYIV_NAMES = {"uk": "Київ", "en": "Kyiv"}


class Raion(NamedTuple):
    """
    Attributes:
        residents: In thousands.
        outline: Names of `BORDERS` in order around the raion; one with a minus is walked backwards.
    """

    code: str
    uk: str
    en: str
    residents: int
    outline: str


BORDERS: dict[str, list[Position]] = {
    # The Dnipro from north to south: the middle of its main channel.
    "river obolon": [(30.520, 50.582), (30.538, 50.560), (30.548, 50.535), (30.546, 50.515), (30.538, 50.4935)],
    "river bridge": [(30.538, 50.4935), (30.536, 50.4870)],
    "river podil": [(30.536, 50.4870), (30.536, 50.472), (30.532, 50.462), (30.5355, 50.4555)],
    "river pechersk": [
        *((30.5355, 50.4555), (30.546, 50.4495), (30.558, 50.4445), (30.5665, 50.4420)),
        *((30.575, 50.435), (30.581, 50.427), (30.588, 50.4172)),
    ],
    "river darnytsia": [(30.588, 50.4172), (30.589, 50.4035)],
    "river south": [(30.589, 50.4035), (30.588, 50.395), (30.585, 50.380), (30.588, 50.362), (30.600, 50.345)],
    # The limits of the city, anticlockwise from where the Dnipro enters it.
    "limit obolon": [
        *((30.520, 50.582), (30.488, 50.572), (30.440, 50.566), (30.400, 50.575)),
        *((30.350, 50.586), (30.305, 50.575), (30.300, 50.545)),
    ],
    "limit sviatoshyn": [
        *((30.300, 50.545), (30.262, 50.530), (30.238, 50.505), (30.270, 50.487), (30.300, 50.470)),
        *((30.318, 50.455), (30.335, 50.440), (30.345, 50.420), (30.372, 50.402), (30.400, 50.399)),
    ],
    "limit solomianka": [(30.400, 50.399), (30.420, 50.388), (30.440, 50.384), (30.452, 50.386)],
    "limit holosiiv": [
        *((30.452, 50.386), (30.432, 50.374), (30.436, 50.358), (30.460, 50.345), (30.470, 50.330)),
        *((30.500, 50.322), (30.512, 50.300), (30.540, 50.290), (30.545, 50.255), (30.570, 50.225)),
        *((30.610, 50.213), (30.645, 50.222), (30.647, 50.250), (30.640, 50.285), (30.622, 50.310)),
        (30.600, 50.345),
    ],
    "limit darnytsia": [
        *((30.600, 50.345), (30.640, 50.342), (30.680, 50.338), (30.720, 50.350), (30.735, 50.370)),
        *((30.760, 50.385), (30.770, 50.410), (30.800, 50.425), (30.826, 50.450), (30.810, 50.468)),
    ],
    "limit desna": [
        *((30.810, 50.468), (30.823, 50.490), (30.790, 50.510), (30.740, 50.520), (30.700, 50.510)),
        *((30.665, 50.505), (30.655, 50.525), (30.640, 50.545), (30.610, 50.560), (30.590, 50.575)),
        *((30.560, 50.588), (30.520, 50.582)),
    ],
    # Inside, right bank.
    "obolon podil": [
        *((30.536, 50.4870), (30.515, 50.4840), (30.495, 50.4835), (30.478, 50.4980), (30.462, 50.5080)),
        *((30.445, 50.5180), (30.425, 50.5265), (30.395, 50.5180), (30.378, 50.510), (30.363, 50.500)),
    ],
    "obolon sviatoshyn": [(30.363, 50.500), (30.345, 50.512), (30.325, 50.530), (30.300, 50.545)],
    "podil sviatoshyn": [(30.363, 50.500), (30.378, 50.4880), (30.398, 50.4830)],
    "podil shevchenko": [
        *((30.398, 50.4830), (30.420, 50.4865), (30.440, 50.4845), (30.455, 50.4790), (30.470, 50.4760)),
        *((30.480, 50.4700), (30.495, 50.4655), (30.505, 50.4620), (30.515, 50.4570), (30.526, 50.4525)),
    ],
    "podil pechersk": [(30.526, 50.4525), (30.5355, 50.4555)],
    "shevchenko pechersk": [(30.526, 50.4525), (30.5252, 50.4490), (30.520, 50.4430), (30.517, 50.4400)],
    "shevchenko holosiiv": [(30.517, 50.4400), (30.508, 50.4390), (30.500, 50.4385)],
    "shevchenko solomianka": [
        *((30.500, 50.4385), (30.490, 50.4440), (30.478, 50.4485), (30.466, 50.4530)),
        *((30.445, 50.4565), (30.420, 50.4570), (30.398, 50.4560)),
    ],
    "sviatoshyn shevchenko": [(30.398, 50.4560), (30.396, 50.470), (30.398, 50.4830)],
    "sviatoshyn solomianka": [(30.398, 50.456), (30.412, 50.445), (30.420, 50.430), (30.412, 50.413), (30.400, 50.399)],
    "solomianka holosiiv": [
        *((30.500, 50.4385), (30.503, 50.430), (30.510, 50.420), (30.508, 50.411)),
        *((30.492, 50.402), (30.470, 50.393), (30.452, 50.386)),
    ],
    "pechersk holosiiv": [
        *((30.517, 50.4400), (30.5150, 50.430), (30.519, 50.418), (30.527, 50.4145)),
        *((30.545, 50.409), (30.560, 50.4045), (30.589, 50.4035)),
    ],
    # Inside, left bank.
    "desna dniprovskyi": [
        *((30.538, 50.4935), (30.560, 50.4915), (30.600, 50.4950), (30.612, 50.480), (30.622, 50.469)),
        *((30.634, 50.4585), (30.655, 50.4500), (30.700, 50.4510), (30.757, 50.4520)),
    ],
    "desna darnytsia": [(30.757, 50.4520), (30.785, 50.455), (30.810, 50.468)],
    "dniprovskyi darnytsia": [
        *((30.588, 50.4172), (30.612, 50.419), (30.640, 50.427), (30.660, 50.433)),
        *((30.700, 50.435), (30.735, 50.440), (30.757, 50.4520)),
    ],
}

CITY_OUTLINE = "limit obolon, limit sviatoshyn, limit solomianka, limit holosiiv, limit darnytsia, limit desna"

RAIONS = (
    Raion(
        "UA80000000000126643",
        "Голосіївський",
        "Holosiivskyi",
        256,
        "pechersk holosiiv, river south, -limit holosiiv, -solomianka holosiiv, -shevchenko holosiiv",
    ),
    Raion(
        "UA80000000000210193",
        "Дарницький",
        "Darnytskyi",
        350,
        "dniprovskyi darnytsia, desna darnytsia, -limit darnytsia, -river south, -river darnytsia",
    ),
    Raion(
        "UA80000000000336424",
        "Деснянський",
        "Desnianskyi",
        372,
        "limit desna, river obolon, desna dniprovskyi, desna darnytsia",
    ),
    Raion(
        "UA80000000000479391",
        "Дніпровський",
        "Dniprovskyi",
        363,
        "desna dniprovskyi, -dniprovskyi darnytsia, -river pechersk, -river podil, -river bridge",
    ),
    Raion(
        "UA80000000000551439",
        "Оболонський",
        "Obolonskyi",
        320,
        "limit obolon, -obolon sviatoshyn, -obolon podil, -river bridge, -river obolon",
    ),
    Raion(
        "UA80000000000624772",
        "Печерський",
        "Pecherskyi",
        165,
        "river pechersk, river darnytsia, -pechersk holosiiv, -shevchenko pechersk, podil pechersk",
    ),
    Raion(
        "UA80000000000719633",
        "Подільський",
        "Podilskyi",
        210,
        "obolon podil, podil sviatoshyn, podil shevchenko, podil pechersk, -river podil",
    ),
    Raion(
        "UA80000000000875983",
        "Святошинський",
        "Sviatoshynskyi",
        342,
        "limit sviatoshyn, -sviatoshyn solomianka, sviatoshyn shevchenko, -podil sviatoshyn, obolon sviatoshyn",
    ),
    Raion(
        "UA80000000000980793",
        "Солом’янський",
        "Solomianskyi",
        386,
        "limit solomianka, -solomianka holosiiv, shevchenko solomianka, sviatoshyn solomianka",
    ),
    Raion(
        "UA80000000001078669",
        "Шевченківський",
        "Shevchenkivskyi",
        217,
        "shevchenko pechersk, shevchenko holosiiv, shevchenko solomianka, sviatoshyn shevchenko, podil shevchenko",
    ),
)


def ring(outline: str) -> list[Position]:
    """
    The closed ring of an outline.

    Raises:
        ValueError: If its borders do not meet, that is, if this file is wrong.
    """
    points: list[Position] = []
    for name in outline.split(", "):
        border = BORDERS[name.lstrip("-")]
        part = border[::-1] if name.startswith("-") else border
        if points and points[-1] != part[0]:
            raise ValueError(f"{name} does not begin where the border before it ends: {outline}")
        points += part[1:] if points else part
    if points[0] != points[-1]:
        raise ValueError(f"not closed: {outline}")
    return points

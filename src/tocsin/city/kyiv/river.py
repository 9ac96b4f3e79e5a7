"""
The Dnipro within Kyiv and the bridges one can walk over.

Coordinates: rounded by hand. Not drawn: lakes, harbours, and the small straits between Trukhaniv, Dolobetskyi and
Venetsianskyi, which are one island here. Metro bridges over the eastern arm are part of the bridge they continue.
"""

from typing import NamedTuple

from tocsin.city.geojson import Position


class Channel(NamedTuple):
    """A stretch of water: the line it follows, and its width in metres along that line."""

    uk: str
    en: str
    width: float
    line: list[Position]


class Bridge(NamedTuple):
    """A bridge by the points where it comes to land, from the right bank to the left."""

    uk: str
    en: str
    landings: list[Position]


CHANNELS = (
    Channel(
        "Дніпро",
        "Dnipro",
        620,
        [
            *((30.520, 50.592), (30.538, 50.560), (30.548, 50.535), (30.546, 50.515), (30.538, 50.4935)),
            *((30.536, 50.4870), (30.536, 50.472), (30.532, 50.462), (30.5355, 50.4555), (30.546, 50.4495)),
            *((30.558, 50.4445), (30.5665, 50.4420), (30.575, 50.435), (30.581, 50.427), (30.588, 50.4172)),
            *((30.589, 50.4035), (30.588, 50.395), (30.585, 50.380), (30.588, 50.362), (30.600, 50.345)),
            *((30.622, 50.310), (30.640, 50.285), (30.647, 50.250), (30.645, 50.215)),
        ],
    ),
    Channel(
        "Десенка й Русанівська протока",
        "Desenka and Rusanivka strait",
        260,
        [
            *((30.548, 50.535), (30.563, 50.520), (30.561, 50.4930), (30.560, 50.475), (30.570, 50.460)),
            *((30.586, 50.4475), (30.5905, 50.4370), (30.581, 50.427)),
        ],
    ),
)

BRIDGES = (
    Bridge("Північний міст", "Pivnichnyi (North) Bridge", [(30.5290, 50.4915), (30.5490, 50.4905), (30.5670, 50.4898)]),
    Bridge("Парковий міст", "Park Bridge (pedestrian)", [(30.5295, 50.4558), (30.5420, 50.4572)]),
    Bridge("Міст Метро", "Metro Bridge", [(30.5585, 50.4400), (30.5725, 50.4448), (30.5945, 50.4510)]),
    Bridge("Міст Патона", "Paton Bridge", [(30.5720, 50.4245), (30.5920, 50.4300)]),
    Bridge("Дарницький міст", "Darnytskyi Bridge", [(30.5800, 50.4135), (30.5975, 50.4165)]),
    Bridge("Південний міст", "Pivdennyi (South) Bridge", [(30.5790, 50.3970), (30.5975, 50.3940)]),
)

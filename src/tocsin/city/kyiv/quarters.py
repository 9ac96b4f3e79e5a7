"""
Where Kyiv is built up: the middle of a quarter, its reach, and how dense it is. Judged by hand, for the demo city only.
Between them lie woods, lakes and gardens, where streets are few and nobody lives in numbers.
"""

from typing import NamedTuple


class Quarter(NamedTuple):
    """
    Attributes:
        reach: Metres from the middle at which density has fallen to 60 % (one standard deviation).
        density: Against the centre of the city, which is 1.
    """

    name: str
    lat: float
    lon: float
    reach: float
    density: float


QUARTERS = (
    Quarter("Maidan", 50.450, 30.519, 1900, 1.00),
    Quarter("Lukianivka", 50.463, 30.482, 1500, 0.75),
    Quarter("Pechersk", 50.430, 30.536, 1500, 0.80),
    Quarter("Podil", 50.467, 30.511, 1100, 0.85),
    Quarter("Kurenivka", 50.492, 30.470, 1300, 0.55),
    Quarter("Vynohradar", 50.506, 30.420, 1500, 0.60),
    Quarter("Obolon", 50.511, 30.500, 1900, 0.90),
    Quarter("Minskyi", 50.518, 30.460, 1200, 0.70),
    Quarter("Pushcha-Vodytsia", 50.540, 30.360, 1200, 0.25),
    Quarter("Syrets", 50.475, 30.430, 1300, 0.60),
    Quarter("Nyvky", 50.461, 30.405, 1300, 0.60),
    Quarter("Sviatoshyn", 50.457, 30.365, 1700, 0.60),
    Quarter("Bilychi", 50.472, 30.345, 1200, 0.45),
    Quarter("Borshchahivka", 50.430, 30.385, 1900, 0.85),
    Quarter("Vidradnyi", 50.432, 30.430, 1500, 0.75),
    Quarter("Chokolivka", 50.424, 30.455, 1500, 0.75),
    Quarter("Solomianka", 50.432, 30.483, 1400, 0.80),
    Quarter("Zhuliany", 50.396, 30.430, 1400, 0.35),
    Quarter("Demiivka", 50.406, 30.513, 1300, 0.70),
    Quarter("Holosiiv", 50.391, 30.495, 1300, 0.60),
    Quarter("Teremky", 50.367, 30.455, 1500, 0.80),
    Quarter("Zvirynets", 50.413, 30.552, 900, 0.50),
    Quarter("Korchuvate", 50.378, 30.553, 1500, 0.40),
    Quarter("Koncha-Zaspa", 50.290, 30.590, 2200, 0.12),
    Quarter("Troieshchyna", 50.514, 30.602, 2100, 0.95),
    Quarter("Voskresenka", 50.483, 30.592, 1300, 0.75),
    Quarter("Lisovyi", 50.467, 30.645, 1500, 0.70),
    Quarter("Livoberezhna", 50.452, 30.600, 1300, 0.85),
    Quarter("Rusanivka", 50.438, 30.598, 1000, 0.80),
    Quarter("Berezniaky", 50.425, 30.608, 1100, 0.75),
    Quarter("Darnytsia", 50.445, 30.630, 1500, 0.70),
    Quarter("DVRZ", 50.446, 30.683, 1200, 0.35),
    Quarter("Pozniaky", 50.405, 30.630, 1700, 1.00),
    Quarter("Osokorky", 50.390, 30.620, 1600, 0.80),
    Quarter("Kharkivskyi", 50.408, 30.665, 1600, 0.85),
    Quarter("Rembaza", 50.428, 30.680, 1300, 0.40),
    Quarter("Bortnychi", 50.375, 30.690, 1700, 0.25),
    Quarter("Bykivnia", 50.473, 30.690, 1000, 0.15),
)

BACKGROUND = 0.03
"""The density of streets outside all quarters: paths through woods and gardens."""

"""The regions of Ukraine as exports name them, and places inside them as paths: code, then names, with `/` between."""

from typing import Final

COUNTRY_CODE: Final = "UA"
KYIV: Final = "UA80000000000093317"

# Code of the first level of KATOTTG (the codifier of 2025-05-16), the adjective of the official English name, the
# noun of news agencies, the Ukrainian adjective.
_REGIONS: Final = (
    ("UA01000000000013043", "Crimea", "Crimea", "Автономна Республіка Крим"),
    ("UA05000000000010236", "Vinnytska", "Vinnytsia", "Вінницька"),
    ("UA07000000000024379", "Volynska", "Volyn", "Волинська"),
    ("UA12000000000090473", "Dnipropetrovska", "Dnipropetrovsk", "Дніпропетровська"),
    ("UA14000000000091971", "Donetska", "Donetsk", "Донецька"),
    ("UA18000000000041385", "Zhytomyrska", "Zhytomyr", "Житомирська"),
    ("UA21000000000011690", "Zakarpatska", "Zakarpattia", "Закарпатська"),
    ("UA23000000000064947", "Zaporizka", "Zaporizhzhia", "Запорізька"),
    ("UA26000000000069363", "Ivano-Frankivska", "Ivano-Frankivsk", "Івано-Франківська"),
    ("UA32000000000030281", "Kyivska", "Kyiv", "Київська"),
    ("UA35000000000016081", "Kirovohradska", "Kirovohrad", "Кіровоградська"),
    ("UA44000000000018893", "Luhanska", "Luhansk", "Луганська"),
    ("UA46000000000026241", "Lvivska", "Lviv", "Львівська"),
    ("UA48000000000039575", "Mykolaivska", "Mykolaiv", "Миколаївська"),
    ("UA51000000000030770", "Odeska", "Odesa", "Одеська"),
    ("UA53000000000028050", "Poltavska", "Poltava", "Полтавська"),
    ("UA56000000000066151", "Rivnenska", "Rivne", "Рівненська"),
    ("UA59000000000057109", "Sumska", "Sumy", "Сумська"),
    ("UA61000000000060328", "Ternopilska", "Ternopil", "Тернопільська"),
    ("UA63000000000041885", "Kharkivska", "Kharkiv", "Харківська"),
    ("UA65000000000030969", "Khersonska", "Kherson", "Херсонська"),
    ("UA68000000000099709", "Khmelnytska", "Khmelnytskyi", "Хмельницька"),
    ("UA71000000000010357", "Cherkaska", "Cherkasy", "Черкаська"),
    ("UA73000000000044923", "Chernivetska", "Chernivtsi", "Чернівецька"),
    ("UA74000000000025378", "Chernihivska", "Chernihiv", "Чернігівська"),
)
NAMES: Final[dict[str, dict[str, str]]] = {
    COUNTRY_CODE: {"uk": "Україна", "en": "Ukraine"},
    KYIV: {"uk": "Київ", "en": "Kyiv"},
    "UA85000000000065278": {"uk": "Севастополь", "en": "Sevastopol"},
    **{
        code: {"uk": uk if " " in uk else f"{uk} область", "en": en if en == "Crimea" else f"{en} oblast"}
        for code, _, en, uk in _REGIONS
    },
}
_REGION_CODES: Final = {
    **{
        f"{name.casefold()}{ending}": code
        for code, *names in _REGIONS
        for name in names
        for ending in (" oblast", " область", " region")
    },
    "ukraine": COUNTRY_CODE,
    "україна": COUNTRY_CODE,
    "crimea": "UA01000000000013043",
    "автономна республіка крим": "UA01000000000013043",
    "kyiv": KYIV,
    "kyiv city": KYIV,
    "київ": KYIV,
    "м. київ": KYIV,
    "sevastopol": "UA85000000000065278",
    "севастополь": "UA85000000000065278",
}
# Towns that reports of launches name without their region.
_TOWNS: Final = {
    "Dnipro": "Dnipropetrovsk",
    "Kryvyi Rih": "Dnipropetrovsk",
    "Kharkiv": "Kharkiv",
    "Kherson": "Kherson",
    "Kolomyia": "Ivano-Frankivsk",
    "Kramatorsk": "Donetsk",
    "Kremenchuk": "Poltava",
    "Lutsk": "Volyn",
    "Ochakiv": "Mykolaiv",
    "Odesa": "Odesa",
    "Snake Island": "Odesa",
    "Starokostiantyniv": "Khmelnytskyi",
    "Sumy": "Sumy",
    "Vinnytsia": "Vinnytsia",
    "Zaporizhzhia": "Zaporizhzhia",
}
_TOWN_PATHS: Final = {
    town.casefold(): f"{_REGION_CODES[f'{region.casefold()} oblast']}/{town}" for town, region in _TOWNS.items()
}
# An air force counts by directions. They are no areas, but say more than the country does.
DIRECTIONS: Final = frozenset(
    {"north", "south", "east", "west", "center", "north-east", "south-east", "north-west", "south-west", "front line"}
)


def region_code(name: str) -> str | None:
    """The code of a region by one of its names, such as `Kyivska oblast`, `Kyiv oblast` or `Київська область`."""
    return _REGION_CODES.get(" ".join(name.split()).casefold())


def town_path(name: str) -> str | None:
    """The path of a town that is named without its region."""
    return _TOWN_PATHS.get(" ".join(name.split()).casefold())


def contains(outer: str, inner: str) -> bool:
    """Whether one place lies in another or is the same."""
    return outer in (inner, COUNTRY_CODE) or inner.startswith(f"{outer}/")


def region_of(path: str) -> str:
    """The first part of a path: the code of its region, or of the country."""
    return path.partition("/")[0]

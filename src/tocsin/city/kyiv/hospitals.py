"""
Hospitals of Kyiv that take the wounded. Names and places are real, coordinates rounded by hand to about 100 metres.
The beds are SYNTHETIC: plausible numbers, told apart by the bed types of OASIS EDXL-HAVE 1.0. They say nothing
about what any hospital has.
"""

from typing import NamedTuple


class Facts(NamedTuple):
    """
    Attributes:
        beds: Synthetic. Adult intensive care, medical and surgical, burns, paediatric intensive care, paediatrics.
    """

    id: str
    uk: str
    en: str
    lat: float
    lon: float
    beds: tuple[int, int, int, int, int]


BED_TYPES = ("AdultICU", "MedicalSurgical", "Burn", "PediatricICU", "Pediatrics")

HOSPITALS = (
    Facts("okhmatdyt", "«Охматдит»", "Okhmatdyt National Children’s Hospital", 50.451, 30.481, (0, 0, 10, 48, 620)),
    Facts("children-1", "Дитяча лікарня № 1", "Children’s City Hospital No. 1", 50.526, 30.491, (0, 0, 0, 18, 320)),
    Facts("children-2", "Дитяча лікарня № 2", "Children’s City Hospital No. 2", 50.461, 30.621, (0, 0, 0, 14, 260)),
    Facts("emergency", "Лікарня швидкої допомоги", "City Emergency Hospital", 50.477, 30.624, (60, 720, 0, 0, 0)),
    Facts("city-1", "Міська лікарня № 1", "City Clinical Hospital No. 1", 50.425, 30.662, (42, 640, 0, 0, 0)),
    Facts("city-2", "Міська лікарня № 2", "City Clinical Hospital No. 2", 50.460, 30.617, (24, 300, 90, 6, 20)),
    Facts("city-3", "Міська лікарня № 3", "City Clinical Hospital No. 3", 50.462, 30.639, (24, 360, 0, 0, 0)),
    Facts("city-4", "Міська лікарня № 4", "City Clinical Hospital No. 4", 50.431, 30.479, (24, 400, 0, 0, 0)),
    Facts("city-6", "Міська лікарня № 6", "City Clinical Hospital No. 6", 50.438, 30.426, (27, 450, 0, 0, 0)),
    Facts("city-8", "Міська лікарня № 8", "City Clinical Hospital No. 8", 50.519, 30.456, (30, 600, 0, 0, 0)),
    Facts("city-9", "Міська лікарня № 9", "City Clinical Hospital No. 9", 50.491, 30.447, (24, 480, 0, 0, 0)),
    Facts("city-12", "Міська лікарня № 12", "City Clinical Hospital No. 12", 50.419, 30.549, (24, 480, 0, 0, 0)),
    Facts("city-17", "Міська лікарня № 17", "City Clinical Hospital No. 17", 50.429, 30.533, (36, 340, 0, 0, 0)),
    Facts("oleksandrivska", "Олександрівська лікарня", "Oleksandrivska Hospital", 50.438, 30.529, (60, 1100, 0, 0, 0)),
    Facts("military", "Військовий госпіталь", "Main Military Clinical Hospital", 50.437, 30.527, (60, 900, 20, 0, 0)),
    Facts("feofaniia", "Лікарня «Феофанія»", "Feofaniia Clinical Hospital", 50.341, 30.489, (30, 480, 0, 0, 0)),
)

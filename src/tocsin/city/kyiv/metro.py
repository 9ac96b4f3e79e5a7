"""
Kyiv's underground metro stations, all of which are shelters.

Of the network's 52 stations six stand above the ground and are left out: Dnipro, Hidropark, Livoberezhna, Darnytsia,
Chernihivska and Lisova. Names: Kyiv Metro, as of 2025. Coordinates: plain facts rounded to four decimals (about ten
metres), checked against the entrances in OpenStreetMap. Step-free: stations with lifts or ramps to the street.
"""

from typing import NamedTuple


class Station(NamedTuple):
    line: str
    uk: str
    en: str
    lat: float
    lon: float
    step_free: bool = False


STATIONS = (
    Station("M1", "Академмістечко", "Akademmistechko", 50.4648, 30.3552),
    Station("M1", "Житомирська", "Zhytomyrska", 50.4561, 30.3650),
    Station("M1", "Святошин", "Sviatoshyn", 50.4579, 30.3910, step_free=True),
    Station("M1", "Нивки", "Nyvky", 50.4589, 30.4044),
    Station("M1", "Берестейська", "Beresteiska", 50.4590, 30.4202),
    Station("M1", "Шулявська", "Shuliavska", 50.4550, 30.4453),
    Station("M1", "Політехнічний інститут", "Politekhnichnyi Instytut", 50.4508, 30.4662),
    Station("M1", "Вокзальна", "Vokzalna", 50.4417, 30.4883),
    Station("M1", "Університет", "Universytet", 50.4443, 30.5059),
    Station("M1", "Театральна", "Teatralna", 50.4452, 30.5180),
    Station("M1", "Хрещатик", "Khreshchatyk", 50.4472, 30.5227),
    Station("M1", "Арсенальна", "Arsenalna", 50.4443, 30.5454),
    Station("M2", "Героїв Дніпра", "Heroiv Dnipra", 50.5227, 30.4989),
    Station("M2", "Мінська", "Minska", 50.5122, 30.4985),
    Station("M2", "Оболонь", "Obolon", 50.5015, 30.4981),
    Station("M2", "Почайна", "Pochaina", 50.4861, 30.4979),
    Station("M2", "Тараса Шевченка", "Tarasa Shevchenka", 50.4735, 30.5046),
    Station("M2", "Контрактова площа", "Kontraktova Ploshcha", 50.4659, 30.5148),
    Station("M2", "Поштова площа", "Poshtova Ploshcha", 50.4592, 30.5247),
    Station("M2", "Майдан Незалежності", "Maidan Nezalezhnosti", 50.4500, 30.5239),
    Station("M2", "Площа Українських Героїв", "Ploshcha Ukrainskykh Heroiv", 50.4394, 30.5163),
    Station("M2", "Олімпійська", "Olimpiiska", 50.4323, 30.5162),
    Station("M2", "Палац «Україна»", "Palats Ukraina", 50.4208, 30.5207),
    Station("M2", "Либідська", "Lybidska", 50.4131, 30.5245),
    Station("M2", "Деміївська", "Demiivska", 50.4048, 30.5169, step_free=True),
    Station("M2", "Голосіївська", "Holosiivska", 50.3976, 30.5095, step_free=True),
    Station("M2", "Васильківська", "Vasylkivska", 50.3933, 30.4880, step_free=True),
    Station("M2", "Виставковий центр", "Vystavkovyi Tsentr", 50.3822, 30.4775, step_free=True),
    Station("M2", "Іподром", "Ipodrom", 50.3765, 30.4685, step_free=True),
    Station("M2", "Теремки", "Teremky", 50.3669, 30.4541, step_free=True),
    Station("M3", "Сирець", "Syrets", 50.4763, 30.4307),
    Station("M3", "Дорогожичі", "Dorohozhychi", 50.4736, 30.4489),
    Station("M3", "Лук’янівська", "Lukianivska", 50.4624, 30.4818),
    Station("M3", "Золоті ворота", "Zoloti Vorota", 50.4484, 30.5136),
    Station("M3", "Палац спорту", "Palats Sportu", 50.4381, 30.5209),
    Station("M3", "Кловська", "Klovska", 50.4369, 30.5318),
    Station("M3", "Печерська", "Pecherska", 50.4276, 30.5390),
    Station("M3", "Звіринецька", "Zvirynetska", 50.4182, 30.5451),
    Station("M3", "Видубичі", "Vydubychi", 50.4016, 30.5613),
    Station("M3", "Славутич", "Slavutych", 50.3942, 30.6044, step_free=True),
    Station("M3", "Осокорки", "Osokorky", 50.3954, 30.6162),
    Station("M3", "Позняки", "Pozniaky", 50.3980, 30.6346),
    Station("M3", "Харківська", "Kharkivska", 50.4008, 30.6521),
    Station("M3", "Вирлиця", "Vyrlytsia", 50.4032, 30.6661, step_free=True),
    Station("M3", "Бориспільська", "Boryspilska", 50.4037, 30.6842, step_free=True),
    Station("M3", "Червоний хутір", "Chervonyi Khutir", 50.4094, 30.6956, step_free=True),
)

"""A small tree of areas and alerts over it, for the tests of everything that speaks of alerts."""

from datetime import UTC, datetime

from tocsin.city.areas import Area, AreaTree
from tocsin.domain.warning import Phase, RaiseAlert, Threat
from tocsin.kernel.event import Actor

START = datetime(2025, 4, 23, 21, 36, 3, tzinfo=UTC)
OFFICER = Actor("olena", "duty_officer")
TREE = AreaTree(
    [
        Area(code="oblast", level="oblast", names={"uk": "область"}),
        Area(code="kyiv", level="city", names={"uk": "Київ"}, parent="oblast"),
        Area(code="podil", level="raion", names={"uk": "Подільський"}, parent="kyiv"),
        Area(code="obolon", level="raion", names={"uk": "Оболонський"}, parent="kyiv"),
    ]
)


def raised(alert: str, *areas: str, threat: Threat = Threat.MISSILE, phase: Phase = Phase.ALERT) -> RaiseAlert:
    return RaiseAlert(alert=alert, areas=areas, threat=threat, phase=phase)

"""What a question chose, as rows for the forms of others."""

from tocsin.domain.record.attacks import COUNTRY, HitRecorded, WeaponClass
from tocsin.domain.record.regions import NAMES
from tocsin.domain.source import Source
from tocsin.flow.answers import casualty_report
from tocsin.flow.record.asked import Asked, Fits, choose, injured_in
from tocsin.flow.system import System
from tocsin.formats.hxl import write_hxl
from tocsin.formats.record import WRITERS, Bounds, Cited, Down, Export, RecordRow
from tocsin.views.attacks import AttackState, KilledBounds

EXACT, FIRST_LEVEL, WHOLE_COUNTRY = 1, 4, 6
"""UCDP's where_prec: a town or better, a region, the country."""


def export(system: System, asked: Asked, form: Export) -> tuple[str, str]:
    """
    The attacks that surely fit, as a document.

    Returns:
        Its media type and its text.

    Raises:
        Invalid, Unknown: As `choose`.
    """
    with system.projector.looking():
        chosen = choose(system, asked).sure
        if form is Export.HXL:
            reports = (casualty_report(system, each.attack.attack, asked.as_of, None, system.sender) for each in chosen)
            return "text/csv", write_hxl(reports)
        rows = [_row(system, asked, each) for each in chosen]
    media_type, write = WRITERS[form]
    return media_type, write(rows)


def _row(system: System, asked: Asked, fits: Fits) -> RecordRow:
    attack = fits.attack
    placed = next((hit for hit in fits.hits if hit.lat is not None), None)
    first, second = _admin(system, placed.area if placed else attack.area)
    return RecordRow(
        number=_number(system, attack),
        attack=attack.attack,
        names=attack.names,
        start=attack.start,
        end=attack.end,
        start_precision_minutes=attack.start_precision_minutes,
        date_local=attack.date_local,
        time_zone=attack.time_zone,
        area=attack.area,
        where_prec=_where_prec(attack, placed is not None),
        country=NAMES["UA"]["en"] if attack.area.startswith("UA") else "",
        admin1=first,
        admin2=second,
        lat=placed.lat if placed else None,
        lon=placed.lon if placed else None,
        counted=_counted(attack),
        intercepted=_intercepted(attack),
        hits=tuple(_down(system, each) for each in fits.hits),
        killed=_bounds(fits.killed),
        civilians=_civilians(system, asked, attack.attack),
        injured=_bounds(injured_in(system, attack.attack, asked.as_of, asked.recorded)),
        sources=_sources(fits),
        as_of=asked.as_of,
    )


def _number(system: System, attack: AttackState) -> int:
    """Its place among all attacks in the order in which they were opened, which never changes."""
    return list(system.views.attacks.state.attacks).index(attack.attack) + 1


def _where_prec(attack: AttackState, placed: bool) -> int:
    if attack.where_precision is not None:
        return attack.where_precision
    if placed:
        return EXACT
    if len(attack.area) == COUNTRY:
        return WHOLE_COUNTRY
    # A region's own code of KATOTTG; the two cities of that rank are towns all the same.
    towns = {code for code, names in NAMES.items() if names["en"] in ("Kyiv", "Sevastopol")}
    return FIRST_LEVEL if attack.area in NAMES and attack.area not in towns else EXACT


def _admin(system: System, area: str) -> tuple[str, str]:
    """English names of the first level and of the area itself, where it lies below."""
    areas = system.city.areas
    if area not in areas:
        return (NAMES[area]["en"], "") if area in NAMES and len(area) != COUNTRY else ("", "")
    outermost = (area, *areas.ancestors(area))[-1]
    own = areas[area].names.get("en", area) if outermost != area else ""
    return areas[outermost].names.get("en", outermost), own


def _counted(attack: AttackState) -> dict[WeaponClass, int]:
    """One publisher's count, the last that was recorded: counts of two are never added up."""
    last = max(attack.counts.values(), key=lambda each: each.recorded_at, default=None)
    found: dict[WeaponClass, int] = {}
    for row in last.weapons if last else ():
        if row.launched is not None:
            found[row.weapon_class] = found.get(row.weapon_class, 0) + row.launched
    return found


def _intercepted(attack: AttackState) -> int | None:
    last = max(attack.counts.values(), key=lambda each: each.recorded_at, default=None)
    return last.totals.intercepted if last else None


def _bounds(killed: KilledBounds | None) -> Bounds | None:
    return None if killed is None else Bounds(killed.low, killed.best, killed.high)


def _civilians(system: System, asked: Asked, attack: str) -> int | None:
    if attack not in system.views.ledger.state.attacks:
        return None
    figure = system.views.ledger.account(attack, asked.as_of, recorded=asked.recorded).figures.get("killed:civilian")
    return None if figure is None else figure.best


def _sources(fits: Fits) -> tuple[Cited, ...]:
    attack = fits.attack
    found = [attack.source, *(hit.source for hit in fits.hits), *(count.source for count in attack.counts.values())]
    return tuple(dict.fromkeys(_cited(each) for each in found if each is not None))


def _cited(source: Source) -> Cited:
    return Cited(source.publisher, source.url, source.name, source.published)


def _down(system: System, hit: HitRecorded) -> Down:
    areas = system.city.areas
    return Down(
        hit=hit.hit,
        time=hit.time,
        precision_minutes=hit.precision_minutes,
        area=hit.area,
        area_names=areas[hit.area].names if hit.area in areas else {},
        lat=hit.lat,
        lon=hit.lon,
        weapon_class=hit.weapon_class,
        effect=hit.effect,
        damage=hit.damage,
        source=_cited(hit.source),
    )

"""Whether a worksite's totals agree: what is asked before it is closed."""

from tocsin.domain.response.worksites.commands import CloseWorksite
from tocsin.domain.response.worksites.form import Outcome
from tocsin.domain.response.worksites.site import Worksite


def disagreements(site: Worksite, command: CloseWorksite) -> tuple[str, ...]:
    """
    What does not add up, in words; empty if everything does.

    Sum of G7 = rescued alive, sum of G8 = recovered dead (claims rule E10); the victim extrication forms, where any
    were kept, say the same; nobody is being reached (G18), and nobody still missing (G17) without a word on it.
    """
    alive = sum(report.live_rescues for report in site.reports)
    dead = sum(report.dead_recovered for report in site.reports)
    found: list[str] = []
    if command.rescued_alive not in (None, alive):
        found.append(f"rescued_alive: {command.rescued_alive} stated, the reports sum to {alive} (G7)")
    if command.recovered_dead not in (None, dead):
        found.append(f"recovered_dead: {command.recovered_dead} stated, the reports sum to {dead} (G8)")
    if site.victims:
        live = sum(victim.outcome is Outcome.LIVE for victim in site.victims)
        if live != alive:
            found.append(f"live_rescues: {live} extrication forms of the living (V9), the reports sum to {alive} (G7)")
        if len(site.victims) - live != dead:
            forms = len(site.victims) - live
            found.append(f"dead_recovered: {forms} extrication forms of the dead (V9), the reports sum to {dead} (G8)")
    # People who were missing are often found at home: whoever closes says in the note what became of them.
    if site.reports and site.missing and not command.note.strip():
        found.append(f"missing: {site.missing} still missing (G17)")
    if site.live_contacts:
        found.append(f"live_contacts: {site.live_contacts} still to be reached (G18)")
    return tuple(found)

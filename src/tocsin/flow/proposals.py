"""Which reports and worksites may be one place: for a person to merge."""

from datetime import timedelta

from tocsin.domain.response.clusters import Proposal, Sighting, propose
from tocsin.domain.response.worksites import WORKABLE
from tocsin.flow.system import System

LOOKED_BACK = timedelta(hours=24)
"""A report that nobody has taken up for so long is not of this attack."""


def proposals(system: System) -> tuple[Proposal, ...]:
    """Of the reports that are no worksite's yet and the worksites that are worked on. The caller holds the views."""
    since = system.clock() - LOOKED_BACK
    reports = [
        Sighting(id=each.impact, lat=each.lat, lon=each.lon, time=each.time, address=each.address)
        for each in system.views.impacts.all()
        if not each.worksite and each.time >= since
    ]
    sites = [
        Sighting(id=each.id, lat=each.lat, lon=each.lon, time=each.opened_at, address=each.address, worksite=True)
        for each in system.views.worksites.all()
        if each.stage in WORKABLE
    ]
    return propose([*reports, *sites])

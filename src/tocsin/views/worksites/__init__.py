"""Worksites: how far each is, who works there, and whom they found."""

from tocsin.views.worksites.fold import Worksites
from tocsin.views.worksites.state import (
    LevelDone,
    TeamThere,
    VictimMark,
    Victims,
    WorksiteLine,
    WorksitesState,
    WorksiteState,
)

__all__ = [
    "LevelDone",
    "TeamThere",
    "VictimMark",
    "Victims",
    "WorksiteLine",
    "WorksiteState",
    "Worksites",
    "WorksitesState",
]

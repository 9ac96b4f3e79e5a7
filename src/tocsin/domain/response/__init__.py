"""Rescue: what was seen, where it hit, the sites that are worked on, who works there and who is brought out."""

from tocsin.domain.response.hospitals import HOSPITAL
from tocsin.domain.response.impacts import IMPACT
from tocsin.domain.response.needs import NEED
from tocsin.domain.response.observations import OBSERVATION
from tocsin.domain.response.patients import PATIENT
from tocsin.domain.response.teams import TEAM
from tocsin.domain.response.worksites import SECTOR, WORKSITE

RESPONSE = (OBSERVATION, IMPACT, SECTOR, WORKSITE, TEAM, NEED, PATIENT, HOSPITAL)

__all__ = ["HOSPITAL", "IMPACT", "NEED", "OBSERVATION", "PATIENT", "RESPONSE", "SECTOR", "TEAM", "WORKSITE"]

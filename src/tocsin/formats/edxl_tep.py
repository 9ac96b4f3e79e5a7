"""
A patient as EDXL-TEP 1.1: where they are and how they do.

Source: OASIS, Tracking of Emergency Patients, CS02 of 21 September 2018.
The element names are those of the draft model with the lower camel case of 1.1. No schema of 1.1 was at hand to check
against, so what is written keeps to the fields that both have. Nothing that identifies a person is written: the
receiving hospital asks for it, and that look is recorded.
"""

from datetime import datetime

import msgspec
from lxml import etree

TEP = "urn:oasis:names:tc:emergency:edxl:tep:1.1"

# Read as: this category of START is this triage status.
STATUS = {"red": "Priority1", "yellow": "Priority2", "green": "Priority3", "black": "Priority4"}
GENDER = {"female": "F", "male": "M", "unknown": "U"}


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        incident: The attack; empty if that is not known yet.
        disposition: How far the patient has come, in our own words.
        triaged_at: When the category was last looked at.
    """

    patient: str
    incident: str
    category: str
    dead: bool
    child: bool
    sex: str
    family: str
    hospital: str
    team: str
    disposition: str
    triaged_at: datetime | None


def write_tep(tracked: Tracked, *, sender: str, now: datetime) -> bytes:
    """The document, in UTF-8 with its declaration."""
    root = etree.Element(f"{{{TEP}}}tepMessage", nsmap={"tep": TEP})
    _add(root, "messageID", f"{sender},{tracked.patient},{now:%Y%m%dT%H%M%S}")
    _add(root, "systemID", sender)
    _add(root, "reportDateTime", _time(now))
    if tracked.incident:
        _add(_add(root, "incident"), "incidentID", tracked.incident)
    patient = _add(root, "patient")
    _add(patient, "patientUniqueID", tracked.patient)
    info = _add(patient, "patientInformation")
    _add(info, "gender", GENDER[tracked.sex])
    if tracked.child:
        _add(info, "specialClassification", "Child")
    if tracked.family:
        _add(info, "familyUnificationCode", tracked.family)
    _add(patient, "triageStatus", "Dead" if tracked.dead else STATUS[tracked.category])
    if tracked.triaged_at is not None:
        _add(patient, "triageStatusDateTime", _time(tracked.triaged_at))
    _add(patient, "currentDisposition", tracked.disposition)
    if tracked.team:
        _add(_add(patient, "transport"), "transportAgency", tracked.team)
    if tracked.hospital:
        _add(_add(patient, "provider"), "hospitalName", tracked.hospital)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{TEP}}}{name}")
    child.text = text
    return child


def _time(moment: datetime) -> str:
    """EDXL's pattern: no fraction, and an offset in digits even for UTC."""
    return moment.isoformat(timespec="seconds")

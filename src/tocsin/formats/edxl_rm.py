"""A need as a RequestResource message of EDXL-RM 1.0 (OASIS, Resource Messaging, 2008), valid by its schema."""

from datetime import datetime

import msgspec
from lxml import etree

MESSAGE = "urn:oasis:names:tc:emergency:EDXL:RM:1.0:msg"
COMMON = "urn:oasis:names:tc:emergency:EDXL:RM:1.0"
TYPES = "urn:tocsin:team-types"
"""Our own list of kinds of teams."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    Attributes:
        incident: The attack; empty if that is not known yet.
        team_type: The kind of team; empty where it is none.
        left: How many are still lacking.
        place: Where to report to, in words.
        requester: Who asks, by role: no person is named.
    """

    need: str
    incident: str
    team_type: str
    what: str
    left: int
    wanted_by: datetime | None
    place: str
    requester: str


def write_request(request: Request, *, sender: str, now: datetime) -> bytes:
    """The message, in UTF-8 with its declaration."""
    root = etree.Element(f"{{{MESSAGE}}}RequestResource", nsmap={"rmsg": MESSAGE, "rm": COMMON})
    message = f"{sender},{request.need}"
    _msg(root, "MessageID", f"{message},{now:%Y%m%dT%H%M%S}")
    _msg(root, "SentDateTime", _time(now))
    _msg(root, "MessageContentType", "RequestResource")
    _msg(root, "MessageDescription", request.what)
    _msg(root, "OriginatingMessageID", message)
    if request.incident:
        _rm(_msg(root, "IncidentInformation"), "IncidentID", request.incident)
    contact = _msg(root, "ContactInformation")
    _rm(contact, "ContactDescription", f"{request.requester}, {sender}")
    _rm(contact, "ContactRole", "Requester")
    _resource(_msg(root, "ResourceInformation"), request)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _resource(information: etree._Element, request: Request) -> None:
    _msg(information, "ResourceInfoElementID", request.need)
    resource = _msg(information, "Resource")
    _msg(resource, "Name", request.team_type or request.what)
    if request.team_type:
        structure = _msg(resource, "TypeStructure")
        _rm(structure, "ValueListURN", TYPES)
        _rm(structure, "Value", request.team_type)
    _msg(resource, "Description", request.what)
    amount = _rm(_msg(_msg(information, "AssignmentInformation"), "Quantity"), "MeasuredQuantity")
    _rm(amount, "Amount", str(request.left))
    schedule = _msg(information, "ScheduleInformation")
    _msg(schedule, "ScheduleType", "RequestedArrival" if request.wanted_by else "ReportTo")
    if request.wanted_by is not None:
        _msg(schedule, "DateTime", _time(request.wanted_by))
    _rm(_msg(schedule, "Location"), "LocationDescription", request.place)


def _msg(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{MESSAGE}}}{name}")
    child.text = text
    return child


def _rm(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{COMMON}}}{name}")
    child.text = text
    return child


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")

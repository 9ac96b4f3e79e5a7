"""
Hospitals as EDXL-HAVE 1.0 (OASIS, Hospital AVailability Exchange, 2008), out and in.

Outgoing documents are valid by the schema; only hospitals that have reported are in them, since LastUpdateTime is
required. Incoming ones are read by the same names; what we have no field for is passed over.
"""

from collections.abc import Iterable, Sequence

import msgspec
from lxml import etree

from tocsin.domain.response.hospitals import Beds, BedType, Facility, Offload, ReportHospital, Service, Traffic, Triaged
from tocsin.formats.cap_xml import children, instant, name_of, namespace_of, parse, path_of, said
from tocsin.kernel.errors import Invalid
from tocsin.kernel.event import Instant

HAVE = "urn:oasis:names:tc:emergency:EDXL:HAVE:1.0"
NAMES = "urn:oasis:names:tc:ciq:xnl:3"
GML = "http://www.opengis.net/gml"
NSMAP = {None: HAVE, "xnl": NAMES, "gml": GML}
COLOURS = ("red", "yellow", "green", "black")

# Read as: this service stands in the document as a child of this element.
WRAPPED = {
    Service.CARDIOLOGY: "CardiologyIndicator",
    Service.NEUROLOGY: "NeurologyIndicator",
    Service.OBGYN: "OBGYNIndicator",
    Service.PSYCHIATRIC: "PsychiatricIndicator",
    Service.SURGERY: "SurgeryIndicator",
    Service.TRANSPORT: "TransportServicesIndicator",
}


class HaveHospital(msgspec.Struct, frozen=True, kw_only=True):
    """One hospital as it is told of."""

    id: str
    name: str
    lat: float
    lon: float
    beds: dict[BedType, Beds]
    ed_status: Traffic
    offload: Offload
    offload_minutes: int | None
    facility: Facility
    updated: Instant


def write_have(hospitals: Sequence[HaveHospital]) -> bytes:
    """
    Raises:
        Invalid: If there is no hospital: the schema wants one.
    """
    if not hospitals:
        raise Invalid("no hospital has reported yet", "hospitals")
    root = etree.Element(f"{{{HAVE}}}HospitalStatus", nsmap=NSMAP)  # type: ignore[arg-type]
    for each in hospitals:
        _hospital(root, each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _hospital(root: etree._Element, told: HaveHospital) -> None:
    hospital = _add(root, "Hospital")
    _organization(hospital, told)
    _emergency(hospital, told)
    if told.beds:
        _beds(hospital, told.beds)
    _services(hospital, told.facility)
    _facility(hospital, told.facility)
    _resources(hospital, told.facility)
    _add(hospital, "LastUpdateTime", told.updated.isoformat(timespec="seconds"))


def _organization(hospital: etree._Element, told: HaveHospital) -> None:
    organization = _add(hospital, "Organization")
    information = _add(organization, "OrganizationInformation")
    name = etree.SubElement(information, f"{{{NAMES}}}OrganisationName", {f"{{{NAMES}}}OrganisationID": told.id})
    etree.SubElement(name, f"{{{NAMES}}}NameElement").text = told.name
    point = etree.SubElement(_add(organization, "OrganizationGeoLocation"), f"{{{GML}}}Point")
    etree.SubElement(point, f"{{{GML}}}pos").text = f"{told.lat} {told.lon}"


def _emergency(hospital: etree._Element, told: HaveHospital) -> None:
    house = told.facility
    emergency = _add(hospital, "EmergencyDepartmentStatus")
    traffic = _add(emergency, "EMSTraffic")
    _add(traffic, "EMSTrafficStatus", told.ed_status)
    if house.traffic_reason:
        _add(traffic, "EMSTrafficReason", house.traffic_reason)
    _triaged(emergency, "EMSCapacity", house.ems_capacity)
    _triaged(emergency, "EMSCensus", house.ems_census)
    _offload(emergency, "EMSAmbulanceStatus", told.offload, told.offload_minutes)
    if house.air_offload is not None:
        _offload(emergency, "EMSAirTransportStatus", house.air_offload, house.air_offload_minutes)


def _triaged(emergency: etree._Element, name: str, counts: Triaged | None) -> None:
    if counts is None:
        return
    parent = _add(emergency, name)
    for colour in COLOURS:
        count: int | None = getattr(counts, colour)
        if count is not None:
            code = _add(parent, "TriageCode")
            _add(code, "TriageCodeValue", colour.capitalize())
            _add(code, "TriageCountQuantity", str(count))


def _offload(emergency: etree._Element, name: str, offload: Offload, minutes: int | None) -> None:
    status = _add(emergency, name)
    _add(status, "EMSOffloadStatus", offload)
    _maybe(status, "EMSOffloadMinutes", minutes)


def _beds(hospital: etree._Element, beds: dict[BedType, Beds]) -> None:
    parent = _add(hospital, "HospitalBedCapacityStatus")
    for type_ in BedType:
        if (told := beds.get(type_)) is not None:
            capacity = _add(parent, "BedCapacity")
            _add(capacity, "BedType", type_)
            counts = _add(capacity, "Capacity")
            _add(counts, "CapacityStatus", "Vacant/Available" if told.available else "NotAvailable")
            _add(counts, "AvailableCount", str(told.available))
            _maybe(counts, "BaselineCount", told.baseline)
            _maybe(counts, "AdditionalCapacityCount24Hr", told.additional_24h)
            _maybe(counts, "AdditionalCapacityCount72Hr", told.additional_72h)


def _services(hospital: etree._Element, house: Facility) -> None:
    if not house.services and house.trauma_level is None:
        return
    parent = _add(hospital, "ServiceCoverageStatus")
    for service in Service:
        if (covered := house.services.get(service)) is not None:
            holder = _add(parent, WRAPPED[service]) if service in WRAPPED else parent
            _add(holder, service, str(covered).lower())
    if house.trauma_level is not None:
        trauma = _add(parent, "TraumaCenterServicesIndicator")
        _add(trauma, "TraumaCenterServices", "true")
        _add(trauma, "TraumaCenterServicesLevel", f"Level{house.trauma_level}")


def _facility(hospital: etree._Element, house: Facility) -> None:
    parent = etree.Element(f"{{{HAVE}}}HospitalFacilityStatus")
    if house.eoc_active is not None:
        _add(parent, "HospitalEOCStatus", "Active" if house.eoc_active else "Inactive")
    _maybe(parent, "ClinicalStatus", house.clinical)
    if house.decon is not None:
        _add(_add(parent, "DeconCapacity"), "DeconCapacityStatus", house.decon)
    if house.morgue is not None or house.morgue_units is not None:
        morgue = _add(parent, "MorgueCapacity")
        _maybe(morgue, "MorgueCapacityStatus", house.morgue)
        _maybe(morgue, "MorgueCapacityUnits", house.morgue_units)
    _maybe(parent, "FacilityStatus", house.facility)
    _maybe(parent, "SecurityStatus", house.security)
    day = (house.admissions_24h, house.discharges_24h, house.deaths_24h)
    if any(count is not None for count in day):
        activity = _add(parent, "Activity24Hr")
        for name, count in zip(("Admissions", "Discharges", "Deaths"), day, strict=True):
            _maybe(activity, name, count)
    if len(parent):
        hospital.append(parent)


def _resources(hospital: etree._Element, house: Facility) -> None:
    told = (house.staffing, house.facility_operations, house.clinical_operations)
    if any(each is not None for each in told):
        parent = _add(hospital, "HospitalResourcesStatus")
        for name, each in zip(("Staffing", "FacilityOperations", "ClinicalOperations"), told, strict=True):
            _maybe(parent, name, each)


def _maybe(parent: etree._Element, name: str, value: object | None) -> None:
    if value is not None:
        _add(parent, name, str(value))


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{HAVE}}}{name}")
    child.text = text
    return child


def read_have(document: bytes) -> list[ReportHospital]:
    """
    The reports in a document, one for each hospital, by the id in OrganisationID.

    Raises:
        Invalid: If it is no HAVE 1.0, or a value is not one of the standard's, naming the element.
    """
    root = parse(document)
    if (namespace_of(root), name_of(root)) != (HAVE, "HospitalStatus"):
        raise Invalid("not a HospitalStatus of EDXL-HAVE 1.0", "document")
    return [_read_hospital(each) for each in children(root, "Hospital")]


def _read_hospital(hospital: etree._Element) -> ReportHospital:
    emergency = _child(hospital, "EmergencyDepartmentStatus")
    ambulances = _child(emergency, "EMSAmbulanceStatus")
    updated = instant(said(hospital, "LastUpdateTime"))
    if updated is None:
        raise Invalid("a time with an offset is needed", f"{path_of(hospital)}/LastUpdateTime")
    fields = {
        "hospital": _id(hospital),
        "beds": dict(_read_beds(hospital)),
        "ed_status": _text(_child(emergency, "EMSTraffic"), "EMSTrafficStatus") or Traffic.NOT_APPLICABLE,
        "offload": _text(ambulances, "EMSOffloadStatus") or Offload.NORMAL,
        "offload_minutes": _count(ambulances, "EMSOffloadMinutes"),
        "facility": _read_facility(hospital),
        "occurred": updated,
    }
    try:
        return msgspec.convert(fields, ReportHospital)
    except msgspec.ValidationError as error:
        raise Invalid(str(error), path_of(hospital)) from None


def _id(hospital: etree._Element) -> str:
    for name in hospital.iter(f"{{{NAMES}}}OrganisationName"):
        found = name.get(f"{{{NAMES}}}OrganisationID") or name.get("OrganisationID")
        if found:
            return str(found)
    raise Invalid(
        "which hospital it is is not said", f"{path_of(hospital)}/Organization/OrganisationName/@OrganisationID"
    )


def _read_beds(hospital: etree._Element) -> Iterable[tuple[str, dict[str, int]]]:
    parent = _child(hospital, "HospitalBedCapacityStatus")
    for capacity in [] if parent is None else children(parent, "BedCapacity"):
        counts = _child(capacity, "Capacity")
        available = _count(counts, "AvailableCount")
        if available is None:
            continue
        told = {
            "available": available,
            "baseline": _count(counts, "BaselineCount"),
            "additional_24h": _count(counts, "AdditionalCapacityCount24Hr"),
            "additional_72h": _count(counts, "AdditionalCapacityCount72Hr"),
        }
        yield said(capacity, "BedType"), {name: count for name, count in told.items() if count is not None}


def _read_facility(hospital: etree._Element) -> dict[str, object]:
    emergency, house = (_child(hospital, name) for name in ("EmergencyDepartmentStatus", "HospitalFacilityStatus"))
    air, day = _child(emergency, "EMSAirTransportStatus"), _child(house, "Activity24Hr")
    morgue, resources = _child(house, "MorgueCapacity"), _child(hospital, "HospitalResourcesStatus")
    coverage = _child(hospital, "ServiceCoverageStatus")
    level = _text(_child(coverage, "TraumaCenterServicesIndicator"), "TraumaCenterServicesLevel")
    eoc = _text(house, "HospitalEOCStatus")
    told = {
        "traffic_reason": _text(_child(emergency, "EMSTraffic"), "EMSTrafficReason"),
        "ems_capacity": _read_triaged(_child(emergency, "EMSCapacity")),
        "ems_census": _read_triaged(_child(emergency, "EMSCensus")),
        "air_offload": _text(air, "EMSOffloadStatus"),
        "air_offload_minutes": _count(air, "EMSOffloadMinutes"),
        "services": dict(_read_services(coverage)),
        "trauma_level": int(level[-1]) if level and level[-1].isdigit() else None,
        "facility": _text(house, "FacilityStatus"),
        "clinical": _text(house, "ClinicalStatus"),
        "security": _text(house, "SecurityStatus"),
        "eoc_active": eoc == "Active" if eoc else None,
        "morgue": _text(morgue, "MorgueCapacityStatus"),
        "morgue_units": _count(morgue, "MorgueCapacityUnits"),
        "decon": _text(_child(house, "DeconCapacity"), "DeconCapacityStatus"),
        "admissions_24h": _count(day, "Admissions"),
        "discharges_24h": _count(day, "Discharges"),
        "deaths_24h": _count(day, "Deaths"),
        "staffing": _text(resources, "Staffing"),
        "facility_operations": _text(resources, "FacilityOperations"),
        "clinical_operations": _text(resources, "ClinicalOperations"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _read_triaged(counts: etree._Element | None) -> dict[str, int] | None:
    if counts is None:
        return None
    found: dict[str, int] = {}
    for code in children(counts, "TriageCode"):
        count = _count(code, "TriageCountQuantity")
        if count is not None:
            found[said(code, "TriageCodeValue").lower()] = count
    return found


def _read_services(coverage: etree._Element | None) -> Iterable[tuple[str, bool]]:
    for service in Service:
        holder = _child(coverage, WRAPPED[service]) if service in WRAPPED else coverage
        covered = _text(holder, service)
        if covered in ("true", "1", "false", "0"):
            yield service, covered in ("true", "1")


def _child(parent: etree._Element | None, name: str) -> etree._Element | None:
    found = [] if parent is None else children(parent, name)
    return found[0] if found else None


def _text(parent: etree._Element | None, name: str) -> str | None:
    return None if parent is None else said(parent, name) or None


def _count(parent: etree._Element | None, name: str) -> int | None:
    text = _text(parent, name)
    if text is None or parent is None:
        return None
    try:
        count = int(text)
    except ValueError:
        count = -1
    if count < 0:
        raise Invalid(f"{text!r} is not a number of 0 or more", f"{path_of(parent)}/{name}")
    return count

"""
The words of the INSARAG worksite forms.

Source: INSARAG Guidelines, Volume II Manual B (2015 and 2020 editions): worksite triage form (E1 to F17), worksite
report form (G1 to G23), victim extrication form (V1 to V11), and the five levels of assessment, search and rescue.
"""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.domain.place import Count, Latitude, Longitude

WorksiteId = Annotated[
    str, Meta(pattern="^([A-Z]{1,3}-)?[1-9][0-9]{0,3}$", description="Sector and number, such as C-6; 6 before sectors")
]
SectorId = Annotated[str, Meta(pattern="^[A-Z]{1,3}$", description="Letter of the sector")]
Note = Annotated[str, Meta(max_length=4000)]
Word = Annotated[str, Meta(min_length=1, max_length=100)]
Level = Annotated[int, Meta(ge=1, le=5, description="ASR level: 1 wide-area assessment to 5 total coverage")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Tag = Annotated[str, Meta(pattern="^((?=.*[0-9])[0-9A-Za-z-]{1,40})?$", description="Number on the triage tag")]
Category = Literal["A", "B", "C", "D", "E", "F"]


class Kind(StrEnum):
    COLLAPSE = "collapse"
    FIRE = "fire"
    DEBRIS = "debris"
    DAMAGE = "damage"


class Scheme(StrEnum):
    """Which edition gives the category letter its meaning. D differs between them, so the letter never goes alone."""

    INSARAG_2015 = "insarag-2015"
    INSARAG_2020 = "insarag-2020"


class Operation(StrEnum):
    """Work that a site needs: F15 A to F, and what a burning house needs besides."""

    DOG_SEARCH = "dog_search"
    TECHNICAL_SEARCH = "technical_search"
    SHORING = "shoring"
    BREACHING = "breaching"
    LIFTING = "lifting"
    ROPE = "rope"
    MEDICAL = "medical"
    SUPPRESS_FIRE = "suppress_fire"
    LADDER_RESCUE = "ladder_rescue"
    EVACUATE = "evacuate"


class Collapse(StrEnum):
    """F13, how it came down."""

    PANCAKE = "pancake"
    LEAN_TO = "lean_to"
    CANTILEVER = "cantilever"
    V_SHAPE = "v_shape"
    OVERTURNED = "overturned"
    FACADE = "facade"
    PARTIAL = "partial"
    NONE = "none"


class Corner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One corner of the worksite's boundary (E4)."""

    lat: Latitude
    lon: Longitude


class Work(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of F15: an operation, and what it would take."""

    operation: Operation
    minutes: Count | None = None
    people: Count | None = None
    kit: Annotated[str, Meta(max_length=300)] = ""


class Survey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a triage team writes down besides the category. What nobody looked at is None, which is not none.

    Attributes:
        team: F1.
        building_use: F4, such as residential or school.
        construction: F5, such as brick or reinforced concrete.
        floor_area_m2, floors, basements: F6 to F8.
        damage_percent: F12.
        collapse: F13.
        operations: F15.
        security: F16.
        dead_seen: Dead that were seen at the site (F17).
        note: F17, without names of people.
        sketch: SHA-256 of a drawing that is kept outside the journal.
    """

    team: Annotated[str, Meta(max_length=40)] = ""
    building_use: Annotated[str, Meta(max_length=100)] = ""
    construction: Annotated[str, Meta(max_length=100)] = ""
    floor_area_m2: Count | None = None
    floors: Count | None = None
    basements: Count | None = None
    damage_percent: Percent | None = None
    collapse: Collapse | None = None
    operations: tuple[Work, ...] = ()
    security: Note = ""
    dead_seen: Count | None = None
    note: Note = ""
    sketch: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class Account(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The rest of the worksite report form.

    Attributes:
        teams: Who worked there (G3, G4).
        level_complete: Whether the ASR level is completed rather than in progress (G6).
        activities: G9.
        to_release: What can be sent elsewhere (G10).
        security: G11.
        contacts: How to reach whoever leads there (G12): a call sign or a number, never a casualty.
        plan, logistics: What comes next and what it needs (G19, G20).
        estimated_hours, estimated_people: What completion takes (G21, G22).
        victims: Numbers of the victim extrication forms of this period (G23).
    """

    teams: tuple[Word, ...] = ()
    level_complete: bool = False
    activities: Note = ""
    to_release: Note = ""
    security: Note = ""
    contacts: Annotated[str, Meta(max_length=300)] = ""
    plan: Note = ""
    logistics: Note = ""
    estimated_hours: Count | None = None
    estimated_people: Count | None = None
    victims: tuple[Annotated[int, Meta(ge=1)], ...] = ()


class Position(StrEnum):
    """V6, where the victim lay."""

    VOID = "void"
    ROOM = "room"
    STAIRWELL = "stairwell"
    BASEMENT = "basement"
    UNDER_RUBBLE = "under_rubble"
    OPEN = "open"
    OTHER = "other"


class Effort(StrEnum):
    """V7, what it took to bring the victim out."""

    ASSIST_ONLY = "assist_only"
    LIGHT_DEBRIS = "light_debris"
    ASR3 = "asr3"
    ASR4 = "asr4"
    ASR5 = "asr5"


class Outcome(StrEnum):
    """V9."""

    LIVE = "live"
    DECEASED = "deceased"


class Injuries(StrEnum):
    """V10."""

    NONE = "none"
    STABLE = "stable"
    CRITICAL = "critical"


class HandedTo(StrEnum):
    """V11."""

    FAMILY = "family"
    AMBULANCE = "ambulance"
    MEDICAL_TEAM = "medical_team"
    FIELD_HOSPITAL = "field_hospital"
    HELICOPTER = "helicopter"
    HOSPITAL = "hospital"
    MORGUE = "morgue"
    OTHER = "other"


class Fire(StrEnum):
    """How far a fire is."""

    BURNING = "burning"
    CONTAINED = "contained"
    UNDER_CONTROL = "under_control"
    EXTINGUISHED = "extinguished"


class Clearance(StrEnum):
    """Rapid clearance marking, only where the authority in charge (LEMA) has ordered it."""

    CLEAR = "C"
    DECEASED_ONLY = "D"


class Stage(StrEnum):
    UNKNOWN = "unknown"
    """There is no such worksite."""
    OPENED = "opened"
    WORKING = "working"
    CLOSED = "closed"
    MERGED = "merged"
    """It was the same place as another, which goes on."""

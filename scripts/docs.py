"""Write the generated parts of the documents anew: .venv/bin/python scripts/docs.py. A test compares."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Any

import msgspec
from msgspec import inspect

from tocsin.city.generate import generate_city
from tocsin.city.place import load_city
from tocsin.domain.approval import Approval
from tocsin.domain.casualties import SHIPPED, Lang, Measure, OrgKind
from tocsin.domain.casualties.words import RULES
from tocsin.domain.catalogue import SUBJECTS, all_commands, all_events
from tocsin.domain.warning import TRANSITIONS, Threat
from tocsin.flow.roles import MAY
from tocsin.flow.scenario import read_scenario
from tocsin.http.app import describe
from tocsin.http.auth import AUDIT, OPERATIONAL
from tocsin.kernel.event import Actor, Command, Message, kind_of
from tocsin.wiring import Settings, open_system
from tocsin.wiring.settings import ApprovalSettings, RealmApproval

ROOT = Path(__file__).parents[1]
NIGHT = ROOT / "scenarios" / "kyiv-2025-04-24.toml"
KYIV = "UA80000000000093317"
ACTOR, SECOND = Actor("example", "administrator"), Actor("second", "administrator")
LATER = timedelta(hours=13)
"""Between the orders of MADE: longer than an alert stands by itself, so that one can be seen to expire."""
APPROVALS = ApprovalSettings(exercise=RealmApproval(threats={Threat.CHEMICAL: Approval.TWO_BEFORE}))

# What did not happen in the night, each after the one before it, so that every kind has an example that was played.
# `after` are minutes instead of LATER; `second` is given by a second person.
MADE: tuple[dict[str, object], ...] = (
    {"kind": "alert.raise", "alert": "example-1", "areas": [KYIV], "threat": "drone"},
    {"kind": "alert.expire", "alert": "example-1"},
    {"kind": "alert.raise", "alert": "example-2", "areas": [KYIV], "threat": "missile"},
    {"kind": "alert.cancel", "alert": "example-2", "reason": "raised for the wrong city"},
    {"kind": "alert.draft", "alert": "example-3", "areas": [KYIV], "threat": "chemical"},
    {"kind": "alert.submit", "alert": "example-3"},
    {"kind": "alert.escalate", "alert": "example-3", "after": 2},
    {"kind": "alert.approve", "alert": "example-3", "proposal": 2, "second": True},
    {"kind": "alert.remind", "alert": "example-3", "minutes": 30, "after": 700},
    {"kind": "alert.clear", "alert": "example-3", "after": 5},
    {"kind": "alert.raise", "alert": "example-4", "areas": [KYIV], "threat": "chemical"},
    {"kind": "alert.reject", "alert": "example-4", "reason": "it was a burst boiler", "second": True},
    {
        "kind": "template.write",
        "threat": "chemical",
        "phase": "alert",
        "texts": {
            "uk": "Хімічна небезпека. Зачиніть вікна, залишайтеся в приміщенні.",
            "en": "Chemical hazard. Close the windows and stay indoors.",
        },
    },
    {
        "kind": "template.approve",
        "threat": "chemical",
        "phase": "alert",
        "version": 1,
        "languages": ["uk", "en"],
        "second": True,
    },
    {
        "kind": "template.withdraw",
        "threat": "chemical",
        "phase": "alert",
        "version": 1,
        "reason": "the advice of the chemists has changed",
    },
    {
        "kind": "shelter.register",
        "shelter": "school-17",
        "names": {"uk": "Школа № 17", "en": "School No. 17"},
        "lat": 50.46,
        "lon": 30.51,
        "capacity": 180,
        "area": KYIV,
        "type": "basement",
    },
    {"kind": "shelter.close", "shelter": "school-17", "reason": "flooded"},
    {
        "kind": "plan.record",
        "alert": "example-2",
        "minutes": 10.0,
        "shelters": 90,
        "placed": 31_204,
        "unplaced": 28_796,
        "mean_walk_m": 412.5,
        "gap_m": 0.0,
        "unplaced_areas": [{"area": KYIV, "people": 28_796}],
        "reason": "the alert was raised",
    },
    {
        "kind": "plan.record",
        "alert": "example-2",
        "minutes": 10.0,
        "shelters": 89,
        "placed": 31_024,
        "unplaced": 28_976,
        "mean_walk_m": 414.0,
        "gap_m": 0.0,
        "unplaced_areas": [{"area": KYIV, "people": 28_976}],
        "reason": "the shelters have changed",
    },
    {
        "kind": "reading.propose",
        "after": 0,
        "document": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "source": {"publisher": "Agency", "url": "https://agency.example/1", "published": "2025-04-24T06:30:00+03:00"},
        "lang": "en",
        "likeness": [17, 42],
        "proposals": [
            {
                "id": "c1",
                "type": "claim",
                "start": 0,
                "end": 23,
                "quote": "nine people were killed",
                "said": {"measure": "killed", "lo": "9", "hi": "9"},
            },
            {"id": "f1", "type": "fact", "start": 24, "end": 31, "quote": "in Kyiv", "said": {"name": "Kyiv"}},
        ],
    },
    {
        "kind": "reading.accept",
        "after": 0,
        "document": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "proposal": "c1",
        "became": "claim.record",
        "position": 63,
    },
    {
        "kind": "reading.reject",
        "after": 0,
        "document": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "proposal": "f1",
        "reason": "the city is known",
    },
    {"kind": "worksite.reopen", "worksite": "C-1", "reason": "somebody is reported missing after all"},
    {"kind": "sector.open", "sector": "E", "names": {"uk": "Сектор E", "en": "Sector E"}, "areas": [KYIV]},
    {
        "kind": "worksite.open",
        "worksite": "6",
        "type": "collapse",
        "lat": 50.46,
        "lon": 30.51,
        "area": KYIV,
        "address": "Верхній Вал, 10",
    },
    {"kind": "sector.number", "sector": "E", "worksite": "6", "number": 6},
    {
        "kind": "impact.report",
        "impact": "example-3",
        "time": "2025-04-25T10:00:00+03:00",
        "lat": 50.4601,
        "lon": 30.5102,
        "area": KYIV,
        "effect": "debris",
        "reporter_kind": "resident",
        "address": "вул. Верхній Вал 10",
        "trapped": 2,
    },
    {"kind": "worksite.attach", "worksite": "6", "impacts": ["example-3"]},
    {"kind": "worksite.describe", "worksite": "6", "hazards": ["gas"], "building": "residential", "seen": 1},
    {
        "kind": "worksite.split",
        "worksite": "7",
        "source": "6",
        "type": "fire",
        "lat": 50.4604,
        "lon": 30.5107,
        "area": KYIV,
        "reason": "the house behind it burns",
    },
    {"kind": "worksite.plan_task", "worksite": "7", "task": "fire", "operation": "suppress_fire"},
    {"kind": "worksite.report_fire", "worksite": "7", "task": "fire", "fire": "under_control", "area_m2": 60},
    {
        "kind": "worksite.extricate",
        "worksite": "6",
        "team": "UKR-01",
        "floor": 2,
        "position": "void",
        "work": "asr4",
        "minutes": 90,
        "outcome": "live",
        "injuries": "stable",
        "handed_to": "ambulance",
    },
    {
        "kind": "team.register",
        "team": "UKR-90",
        "type": "heavy_rescue",
        "names": {"uk": "Рятувальники", "en": "Rescuers"},
        "area": KYIV,
        "crew": 20,
        "equipment": ["shoring kit"],
        "mutual_aid": True,
    },
    {"kind": "team.locate", "team": "UKR-90", "lat": 50.45, "lon": 30.52},
    {"kind": "team.assign", "team": "UKR-90", "worksite": "6"},
    {
        "kind": "team.account",
        "team": "UKR-90",
        "people": 20,
        "next_minutes": 20,
        "occurred": "2025-04-25T12:00:00+03:00",
    },
    {"kind": "team.miss_account", "team": "UKR-90", "due": "2025-04-25T12:20:00+03:00"},
    {"kind": "team.release", "team": "UKR-90", "reason": "relieved"},
    {"kind": "team.rest", "team": "UKR-90", "reason": "eight hours worked"},
    {"kind": "team.return", "team": "UKR-90"},
    {
        "kind": "need.ask",
        "need": "cranes",
        "worksite": "6",
        "team_type": "heavy_rescue",
        "what": "crane of 25 t with crew",
        "quantity": 2,
    },
    {"kind": "need.meet", "need": "cranes", "quantity": 1, "by": "city works"},
    {"kind": "need.cancel", "need": "cranes", "reason": "the slab was lifted by hand"},
    {"kind": "worksite.mark_victims", "worksite": "6", "spot": "stairwell 2", "live": 1, "dead": 0, "bearing": 90},
    {
        "kind": "worksite.clear_rapidly",
        "worksite": "6",
        "mark": "D",
        "team": "UKR-01",
        "ordered_by": "city headquarters",
    },
    {"kind": "worksite.merge", "worksite": "7", "into": "6", "reason": "one yard, one entrance"},
    {"kind": "patient.tag", "patient": "24-900", "category": "yellow", "found": "on_foot"},
    {
        "kind": "patient.retriage",
        "patient": "24-900",
        "category": "red",
        "findings": {"walks": False, "breathing": True, "respiratory_rate": 34},
    },
    {"kind": "patient.link_family", "patient": "24-900", "family": "F-0A1B2C"},
    {"kind": "patient.admit", "patient": "24-900", "hospital": "emergency", "bed": "MedicalSurgical"},
    {"kind": "patient.transfer", "patient": "24-900", "hospital": "okhmatdyt", "bed": "Burn"},
    {
        "kind": "claim.retract",
        "attack": "kyiv-2025-04-24",
        "claim": "kmva-injured-0140",
        "reason": "the source withdrew it",
    },
    {
        "kind": "foreign_alert.receive",
        "document": "a" * 64,
        "source": "meteo",
        "address": "https://alerts.meteo.example/cap/17.xml",
        "message": {
            "version": "1.2",
            "key": {"sender": "alerts@meteo.example", "identifier": "17"},
            "sent": "2025-04-24T06:00:00+03:00",
            "status": "Actual",
            "type": "Alert",
            "scope": "Public",
            "infos": [
                {
                    "language": "uk-UA",
                    "event": "Сильний вітер",
                    "categories": ["Met"],
                    "responses": ["Avoid"],
                    "urgency": "Expected",
                    "severity": "Severe",
                    "certainty": "Likely",
                    "expires": "2025-04-24T18:00:00+03:00",
                    "areas": [{"description": "Київ", "geocodes": [["KATOTTG", KYIV]]}],
                }
            ],
        },
    },
    {
        "kind": "foreign_alert.reject",
        "document": "b" * 64,
        "source": "meteo",
        "address": "https://alerts.meteo.example/cap/18.xml",
        "reason": "document: not well-formed XML",
        "excerpt": "<html>",
    },
    {
        "kind": "person.record",
        "attack": "kyiv-2025-04-24",
        "key": "hospital:okhmatdyt/5511",
        "condition": "admitted",
        "age": "child",
        "hospital": "okhmatdyt",
    },
    {
        "kind": "person.merge",
        "attack": "kyiv-2025-04-24",
        "keys": ["tag:24-900", "hospital:okhmatdyt/5511"],
        "reason": "the same child: the tag was found with the hospital's record",
    },
    {
        "kind": "person.split",
        "attack": "kyiv-2025-04-24",
        "key": "hospital:okhmatdyt/5511",
        "reason": "a brother: the tag is of the older one",
    },
    {"kind": "siren_test.start", "round": "example-test"},
    {"kind": "siren_test.end", "round": "example-test"},
    {
        "kind": "attack.record_damage",
        "attack": "kyiv-2025-04-24",
        "structure": "dwelling",
        "extent": "damaged",
        "lo": 12,
        "area": KYIV,
        "as_of": "2025-04-24T11:00:00+03:00",
        "source": {"publisher": "Example", "url": "https://example.org/damage"},
    },
    {
        "kind": "attack.add_photo",
        "attack": "kyiv-2025-04-24",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "alt": {"uk": "Рятувальники на завалах", "en": "Rescuers on the rubble"},
        "credit": "State Emergency Service",
        "source": {"publisher": "Example", "url": "https://example.org/photo"},
    },
    {"kind": "attack.correct", "attack": "kyiv-2025-04-24", "where_precision": 1, "reason": "it was the city itself"},
    {"kind": "attack.withdraw_hit", "attack": "kyiv-2025-04-24", "hit": "podil-1", "reason": "it was reported twice"},
    {
        "kind": "statement.correct",
        "statement": "yermak",
        "attack": "kyiv-2025-04-24",
        "type": "demand",
        "person": "Andrii Yermak",
        "role": "Head of the Office of the President of Ukraine",
        "original": "The attacks on civilians must stop.",
        "lang": "en",
        "said_at": "2025-04-24T03:00:00+03:00",
        "source": {"publisher": "AFP", "url": "https://example.org/afp"},
        "reason": "quoted in full elsewhere",
    },
    {
        "kind": "history.record",
        "dataset": "official-air-raid-alerts",
        "source": {"publisher": "Vadimkin/ukrainian-air-raid-sirens-dataset", "url": "https://example.org/alerts"},
        "licence": "MIT",
        "alerts": [
            {
                "id": "8e6f0f1d2f0a4b5c",
                "place": "UA71000000000010357/Umanskyi raion",
                "level": "raion",
                "start": "2022-03-15T16:11:50+00:00",
                "end": "2022-03-15T16:54:47+00:00",
                "line": 4,
            }
        ],
    },
    {"kind": "bulletin.retract", "attack": "kyiv-2025-04-24", "number": 1, "reason": "a wrong address was printed"},
)


class _Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _examples() -> dict[str, Message]:
    """The first of each kind in the night, else as made up here: commands as ordered, events as they came of them."""
    commands = all_commands()
    night = read_scenario(NIGHT.read_text(encoding="utf-8"), commands, NIGHT.name)
    found: dict[str, Message] = {}
    with TemporaryDirectory() as folder:
        generate_city(Path(folder) / "city", 0.02, 20250424)
        city, clock = load_city(Path(folder) / "city"), _Clock(night.steps[0].at)
        settings = Settings(realm="exercise", approval=APPROVALS)
        system = open_system(settings, city, clock=clock, in_memory=True).system

        def order(command: Command, actor: Actor, key: str) -> None:
            found.setdefault(kind_of(command), command)
            system.do(command, actor, key)

        for step in night.steps:
            clock.now = step.at
            order(step.command, step.actor, step.key)
        for number, made in enumerate(MADE):
            fields = dict(made)
            after, second = fields.pop("after", None), fields.pop("second", False)
            clock.now += LATER if after is None else timedelta(minutes=float(str(after)))
            command = commands.convert(fields, f"scripts/docs.py MADE[{number}]")
            order(command, SECOND if second else ACTOR, f"docs-{number}")
        for number, unwanted in enumerate((True, False)):
            fields = _siren_report(clock.now, city.sirens[0].id, unwanted=unwanted)
            order(commands.convert(fields, "siren.report"), ACTOR, f"docs-sirens-{number}")
        for recorded in system.journal.read():
            found.setdefault(kind_of(recorded.event), recorded.event)
        system.close()
    return found


def _siren_report(now: datetime, siren: str, *, unwanted: bool) -> dict[str, object]:
    """An answer, and a siren that sounds because somebody pressed its button; then that it is silent again."""
    ack = {"siren": siren, "alert": "example-2", "revision": 350, "result": "sounding"}
    power = {"mains": True, "battery": 97, "amplifier": True, "tamper": False}
    horn = {"online": True, "sounding": unwanted, "unwanted": unwanted, "local": "alarm", "local_at": now}
    return {
        "kind": "siren.report",
        "day": f"{now:%Y-%m-%d}",
        "acks": [{**ack, "received_at": now, "sounding_at": now}],
        "conditions": [{"siren": siren, **horn, **power, "at": now}],
    }


def events_page() -> str:
    """docs/events.md: every command and event with its fields and an example, then the shapes they are made of."""
    examples, shapes = _examples(), Shapes()
    parts = [
        "# Commands and events",
        "",
        "Generated by `scripts/docs.py` from the classes in `src/tocsin/domain`; a test keeps it true.",
        "",
        "A command is an order and may be refused; an event is a fact and stays for ever. `kind` is the name that",
        "never changes. A command with a field that is not listed here is refused; a reader of events passes over",
        "fields it does not know. Times are RFC 3339 with an offset, areas are codes, languages ISO 639-1.",
        "",
        "Every example was played through the system: from the night of 24 April 2025 where it has one, else from the",
        "made-up orders at the top of `scripts/docs.py`.",
    ]
    for subject in SUBJECTS:
        field = subject.id_field
        parts += ["", f"## {subject.name}", "", f"One stream for each `{field}`: `{subject.name}/…`."]
        for type_ in (*subject.commands, *subject.events):
            parts += _message(type_, examples, shapes)
    parts += ["", "## Shapes", "", "What the fields above are made of."]
    for cls in shapes:
        parts += ["", f"### {shapes.name(cls)}", "", *_doc(cls), *_fields(cls, shapes)]
    return "\n".join(parts) + "\n"


def _message(type_: type[Message], examples: dict[str, Message], shapes: "Shapes") -> list[str]:
    kind = kind_of(type_)
    if kind not in examples:
        raise SystemExit(f"{kind} has no example: add an order that leads to it to MADE in scripts/docs.py")
    example = json.dumps(msgspec.to_builtins(examples[kind]), ensure_ascii=False, indent=1)
    return ["", f"### `{kind}`", "", *_doc(type_), *_fields(type_, shapes), "", "```json", example, "```"]


def _doc(cls: type) -> list[str]:
    """What a class says of itself, without the part about its fields; nothing where msgspec wrote the docstring."""
    doc = cls.__doc__ or ""
    said = "" if doc.startswith(f"{cls.__name__}(") else dedent(doc).partition("Attributes:")[0].strip()
    return [_in_json(re.sub(r"\n +", "\n", said)), ""] if said else []


def _in_json(words: str) -> str:
    """What Python calls None, the reader of this page meets as null."""
    return re.sub(r"\bNone\b", "null", words)


def _meanings(cls: type) -> dict[str, str]:
    """Field to what the `Attributes:` of the class, or else of those it is made from, say of it."""
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        listed = re.sub(r"\n {12,}", " ", (base.__doc__ or "").partition("Attributes:")[2])
        for names, words in re.findall(r"^ {8}([a-z_, ]+): (.+)$", listed, re.MULTILINE):
            found |= {name.strip(): _in_json(words) for name in names.split(",")}
    return found


def _fields(cls: type[msgspec.Struct], shapes: "Shapes") -> list[str]:
    info, meanings = inspect.type_info(cls), _meanings(cls)
    if not isinstance(info, inspect.StructType):
        raise SystemExit(f"{cls} is no struct")
    lines = ["| field | type | default | meaning |", "| --- | --- | --- | --- |"]
    for field in info.fields:
        meaning = meanings.get(field.name) or _described(field.type)
        row = (f"`{field.encode_name}`", _say(field.type, shapes), _default(field), meaning.replace("|", "\\|"))
        lines.append(f"| {' | '.join(row)} |")
    return lines


def _described(type_: inspect.Type) -> str:
    """The description in a field's `Meta`. That of an instant is the page's own sentence, said once at its top."""
    if isinstance(type_, inspect.Metadata):
        inner = _described(type_.type)
        return inner or ("" if _is_time(type_) else str((type_.extra_json_schema or {}).get("description", "")))
    return next(filter(None, map(_described, type_.types)), "") if isinstance(type_, inspect.UnionType) else ""


def _is_time(type_: inspect.Metadata) -> bool:
    return isinstance(type_.type, inspect.DateTimeType)


def _default(field: inspect.Field) -> str:
    if field.required:
        return "required"
    value = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    return f"`{json.dumps(msgspec.to_builtins(value), ensure_ascii=False)}`"


class Shapes:
    """The structs that were spoken of, in the order they came up. One may come up while another is written."""

    def __init__(self) -> None:
        self._known: list[type[msgspec.Struct]] = []

    def __iter__(self) -> Iterator[type[msgspec.Struct]]:
        # By index, since describing one shape may add others behind it.
        index = 0
        while index < len(self._known):
            yield self._known[index]
            index += 1

    def name(self, cls: type[msgspec.Struct]) -> str:
        """Its own, and its module's behind it where it narrows another of the same name."""
        narrows = any(base.__name__ == cls.__name__ for base in cls.__mro__[1:])
        return f"{cls.__name__} of {cls.__module__.rpartition('.')[2]}" if narrows else cls.__name__

    def link(self, cls: type[msgspec.Struct]) -> str:
        if cls not in self._known:
            self._known.append(cls)
        name = self.name(cls)
        return f"[{name}](#{name.lower().replace(' ', '-')})"


def _say(type_: inspect.Type, shapes: Shapes) -> str:  # noqa: C901 - one case a kind of type
    """A type in words that need no Python."""
    match type_:
        case inspect.StrType():
            return "text" + _limits(type_)
        case inspect.IntType():
            return "whole number" + _limits(type_)
        case inspect.FloatType():
            return "number" + _limits(type_)
        case inspect.BoolType():
            return "true or false"
        case inspect.DateTimeType():
            return "time"
        case inspect.DateType():
            return "date"
        case inspect.NoneType():
            return "null"
        case inspect.EnumType(cls=cls):
            return " \\| ".join(f"`{member.value}`" for member in cls)
        case inspect.LiteralType(values=values):
            return " \\| ".join(f"`{value}`" for value in values)
        case inspect.UnionType(types=types):
            return " or ".join(_say(each, shapes) for each in types)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return f"list of {_say(item, shapes)}" + _limits(type_)
        case inspect.TupleType(item_types=items):
            return f"[{', '.join(_say(item, shapes) for item in items)}]"
        case inspect.DictType(key_type=key, value_type=value):
            return f"{_say(key, shapes)} → {_say(value, shapes)}" + _limits(type_)
        case inspect.StructType(cls=cls):
            return shapes.link(cls)
        case inspect.Metadata(type=inner):
            return _say(inner, shapes)
    raise SystemExit(f"no words for {type_}: add a case to _say in scripts/docs.py")


def _limits(type_: Any) -> str:  # noqa: ANN401 - several classes of msgspec with the same attributes
    """The bounds of a type: of its value, else of how long it is."""
    least, most = getattr(type_, "ge", None), getattr(type_, "le", None)
    unit = ""
    if least is None and most is None:
        least, most = getattr(type_, "min_length", None), getattr(type_, "max_length", None)
        unit = " characters" if isinstance(type_, inspect.StrType) else " of them"
    pattern = getattr(type_, "pattern", None)
    shown = f" `{pattern}`".replace("|", "\\|") if pattern else ""
    if least is not None and most is not None:
        return f"{shown}, {least} to {most}{unit}"
    if least is not None:
        return f"{shown}, at least {least}{unit}" if unit != " characters" or least > 1 else f"{shown}, not empty"
    return f"{shown}, at most {most}{unit}" if most is not None else shown


def roles_table() -> str:
    """Who may order what, and read what in the live realm."""
    lines = ["| role | may order | may read in the live realm |", "| --- | --- | --- |"]
    for role, kinds in MAY.items():
        reads = ["operational"] * (role in OPERATIONAL) + ["journal"] * (role in AUDIT)
        orders = ", ".join(f"`{kind}`" for kind in kinds) or "nothing"
        lines.append(f"| `{role}` | {orders} | {', '.join(reads) or 'what everybody may'} |")
    return "\n".join(lines) + "\n"


def stages_table() -> str:
    """What may be done to an alert in each stage, and where that leads."""
    lines = ["| an alert that is | can be changed by | and is then |", "| --- | --- | --- |"]
    for stage, steps in TRANSITIONS.items():
        for command, after in steps.items():
            lines.append(f"| {stage} | `{kind_of(command)}` | {' or '.join(after)} |")
        if not steps:
            lines.append(f"| {stage} | nothing | |")
    return "\n".join(lines) + "\n"


def http_table() -> str:
    """Every read with its parameters; commands are in docs/events.md."""
    lines = ["| request | parameters | what it is |", "| --- | --- | --- |"]
    for path, methods in describe()["paths"].items():
        for method, operation in methods.items():
            if not path.startswith("/v1/commands/"):
                parameters = ", ".join(_parameters(operation.get("parameters", ())))
                lines.append(f"| `{method.upper()} {path}` | {parameters} | {operation.get('summary', '')} |")
    return "\n".join(lines) + "\n"


def _parameters(described: Iterable[Any]) -> Iterator[str]:
    for parameter in described:
        if parameter["in"] == "query":
            yield f"`{parameter['name']}`" + (" (required)" if parameter.get("required") else "")


def cli_page() -> str:
    """docs/cli.md: the help of every command."""
    from typer.main import get_command

    from tocsin.cli.main import app

    parts = [
        "# Command line",
        "",
        "Generated by `scripts/docs.py` from the commands themselves; a test keeps it true. `--help` says the same.",
        "",
        "Exit codes: 0 done; 1 refused, or a check found faults; 2 wrong usage or malformed input, with the file, line",
        "or field; 3 something needed is unavailable. Results go to stdout, with `--json` as one document; everything",
        "else goes to stderr.",
    ]
    for path, command in _leaves("tocsin", get_command(app)):
        parts += ["", f"## `{path}`", "", re.sub(r"\n +", "\n", (command.help or "").strip())]
        parts += ["", "```", f"{path}{''.join(_usage(command.params))}", "```"]
        if command.params:
            parts += ["", "| | default | what it is |", "| --- | --- | --- |", *map(_parameter, command.params)]
    return "\n".join(parts) + "\n"


def _leaves(path: str, command: Any) -> list[tuple[str, Any]]:  # noqa: ANN401 - a click command
    if not hasattr(command, "commands"):
        return [(path, command)]
    return [leaf for name, child in sorted(command.commands.items()) for leaf in _leaves(f"{path} {name}", child)]


def _usage(parameters: Iterable[Any]) -> Iterator[str]:
    """Arguments, and the options that must be given."""
    for parameter in parameters:
        named = parameter.opts[0]
        many = "…" if parameter.nargs == -1 else ""
        if not named.startswith("-"):
            word = parameter.name.upper() + many
            yield f" {word}" if parameter.required else f" [{word}]"
        elif parameter.required:
            yield f" {named} {parameter.name.upper()}"
    yield " [OPTIONS]" if any(p.opts[0].startswith("-") and not p.required for p in parameters) else ""


def _parameter(parameter: Any) -> str:  # noqa: ANN401 - a click parameter
    is_option = parameter.opts[0].startswith("-")
    name = ", ".join(parameter.opts) if is_option else parameter.name.upper()
    default = "required" if parameter.required else _shown(parameter.default)
    variable = f" Environment: `{parameter.envvar}`." if parameter.envvar else ""
    words = (parameter.help or "").replace("|", "\\|")
    return f"| `{name}` | {default} | {words}{'.' * bool(variable and words)}{variable} |"


def _shown(default: object) -> str:
    return "" if default in (None, "", False) else f"`{default}`"


def priorities_table() -> str:
    """Whom the shipped policy believes first, by measure."""
    lines = ["| measure | from first to last |", "| --- | --- |"]
    for measure in Measure:
        lines.append(f"| `{measure.value}` | {', '.join(kind.value for kind in SHIPPED.order(measure))} |")
    repeating = [f"`{kind.value}`" for kind in OrgKind if not SHIPPED.counts(kind)]
    return "\n".join([*lines, "", f"{', '.join(repeating)} do not count for themselves."]) + "\n"


def rules_table() -> str:
    """Every rule about claims, as it is said to whoever breaks it."""
    lines = ["| rule | English | Ukrainian |", "| --- | --- | --- |"]
    for code, said in RULES.items():
        lines.append(f"| {code} | {said[Lang.EN]} | {said[Lang.UK]} |")
    return "\n".join(lines) + "\n"


def methodology_page() -> str:
    text = (ROOT / "docs" / "methodology.md").read_text(encoding="utf-8")
    text = with_part(with_part(text, "priorities", priorities_table()), "rules", rules_table())
    return with_part(text, "reading", reading_tables())


def reading_tables() -> str:
    """How well the coded texts are read, and every one that is not read as coded."""
    sys.path.insert(0, str(ROOT))
    # The coded texts are tests, which are not installed.
    from tests.reading.coded import measure

    measured = {lang: measure(lang) for lang in Lang}
    lines = [
        "| language | kind | precision | recall | right | wrong | missed |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for lang, (scores, _) in measured.items():
        for kind, score in scores.items():
            share = f"{score.precision:.3f} | {score.recall:.3f}"
            lines.append(f"| {lang.value} | {kind} | {share} | {score.right} | {score.wrong} | {score.missed} |")
    lines += ["", "| text not read as coded | kind | wrong | missed |", "| --- | --- | --- | --- |"]
    for _, misses in measured.values():
        for miss in misses:
            text = " ".join(miss.text.split())
            lines.append(f"| {text} | {miss.kind} | {', '.join(miss.wrong)} | {', '.join(miss.missed)} |")
    return "\n".join(lines) + "\n"


def with_part(text: str, name: str, part: str) -> str:
    """A page with the part between its markers written anew."""
    begin, end = f"<!-- {name}: generated -->\n", f"<!-- /{name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise SystemExit(f"there are no markers for {name}")
    return before + begin + part + end + after


def pages() -> dict[Path, str]:
    """Every page that has generated parts, as it should be."""
    alerts = ROOT / "docs" / "alerts.md"
    operations, http = ROOT / "docs" / "operations.md", ROOT / "docs" / "http.md"
    return {
        ROOT / "docs" / "events.md": events_page(),
        ROOT / "docs" / "cli.md": cli_page(),
        alerts: with_part(alerts.read_text(encoding="utf-8"), "stages", stages_table()),
        ROOT / "docs" / "methodology.md": methodology_page(),
        operations: with_part(operations.read_text(encoding="utf-8"), "roles", roles_table()),
        http: with_part(http.read_text(encoding="utf-8"), "endpoints", http_table()),
    }


def kinds() -> set[str]:
    """Every kind of command and event there is."""
    return set(all_events().types) | set(all_commands().types)


if __name__ == "__main__":
    for page, text in pages().items():
        page.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")

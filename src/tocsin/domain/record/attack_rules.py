"""What may be recorded of an attack and when, and what each event leaves of it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count

import msgspec

from tocsin.domain.place import require_area
from tocsin.domain.record.attacks import (
    COUNTRY,
    Attack,
    AttackCommand,
    AttackEnded,
    AttackOpened,
    CountWeapons,
    EndAttack,
    HitRecorded,
    OpenAttack,
    RecordHit,
    Stage,
    WeaponsCounted,
    count_key,
)
from tocsin.domain.record.details import (
    AddPhoto,
    AttackCorrected,
    CorrectAttack,
    DamageRecorded,
    HitWithdrawn,
    PhotoAdded,
    RecordDamage,
    WithdrawHit,
)
from tocsin.domain.source import require_citable
from tocsin.domain.subject import Context, Subject
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of
from tocsin.kernel.time import zone_of

_LATER: frozenset[type[Command]] = frozenset(
    {EndAttack, CountWeapons, RecordHit, RecordDamage, AddPhoto, CorrectAttack, WithdrawHit}
)
# Read as: at this stage, these commands are allowed. Most of what is known of an attack comes after its end.
ALLOWED: dict[Stage, frozenset[type[Command]]] = {
    Stage.UNKNOWN: frozenset({OpenAttack}),
    Stage.RUNNING: _LATER,
    Stage.ENDED: _LATER,
}


def decide(attack: Attack, command: AttackCommand, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the attack or the area does not exist.
        Refused: If there is an attack of this id already.
        Invalid: If times, dates or counts contradict each other, or a source cannot be cited.
    """
    if attack.opened is None and not isinstance(command, OpenAttack):
        raise Unknown(f"there is no attack {command.attack!r}", "attack")
    if type(command) not in ALLOWED[attack.stage]:
        raise Refused(f"an attack that is {attack.stage} cannot be changed by {kind_of(command)}", "attack")
    match command:
        case OpenAttack():
            return [_open(command, context)]
        case EndAttack():
            return _end(attack, command)
        case CountWeapons():
            return _count(attack, command, context)
        case RecordHit():
            return _hit(attack, command, context)
        case RecordDamage() | AddPhoto() | CorrectAttack() | WithdrawHit():
            return _detail(attack, command, context)


def _detail(
    attack: Attack, command: RecordDamage | AddPhoto | CorrectAttack | WithdrawHit, context: Context
) -> Sequence[Event]:
    match command:
        case RecordDamage():
            return _damage(attack, command, context)
        case AddPhoto():
            return _photo(attack, command, context)
        case CorrectAttack():
            return _correct(attack, command, context)
        case WithdrawHit():
            _require_hit(attack, command.hit)
            return [HitWithdrawn(attack=command.attack, hit=command.hit, reason=command.reason)]


def _open(command: OpenAttack, context: Context) -> AttackOpened:
    _require_place(command.area, context, "area")
    if command.source is not None:
        require_citable(command.source)
    opened = AttackOpened(**msgspec.structs.asdict(command))
    _require_date(opened)
    return opened


def _require_date(opened: AttackOpened) -> None:
    doubt = timedelta(minutes=opened.start_precision_minutes)
    zone = zone_of(opened.time_zone, "time_zone")
    earliest = (opened.start - doubt).astimezone(zone).date()
    latest = (opened.start + doubt).astimezone(zone).date() + timedelta(days=1)
    if not earliest <= opened.date_local <= latest:
        raise Invalid(f"an attack from {opened.start.isoformat()} is not of {opened.date_local}", "date_local")


def _end(attack: Attack, command: EndAttack) -> Sequence[Event]:
    if attack.opened is not None and command.end < attack.opened.start:
        raise Invalid("the attack would end before it starts", "end")
    return [] if command.end == attack.end else [AttackEnded(attack=command.attack, end=command.end)]


def _count(attack: Attack, command: CountWeapons, context: Context) -> Sequence[Event]:
    _require_place(command.scope, context, "scope")
    require_citable(command.source)
    for index, row in enumerate(command.weapons):
        known = (row.intercepted or 0) + (row.lost or 0) + (row.still_airborne or 0)
        if row.launched is not None and known > row.launched:
            raise Invalid(f"{row.model}: {known} accounted for of {row.launched} launched", f"weapons[{index}]")
    event = WeaponsCounted(**msgspec.structs.asdict(command))
    return [] if attack.counts.get(count_key(event)) == event else [event]


def _hit(attack: Attack, command: RecordHit, context: Context) -> Sequence[Event]:
    require_area(context.city, command.area)
    require_citable(command.source)
    if (command.lat is None) != (command.lon is None):
        raise Invalid("a position has a latitude and a longitude", "lat" if command.lat is None else "lon")
    if attack.opened is not None:
        opened = attack.opened
        doubt = timedelta(minutes=opened.start_precision_minutes + command.precision_minutes)
        if command.time + doubt < opened.start:
            raise Invalid(f"the attack starts at {opened.start.isoformat()}, after this hit", "time")
    hit = command.hit or next(str(n) for n in count(1) if str(n) not in attack.hits)
    event = HitRecorded(**msgspec.structs.asdict(msgspec.structs.replace(command, hit=hit)))
    return [] if attack.hits.get(hit) == event else [event]


def _damage(attack: Attack, command: RecordDamage, context: Context) -> Sequence[Event]:
    require_area(context.city, command.area)
    require_citable(command.source)
    if command.hi is not None and command.hi < command.lo:
        raise Invalid(f"at least {command.lo} and at most {command.hi}", "hi")
    if command.hit:
        _require_hit(attack, command.hit)
    name = command.damage or next(str(n) for n in count(1) if str(n) not in attack.damages)
    event = DamageRecorded(**msgspec.structs.asdict(msgspec.structs.replace(command, damage=name)))
    return [] if attack.damages.get(name) == event else [event]


def _photo(attack: Attack, command: AddPhoto, context: Context) -> Sequence[Event]:
    if command.area:
        require_area(context.city, command.area)
    require_citable(command.source)
    if (command.lat is None) != (command.lon is None):
        raise Invalid("a position has a latitude and a longitude", "lat" if command.lat is None else "lon")
    if command.hit:
        _require_hit(attack, command.hit)
    event = PhotoAdded(**msgspec.structs.asdict(command))
    return [] if attack.photos.get(command.sha256) == event else [event]


def _correct(attack: Attack, command: CorrectAttack, context: Context) -> Sequence[Event]:
    given = {name: value for name, value in msgspec.structs.asdict(command).items() if value is not None}
    reason = given.pop("reason")
    if attack.opened is None:
        raise Unknown(f"there is no attack {command.attack!r}", "attack")
    corrected = msgspec.structs.replace(attack.opened, **given)
    if corrected == attack.opened:
        return []
    _require_place(corrected.area, context, "area")
    _require_date(corrected)
    if command.source is not None:
        require_citable(command.source)
    if attack.end is not None and attack.end < corrected.start:
        raise Invalid("the attack would start after its end", "start")
    fields = msgspec.structs.asdict(corrected)
    del fields["time_zone"]
    return [AttackCorrected(**fields, reason=reason)]


def _require_hit(attack: Attack, hit: str) -> None:
    if hit not in attack.hits:
        raise Unknown(f"the attack has no hit {hit!r}", "hit")


def _require_place(code: str, context: Context, where: str) -> None:
    if not (len(code) == COUNTRY and code.isascii() and code.isalpha() and code.isupper()):
        require_area(context.city, code, where)


EVENTS = (
    AttackOpened,
    AttackEnded,
    WeaponsCounted,
    HitRecorded,
    DamageRecorded,
    PhotoAdded,
    AttackCorrected,
    HitWithdrawn,
)
AttackEvent = (
    AttackOpened
    | AttackEnded
    | WeaponsCounted
    | HitRecorded
    | DamageRecorded
    | PhotoAdded
    | AttackCorrected
    | HitWithdrawn
)


def evolve(attack: Attack, event: AttackEvent) -> Attack:
    changed = msgspec.structs.replace
    match event:
        case AttackOpened():
            return changed(attack, stage=Stage.RUNNING, opened=event)
        case AttackEnded(end=end):
            return changed(attack, stage=Stage.ENDED, end=end)
        case WeaponsCounted():
            return changed(attack, counts=attack.counts | {count_key(event): event})
        case HitRecorded(hit=hit):
            return changed(attack, hits=attack.hits | {hit: event})
        case DamageRecorded(damage=damage):
            return changed(attack, damages=attack.damages | {damage: event})
        case PhotoAdded(sha256=sha256):
            return changed(attack, photos=attack.photos | {sha256: event})
        case AttackCorrected():
            return changed(attack, opened=corrected_opening(attack.opened, event))
        case HitWithdrawn(hit=hit):
            return changed(attack, hits={name: each for name, each in attack.hits.items() if name != hit})


def corrected_opening(opened: AttackOpened | None, event: AttackCorrected) -> AttackOpened | None:
    """How an attack began, as a correction has it."""
    if opened is None:
        return None
    fields = msgspec.structs.asdict(event)
    del fields["reason"]
    return msgspec.structs.replace(opened, **fields)


ATTACK = Subject(
    name="attack",
    id_field="attack",
    commands=(OpenAttack, EndAttack, CountWeapons, RecordHit, RecordDamage, AddPhoto, CorrectAttack, WithdrawHit),
    events=EVENTS,
    blank=Attack(),
    decide=decide,
    evolve=evolve,
)

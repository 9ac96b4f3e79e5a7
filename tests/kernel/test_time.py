"""Times: never without an offset, and right through both nights of the year in which Kyiv's clocks are changed."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from msgspec import inspect
from tests.cap_documents import GOOD
from tests.town import Town, attack
from typer.main import get_command

from tocsin.cli.main import app
from tocsin.domain.bulletins import wording
from tocsin.domain.casualties import Lang
from tocsin.domain.catalogue import all_commands
from tocsin.domain.warning import Notice, Phase, Threat
from tocsin.formats.cap import write_cap
from tocsin.formats.cap_read import read_cap
from tocsin.kernel.errors import Invalid
from tocsin.kernel.time import is_repeated, local, parse_instant, zone_of

KYIV = "Europe/Kyiv"
NAIVE = "2025-10-26T03:30:00"
SUMMER, WINTER = timezone(timedelta(hours=3)), timezone(timedelta(hours=2))
# On the last Sunday of October four o'clock becomes three, so half past three comes twice.
FIRST, SECOND = datetime(2025, 10, 26, 3, 30, tzinfo=SUMMER), datetime(2025, 10, 26, 3, 30, tzinfo=WINTER)
# On the last Sunday of March three o'clock becomes four.
BEFORE_SPRING = datetime(2025, 3, 30, 2, 59, 59, tzinfo=WINTER)


def times_in(type_: inspect.Type) -> Iterator[Any]:
    """For each time inside a type: a value of the type in which that time, and nothing else, is given, and is naive."""
    match type_:
        case inspect.Metadata(type=inner):
            yield from times_in(inner)
        case inspect.DateTimeType():
            yield NAIVE
        case inspect.UnionType(types=types):
            for each in types:
                yield from times_in(each)
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            yield from ([value] for value in times_in(item))
        case inspect.DictType(value_type=value):
            yield from ({"x": inner} for inner in times_in(value))
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from ({field.encode_name: value} for value in times_in(field.type))


NAIVE_COMMANDS = [
    (kind, body) for kind, type_ in sorted(all_commands().types.items()) for body in times_in(inspect.type_info(type_))
]


@pytest.mark.parametrize(("kind", "body"), NAIVE_COMMANDS, ids=lambda value: str(value)[:60])
def test_a_naive_time_in_any_field_of_any_command_is_refused_by_its_name(kind: str, body: dict[str, Any]) -> None:
    (field,) = body
    with pytest.raises(Invalid, match=rf"^{kind} {field}.*`?datetime`?.*timezone"):
        all_commands().decode(kind, msgspec.json.encode(body))


def test_the_walk_over_the_commands_finds_their_times() -> None:
    assert {("alert.raise", "expires"), ("alert.update", "expires"), ("claim.record", "source")} <= {
        (kind, next(iter(body))) for kind, body in NAIVE_COMMANDS
    }


def options(path: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - of click
    for name, child in getattr(command, "commands", {}).items():
        yield from options(f"{path} {name}", child)
    for parameter in command.params:
        if parameter.metavar == "TIME" or "RFC 3339" in (getattr(parameter, "help", None) or ""):
            yield path, parameter


TIMES = list(options("tocsin", get_command(app)))


@pytest.mark.parametrize(("path", "option"), TIMES, ids=lambda value: str(getattr(value, "name", value)))
def test_a_naive_time_on_the_command_line_is_wrong_usage_before_anything_is_asked_of_a_server(
    path: str,
    option: Any,  # noqa: ANN401 - of click
) -> None:
    context = typer.Context(get_command(app), info_name=path)
    with pytest.raises(typer.BadParameter, match="has no offset"):
        option.process_value(context, NAIVE)
    with pytest.raises(typer.BadParameter, match="not an RFC 3339 time"):
        option.process_value(context, "half past three")
    assert option.process_value(context, "2025-10-26T03:30:00+02:00") == "2025-10-26T03:30:00+02:00"


def test_every_command_that_takes_a_time_was_asked() -> None:
    asked = {(path, option.name) for path, option in TIMES}
    assert {("tocsin alert raise", "expires"), ("tocsin replay", "until"), ("tocsin figures", "as_of")} <= asked


def test_half_past_three_comes_twice_in_october_and_each_is_an_instant_of_its_own() -> None:
    assert timedelta(hours=1) == SECOND - FIRST
    assert [local(each, KYIV).isoformat() for each in (FIRST, SECOND)] == [
        "2025-10-26T03:30:00+03:00",
        "2025-10-26T03:30:00+02:00",
    ]
    assert parse_instant("2025-10-26T03:30:00+03:00") == FIRST
    assert [is_repeated(each, KYIV) for each in (FIRST, SECOND)] == [True, True]
    assert not is_repeated(FIRST - timedelta(minutes=31), KYIV)
    assert not is_repeated(SECOND + timedelta(minutes=30), KYIV)


def test_three_oclock_does_not_come_in_march() -> None:
    assert local(BEFORE_SPRING + timedelta(seconds=1), KYIV).isoformat() == "2025-03-30T04:00:00+03:00"
    assert not is_repeated(BEFORE_SPRING, KYIV)


@pytest.mark.parametrize("hours", range(25))
def test_an_attack_in_the_night_the_clocks_are_changed_is_of_the_day_that_the_citys_clocks_show(hours: int) -> None:
    # The last Sunday of October has twenty-five hours in Kyiv.
    start = datetime(2025, 10, 25, 21, tzinfo=UTC) + timedelta(hours=hours)
    town = Town()
    town.do(attack("a", start, date(2025, 10, 26)))
    with pytest.raises(Invalid, match="date_local"):
        town.do(attack("b", start, date(2025, 10, 25)))


def test_a_bulletin_says_which_half_past_three_it_means() -> None:
    assert wording.moment(FIRST, Lang.EN) == "26 October 2025, 03:30 (UTC+03:00)"
    assert wording.moment(SECOND, Lang.UK) == "26 жовтня 2025, 03:30 (UTC+02:00)"
    assert wording.moment(SECOND + timedelta(hours=1), Lang.EN) == "26 October 2025, 04:30"
    assert wording.moment(BEFORE_SPRING + timedelta(seconds=1), Lang.EN) == "30 March 2025, 04:00"


def test_cap_keeps_both_half_past_threes_apart_written_and_read() -> None:
    for sent, utc in ((FIRST, "2025-10-26T00:30:00-00:00"), (SECOND, "2025-10-26T01:30:00-00:00")):
        notice = Notice(
            alert="a",
            revision=1,
            position=1,
            sent=sent,
            since=sent,
            phase=Phase.ALERT,
            areas=("UA1",),
            threat=Threat.DRONE,
            texts={},
            expires=sent + timedelta(hours=1),
        )
        assert f"<sent>{utc}</sent>" in write_cap(notice, {}, "a@b", "exercise").decode()
        read = read_cap(GOOD.replace("2025-04-24T00:46:00+03:00", sent.isoformat()).encode())
        assert read.sent == sent


@pytest.mark.parametrize("known", ["Europe/Kyiv", "Europe/Kiev"])
def test_a_machine_that_knows_kyiv_by_one_of_its_names_knows_it_by_the_other(tmp_path: Path, known: str) -> None:
    (tmp_path / "Europe").mkdir()
    (tmp_path / known).write_bytes(zone_data(known))
    program = (
        "import sys; sys.modules['tzdata'] = None\n"
        "import zoneinfo; from datetime import UTC, datetime; from tocsin.kernel.time import local\n"
        f"zoneinfo.reset_tzpath(to=[{str(tmp_path)!r}])\n"
        "for name in ('Europe/Kyiv', 'Europe/Kiev'):\n"
        "    print(local(datetime(2025, 7, 1, tzinfo=UTC), name).isoformat())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2025-07-01T03:00:00+03:00"] * 2


def zone_data(name: str) -> bytes:
    from importlib.resources import files
    from zoneinfo import TZPATH

    for folder in map(Path, TZPATH):
        if (folder / name).is_file():
            return (folder / name).read_bytes()
    return files("tzdata").joinpath("zoneinfo", name).read_bytes()


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(Invalid, match="time_zone: there is no time zone 'Europe/Kyjiw'"):
        zone_of("Europe/Kyjiw", "time_zone")

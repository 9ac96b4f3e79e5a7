"""tocsin record count, months, unusual, …: the questions that have filters, and the export."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.cli.output import DEFAULT_DB, CityFolder, Db, Json, Realm, emit, table
from tocsin.cli.reading import reading
from tocsin.cli.times import time_option

if TYPE_CHECKING:
    from datetime import datetime

    from tocsin.flow.record import Asked

From = Annotated[str | None, time_option("--from", "RFC 3339: the window's beginning")]
To = Annotated[str | None, time_option("--to", "RFC 3339: the window's end")]
Place = Annotated[str, typer.Option("--place", help="Code of an area, a region or the country; everywhere if left out")]
Somewhere = Annotated[str, typer.Argument(help="Code of an area, a region or the country")]
Weapon = Annotated[str, typer.Option("--weapon", help="any, missile, or a weapon class")]
EffectWord = Annotated[str | None, typer.Option("--effect", help="impact or debris")]
MinKilled = Annotated[int | None, typer.Option("--min-killed", help="Killed at least so many")]
SourceWord = Annotated[str, typer.Option("--source", help="Part of a publisher's name")]
AsOf = Annotated[str | None, time_option("--as-of", "RFC 3339: the moment figures are told for; now when left out")]
RecordedBy = Annotated[str | None, time_option("--recorded", "RFC 3339: as the record stood then")]


def asked_for(
    start: str | None = None,
    end: str | None = None,
    place: str = "",
    weapon: str = "any",
    effect: str | None = None,
    min_killed: int | None = None,
    source: str = "",
    as_of: str | None = None,
    recorded: str | None = None,
) -> "Asked":
    from tocsin.domain.record import weapon_classes
    from tocsin.domain.record.attacks import Effect
    from tocsin.flow.record import Asked
    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.time import system_clock

    if effect is not None and effect not in list(Effect):
        raise Invalid(f"no effect is called {effect!r}; there are {', '.join(Effect)}", "--effect")
    return Asked(
        start=_moment(start, "--from"),
        end=_moment(end, "--to"),
        place=place,
        weapon=weapon_classes(weapon),
        effect=None if effect is None else Effect(effect),
        min_killed=min_killed,
        source=source,
        as_of=_moment(as_of, "--as-of") or system_clock(),
        recorded=_moment(recorded, "--recorded"),
    )


def _moment(text: str | None, where: str) -> "datetime | None":
    from tocsin.kernel.time import parse_instant

    return None if text is None else parse_instant(text, where)


def _window(start: str | None, end: str | None) -> "tuple[datetime, datetime]":
    from datetime import timedelta

    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.time import system_clock

    ends = min(_moment(end, "--to") or system_clock(), system_clock())
    begins = _moment(start, "--from") or ends - timedelta(days=30)
    if ends <= begins:
        raise Invalid("the window ends before it begins", "--to")
    return begins, ends


def _say(definition: dict[str, str], would_change: Sequence[dict[str, str]]) -> None:
    """What every answer ends with: what was counted, and what would change it."""
    typer.echo(definition["en"])
    for each in would_change:
        typer.echo(f"  would change: {each['en']}")


def count(
    start: From = None,
    end: To = None,
    place: Place = "",
    weapon: Weapon = "any",
    effect: EffectWord = None,
    min_killed: MinKilled = None,
    source: SourceWord = "",
    as_of: AsOf = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """How many attacks, hits, launches and alerts there were in a place and a window, and how often."""
    from tocsin.flow.record import count

    asked = asked_for(start, end, place, weapon, effect, min_killed, source, as_of, recorded)
    with reading(db, realm, city) as system:
        answer = count(system, asked)

    def words() -> None:
        typer.echo(f"attacks {answer.attacks} (and {len(answer.possible_attacks)} possible), hits {answer.hits}")
        launches = answer.launches
        typer.echo(
            f"launched {launches.launched} in {launches.rows} rows, intercepted {launches.intercepted}, "
            f"lost {launches.lost}; {launches.possible_launched} more in {launches.possible_rows} possible rows"
        )
        if answer.rate is not None:
            rate = answer.rate
            typer.echo(f"{rate.per_30_days:.2f} attacks in 30 days ({rate.low:.2f} to {rate.high:.2f}, 95 %)")
        table("Alerts", ("source", "alerts"), [(each.source, each.alerts) for each in answer.alerts])
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def months(
    place: Place = "",
    weapon: Weapon = "any",
    as_of: AsOf = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Strikes and casualties in the last thirty days beside the thirty before."""
    from tocsin.flow.record import months

    with reading(db, realm, city) as system:
        answer = months(system, asked_for(place=place, weapon=weapon, as_of=as_of, recorded=recorded))

    def words() -> None:
        rows = [
            (
                f"{each.start:%Y-%m-%d}",
                each.attacks,
                each.hits,
                each.launches.launched,
                _bounds(each.killed.low, each.killed.best, each.killed.high),
                _bounds(each.injured.low, each.injured.best, each.injured.high),
            )
            for each in (answer.this, answer.before)
        ]
        table("Thirty days from", ("from", "attacks", "hits", "launched", "killed", "injured"), rows)
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def unusual(
    night: Annotated[str, typer.Argument(help="The local date on which it ends, such as 2025-04-24")],
    place: Place = "UA",
    weapon: Weapon = "any",
    nights: Annotated[int, typer.Option("--nights", min=1, help="How many before it are compared")] = 365,
    source: SourceWord = "",
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """How unusual a night's launches were, by the nights before it and by a model of counts."""
    from datetime import date

    from tocsin.domain.record import weapon_classes
    from tocsin.kernel.errors import Invalid
    from tocsin.views.history.launches import unusual

    try:
        day = date.fromisoformat(night)
    except ValueError:
        raise Invalid(f"{night!r} is no date", "NIGHT") from None
    with reading(db, realm, city) as system:
        index = system.views.history.index(_moment(recorded, "--recorded"))
        answer = unusual(index, index.path(place), day, weapon_classes(weapon), nights, source)

    def words() -> None:
        typer.echo(
            f"{answer.count} launched; rank {answer.rank} of {answer.nights + 1} nights ({answer.ties} tie); mean "
            f"{answer.mean:.1f}, variance {answer.variance:.1f}; as many or more on {answer.at_least:.1%} of them"
        )
        if answer.model is not None and answer.tail is not None:
            fitted = answer.model
            typer.echo(
                f"{fitted.name}: mean {fitted.mean:.1f}, dispersion {fitted.alpha:.2f}; as many or more with "
                f"probability {answer.tail:.3g}; {fitted.zeros} nights without, "
                f"where it expects {fitted.zeros_expected:.0f}"
            )
        for each in answer.assumptions:
            typer.echo(f"  assumed: {each['en']}")
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def interception(
    place: Place = "UA",
    period: Annotated[str, typer.Option("--period", help="month, quarter or year")] = "month",
    weapon: Weapon = "any",
    source: SourceWord = "",
    start: From = None,
    end: To = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """What share of each class of weapon was intercepted, period by period."""
    from tocsin.domain.record import weapon_classes
    from tocsin.kernel.errors import Invalid
    from tocsin.views.history.launches import Period, interception

    if period not in list(Period):
        raise Invalid(f"no period is called {period!r}; there are {', '.join(Period)}", "--period")
    with reading(db, realm, city) as system:
        index = system.views.history.index(_moment(recorded, "--recorded"))
        window = _moment(start, "--from"), _moment(end, "--to")
        answer = interception(index, index.path(place), Period(period), *window, weapon_classes(weapon), source)

    def words() -> None:
        rows = [
            (
                each.period,
                each.weapon,
                each.launched,
                each.intercepted,
                each.lost,
                *(None if share is None else f"{share:.0%}" for share in (each.share, each.share_low, each.share_high)),
            )
            for each in answer.rows
        ]
        table("", ("period", "weapon", "launched", "intercepted", "lost", "share", "least", "most"), rows)
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def alert_time(
    place: Somewhere,
    start: From = None,
    end: To = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """For how long a place was under alert, by each source on its own; the last thirty days when left out."""
    from tocsin.views.history.alerts import alert_time

    begins, ends = _window(start, end)
    with reading(db, realm, city) as system:
        answer = alert_time(system.views.history.index(_moment(recorded, "--recorded")), place, begins, ends)

    def words() -> None:
        rows = [
            (
                each.source,
                f"{each.seconds / 3600:.1f}",
                f"{each.seconds_anywhere / 3600:.1f}",
                each.alerts,
                None if each.share is None else f"{each.share:.1%}",
            )
            for each in answer.sources
        ]
        table("Under alert", ("source", "hours", "hours, anywhere in it", "alerts", "share"), rows)
        typer.echo(f"{answer.disagreements} disagreements between the sources: tocsin record disagreements")
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def disagreements(
    place: Somewhere,
    start: From = None,
    end: To = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """Where two sources tell of one alert differently; the last thirty days when left out."""
    from tocsin.views.history.alerts import disagreements

    begins, ends = _window(start, end)
    with reading(db, realm, city) as system:
        index = system.views.history.index(_moment(recorded, "--recorded"))
        found = list(disagreements(index, place, begins, ends))

    def words() -> None:
        rows = [
            (each.what, each.start, each.end, each.other_start, each.other_end, " ".join(each.one)) for each in found
        ]
        table("Disagreements", ("what", "start", "end", "other's start", "other's end", "row"), rows)

    emit(found, words, as_json=as_json)


def lead_times(
    place: Place = "",
    weapon: Weapon = "any",
    start: From = None,
    end: To = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """For how long an alert had stood when each hit came."""
    from tocsin.flow.record import lead_times

    with reading(db, realm, city) as system:
        answer = lead_times(system, asked_for(start, end, place, weapon, recorded=recorded))

    def words() -> None:
        rows = [
            (each.source, each.warned, each.unwarned, each.may_be_late, _minutes(each.median), _minutes(each.shortest))
            for each in answer.sources
        ]
        table("", ("source", "warned", "unwarned", "may be late", "median, min", "shortest, min"), rows)
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def false_alarms(
    place: Somewhere,
    start: From = None,
    end: To = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """What share of a place's alerts was followed by nothing on record."""
    from tocsin.flow.record import false_alarms

    with reading(db, realm, city) as system:
        answer = false_alarms(system, asked_for(start, end, place, as_of=as_of, recorded=recorded))

    def words() -> None:
        rows = [
            (
                each.source,
                each.alerts,
                each.hit,
                each.aimed,
                each.possible,
                each.nothing,
                f"{each.share_low or 0:.0%} to {each.share_high or 0:.0%}",
            )
            for each in answer.sources
        ]
        table("", ("source", "alerts", "hit", "launches at it", "launches wider", "nothing", "false"), rows)
        _say(answer.definition, answer.would_change)

    emit(answer, words, as_json=as_json)


def statements(
    attack: Annotated[str, typer.Option("--attack", help="About this attack only")] = "",
    type_: Annotated[str | None, typer.Option("--type", help="proposal, demand, denial, …")] = None,
    as_of: AsOf = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
    as_json: Json = False,
) -> None:
    """What was said, each proposal and demand followed to its answers, or to none yet."""
    from tocsin.domain.record.statements import Kind
    from tocsin.flow.record import Thread, threads
    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.time import system_clock

    if type_ is not None and type_ not in list(Kind):
        raise Invalid(f"no statement is a {type_!r}; there are {', '.join(Kind)}", "--type")
    kind = None if type_ is None else Kind(type_)
    moment = _moment(as_of, "--as-of") or system_clock()
    with reading(db, realm, city) as system:
        found = threads(system, moment, attack=attack, kind=kind, recorded=_moment(recorded, "--recorded"))

    def say(each: Thread, depth: int) -> None:
        said = each.statement
        who = ", ".join(part for part in (said.person, said.role, said.org) if part)
        text = said.translation.get("en", said.original)
        outcome = f" [{each.words['en']}]" if each.outcome else ""
        typer.echo(f"{'  ' * depth}{said.said_at:%Y-%m-%d %H:%M %z} {said.type}: {who}: {text}{outcome}")
        for answer in each.answers:
            say(answer, depth + 1)

    def words() -> None:
        for each in found:
            say(each, 0)

    emit(found, words, as_json=as_json)


def export(
    form: Annotated[str, typer.Option("--format", help="csv, geojson, hxl, ucdp-ged or acled")] = "csv",
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file instead of stdout")] = None,
    start: From = None,
    end: To = None,
    place: Place = "",
    weapon: Weapon = "any",
    effect: EffectWord = None,
    min_killed: MinKilled = None,
    source: SourceWord = "",
    as_of: AsOf = None,
    recorded: RecordedBy = None,
    db: Db = DEFAULT_DB,
    realm: Realm = "exercise",
    city: CityFolder = None,
) -> None:
    """The attacks that fit, as CSV, GeoJSON, HXL, or under the columns of UCDP GED 25.1 or ACLED."""
    from tocsin.flow.record_export import export
    from tocsin.formats.record import Export
    from tocsin.kernel.errors import Invalid

    if form not in list(Export):
        raise Invalid(f"no format is called {form!r}; there are {', '.join(Export)}", "--format")
    asked = asked_for(start, end, place, weapon, effect, min_killed, source, as_of, recorded)
    with reading(db, realm, city) as system:
        _, text = export(system, asked, Export(form))
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def datasets(db: Db = DEFAULT_DB, realm: Realm = "exercise", city: CityFolder = None, as_json: Json = False) -> None:
    """The data sets in the record, with how many rows they have."""
    with reading(db, realm, city) as system:
        found = system.views.history.datasets()
    rows = [
        {
            "dataset": each.dataset,
            "licence": each.licence,
            **{kind: len(each.of(kind)) for kind in ("alerts", "launches", "models", "unread")},
            "sources": each.sources,
        }
        for each in found
    ]
    shown = [tuple(row.values())[:-1] for row in rows]
    columns = ("data set", "licence", "alerts", "launches", "models", "kept as text")
    emit(rows, lambda: table("Data sets", columns, shown), as_json=as_json)


def _bounds(low: int, best: int, high: int | None) -> str:
    if low == best == high:
        return str(best)
    return f"{best} ({low} to {'…' if high is None else high})"


def _minutes(seconds: float | None) -> str | None:
    return None if seconds is None else f"{seconds / 60:.0f}"


def add_to(app: typer.Typer) -> None:
    """Register every question under its name."""
    for question in (
        count,
        months,
        unusual,
        interception,
        alert_time,
        disagreements,
        lead_times,
        false_alarms,
        statements,
        export,
        datasets,
    ):
        app.command(question.__name__.replace("_", "-"))(question)

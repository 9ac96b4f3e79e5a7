"""tocsin: all commands, and what their ends mean."""

import sys

import typer

from tocsin.cli import (
    alert,
    bench,
    bulletin,
    cap,
    cb,
    channel,
    city,
    demo,
    field,
    figures,
    foreign,
    journal,
    people,
    read,
    reading_queue,
    record,
    replay,
    serve,
    shelters,
    siren,
    template,
    user,
)
from tocsin.kernel.errors import Invalid, TocsinError, Unavailable

app = typer.Typer(
    name="tocsin",
    help="Civil protection for a city under air attack: warn, shelter, rescue, account, inform, remember.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("replay")(replay.replay)
app.command("figures")(figures.figures)
app.command("read")(read.read)
app.add_typer(alert.app, name="alert")
app.add_typer(template.app, name="template")
app.add_typer(siren.app, name="siren")
app.add_typer(cap.app, name="cap")
app.add_typer(cb.app, name="cb")
app.add_typer(foreign.app, name="foreign")
app.add_typer(channel.app, name="channel")
app.add_typer(city.app, name="city")
app.add_typer(shelters.app, name="shelters")
app.add_typer(record.app, name="record")
app.add_typer(reading_queue.app, name="reading")
app.add_typer(bulletin.app, name="bulletin")
app.add_typer(journal.app, name="journal")
app.add_typer(field.app, name="field")
app.add_typer(people.app, name="people")
app.add_typer(user.app, name="user")
app.add_typer(bench.app, name="bench")


def run() -> None:
    """Exit 0: done. 1: refused, or a check found faults. 2: wrong usage or input. 3: something is unavailable."""
    try:
        app()
    except Invalid as error:
        _end(error, 2)
    except Unavailable as error:
        _end(error, 3)
    except TocsinError as error:
        _end(error, 1)


def _end(error: TocsinError, code: int) -> None:
    sys.stderr.write(f"tocsin: {error.message or error}\n")
    sys.exit(code)

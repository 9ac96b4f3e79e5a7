"""tocsin field: orders written without a network, carried by file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit, table

app = typer.Typer(help="Orders written in the field without a network, carried by file.", no_args_is_help=True)

Outbox = Annotated[Path, typer.Argument(help="Where orders are collected, one a line")]


@app.command()
def note(
    outbox: Outbox,
    kind: Annotated[str, typer.Argument(help="Such as worksite.report")],
    fields: Annotated[str, typer.Argument(help="The order's fields as JSON")],
    as_json: Json = False,
) -> None:
    """Write an order down, with its own time and key. It is checked as far as that goes without the city."""
    import msgspec

    from tocsin.domain.catalogue import all_commands
    from tocsin.flow import field_file
    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.ids import new_key
    from tocsin.kernel.time import system_clock

    try:
        said = msgspec.json.decode(fields, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise Invalid(str(error), "fields") from None
    key = new_key()
    line = field_file.note(kind, said, key, system_clock(), all_commands())
    with outbox.open("ab") as file:
        file.write(line)
    emit({"key": key}, f"{kind} is written down under {key}.", as_json=as_json)


@app.command()
def export(
    outbox: Outbox,
    out: Annotated[Path, typer.Option("--out", help="The file to carry")],
    author: Annotated[str, typer.Option("--author", help="The user who wrote the orders")],
    as_json: Json = False,
) -> None:
    """Seal the orders of an outbox into a file that can be carried."""
    from tocsin.flow.field_file import seal
    from tocsin.kernel.errors import Invalid

    try:
        lines = outbox.read_bytes()
    except OSError as error:
        raise Invalid(str(error), str(outbox)) from None
    out.write_bytes(seal(author, lines))
    orders = lines.count(b"\n")
    emit({"orders": orders, "file": str(out)}, f"{orders} orders are in {out}.", as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A file made by export")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Carry out the orders of a file. A second time does nothing; exit 1 if an order was refused."""
    from tocsin.kernel.errors import Invalid

    try:
        document = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(str(error), str(file)) from None
    results = client.post(url, token, "/v1/field", {"file": document})["results"]
    rows = [(each["line"], each["kind"], each["outcome"], each["detail"]) for each in results]
    columns = ("line", "order", "outcome", "why")
    emit({"results": results}, lambda: table(file.name, columns, rows), as_json=as_json)
    if any(each["outcome"] == "refused" for each in results):
        sys.exit(1)

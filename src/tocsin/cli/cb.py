"""tocsin cb: cell broadcast pages of a text, and back."""

from typing import Annotated

import typer

from tocsin.cli.output import Json, emit

app = typer.Typer(help="Cell broadcast (3GPP TS 23.041).", no_args_is_help=True)


@app.command()
def encode(
    text: Annotated[str, typer.Option("--text", help="What to broadcast")],
    lang: Annotated[str, typer.Option("--lang", help="ISO 639-1; uk goes on the local identifier")] = "uk",
    level: Annotated[int, typer.Option("--level", help="EU-Alert level, 1 to 4")] = 1,
    code: Annotated[int, typer.Option("--code", help="Message code, 0 to 1023: a new one for a new message")] = 0,
    update: Annotated[int, typer.Option("--update", help="Update number, 0 to 15: one more for a changed text")] = 0,
    as_json: Json = False,
) -> None:
    """Print the pages in hex, each a block of 88 octets as GSM broadcasts it."""
    from tocsin.formats import cell_broadcast

    number = cell_broadcast.identifier(level, lang)
    message = cell_broadcast.encode(text, number, cell_broadcast.SerialNumber(code, update), lang)
    pages = [page.hex() for page in message.gsm()]
    result = {
        "dcs": message.dcs,
        "language": message.language,
        "message_identifier": message.message_identifier,
        "serial_number": message.serial.number,
        "pages": pages,
        "characters": message.characters,
        "per_page": message.per_page,
        "encoding": message.encoding,
    }
    emit(result, "\n".join(pages), as_json=as_json)


@app.command()
def decode(
    pages: Annotated[list[str], typer.Argument(help="In hex: the pages of GSM, or one message of UMTS")],
    as_json: Json = False,
) -> None:
    """Print the text of a message."""
    from tocsin.formats import cell_broadcast
    from tocsin.kernel.errors import Invalid

    blocks = []
    for place, page in enumerate(pages, 1):
        try:
            blocks.append(bytes.fromhex(page))
        except ValueError:
            raise Invalid("not octets in hex", f"page {place}") from None
    message = cell_broadcast.decode(blocks)
    emit(message, message.text, as_json=as_json)

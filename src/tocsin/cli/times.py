"""Times on the command line: always with an offset, found out before anything is asked of a server."""

from typing import Any

import typer


def _with_offset(text: str | None) -> str | None:
    from tocsin.kernel.errors import Invalid
    from tocsin.kernel.time import parse_instant

    if text is None:
        return None
    try:
        parse_instant(text)
    except Invalid as error:
        raise typer.BadParameter(error.message) from None
    return text


def time_option(name: str, help_: str = "RFC 3339") -> Any:  # noqa: ANN401 - what typer.Option returns
    """An option that takes an RFC 3339 time; a naive one is wrong usage and ends with exit code 2."""
    return typer.Option(name, help=help_, callback=_with_offset, metavar="TIME")

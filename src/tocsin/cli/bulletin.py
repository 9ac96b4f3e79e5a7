"""tocsin bulletin: draft, approve and publish over the API; show what was published."""

from typing import Annotated, Any

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit
from tocsin.cli.times import time_option

app = typer.Typer(help="Bulletins, over the API of a running server.", no_args_is_help=True)

Attack = Annotated[str, typer.Argument(help="The attack")]
Number = Annotated[int, typer.Argument(help="Number of the bulletin")]


def _say(answer: Any, as_json: bool) -> None:  # noqa: ANN401
    emit(answer, f"{', '.join(answer['events'])} at position {answer['position']}", as_json=as_json)


@app.command()
def draft(
    attack: Attack,
    cutoff: Annotated[str, time_option("--cutoff", "The moment whose figures it gives, RFC 3339")],
    version: Annotated[str, typer.Option("--version", help="Initial, Update or Final")] = "Update",
    next_expected: Annotated[str | None, time_option("--next", "When the next one is expected, RFC 3339")] = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Write the next bulletin from what is known."""
    fields = {"attack": attack, "cutoff": cutoff, "version": version, "next_expected": next_expected}
    _say(client.command(url, token, "bulletin.draft", fields), as_json)


@app.command()
def approve(attack: Attack, number: Number, url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Agree with a draft as the second person."""
    _say(client.command(url, token, "bulletin.approve", {"attack": attack, "number": number}), as_json)


@app.command()
def publish(attack: Attack, number: Number, url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Publish an approved bulletin."""
    _say(client.command(url, token, "bulletin.publish", {"attack": attack, "number": number}), as_json)


@app.command()
def show(
    attack: Attack,
    number: Annotated[int | None, typer.Argument(help="The newest when left out")] = None,
    lang: Annotated[str, typer.Option("--lang", help="uk or en")] = "uk",
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Show a published bulletin."""
    from tocsin.kernel.errors import Unknown

    found = client.get(url, "/v1/bulletins")["bulletins"]
    fitting = [each for each in found if each["attack"] == attack and number in (None, each["number"])]
    if not fitting:
        raise Unknown(f"no such bulletin about {attack!r} was published", "number")
    emit(fitting[0], fitting[0]["content"]["texts"].get(lang, ""), as_json=as_json)

"""tocsin bulletin: draft, approve, publish and withdraw over the API; show a bulletin in any of its forms."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli import client
from tocsin.cli.client import DEFAULT_URL, Token, Url
from tocsin.cli.output import Json, emit
from tocsin.cli.times import time_option

app = typer.Typer(help="Bulletins, over the API of a running server.", no_args_is_help=True)

Attack = Annotated[str, typer.Argument(help="The attack")]
Number = Annotated[int, typer.Argument(help="Number of the bulletin")]
Lang = Annotated[str, typer.Option("--lang", help="uk or en")]
FORMS = {
    "text": "txt",
    "html": "html",
    "pdf": "pdf",
    "sitrep-xml": "sitrep.xml",
    "hxl": "hxl.csv",
}


def _say(answer: Any, as_json: bool) -> None:  # noqa: ANN401
    emit(answer, f"{', '.join(answer['events'])} at position {answer['position']}", as_json=as_json)


@app.command()
def draft(
    attack: Attack,
    cutoff: Annotated[str, time_option("--cutoff", "The moment whose figures it gives, RFC 3339")],
    version: Annotated[str, typer.Option("--version", help="Initial, Update or Final")] = "Update",
    next_expected: Annotated[str | None, time_option("--next", "When the next one is expected, RFC 3339")] = None,
    name_uk: Annotated[str, typer.Option("--name-uk", help="What the attack is called, in Ukrainian")] = "",
    name_en: Annotated[str, typer.Option("--name-en", help="The same in English")] = "",
    photo: Annotated[list[Path] | None, typer.Option("--photo", help="A JPEG or PNG; may be repeated")] = None,
    alt_uk: Annotated[list[str] | None, typer.Option("--alt-uk", help="What it shows, one for each photo")] = None,
    alt_en: Annotated[list[str] | None, typer.Option("--alt-en", help="The same in English")] = None,
    corrects: Annotated[int | None, typer.Option("--corrects", help="The bulletin whose place it takes")] = None,
    wrong_uk: Annotated[str, typer.Option("--wrong-uk", help="What was wrong in that one, in Ukrainian")] = "",
    wrong_en: Annotated[str, typer.Option("--wrong-en", help="The same in English")] = "",
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Write the next bulletin from what is known. No figure is typed."""
    fields = {
        "attack": attack,
        "cutoff": cutoff,
        "version": version,
        "next_expected": next_expected,
        "names": _in_both(name_uk, name_en),
        "photos": _photos(url, token, photo or [], alt_uk or [], alt_en or []),
        "corrects": corrects,
        "correction": _in_both(wrong_uk, wrong_en),
    }
    _say(client.command(url, token, "bulletin.draft", fields), as_json)


def _in_both(uk: str, en: str) -> dict[str, str]:
    return {lang: text for lang, text in (("uk", uk), ("en", en)) if text}


def _photos(url: str, token: str, files: list[Path], uk: list[str], en: list[str]) -> list[dict[str, Any]]:
    """Bring the photos to the server; return them as a draft takes them."""
    from base64 import b64encode

    from tocsin.kernel.errors import Invalid

    if not len(files) == len(uk) == len(en):
        raise Invalid("each photo needs one --alt-uk and one --alt-en, for those who do not see it", "--photo")
    contents = []
    for file in files:
        try:
            contents.append(b64encode(file.read_bytes()).decode("ascii"))
        except OSError as error:
            raise Invalid(str(error), "--photo") from None
    kept = [client.post(url, token, "/v1/bulletins/photos", {"photo": content}) for content in contents]
    return [each | {"alt": {"uk": a, "en": b}} for each, a, b in zip(kept, uk, en, strict=True)]


@app.command()
def approve(
    attack: Attack,
    number: Number,
    revision: Annotated[int | None, typer.Option("--revision", help="The draft that you have read")] = None,
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Agree with a draft as the second person."""
    fields = {"attack": attack, "number": number, "revision": revision}
    _say(client.command(url, token, "bulletin.approve", fields), as_json)


@app.command()
def publish(attack: Attack, number: Number, url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Publish an approved bulletin."""
    _say(client.command(url, token, "bulletin.publish", {"attack": attack, "number": number}), as_json)


@app.command()
def retract(
    attack: Attack,
    number: Number,
    reason_uk: Annotated[str, typer.Option("--reason-uk", help="Why, in Ukrainian; the public reads it")],
    reason_en: Annotated[str, typer.Option("--reason-en", help="Why, in English")],
    url: Url = DEFAULT_URL,
    token: Token = "",
    as_json: Json = False,
) -> None:
    """Withdraw a published bulletin wherever it went. To replace it at once, draft with --corrects instead."""
    reasons = _in_both(reason_uk, reason_en)
    fields = {"attack": attack, "number": number, "reason": reason_en or reason_uk, "reasons": reasons}
    _say(client.command(url, token, "bulletin.retract", fields), as_json)


@app.command()
def drafts(lang: Lang = "uk", url: Url = DEFAULT_URL, token: Token = "", as_json: Json = False) -> None:
    """Show what waits to be approved or published, for those who prepare and approve it."""
    found = client.get(url, "/v1/bulletins/drafts", token)["drafts"]
    emit(found, "\n".join(_drafted(each, lang) for each in found) or "no drafts", as_json=as_json)


def _drafted(draft: Any, lang: str) -> str:  # noqa: ANN401 - JSON
    approved = f", approved by {draft['approved_by']}" if draft["approved_by"] else ""
    head = f"{draft['attack']} {draft['number']}, draft {draft['revision']} by {draft['prepared_by']}{approved}"
    return f"{head}\n\n{draft['content']['texts'].get(lang, '')}"


@app.command()
def show(
    attack: Attack,
    number: Annotated[int | None, typer.Argument(help="The newest when left out")] = None,
    lang: Lang = "uk",
    form: Annotated[str, typer.Option("--format", help="text, html, pdf, sitrep-xml or hxl")] = "text",
    out: Annotated[Path | None, typer.Option("--out", help="A file to write instead")] = None,
    url: Url = DEFAULT_URL,
    as_json: Json = False,
) -> None:
    """Show a published bulletin."""
    from urllib.parse import quote

    from tocsin.kernel.errors import Invalid, Unknown

    if form not in FORMS:
        raise Invalid(f"there is no format {form!r}; there are {', '.join(FORMS)}", "--format")
    found = client.get(url, "/v1/bulletins")["bulletins"]
    fitting = [each for each in found if each["attack"] == attack and number in (None, each["number"])]
    if not fitting:
        raise Unknown(f"no such bulletin about {attack!r} was published", "number")
    if as_json:
        emit(fitting[0], "", as_json=True)
        return
    path = f"/v1/bulletins/{quote(attack, safe='')}/{fitting[0]['number']}.{FORMS[form]}"
    content = client.fetch(url, path, lang=lang)
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Invalid(str(error), "--out") from None

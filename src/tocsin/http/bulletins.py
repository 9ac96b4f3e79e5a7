"""GET /bulletins…, /v1/bulletins/…: bulletins as pages, in every form, and as a widget; their photos."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from tocsin.domain.bulletins import Published
from tocsin.domain.casualties import Lang
from tocsin.domain.warning import EXERCISE
from tocsin.flow.bulletin_forms import FORMS, laid_out, write
from tocsin.flow.system import System
from tocsin.formats.bulletin import page
from tocsin.formats.photo import MOST_BYTES, draw_anew
from tocsin.http.auth import actor_of, require_role
from tocsin.http.board import IfNoneMatch, conditional
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown
from tocsin.views.bulletins import SEE_DRAFTS, Draft

PRESS = frozenset({"administrator", "press_officer"})
Language = Annotated[Lang, QueryParameter(name="lang", description="uk or en; uk when left out", required=False)]
Attack = Annotated[str | None, QueryParameter(name="attack", description="Only about this attack", required=False)]
HTML = "text/html"
CACHE = {"Cache-Control": "public, max-age=10"}
# No script, no fonts, nothing from elsewhere but the photos: what others put into a text stays text.
CONTENT = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: http:; base-uri 'none'"
PAGE_HEADERS = CACHE | {
    "Content-Security-Policy": f"{CONTENT}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
WIDGET_HEADERS = PAGE_HEADERS | {"Content-Security-Policy": f"{CONTENT}; frame-ancestors *"}


class DraftList(msgspec.Struct, frozen=True):
    position: int
    drafts: tuple[Draft, ...]


class NewPhoto(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    Attributes:
        photo: A JPEG or PNG, in base64.
    """

    photo: bytes


class KeptPhoto(msgspec.Struct, frozen=True):
    """
    A photo as `bulletin.draft` takes it, but for the words.

    Attributes:
        url: Where the public finds it, once a bulletin with it is published.
    """

    url: str
    sha256: str


def _one(system: System, attack: str, number: int) -> Published:
    with system.projector.looking():
        return system.views.bulletins.one(attack, number)


@get(
    "/bulletins/all",
    tags=["record"],
    summary="The bulletins as a page, newest first",
    operation_id="bulletin_list_page",
    sync_to_thread=True,
)
def list_page(
    system: Here, lang: Language = Lang.UK, attack: Attack = None, if_none_match: IfNoneMatch = None
) -> Response[Any]:
    with system.projector.looking():
        published = system.views.bulletins.published(attack)
    sheets = [laid_out(system, each, lang) for each in published]
    body = page.write_list(sheets, lang, _exercise(system, lang), system.web)
    return conditional(body.encode(), HTML, if_none_match, PAGE_HEADERS)


@get(
    "/bulletins/{attack_id:str}/{number:int}",
    tags=["record"],
    summary="One bulletin as a page, at an address that stays",
    operation_id="bulletin_page",
    sync_to_thread=True,
)
def bulletin_page(
    system: Here,
    attack_id: FromPath[str],
    number: FromPath[int],
    lang: Language = Lang.UK,
    if_none_match: IfNoneMatch = None,
) -> Response[Any]:
    media_type, body = write(system, _one(system, attack_id, number), "html", lang)
    return conditional(body, media_type, if_none_match, PAGE_HEADERS)


@get(
    "/v1/bulletins/{attack_id:str}/{name:str}",
    tags=["record"],
    summary="One bulletin as a file: `2.txt`, `2.html`, `2.pdf`, `2.json`, `2.sitrep.xml` or `2.hxl.csv`",
    operation_id="bulletin_file",
    sync_to_thread=True,
)
def bulletin_file(
    system: Here,
    attack_id: FromPath[str],
    name: FromPath[str],
    lang: Language = Lang.UK,
    if_none_match: IfNoneMatch = None,
) -> Response[Any]:
    number, _, ending = name.partition(".")
    form = next((each for each in FORMS if each == ending), None)
    if form is None or not number.isascii() or not number.isdecimal():
        raise Unknown(f"no such file; a bulletin has N.{', N.'.join(FORMS)}", "name")
    media_type, body = write(system, _one(system, attack_id, int(number)), form, lang)
    return conditional(body, media_type, if_none_match, PAGE_HEADERS)


@get(
    "/v1/bulletins/drafts",
    tags=["record"],
    summary="Bulletins that are not published yet, for those who prepare and approve them",
    operation_id="bulletin_drafts",
    sync_to_thread=True,
)
def drafts(request: Request[Any, Any, Any], system: Here) -> DraftList:
    role = require_role(request, system, SEE_DRAFTS).role
    with system.projector.looking() as position:
        return DraftList(position, system.views.bulletins.drafts(role))


@get(
    "/bulletins/widget",
    tags=["record"],
    summary="The newest bulletin, small, for a frame in another page",
    operation_id="bulletin_widget",
    sync_to_thread=True,
)
def widget(
    system: Here, lang: Language = Lang.UK, attack: Attack = None, if_none_match: IfNoneMatch = None
) -> Response[Any]:
    with system.projector.looking():
        newest = next(iter(system.views.bulletins.published(attack)), None)
    shown = None if newest is None else laid_out(system, newest, lang)
    body = page.write_widget(shown, lang, _exercise(system, lang), system.web)
    return conditional(body.encode(), HTML, if_none_match, WIDGET_HEADERS)


@get(
    "/bulletins/widget.js",
    tags=["record"],
    summary="Puts the widget where its tag stands",
    operation_id="bulletin_widget_loader",
    sync_to_thread=False,
)
def loader(system: Here) -> Response[str]:
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(page.write_loader(system.web), media_type="text/javascript", headers=headers)


@post(
    "/v1/bulletins/photos",
    tags=["record"],
    summary="Keep a photo for a bulletin, without what says where and by whom it was taken",
    operation_id="keep_bulletin_photo",
    # Base64 makes four characters of three bytes.
    request_max_body_size=MOST_BYTES * 4 // 3 + 10_000,
)
async def keep_photo(request: Request[Any, Any, Any], system: Here, data: JSONBody[NewPhoto]) -> KeptPhoto:
    require_role(request, system, PRESS)
    sha256 = await asyncio.to_thread(lambda: system.photos.put(draw_anew(data.photo)))
    return KeptPhoto(f"{system.web.rstrip('/')}/bulletins/photos/{sha256}", sha256)


@get(
    "/bulletins/photos/{sha256:str}",
    tags=["record"],
    summary="A photo of a published bulletin",
    operation_id="bulletin_photo",
    sync_to_thread=True,
)
def photo(request: Request[Any, Any, Any], system: Here, sha256: FromPath[str]) -> Response[bytes]:
    role = actor_of(request, system).role if "authorization" in request.headers else ""
    # The same store keeps what residents sent, which is not for everybody.
    with system.projector.looking():
        shown = system.views.bulletins.shows(sha256, role)
    found = system.photos.get(sha256) if shown else None
    if found is None:
        raise Unknown("there is no such photo", "sha256")
    kind = "image/png" if found.startswith(b"\x89PNG") else "image/jpeg"
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"} | CACHE
    return Response(found, media_type=kind, headers=headers)


def _exercise(system: System, lang: Lang) -> str:
    return "" if system.realm == "live" else EXERCISE[lang]


ROUTES = (list_page, bulletin_page, bulletin_file, drafts, widget, loader, keep_photo, photo)

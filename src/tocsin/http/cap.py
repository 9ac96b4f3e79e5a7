"""GET /cap/…: the alerts as CAP 1.2 documents and as feeds, for whoever takes them from there."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import HeaderParameter, PathParameter

from tocsin.domain.warning import Notice
from tocsin.flow.system import System
from tocsin.http.board import MAX_AGE, IfNoneMatch
from tocsin.http.here import Here
from tocsin.kernel.errors import Unknown

TITLE = "Тривоги / Alerts: {name}"


IfModifiedSince = Annotated[str | None, HeaderParameter(name="If-Modified-Since", required=False)]
Write = Callable[[Any, Sequence[Notice], datetime], bytes]


def _feed(
    system: System, write: Write, media_type: str, if_none_match: str | None, if_modified_since: str | None
) -> Response[Any]:
    from tocsin.formats import cap_feed

    now = system.clock()
    with system.projector.looking():
        notices = list(system.views.board.notices())
    names = system.city.facts.names
    feed = cap_feed.Feed(
        title=TITLE.format(name=names.get("uk", system.city.facts.name)),
        sender=system.sender,
        realm=system.realm,
        base_url=system.web,
        areas=system.cap_areas,
    )
    current = cap_feed.current(notices, now)
    for notice in current:
        _publish(system, notice)
    updated = cap_feed.updated_at(notices, now)
    body = write(feed, current, updated)
    tag = cap_feed.etag(body)
    headers = {
        "ETag": tag,
        # A second in which the feed changed may see it change again; its date must not stand for both.
        "Last-Modified": _http_date(min(updated, now - timedelta(seconds=1))),
        "Cache-Control": f"public, max-age={MAX_AGE}, must-revalidate",
    }
    if _held(tag, updated, if_none_match, if_modified_since):
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    return Response(body, headers=headers, media_type=media_type)


def _held(tag: str, updated: datetime, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether the reader has it already. Who names a tag is not asked for a date (RFC 9110, section 13.2.2)."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or tag.removeprefix("W/") in if_none_match
    try:
        since = parsedate_to_datetime(if_modified_since or "")
    except ValueError:
        return False
    # A date without a zone is no HTTP date. HTTP knows whole seconds only.
    return since.tzinfo is not None and updated.replace(microsecond=0) <= since


@get(
    "/cap/feed.atom",
    tags=["cap"],
    summary="Alerts that stand or ended lately, as Atom",
    operation_id="cap_atom",
    sync_to_thread=True,
)
def atom(system: Here, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None) -> Response[Any]:
    from tocsin.formats.cap_feed import write_atom

    return _feed(system, write_atom, "application/atom+xml", if_none_match, if_modified_since)


@get("/cap/feed.rss", tags=["cap"], summary="The same as RSS 2.0", operation_id="cap_rss", sync_to_thread=True)
def rss(system: Here, if_none_match: IfNoneMatch = None, if_modified_since: IfModifiedSince = None) -> Response[Any]:
    from tocsin.formats.cap_feed import write_rss

    return _feed(system, write_rss, "application/rss+xml", if_none_match, if_modified_since)


@get(
    "/cap/alerts/{name:str}",
    tags=["cap"],
    summary="One message of an alert, as CAP 1.2",
    operation_id="cap_document",
    sync_to_thread=True,
)
def document(system: Here, name: Annotated[str, PathParameter(description="identifier.xml")]) -> Response[Any]:
    from tocsin.formats.cap import identifier

    # A published message never changes, whatever the settings and the city say by now: what changes is a new message.
    if (body := system.documents.published(name)) is not None:
        return _document(body)
    with system.projector.looking():
        notices = list(system.views.board.notices())
    for notice in notices:
        if f"{identifier(notice, system.sender)}.xml" == name:
            return _document(_publish(system, notice))
    raise Unknown("there is no such message", "identifier")


def _publish(system: System, notice: Notice) -> bytes:
    """The document of a notice: what was published first under its name, if it was."""
    from tocsin.formats.cap import identifier, write_cap

    name = f"{identifier(notice, system.sender)}.xml"
    if (before := system.documents.published(name)) is not None:
        return before
    body = write_cap(notice, system.cap_areas, system.sender, system.realm, system.web)
    return system.documents.publish(name, body)


def _document(body: bytes) -> Response[Any]:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(body, media_type="application/cap+xml", headers=headers)


def _http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)

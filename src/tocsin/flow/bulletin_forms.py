"""Published bulletins in the forms in which they are handed out."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

from tocsin.domain.bulletins import Published
from tocsin.domain.casualties import Lang
from tocsin.flow import answers
from tocsin.flow.system import System
from tocsin.formats.bulletin import page, pdf
from tocsin.formats.bulletin.sheet import Sheet, sheet, write_text
from tocsin.formats.casualties import WRITERS
from tocsin.kernel.errors import Refused

Form: TypeAlias = Literal["txt", "html", "pdf", "json", "sitrep.xml", "hxl.csv"]


def laid_out(system: System, bulletin: Published, lang: Lang) -> Sheet:
    with system.projector.looking():
        newest = system.views.bulletins.newest(bulletin.attack)
    return sheet(bulletin, lang, newest=newest, realm=system.realm, base_url=system.web)


def write(system: System, bulletin: Published, form: Form, lang: Lang) -> tuple[str, bytes]:
    """
    Media type and content.

    Raises:
        Refused: If the bulletin no longer holds and the form has no word to say so.
        Unknown: If the form needs an attack of the record, and there is none.
    """
    media_type, make = FORMS[form]
    return media_type, make(system, bulletin, lang)


def _txt(system: System, bulletin: Published, lang: Lang) -> bytes:
    return write_text(laid_out(system, bulletin, lang)).encode()


def _html(system: System, bulletin: Published, lang: Lang) -> bytes:
    return page.write_page(laid_out(system, bulletin, lang), system.web).encode()


def _pdf(system: System, bulletin: Published, lang: Lang) -> bytes:
    return pdf.write_pdf(laid_out(system, bulletin, lang), system.sender, system.photos.get)


def _json(_system: System, bulletin: Published, _lang: Lang) -> bytes:
    return msgspec.json.encode(bulletin)


def _figures(name: Literal["sitrep-xml", "hxl"]) -> Callable[[System, Published, Lang], bytes]:
    def make(system: System, bulletin: Published, _lang: Lang) -> bytes:
        # Whoever reads only numbers would take those of a withdrawn bulletin for what is known.
        if bulletin.withdrawn is not None:
            raise Refused(bulletin.withdrawal["en"])
        if bulletin.corrected_by is not None:
            raise Refused(f"bulletin {bulletin.number} is corrected by bulletin {bulletin.corrected_by}; take that one")
        return WRITERS[name][1](answers.bulletin_report(system, bulletin))

    return make


FORMS: dict[Form, tuple[str, Callable[[System, Published, Lang], bytes]]] = {
    "txt": ("text/plain", _txt),
    "html": ("text/html", _html),
    "pdf": (pdf.MEDIA_TYPE, _pdf),
    "json": ("application/json", _json),
    "sitrep.xml": (WRITERS["sitrep-xml"][0], _figures("sitrep-xml")),
    "hxl.csv": (WRITERS["hxl"][0], _figures("hxl")),
}

"""A bulletin in every form in which it is handed out: the approved words, and what became of it."""

import json
import re
import zlib
from html import unescape

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.bulletins import PUBLISHER, WEB, chain, photo, picture, withdrawn
from tests.conftest import Golden

from tocsin.domain.bulletins import Published
from tocsin.domain.casualties import Lang
from tocsin.formats.bulletin.feed import ATOM, write_bulletin_feed
from tocsin.formats.bulletin.mail import ORDER, Envelope, write_mail
from tocsin.formats.bulletin.page import write_list, write_loader, write_page, write_widget
from tocsin.formats.bulletin.pdf import pages, write_pdf
from tocsin.formats.bulletin.sheet import Sheet, sheet, write_text

NUMBERS = range(1, 5)
LANGS = list(Lang)


def shown(bulletin: Published, lang: Lang = Lang.UK, newest: int = 4, realm: str = "exercise") -> Sheet:
    return sheet(bulletin, lang, newest=newest, realm=realm, base_url=WEB)


def kept(sha256: str) -> bytes | None:
    return picture() if sha256 == photo().sha256 else None


def mail(bulletin: Published, realm: str = "exercise", answers: int | None = None) -> str:
    envelope = Envelope(
        sender="Київ <bulletins@kyiv.example>",
        domain="kyiv.example",
        unsubscribe="mailto:unsubscribe@kyiv.example",
        realm=realm,
        base_url=WEB,
        sent=bulletin.published,
        answers=answers,
    )
    message = write_mail([shown(bulletin, lang, newest=0, realm=realm) for lang in ORDER], envelope)
    parts = [f"{name}: {value}" for name, value in message.items()]
    parts += [f"--- {part.get_content_type()}\n{part.get_content()}" for part in message.iter_parts()]
    return "\n".join(parts).replace("\r\n", "\n")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("lang", LANGS)
def test_text_page_and_widget_of_the_chain_are_as_kept(number: int, lang: Lang, golden: Golden) -> None:
    each = shown(chain()[number - 1], lang)
    golden.check(f"bulletins/{number}.{lang}.txt", write_text(each))
    golden.check(f"bulletins/{number}.{lang}.html", write_page(each, WEB))
    golden.check(f"bulletins/{number}.{lang}.widget.html", write_widget(each, lang, each.exercise, WEB))


@pytest.mark.parametrize("number", NUMBERS)
def test_the_mails_of_the_chain_are_as_kept(number: int, golden: Golden) -> None:
    bulletin = msgspec.structs.replace(chain()[number - 1], corrected=None, corrected_by=None)
    answers = bulletin.content.corrects or (number - 1 or None)
    golden.check(f"bulletins/{number}.mail", mail(bulletin, answers=answers))


def test_the_feed_of_the_chain_is_as_kept(golden: Golden) -> None:
    feed = write_bulletin_feed(
        chain()[::-1], base_url=WEB, publisher=PUBLISHER, realm="exercise", now=chain()[0].published
    )
    golden.check("bulletins/chain.atom", feed.decode())


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("lang", LANGS)
def test_the_pdf_is_one_tagged_page_with_its_fonts_and_the_words_as_kept(
    number: int, lang: Lang, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    typeset, given_ = typst.compile, []

    def watched(*arguments: object, **named: dict[str, str]) -> object:
        given_.append(json.loads(named["sys_inputs"]["data"]))
        return typeset(*arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(typst, "compile", watched)
    document = write_pdf(shown(chain()[number - 1], lang), PUBLISHER, kept)
    assert document.startswith(b"%PDF-1.7")
    assert pages(document) == 1
    inside = document + b"".join(inflated(document))
    for owed in (b"<pdfuaid:part>1</pdfuaid:part>", b"/StructTreeRoot", b"/FontFile3", f"/Lang({lang})".encode()):
        assert owed in inside, owed
    words = given_[-1]
    for each in words["photos"]:
        each["content"] = len(each["content"])
    golden.check(f"bulletins/{number}.{lang}.pdf.json", json.dumps(words, ensure_ascii=False, indent=1) + "\n")


def inflated(document: bytes) -> list[bytes]:
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found


def test_the_pdf_is_the_same_every_time() -> None:
    each = shown(chain()[1])
    assert write_pdf(each, PUBLISHER, kept) == write_pdf(each, PUBLISHER, kept)


def test_a_pdf_that_is_too_long_for_a_page_takes_another_and_leaves_nothing_out() -> None:
    each = shown(chain()[1])
    long = msgspec.structs.replace(each, sections=each.sections * 12)
    assert pages(write_pdf(long, PUBLISHER, kept)) > 1


def test_a_photo_is_in_the_pdf_with_its_words_and_one_that_is_not_kept_by_its_hash() -> None:
    each = shown(chain()[1])
    assert b"/Subtype/Image" in write_pdf(each, PUBLISHER, kept)
    assert b"/Subtype/Image" not in write_pdf(each, PUBLISHER, lambda _: None)


@given(st.sampled_from(LANGS), st.text(min_size=1, max_size=40))
def test_what_somebody_wrote_is_never_taken_for_html(lang: Lang, name: str) -> None:
    evil = f"<script>alert(1)</script>\"'&{name}"
    content = chain()[1].content
    texts = {code: text.replace("- ", f"- {evil} ", 1) for code, text in content.texts.items()}
    photos = (msgspec.structs.replace(photo(), alt={Lang.UK: evil, Lang.EN: evil}),)
    bulletin = msgspec.structs.replace(chain()[1], content=msgspec.structs.replace(content, texts=texts, photos=photos))
    page = write_page(shown(bulletin, lang), WEB)
    assert "<script" not in page
    assert "<script>alert(1)</script>" in unescape(page)


@pytest.mark.parametrize("lang", LANGS)
def test_every_approved_line_stands_in_the_text_and_on_the_page(lang: Lang) -> None:
    for bulletin in chain():
        text, page = write_text(shown(bulletin, lang)), unescape(write_page(shown(bulletin, lang), WEB))
        for line in filter(None, bulletin.content.texts[lang].split("\n")):
            assert line in text
            for part in line.removeprefix("- ").rstrip(":").split(": ", 1):
                assert part in page


def test_the_fall_from_nine_to_eight_is_told_in_words_in_every_form() -> None:
    second = msgspec.structs.replace(chain()[1], corrected=None, corrected_by=None)
    forms = [write_text(shown(second, Lang.EN)), write_page(shown(second, Lang.EN), WEB), mail(second)]
    forms.append(
        write_bulletin_feed([second], base_url=WEB, publisher=PUBLISHER, realm="live", now=second.published).decode()
    )
    for form in forms:
        assert "9 before, now 8. Why it is lower: remains are under examination." in form
        assert "It is not yet known whether what was found belongs to a ninth person." in form


def test_a_corrected_bulletin_sends_the_reader_to_the_one_that_holds() -> None:
    second = chain()[1]
    page = write_page(shown(second, Lang.EN), WEB)
    assert "Bulletin No. 2 is corrected by bulletin No. 3. Do not rely on its figures." in page
    assert f"{WEB}/bulletins/kyiv-2025-04-24/3?lang=en" in page
    assert "There is a newer bulletin: No. 4." in page
    assert "<details" in page
    feed = write_bulletin_feed([second], base_url=WEB, publisher="k", realm="live", now=second.published)
    [entry] = etree.fromstring(feed).findall(f"{{{ATOM}}}entry")
    assert "77" not in (entry.findtext(f"{{{ATOM}}}content") or "")
    assert (entry.findtext(f"{{{ATOM}}}title") or "").startswith("Виправлено / Corrected: ")
    assert entry.findtext(f"{{{ATOM}}}updated") == "2025-04-24T09:00:00Z"


@pytest.mark.parametrize("lang", LANGS)
def test_a_withdrawn_bulletin_has_no_figures_where_nothing_can_be_struck_out(lang: Lang) -> None:
    bulletin = withdrawn(chain()[0])
    for form in (write_text(shown(bulletin, lang)), mail(bulletin)):
        assert bulletin.withdrawal[lang] in form
        assert "63" not in form
    assert "<details" in write_page(shown(bulletin, lang), WEB)


def test_an_exercise_says_so_first_and_the_live_realm_does_not() -> None:
    bulletin = chain()[0]
    assert write_text(shown(bulletin)).startswith("НАВЧАННЯ\n")
    assert "Subject: НАВЧАННЯ / EXERCISE: " in mail(bulletin)
    assert "НАВЧАННЯ" not in write_text(shown(bulletin, realm="live")) + mail(bulletin, realm="live")


def test_a_correction_is_in_one_thread_with_what_it_corrects() -> None:
    def header(text: str, name: str) -> str:
        return next(line for line in text.split("\n") if line.startswith(f"{name}: ")).partition(": ")[2]

    second = msgspec.structs.replace(chain()[1], corrected=None, corrected_by=None)
    first, correction, end = mail(second), mail(chain()[2], answers=2), mail(withdrawn(second), answers=2)
    assert header(correction, "In-Reply-To") == header(end, "In-Reply-To") == header(first, "Message-ID")
    assert header(end, "Message-ID") != header(first, "Message-ID")
    assert header(end, "Subject").startswith("НАВЧАННЯ / EXERCISE: Відкликано / Withdrawn: ")


def test_the_list_and_the_widget_say_when_there_is_nothing() -> None:
    assert "There are no bulletins yet." in write_list([], Lang.EN, "", WEB)
    assert "Зведень ще не було." in write_widget(None, Lang.UK, "", WEB)


def test_the_list_marks_what_no_longer_holds() -> None:
    page = write_list([shown(chain()[1], Lang.EN), shown(withdrawn(chain()[0]), Lang.EN)], Lang.EN, "EXERCISE", WEB)
    assert "EXERCISE: Corrected: Attack on Kyiv" in page
    assert "EXERCISE: Withdrawn: Attack on Kyiv" in page


def test_the_widget_and_its_loader_need_nothing_but_a_frame() -> None:
    widget = write_widget(shown(chain()[3], Lang.EN), Lang.EN, "EXERCISE", WEB)
    assert "<script" not in widget
    assert '<meta http-equiv="refresh" content="60">' in widget
    assert f'frame.src = "{WEB}/bulletins/widget?"' in write_loader(f"{WEB}/")

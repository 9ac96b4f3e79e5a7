"""
Bulletins as HTML that needs no script: a page for each, the list of them, and a widget for other people's pages.

All text is escaped. A page asks for nothing but the photos, and frames only in the widget.
"""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from tocsin.domain.casualties import Lang
from tocsin.formats.bulletin import words
from tocsin.formats.bulletin.sheet import Remark, Section, Sheet, page_address

REFRESH = 60
"""Seconds after which a widget looks again by itself."""
STYLE = """
:root{color-scheme:light dark;--ink:#16191d;--quiet:#4a5159;--paper:#fff;--line:#ccd2d8;--mark:#b00020;--tint:#fdecee;
--accent:#0b57a4}
@media(prefers-color-scheme:dark){:root{--ink:#f1f3f5;--quiet:#b4bcc4;--paper:#121518;--line:#3a4148;--mark:#ff8a8f;
--tint:#33181b;--accent:#8fc1ff}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1rem;max-width:44rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);
background:var(--paper);overflow-wrap:break-word}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.05rem;margin:1.5rem 0 .25rem}
a{color:var(--accent)}
nav a,footer a{display:inline-block;padding:.6rem .8rem .6rem 0;min-height:2.75rem}
.covers,.signed,figcaption,time{color:var(--quiet);font-size:.9rem}
.lead{font-size:1.15rem;font-weight:600}
.exercise{border:.25rem dashed;padding:.25rem .75rem;font-weight:700;letter-spacing:.05em}
.remark{border-left:.35rem solid var(--line);padding:.5rem .75rem}
.withdrawn,.corrected{border-color:var(--mark);background:var(--tint)}
.void{opacity:.8}
.void .lead{text-decoration:line-through}
summary{padding:.6rem 0;min-height:2.75rem;cursor:pointer}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .5rem .4rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600;width:42%;hyphens:auto}
td[colspan]{border-bottom:0}
figure{margin:1rem 0}
img{max-width:100%;height:auto;display:block;background:var(--line)}
code{font-size:.75rem}
@media print{nav,footer nav{display:none}}
"""


def write_page(shown: Sheet, base_url: str) -> str:
    """The page of one bulletin in one language."""
    body = [f"<nav>{_other_language(shown)}</nav>", "<main>", *_article(shown, base_url), "</main>"]
    head = [
        f'<link rel="canonical" href="{escape(shown.address)}">',
        f'<link rel="alternate" type="application/pdf" href="{escape(_form(shown, base_url, "pdf"))}">',
        _feed_link(shown.lang, base_url),
    ]
    return _document(shown.lang, _marked(shown), head, [*body, _footer(shown, base_url)])


def write_both(sheets: Sequence[Sheet], base_url: str) -> str:
    """One bulletin in every language, one after the other, for a mail."""
    articles = (
        [f'<article lang="{each.lang.value}">', *_article(each, base_url), _link(each), "</article>"] for each in sheets
    )
    first = sheets[0]
    return _document(first.lang, _marked(first), [], [line for article in articles for line in article])


def _article(shown: Sheet, base_url: str) -> list[str]:
    return [
        _exercise(shown.exercise),
        f"<h1>{escape(shown.title)}</h1>",
        f'<p class="covers">{escape(shown.covers)}</p>',
        *(_remark(remark, shown, base_url) for remark in shown.remarks),
        *_told(shown),
        f'<p class="signed">{escape(shown.signed)}</p>',
    ]


def _told(shown: Sheet) -> list[str]:
    told = [
        *(f'<p class="lead">{escape(paragraph)}</p>' for paragraph in shown.intro),
        *map(_section, shown.sections),
        *(f"<p>{escape(paragraph)}</p>" for paragraph in shown.outro),
        _photos(shown),
    ]
    if not shown.void or not any(told):
        return told
    # What was said in public stays to be read, but not at a glance: nobody must take it for what is known.
    return [f'<details class="void"><summary>{escape(words.WHAT_IT_SAID[shown.lang])}</summary>', *told, "</details>"]


def _link(shown: Sheet) -> str:
    address = escape(_in(shown.address, shown.lang))
    return f'<p><a target="_blank" rel="noopener" href="{address}">{escape(words.FULL[shown.lang])}</a></p>'


def write_list(sheets: Sequence[Sheet], lang: Lang, exercise: str, base_url: str) -> str:
    """Every bulletin by its title, in the order given."""
    items = [
        f'<li><a href="{escape(_in(each.address, lang))}">{escape(_marked(each))}</a><br>'
        f'<span class="covers">{escape(each.covers)}</span></li>'
        for each in sheets
    ]
    heading = words.BULLETINS[lang]
    body = [
        _exercise(exercise),
        f"<main><h1>{escape(heading)}</h1>",
        f"<ul>{''.join(items)}</ul>" if items else f"<p>{escape(words.NONE_YET[lang])}</p>",
        "</main>",
    ]
    return _document(lang, heading, [_feed_link(lang, base_url)], body)


def write_widget(shown: Sheet | None, lang: Lang, exercise: str, base_url: str) -> str:
    """The newest bulletin for a frame in another page: the lead, what must be known first, and the way to the rest."""
    body = [_exercise(exercise)]
    if shown is None:
        body.append(f"<main><p>{escape(words.NONE_YET[lang])}</p></main>")
    else:
        body += [
            "<main>",
            f"<h1>{escape(shown.title)}</h1>",
            *(_remark(remark, shown, base_url) for remark in shown.remarks),
            # There is no room to strike anything out: what no longer holds is not repeated.
            *(f'<p class="lead">{escape(paragraph)}</p>' for paragraph in shown.intro if not shown.void),
            f'<p class="covers">{escape(shown.covers)}</p>',
            _link(shown),
            "</main>",
        ]
    head = [f'<meta http-equiv="refresh" content="{REFRESH}">']
    return _document(lang, words.BULLETINS[lang], head, body)


def write_loader(base_url: str) -> str:
    """The script that puts the widget where its own tag stands. Without it, a frame written by hand does the same."""
    return LOADER.replace("BASE", base_url.rstrip("/"))


LOADER = """\
// Puts the newest bulletin where this tag stands: <script async src="BASE/bulletins/widget.js" data-lang="uk"></script>
(() => {
  const tag = document.currentScript;
  const frame = document.createElement("iframe");
  const query = new URLSearchParams();
  for (const name of ["lang", "attack"]) if (tag.dataset[name]) query.set(name, tag.dataset[name]);
  frame.src = "BASE/bulletins/widget?" + query;
  frame.title = tag.dataset.title || (tag.dataset.lang === "en" ? "Bulletin" : "Зведення");
  frame.loading = "lazy";
  frame.setAttribute("sandbox", "allow-popups");
  frame.style.cssText = "border:0;width:100%;height:" + (tag.dataset.height || "22rem");
  tag.replaceWith(frame);
})();
"""


def _document(lang: Lang, title: str, head: Iterable[str], body: Iterable[str]) -> str:
    lines = [
        "<!doctype html>",
        f'<html lang="{lang.value}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title>",
        *head,
        f"<style>{STYLE}</style>",
        "</head>",
        "<body>",
        *filter(None, body),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _marked(shown: Sheet) -> str:
    """The title as it stands in a list: what is void says so first."""
    kinds = {remark.kind for remark in shown.remarks}
    mark = words.WITHDRAWN if "withdrawn" in kinds else words.CORRECTION if "corrected" in kinds else None
    parts = (shown.exercise, mark[shown.lang] if mark else "", shown.title)
    return ": ".join(filter(None, parts))


def _exercise(word: str) -> str:
    return f'<p class="exercise">{escape(word)}</p>' if word else ""


def _other_language(shown: Sheet) -> str:
    others = (lang for lang in Lang if lang is not shown.lang)
    return "".join(
        f'<a lang="{lang.value}" hreflang="{lang.value}" href="{escape(_in(shown.address, lang))}">'
        f"{escape(words.LANGUAGES[lang])}</a>"
        for lang in others
    )


def _remark(remark: Remark, shown: Sheet, base_url: str) -> str:
    text = escape(remark.text)
    if remark.number is not None:
        address = _in(page_address(base_url, shown.attack, remark.number), shown.lang)
        text = f'<a target="_top" href="{escape(address)}">{text}</a>'
    return f'<p class="remark {remark.kind}" role="note">{text}</p>'


def _section(section: Section) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(what)}</th><td>{escape(said)}</td></tr>'
        if said
        else f'<tr><td colspan="2">{escape(what)}</td></tr>'
        for what, said in section.rows
    )
    return f"<section><h2>{escape(section.heading.rstrip(':'))}</h2><table>{rows}</table></section>"


def _photos(shown: Sheet) -> str:
    if not shown.photos:
        return ""
    figures = "".join(
        f'<figure><img src="{escape(photo.url)}" alt="{escape(photo.alt)}" loading="lazy">'
        f"<figcaption>{escape(photo.alt)}<br><code>SHA-256 {photo.sha256}</code></figcaption></figure>"
        for photo in shown.photos
    )
    return f"<section><h2>{escape(words.PHOTOS[shown.lang])}</h2>{figures}</section>"


def _footer(shown: Sheet, base_url: str) -> str:
    forms = {"pdf": "PDF", "txt": "TXT", "sitrep.xml": "EDXL-SitRep", "hxl.csv": "HXL"}
    links = "".join(f'<a href="{escape(_form(shown, base_url, form))}">{name}</a>' for form, name in forms.items())
    every = f"{base_url.rstrip('/')}/bulletins/all?lang={shown.lang.value}"
    return (
        f'<footer><nav aria-label="{escape(words.FORMATS[shown.lang])}">{links}'
        f'<a href="{escape(every)}">{escape(words.ALL[shown.lang])}</a></nav></footer>'
    )


def _form(shown: Sheet, base_url: str, form: str) -> str:
    own = f"{base_url.rstrip('/')}/v1/bulletins/{quote(shown.attack, safe='')}"
    return f"{own}/{shown.number}.{form}?lang={shown.lang.value}"


def _feed_link(lang: Lang, base_url: str) -> str:
    address = escape(f"{base_url.rstrip('/')}/bulletins.atom")
    return f'<link rel="alternate" type="application/atom+xml" title="{words.BULLETINS[lang]}" href="{address}">'


def _in(address: str, lang: Lang) -> str:
    return address if lang is Lang.UK else f"{address}?lang={lang.value}"

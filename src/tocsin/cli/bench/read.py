"""Reading a page of text: our grammar, and a bare split into words of the same page as the floor under any reader."""

import re
import time
from datetime import UTC, datetime

from tocsin.cli.bench.measure import Bench, bench, row
from tocsin.domain.casualties import Lang
from tocsin.reading import read

ROUNDS = 30
PUBLISHED = datetime(2025, 4, 24, 15, tzinfo=UTC)
# A page of about 3,000 characters each, as an agency writes it: ten paragraphs, the figures anew in each.
_EN = (
    "A Russian missile and drone attack on Kyiv killed at least {a} people and wounded more than {b} on Thursday, the "
    "State Emergency Service said on Telegram. “According to preliminary information, {c} people were taken to "
    "hospital, including six children,” it added, as rescuers searched the rubble. Fires broke out in apartment blocks."
)
_UK = (
    "Унаслідок ракетного удару по Києву загинули щонайменше {a} людей, понад {b} поранено, повідомили в ДСНС. «За "
    "попередніми даними, {c} людини госпіталізовано, серед них шестеро дітей», – додали рятувальники. У Святошинському "
    "районі виникла пожежа, зруйновано двоповерховий житловий будинок, триває розбір завалів."
)


def run() -> Bench:
    """Both languages in turn; a page is what a newsroom prints of one night."""
    pages = {lang: page(template) for lang, template in ((Lang.EN, _EN), (Lang.UK, _UK))}
    found: dict[str, list[float]] = {"tocsin": [], "words": []}
    for _ in range(ROUNDS):
        for lang, text in pages.items():
            start = time.perf_counter()
            read(text, lang=lang, source="Agency", published=PUBLISHED)
            middle = time.perf_counter()
            re.findall(r"\w+", text.casefold())
            found["tocsin"].append((middle - start) * 1e3)
            found["words"].append((time.perf_counter() - middle) * 1e3)
    return bench("read", [row(name, "page_ms", "ms", "lower", values) for name, values in found.items()])


def page(template: str) -> str:
    """Ten paragraphs."""
    return "\n\n".join(template.format(a=9 + n, b=60 + n, c=42 + n) for n in range(10))

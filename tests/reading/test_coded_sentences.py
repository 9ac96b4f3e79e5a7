"""Texts with coded answers: how much of them is read, and how much is read into them."""

import pytest

from tests.reading.coded import KINDS, coded, measure
from tocsin.domain.casualties import Lang


@pytest.mark.parametrize("lang", list(Lang))
def test_precision_and_recall_are_held_on_every_kind(lang: Lang) -> None:
    scores, misses = measure(lang)
    for kind in KINDS:
        score = scores[kind]
        assert score.precision >= 0.95, (kind, misses)
        assert score.recall >= 0.9, (kind, misses)


@pytest.mark.parametrize("lang", list(Lang))
def test_there_are_sixty_coded_texts_or_more(lang: Lang) -> None:
    texts = [each.text for each in coded(lang)]
    assert len(set(texts)) == len(texts) >= 60

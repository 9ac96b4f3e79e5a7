"""What officials and bodies said: the words, whose they are, and what is done by saying them."""

from collections.abc import Sequence

from tocsin.domain.casualties import Lang, OrgKind
from tocsin.domain.record.statements import Kind
from tocsin.reading.lexicon.speech import MEANT
from tocsin.reading.proposals import ProposedStatement, Spanned
from tocsin.reading.speakers import Attribution
from tocsin.reading.text import Quotation, Sentence, overlapping, tokenize


class StatementSheet:
    """Collects the statements of a text, sentence by sentence."""

    def __init__(self, text: str, lang: Lang, quoted: list[Quotation]) -> None:
        self.text = text
        self.lang = lang
        self.quoted = quoted
        self.found: list[ProposedStatement] = []
        self._taken: set[int] = set()

    def take(self, sentence: Sentence, said: Sequence[Attribution], attack: str) -> None:
        """One statement for each who speaks here: their own words where they stand in quotation marks."""
        own = overlapping(self.quoted, sentence.start, sentence.end)
        for attribution in said:
            speaker = attribution.cited or attribution.speaker
            if speaker.org_kind is OrgKind.NEWSROOM and not own:
                continue
            fresh = [each for each in own if each.start not in self._taken]
            if own and not fresh and (attribution.kind is Kind.REPORT or self._covers(own, sentence)):
                continue
            span = self._quotation(fresh) if fresh else self._whole(sentence)
            self._taken.update(each.start for each in fresh)
            self.found.append(
                ProposedStatement(
                    id=f"s{len(self.found) + 1}",
                    type=self._type(attribution.kind, span),
                    speaker=speaker,
                    direct=bool(fresh),
                    attack=attack,
                    **span.as_fields(),
                )
            )

    @staticmethod
    def _covers(own: Sequence[Quotation], sentence: Sentence) -> bool:
        """The sentence is the inside of a quotation that is taken already."""
        return any(each.start <= sentence.start + 1 and sentence.end <= each.end + 2 for each in own)

    def _whole(self, sentence: Sentence) -> Spanned:
        return Spanned(start=sentence.start, end=sentence.end, quote=self.text[sentence.start : sentence.end])

    def _quotation(self, parts: Sequence[Quotation]) -> Spanned:
        start, end = parts[0].start, parts[-1].end
        return Spanned(start=start, end=end, quote=self.text[start:end])

    def _type(self, kind: Kind, span: Spanned) -> Kind:
        """By the verb of speech, or by the words where the verb only says that they were said."""
        if kind is not Kind.REPORT:
            return kind
        meant = MEANT[self.lang].all(tokenize(span.quote))
        return meant[0].value if meant else kind

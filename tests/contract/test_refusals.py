"""Whatever a rule refuses, it says to which field of the command it says no."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import tocsin.domain
from tocsin.domain.catalogue import SUBJECTS

DOMAIN = Path(tocsin.domain.__file__).parent
FIELDS = {name for subject in SUBJECTS for command in subject.commands for name in command.__struct_fields__}
# These say no to the person who asks, to what the command does not name, or to a name that the function was given.
NO_FIELD = ("second person", "it was to end at", "was withdrawn")


def refusals() -> Iterator[tuple[str, str, str | None]]:
    """File and line, the words, and the field, of every Refused in the domain."""
    for file in sorted(DOMAIN.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                where = ast.literal_eval(node.args[1]) if len(node.args) > 1 else None
                yield f"{file.relative_to(DOMAIN)}:{node.lineno}", ast.unparse(node.args[0]), where


@pytest.mark.parametrize(("place", "words", "where"), list(refusals()), ids=lambda value: str(value)[:40])
def test_every_refusal_of_the_domain_names_a_field_that_commands_have(
    place: str, words: str, where: str | None
) -> None:
    if where is None:
        assert any(words_of in words for words_of in NO_FIELD), f"{place} names no field"
    else:
        assert where in FIELDS, f"{place}: no command has a field {where}"

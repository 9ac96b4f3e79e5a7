"""The documents are true: what is generated is up to date, what is named exists, what is shown runs."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from tests.running import free_port
from tests.running import tocsin as run_tocsin

import tocsin

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_documents_are_up_to_date() -> None:
    for page, text in generator().pages().items():
        assert page.read_text(encoding="utf-8") == text, f"{page.name}: run .venv/bin/python scripts/docs.py"


def test_every_command_and_event_is_documented_with_an_example() -> None:
    text = (ROOT / "docs" / "events.md").read_text(encoding="utf-8")
    for kind in generator().kinds():
        _, _, section = text.partition(f"### `{kind}`")
        assert "```json" in section.partition("###")[0], kind


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        for block in re.findall(r"`make ([a-z-]+)|^make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert set(block) - {""} <= targets, page


def test_every_tocsin_command_that_is_named_exists() -> None:
    known = set(re.findall(r"## `tocsin ([a-z -]+)`", (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")))
    groups = {name.split()[0] for name in known}
    for page in PAGES:
        for words in re.findall(r"`tocsin ((?:[a-z-]+ ?){1,2})", page.read_text(encoding="utf-8")):
            name = words.strip()
            assert name in known or name.split()[0] in known | groups, f"{page.name}: {name}"


def test_the_changelog_has_this_version() -> None:
    assert f"## [{tocsin.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_walk_through_of_the_readme_runs_word_for_word(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("## Raise an exercise alert yourself")
    script = section.partition("```sh\n")[2].partition("```")[0]
    port = str(free_port())
    script = script.replace(". .venv/bin/activate\n", "").replace("8090", port) + "kill %1; wait\n"
    environment = {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["/bin/bash", "-em", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "alert.confirmed at position 2" in done.stdout, done.stderr
    assert "alert.cleared at position 3" in done.stdout, done.stderr
    assert "3 records, chain ok" in done.stdout, done.stderr
    assert "chain ok" in run_tocsin("journal", "verify", "--db", str(tmp_path / "try.db")).stdout

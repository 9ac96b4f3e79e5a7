"""The documents are true: what is generated is up to date, what is named exists, what is shown runs."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import httpx
import msgspec
import pytest
from tests.running import Server, free_port
from tests.running import tocsin as run_tocsin

import tocsin
from tocsin.wiring import Settings, read_settings
from tocsin.wiring.channels import BUILT_IN
from tocsin.wiring.channels import kind as channel_kind

ROOT = Path(__file__).parents[2]
PAGES = sorted(page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def block(name: str, heading: str, kind: str = "") -> str:
    """The first code block of a kind under a heading."""
    section = read(name).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = section.partition(f"```{kind}\n")[2].partition("```")[0]
    assert found, f"{name} has no {kind} block under {heading}"
    return found


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generator", ROOT / "scripts" / "docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_documents_are_up_to_date() -> None:
    for page, text in generator().pages().items():
        # Not an assertion on the texts: pytest would spend a minute on drawing the difference of so many lines.
        if page.read_text(encoding="utf-8") != text:
            pytest.fail(f"{page.relative_to(ROOT)} is out of date: run .venv/bin/python scripts/docs.py")


def test_every_command_and_event_is_documented_with_an_example() -> None:
    text = read("docs/events.md")
    for kind in generator().kinds():
        section = text.partition(f"\n### `{kind}`\n")[2].partition("\n### ")[0]
        assert f'"kind": "{kind}"' in section.partition("```json")[2], kind


@each_page
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, heading = target.partition("#")
        file = page.parent / name if name else page
        assert file.exists(), target
        assert not heading or heading in headings(file), target


def headings(page: Path) -> set[str]:
    """As GitHub makes anchors of them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", text).strip().lower().replace(" ", "-") for text in found}


@each_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    places = (ROOT, ROOT / "src" / "tocsin", ROOT / "console" / "src", ROOT / "docs")
    for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|ts|svelte|sh|toml|md))`", page.read_text(encoding="utf-8")):
        assert any((place / name).exists() for place in places), name


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= targets


@each_page
def test_every_tocsin_command_that_is_named_exists(page: Path) -> None:
    commands = set(re.findall(r"^## `tocsin ([a-z -]+)`", read("docs/cli.md"), re.MULTILINE))
    groups = {name.partition(" ")[0] for name in commands} - commands
    # In a sentence it stands between backticks; in a block at the start of a line or in $(…).
    named = re.findall(r"(?:`|^|\$\()tocsin ([a-z-]+)(?: ([a-z-]+))?", page.read_text(encoding="utf-8"), re.MULTILINE)
    for first, second in named:
        known = first in commands or (f"{first} {second}" in commands if second else first in groups)
        assert known, f"tocsin {first} {second}"


def test_the_changelog_has_this_version() -> None:
    assert f"## [{tocsin.__version__}]" in read("CHANGELOG.md")


def test_the_settings_that_are_shown_can_be_read_and_are_all_there_are(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.toml"
    file.write_text(block("docs/operations.md", "Start", "toml"), encoding="utf-8")
    settings = read_settings(file)
    assert settings.realm == "live"
    assert settings.db == Path("/var/lib/tocsin/live.db")
    for field in msgspec.structs.fields(Settings):
        assert re.search(rf"^\[*{field.name}\b", file.read_text(encoding="utf-8"), re.MULTILINE), field.name


def test_every_channel_is_documented_with_all_that_its_table_may_hold() -> None:
    text = read("docs/channels.md") + read("docs/operations.md")
    for name in BUILT_IN:
        assert f"[channels.{name}" in text, name
        for field in msgspec.structs.fields(channel_kind(name).settings):
            assert re.search(rf"(^{field.name} = |`{field.name}\b|\.{field.name}\])", text, re.MULTILINE), (
                f"{name}.{field.name}"
            )


@pytest.mark.heavy
def test_every_metric_that_is_named_exists(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        httpx.get(f"{server.url}/v1/board")
        shown = httpx.get(f"{server.url}/metrics").text
    for name in re.findall(r"`(tocsin_\w+)`", read("docs/operations.md")):
        assert f"\n# TYPE {name} " in shown, name


@pytest.mark.heavy
def test_what_the_readme_shows_of_the_demo_is_what_it_prints() -> None:
    printed = run_tocsin("demo", "--headless", "--speed", "max").stdout.splitlines()
    lines = {_steady(line) for line in printed}
    for line in block("README.md", "Two commands").splitlines():
        assert _steady(line) in lines | {"…"}, line


def _steady(line: str) -> str:
    """Without how many records there are: into how many reports the sirens' answers go depends on the load."""
    return re.sub(r"^journal: \d+ records", "journal: N records", line.rstrip())


@pytest.mark.heavy
def test_the_walk_through_of_the_readme_runs_word_for_word(tmp_path: Path) -> None:
    script = block("README.md", "Raise an exercise alert yourself", "sh").replace("8090", str(free_port()))
    (tmp_path / ".venv").symlink_to(sys.prefix)
    # Whatever goes wrong, and also when `timeout` ends it, the server must not outlive the test.
    script = f"trap 'kill %1; wait' EXIT\n{script}"
    done = subprocess.run(
        ["timeout", "60", "bash", "-em", "-c", script],  # noqa: S607 - found where the reader's shell finds them
        cwd=tmp_path,
        env={**os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    for answer in (
        "alert.raised at position 1",
        "alert.confirmed at position 2",
        "│ combined │",
        "alert.cleared at position 3",
        "3 records, chain ok",
    ):
        assert answer in done.stdout, done.stderr

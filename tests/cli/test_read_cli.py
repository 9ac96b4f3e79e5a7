"""tocsin read and tocsin reading, as a user runs them."""

import json
from pathlib import Path

from tests.running import tocsin

TEXT = "Nine people were killed in Kyiv, the State Emergency Service said.\r\n"


def test_read_prints_every_proposal_with_its_words(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(TEXT.encode())
    found = json.loads(tocsin("read", str(file), "--source", "AFP", "--json").stdout)
    (claim,) = found["claims"]
    assert (claim["measure"], claim["lo"], claim["origin"]) == ("killed", 9, "ses")
    for each in (*found["claims"], *found["facts"], *found["statements"]):
        assert TEXT[each["start"] : each["end"]] == each["quote"]
    assert "killed" in tocsin("read", str(file)).stdout


def test_a_file_that_cannot_be_read_ends_with_its_name(tmp_path: Path) -> None:
    done = tocsin("read", str(tmp_path / "none.txt"), check=False)
    assert done.returncode == 2
    assert "none.txt: No such file" in done.stderr


def test_texts_are_queued_once_with_the_original_beside_the_journal(tmp_path: Path) -> None:
    file, db = tmp_path / "report.txt", tmp_path / "t.db"
    file.write_bytes(TEXT.encode())
    for _ in range(2):
        tocsin("reading", "add", str(file), "--source", "AFP", "--db", str(db))
    (queued,) = json.loads(tocsin("reading", "list", "--db", str(db), "--json").stdout)
    kept = tmp_path / "t.originals" / queued["read"]["document"]
    assert kept.read_bytes() == TEXT.encode()

"""tocsin foreign: what others say, as an officer asks a running server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.foreign import cap
from tests.running import Server, tocsin


def test_foreign_alerts_rejected_entries_and_their_bytes_are_there_to_ask_for(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    # What ran out long ago is forgotten: it has to be of these days.
    today = datetime.now(UTC).date()
    document = cap("storm").replace(b"2025-04-23", f"{today - timedelta(days=1)}".encode())
    good.write_bytes(document.replace(b"2025-04-24", f"{today + timedelta(days=1)}".encode()))
    bad.write_bytes(b"<html>busy</html>")
    tocsin("cap", "import", str(good), str(bad), "--db", str(tmp_path / "tocsin.db"), check=False)
    with Server(tmp_path) as server:
        token = server.token()

        def ask(*arguments: str) -> str:
            return tocsin("foreign", *arguments, "--url", server.url, "--token", token).stdout

        (alert,) = json.loads(ask("list", "--old", "--json"))
        assert alert["message"]["key"]["identifier"] == "storm"
        assert "storm" in ask("list", "--old")
        (rejection,) = json.loads(ask("rejected", "--json"))
        assert rejection["source"] == "bad.xml"
        assert "bad.xml" in ask("rejected")
        assert ask("document", rejection["document"]) == "<html>busy</html>"
        assert ask("document", alert["documents"][0]).encode() == good.read_bytes()
        assert json.loads(ask("feeds", "--json")) == []

"""The pages stand beside the public documents: no address has two owners."""

from pathlib import Path

from litestar.testing import TestClient
from tests.http.conftest import Web

from tocsin.http.app import build_app
from tocsin.http.pages import PAGES


def test_every_page_answers_beside_the_public_documents(web: Web, tmp_path: Path) -> None:
    for name in ("index.html", "app.html"):
        (tmp_path / name).write_text(f"<title>{name}</title>", encoding="utf-8")
    with TestClient(build_app(web.running.system, static=tmp_path)) as client:
        for name in PAGES:
            assert "app.html" in client.get(f"/{name}").text, name
        assert "app.html" not in client.get("/bulletins").text

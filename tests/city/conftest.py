"""The smallest demo city, made once, and copies of it to break."""

import shutil
from pathlib import Path

import pytest

from tocsin.city.generate import generate_city


@pytest.fixture(scope="session")
def kyiv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by all tests: read it, never write to it."""
    folder = tmp_path_factory.mktemp("city") / "kyiv"
    generate_city(folder, scale=0.01, seed=7)
    return folder


@pytest.fixture
def broken(kyiv: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return shutil.copytree(kyiv, tmp_path / "kyiv")

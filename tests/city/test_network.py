"""`network.npz`: mapped, read by numpy too, and refused when it does not fit itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.city.breaking import edit_arrays

from tocsin.city.arrays import map_arrays, save_arrays
from tocsin.city.network import Bends, Network, Street, load_network, save_network
from tocsin.kernel.errors import Invalid
from tocsin.routing.streets import streets_between


def ints(*values: int) -> Any:  # noqa: ANN401 - an array
    return np.array(values, np.int32)


def lane() -> Network:
    """Two nodes, and steps with one bend between them."""
    return Network(
        lat=np.array([50.0, 50.001]),
        lon=np.array([30.0, 30.0]),
        streets=streets_between(2, ints(0), ints(1), ints(1200)),
        people=ints(5, 0),
        shelters=ints(1),
        flags=np.array([Street.STEPS] * 2, np.uint8),
        bends=Bends(ints(0, 1, 2), np.array([50.0005, 50.0005]), np.array([30.0001, 30.0001])),
    )


def test_a_network_is_read_back_with_its_flags_and_bends(tmp_path: Path) -> None:
    save_network(tmp_path / "network.npz", lane())
    found = load_network(tmp_path / "network.npz")
    assert found.flags is not None
    assert found.bends is not None
    assert found.flags.tolist() == [1, 1]
    assert found.bends.indptr.tolist() == [0, 1, 2]
    assert found.streets.lengths.tolist() == [1200, 1200]


def test_the_same_network_makes_the_same_bytes_and_numpy_reads_them(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save_network(tmp_path / name, lane())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["lat"].tolist() == [50.0, 50.001]


def test_mapped_arrays_are_aligned_and_a_change_to_them_never_reaches_the_file(tmp_path: Path) -> None:
    file = tmp_path / "some.npz"
    save_arrays(file, {"a": np.arange(3, dtype=np.uint8), "empty": np.zeros(0), "b": np.arange(5.0)})
    before = file.read_bytes()
    found = map_arrays(file)
    found["b"][:] = -1
    assert all(array.flags.aligned for array in found.values())
    assert found["empty"].shape == (0,)
    assert file.read_bytes() == before


def test_a_flipped_bit_is_found(tmp_path: Path) -> None:
    file = tmp_path / "network.npz"
    save_network(file, lane())
    whole = bytearray(file.read_bytes())
    at = whole.index(np.float64(50.001).tobytes())
    whole[at] ^= 1
    file.write_bytes(whole)
    with pytest.raises(Invalid, match="check sum"):
        load_network(file)


@pytest.mark.parametrize("name", ["flags", "bends_indptr", "bends_lat", "bends_lon"])
def test_an_additional_array_that_is_too_short_is_refused_by_its_name(tmp_path: Path, name: str) -> None:
    save_network(tmp_path / "network.npz", lane())
    edit_arrays(tmp_path, lambda arrays: arrays.update({name: arrays[name][:-1]}))
    with pytest.raises(Invalid, match=r"network\.npz (bends|flags)"):
        load_network(tmp_path / "network.npz")


def test_bends_without_their_longitudes_are_refused(tmp_path: Path) -> None:
    save_network(tmp_path / "network.npz", lane())
    edit_arrays(tmp_path, lambda arrays: arrays.pop("bends_lon"))
    with pytest.raises(Invalid, match="bends_lon: is missing"):
        load_network(tmp_path / "network.npz")

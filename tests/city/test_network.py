"""`network.npz`: mapped, read by numpy too, and refused when it does not fit itself."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.city.breaking import Arrays, edit_arrays

from tocsin.city.arrays import map_arrays, save_arrays
from tocsin.city.network import Bends, Entrances, Network, Street, load_network, save_network
from tocsin.kernel.errors import Invalid
from tocsin.routing.nearest import NearestTree
from tocsin.routing.streets import MAX_LENGTH, streets_between


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


@pytest.mark.parametrize("length", [0, -7, MAX_LENGTH + 1, 2**31 - 1])
def test_a_street_of_no_length_or_an_absurd_one_is_refused(tmp_path: Path, length: int) -> None:
    save_network(tmp_path / "network.npz", lane())
    edit_arrays(tmp_path, lambda arrays: arrays.update(lengths=np.array([1200, length], np.int32)))
    with pytest.raises(
        Invalid, match=r"network\.npz lengths: a street is (not longer than nothing|longer than 100000 m)"
    ):
        load_network(tmp_path / "network.npz")


def with_entrances() -> Network:
    doors = Entrances(
        ints(0, 2), ints(0, 1), np.array([50.0, 50.001]), np.array([30.0, 30.0]), np.array([0, 1], np.uint8)
    )
    return replace(lane(), entrances=doors)


def test_entrances_are_read_back(tmp_path: Path) -> None:
    save_network(tmp_path / "network.npz", with_entrances())
    found = load_network(tmp_path / "network.npz").entrances
    assert found is not None
    assert (found.node.tolist(), found.step_free.tolist()) == ([0, 1], [0, 1])


def with_entrances_arrays() -> Arrays:
    with TemporaryDirectory() as folder:
        save_network(Path(folder) / "network.npz", with_entrances())
        return {name: array.copy() for name, array in map_arrays(Path(folder) / "network.npz").items()}


_NUMBERS = st.one_of(
    st.sampled_from([0, 1, 2, -1, -2, 3, 2**31 - 1, -(2**31), MAX_LENGTH, MAX_LENGTH + 1]), st.integers(-3, 5)
)
_DEGREES = st.sampled_from([50.0, 30.0, 90.0, -180.0, 181.0, 1e300, float("nan"), float("inf")])
_NAMES = sorted(name for name in with_entrances_arrays() if name != "flags")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(_NAMES), st.data())
def test_whatever_an_array_holds_the_folder_is_refused_by_its_name_or_can_be_walked(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    arrays = with_entrances_arrays()
    before = arrays[name]
    values = _DEGREES if before.dtype == np.float64 else _NUMBERS
    many = data.draw(st.sampled_from([len(before), len(before), len(before) + 1, max(0, len(before) - 1), 0]))
    drawn = data.draw(st.lists(values, min_size=many, max_size=many))
    arrays[name] = np.array(drawn, np.int64 if before.dtype != np.float64 else np.float64).astype(before.dtype)
    save_arrays(tmp_path / "network.npz", arrays)
    try:
        network = load_network(tmp_path / "network.npz")
    except Invalid as error:
        assert error.where.startswith("network.npz ")  # noqa: PT017 - either is right
    else:
        NearestTree(network.streets, network.shelters[network.shelters >= 0])

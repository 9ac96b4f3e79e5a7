"""Numpy archives whose arrays are mapped from the file instead of read: a city is opened before it is needed whole."""

import mmap
import struct
from pathlib import Path
from typing import IO, Any, TypeAlias, cast
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import crc32

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from tocsin.kernel.errors import Invalid

Arrays: TypeAlias = dict[str, NDArray[Any]]

_ALIGNED = 64
_PADDING = 0xD935
"""The id of an extra field that only pads, as zipalign writes it."""
_LOCAL = struct.Struct("<26xHH")
"""The end of a member's own header (APPNOTE.TXT, section 4.3.7): how long its name and its extra field are."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save_arrays(path: Path, arrays: Arrays) -> None:
    """Write an `.npz` that numpy reads too. The same arrays make the same bytes."""
    with ZipFile(path, "w", ZIP_STORED) as archive:
        opened = cast("IO[bytes]", archive.fp)
        for name, array in arrays.items():
            member = ZipInfo(f"{name}.npy", date_time=_EPOCH)
            # Data that begins at an odd address would be copied, or refused, by whoever computes with it.
            start = opened.tell() + _LOCAL.size + len(member.filename) + 4
            member.extra = struct.pack("<HH", _PADDING, -start % _ALIGNED) + bytes(-start % _ALIGNED)
            with archive.open(member, "w") as file:
                npy.write_array(file, np.ascontiguousarray(array), allow_pickle=False)


def map_arrays(path: Path) -> Arrays:
    """
    The arrays of an `.npz`. Those that are stored plainly are mapped; nothing written to them reaches the file.

    Raises:
        OSError: If it cannot be read.
        ValueError, BadZipFile: If it is no archive of arrays, or a check sum is wrong.
    """
    with path.open("rb") as opened, ZipFile(opened) as archive:
        whole = memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY))
        members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
        return {member.filename.removesuffix(".npy"): _array(archive, member, whole) for member in members}


def read_arrays(path: Path) -> Arrays:
    """
    The same for a file of a city folder.

    Raises:
        Invalid: Whatever is wrong with it.
    """
    try:
        return map_arrays(path)
    except OSError as error:
        raise Invalid(f"cannot be read: {error.strerror or error}", path.name) from None
    except (ValueError, EOFError, BadZipFile) as error:
        raise Invalid(f"not a numpy archive: {error}", path.name) from None


def _array(archive: ZipFile, member: ZipInfo, whole: memoryview) -> NDArray[Any]:
    if member.compress_type != ZIP_STORED:
        with archive.open(member) as file:
            return npy.read_array(file, allow_pickle=False)
    name, extra = _LOCAL.unpack_from(whole, member.header_offset)
    start = member.header_offset + _LOCAL.size + name + extra
    data = whole[start : start + member.file_size]
    if crc32(data) != member.CRC:
        raise BadZipFile(f"bad check sum of {member.filename}")
    with archive.open(member) as file:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, by_column, type_ = read(file)
        header = file.tell()
    if type_.hasobject:
        raise ValueError("holds objects, not numbers")
    return np.frombuffer(data[header:], type_).reshape(shape, order="F" if by_column else "C")

"""A folder with the certificates of those whose signatures are believed."""

from pathlib import Path
from typing import TYPE_CHECKING

from tocsin.kernel.errors import Invalid

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})


def read_trust(folder: Path) -> "list[Certificate]":
    """
    Raises:
        Invalid: If there is no such folder, no certificate in it, or one that cannot be read. A store that is half
            read would refuse a real alert, and nobody would know why.
    """
    from tocsin.formats.cap_sign import read_certificate

    if not folder.is_dir():
        raise Invalid("there is no such folder", str(folder))
    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in SUFFIXES:
            continue
        try:
            found.append(read_certificate(file.read_bytes()))
        except (OSError, Invalid) as error:
            raise Invalid(error.message if isinstance(error, Invalid) else str(error), str(file)) from None
    if not found:
        raise Invalid(f"there is no certificate ({', '.join(sorted(SUFFIXES))}) in this folder", str(folder))
    return found

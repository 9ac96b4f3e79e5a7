"""The server's signing key in a file that only its owner can read."""

import os
from pathlib import Path

from tocsin.kernel.errors import Corrupt, Unavailable
from tocsin.kernel.signing import Ed25519Signer


def load_or_make_key(path: Path) -> Ed25519Signer:
    """
    The key of a file; it is made when absent.

    Raises:
        Corrupt: If the file holds no key.
        Unavailable: If it cannot be read or written.
    """
    try:
        if path.exists():
            seed = path.read_bytes()
            if len(seed) != 32:
                raise Corrupt(f"{path} holds no Ed25519 key")
            return Ed25519Signer(seed)
        signer = Ed25519Signer()
        # Never for a moment readable by others, hence not write_bytes and chmod.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(signer.seed)
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error
    return signer

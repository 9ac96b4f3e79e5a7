"""The server's keys in files that only their owner can read."""

import os
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tocsin.kernel.errors import Corrupt, Unavailable
from tocsin.kernel.signing import Ed25519Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey


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
        _write(path, signer.seed)
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error
    return signer


class VapidKey(NamedTuple):
    """
    Names a server to push services (RFC 8292, section 3.2).

    Attributes:
        public: The point, uncompressed, base64url without padding.
        pem: The private key, PKCS #8.
    """

    public: str
    pem: bytes


def make_vapid() -> VapidKey:
    """A new key that is kept nowhere."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return _vapid(ec.generate_private_key(ec.SECP256R1()))


def load_or_make_vapid(path: Path) -> VapidKey:
    """
    The key of a file; it is made when absent. Every subscription is bound to it: a new key loses them all.

    Raises:
        Corrupt: If the file holds no key on P-256.
        Unavailable: If it cannot be read or written.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if not path.exists():
            made = make_vapid()
            _write(path, made.pem)
            return made
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Corrupt(f"{path} holds no private key: {error}") from error
    except OSError as error:
        raise Unavailable(f"{path}: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise Corrupt(f"{path} holds no key on P-256")
    return _vapid(key)


def _vapid(key: "EllipticCurvePrivateKey") -> VapidKey:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return VapidKey(urlsafe_b64encode(point).rstrip(b"=").decode(), pem)


def _write(path: Path, content: bytes) -> None:
    # Never for a moment readable by others, hence not write_bytes and chmod.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)

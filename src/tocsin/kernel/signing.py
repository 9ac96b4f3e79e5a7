"""Ed25519 signatures (RFC 8032) over bytes; keys as base64url text without padding."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Protocol

from tocsin.kernel.errors import Invalid


class Signer(Protocol):
    """Whoever can sign. The public key travels with devices; the private key never leaves the server."""

    public: str

    def sign(self, message: bytes) -> str: ...


class Ed25519Signer:
    """
    Args:
        seed: 32 bytes. Leave out to make a new key.
    """

    def __init__(self, seed: bytes | None = None) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
        self.seed = self._key.private_bytes_raw()
        self.public = _text(self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> str:
        return _text(self._key.sign(message))


class Ed25519Verifier:
    """
    Args:
        public: The pinned public key. It comes from provisioning, never from the message it checks.

    Raises:
        Invalid: If it is not a key.
    """

    def __init__(self, public: str) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            self._key = Ed25519PublicKey.from_public_bytes(_bytes(public))
        except ValueError as error:
            raise Invalid(f"not an Ed25519 public key: {error}", "public key") from None

    def accepts(self, message: bytes, signature: str) -> bool:
        from cryptography.exceptions import InvalidSignature

        try:
            self._key.verify(_bytes(signature), message)
        except (InvalidSignature, ValueError):
            return False
        return True


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))

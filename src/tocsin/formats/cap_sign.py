"""
Signs and verifies CAP documents: XML-Signature, enveloped, of the whole alert (CAP 1.2, 3.3.4.1).

What a signature brings along about itself proves nothing: anybody can make a certificate. So the key is only ever
taken from the certificates that the operator has pinned, and only what the signature covers is handed back
(lessons.md 19).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from tocsin.formats.cap_xml import SIGNATURES, elements, has_doctype, namespace_of, parse, version_of
from tocsin.kernel.errors import Invalid, Refused

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

# RSA and ECDSA with SHA-2. SHA-1 can be forged, and HMAC would make a secret of the pinned certificate.
METHODS = ("RSA_SHA256", "RSA_SHA384", "RSA_SHA512", "ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512")
DIGESTS = ("SHA256", "SHA384", "SHA512")


class Verified(msgspec.Struct, frozen=True):
    """
    What a good signature vouches for.

    Attributes:
        document: The alert as it was signed, without the signature. Read this and nothing else.
        subject: Of the certificate, by RFC 4514.
        fingerprint: SHA-256 of the certificate in hexadecimal.
    """

    document: bytes
    subject: str
    fingerprint: str


def sign_cap(document: bytes, key: bytes, certificate: bytes) -> bytes:
    """
    The document with a signature as the last element of the alert. It stays valid by the schema.

    Args:
        key: PEM, without a passphrase; RSA, or a curve of NIST.
        certificate: PEM. It goes out with the signature, so that a reader can find it among those it has pinned.

    Raises:
        Invalid: If the document is no alert of CAP 1.2, is signed already or declares a document type; if the key or
            the certificate cannot be read, or they do not belong together.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa
    from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
    from signxml.signer import XMLSigner

    root = parse(document)
    if version_of(root) != "1.2" or has_doctype(root):
        raise Invalid("only an alert of CAP 1.2 without a document type can be signed", "document")
    if _signatures(root):
        raise Invalid("the alert is signed already", "document")
    private, pinned = _private(key), read_certificate(certificate)
    if private.public_key() != pinned.public_key():
        raise Invalid("the certificate is not that of the key", "certificate")
    is_rsa = isinstance(private, rsa.RSAPrivateKey)
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        # Exclusive: an alert that is taken out of a feed keeps a good signature.
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(root, key=private, cert=[pinned])
    return etree.tostring(signed, xml_declaration=True, encoding="UTF-8")


def verify_cap(document: bytes, trusted: Sequence["Certificate"], now: datetime) -> Verified:
    """
    Verify that a pinned certificate vouches for the whole alert.

    Args:
        trusted: The certificates of the signers themselves. One that only issued theirs is none of them.
        now: The certificate must be valid at this moment.

    Raises:
        Invalid: If the document is no alert, or declares a document type.
        Refused: If it is not signed, the signature is wrong, covers something else than the alert, or is by nobody
            who is trusted.
    """
    root = parse(document)
    if version_of(root) is None or has_doctype(root):
        raise Invalid("this is no alert of CAP, or it declares a document type", "document")
    if not _signatures(root):
        raise Refused("the alert is not signed")
    reasons = []
    for certificate in trusted:
        try:
            return _verified(document, root, certificate, now)
        except Refused as error:
            reasons.append(error.message)
    raise Refused(f"no trusted certificate vouches for this alert: {_shortest(reasons)}")


def read_certificate(text: bytes) -> "Certificate":
    """
    A certificate of a signer, in PEM or DER.

    Raises:
        Invalid: If it is none, or its key is neither RSA nor of a curve.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        pem = b"-----BEGIN" in text
        found = x509.load_pem_x509_certificate(text) if pem else x509.load_der_x509_certificate(text)
        usable = isinstance(found.public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    except Exception as error:
        raise Invalid(f"this is no certificate: {error}", "certificate") from None
    if not usable:
        raise Invalid("the key of the certificate is neither RSA nor of a curve", "certificate")
    return found


def _private(key: bytes) -> Any:  # noqa: ANN401 - one of two classes that share no base with a public key
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(key, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Invalid(f"this is no private key without a passphrase: {error}", "key") from None
    if not isinstance(found, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Invalid("the key is neither RSA nor of a curve", "key")
    return found


def _signatures(root: etree._Element) -> list[etree._Element]:
    return [element for element in elements(root) if namespace_of(element) == SIGNATURES]


def _verified(document: bytes, root: etree._Element, certificate: "Certificate", now: datetime) -> Verified:
    from cryptography.hazmat.primitives.hashes import SHA256
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    expected = SignatureConfiguration(
        # Of the alert itself: a signature deeper inside vouches for whatever it likes.
        location="./",
        expect_references=1,
        signature_methods=frozenset(SignatureMethod[name] for name in METHODS),
        digest_algorithms=frozenset(DigestAlgorithm[name] for name in DIGESTS),
        verification_time=now,
    )
    # Whatever the verifier stumbles over in what a stranger wrote: the signature is not good.
    try:
        result = XMLVerifier().verify(document, x509_cert=certificate, expect_config=expected)
    except Exception as error:
        raise Refused(f"{type(error).__name__}: {error}") from None
    if isinstance(result, list) or result.signed_xml is None or not _is_whole(result.signature_xml):
        raise Refused("the signature covers something else than the alert")
    if result.signed_xml.tag != root.tag:
        raise Refused("what is signed is no alert")
    return Verified(
        document=etree.tostring(result.signed_xml, xml_declaration=True, encoding="UTF-8"),
        subject=certificate.subject.rfc4514_string(),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
    )


def _is_whole(signature: etree._Element) -> bool:
    """Whether the one reference is to the whole document and not to some element that only looks like the alert."""
    references = [element.get("URI") for element in signature.iter(f"{{{SIGNATURES}}}Reference")]
    return references == [""]


def _shortest(reasons: Iterable[str]) -> str:
    # One of each, since most certificates fail for the same reason.
    return "; ".join(sorted({reason[:200] for reason in reasons})[:3]) or "none is trusted"

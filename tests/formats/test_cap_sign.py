"""Signatures: good only by a pinned certificate, of the whole alert, and over what is handed back."""

from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.cap_documents import GOOD, REAL, official_schema, real_files

from tocsin.formats.cap_check import check_cap
from tocsin.formats.cap_read import read_cap
from tocsin.formats.cap_sign import read_certificate, sign_cap, verify_cap
from tocsin.formats.cap_xml import SIGNATURES, parse
from tocsin.kernel.errors import Invalid, Refused

NOW = datetime(2025, 4, 24, 0, 46, tzinfo=UTC)
SIGNATURE = f"{{{SIGNATURES}}}Signature"


class Identity(NamedTuple):
    key: bytes
    certificate: bytes

    @property
    def pinned(self) -> x509.Certificate:
        return read_certificate(self.certificate)


def identity(name: str, kind: str = "ec") -> Identity:
    """The same one for the same name and kind."""
    return _made(name, kind)


def _key(kind: str) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ed25519.Ed25519PrivateKey.generate()


@cache
def _made(name: str, kind: str) -> Identity:
    key = _key(kind)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(len(name) + 1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
        .sign(key, None if kind == "ed25519" else SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Identity(pem, certificate.public_bytes(Encoding.PEM))


def signed(name: str = "Kyiv", kind: str = "ec") -> bytes:
    return sign_cap(GOOD.encode(), *identity(name, kind))


SIGNED = signed()


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_a_signature_by_a_pinned_certificate_is_good(kind: str) -> None:
    verified = verify_cap(signed(kind=kind), [identity("other").pinned, identity("Kyiv", kind).pinned], NOW)
    assert verified.subject == "CN=Kyiv"
    assert verified.fingerprint == identity("Kyiv", kind).pinned.fingerprint(SHA256()).hex()
    assert read_cap(verified.document) == read_cap(GOOD.encode())


def test_a_signature_by_an_untrusted_certificate_fails() -> None:
    with pytest.raises(Refused, match="no trusted certificate"):
        verify_cap(signed("stranger"), [identity("Kyiv").pinned], NOW)


def test_the_certificate_that_a_signature_brings_along_proves_nothing() -> None:
    # The same name, another key.
    assert b"X509Certificate" in signed("Kyiv", "rsa")
    with pytest.raises(Refused):
        verify_cap(signed("Kyiv", "rsa"), [identity("Kyiv", "ec").pinned], NOW)


def test_without_a_trusted_certificate_nothing_is_verified() -> None:
    with pytest.raises(Refused, match="none is trusted"):
        verify_cap(signed(), [], NOW)


def test_an_alert_without_a_signature_fails() -> None:
    with pytest.raises(Refused, match="not signed"):
        verify_cap(GOOD.encode(), [identity("Kyiv").pinned], NOW)


@pytest.mark.parametrize("when", [NOW - timedelta(days=2), NOW + timedelta(days=31)])
def test_a_certificate_counts_only_while_it_is_valid(when: datetime) -> None:
    with pytest.raises(Refused):
        verify_cap(signed(), [identity("Kyiv").pinned], when)


def test_a_signed_alert_is_valid_by_the_schema_and_by_the_rules() -> None:
    document = signed()
    assert check_cap(document, ["core", "google", "wmo"]).findings == ()
    assert official_schema("1.2").validate(parse(document))
    assert list(parse(document))[-1].tag == SIGNATURE


def test_a_signature_survives_being_carried_in_a_feed() -> None:
    feed = etree.fromstring(b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:x="urn:x"><content/></feed>')
    feed[0].append(parse(signed()))
    carried = etree.tostring(etree.fromstring(etree.tostring(feed))[0][0])
    assert verify_cap(carried, [identity("Kyiv").pinned], NOW).subject == "CN=Kyiv"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<msgType>Update", b"<msgType>Cancel"),
        (b"<status>Actual", b"<status>Exercise"),
        (b"Go to shelter now.", b"Stay at home."),
        (b"<areaDesc>", b'<areaDesc id="1">'),
        (b"<note>none</note>", b""),
        (b"xmlenc#sha256", b"xmlenc#sha512"),
        (b'URI=""', b'URI="#x"'),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AA"),
        (b"<ds:DigestValue>", b"<ds:DigestValue>AA"),
    ],
)
def test_a_change_after_signing_is_found_out(old: bytes, new: bytes) -> None:
    document = signed()
    assert verify_cap(document, [identity("Kyiv").pinned], NOW).subject == "CN=Kyiv"
    changed = document.replace(old, new, 1)
    assert changed != document
    with pytest.raises(Refused):
        verify_cap(changed, [identity("Kyiv").pinned], NOW)


def test_a_comment_is_no_part_of_what_is_signed_nor_of_what_is_handed_back() -> None:
    commented = signed().replace(b"<areaDesc>Podil", b"<areaDesc>Po<!-- not -->dil", 1)
    verified = verify_cap(commented, [identity("Kyiv").pinned], NOW)
    assert b"not" not in verified.document.partition(b"<areaDesc>")[2].partition(b"</areaDesc>")[0]
    assert read_cap(verified.document).infos[0].areas[0].description == "Podil"


def test_a_signature_over_an_alert_inside_another_does_not_vouch_for_the_outer_one() -> None:
    inner = parse(signed())
    signature = inner.find(SIGNATURE)
    assert signature is not None
    outer = parse(GOOD.replace("Go to shelter now.", "Come out.").encode())
    outer.append(signature)
    holder = etree.SubElement(signature, f"{{{SIGNATURES}}}Object")
    holder.append(inner)
    with pytest.raises(Refused):
        verify_cap(etree.tostring(outer), [identity("Kyiv").pinned], NOW)


def test_a_signature_of_a_part_only_is_refused() -> None:
    from signxml.algorithms import SignatureConstructionMethod
    from signxml.signer import XMLSigner

    # A trusted signer, but a reference by Id: to a whole alert that lies inside another one.
    part = parse(GOOD.encode())
    part.set("Id", "x")
    who = identity("Kyiv")
    signer = XMLSigner(method=SignatureConstructionMethod.enveloped, signature_algorithm="ecdsa-sha256")
    root = signer.sign(part, key=who.key, cert=who.certificate.decode(), reference_uri="#x")
    assert root.find(SIGNATURE) is not None
    with pytest.raises(Refused, match="something else"):
        verify_cap(etree.tostring(root), [who.pinned], NOW)


def test_only_an_unsigned_alert_of_cap_1_2_is_signed() -> None:
    who = identity("Kyiv")
    for document in (
        signed(),
        GOOD.replace("cap:1.2", "cap:1.1").encode(),
        GOOD.replace("<alert ", "<!DOCTYPE alert><alert ").encode(),
        b"<a/>",
        b"",
    ):
        with pytest.raises(Invalid, match="document"):
            sign_cap(document, *who)


@pytest.mark.parametrize(
    ("key", "certificate", "where"),
    [
        (identity("Kyiv").key, identity("other").certificate, "certificate"),
        (identity("Kyiv").key, b"nothing", "certificate"),
        (b"nothing", identity("Kyiv").certificate, "key"),
        (identity("Kyiv", "ed25519").key, identity("Kyiv").certificate, "key"),
        (identity("Kyiv").key, identity("Kyiv", "ed25519").certificate, "certificate"),
    ],
)
def test_a_key_that_does_not_fit_is_refused_by_name(key: bytes, certificate: bytes, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        sign_cap(GOOD.encode(), key, certificate)
    assert refused.value.where == where


def test_a_certificate_is_read_in_der_too() -> None:
    der = identity("Kyiv").pinned.public_bytes(Encoding.DER)
    assert read_certificate(der) == identity("Kyiv").pinned


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_nothing_but_refused_and_invalid_comes_of_a_garbled_signature(seed: int) -> None:
    random = Random(seed)
    document = bytearray(SIGNED)
    begin = document.index(b"<ds:Signature")
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(begin, len(document))
        document[at : at + random.randrange(60)] = random.choice([b"", random.randbytes(2), b"x", b"<x/>", b"="])
    try:
        verified = verify_cap(bytes(document), [identity("Kyiv").pinned], NOW)
    except (Refused, Invalid):
        return
    assert read_cap(verified.document) == read_cap(GOOD.encode())


@pytest.mark.skipif(not real_files(), reason=f"the collection of CAP files is not at {REAL}")
def test_real_signatures_by_strangers_fail_and_their_alerts_are_still_read() -> None:
    seen = 0
    for real in real_files():
        if real.is_alert and "signed" in real.path.name:
            seen += 1
            document = real.path.read_bytes()
            assert read_cap(document).signed
            with pytest.raises(Refused):
                verify_cap(document, [identity("Kyiv").pinned], NOW)
    assert seen == 2

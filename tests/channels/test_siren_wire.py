"""The sirens' topics, payloads and signatures, and the example in the documentation."""

import json
import re
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.siren import Mode, Result
from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Ack, Address, Health, Leaf, Status, Wanted
from tocsin.kernel.errors import Invalid
from tocsin.kernel.signing import Ed25519Signer, Ed25519Verifier

DOCS = Path(__file__).parents[2] / "docs" / "channels.md"
NOW = datetime(2025, 4, 24, 0, 36, 12, 250_000, tzinfo=UTC)
SIGNER = Ed25519Signer(bytes(range(32)))
WANTED = Wanted(
    alert="20250424-0036-7f3a1c",
    revision=412,
    mode=Mode.ALERT,
    issued=NOW,
    not_after=NOW + timedelta(hours=12),
    nonce="dGVzdC1ub25jZS0x",
)
PAYLOAD = wire.sign("exercise", "S-17", WANTED, SIGNER)


class Golden(Protocol):
    def check(self, name: str, text: str) -> None: ...


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_payloads_are_what_they_were(golden: Golden) -> None:
    ack = Ack(alert=WANTED.alert, revision=412, received_at=NOW, sounding_at=NOW, result=Result.SOUNDING)
    health = Health(status=Status.ONLINE, at=NOW, sounding=True, mains=True, battery=100)
    will = Health(status=Status.OFFLINE)
    lines = [PAYLOAD, wire.encode(ack), wire.encode(health), wire.encode(will)]
    golden.check("siren-wire.jsonl", "".join(line.decode() + "\n" for line in lines))


def test_the_example_in_the_documentation_verifies_as_it_says() -> None:
    """With nothing of ours: as a vendor would write it."""
    text = DOCS.read_text(encoding="utf-8")
    payload = re.search(r"```json\n(.*?)\n```", text[text.index("### An example to verify") :], re.DOTALL)
    key = re.search(r"public key `([\w-]{43})`", text)
    topic = re.search(r"topic `(tocsin/\S+/wanted)`", text)
    assert payload is not None
    assert key is not None
    assert topic is not None
    fields: dict[str, Any] = json.loads(payload[1])
    signature = from_base64url(fields.pop("sig"))
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    signed = f"{topic[1]}\n{canonical}".encode()
    Ed25519PublicKey.from_public_bytes(from_base64url(key[1])).verify(signature, signed)
    assert (key[1], payload[1].encode()) == (SIGNER.public, PAYLOAD)


def test_topics_are_built_and_read_back() -> None:
    topic = wire.topic("live", "S-17", Leaf.ACK)
    assert topic == "tocsin/live/sirens/S-17/ack"
    assert wire.address(topic) == Address("live", "S-17", Leaf.ACK)
    assert wire.subscription("live", Leaf.HEALTH) == "tocsin/live/sirens/+/health"


@pytest.mark.parametrize("name", ["", "a/b", "+", "#", "a b", "a\nb", "a\0", "x" * 65, "a*", ">"])
def test_a_name_that_would_change_the_meaning_of_a_topic_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="siren"):
        wire.topic("live", name, Leaf.WANTED)
    with pytest.raises(Invalid, match="realm"):
        wire.subscription(name, Leaf.ACK)


@pytest.mark.parametrize(
    "topic",
    ["", "tocsin/live/sirens/S-1", "tocsin/live/sirens/S-1/on", "x/live/sirens/S-1/ack", "tocsin/live/sirens//ack"],
)
def test_another_topic_is_no_address(topic: str) -> None:
    with pytest.raises(Invalid):
        wire.address(topic)


def test_a_signature_holds_for_one_topic_only() -> None:
    verifier = Ed25519Verifier(SIGNER.public)
    own, siren, realm = (
        verifier.accepts(*wire.signed(topic, PAYLOAD))
        for topic in (
            "tocsin/exercise/sirens/S-17/wanted",
            "tocsin/exercise/sirens/S-18/wanted",
            "tocsin/live/sirens/S-17/wanted",
        )
    )
    assert (own, siren, realm) == (True, False, False)


@pytest.mark.parametrize("field", ["alert", "issued", "mode", "nonce", "not_after", "revision"])
def test_no_field_can_be_changed_under_a_signature(field: str) -> None:
    fields = json.loads(PAYLOAD)
    fields[field] = 413 if field == "revision" else fields[field][:-1]
    changed = json.dumps(fields).encode()
    verifier = Ed25519Verifier(SIGNER.public)
    assert not verifier.accepts(*wire.signed("tocsin/exercise/sirens/S-17/wanted", changed))


def test_a_field_that_comes_later_is_covered_by_the_signature_and_does_not_stop_older_sirens() -> None:
    topic = "tocsin/exercise/sirens/S-17/wanted"
    fields = {**json.loads(PAYLOAD), "tone": "wail"}
    del fields["sig"]
    signed = topic.encode() + b"\n" + json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    payload = json.dumps({**fields, "sig": SIGNER.sign(signed)}).encode()
    assert Ed25519Verifier(SIGNER.public).accepts(*wire.signed(topic, payload))
    assert wire.read_wanted(payload).revision == WANTED.revision


def test_white_space_and_order_of_a_payload_do_not_matter() -> None:
    payload = json.dumps(dict(reversed(json.loads(PAYLOAD).items())), indent=2).encode()
    assert Ed25519Verifier(SIGNER.public).accepts(*wire.signed("tocsin/exercise/sirens/S-17/wanted", payload))


def test_a_time_without_an_offset_is_refused() -> None:
    fields = {**json.loads(PAYLOAD), "issued": "2025-04-24T00:36:12"}
    with pytest.raises(Invalid, match="issued"):
        wire.read_wanted(json.dumps(fields).encode())


def read_all(payload: bytes) -> None:
    for read in (wire.read_wanted, wire.read_ack, wire.read_health, lambda raw: wire.signed("t", raw)):
        with suppress(Invalid):
            read(payload)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [*Wanted.__struct_fields__, *Ack.__struct_fields__, *Health.__struct_fields__, "something else"]
)


@given(st.binary())
def test_no_bytes_raise_anything_but_invalid(payload: bytes) -> None:
    read_all(payload)


@given(st.dictionaries(FIELDS, JSON))
def test_no_json_raises_anything_but_invalid(fields: dict[str, Any]) -> None:
    read_all(json.dumps(fields).encode())


@given(st.data())
def test_no_damage_to_a_payload_raises_anything_but_invalid(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(PAYLOAD) - 1))
    length = data.draw(st.integers(0, 5))
    read_all(PAYLOAD[:place] + data.draw(st.binary(max_size=5)) + PAYLOAD[place + length :])


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 4000,
        b'{"a":' * 800,
        b'{"sig":"x","a":' + b"[" * 1900 + b"]" * 1900 + b"}",
        b'{"sig":"x","a":' + b"9" * 4000 + b"}",
        b'{"sig":"x","a":1e999}',
        b'{"sig":"\xff"}',
        b'{"sig":"\\ud800"}',
        b'{"sig":"x","a":"' + b"a" * 5000 + b'"}',
    ],
)
def test_nesting_endless_digits_and_bad_text_raise_nothing_but_invalid(payload: bytes) -> None:
    read_all(payload)


@given(topic=st.text())
def test_no_topic_raises_anything_but_invalid(topic: str) -> None:
    try:
        address = wire.address(topic)
    except Invalid:
        return
    assert wire.topic(*address) == topic


def test_a_revision_beyond_what_every_json_reader_holds_is_refused() -> None:
    ack = {**msgspec.to_builtins(Ack(alert="a", revision=0, received_at=NOW, result=Result.SILENT)), "revision": 2**53}
    with pytest.raises(Invalid, match="revision"):
        wire.read_ack(json.dumps(ack).encode())

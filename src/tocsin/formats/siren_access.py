"""
Who may do what on the sirens' broker, as Mosquitto and NATS read it.

A siren may read its own `wanted` and write its own `ack` and `health`; only the server may write a `wanted`. Every user
is listed with full topics, so that no pattern can be turned by an odd name.

Sources: mosquitto.conf(5), mosquitto_passwd(1); NATS documentation, "MQTT" and "Authorization".
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tocsin.formats import siren_wire as wire
from tocsin.formats.siren_wire import Leaf

ITERATIONS = 101
"""Of PBKDF2, Mosquitto's own default. Stretching is for what people make up; these passwords are 256 random bits."""
SALT_BYTES = 12


class Credential(NamedTuple):
    """What a client shows the broker."""

    username: str
    password: str


class Rights(NamedTuple):
    """The topics that a user may publish to and subscribe to."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def siren_user(realm: str, siren: str) -> str:
    """
    A siren's user name, which is its client id too.

    Mosquitto takes no colon in the one, NATS no dot in the other: what is no letter, digit, `-` or `_` is spelt `~XX`.

    Raises:
        Invalid: If the siren has a name that cannot be part of a topic.
    """
    wire.topic(realm, siren, Leaf.WANTED)
    spelt = re.sub(r"[^A-Za-z0-9_-]", lambda odd: "".join(f"~{byte:02X}" for byte in odd[0].encode()), siren)
    return f"tocsin-{realm}-siren-{spelt}"


def server_user(realm: str) -> str:
    return f"tocsin-{realm}-server"


def tester_user(realm: str) -> str:
    """Who tries the link beside a server that runs."""
    return f"tocsin-{realm}-link-test"


def tester_rights(realm: str) -> Rights:
    return Rights((), (wire.subscription(realm, Leaf.HEALTH),))


def siren_rights(realm: str, siren: str) -> Rights:
    own = {leaf: wire.topic(realm, siren, leaf) for leaf in Leaf}
    return Rights((own[Leaf.ACK], own[Leaf.HEALTH]), (own[Leaf.WANTED],))


def server_rights(realm: str) -> Rights:
    all_ = {leaf: wire.subscription(realm, leaf) for leaf in Leaf}
    return Rights((all_[Leaf.WANTED],), (all_[Leaf.ACK], all_[Leaf.HEALTH]))


def mosquitto_password(credential: Credential, salt: bytes) -> str:
    """A line of Mosquitto's password file: PBKDF2 with HMAC-SHA-512, as mosquitto_passwd writes it."""
    hashed = hashlib.pbkdf2_hmac("sha512", credential.password.encode(), salt, ITERATIONS)
    return f"{credential.username}:$7${ITERATIONS}${b64encode(salt).decode()}${b64encode(hashed).decode()}\n"


def mosquitto_acl(users: Iterable[tuple[str, Rights]]) -> str:
    """Mosquitto's access list. What is not in it is denied."""
    return "\n".join(_acl_block(name, rights) for name, rights in users)


def _acl_block(name: str, rights: Rights) -> str:
    lines = [f"user {name}"]
    lines += [f"topic write {topic}" for topic in rights.publish]
    lines += [f"topic read {topic}" for topic in rights.subscribe]
    return "\n".join(lines) + "\n"


def nats_account(users: Sequence[tuple[Credential, Rights]]) -> str:
    """
    The inside of a NATS account: `accounts { tocsin_live { include "nats.conf" } }`.

    It holds the passwords as they are. NATS takes bcrypt too, which it computes anew whenever a siren connects.
    """
    lines = ["jetstream: enabled", "users: ["]
    lines += [f"  {_nats_user(credential, rights)}" for credential, rights in users]
    return "\n".join([*lines, "]", ""])


def _nats_user(credential: Credential, rights: Rights) -> str:
    publish = [_subject(topic) for topic in rights.publish]
    # A subscription with QoS 1 is delivered through a subject of the server's own.
    subscribe = [*(_subject(topic) for topic in rights.subscribe), "$MQTT.sub.>"]
    text = json.dumps
    return (
        f"{{user: {text(credential.username)}, password: {text(credential.password)}, "
        f'allowed_connection_types: ["MQTT"], permissions: '
        f"{{publish: {{allow: {text(publish)}}}, subscribe: {{allow: {text(subscribe)}}}}}}}"
    )


def _subject(topic: str) -> str:
    """The NATS subject of an MQTT topic: levels are parted by dots, a dot in one becomes two slashes, `+` a star."""
    return ".".join(level.replace(".", "//").replace("+", "*") for level in topic.split("/"))
